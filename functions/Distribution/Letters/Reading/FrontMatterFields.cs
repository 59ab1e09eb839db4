using System.Globalization;
using System.Text.RegularExpressions;
using Distribution.Common;

namespace Distribution.Letters.Reading;

/// <summary>
/// Reads the keys of one group of the front matter, each as its type. A missing or wrong value is null, and a fault for
/// a wrong value or a missing required key is added to the list.
/// </summary>
internal sealed partial class FrontMatterFields
{
    private const int MaxPlainText = 200;

    private readonly string file;
    private readonly List<Fault> faults;
    private readonly Dictionary<string, FrontMatterEntry> entries = [];

    /// <param name="place">The place of the group, for faults about missing keys.</param>
    /// <param name="group">The name of the group in messages: <c>the letter</c>, <c>this signatory</c>.</param>
    public FrontMatterFields(
        string file,
        Location place,
        string group,
        FrontMatterMap map,
        IReadOnlyList<string> known,
        IReadOnlyList<string> required,
        List<Fault> faults)
    {
        this.file = file;
        this.faults = faults;
        foreach (var entry in map.Entries)
        {
            if (entry.Key.Length == 0 && entry.Value is FrontMatterBroken)
                continue;
            if (!known.Contains(entry.Key))
                faults.Add(
                    LetterFileFaults.FrontMatterUnknownKey(
                        Place(entry.Line),
                        entry.Key,
                        DidYouMean.Of(entry.Key, known),
                        group));
            else if (!entries.TryAdd(entry.Key, entry))
                faults.Add(LetterFileFaults.FrontMatterKeyTwice(Place(entry.Line), entry.Key, entries[entry.Key].Line));
        }

        var missing = required.Where(key => !entries.ContainsKey(key)).ToList();
        if (missing is not [])
            faults.Add(LetterFileFaults.FrontMatterKeysMissing(place, group, missing));
    }

    public Location Place(int line) => Location.In(file, line);

    public FrontMatterEntry? Entry(string key) => entries.GetValueOrDefault(key);

    public string? Text(string key, int longest = MaxPlainText) =>
        Entry(key) is { } entry ? Text(entry.Value, key, longest) : null;

    /// <summary>One line of text without unprintable characters; null with a fault if it is not that.</summary>
    public string? Text(FrontMatterNode node, string key, int longest = MaxPlainText)
    {
        if (node is FrontMatterBroken)
            return null;
        if (node is not FrontMatterText { Text: var typed })
            return Refuse(LetterFileFaults.FrontMatterShape(Place(node.Line), key, "one line of text", node));

        var text = typed.Trim(' ');
        return text switch
        {
            _ when string.IsNullOrWhiteSpace(text) => Refuse(LetterFileFaults.FrontMatterEmpty(Place(node.Line), key)),
            _ when text.AsSpan().ContainsAny("\r\n\u0085\u2028\u2029") => Refuse(
                LetterFileFaults.FrontMatterLines(Place(node.Line), key)),
            _ when UnsafeCharacters.FirstUnprintable(text) is { } odd => Refuse(
                LetterFileFaults.FrontMatterCharacter(Place(node.Line), key, odd)),
            _ when text.Length > longest => Refuse(
                LetterFileFaults.FrontMatterTooLong(Place(node.Line), key, text.Length, longest)),
            _ => text,
        };

        string? Refuse(Fault fault)
        {
            faults.Add(fault);
            return null;
        }
    }

    /// <summary>
    /// A list, where a single value counts as a list of one; null if the key is absent, empty or wrong.
    /// </summary>
    public IReadOnlyList<FrontMatterNode>? List(string key)
    {
        if (Entry(key) is not { Value: not FrontMatterBroken } entry)
            return null;
        var items = entry.Value switch
        {
            FrontMatterList list => list.Items,
            FrontMatterText { Text: var text } when string.IsNullOrWhiteSpace(text) => [],
            var single => [single],
        };
        if (items.Count > 0)
            return items;
        faults.Add(LetterFileFaults.FrontMatterEmpty(Place(entry.Line), key));
        return null;
    }

    public IReadOnlyList<string> Texts(string key) =>
        [.. (List(key) ?? []).Select(node => Text(node, key)).OfType<string>()];

    public int? Number(string key)
    {
        if (Text(key) is not { } text)
            return null;
        if (text.Length <= 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        faults.Add(LetterFileFaults.FrontMatterNumber(Place(Entry(key)!.Value.Line), key, text));
        return null;
    }

    public DateOnly? Date(string key)
    {
        if (Text(key) is not { } text)
            return null;
        var place = Place(Entry(key)!.Value.Line);
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        )
            faults.Add(LetterFileFaults.FrontMatterDate(place, key, text));
        else if (!LetterYears.Has(date.Year))
            faults.Add(LetterFileFaults.FrontMatterYear(place, key, date.Year));
        else
            return date;
        return null;
    }

    /// <summary>One of the known words. The typed case is ignored; the result has the case of the known word.</summary>
    public string? Word(string key, IReadOnlyList<string> known)
    {
        if (Text(key) is not { } text)
            return null;
        if (known.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } word)
            return word;
        faults.Add(
            LetterFileFaults.FrontMatterWord(
                Place(Entry(key)!.Value.Line),
                key,
                text,
                known,
                DidYouMean.Of(text, known)));
        return null;
    }

    /// <summary>
    /// A name that can be used in a path or as a field: lower-case letters, digits and <paramref name="joint"/>.
    /// </summary>
    public string? Simple(FrontMatterNode node, string key, char joint)
    {
        if (Text(node, key, 40) is not { } text)
            return null;
        if (SimpleName().IsMatch(text) && !text.Contains(joint == '-' ? '_' : '-'))
            return text;
        faults.Add(LetterFileFaults.FrontMatterSimpleName(Place(node.Line), key, text, joint));
        return null;
    }

    public Correspondent? Correspondent(FrontMatterNode node, string key)
    {
        if (node is FrontMatterMap map)
        {
            var fields = new FrontMatterFields(
                file,
                Place(node.Line),
                $"the {key}",
                map,
                ["name", "email"],
                ["email"],
                faults);
            var name = fields.Text("name");
            return
                fields.Text("email", EmailAddresses.Longest) is { } email
                && fields.Addressed(email, fields.Entry("email")!.Value.Line, "email") is { } plain
                ? plain with
                {
                    Name = name ?? plain.Name,
                }
                : null;
        }

        return Text(node, key, MaxPlainText + EmailAddresses.Longest) is { } text
            ? Addressed(text, node.Line, key)
            : null;
    }

    private Correspondent? Addressed(string text, int line, string key)
    {
        if (EmailAddresses.Read(text) is { } read && EmailAddresses.IsPlain(read.Address))
            return read;
        faults.Add(LetterFileFaults.FrontMatterAddress(Place(line), key, text));
        return null;
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9_-]*\z")]
    private static partial Regex SimpleName();
}
