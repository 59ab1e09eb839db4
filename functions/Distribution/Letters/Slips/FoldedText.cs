using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Distribution.Letters.Slips;

/// <summary>
/// A text in one spelling, to look for words in it: lower-case letters without accents, digits 0 to 9, single spaces, a
/// line feed between paragraphs. It knows where each character was.
/// </summary>
internal sealed partial class FoldedText
{
    private readonly string original;
    private readonly IReadOnlyList<int> places;

    /// <param name="text">The text, in which fields may stand.</param>
    /// <param name="fields">
    /// The values of fields by their names, such as <c>letter.date</c>; null to take fields as words.
    /// </param>
    public FoldedText(string text, IReadOnlyDictionary<string, string>? fields = null)
    {
        original = text;
        var folded = new StringBuilder();
        List<int> at = [];
        var place = 0;
        while (place < text.Length)
        {
            var field = text[place] == '{' ? Field().Match(text, place) : Match.Empty;
            if (field.Success && fields is not null)
            {
                // A field without a value stands for one sign that is no word, so that nothing is found across it.
                Append(fields.GetValueOrDefault(field.Groups["name"].Value, "\uFFFC"), place);
                place += field.Length;
                continue;
            }

            var isWhole = Rune.TryGetRuneAt(text, place, out var rune);
            var length = isWhole ? rune.Utf16SequenceLength : 1;
            if (ParagraphEnd().Match(text, place) is { Success: true } end)
            {
                Trim();
                Append("\n", place);
                length = end.Length;
            }
            else if (isWhole && (Rune.IsWhiteSpace(rune) || rune.Value == '\n'))
            {
                if (folded.Length > 0 && folded[^1] is not (' ' or '\n'))
                    Append(" ", place);
            }
            else if (isWhole)
                Append(Fold(rune), place);

            place += length;
        }

        Text = folded.ToString();
        places = at;

        void Append(string what, int where)
        {
            folded.Append(what);
            at.AddRange(Enumerable.Repeat(where, what.Length));
        }

        void Trim()
        {
            if (folded.Length == 0 || folded[^1] != ' ')
                return;
            folded.Length--;
            at.RemoveAt(at.Count - 1);
        }
    }

    public string Text { get; }

    public static string Of(string text) => new FoldedText(text).Text;

    /// <summary>What a part of the folded text was before, in one line.</summary>
    public string Original(int start, int length)
    {
        var end = start + length < places.Count ? places[start + length] : original.Length;
        return Spaces().Replace(original[places[start]..end], " ").Trim();
    }

    /// <summary>The line of the text, from 0, at a place of the folded text.</summary>
    public int LineOf(int place) => original.AsSpan(0, places[place]).Count('\n');

    /// <summary>Whether the character at a place of the folded text was a capital letter.</summary>
    public bool IsCapital(int place) => char.IsUpper(original[places[place]]);

    private static string Fold(Rune rune)
    {
        // Decomposed: accents become signs of their own, which are left out, and full-width signs become usual ones.
        var folded = new StringBuilder();
        foreach (var letter in rune.ToString().Normalize(NormalizationForm.FormKD))
            folded.Append(CharUnicodeInfo.GetUnicodeCategory(letter) switch
            {
                UnicodeCategory.NonSpacingMark or UnicodeCategory.Format => "",
                UnicodeCategory.DecimalDigitNumber => $"{CharUnicodeInfo.GetDecimalDigitValue(letter)}",
                _ => letter switch
                {
                    '’' or '‘' or 'ʼ' => "'",
                    '–' or '—' or '‐' or '‑' => "-",
                    _ => $"{char.ToLowerInvariant(letter)}",
                },
            });
        return folded.ToString();
    }

    [GeneratedRegex(@"\G\{\{[-~]?\s*(?<name>[\w.]+)?[^{}]*\}\}")]
    private static partial Regex Field();

    [GeneratedRegex(@"\G[^\S\n]*\n(?:[^\S\n]*\n)+")]
    private static partial Regex ParagraphEnd();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
