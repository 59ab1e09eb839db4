using System.Diagnostics;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Local.Screen;
using Distribution.Local.Servers;
using Distribution.Register;
using Distribution.Storage;
using Distribution.Tracking.Archive;
using Distribution.Tracking.Log;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Distribution.Local;

/// <summary>
/// Goes on with a letter from its archive, without the service that began it: sends it to the missions that it had not
/// been sent to, and makes an archive of what has become of it.
/// </summary>
internal static class ContinueRun
{
    private const int MostNamed = 20;

    /// <param name="settings">The service's own settings.</param>
    /// <returns>The exit code: 0 where every mission is accepted.</returns>
    /// <exception cref="LocalFaultException">The letter cannot go on from this archive.</exception>
    public static async Task<int> Run(
        ContinueOptions options,
        IConfiguration settings,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        // Before anything is started: without the service's own settings, its letters would leave as somebody else's.
        LocalSettings.CheckService(settings);
        await using var file = OpenArchive(options.Archive);
        await using var archive = await Verified(file, options.Archive, options.Head, cancellation);
        console.Line(
            $"The archive of {archive.Manifest.Draft} ({archive.Manifest.Distribution}) is sound: its files are those it was made with, and its log is what was sealed. Head: {LogHead.Short(archive.Head)}");

        // A folder of its own for each letter, and the same for every run: what was sent is on record there.
        options = options with
        {
            Run = options.Run with { Data = Path.Combine(options.Run.Data, archive.Manifest.Distribution) },
        };
        var addresses = ServedAddress.Settle(options.Run.Url, 1);
        // Two runs in one folder would send the same letter side by side.
        using var data = DataFolder.Open(options.Run.Data);
        if (DiskSpace.Lacking(options.Run.Data) is { } full)
            throw new LocalFaultException(full, "Nothing was sent.");
        return await DiskSpace.Watched(
            options.Run.Data,
            stop => Run(options, settings, file, archive, addresses, data, console, stop),
            cancellation);
    }

    private static async Task<int> Run(
        ContinueOptions options,
        IConfiguration settings,
        FileStream file,
        VerifiedArchive archive,
        IReadOnlyList<Uri> addresses,
        DataFolder data,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        var tools = await Tools.Install(console.Line, cancellation);
        var typesetter = await Tools.InstallTypesetter(console.Line, cancellation);
        await using var storage = options.Run.Storage is null
            ? await Azurite.Start(tools, data.Storage, cancellation)
            : null;
        await using var app = LocalRun.Build(
            options.Run,
            addresses,
            data,
            typesetter,
            storage,
            post: null,
            new ConfigurationBuilder()
                .AddConfiguration(settings)
                // Mail that comes back is for the service: what is read here would be marked as read, and it would
                // never see it.
                .AddInMemoryCollection([new("Inbound:ImapServer", "")])
                .Build());
        await LocalRun.Prepare(app, options.Run, console, cancellation);
        if (!await Begin(app.Services, archive, options, console, cancellation))
            return ExitCodes.Faulted;
        // It may be the very file that the new archive is written to.
        await archive.DisposeAsync();
        await file.DisposeAsync();
        LocalRun.UsePages(app);
        await app.StartAsync(cancellation);
        try
        {
            var code = await Follow(
                app.Services,
                archive.Manifest.Distribution,
                options.Run.Data,
                console,
                cancellation);
            await Save(app.Services, archive.Manifest.Distribution, options, console, cancellation);
            if (options.Run.Once)
                return code;
            console.Line("");
            new WhereToLook(addresses[0], Inbox: null, Storage: null).Show(console);
            console.Line("Ctrl-C stops everything. Run the same again to make the archive anew.");
            await LocalRun.Stopped(cancellation);
            return 0;
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
        }
    }

    /// <exception cref="LocalFaultException">The file cannot be read.</exception>
    public static FileStream OpenArchive(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LocalFaultException(
                $"{path} cannot be read: {unreadable.Message.TrimEnd('.')}.",
                "Give the zip that a letter's page offers as its archive.",
                unreadable);
        }
    }

    /// <exception cref="LocalFaultException">It is no archive, or was changed.</exception>
    public static async Task<VerifiedArchive> Verified(
        FileStream file,
        string path,
        string? head,
        CancellationToken cancellation)
    {
        try
        {
            return await VerifiedArchive.Open(file, head, cancellation);
        }
        catch (Exception unsound) when (unsound is InvalidDataException or LaterFormatException or IOException)
        {
            throw new LocalFaultException(
                $"{path} cannot be relied on, and nothing was done. {unsound.Message}",
                "Give the archive as the letter's page gave it, whole and unchanged.",
                unsound);
        }
    }

    /// <returns>False where nothing is to be sent yet; why is told.</returns>
    private static async Task<bool> Begin(
        IServiceProvider services,
        VerifiedArchive archive,
        ContinueOptions options,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        var continuation = services.GetRequiredService<Continuation>();
        try
        {
            if (await continuation.Begun(archive, cancellation) is { } begun)
            {
                console.Line("It was taken over before, and goes on where it stopped.");
                var open = await continuation.Open(
                    begun,
                    Evidence(options.Sent),
                    LocalPerson.User.Name,
                    cancellation);
                // Asked anew, however often it was confirmed before: by now it may be another number, and a person has
                // to have seen it.
                if (open > 0 && options.SendTo != open)
                {
                    console.Line(
                        $"{EnglishText.Counted(open, "mission")} {(open == 1 ? "is" : "are")} still to be sent to. Where this machine, or the storage emulator on it, was killed while letters were leaving, what left in the last seconds may not be on record: give --sent the mail server's log. Then run this again with --send-to {open}");
                    return false;
                }

                await continuation.GoOn(begun, LocalPerson.User.Name, cancellation);
                return true;
            }

            var plan = await continuation.Plan(archive, Evidence(options.Sent), cancellation);
            Show(plan, archive, console);
            if (plan.Unsent is [])
            {
                console.Line(
                    "It leaves nothing to send. What is not known is decided on the letter's page, when the service is back.");
                return false;
            }

            // The number and no mere yes: it shows that the person has read what is left.
            if (options.SendTo != plan.Unsent.Count)
            {
                console.Line(
                    options.SendTo is { } other
                        ? $"Nothing was sent: --send-to says {other}, and there are {plan.Unsent.Count}."
                        : "Nothing was sent.");
                console.Line(
                    $"See to it first that the service sends nothing more, also when it is back: infra/RUNBOOK.md, “Azure is out of reach and the letter must leave”. Then run this again with --send-to {plan.Unsent.Count}");
                return false;
            }

            foreach (var sentence in await continuation.Begin(archive, plan, LocalPerson.User.Name, cancellation))
                console.Line(sentence);
            return true;
        }
        catch (InvalidDataException refused)
        {
            throw new LocalFaultException(
                $"Nothing was sent. {refused.Message}",
                "What to do instead is in infra/RUNBOOK.md, “Azure is out of reach and the letter must leave”.",
                refused);
        }
    }

    private static string Evidence(string? path)
    {
        try
        {
            return path is null ? "" : File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LocalFaultException(
                $"{path} cannot be read: {unreadable.Message.TrimEnd('.')}.",
                "Give --sent the mail server's log, or a text file with the id of a mission on each line.",
                unreadable);
        }
    }

    private static void Show(ContinuationPlan plan, VerifiedArchive archive, IAnsiConsole console)
    {
        var missions = archive.Content.Roster.Count;
        console.Line(
            $"The last thing it knows is of {NewYorkTime.Words(plan.Until)} (New York time). Of {EnglishText.Counted(missions, "mission")}, {missions - plan.Unsent.Count - plan.Unknown.Count - plan.FoundSent.Count} need nothing more, {plan.Unsent.Count} had not been sent the letter, and of {plan.Unknown.Count} it is not known.");
        if (plan.Stopped is { } stopped)
            console.Line(
                $"It was stopped by {stopped.By ?? "the service"} on {NewYorkTime.Words(stopped.At)} (New York time): nothing left after that. Be sure that it was stopped for the outage, and not because the letter is wrong.");
        else
            console.Line(
                $"The letter was leaving. What the service sent after that moment the archive does not know: any of these {plan.Unsent.Count} may have it already, and would get it a second time, with the same Message-ID. Give --sent the mail server's log where you have it.");
        Name("To be sent", plan.Unsent, console);
        Name("Found as sent, and left out", plan.FoundSent, console);
        Name("Not known, and sent to only if you ask for it on the mission's page", plan.Unknown, console);
    }

    private static void Name(string what, IReadOnlyList<Mission> missions, IAnsiConsole console)
    {
        if (missions is not [])
            console.Line(
                $"{what}: {string.Join(", ", missions.Take(MostNamed).Select(mission => mission.Id))}{(missions.Count > MostNamed ? $" … and {missions.Count - MostNamed} more" : "")}.");
    }

    private static async Task<int> Follow(
        IServiceProvider services,
        string id,
        string data,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var letter = await services.GetRequiredService<DistributionRecords>().Find(id, cancellation)
            ?? throw new InvalidOperationException($"Distribution {id} is not on record.");
        return await LocalRun.Follow(
            services,
            LocalRun.Progress(services, letter.Folder, DateTimeOffset.MinValue),
            id,
            data,
            clock,
            console,
            cancellation);
    }

    /// <summary>In the letter's folder. One of an earlier run is written over: this one knows more.</summary>
    private static async Task Save(
        IServiceProvider services,
        string id,
        ContinueOptions options,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        // The timer may be sealing at this moment, and the archive would be made without what it has not sealed yet: what
        // the log lacks is not brought back, and would be sent once more.
        try
        {
            await services.GetRequiredService<LogSealer>().SealInTurn(id, cancellation);
        }
        // Whoever checks the archive is told of it.
        catch (InvalidDataException broken)
        {
            console.Line(broken.Message);
        }

        var target = Path.Combine(options.Run.Data, $"archive-{id}-continued.zip");
        // Under another name first: an archive that was cut off must not take the place of a whole one.
        await using (var file = File.Create(target + ".partial"))
            await services.GetRequiredService<DistributionArchive>().Write(id, file, cancellation);
        File.Move(target + ".partial", target, overwrite: true);
        console.Line(
            $"What has become of it is in {target}. Keep it: when the service is back, and before anyone lets the letter go on there, bring it back with the command bring-back.");
    }
}
