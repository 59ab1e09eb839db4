using Distribution.Letters.Typesetting;
using Distribution.Local.Servers;
using Distribution.Register;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Distribution.FaultSuite;

/// <summary>All runs, one after the other, and what they come to.</summary>
internal sealed class Suite(int seed, TextWriter output)
{
    private const int KillsInOneRun = 5;

    private static readonly TimeSpan LongestRecovery = TimeSpan.FromSeconds(60);

    private readonly Figures figures = new();

    /// <returns>The exit code.</returns>
    public async Task<int> Run(int kills, CancellationToken cancellation)
    {
        output.WriteLine($"seed {seed}");
        var tools = await Tools.Install(output.WriteLine, cancellation);
        await using var typesetter = await Typesetting(cancellation);
        await using var azurite = await Azurite.StartInMemory(
            tools,
            Enumerable.Range(0, kills + 10).Select(run => $"run{run}"),
            cancellation);
        var runs = new FaultRuns(
            azurite.ConnectionStringOf,
            typesetter,
            figures,
            seed,
            RegisterCsv.Seed().Missions.Count,
            output.WriteLine);
        for (var left = kills; left > 0 && figures.Runs < kills;)
            left -= await runs.Kill(Math.Min(left, KillsInOneRun), cancellation);
        await runs.Smtp(cancellation);
        await runs.SendGrid(cancellation);
        await runs.Storage(cancellation);
        await runs.Queue(cancellation);
        if (figures.Kills < kills)
            figures.Breaches.Add($"only {figures.Kills} of {kills} kills came before the end of a distribution");
        return Finish();
    }

    /// <summary>One distribution to many missions, with nothing broken: what does the worker need for it?</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> SendMany(int missions, CancellationToken cancellation)
    {
        const long MostGrowth = 200;
        var tools = await Tools.Install(output.WriteLine, cancellation);
        await using var typesetter = await Typesetting(cancellation);
        await using var azurite = await Azurite.StartInMemory(tools, ["run1"], cancellation);
        var runs = new FaultRuns(azurite.ConnectionStringOf, typesetter, figures, seed, missions, output.WriteLine);
        var memory = await runs.Many(cancellation);
        var growth = memory.Skip(2).DefaultIfEmpty().Max() - memory.ElementAtOrDefault(1);
        output.WriteLine($"the worker grew by {growth} MB from the second tenth of {missions} missions to the last");
        if (growth > MostGrowth)
            figures.Breaches.Add($"the worker's memory is not flat: it grew by more than {MostGrowth} MB");
        return Finish();
    }

    public static async Task<Typesetter> Typesetting(CancellationToken cancellation)
    {
        var installed = await Tools.InstallTypesetter(_ => { }, cancellation);
        return new(
            Options.Create(new TypesettingSettings { Folder = installed.Root, Node = installed.Node.Program }),
            NullLogger<Typesetter>.Instance);
    }

    private int Finish()
    {
        if (figures.LongestRecovery >= LongestRecovery)
            figures.Breaches.Add($"a recovery took {figures.LongestRecovery.TotalSeconds:0} s");
        if (!figures.IsSound)
            output.WriteLine($"Not sound. The same faults again: --seed {seed}");
        figures.Print(output);
        return figures.IsSound ? 0 : 1;
    }
}
