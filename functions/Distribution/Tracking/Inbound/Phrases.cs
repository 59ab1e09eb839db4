using System.Buffers;
using System.Globalization;
using System.Text;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// A list of phrases in many languages that is looked for in a text at once, in time that grows with the text alone.
/// Case, accents and spacing count for nothing. A phrase with <c>*</c> at its end stands for any ending.
/// </summary>
internal sealed class Phrases
{
    /// <summary>How many prefixes such as "Re:" and "[External]" may stand before a subject.</summary>
    private const int MostPrefixes = 4;

    private readonly string[] phrases;

    private readonly HashSet<string> open;

    private readonly SearchValues<string> search;

    /// <param name="written">The phrases as people write them.</param>
    public Phrases(IEnumerable<string> written)
    {
        var read = written.ToList();
        open = [.. read.Where(phrase => phrase.EndsWith('*')).Select(phrase => Folded(phrase[..^1]))];
        phrases = [.. read.Select(phrase => Folded(phrase.TrimEnd('*'))).Distinct()];
        search = SearchValues.Create(phrases, StringComparison.Ordinal);
    }

    /// <summary>Whether one of the phrases stands in the text, as words of their own.</summary>
    public bool StandIn(string text)
    {
        var folded = Folded(text);
        for (var place = 0; place < folded.Length; place++)
        {
            var found = folded.AsSpan(place).IndexOfAny(search);
            if (found < 0)
                return false;
            // The search finds parts of words as well, so each place is looked at once more.
            place += found;
            if (StandAt(folded, place))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Whether the text begins with one of the phrases, after whatever stands for a reply or forward.
    /// </summary>
    public bool Begin(string text)
    {
        var folded = Folded(text).TrimStart();
        for (var prefix = 0; prefix <= MostPrefixes; prefix++)
        {
            // A ticket system puts its own mark in brackets.
            if (StandAt(folded, 0) || (folded.StartsWith('[') && StandAt(folded, 1)))
                return true;
            var end =
                folded.StartsWith('[') ? folded.IndexOf(']', StringComparison.Ordinal)
                // Words such as “Re” and “Antwort” have at most so many letters; a longer one belongs to the subject.
                : folded.IndexOf(':', StringComparison.Ordinal) is >= 1 and <= 8 and var colon ? colon
                : -1;
            if (end < 0)
                return false;
            folded = folded[(end + 1)..].TrimStart();
        }

        return false;
    }

    /// <summary>Whether the text is one of the phrases, whatever sign ends it.</summary>
    public bool Are(string text)
    {
        var folded = Folded(text).Trim(' ', ',', '.', '!', '،', '。');
        return phrases.Any(phrase =>
            folded == phrase || (open.Contains(phrase) && folded.StartsWith(phrase, StringComparison.Ordinal)));
    }

    private bool StandAt(string text, int place) =>
        (place == 0 || !IsLetter(text[place - 1]) || !IsLetter(text[place]))
        && phrases.Any(phrase =>
            string.CompareOrdinal(text, place, phrase, 0, phrase.Length) == 0
            && (place + phrase.Length is var end && end >= text.Length
                || !IsLetter(text[end])
                || !IsLetter(text[end - 1])
                || open.Contains(phrase)));

    /// <summary>
    /// Letters of scripts that part words with spaces and do not join small words to them: Latin, Greek, Cyrillic,
    /// Armenian and Georgian.
    /// </summary>
    private static bool IsLetter(char sign) =>
        char.IsLetter(sign) && sign is < '\u0590' or (>= '\u10A0' and <= '\u10FF') or (>= '\u1E00' and <= '\u1FFF');

    /// <summary>The text in lower case, without accents, in one width of letters, with single spaces.</summary>
    public static string Folded(string text)
    {
        // Not every text is well-formed, and normalization refuses what is not.
        var whole = string.Concat(text.EnumerateRunes());
        var folded = new StringBuilder(whole.Length);
        foreach (var sign in whole.Normalize(NormalizationForm.FormKD))
            switch (CharUnicodeInfo.GetUnicodeCategory(sign))
            {
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.Format:
                    break;
                case UnicodeCategory.Control
                    or UnicodeCategory.SpaceSeparator
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator:
                    if (folded.Length > 0 && folded[^1] != ' ')
                        folded.Append(' ');
                    break;
                default:
                    folded.Append(
                        // Apostrophes are typed in many ways; normalization leaves the Turkish dotless i and the final
                        // sigma as they are.
                        sign is '’' or '‘' or 'ʼ' or '`' ? '\''
                        : sign is 'ı' ? 'i'
                        : sign is 'ς' ? 'σ'
                        : char.ToLowerInvariant(sign));
                    break;
            }

        return folded.ToString();
    }
}
