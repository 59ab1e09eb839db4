namespace Distribution.Web;

/// <summary>What is said in all six languages at once, because the language of its reader is not looked up.</summary>
internal sealed record SixLanguages(string Heading, IReadOnlyList<(string Language, string Words)> InWords);
