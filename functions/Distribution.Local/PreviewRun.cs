using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Letters.Typesetting;
using Distribution.Local.Screen;
using Distribution.Local.Servers;
using Distribution.Register;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace Distribution.Local;

/// <summary>
/// Writes one mission's letter to a folder as it would be sent, for people who write letters and templates.
/// </summary>
internal static class PreviewRun
{
    // A placeholder for a deployment's address, in links and in the code on the letter.
    private const string Site = "https://letters.example";

    private const string Subject = "subject.txt";
    private const string Html = "email.html";
    private const string Text = "email.txt";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <returns>The exit code: 0 where the letter could be made.</returns>
    /// <exception cref="LocalFaultException">The preview cannot run.</exception>
    public static async Task<int> Run(PreviewOptions options, IAnsiConsole console, CancellationToken cancellation)
    {
        var installed = await Tools.InstallTypesetter(console.Line, cancellation);
        var typesetting = Options.Create(
            new TypesettingSettings { Folder = installed.Root, Node = installed.Node.Program });
        var site = Options.Create(new SiteSettings { PublicUrl = Site, Templates = options.Templates ?? "templates" });
        var links = new MissionLinks(Options.Create(new LinkSettings { Keys = [LinkKeys.Create("preview")] }), site);
        await using var typesetter = new Typesetter(typesetting, NullLogger<Typesetter>.Instance);
        typesetter.Begin();

        if (await Read(options, cancellation) is not UploadReading.Whole read)
            throw new InvalidOperationException("A folder on this machine was neither read nor found at fault.");
        var faults = read.Faults.ToList();
        var mission = Mission(options, read.Letter, faults);
        var preflight = new Preflight(
            new DraftFolder(options.Drafts).Target.IsStanding,
            read.Letter,
            Template(site, read.Letter, faults),
            read.Enclosures,
            mission is null ? [] : [mission],
            read.Translations,
            read.Images);
        if (mission is not null)
            faults.AddRange(new LetterPreflight().Check(preflight));
        faults.AddRange(read.Unnamed);
        var reference = VerificationReference.For(read.ContentHash);
        var printed = faults.Exists(fault => !fault.IsWarning)
            ? null
            : await new LetterTypesetter(typesetter, links, typesetting).Typeset(preflight, reference, cancellation);
        faults.AddRange(printed?.Faults ?? []);
        foreach (var fault in faults.OrderBy(fault => fault.IsWarning))
            console.Line($"{(fault.IsWarning ? "Warning" : "Fault")}: {fault}");
        if (printed is not { Faults: [] })
        {
            console.Line("Nothing was written.");
            return ExitCodes.Faulted;
        }

        var content = new FrozenContent(
            read.Letter,
            read.Translations,
            [.. read.Enclosures.Select(file => Enclosure.Of(file, read.Letter))],
            preflight.Templates!,
            preflight.Roster,
            [.. printed.Letters.Select(letter => letter.Pdf)],
            reference);
        await Write(
            options.Out,
            options.Drafts,
            new MissionLetters(content).Render(mission!, links.Proof),
            printed.Letters.Where(letter => content.PdfsOf(mission!).Contains(letter.Pdf)),
            console,
            cancellation);
        return 0;
    }

    private static async Task<UploadReading> Read(PreviewOptions options, CancellationToken cancellation)
    {
        var target = new DraftFolder(options.Drafts).Target;
        var paths = Directory
            .EnumerateFiles(options.Drafts)
            .Where(path => !Path.GetFileName(path).StartsWith('.'))
            .ToDictionary(path => $"{target}/{Path.GetFileName(path)}");
        var reading = await UploadReading.Of(
            target,
            [
                .. paths
                    .OrderBy(path => path.Key, StringComparer.Ordinal)
                    .Select(path => new DraftFile(path.Key, "", new FileInfo(path.Value).Length)),
            ],
            standing: null,
            DateOnly.FromDateTime(NewYorkTime.At(TimeProvider.System.GetUtcNow()).DateTime),
            async (file, stop) => await File.ReadAllBytesAsync(paths[file.Name], stop),
            cancellation);
        return reading switch
        {
            UploadReading.Waits waits => throw new LocalFaultException(
                $"The letter names {EnglishText.Listed(waits.For)}, which {options.Drafts} does not hold.",
                "Put it there and start again."),
            UploadReading.Faulty faulty => throw new LocalFaultException(
                string.Join(Environment.NewLine, faulty.Faults),
                "Correct the files and start again."),
            _ => reading,
        };
    }

    private static Mission? Mission(PreviewOptions options, LetterSource letter, List<Fault> faults)
    {
        var register = options.Register is { } file
            ? RegisterCsv.Read(Path.GetFileName(file), File.ReadAllBytes(file))
            : null;
        if (register is { Register: null })
            throw new LocalFaultException(
                string.Join(Environment.NewLine, register.Faults),
                "Correct the register and start again.");
        var (roster, audience) = Audience.Select(
            register?.Register ?? RegisterCsv.Seed(),
            letter.Audience,
            Location.In(letter.File, field: "audience"));
        faults.AddRange(audience);
        return roster.FirstOrDefault(mission => mission.Id == options.Mission)
            ?? (
                roster.Count == 0
                    ? null
                    : throw new LocalFaultException(
                        $"The letter goes to no mission with the id {options.Mission}{(DidYouMean.Of(options.Mission, roster.Select(mission => mission.Id).ToList()) is { } near ? $"; there is {near}" : "")}.",
                        "Give an id as the register's first column has it, such as che."));
    }

    private static TemplateSet? Template(IOptions<SiteSettings> site, LetterSource letter, List<Fault> faults)
    {
        try
        {
            return new Templates(site).Load(letter.Template);
        }
        catch (LetterFaultException unusable)
        {
            faults.AddRange(unusable.Faults);
            return null;
        }
    }

    /// <summary>
    /// Deletes what an earlier preview wrote, so that another mission's letters do not stay beside this one's.
    /// </summary>
    private static void Clear(string folder)
    {
        foreach (var file in Directory.GetFiles(folder))
            if (Path.GetFileName(file) is Subject or Html or Text
                || LetterPdf.IsName(Path.GetFileName(file), isScan: false))
                File.Delete(file);
    }

    // The drafts folder must not be cleared: a signed scan in it may have the file name of a letter.
    private static bool AreSame(string folder, string other) =>
        Path.TrimEndingDirectorySeparator(folder) == Path.TrimEndingDirectorySeparator(other);

    private static async Task Write(
        string folder,
        string drafts,
        Letter letter,
        IEnumerable<TypesetLetter> printed,
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
                .. printed.Select(document => (document.Pdf.File, document.Bytes)),
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
