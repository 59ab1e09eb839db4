using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tests.Web;
using Xunit;

namespace Distribution.Tests;

/// <summary>Keeps <c>infra/THREAT-MODEL.md</c> true: what it names exists, and what exists it names.</summary>
public sealed partial class ThreatModelTests(AzuriteFixture azurite)
{
    private static readonly string Repository = Path.Combine(SampleLetter.Templates, "..");

    private static readonly IReadOnlyList<(string WayIn, string Tests)> Rows =
    [
        .. File.ReadAllLines(Path.Combine(Repository, "infra", "THREAT-MODEL.md"))
            .SkipWhile(line => !line.StartsWith("| Way in |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|') is [_, var way, .., var tests, _] ? (way, tests) : (line, "")),
    ];

    private static readonly HashSet<string> Named =
    [
        .. Rows.SelectMany(row => Quoted().Matches(row.WayIn).Select(match => match.Groups[1].Value)),
    ];

    [Fact]
    public void Every_row_names_a_test_and_every_test_it_names_exists()
    {
        var methods = typeof(ThreatModelTests)
            .Assembly.GetTypes()
            .SelectMany(type =>
                type.GetMethods()
                    .Where(method => method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0)
                    .Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet();
        Assert.NotEmpty(Rows);
        Assert.All(
            Rows,
            row =>
            {
                var tests = Quoted().Matches(row.Tests).Select(match => match.Groups[1].Value).ToList();
                Assert.True(tests.Count > 0, $"infra/THREAT-MODEL.md names no test in the row {row.WayIn}.");
                Assert.All(
                    tests,
                    test =>
                        Assert.True(
                            methods.Contains(test),
                            $"infra/THREAT-MODEL.md names the test {test}, and there is none. If it was renamed, rename it there."
                        ));
            });
    }

    [Fact]
    public async Task Every_route_has_a_row_and_every_route_with_a_row_exists()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var routes = site
            .Endpoints.Select(endpoint => Constraint().Replace(endpoint.RoutePattern.RawText!, "{$1}"))
            .ToHashSet();
        AllIn(
            routes,
            Named,
            "These routes have no row in infra/THREAT-MODEL.md: say there who may use them, what could go wrong, what stops it, and which test shows it"
        );
        AllIn(
            Named.Where(name => name.StartsWith('/') || name.StartsWith('{')),
            routes,
            "infra/THREAT-MODEL.md has rows for routes that do not exist any more");
    }

    [Fact]
    public void Every_trigger_every_container_people_write_to_and_every_command_has_a_row()
    {
        var triggers = Directory.EnumerateFiles(Path.Combine(Repository, "functions", "Distribution.Functions"), "*.cs")
            .SelectMany(file => Function().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            // The one that hands every request to the routes above.
            .Where(trigger => trigger != "Web").ToList();
        Assert.True(triggers.Count >= 5, "No triggers were found in functions/Distribution.Functions.");
        AllIn(
            [
                .. triggers,
                ResourceNames.Drafts,
                ResourceNames.Register,
                ResourceNames.Inbound,
                ResourceNames.DispatchQueue,
                ResourceNames.DispatchPoisonQueue,
                ResourceNames.PrepareQueue,
                ResourceNames.PreparePoisonQueue,
                "Inbound:ImapServer",
                "run",
                .. Commands(),
            ],
            Named,
            "These ways in have no row in infra/THREAT-MODEL.md");
    }

    private static IEnumerable<string> Commands() =>
        Command()
            .Matches(File.ReadAllText(Path.Combine(Repository, "functions", "Distribution.Local", "CommandLine.cs")))
            .Select(match => match.Groups[1].Value);

    private static void AllIn(IEnumerable<string> wanted, IReadOnlySet<string> given, string words)
    {
        var missing = wanted.Where(name => !given.Contains(name)).Order(StringComparer.Ordinal).ToList();
        Assert.True(missing is [], $"{words}: {string.Join(", ", missing)}");
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    /// <summary>What a part of a route may look like is nothing for a reader.</summary>
    [GeneratedRegex(@"\{(\**\w+):(?:[^{}]|\{\{|\}\})*\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\[Function\(nameof\((\w+)\)\)\]")]
    private static partial Regex Function();

    [GeneratedRegex("new Command\\(\"([a-z-]+)\"")]
    private static partial Regex Command();
}
