using Distribution.Common;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Distribution.Letters;

/// <summary>
/// Parses a YAML file of keys and values and keeps the line of each. Errors become faults that name the line.
/// </summary>
internal sealed class YamlTable
{
    private readonly string file;
    private readonly int lastLine;
    private readonly Dictionary<string, (int Line, YamlNode Value)> entries = [];
    private readonly bool readable;

    /// <param name="file">The file's name as messages show it.</param>
    /// <param name="faults">What is wrong is added here; the table then has no keys.</param>
    public YamlTable(string file, string text, List<Finding> faults)
    {
        this.file = file;
        // A key that is missing is told at the end of the file.
        lastLine = text.AsSpan().TrimEnd().Count('\n') + 1;
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents is [{ RootNode: YamlMappingNode root }]
                && root.Children.Keys.All(key => key is YamlScalarNode { Value: not null }))
            {
                foreach (var (key, value) in root.Children)
                    entries[((YamlScalarNode)key).Value!] = ((int)key.Start.Line, value);
                readable = true;
            }
            else
                faults.Add(LetterFaults.WordsNotReadable(Location.In(file, 1)));
        }
        catch (YamlException broken)
        {
            faults.Add(LetterFaults.WordsNotReadable(Location.In(file, (int)broken.Start.Line)));
        }
        // On some broken input, YamlDotNet's scanner throws exceptions of other types, which have no line number.
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            faults.Add(LetterFaults.WordsNotReadable(Location.In(file)));
        }
    }

    public IEnumerable<string> Keys => entries.Keys;

    /// <summary>The line of a key, from 1; the last line of the file if the key is missing.</summary>
    public int Line(string key) => entries.TryGetValue(key, out var entry) ? entry.Line : lastLine;

    /// <summary>
    /// Adds a fault for each of these keys that is missing, and for each key that is not one of them.
    /// </summary>
    /// <param name="optional">Further keys, which may be missing.</param>
    public void Expect(IReadOnlyCollection<string> keys, List<Finding> faults, params IEnumerable<string> optional)
    {
        Allow(keys.Concat(optional), faults);
        // Of a file that cannot be read, every key is missing: one fault says it.
        if (readable)
            faults.AddRange(keys.Except(entries.Keys).Select(key => LetterFaults.WordsKeyMissing(file, lastLine, key)));
    }

    /// <summary>Adds a fault for each key that is not one of these.</summary>
    public void Allow(IEnumerable<string> keys, List<Finding> faults) =>
        faults.AddRange(entries.Keys.Except(keys).Select(key => LetterFaults.WordsKeyUnknown(Place(key), key)));

    public string Text(string key, string expected, List<Finding> faults)
    {
        if (entries.GetValueOrDefault(key).Value is YamlScalarNode { Value: { } value }
            && !string.IsNullOrWhiteSpace(value))
            return value;
        faults.Add(LetterFaults.WordsValueWrong(Place(key), key, expected));
        return "";
    }

    public IReadOnlyList<string> List(string key, int length, string expected, List<Finding> faults)
    {
        if (entries.GetValueOrDefault(key).Value is YamlSequenceNode list
            && list.Children.Count == length
            && list.All(item => item is YamlScalarNode { Value.Length: > 0 }))
            return [.. list.Select(item => ((YamlScalarNode)item).Value!)];
        faults.Add(LetterFaults.WordsValueWrong(Place(key), key, expected));
        return [];
    }

    /// <summary>The text of a key that may be empty or absent; null if it is.</summary>
    public string? Optional(string key) =>
        entries.GetValueOrDefault(key).Value is YamlScalarNode { Value: { } value } && !string.IsNullOrWhiteSpace(value)
            ? value
            : null;

    /// <param name="names">The keys that the map must contain; it may have more.</param>
    public IReadOnlyDictionary<string, string> Map(
        string key,
        IEnumerable<string> names,
        string expected,
        List<Finding> faults)
    {
        if (entries.GetValueOrDefault(key).Value is YamlMappingNode map
            && names.All(name => map.Children.ContainsKey(name))
            && map.All(pair =>
                pair is { Key: YamlScalarNode { Value: not null }, Value: YamlScalarNode { Value.Length: > 0 } }))
            return map.ToDictionary(
                pair => ((YamlScalarNode)pair.Key).Value!,
                pair => ((YamlScalarNode)pair.Value).Value!);
        faults.Add(LetterFaults.WordsValueWrong(Place(key), key, expected));
        return new Dictionary<string, string>();
    }

    private Location Place(string key) => Location.In(file, Line(key));
}
