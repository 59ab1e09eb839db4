using System.Text;

namespace Distribution.Common;

/// <summary>
/// Makes text from outside safe to show in a table row: one line, at most 500 characters, without control characters,
/// line breaks or bidirectional (bidi) control characters, which would change the reading direction of what follows.
/// Cut text ends with an ellipsis.
/// </summary>
internal static class SingleLine
{
    private const int Longest = 500;

    public static string Of(string text)
    {
        var line = new StringBuilder();
        var space = false;
        // How much of it an ellipsis still fits behind.
        var fits = 0;
        // By runes, so that no character of two UTF-16 units is cut apart.
        foreach (var rune in text.EnumerateRunes())
        {
            if (UnsafeCharacters.IsTurning(rune))
                continue;
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
            {
                space = line.Length > 0;
                continue;
            }
            if (line.Length + rune.Utf16SequenceLength + (space ? 1 : 0) > Longest)
                return line.Remove(fits, line.Length - fits).Append('…').ToString();
            line.Append(space ? " " : "").Append(rune);
            space = false;
            if (line.Length < Longest)
                fits = line.Length;
        }
        return line.ToString();
    }
}
