using System.Globalization;
using System.Text;

namespace Distribution.Common;

/// <summary>
/// Finds characters that must not appear in names and headings, and makes text safe to repeat in messages.
/// </summary>
internal static class UnsafeCharacters
{
    /// <summary>
    /// The first character that must not appear in a line of text: a control character, a line or paragraph separator,
    /// an unpaired surrogate or the replacement character U+FFFD, a private-use or unassigned character, or a
    /// bidirectional (bidi) control that changes the reading direction of what follows. Null if there is none.
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

    /// <summary>
    /// How a message names the character: the character itself if it is visible, otherwise its code point (U+…).
    /// </summary>
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

    /// <summary>
    /// The text cut to at most 60 characters, with unprintable characters replaced by spaces: safe to repeat in a
    /// message. Signs that cannot be seen are named, so that nobody is shown what looks right.
    /// </summary>
    public static string Briefly(string text)
    {
        // In Arabic and Hebrew, marks of direction belong to the text.
        var isTurned = text.Any(sign => sign is >= '\u0590' and < '\u0900' or >= '\uFB1D' and < '\uFEFF');
        var plain = string.Concat(
            text.EnumerateRunes().Select(rune => FirstUnprintable(rune.ToString()) is not null ? " "
                : IsUnseen(rune, isTurned) ? $"[U+{rune.Value:X4}]"
                : rune.ToString()));
        return plain.Length > 60 ? $"{TextStart.Of(plain, 59)}…" : plain;
    }

    private static bool IsUnseen(Rune rune, bool isTurned) =>
        rune.Value is 0x00AD or 0x200B or 0x2060 or 0xFEFF || (!isTurned && rune.Value is 0x200E or 0x200F);

    /// <summary>
    /// True for a bidirectional (bidi) control: an embedding, override or isolate, which changes the reading direction
    /// of all that follows. False for the marks U+200E and U+200F, which turn nothing behind them and belong to Arabic
    /// text.
    /// </summary>
    public static bool IsTurning(Rune rune) => rune.Value is >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069;
}
