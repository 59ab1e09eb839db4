using System.Diagnostics;
using Azure.Identity;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Letters.Typesetting;
using Distribution.Local.Screen;
using Distribution.Local.Servers;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking;
using Distribution.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace Distribution.Local;

/// <summary>
/// One run on this machine: starts the servers, uploads the letter, serves the pages, and stops everything at the end.
/// </summary>
internal static class LocalRun
{
    private const string SampleStays = "The sample was not uploaded: it would leave this machine.";

    public static readonly string Sample = Path.Combine(
        AppContext.BaseDirectory,
        "templates",
        "co-facilitators",
        "sample");

    /// <returns>The exit code.</returns>
    /// <exception cref="LocalFaultException">The run cannot start.</exception>
    /// <exception cref="SenderFaultException">The mail transport cannot be used.</exception>
    public static async Task<int> Run(
        LocalOptions options,
        IAnsiConsole console,
        CancellationToken cancellation,
        Typesetter? running = null)
    {
        var addresses = ServedAddress.Settle(options.Url, Math.Max(1, options.People.Count));
        using var data = DataFolder.Open(options.Data);
        if (DiskSpace.Lacking(options.Data) is { } full)
            throw new LocalFaultException(full, "Nothing was uploaded or sent.");
        return await DiskSpace.Watched(
            options.Data,
            stop => Run(options, addresses, data, console, running, stop),
            cancellation);
    }

    private static async Task<int> Run(
        LocalOptions options,
        IReadOnlyList<Uri> addresses,
        DataFolder data,
        IAnsiConsole console,
        Typesetter? running,
        CancellationToken cancellation)
    {
        var address = addresses[0];
        var tools = options is { Storage: not null, Mail: not null }
            ? null
            : await Tools.Install(console.Line, cancellation);
        // Installed before the servers start: it can take minutes, and may fail.
        var typesetter = await Tools.InstallTypesetter(console.Line, cancellation);
        if (tools is not null)
            console.Line($"Starting {string.Join(" and ", Servers(options))} …");
        await using var storage = options.Storage is null
            ? await Azurite.Start(tools!, data.Storage, cancellation)
            : null;
        await using var post = options.Mail is null ? await PostOffice.Start(tools!, data.Inbox, cancellation) : null;

        await using var app = Build(options, addresses, data, typesetter, storage, post, running: running);
        await Prepare(app, options, console, cancellation);
        SayWhoReleases(app, options, console);
        // Before the pumps start, so that no folder is examined while it is only half uploaded.
        var passage = await Upload(app.Services, options, console, cancellation);
        UsePages(app);
        await app.StartAsync(cancellation);
        // Ends the watch over the storage emulator before that is stopped on purpose, or it would be started once more.
        using var wanted = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Where letters leave this machine it is not started again: what it had not stored would be sent a second time.
        var kept =
            storage is null || app.Services.GetRequiredService<IMailTransport>().LeavesTheMachine
                ? Task.CompletedTask
                : storage.KeepRunning(tools!, data.Storage, console.Line, wanted.Token);
        try
        {
            var code = passage is null ? 0 : await CarryThrough(app.Services, passage, options, console, cancellation);
            if (options.Once)
                return code;
            console.Line("");
            new WhereToLook(address, post?.WebUri, storage?.ConnectionString).Show(console);
            if (options.People is [])
                console.Line(
                    $"The pages take you for {LocalPerson.User.Name}, with every role, since they are served to this machine only."
                );
            foreach (var (person, at) in options.People.Zip(addresses))
                console.Line($"{at} takes you for {person.Name} ({EnglishText.Listed(person.Roles)}).");
            console.Line("Ctrl-C stops everything.");
            await Stopped(cancellation);
            return 0;
        }
        catch (Exception lost)
            when (storage is { WasKilled: true } && lost is not (LocalFaultException or OperationCanceledException))
        {
            throw new LocalFaultException(
                "Something ended the storage emulator, and what it had not stored yet is lost, the letter's record with it.",
                "Start again: the letter is uploaded anew, and what this run has written can then be there twice.",
                lost);
        }
        finally
        {
            // In this order: the workers put back what they have taken while storage is still there.
            await app.StopAsync(CancellationToken.None);
            await wanted.CancelAsync();
            await kept.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static IEnumerable<string> Servers(LocalOptions options) =>
        [
            .. options.Storage is null ? ["the storage emulator"] : (string[])[],
            .. options.Mail is null ? ["the test post office"] : (string[])[],
        ];

    /// <summary>
    /// The settings from which local runs make links, addresses and Message-IDs, unless others are given.
    /// </summary>
    public static Dictionary<string, string?> OwnSettings(Uri address, DataFolder data) =>
        new(LocalSettings.Defaults)
        {
            ["PublicUrl"] = address.ToString().TrimEnd('/'),
            ["Links:Keys:0"] = data.LinkKey(),
        };

    /// <param name="settings">Settings that win over those of the environment; null for none.</param>
    /// <param name="running">A typesetter that runs already; null to start one.</param>
    public static WebApplication Build(
        LocalOptions options,
        IReadOnlyList<Uri> addresses,
        DataFolder data,
        ToolsFolder typesetter,
        Azurite? storage,
        PostOffice? post,
        IConfiguration? settings = null,
        Typesetter? running = null)
    {
        var builder = WebApplication.CreateBuilder(LocalSettings.Host);
        if (settings is not null)
            builder.Configuration.AddConfiguration(settings);
        // Below all other sources: whatever is set anywhere wins over these.
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>(OwnSettings(addresses[0], data))
            {
                ["Typesetting:Folder"] = typesetter.Root,
                ["Typesetting:Node"] = typesetter.Node.Program,
            },
        });
        // Above all other sources: what the command line says is what was asked for last.
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>(
                StorageOption.Settings(options.Storage ?? storage!.ConnectionString))
            {
                ["Mail:Transport"] = options.Mail ?? post!.SmtpUri.ToString().TrimEnd('/'),
                ["Templates"] = options.Templates ?? "templates",
            });

        builder.WebHost.UseUrls([.. addresses.Select(address => $"{address}")]);
        // Nobody has to know which server answers.
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        builder.Logging.ClearProviders().AddProvider(new LogFile(data.Log));
        builder
            .Logging.SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Distribution", LogLevel.Information)
            // It warns that the Data Protection keys are stored unencrypted. They are stored beside the letters, which
            // are no better protected.
            .AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        // Where mail stays on this machine, no letter can leave it by accident, so automatic release is allowed and one
        // person is enough; but where two people are played, both are needed. Registered before the workflow's own
        // configuration, so that a setting overrides it.
        builder.Services.AddOptions<ReleaseSettings>()
            .Configure<IServiceProvider>((release, services) =>
            {
                var stays = options.People.Count < 2 && StaysHere(services);
                (release.AllowAutomatic, release.People) = (stays, stays ? 1 : release.People);
            });
        builder.Services
            .AddDistribution(builder.Configuration)
            .AddDistributionWeb()
            .AddLocalSignIn(
                new(options.People.Zip(addresses).ToDictionary(played => played.Second.Port, played => played.First)))
            .AddSingleton(QueueRules.Read(Path.Combine(AppContext.BaseDirectory, "host.json")))
            .AddHostedService<QueuePump>()
            .AddSingleton<ReconcilePump>()
            .AddHostedService(services => services.GetRequiredService<ReconcilePump>());
        if (running is not null)
            builder.Services.AddSingleton(running);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        return builder.Build();
    }

    /// <summary>The pages, and what a person sends on them is looked at soon.</summary>
    public static void UsePages(WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            await next(context);
            // After the answer, when all that was sent is stored. Pages ask again and again by themselves, and wake
            // nothing.
            if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
                context.RequestServices.GetRequiredService<ReconcilePump>().Wake();
        });
        app.UseDistributionWeb();
    }

    private static bool StaysHere(IServiceProvider services)
    {
        try
        {
            return !services.GetRequiredService<IMailTransport>().LeavesTheMachine
                && services.GetRequiredService<StorageAccount>().IsOnThisMachine;
        }
        catch (Exception unusable) when (unusable is OptionsValidationException or InvalidOperationException)
        {
            // Prepare reports the wrong setting by its name, before anything is uploaded.
            return false;
        }
    }

    /// <summary>Finds every problem of the setup here, before anything is uploaded.</summary>
    public static async Task Prepare(
        WebApplication app,
        LocalOptions options,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        var transport = LocalSettings.Settled(app.Services);
        // With --once nothing would be carried through, and exit code 0 would say that all was; without it, a line says
        // so, and the pages are served.
        if (options is { Sample: true, Once: true } && (transport.LeavesTheMachine || IsElsewhere(app.Services)))
            throw new LocalFaultException(SampleStays, "Give your own letter with --drafts DIR, or leave --mail out.");
        if (IsElsewhere(app.Services))
        {
            if (options.Mail is null)
                throw new LocalFaultException(
                    "The storage account is on another machine and may serve a deployment: letters queued there would end in the test post office here and count as sent.",
                    "Say with --mail where they shall go, and give the service's own settings.");
            LocalSettings.CheckService(LocalSettings.Read());
        }

        await Reach(app.Services, options.Storage, cancellation);
        try
        {
            await transport.Probe(cancellation);
        }
        catch (SenderFaultException later) when (later is { Passes: true, IsAnswer: true })
        {
            // The server is there and may take letters in a minute: until then a distribution is on hold, and says so.
            console.Line(later.Message);
        }

        if (options.Register is { } register)
            await UseRegister(app.Services, register, options, console, cancellation);
        console.Line($"Mail goes to: {transport.Description}.");
    }

    /// <returns>False also where the connection string cannot be read, which <see cref="Reach"/> tells.</returns>
    private static bool IsElsewhere(IServiceProvider services)
    {
        try
        {
            return !services.GetRequiredService<StorageAccount>().IsOnThisMachine;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void SayWhoReleases(WebApplication app, LocalOptions options, IAnsiConsole console)
    {
        if (options.People.Count < 2
            && app.Services.GetRequiredService<IOptions<ReleaseSettings>>().Value.People > 1)
            console.Line(
                "A release needs two people, and this machine knows only you: set Release__People=1 if you alone shall release here, or play two with --as."
            );
    }

    /// <summary>
    /// Makes sure that the storage account answers and has the tables, queues and containers it needs.
    /// </summary>
    /// <param name="storage">As <c>--storage</c> names it; null for the emulator.</param>
    /// <exception cref="LocalFaultException">The account does not answer, or refuses.</exception>
    public static async Task Reach(IServiceProvider services, string? storage, CancellationToken cancellation)
    {
        var remedy = StorageOption.Remedy(storage);
        try
        {
            var account = services.GetRequiredService<StorageAccount>();
            // All three: a firewall, or a name that was mistyped, may cut off one service of an account alone.
            await Task.WhenAll(
                ((Uri[])[account.Blobs.Uri, account.Queues.Uri, account.Tables.Uri]).Select(service =>
                    Answers(service, remedy, cancellation)));
            await services.GetRequiredService<IWorkflow>().CreateStorage(cancellation);
        }
        catch (InvalidOperationException unreadable)
        {
            throw new LocalFaultException(
                "The connection string of the storage account cannot be read.",
                remedy,
                unreadable);
        }
        catch (Exception refusal) when (StorageFailures.IsStorages(refusal) || refusal is AuthenticationFailedException)
        {
            throw new LocalFaultException("The storage account refuses what it is asked.", remedy, refusal);
        }
    }

    /// <summary>Any answer will do, even an error. The storage clients themselves would retry for minutes.</summary>
    private static async Task Answers(Uri service, string remedy, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        try
        {
            using var answer = await client.GetAsync(service, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (Exception silence)
            when (silence is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new LocalFaultException(
                $"The storage account at {service.Authority} cannot be reached.",
                $"See that it runs. {remedy}",
                silence);
        }
    }

    /// <exception cref="LocalFaultException">
    /// The register has faults, or waits for a person while a letter is to go to the missions in it.
    /// </exception>
    private static async Task UseRegister(
        IServiceProvider services,
        string path,
        LocalOptions options,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        await services
            .GetRequiredService<RegisterContainer>()
            .Upload(await File.ReadAllBytesAsync(path, cancellation), cancellation);
        switch (await services.GetRequiredService<RegisterInUse>().AdoptUploaded(cancellation))
        {
            case { State: UploadedRegisterState.Refused, Faults: var faults }:
                throw new LocalFaultException(
                    $"The register {path} was not taken over; the one in use before stays.{Environment.NewLine}{string.Join(Environment.NewLine, faults)}{Environment.NewLine}",
                    "Correct the file and start again.");
            case { State: UploadedRegisterState.Waits } waiting:
                var told =
                    $"The register {path} waits for a person to confirm it; the one in use before stays.{Environment.NewLine}{string.Join(Environment.NewLine, [.. waiting.Reasons.Select(reason => reason.ToString()), .. waiting.Reading.ToConfirm.Select(finding => $"{finding}")])}";
                // A letter uploaded now would go to the missions of the register before, which nobody who gives another
                // one has in mind.
                if (options is { Once: true } or { Sample: true } or { Drafts: not null })
                    throw new LocalFaultException(
                        $"{told}{Environment.NewLine}",
                        $"Start with --no-sample and without --once and --drafts, confirm it on the page {Addresses.Register}, and start again.");
                console.Line(told);
                console.Line($"Look at it and confirm it on the page {Addresses.Register}.");
                break;
        }
    }

    /// <returns>The upload to follow, or null where there is none.</returns>
    private static async Task<UploadProgress?> Upload(
        IServiceProvider services,
        LocalOptions options,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        if (options.Drafts is null && !options.Sample)
            return null;
        if (options.Sample
            && (
                services.GetRequiredService<IMailTransport>().LeavesTheMachine
                || !services.GetRequiredService<StorageAccount>().IsOnThisMachine))
        {
            console.Line($"{SampleStays} Give your own letter with --drafts DIR.");
            return null;
        }

        var folder = options.Drafts is { } own
            ? new DraftFolder(own)
            : new DraftFolder(Sample, new("sample", "draft-rev-1"));
        var drafts = services.GetRequiredService<Drafts>();
        // Before the upload: its examination may end before this method does.
        var since = DateTimeOffset.UtcNow;
        if (options.Sample && await HasBecomeALetter(services.GetRequiredService<Uploads>(), folder, cancellation))
        {
            console.Line($"The sample is in {ResourceNames.Drafts}/{folder.Target} already, from an earlier run.");
            since = DateTimeOffset.MinValue;
        }
        else
        {
            await folder.Upload(
                drafts,
                cancellation,
                options.Sample
                    ? letter => LocalSample.Adapted(
                        letter,
                        NewYorkTime.Day(since),
                        services.GetRequiredService<IOptions<ReleaseSettings>>().Value.AllowAutomatic)
                    : null);
            console.Line(
                $"Uploaded {(options.Sample ? "the sample" : folder.Path)} to {ResourceNames.Drafts}/{folder.Target}.");
        }

        return Progress(services, folder.Target, since);
    }

    /// <param name="since">When it was uploaded: examinations before that do not count.</param>
    public static UploadProgress Progress(IServiceProvider services, UploadFolder folder, DateTimeOffset since) =>
        new(
            services.GetRequiredService<Uploads>(),
            services.GetRequiredService<DistributionRecords>(),
            services.GetRequiredService<MissionEntries>(),
            services.GetRequiredService<EntryStates>(),
            services.GetRequiredService<LetterPreparation>(),
            services.GetRequiredService<Drafts>(),
            folder,
            since);

    /// <summary>
    /// Whether the folder has become a letter before, whatever the words and dates of the sample were then. Uploaded
    /// again, it would be another letter, and the missions would get two.
    /// </summary>
    private static async Task<bool> HasBecomeALetter(
        Uploads uploads,
        DraftFolder folder,
        CancellationToken cancellation) =>
        await uploads.Find(folder.Target, cancellation) is { Value.Versions: not [] };

    private static async Task<int> CarryThrough(
        IServiceProvider services,
        UploadProgress passage,
        LocalOptions options,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        // With --once, do not wait for missing files: the folder was uploaded whole, so they are not on their way.
        var upload = await passage.Examined(
            patient: !options.Once,
            waiting =>
                console.Line(
                    waiting.ScanWaits is { } why
                        ? $"Waiting for the malware scanner: {why}"
                        : $"Waiting for {string.Join(", ", waiting.WaitingFor)}: put it into {ResourceNames.Drafts}/{passage.Folder}."
                ),
            (made, preparation) => console.Line($"Typesetting the letters: {made} of {preparation.Letters}"),
            cancellation);
        foreach (var fault in upload.Faults)
            console.Line(ConsoleText.For(fault));
        // A letter may have been made although a finding was told: notes and warnings refuse none.
        if (upload.DistributionId is not { } id)
        {
            console.Line(
                upload.ScanWaits is { } unscanned
                    ? $"Nothing was sent, for it could not be scanned for malware: {unscanned} Have the scanner put right and start again."
                : upload.State == UploadState.Waiting
                    ? upload.WaitingFor is [BlobNames.Letter]
                        ? "Nothing was sent: the folder holds no letter.md. Make one like templates/co-facilitators/sample/letter.md, and start again."
                    : $"Nothing was sent: the letter names {string.Join(", ", upload.WaitingFor)}, which the folder does not hold.{string.Concat((upload.Near?.Values ?? []).Select(near => $" {MisnamedFiles.Hint(near).In(DeskLanguage.English)}"))} Put it there and start again."
                : $"Rejected: nothing was sent. The same is in {ResourceNames.Reports}/{UploadReports.NameOf(passage.Folder.ToString())}."
            );
            return ExitCodes.Faulted;
        }

        switch (await passage.Distribution(id, cancellation))
        {
            case { State: DistributionState.AwaitingRelease } waiting:
                foreach (
                    var finding in (
                        await services.GetRequiredService<Releases>().Review(id, cancellation)
                    )?.ToConfirm.Union(waiting.Warnings).Except(upload.Faults) ?? [])
                    console.Line(ConsoleText.For(finding));
                console.Line(
                    $"Sound: {waiting.DraftLabel} to {waiting.MissionCount} missions. It waits for a person to release it: {(options.Once ? "start without --once, and do so on its status page." : "do so on its status page.")}"
                );
                return ExitCodes.Faulted;
            // Nothing is left to follow here: the hour may be days away.
            case { State: DistributionState.Scheduled, Hour: { } hour } scheduled:
                console.Line(
                    $"Sound and released: {scheduled.DraftLabel} leaves to {EnglishText.Counted(scheduled.MissionCount, "mission")} on {NewYorkTime.Words(hour)} (New York time){(options.Once ? ", if this service is running then: start without --once." : ". Leave this running until then.")}"
                );
                return options.Once ? ExitCodes.Faulted : 0;
            case { State: DistributionState.Complete } before:
                console.Line(
                    $"This very letter was distributed before, on {NewYorkTime.Words(before.ReleasedAt!.Value)} (New York time); nothing is sent twice."
                );
                console.Line(Again(options));
                break;
            case { State: DistributionState.Paused, PauseReason: var why }:
                // Whoever starts it again has seen to the reason; where not, the rest is refused in the same way, and
                // waits again.
                console.Line($"This letter was on hold: {why} The way out answers now, and the rest of it is sent.");
                await services.GetRequiredService<Releases>().Resume(id, by: null, cancellation);
                break;
        }

        return await Follow(services, passage, id, options.Data, clock, console, cancellation);
    }

    /// <summary>Shows how a released distribution is sent, until it is, and what became of it.</summary>
    /// <param name="data">The folder kept between runs.</param>
    /// <returns>The exit code: 0 where every mission is accepted.</returns>
    public static async Task<int> Follow(
        IServiceProvider services,
        UploadProgress passage,
        string id,
        string data,
        Stopwatch clock,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        var tally = await ProgressView.Show(console, passage.Sending(id, cancellation), cancellation);
        var end = await passage.Distribution(id, cancellation);
        foreach (var line in await passage.Unsettled(id, cancellation))
            console.Line(line);
        if (end.PauseReason is { } reason)
            console.Line($"Paused: {DiskSpace.Lacking(data) ?? reason}");
        Summary.Show(
            console,
            tally,
            await services.GetRequiredService<ReachReader>().Of(end, cancellation),
            clock.Elapsed);
        return end.State == DistributionState.Complete && tally.Accepted == tally.Missions ? 0 : ExitCodes.Faulted;
    }

    private static string Again(LocalOptions options) =>
        (options.Storage, options.Mail) switch
        {
            (null, null) =>
                "The inbox starts empty each time: to see the letters in it, start with --data and another folder.",
            (null, _) => "To send it afresh, start with --data and another folder.",
            _ => "To send it afresh, give its folder another name.",
        };

    /// <summary>Waits until the run is cancelled, and then returns without an exception.</summary>
    public static async Task Stopped(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how serving ends.
        }
    }
}
