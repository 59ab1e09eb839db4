using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Tests.Letters;
using Xunit;

namespace Distribution.Tests.Common;

public sealed partial class FaultTests
{
    private static readonly string[] Places =
    [
        "letter.md",
        "letter.md, line 19",
        "letter.md, “send:”",
        "letter.md, “contact:”, “email:”",
        "letter.md, “proof:” number 2",
        "letter.md, “signatories:” number 2, “title:”",
        "register.csv, row 12",
        "register.csv, row 12, column to",
        "Setting Mail:From",
        "The register of missions, Côte d’Ivoire",
    ];

    [Fact]
    public void Reads_as_place_problem_remedy_and_number() =>
        Assert.Equal(
            "letter.md, line 4: The key is unknown. Remove it. (D201)",
            At(Location.In("letter.md", 4, "reference")).ToString());

    [Fact]
    public void Says_its_place_in_words_a_reader_knows() =>
        Assert.Equal(Places, Located.Select(at => at.ToString()));

    [Fact]
    public void Is_read_back_as_it_was_written()
    {
        foreach (var place in Located)
            foreach (var severity in Enum.GetValues<Severity>())
            {
                var fault = At(place, severity);
                Assert.Equal(fault, Json.Read<Fault>(Json.Write(fault)));
            }
    }

    [Fact]
    public void Is_stored_as_data_and_nothing_twice() =>
        Assert.Equal(
            """{"code":"D201","severity":"Tick","words":"The key is unknown.","remedy":"Remove it.","file":"letter.md","line":8,"field":"signatories[2].title"}""",
            Json.Write(At(Location.In("letter.md", 8, "signatories[2].title"), Severity.Tick)));

    [Theory]
    [InlineData("""
        {"number":213,"place":"letter.md, line 19","problem":"It is wrong.","remedy":"Mend it.","isWarning":false,"code":"D213"}
        """, nameof(Severity.Fault))]
    [InlineData("""
        {"number":213,"place":"letter.md, line 19","problem":"It is wrong.","remedy":"Mend it.","isWarning":true,"code":"D213"}
        """, nameof(Severity.Note))]
    [InlineData("""
        {"number":213,"place":"letter.md, line 19","problem":"It is wrong.","remedy":"Mend it.","severity":"Overrule","isWarning":true,"code":"D213"}
        """, nameof(Severity.Overrule))]
    public void What_earlier_formats_wrote_is_read(string stored, string severity)
    {
        var read = Json.Read<Fault>(stored);
        Assert.Equal("letter.md, line 19: It is wrong. Mend it. (D213)", read.ToString());
        Assert.Equal(severity, read.Severity.ToString());
        Assert.Equal(read, Json.Read<Fault>(Json.Write(read)));
    }

    [Fact]
    public void What_was_confirmed_as_a_small_thing_is_not_confirmed_as_a_grave_one()
    {
        var tick = At(Location.In("letter.md"), Severity.Tick);
        var overrule = tick with { Severity = Severity.Overrule };
        Assert.True(tick.IsAmong([tick.Key]));
        Assert.False(overrule.IsAmong([tick.Key]));
    }

    [Fact]
    public void What_an_earlier_version_was_told_is_confirmed_stays_so() =>
        // The key of versions before format 4: the first 12 digits of the SHA-256 of the text alone.
        Assert.True(At(Location.In("letter.md", 4), Severity.Tick).IsAmong(["6f2a8516a5a1"]));

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

    private static IReadOnlyList<Location> Located { get; } =
    [
        Location.In("letter.md"),
        Location.In("letter.md", 19, "signatories[2].title"),
        Location.In("letter.md", field: "send"),
        Location.In("letter.md", field: "contact.email"),
        Location.In("letter.md", field: "proof[2]"),
        Location.In("letter.md", field: "signatories[2].title"),
        Location.In("register.csv", 12),
        Location.In("register.csv", 12, "to"),
        Location.Setting("Mail:From"),
        Location.InWords("The register of missions, Côte d’Ivoire"),
    ];

    private static Fault At(Location place, Severity severity = Severity.Fault) =>
        new(201, place, "The key is unknown.", "Remove it.", severity);

    [GeneratedRegex(@"public static Fault (\w+)\([^;]*?new\(\s*(\d{3}),")]
    private static partial Regex Finding();
}
