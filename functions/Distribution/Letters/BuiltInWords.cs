using YamlDotNet.RepresentationModel;

namespace Distribution.Letters;

/// <summary>
/// The fixed words and sentences that are embedded in the program. The words of a letter are frozen with it, and a
/// later version of the program may need an entry that they lack, such as a sentence for the mission's page. That entry
/// is taken from here; frozen entries are never changed.
/// </summary>
internal static class BuiltInWords
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Files = new(() => Common.Languages.Official
        .Select(TemplateFiles.Words)
        .ToDictionary(file => file, Read));

    /// <summary>The words of one of the six official languages.</summary>
    public static LanguageWords Of(string language) =>
        LanguageWords.Read(TemplateFiles.Words(language), Files.Value[TemplateFiles.Words(language)]);

    /// <returns>The set with the missing entries added; the same instance if nothing is missing.</returns>
    public static TemplateSet Complete(TemplateSet frozen)
    {
        var completed = frozen.Files.ToDictionary(
            file => file.Key,
            file => Files.Value.TryGetValue(file.Key, out var today) ? Complete(file.Value, today) : file.Value);
        return completed.All(file => ReferenceEquals(file.Value, frozen.Files[file.Key]))
            ? frozen
            : new(frozen.Name, completed);
    }

    private static string Complete(string frozen, string today)
    {
        // Leave text that cannot be parsed as it is: the code that uses the words reports the fault.
        if (frozen == today || Table(frozen) is not { } known || Table(today) is not { } all)
            return frozen;
        var missing = new YamlMappingNode(all.Children.Where(entry =>
            !known.Children.ContainsKey(entry.Key)
            && entry.Key is not YamlScalarNode { Value: LanguageWords.SalutationOne }));
        if (missing.Children.Count == 0)
            return frozen;
        using var lines = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(missing)).Save(lines, assignAnchors: false);
        // YamlDotNet ends a document with a line of three dots. The words are one document without such a line.
        return $"{frozen.TrimEnd()}\n{lines.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal)}";
    }

    private static YamlMappingNode? Table(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode table }] ? table : null;
        }
        catch (YamlDotNet.Core.YamlException)
        {
            return null;
        }
    }

    private static string Read(string file)
    {
        using var reader = new StreamReader(typeof(BuiltInWords).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The words of {file} are not in the program."));
        // With the line ends of frozen words, so that the same words are the same text.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
