using System.Globalization;
using System.Text.RegularExpressions;
using Distribution.Hosting;
using Distribution.Tests.Letters;
using Xunit;

namespace Distribution.Tests.Hosting;

/// <summary>Everything a check can find, as one page.</summary>
public sealed partial class FindingCatalogueTests
{
    private static readonly string Functions = Path.Combine(SampleLetter.Templates, "..", "functions", "Distribution");

    [Fact]
    public void Every_finding_stands_in_it_once_and_has_an_example() => Assert.Equal(
        Directory
            .EnumerateFiles(Functions, "*Faults.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Numbers().Matches(File.ReadAllText(file)))
            .Select(found => int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture))
            .Order(),
        FindingCatalogue.All().Select(finding => finding.Number));

    [Fact]
    public void Each_is_a_sentence_and_what_to_do_about_it() => Assert.Empty(
        FindingCatalogue
            .All()
            .Where(finding => !Sentence().IsMatch(finding.Words) || !Sentence().IsMatch(finding.Remedy)
                || $"{finding}".Contains("  ", StringComparison.Ordinal))
            .Select(finding => $"{finding}"));

    [Fact]
    public void The_page_has_each_with_its_severity()
    {
        var page = FindingCatalogue.Markdown();

        Assert.Contains(
            """
            **D365** tick · letter.md, line 12
            The weekday does not fit the date:
            """.Replace("\nThe", "  \nThe", StringComparison.Ordinal),
            page,
            StringComparison.Ordinal);
        Assert.All(FindingCatalogue.All(), finding => Assert.Contains($"**{finding.Code}**", page, StringComparison.Ordinal));
    }

    // What a finding is made with: its number stands first in its constructor. Some are named, as they are looked for.
    [GeneratedRegex(@"\bnew\(\s*(\d{3}),|const int \w+Number = (?<1>\d{3});")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^[\p{Lu}“(\d\p{L}].*[.?]$")]
    private static partial Regex Sentence();
}
