using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Local.Screen;
using Distribution.Local.Servers;
using Distribution.Tracking.Log;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace Distribution.Local;

/// <summary>Rebuilds a distribution's lost rows from its sealed log and its frozen content. Sends nothing.</summary>
internal static class RebuildRun
{
    private const int MostNamed = 20;

    /// <param name="settings">
    /// The service's own settings, needed only where the log lacks a Message-ID. In the folder of local runs their own
    /// are used.
    /// </param>
    /// <returns>The exit code: 0 where all of it is there again, or was there.</returns>
    /// <exception cref="LocalFaultException">Nothing can be rebuilt.</exception>
    public static async Task<int> Run(
        RebuildOptions options,
        IConfiguration settings,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        using var data = options.Storage is null ? DataFolder.Open(options.Data) : null;
        await using var storage = data is null
            ? null
            : await Azurite.Start(await Tools.Install(console.Line, cancellation), data.Storage, cancellation);
        var configuration = new ConfigurationBuilder()
            // The usual address, since the one of the run that sent the letter is not on record; environment variables
            // win.
            .AddInMemoryCollection(data is null ? [] : LocalRun.OwnSettings(CommandLine.Usual, data))
            .AddConfiguration(settings)
            .AddInMemoryCollection(StorageOption.Settings(options.Storage ?? storage!.ConnectionString))
            .Build();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddDistribution(configuration)
            .BuildServiceProvider();
        await LocalRun.Reach(services, options.Storage, cancellation);

        var result = await Rebuild(services, options, cancellation);
        return result switch
        {
            RebuildResult.Rebuilt rebuilt => Show(rebuilt, options, console),
            RebuildResult.Refused refused => Refuse(refused, console),
            _ => throw new InvalidOperationException($"There are no words for {result}."),
        };
    }

    private static async Task<RebuildResult> Rebuild(
        IServiceProvider services,
        RebuildOptions options,
        CancellationToken cancellation)
    {
        try
        {
            return await services
                .GetRequiredService<DistributionRebuild>()
                .Rebuild(options.Distribution, options.Despite, cancellation);
        }
        catch (OptionsValidationException missing)
        {
            throw new LocalFaultException(
                $"The log lacks the Message-ID of a letter, and without the service's settings none can be made. {missing.Message}",
                "Set them as environment variables, as the service has them: PublicUrl, Links__Keys__0, Mail__From and the other settings of Mail. Then run this again.",
                missing);
        }
    }

    private static int Refuse(RebuildResult.Refused refused, IAnsiConsole console)
    {
        console.Line(refused.Words);
        return ExitCodes.Faulted;
    }

    private static int Show(RebuildResult.Rebuilt rebuilt, RebuildOptions options, IAnsiConsole console)
    {
        console.Line(
            rebuilt.Restored is []
                ? "Nothing was missing, and nothing was changed."
                : $"Rebuilt from the log: {EnglishText.Listed(rebuilt.Restored)}.");
        foreach (var mission in rebuilt.Held.Take(MostNamed))
            console.Line(
                $"{mission.Id}: it is not known whether the letter to {mission.Name} was sent. Nothing is sent to it unless a person asks for it on its page."
            );
        if (rebuilt.Held.Count > MostNamed)
            console.Line($"… and {rebuilt.Held.Count - MostNamed} more.");
        foreach (var sentence in rebuilt.Lacking)
            console.Line(sentence);
        console.Line(
            $"{rebuilt.Distribution.DraftLabel} is {(rebuilt.Distribution.State switch
            {
                DistributionState.Complete => "complete",
                DistributionState.Withdrawn => "stopped",
                DistributionState.Paused => "on hold until a person lets it go on",
                var state => $"{state}, as it was",
            })}. Now run: audit {options.Distribution}");
        return 0;
    }
}
