using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Tests.Letters;
using Xunit;

namespace Distribution.Tests.Common;

public sealed partial class FaultTests
{
    [Fact]
    public void Reads_as_place_problem_remedy_and_number() =>
        Assert.Equal(
            "letter.md, line 4: The key is unknown. Remove it. (D201)",
            new Fault(201, "letter.md, line 4", "The key is unknown.", "Remove it.").ToString());

    [Fact]
    public void No_two_findings_share_a_number()
    {
        var catalogue = Directory
            .EnumerateFiles(
                Path.Combine(SampleLetter.Templates, "..", "functions", "Distribution"),
                "*Faults.cs",
                SearchOption.AllDirectories)
            .SelectMany(file => Finding().Matches(File.ReadAllText(file)))
            .Select(found => (Name: found.Groups[1].Value, Number: found.Groups[2].Value))
            .ToList();

        Assert.True(catalogue.Count > 150);
        Assert.Empty(catalogue.GroupBy(found => found.Number).Where(same => same.Count() > 1).Select(same =>
            $"D{same.Key}: {string.Join(", ", same.Select(found => found.Name))}"));
    }

    [GeneratedRegex(@"public static Fault (\w+)\([^;]*?new\(\s*(\d{3}),")]
    private static partial Regex Finding();
}
