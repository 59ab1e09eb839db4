using Distribution.Common;
using Distribution.Hosting;
using Distribution.Local.Screen;
using Distribution.Tracking.Archive;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Distribution.Local;

/// <summary>
/// Notes in the service's record what <see cref="ContinueRun"/> sent while it was out of reach. Sends nothing.
/// </summary>
internal static class BringBackRun
{
    /// <returns>The exit code: 0 where all of it is on record now.</returns>
    /// <exception cref="LocalFaultException">It cannot be noted.</exception>
    public static async Task<int> Run(BringBackOptions options, IAnsiConsole console, CancellationToken cancellation)
    {
        await using var file = ContinueRun.OpenArchive(options.Archive);
        // Verified before storage is asked: what is refused must not have created a table anywhere.
        await using var archive = await ContinueRun.Verified(file, options.Archive, options.Head, cancellation);
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddDistribution(
                new ConfigurationBuilder().AddInMemoryCollection(StorageOption.Settings(options.Storage)).Build())
            .BuildServiceProvider();
        await LocalRun.Reach(services, options.Storage, cancellation);
        try
        {
            Show(
                await services.GetRequiredService<BringBack>().Note(archive, LocalPerson.User.Name, cancellation),
                console);
            return 0;
        }
        catch (InvalidDataException refused)
        {
            throw new LocalFaultException(
                $"Nothing was noted. {refused.Message}",
                "How it is done is in infra/RUNBOOK.md, “Azure is out of reach and the letter must leave”.",
                refused);
        }
    }

    private static void Show(BroughtBack brought, IAnsiConsole console)
    {
        console.Line(
            brought is { Have: [], Unknown: [] }
                ? "The record knew all of it already, and nothing was changed."
                : $"On record now: {EnglishText.Counted(brought.Have.Count, "mission")} got {brought.Distribution.DraftLabel} while the service was out of reach.");
        foreach (var mission in brought.Unknown)
            console.Line(
                $"{mission.Id}: it is not known whether {mission.Name} got it. Decide on the mission's page.");
        console.Line($"Now run: audit {brought.Distribution.Id}, and look at the letter's page before you let it go on.");
    }
}
