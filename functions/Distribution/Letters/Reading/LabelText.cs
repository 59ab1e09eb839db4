using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Distribution.Letters.Reading;

/// <summary>Normalizes texts in which draft labels are looked for.</summary>
internal static partial class LabelText
{
    /// <summary>Where a sentence ends, in <see cref="Sentences"/>.</summary>
    private const string End = "| ";

    /// <summary>
    /// Lower-case words without accents, a single space around each; digits are written as 0 to 9 and separated from
    /// letters, but for what belongs to a number: <c>2.1</c>, <c>2-1</c>, <c>1a</c>, <c>2nd</c>.
    /// </summary>
    public static string Plain(string text) => Normalized(text, marksEnds: false);

    /// <summary>As <see cref="Plain"/>, with a bar where a sentence ends, so that no label reaches over it.</summary>
    public static string Sentences(string text) => Normalized(text, marksEnds: true);

    private static string Normalized(string text, bool marksEnds)
    {
        var plain = new StringBuilder(" ");
        var before = UnicodeCategory.SpaceSeparator;
        // Text from a PDF may contain an unpaired surrogate, on which Normalize throws. EnumerateRunes replaces it.
        var letters = string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormKD);
        foreach (var (place, letter) in letters.Index())
        {
            var kind = char.GetUnicodeCategory(letter);
            if (kind is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format)
                continue;
            var isDigit = kind is UnicodeCategory.DecimalDigitNumber;
            var wasDigit = before is UnicodeCategory.DecimalDigitNumber;
            if (letter is '.' or '-' or '_' && wasDigit && char.IsAsciiDigit(Next()))
            {
                plain.Append(letter == '.' ? '.' : '-');
                before = UnicodeCategory.OtherPunctuation;
                continue;
            }

            var wordEnds = !char.IsLetterOrDigit(letter)
                || (isDigit && !wasDigit && plain[^1] is not ('.' or '-'))
                || (before is UnicodeCategory.LowercaseLetter && kind is UnicodeCategory.UppercaseLetter)
                || (wasDigit && char.IsLetter(letter) && !BelongsToNumber().IsMatch(letters, place));
            if (wordEnds && plain[^1] != ' ')
                plain.Append(' ');
            if (isDigit)
                plain.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(letter)));
            else if (char.IsLetter(letter))
                plain.Append(char.ToLowerInvariant(letter));
            else if (letter == '+')
                plain.Append("plus ");
            else if (marksEnds && EndsSentence(letter) && plain.Length > 1 && !Abbreviated().IsMatch(plain.ToString()))
                plain.Append(End);
            before = kind;

            char Next() =>
                place + 1 < letters.Length && CharUnicodeInfo.GetDecimalDigitValue(letters[place + 1]) >= 0 ? '0' : ' ';

            bool EndsSentence(char sign) =>
                sign is '.' or '!' or '?' or ';' or '。' or '؟'
                && (place + 1 == letters.Length || char.IsWhiteSpace(letters[place + 1]));
        }

        return plain[^1] == ' ' ? plain.ToString() : plain.Append(' ').ToString();
    }

    /// <summary>What stands behind a digit without a space and belongs to its number.</summary>
    [GeneratedRegex(
        @"\G(?:\p{L}\p{M}?|st|nd|rd|th|er|re|[eè]re|[eè]me|da|do|ra|ro)(?![\p{L}\p{M}\d])",
        RegexOptions.IgnoreCase)]
    private static partial Regex BelongsToNumber();

    [GeneratedRegex(@" (?:rev|no|n|nr|num|add|corr|amend|v|ver|ред|доб|испр) $", RegexOptions.RightToLeft)]
    private static partial Regex Abbreviated();
}
