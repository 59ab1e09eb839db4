using System.Text;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// Whether a text says nothing but that a letter came. What is not understood word by word is left to a person: nobody
/// can list all that people ask, deny or reserve, in every language of the missions. The words are in
/// <c>receipt-words.tsv</c>.
/// </summary>
internal static class ReceiptWords
{
    /// <summary>A line that greets is no longer than this, in characters.</summary>
    private const int LongestGreeting = 80;

    private static readonly ILookup<string, string> Listed = Read().ToLookup(word => word.Where, word => word.What);

    private static readonly Phrases Openings = new(Listed["opening"]);

    private static readonly Phrases Closings = new(Listed["closing"]);

    private static readonly ILookup<char, string> Words = ByBeginning(Listed["word"]);

    /// <param name="text">The text above the quotation, without the reference.</param>
    /// <param name="names">Names that may stand in it: of who writes, of the mission, of the letter.</param>
    public static bool AreAll(string text, IEnumerable<string> names)
    {
        var named = ByBeginning(names.SelectMany(name => name.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        return text.Split('\n')
            .Select(line => line.Trim())
            .TakeWhile(line => !Closings.Are(line))
            .All(line => IsGreeting(line) || IsUnderstood(Phrases.Folded(line), named));
    }

    private static bool IsGreeting(string line) =>
        line is { Length: <= LongestGreeting } and [.., ',' or ':' or '!' or '，' or '：' or '！' or '،']
        // Behind another comma something may be said.
        && line.AsSpan(0, line.Length - 1).IndexOfAny(",;，、،") < 0
        && Openings.Begin(line);

    private static bool IsUnderstood(string line, ILookup<char, string> named)
    {
        for (var place = 0; place < line.Length; place++)
        {
            // Numbers and signs say nothing, and neither does a lone letter, such as an initial.
            if (!char.IsLetter(line[place]) || IsAlone(line, place))
                continue;
            if (Longest(Words, line, place) is var length && length == 0)
                length = Longest(named, line, place);
            if (length == 0)
                return false;
            place += length - 1;
        }

        return true;
    }

    private static bool IsAlone(string line, int place) =>
        IsParted(line[place])
        && (place == 0 || !char.IsLetter(line[place - 1]))
        && (place + 1 == line.Length || !char.IsLetter(line[place + 1]));

    /// <summary>A letter of a script that parts its words.</summary>
    private static bool IsParted(char sign) =>
        char.IsLetter(sign)
        && sign
            is < '\u0E00'
                or (>= '\u10A0' and <= '\u10FF')
                or (>= '\u1200' and < '\u1780')
                or (>= '\u1E00' and <= '\u1FFF');

    private static int Longest(ILookup<char, string> words, string line, int place) =>
        words[line[place]]
            .Where(word =>
                string.CompareOrdinal(line, place, word, 0, word.Length) == 0
                && (place + word.Length == line.Length
                    || !IsParted(line[place + word.Length])
                    || !IsParted(line[place + word.Length - 1])))
            .Select(word => word.Length)
            .DefaultIfEmpty()
            .Max();

    private static ILookup<char, string> ByBeginning(IEnumerable<string> words) =>
        words.Select(Phrases.Folded).Where(word => word.Length > 0).Distinct().ToLookup(word => word[0]);

    /// <summary>All words of the file, for the matching and for the tests.</summary>
    public static IEnumerable<(string Where, string What)> Read()
    {
        using var file = typeof(ReceiptWords).Assembly.GetManifestResourceStream("receipt-words.tsv")!;
        using var lines = new StreamReader(file, Encoding.UTF8);
        while (lines.ReadLine() is { } line)
            if (line.Split('\t') is [var where, _, var words])
                foreach (var what in words.Split('|'))
                    yield return (where, what);
    }
}
