using System.Text.RegularExpressions;
using Distribution.Register;

namespace Distribution.Letters.Slips;

/// <summary>
/// Finds words that were damaged on their way into a letter: <c>CafÃ©</c> and <c>caf?s</c> for <c>cafés</c>, and in
/// particulars what was copied with the markup of a page, <c>&lt;b&gt;</c>, <c>**</c>. In the text that is a fault.
/// </summary>
internal static partial class DamagedWords
{
    /// <returns>Each with its place in the text, in characters from 0.</returns>
    public static IEnumerable<(int Place, string Words)> In(LetterPart part)
    {
        // Of a long text each word is looked at only where there is one.
        IEnumerable<Match> words = DoubtfulText.IsMisread(part.Text)
            ? Words().Matches(part.Text).Where(word => DoubtfulText.IsMisread(word.Value))
            : [];
        return words
            .Concat(part.Text.Contains('?') ? Lost().Matches(part.Text) : [])
            .Concat(part.Field is not null && IsMarkedUp(part.Text) ? All().Matches(part.Text) : [])
            .OrderBy(word => word.Index)
            .Select(word => (word.Index, word.Value));
    }

    private static bool IsMarkedUp(string text) =>
        DoubtfulText.HasMarkup(text) || text.Contains("**", StringComparison.Ordinal);

    [GeneratedRegex(@"[^ \t\n]+")]
    private static partial Regex Words();

    // A question mark within a word, and within no address: C?te.
    [GeneratedRegex(@"(?<![^\s“""'(«])\p{L}+\?\p{L}+(?![^\s.,;:!?)”""'»])")]
    private static partial Regex Lost();

    [GeneratedRegex(@".+")]
    private static partial Regex All();
}
