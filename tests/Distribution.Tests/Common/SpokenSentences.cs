using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Tests.Letters;

namespace Distribution.Tests.Common;

/// <summary>The sentences that the desk says, as its sources have them: the keys of every other language.</summary>
internal static partial class SpokenSentences
{
    /// <summary>By the English text with numbered placeholders: whether it is said about a number, and where.</summary>
    public static IReadOnlyDictionary<string, (bool IsCounted, string File)> InSources()
    {
        var found = new Dictionary<string, (bool, string)>(StringComparer.Ordinal);
        foreach (var file in Sources())
        {
            var text = File.ReadAllText(file);
            foreach (Match said in Said().Matches(text))
            {
                var (sentence, end) = Interpolated(text, said.Index + said.Length);
                var isCounted = said.Groups["count"].Success;
                if (isCounted)
                    (sentence, _) = Interpolated(text, text.IndexOf("$\"", end, StringComparison.Ordinal));
                if (!found.TryGetValue(sentence, out var known) || !known.Item1)
                    found[sentence] = (isCounted, Path.GetFileName(file));
            }

            foreach (Match act in Act().Matches(text))
                found.TryAdd(act.Groups[1].Value, (false, Path.GetFileName(file)));
        }

        return found;
    }

    private static IEnumerable<string> Sources() =>
        ((string[])["Distribution", "Distribution.Web"]).SelectMany(project =>
            Directory.EnumerateFiles(
                Path.Combine(SampleLetter.Templates, "..", "functions", project),
                "*",
                SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor")
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj"));

    /// <summary>Reads an interpolated string that begins there.</summary>
    /// <returns>Its format, with a number for each value, and where it ends.</returns>
    private static (string Format, int End) Interpolated(string source, int at)
    {
        var format = new StringBuilder();
        var values = 0;
        for (var place = at + 2; ; place++)
            switch (source[place])
            {
                case '"':
                    return (format.ToString(), place + 1);
                case '\\':
                    format.Append(source[++place]);
                    break;
                case '{' when source[place + 1] != '{':
                    place = EndOfValue(source, place + 1);
                    format.Append(CultureInfo.InvariantCulture, $"{{{values++}}}");
                    break;
                case var sign:
                    format.Append(sign);
                    if (sign is '{' or '}')
                        format.Append(source[++place]);
                    break;
            }
    }

    /// <returns>Where the brace is that ends a value, whatever braces, brackets and strings are in it.</returns>
    private static int EndOfValue(string source, int at)
    {
        var depth = 0;
        for (var place = at; ; place++)
            switch (source[place])
            {
                case '}' when depth == 0:
                    return place;
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}':
                    depth--;
                    break;
                case '\'':
                    place = source.IndexOf('\'', place + 2);
                    break;
                case '$' when source[place + 1] == '"':
                    place = Interpolated(source, place).End - 1;
                    break;
                case '"':
                    place = source.IndexOf('"', place + 1);
                    break;
            }
    }

    [GeneratedRegex("""\b(?:Say|Sentence)\(\s*(?<count>[\w.!()\s-]+?,\s*)?(?=\$")""")]
    private static partial Regex Said();

    [GeneratedRegex("\\.Asks\\(\\s*\"([^\"]*)\"")]
    private static partial Regex Act();
}
