using System.Text.RegularExpressions;
using Distribution.Tests.Letters;
using Xunit;

namespace Distribution.Tests;

/// <summary>The order a letter walks, held against the code: a step may use what the steps before it made, never what comes after.</summary>
public sealed partial class StructureTests
{
    private static readonly string Project = Path.Combine(SampleLetter.Templates, "..", "functions", "Distribution");

    /// <summary>What each step may not know. Storage stands beside them all, and the ways in at the root put them together.</summary>
    public static TheoryData<string, string[]> Later => new()
    {
        { "Register", ["Intake", "Letters", "Mail", "Tracking", "Dispatch"] },
        { "Intake", ["Mail", "Tracking"] },
        { "Letters", ["Mail", "Tracking", "Dispatch"] },
        { "Mail", ["Tracking", "Dispatch"] },
        { "Dispatch", ["Tracking"] },
    };

    [Theory]
    [MemberData(nameof(Later))]
    public void A_step_does_not_know_the_steps_after_it(string step, string[] later)
    {
        var known = Words(step);
        Assert.All(later, folder => Assert.Empty(TypesOf(folder).Intersect(known)));
    }

    [Theory]
    [InlineData("Register")]
    [InlineData("Intake")]
    [InlineData("Letters")]
    [InlineData("Dispatch")]
    [InlineData("Mail")]
    [InlineData("Tracking")]
    public void Only_storage_knows_tables_queues_and_blobs_and_no_step_knows_HTTP_requests(string step) =>
        Assert.DoesNotMatch("Azure\\.(Data|Storage)|Microsoft\\.AspNetCore", string.Concat(Sources(step).Select(File.ReadAllText)));

    private static IEnumerable<string> Sources(string step) => Directory.EnumerateFiles(Path.Combine(Project, step), "*.cs", SearchOption.AllDirectories);

    private static HashSet<string> Words(string step) =>
        [.. Sources(step).SelectMany(file => Word().Matches(NoCode().Replace(File.ReadAllText(file), "")).Select(match => match.Value))];

    private static HashSet<string> TypesOf(string step) =>
        [.. Sources(step).SelectMany(file => TypeDeclaration().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))];

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();

    [GeneratedRegex("""//.*|"[^"\n]*"|^namespace.*""", RegexOptions.Multiline)]
    private static partial Regex NoCode();

    [GeneratedRegex(@"^(?:internal|public)[\w ]* (?:class|record|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();
}
