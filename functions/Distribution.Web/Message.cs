namespace Distribution.Web;

/// <summary>A page of a few plain sentences.</summary>
internal sealed record Message(string Heading, IReadOnlyList<string> Paragraphs);
