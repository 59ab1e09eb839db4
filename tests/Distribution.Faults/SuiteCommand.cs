using System.CommandLine;
using Distribution.Register;

namespace Distribution.FaultSuite;

/// <summary>The command line of the suite.</summary>
internal static class SuiteCommand
{
    public static async Task<int> Run(IReadOnlyList<string> arguments)
    {
        var kills = new Option<int>("--kills")
        {
            HelpName = "N",
            Description =
                "How many times a worker is killed in the middle of its work, over as many distributions as that takes (default: 25).",
            DefaultValueFactory = _ => 25,
        };
        var seed = new Option<int>("--seed")
        {
            HelpName = "N",
            Description =
                "What all chance comes from: the same number gives the same faults at the same letters. How two processes fall in with each other stays the machine's affair (default: another number each time, which is printed).",
            DefaultValueFactory = _ => Random.Shared.Next(1, 1_000_000),
        };
        var missions = new Option<int?>("--missions")
        {
            HelpName = "N",
            Description =
                "Instead of breaking anything, send one distribution to so many missions, up to the 10000 that are promised, and print how much memory the worker takes on the way.",
        };
        foreach (var option in (Option<int>[])[kills, seed])
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 0)
                    result.AddError($"{option.Name} takes a number from 0 up.");
            });
        missions.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > MostMissions)
                result.AddError($"--missions takes a number from 1 to {MostMissions}.");
        });
        var root = new RootCommand(
            "Kills workers in the middle of their work, breaks mail, storage and queues, and then asks the server that received the letters what really arrived. "
                + "Everything stays on this machine. Leaves with 0 only when no letter was lost, none doubled in silence and none left in doubt."
        )
        {
            kills,
            seed,
            missions,
        };
        root.SetAction(async (parsed, cancellation) =>
        {
            var suite = new Suite(parsed.GetValue(seed), Console.Out);
            return parsed.GetValue(missions) is { } many
                ? await suite.SendMany(many, cancellation)
                : await suite.Run(parsed.GetValue(kills), cancellation);
        });
        return await root.Parse(arguments)
            .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
    }

    private const int MostMissions = MissionRegister.MostMissions;
}
