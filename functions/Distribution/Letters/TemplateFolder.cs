using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;

namespace Distribution.Letters;

/// <summary>Reads a letter template from disk.</summary>
internal static partial class TemplateFolder
{
    private static readonly string[] Required =
    [
        TemplateFiles.Subject,
        TemplateFiles.Html,
        TemplateFiles.Text,
        TemplateFiles.Document,
        TemplateFiles.Styles,
        TemplateFiles.Words(Languages.English),
    ];

    // Otherwise bytes that are not UTF-8 would be printed as replacement characters.
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true);

    /// <summary>Reads every file that letters are made from. The sample in the folder is not read.</summary>
    /// <param name="letter">The letter's file that names it, for messages.</param>
    /// <exception cref="LetterFaultException">The folder is missing or incomplete, or a file is not text.</exception>
    public static TemplateSet Load(string templatesRoot, string name, string letter)
    {
        // The name is compared and never made a path before it is known to be one of these.
        var known = Names(templatesRoot);
        if (!known.Contains(name))
            throw new LetterFaultException(LetterFaults.TemplateUnknown(letter, name, known));

        var folder = Path.Combine(templatesRoot, name);
        var present = Required
            .Union(Languages.Official.Select(TemplateFiles.Words))
            .Where(file => File.Exists(Path.Combine(folder, file)))
            .ToArray();
        if (Required.Except(present).ToArray() is { Length: > 0 } missing)
            throw new LetterFaultException(LetterFaults.TemplateIncomplete(name, missing));

        var faults = new List<Finding>();
        var files = new Dictionary<string, string>();
        foreach (var file in present)
        {
            try
            {
                // One form of line ends, so that the hash is the same wherever the folder was checked out.
                files[file] = File.ReadAllText(Path.Combine(folder, file), Strict).ReplaceLineEndings("\n");
            }
            catch (Exception unreadable)
                when (unreadable is DecoderFallbackException or IOException or UnauthorizedAccessException)
            {
                faults.Add(LetterFaults.TemplateFileUnreadable($"templates/{name}/{file}"));
            }
        }

        return faults.Count == 0 ? new TemplateSet(name, files) : throw new LetterFaultException(faults);
    }

    public static IReadOnlyList<string> Names(string templatesRoot) =>
        Directory.Exists(templatesRoot)
            ?
            [
                .. Directory
                    .EnumerateDirectories(templatesRoot)
                    .Select(folder => Path.GetFileName(folder))
                    .Where(name => Name().IsMatch(name))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Name();
}
