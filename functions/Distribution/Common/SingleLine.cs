using System.Text;

namespace Distribution.Common;

/// <summary>
/// Words of others, fit for a table row: one line of at most 500 characters, without marks that turn the reading
/// direction of what follows.
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
