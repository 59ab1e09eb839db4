using System.Text.RegularExpressions;

namespace Distribution.Common;

/// <summary>
/// Recognizes sentences of the desk in what was recorded in English, whichever version recorded it, and says them in
/// another language. What a person typed or a server said stays as it is, within a sentence too.
/// </summary>
/// <param name="sentences">All that the language says, by the English text with placeholders.</param>
internal sealed partial class RecordedSentences(IReadOnlyDictionary<string, DeskLanguage.Forms> sentences)
{
    /// <summary>
    /// In letters, besides the values: with fewer, words of others could be taken for one of the desk's sentences.
    /// </summary>
    private const int FewestLetters = 15;

    private readonly Lazy<ILookup<char, Pattern>> byFirst = new(() => sentences
        .Select(entry =>
            new Pattern(
                Placeholder().Split(entry.Key),
                [.. Placeholder().Matches(entry.Key).Select(NumberOf)],
                entry.Value))
        .Where(pattern => pattern.Values.Count > 0)
        // The most exact first: a long sentence can fit a short pattern, too, with half of it as a value.
        .OrderByDescending(pattern => pattern.Letters)
        .ToLookup(pattern => pattern.Literals[0].FirstOrDefault()));

    /// <returns>Null where it is none of the desk's sentences.</returns>
    public string? Find(string english)
    {
        if (english.Length == 0)
            return null;
        if (sentences.TryGetValue(english, out var whole))
            return whole.Other;
        // A sentence may begin with a value, and is then the one or the other.
        foreach (var pattern in byFirst.Value[english[0]].Concat(byFirst.Value['\0']))
            if (pattern.Match(english) is { } values
                && (pattern.Letters >= FewestLetters || values.Values.All(value => value.All(char.IsAsciiDigit))))
                return Placeholder().Replace(
                    // What was counted is not on record. Where the English forms differ, the key is the one of many,
                    // which English says of 0 and French does not; where they are alike, 1 is said with it as well.
                    values.Values.Any(value => value is "0" or "1")
                        ? pattern.Forms.One ?? pattern.Forms.Other
                        : pattern.Forms.Other,
                    hole => Value(values[NumberOf(hole)]));
        return null;

        // A name may be one of the desk's words; a whole sentence is the desk's.
        string Value(string value) =>
            sentences.ContainsKey(value) && value.Count(char.IsLetter) < FewestLetters ? value : Find(value) ?? value;
    }

    // One digit: a sentence has ten values at the most.
    private static int NumberOf(Match placeholder) => placeholder.Value[1] - '0';

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Placeholder();

    /// <param name="Literals">What stands before, between and behind the values.</param>
    /// <param name="Values">The number of each placeholder, in their order.</param>
    private sealed record Pattern(IReadOnlyList<string> Literals, IReadOnlyList<int> Values, DeskLanguage.Forms Forms)
    {
        public int Letters { get; } = Literals.Sum(literal => literal.Count(char.IsLetter));

        /// <returns>The values by their numbers; null if the text is no such sentence.</returns>
        public Dictionary<int, string>? Match(string text)
        {
            if (!text.StartsWith(Literals[0], StringComparison.Ordinal)
                || !text.EndsWith(Literals[^1], StringComparison.Ordinal))
                return null;
            Dictionary<int, string> found = [];
            var (at, end) = (Literals[0].Length, text.Length - Literals[^1].Length);
            for (var place = 0; place < Values.Count; place++)
            {
                var next = place == Values.Count - 1
                    ? end
                    : text.IndexOf(Literals[place + 1], at, StringComparison.Ordinal);
                // Two placeholders side by side cannot be told apart.
                if (next <= at || next > end || (place < Values.Count - 1 && Literals[place + 1].Length == 0))
                    return null;
                // A sentence that says one value twice is another one where the two differ.
                if (!found.TryAdd(Values[place], text[at..next]))
                    return null;
                at = next + (place == Values.Count - 1 ? 0 : Literals[place + 1].Length);
            }

            return found;
        }
    }
}
