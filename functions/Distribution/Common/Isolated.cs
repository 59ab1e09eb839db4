namespace Distribution.Common;

/// <summary>
/// Puts text that people typed between Unicode isolates, so that it keeps its own direction within a sentence of
/// another.
/// </summary>
internal static class Isolated
{
    /// <summary>Text whose direction is that of its first letter (U+2068, U+2069).</summary>
    public static string Text(string text) => $"\u2068{text}\u2069";

    /// <summary>Addresses, references and hashes (U+2066, U+2069).</summary>
    public static string LeftToRight(string text) => $"\u2066{text}\u2069";
}
