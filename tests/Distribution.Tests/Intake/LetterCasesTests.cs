using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>
/// Letters, files and registers as people make them, through the one check: each ends as the index beside them allows,
/// says what is wrong, and holds what was typed. The clock stands on the day the letters are dated.
/// </summary>
public sealed class LetterCasesTests(AzuriteFixture azurite)
{
    private const string Sample = "base";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Intake", "cases");

    /// <summary>Files whose names some file systems cannot hold; their bytes are those of the sample's draft.</summary>
    private static readonly Dictionary<string, string[]> Made = new()
    {
        ["name-apostrophe"] = ["Côte d’Ivoire rev 1.pdf"],
        ["two-names-by-case"] = ["draft-rev-1.pdf", "Draft-Rev-1.pdf"],
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_case_ends_as_it_may_says_what_is_wrong_and_holds_what_was_typed()
    {
        var cases = Index();
        Assert.Equal(64, cases.Count);
        await using var workflow = await TestWorkflow.OpenAt("2025-11-20 12:00", azurite);
        var usual = (await Run(workflow, Sample)).Findings.Select(finding => finding.Number).ToHashSet();
        var wrong = new ConcurrentDictionary<string, string>();
        await Parallel.ForEachAsync(
            cases,
            Cancellation,
            async (one, _) =>
            {
                if (Problem(one, await Run(workflow, one.Name), usual) is { } problem)
                    wrong[one.Name] = problem;
            });

        Assert.True(
            wrong.IsEmpty,
            $"""
            {cases.Count - wrong.Count} of {cases.Count} end right.
            {string.Join("\n", wrong.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}: {one.Value}"))}
            """);
    }

    /// <param name="May">How it may end: <c>fault</c>, <c>warning</c>, <c>made</c>.</param>
    /// <param name="Said">What a finding must say, an expression; empty for anything.</param>
    /// <param name="Holds">What the letter must hold where it is made, an expression.</param>
    private sealed record Case(string Name, string[] May, string Said, string Holds);

    /// <param name="Parts">The letter as <c>html</c>, <c>text</c> and <c>pdf</c>; empty where it cannot be sent.</param>
    /// <param name="Waits">The files it waits for.</param>
    private sealed record Outcome(
        IReadOnlyList<Finding> Findings,
        IReadOnlyDictionary<string, string> Parts,
        IReadOnlyList<string> Waits);

    private static IReadOnlyList<Case> Index() =>
    [
        .. File.ReadAllLines(Path.Combine(Folder, "index.csv"))
            .Skip(1)
            .Select(line => line.Split(',', 4))
            .Select(cells => new Case(cells[0], cells[1].Split('|'), cells[2], cells[3])),
    ];

    /// <summary>What is wrong with how a case ended; null if nothing is.</summary>
    private static string? Problem(Case one, Outcome outcome, IReadOnlySet<int> usual)
    {
        var told = string.Join(" ", outcome.Findings.Select(finding => $"{finding.Severity}: {finding}"));
        if (outcome.Waits is not [])
            return $"It waits for {string.Join(", ", outcome.Waits)}. {told}";
        var isMade = outcome.Parts.Count > 0;
        var warns = outcome.Findings.Any(finding => finding.NeedsAPerson && !usual.Contains(finding.Number));
        string[] ends = !isMade ? ["fault"] : warns ? ["warning", "made"] : ["made"];
        if (!ends.Any(one.May.Contains))
            return $"It may end as {string.Join(" or ", one.May)} and ends as {ends[0]}. {told}";
        // Whoever is told nothing must find the letter as it was typed; whoever is told must be told what it is.
        if ((!isMade || !one.May.Contains("made")) && !Regex.IsMatch(told, one.Said))
            return $"No finding says “{one.Said}”. {told}";
        var part = Regex.Match(one.Holds, "^(html|pdf|text):");
        var expression = one.Holds[part.Length..];
        var without = outcome.Parts
            .Where(made => !part.Success || made.Key == part.Groups[1].Value)
            .Where(made => !Regex.IsMatch(made.Value, expression))
            .Select(made => made.Key)
            .ToList();
        return without is [] || (warns && one.May.Contains("warning"))
            ? null
            : $"“{expression}” does not stand in {string.Join(", ", without)}: {outcome.Parts["pdf"]}";
    }

    private static async Task<Outcome> Run(TestWorkflow workflow, string name)
    {
        if (!name.StartsWith("register/", StringComparison.Ordinal))
            return await Run(workflow, name, await workflow.Get<RegisterInUse>().Current(Cancellation));
        var reading = RegisterCsv.Read(
            Path.GetFileName(name),
            await File.ReadAllBytesAsync(Path.Combine(Folder, name), Cancellation));
        if (!reading.Succeeded)
            return new(reading.Faults, new Dictionary<string, string>(), []);
        var outcome = await Run(workflow, Sample, reading.Register);
        return outcome with { Findings = [.. reading.Faults, .. outcome.Findings] };
    }

    private static async Task<Outcome> Run(TestWorkflow workflow, string name, MissionRegister register)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Folder, name)).ToDictionary(
            path => $"gcm/draft/{Path.GetFileName(path)}",
            File.ReadAllBytes);
        foreach (var made in Made.GetValueOrDefault(name, []))
            files[$"gcm/draft/{made}"] = await File.ReadAllBytesAsync(
                Path.Combine(Folder, Sample, "draft-rev-1.pdf"),
                Cancellation);
        var result = await workflow.Get<LetterCheck>().Check(
            new(
                new(
                    new("gcm", "draft"),
                    [.. files.Select(file => new DraftFile(file.Key, "1", file.Value.Length))],
                    Standing: null),
                (file, _) => Task.FromResult<ReadOnlyMemory<byte>?>(files[file.Name]),
                register,
                workflow.Get<EarlierLetters>()),
            Cancellation);
        return result switch
        {
            CheckResult.Sound sound => new(sound.Letter.Warnings, Parts(sound), []),
            CheckResult.Refused refused => new(refused.Faults, new Dictionary<string, string>(), []),
            CheckResult.Waits waits => new([], new Dictionary<string, string>(), waits.Missing),
            _ => throw new InvalidOperationException($"{name} is neither sound nor refused: {result}."),
        };
    }

    private static Dictionary<string, string> Parts(CheckResult.Sound sound)
    {
        var content = sound.Letter.Content;
        var preflight = new Preflight(
            IsStanding: false,
            content.Letter,
            content.Templates,
            sound.Files.Enclosures,
            content.Roster,
            content.Translations);
        var letter = preflight
            .Renderer(content.Letter)
            .Render(content.Roster[0], "https://letters.example/acknowledge/x", content.PdfsOf(content.Roster[0]));
        return new()
        {
            ["html"] = letter.Html,
            ["text"] = letter.Text,
            ["pdf"] = string.Join('\n', Pdf.Lines(sound.Files.Printed[0].Bytes)),
        };
    }
}
