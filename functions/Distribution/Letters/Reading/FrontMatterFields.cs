using Distribution.Common;

namespace Distribution.Letters.Reading;

/// <summary>
/// The keys of one group of the front matter, held against those that the schema gives the group. A missing or wrong
/// value is null, and a fault for a wrong value or a missing required key is added to the list.
/// </summary>
internal sealed class FrontMatterFields
{
    private readonly FrontMatterFile file;
    private readonly string? field;
    private readonly Dictionary<string, FrontMatterEntry> entries = [];

    /// <param name="field">The path of the group, as in <see cref="Location.Field"/>; null for the file itself.</param>
    /// <param name="called">The name of the group in messages: <c>the letter</c>, <c>this signatory</c>.</param>
    /// <param name="keys">The keys that it can have.</param>
    public FrontMatterFields(
        FrontMatterFile file,
        string? field,
        string called,
        FrontMatterMap map,
        IReadOnlyList<LetterKey> keys)
    {
        (this.file, this.field) = (file, field);
        var known = keys.Where(key => key.In(file.Kind) != KeyUse.None).ToList();
        foreach (var entry in map.Entries)
        {
            // A line that is no key has its fault already.
            if (entry.Key.Length == 0 && entry.Value is FrontMatterBroken)
                continue;
            var place = Location.In(file.Name, entry.Line, Path(entry.Key));
            if (!known.Exists(key => key.Name == entry.Key))
                file.Faults.Add(
                    file.Kind == LetterFileKind.Standing && keys.Any(key => key.Name == entry.Key)
                        ? LetterFileFaults.StandingKey(place, entry.Key)
                        : LetterFileFaults.FrontMatterUnknownKey(
                            place,
                            entry.Key,
                            DidYouMean.Of(entry.Key, [.. known.Select(key => key.Name)]),
                            called));
            else if (!entries.TryAdd(entry.Key, entry))
                file.Faults.Add(LetterFileFaults.FrontMatterKeyTwice(place, entry.Key, entries[entry.Key].Line));
        }

        var missing = known
            .Where(key => key.In(file.Kind) == KeyUse.Required && (key.RequiredIf?.Applies(map) ?? true))
            .Where(key => !entries.ContainsKey(key.Name))
            .ToList();
        if (missing is not [])
            file.Faults.Add(
                LetterFileFaults.FrontMatterKeysMissing(
                    Location.In(file.Name, field is null ? null : map.Line, field),
                    called,
                    missing));
    }

    public bool Has(LetterKey key) => entries.ContainsKey(key.Name);

    /// <summary>The place of a key that is there.</summary>
    public Location Place(LetterKey key) => Location.In(file.Name, entries[key.Name].Line, Path(key.Name));

    /// <summary>The value of a key, not read yet; null if the key is not there.</summary>
    public FrontMatterValue? Value(LetterKey key) =>
        entries.TryGetValue(key.Name, out var entry)
            ? new(file, key, Path(key.Name), entry.Line, entry.Value)
            : null;

    public T? Read<TOwner, T>(LetterKey<TOwner, T> key) =>
        Value(key) is { } value ? key.ValueType.Read(value) : default;

    private string Path(string key) => field is null ? key : $"{field}.{key}";
}
