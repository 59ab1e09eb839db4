namespace Distribution.Register;

/// <summary>Two rows of a register with the same text, or nearly the same, in one of their columns.</summary>
/// <param name="Column">The column of the later row.</param>
internal sealed record RowPair(int FirstRow, string FirstText, int Row, string Text, string Column);

/// <summary>
/// Finds rows that may be the same State twice: the same name in any language or spelling, names that differ in one
/// letter, the same title or the same head. Then two letters would go to one mission, or another's to it.
/// </summary>
internal sealed class RepeatedMissions
{
    // A name with a slip of one letter is looked for only among names of this length: Mali and Malta are two States.
    private const int ShortestSlip = 8, LongestSlip = 60;

    /// <summary>Words that lists write or leave out, in the form of <see cref="ProtocolOrder.Key"/>.</summary>
    private static readonly HashSet<string> Filling =
        [
            "THE", "OF", "AND", "REPUBLIC", "KINGDOM", "STATE", "LA", "LE", "LES", "DE", "DU", "DES", "EL", "LOS",
            "REPUBLIQUE", "REPUBLICA"
        ];

    private readonly Dictionary<string, (int Row, string Name)> names = [];
    private readonly Dictionary<string, (int Row, string Name, string Key)> slips = [];
    private readonly Dictionary<(string Column, string Text), int> texts = [];
    private readonly List<RowPair> missions = [];
    private readonly List<RowPair> repeated = [];

    /// <summary>Rows that look like the same State or organization.</summary>
    public IReadOnlyList<RowPair> Missions => missions;

    /// <summary>Rows with the same title or the same head of mission.</summary>
    public IReadOnlyList<RowPair> Texts => repeated;

    public void AddNames(int row, IReadOnlyDictionary<string, string> namesByLanguage)
    {
        if (Before(namesByLanguage) is { } known && known.Row != row)
            missions.Add(new(known.Row, known.Name, row, namesByLanguage["en"], RegisterColumns.Name));
        foreach (var name in namesByLanguage.Values)
            if (KeyOf(name) is { Length: > 0 } key)
                names.TryAdd(key, (row, namesByLanguage["en"]));
        AddSlips(row, namesByLanguage["en"]);
    }

    /// <param name="column">The title, or the head of mission.</param>
    public void AddText(int row, string column, string text)
    {
        if (ProtocolOrder.Key(text) is { Length: > 0 } key && !texts.TryAdd((column, key), row))
            repeated.Add(new(texts[(column, key)], text, row, text, column));
    }

    private static string KeyOf(string name)
    {
        // In one order, since lists turn names round: “Korea, Republic of”.
        var words = ProtocolOrder.Key(name)
            .Split(' ')
            .Where(word => !Filling.Contains(word))
            .Order(StringComparer.Ordinal);
        var key = string.Join(' ', words);
        return key.Any(char.IsLetter) ? key : "";
    }

    private (int Row, string Name)? Before(IReadOnlyDictionary<string, string> namesByLanguage)
    {
        foreach (var name in namesByLanguage.Values)
            if (KeyOf(name) is { Length: > 0 } key && names.TryGetValue(key, out var known))
                return known;
        // Of two texts that differ in one letter, both leave the same when that letter is taken out.
        var english = ProtocolOrder.Key(namesByLanguage["en"]);
        foreach (var variant in Variants(english))
            if (slips.TryGetValue(variant, out var known) && Math.Abs(known.Key.Length - english.Length) <= 1)
                return (known.Row, known.Name);
        return null;
    }

    private void AddSlips(int row, string name)
    {
        var key = ProtocolOrder.Key(name);
        foreach (var variant in Variants(key))
            slips.TryAdd(variant, (row, name, key));
    }

    /// <summary>
    /// The text itself, and the text without each of its letters; none where it has digits: Group 1, Group 2.
    /// </summary>
    private static IEnumerable<string> Variants(string key) =>
        key.Length is < ShortestSlip or > LongestSlip || key.Any(char.IsDigit)
            ? []
            : Enumerable.Range(0, key.Length).Select(place => key.Remove(place, 1)).Prepend(key);
}
