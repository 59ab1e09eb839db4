using Distribution.Common;

namespace Distribution.Web;

/// <summary>A page of a few plain sentences.</summary>
internal sealed record Message(Phrase Heading, IReadOnlyList<Phrase> Paragraphs);
