using System.Text.RegularExpressions;
using Distribution.Common;

namespace Distribution.Letters;

/// <summary>
/// The words of pages and messages that the service itself writes for missions, in one of the six official languages.
/// Unlike <see cref="LanguageWords"/> they belong to no template and are not frozen with a letter: a page about many
/// letters, or about none, needs them too.
/// </summary>
internal sealed partial class PageWords
{
    private static readonly Lazy<IReadOnlyDictionary<string, PageWords>> All =
        new(() => Languages.Official.ToDictionary(language => language, Read));

    private readonly Dictionary<string, string> entries;

    private PageWords(string language, YamlTable table, List<Finding> faults)
    {
        Language = language;
        entries = table.Keys.ToDictionary(
            key => key,
            key => NoBreakSpaces.In(table.Text(key, "a word or a sentence", faults), language));
    }

    /// <summary>The code of their language.</summary>
    public string Language { get; }

    public IReadOnlyCollection<string> Keys => entries.Keys;

    /// <exception cref="KeyNotFoundException">There is no such entry.</exception>
    public string this[string key] => entries[key];

    /// <param name="language">The code of an official language.</param>
    public static PageWords Of(string language) => All.Value[language];

    /// <summary>An entry with its fields filled in: <c>{{ name }}</c> in it is replaced by the field's value.</summary>
    public string Fill(string key, params ReadOnlySpan<(string Field, string Value)> fields)
    {
        // In one pass, so that nothing in a value is taken for a field.
        var values = new Dictionary<string, string>();
        foreach (var (field, value) in fields)
            values[field] = value;
        return NoBreakSpaces.In(Field().Replace(entries[key], found => values[found.Groups[1].Value]), Language);
    }

    /// <summary>A person as sentences name them: with the function where one was given.</summary>
    public string Person(string name, string? function) =>
        string.IsNullOrEmpty(function) ? name : Fill("person", ("name", name), ("function", function));

    private static PageWords Read(string language)
    {
        var file = $"pages/{language}.yaml";
        using var reader = new StreamReader(
            typeof(PageWords).Assembly.GetManifestResourceStream(file)
                ?? throw new InvalidOperationException($"The words of {file} are not in the program."));
        var faults = new List<Finding>();
        var words = new PageWords(language, new(file, reader.ReadToEnd(), faults), faults);
        return faults is [] ? words : throw new LetterFaultException(faults);
    }

    [GeneratedRegex(@"\{\{ (\w+) \}\}")]
    private static partial Regex Field();
}
