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
        foreach (var rune in text.EnumerateRunes())
        {
            if (UnsafeCharacters.IsTurning(rune))
                continue;
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune))
            {
                space = line.Length > 0;
                continue;
            }
            if (line.Length + rune.Utf16SequenceLength + (space ? 1 : 0) > Longest - 1)
                return line.Append('…').ToString();
            line.Append(space ? " " : "").Append(rune);
            space = false;
        }
        return line.ToString();
    }
}
