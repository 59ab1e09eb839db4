using System.Text;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Intake.Malware;
using Distribution.Letters;
using Distribution.Letters.Typesetting;
using Distribution.Local.Screen;
using Distribution.Local.Servers;
using Distribution.Mail;
using Distribution.Register;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace Distribution.Local;

/// <summary>
/// Checks a folder exactly as an upload would be checked, and writes one mission's letter as it would be sent, for
/// people who write letters and templates. It needs no storage, so letters sent before are not known to it.
/// </summary>
internal static class PreviewRun
{
    // A placeholder for a deployment's address, in links and in the code on the letter.
    private const string Site = "https://letters.example";

    private const string Subject = "subject.txt";
    private const string Html = "email.html";
    private const string Text = "email.txt";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <param name="settings">The settings of the service, as <see cref="LocalSettings.Read"/> reads them.</param>
    /// <param name="running">
    /// A typesetter that runs already, for a caller that previews many folders; null to start one.
    /// </param>
    /// <returns>The exit code: 0 only where an upload of the folder would be accepted.</returns>
    /// <exception cref="LocalFaultException">The preview cannot run, or a file is missing.</exception>
    /// <exception cref="SenderFaultException">The settings of the mail transport are wrong.</exception>
    public static async Task<int> Run(
        PreviewOptions options,
        IConfiguration settings,
        IAnsiConsole console,
        CancellationToken cancellation,
        Typesetter? running = null)
    {
        var installed = await Tools.InstallTypesetter(console.Line, cancellation);
        await using var services = Services(options, settings, installed, running);
        LocalSettings.Settled(services);
        // It takes a moment to start, and does so while the files are read.
        services.GetRequiredService<Typesetter>().Begin();

        var folder = new DraftFolder(options.Drafts);
        var register = Register(options, console);
        // Before the check, which takes longer; once more below, since the letter may go to fewer missions.
        EnsureKnown(options.Mission, register.Missions);
        var result = await services.GetRequiredService<LetterCheck>().Check(
            new(new(folder.Target, folder.List(), Standing: null), folder.Read, register, Earlier: null),
            cancellation);
        foreach (var finding in FindingsOf(result).OrderBy(finding => finding.IsWarning))
            console.Line(ConsoleText.For(finding));
        console.Line(
            // A scanner without a description is the one that looks at nothing.
            services.GetRequiredService<IEnclosureScanner>().Description.Length > 0
                ? "Letters sent before are not known here: an upload is compared with them as well."
                : "Letters sent before are not known here, and nothing was scanned for malware."
        );
        if (result is not CheckResult.Sound { Letter.Content: var content } sound)
        {
            console.Line("Nothing was written.");
            return ExitCodes.Faulted;
        }

        EnsureKnown(options.Mission, content.Roster);
        var mission = content.Roster.First(mission => mission.Id == options.Mission);
        await Write(
            options.Out,
            options.Drafts,
            new MissionLetters(content).Render(mission, services.GetRequiredService<MissionLinks>().Proof),
            [
                .. sound.Files.Printed
                    .Where(letter => content.PdfsOf(mission).Contains(letter.Pdf))
                    .Select(document => (document.Pdf.File, document.Bytes)),
                .. MeetingCalendar.Of(content.Letter).Select(calendar => (calendar.File.Name, calendar.File.Content)),
            ],
            console,
            cancellation);
        return 0;

        IReadOnlyList<Finding> FindingsOf(CheckResult result) => result switch
        {
            CheckResult.Refused refused => refused.Faults,
            CheckResult.Sound found => found.Letter.Warnings,
            CheckResult.Waits { Unscanned: { } why } => throw new LocalFaultException(
                $"{options.Drafts} could not be scanned for malware: {why}",
                "Have the scanner put right, or correct Intake:Scanner, and start again."),
            CheckResult.Waits { Missing: [BlobNames.Letter] } => throw new LocalFaultException(
                $"{options.Drafts} holds no letter.md.",
                "Make one like templates/co-facilitators/sample/letter.md, and start again."),
            CheckResult.Waits waits => throw new LocalFaultException(
                $"The letter names {EnglishText.Listed(waits.Missing)}, which {options.Drafts} does not hold.{string.Concat(waits.Near.Values.Select(near => $" {MisnamedFiles.Hint(near).In(DeskLanguage.English)}"))}",
                "Put it there and start again."),
            _ => throw new LocalFaultException(
                $"A file in {options.Drafts} changed while it was read.",
                "Start again."),
        };
    }

    /// <summary>
    /// The services of the workflow with its settings. Where a setting is missing, mail goes nowhere but to a test post
    /// office on this machine, as in a run without options.
    /// </summary>
    private static ServiceProvider Services(
        PreviewOptions options,
        IConfiguration settings,
        ToolsFolder typesetter,
        Typesetter? running)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(LocalSettings.Defaults)
            {
                ["PublicUrl"] = Site,
                ["Mail:Transport"] = "smtp://127.0.0.1:1025",
                // The same each time, so that a preview makes the same files; no service has it, and so it opens
                // nothing.
                ["Links:Keys:0"] = $"preview:{Convert.ToBase64String(new byte[32])}",
                ["Typesetting:Folder"] = typesetter.Root,
                ["Typesetting:Node"] = typesetter.Node.Program,
            })
            // One by one, so that a setting that is there and empty overrides too.
            .AddInMemoryCollection(settings.AsEnumerable().Where(setting => setting.Value is not null));
        if (options.Templates is { } templates)
            configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Templates"] = templates });
        var services = new ServiceCollection();
        // Registered before the workflow's own configuration, so that a setting overrides it: see LocalRun.
        services.AddOptions<ReleaseSettings>()
            .Configure<IServiceProvider>((release, all) =>
            {
                var stays = !all.GetRequiredService<IMailTransport>().LeavesTheMachine;
                (release.AllowAutomatic, release.People) = (stays, stays ? 1 : release.People);
            });
        services.AddLogging().AddDistribution(configuration.Build());
        // Microsoft Defender scans what is in storage, and these files are not.
        if (ScannerRoute.Parse(settings["Intake:Scanner"] ?? "") is ScannerRoute.Defender)
            services.AddSingleton<IEnclosureScanner, NoScanner>();
        if (running is not null)
            services.AddSingleton(running);
        return services.BuildServiceProvider();
    }

    private static MissionRegister Register(PreviewOptions options, IAnsiConsole console)
    {
        if (options.Register is not { } file)
            return RegisterCsv.Seed();
        var reading = RegisterCsv.Read(Path.GetFileName(file), File.ReadAllBytes(file));
        if (reading.Register is null)
            throw new LocalFaultException(
                string.Join(Environment.NewLine, reading.Faults),
                "Correct the register and start again.");
        foreach (var finding in reading.Faults)
            console.Line(ConsoleText.For(finding));
        return reading.Register;
    }

    private static void EnsureKnown(string id, IReadOnlyList<Mission> missions)
    {
        if (missions.All(mission => mission.Id != id))
            throw new LocalFaultException(
                $"The letter goes to no mission with the id {id}{(DidYouMean.Of(id, [.. missions.Select(mission => mission.Id)]) is { } near ? $"; there is {near}" : "")}.",
                "Give an id as the register's first column has it, such as che.");
    }

    /// <summary>
    /// Deletes what an earlier preview wrote, so that another mission's letters do not stay beside this one's.
    /// </summary>
    private static void Clear(string folder)
    {
        foreach (var file in Directory.GetFiles(folder))
            if (Path.GetFileName(file) is Subject or Html or Text
                || LetterPdf.IsName(Path.GetFileName(file), isScan: false)
                || MeetingCalendar.IsName(Path.GetFileName(file)))
                File.Delete(file);
    }

    // The drafts folder must not be cleared: a signed scan in it may have the file name of a letter.
    private static bool AreSame(string folder, string other) =>
        Path.TrimEndingDirectorySeparator(folder) == Path.TrimEndingDirectorySeparator(other);

    private static async Task Write(
        string folder,
        string drafts,
        Letter letter,
        IEnumerable<(string Name, ReadOnlyMemory<byte> Content)> attached,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            if (!AreSame(folder, drafts))
                Clear(folder);
            IEnumerable<(string Name, ReadOnlyMemory<byte> Content)> files =
            [
                (Subject, Utf8.GetBytes(letter.Subject + "\n")),
                (Html, Utf8.GetBytes(letter.Html)),
                (Text, Utf8.GetBytes(letter.Text)),
                .. attached,
            ];
            foreach (var (name, content) in files)
            {
                var path = Path.Combine(folder, name);
                await File.WriteAllBytesAsync(path, content.ToArray(), cancellation);
                console.Line(path);
            }
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw new LocalFaultException(
                $"{folder} cannot be written to: {unwritable.Message.TrimEnd('.')}.",
                "Give --out another folder.",
                unwritable);
        }
    }
}
