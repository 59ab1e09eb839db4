using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Local.Screen;
using Distribution.Local.Servers;
using Distribution.Tracking.Log;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Distribution.Local;

/// <summary>
/// Audits one distribution and says what, if anything, prevents the proof, and which missions do not have the letter.
/// </summary>
internal static class AuditRun
{
    private const int MostNamed = 20;

    /// <returns>
    /// The exit code: 0 only where the distribution is complete and proven. It is not while a mission does not have the
    /// letter.
    /// </returns>
    /// <exception cref="LocalFaultException">The audit cannot run.</exception>
    public static async Task<int> Run(AuditOptions options, IAnsiConsole console, CancellationToken cancellation)
    {
        using var data = options.Storage is null ? DataFolder.Open(options.Data) : null;
        await using var storage = data is null
            ? null
            : await Azurite.Start(await Tools.Install(console.Line, cancellation), data.Storage, cancellation);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(StorageOption.Settings(options.Storage ?? storage!.ConnectionString))
            .Build();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddDistribution(configuration)
            .BuildServiceProvider();
        await LocalRun.Reach(services, options.Storage, cancellation);

        if (await services.GetRequiredService<DistributionRecords>().Find(options.Distribution, cancellation)
            is not { } distribution)
            throw await Unknown(services, options.Distribution, cancellation);
        if (distribution.State
            is not (DistributionState.AwaitingRelease or DistributionState.Replaced or DistributionState.Discarded))
            await Seal(services, distribution, console, cancellation);
        var report = await services.GetRequiredService<DistributionAudit>().Of(distribution.Id, cancellation)
            ?? throw new InvalidOperationException($"Distribution {distribution.Id} went off record during the audit.");
        Show(report, console);
        return report.IsComplete ? 0 : ExitCodes.Faulted;
    }

    /// <summary>
    /// Seals the end of the log before the audit: a run that stopped after its last letter has left it unsealed.
    /// </summary>
    private static async Task Seal(
        IServiceProvider services,
        DistributionRecord distribution,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        try
        {
            if (await services.GetRequiredService<LogSealer>().Seal(distribution.Id, makeUp: true, cancellation) is null
            )
                console.Line("Another worker is sealing the log; this audit takes it as it is.");
        }
        // The audit goes on and names every breach; this is only the first that sealing met.
        catch (InvalidDataException broken)
        {
            console.Line(broken.Message);
        }
    }

    private static void Show(AuditReport report, IAnsiConsole console)
    {
        var breaches = report.Breaches.ToList();
        foreach (var breach in breaches.Take(MostNamed))
            console.Line(breach.MissionId is { } mission ? $"{mission}: {breach.Words}" : breach.Words);
        if (breaches.Count > MostNamed)
            console.Line($"… and {breaches.Count - MostNamed} more.");
        console.Line(
            $"Log: {EnglishText.Counted(report.Facts, "fact")} sealed in {EnglishText.Counted(report.Links, "link")}, {report.Waiting} not sealed. Files compared: {report.Files}."
        );
        if (report.Head is { } head)
            console.Line($"Head: {LogHead.Short(head)}");
        console.Line($"Reached: {report.Reach.Sentence}");
        console.Line(
            $"{report.Verdict}: {report.Accountable} of {report.Distribution.MissionCount} missions accounted for.{(report.IsAccounted && !report.IsProven ? " Run the audit again." : "")}"
        );
    }

    private static async Task<LocalFaultException> Unknown(
        IServiceProvider services,
        string id,
        CancellationToken cancellation)
    {
        var known = (await services.GetRequiredService<DistributionRecords>().All(cancellation))
            .Select(distribution => distribution.Id)
            .ToList();
        return new(
            $"There is no distribution {id} in this storage.",
            known.Count == 0
                ? "It holds none: give another folder with --data, or an account with --storage."
                : $"Give one of {EnglishText.Listed([.. known.Take(5)], "or")}{(known.Count > 5 ? ", or another one the front page lists" : "")}."
        );
    }
}
