using System.Globalization;
using System.Text;

namespace Distribution.Common;

/// <summary>Which characters may stand in names and headings.</summary>
internal static class UnsafeCharacters
{
    /// <summary>
    /// The first character that has no place in a line of text: a control character, a line break, half a character, or
    /// a mark that turns the reading direction of what follows.
    /// </summary>
    public static Rune? FirstUnprintable(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || IsTurning(rune) || Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
                return rune;
        }

        return null;
    }

    /// <summary>As a message names it: itself where it can be seen, else its number.</summary>
    public static string Named(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
        || rune == Rune.ReplacementChar
            ? $"a character that cannot be seen (U+{rune.Value:X4})"
            : $"the character “{rune}”";

    /// <summary>At most 60 characters, without anything that cannot be printed: safe to repeat in a message.</summary>
    public static string Briefly(string text)
    {
        var plain = string.Concat(
            text.EnumerateRunes().Select(rune => FirstUnprintable(rune.ToString()) is null ? rune.ToString() : " "));
        var cut = plain.Length > 60 && char.IsHighSurrogate(plain[58]) ? 58 : 59;
        return plain.Length > 60 ? $"{plain[..cut]}…" : plain;
    }

    /// <summary>Whether it turns the reading direction of all that follows.</summary>
    public static bool IsTurning(Rune rune) => rune.Value is >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069;
}
