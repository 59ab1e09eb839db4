using System.Text.RegularExpressions;
using Distribution.Intake;
using Distribution.Local;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Intake;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Distribution.Tests.Local;

/// <summary>A preview says of a folder what its upload would say.</summary>
public sealed partial class PreviewCheckTests(AzuriteFixture azurite) : IDisposable
{
    private const string Draft = "draft-rev-1.pdf";

    private static readonly (string Name, string Value)[] Settings =
    [
        ("Mail:MaxMessageBytes", "2000000"),
        ("Release:AllowAutomatic", "false"),
        ("Inbound:ReplyAddress", ""),
    ];

    private readonly LocalProgram program = new()
    {
        Settings = new ConfigurationBuilder()
            .AddInMemoryCollection(Settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value))
            .Build(),
        Typesetter = null,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Letters of all rooms' faults, and sound ones: a folder's name, and its files.</summary>
    private static IReadOnlyList<(string Name, (string Name, byte[] Content)[] Files)> Folders =>
        [
            Of("sound"),
            Of("unnamed-file", more: ("notes.txt", "Notes."u8.ToArray())),
            Of("audience", Samples.LetterWith("audience: [xyz]")),
            Of("label", Samples.Letter(body: "The draft is enclosed.")),
            Of("hash", Samples.LetterWith($"    sha256: {new string('0', 64)}")),
            Of("empty", draft: []),
            Of("not-a-pdf", draft: "A text."u8.ToArray()),
            Of("locked", draft: SampleUpload.LockedPdf()),
            Of(
                "program",
                Samples.LetterWith("  - file: setup.exe\n    title: A program"),
                more: ("setup.exe", "MZ"u8.ToArray())),
            Of("field", Samples.Letter(body: "Draft Rev 1 {{ x }}")),
            Of("instruction", Samples.Letter(body: "Draft Rev 1 {{ if")),
            Of("image", Samples.Letter(body: "Draft Rev 1 ![](https://a.example/b.png)")),
            Of("template", Samples.LetterWith("template: none-such")),
            Of("key", Samples.LetterWith("salutaton: Madam,")),
            Of("character", Samples.Letter(body: "Draft Rev 1 \U00013000")),
            Of("translation", more: ("letter.xx.md", "---\nsubject: x\n---\nDraft Rev 1"u8.ToArray())),
            Of("too-large", draft: [.. Samples.Pdf(), .. new byte[2_000_000]]),
            Of("control", Samples.Letter(Samples.FrontMatter.Replace("\"Draft Rev 1 of", "\"\\aDraft Rev 1 of"))),
            Of("replies", Samples.LetterWith("replies: tracked")),
            Of("automatic", Samples.LetterWith("release: automatic")),
            Of("tools", more: (".DS_Store", "x"u8.ToArray())),
            Of("twins", more: ("Draft-Rev-1.PDF", Samples.Pdf())),
            ("no-letter", [("Cover letter.docx", SampleUpload.Word("")), (Draft, Samples.Pdf())]),
            ("capitals", [("letter.md", Samples.Bytes(Samples.Letter())), ("Draft-Rev-1.PDF", Samples.Pdf())]),
            Of("cut-off", draft: Samples.Pdf()[..^20]),
            Of("script", draft: SampleUpload.PdfWith("/OpenAction<</S/JavaScript/JS(1)>>")),
        ];

    [Fact]
    public async Task Findings_and_exit_code_are_those_of_the_upload()
    {
        await using var workflow = await TestWorkflow.Open(azurite, Settings);
        await workflow.UseRegister("che", "mex");
        foreach (var (folder, files) in Folders)
            foreach (var (file, content) in files)
                await workflow.Upload($"gcm/{folder}/{file}", content);
        await workflow.Reconcile();
        var uploads = (await workflow.Get<Uploads>().All(Cancellation)).ToDictionary(
            upload => upload.Value.Folder.Revision,
            upload => upload.Value);

        // One that runs already: each of its own takes longer to start than the rest of the preview.
        using var many = new LocalProgram { Settings = program.Settings, Typesetter = TypesetterFixture.Shared };
        Dictionary<string, (bool, string)> previewed = [];
        foreach (var (folder, files) in Folders)
        {
            var run = await many.Of(
                "preview",
                "--drafts",
                program.Folder($"gcm/{folder}", files),
                "--mission",
                "che",
                "--register",
                program.RegisterOf("che", "mex"),
                "--out",
                Path.Combine(program.Data, folder));
            Assert.Equal("", run.Error);
            Assert.Contains("Letters sent before are not known here", run.Output, StringComparison.Ordinal);
            previewed[folder] = (
                run.Code != 0,
                Sorted(run.Output.Split(Environment.NewLine).Select(line => Code().Match(line).Groups[1].Value)));
        }

        Assert.Equal(
            Folders.Select(folder => (folder.Name, Outcome(uploads[folder.Name]))),
            Folders.Select(folder => (folder.Name, previewed[folder.Name])));
        // The cases are what they are meant to be: faults of every room, and letters without any.
        Assert.Equal(["D1", "D2", "D3", "D4", "D5"], Rooms(uploads.Values.Where(IsRejected)));
        Assert.Equal((false, false), (IsRejected(uploads["sound"]), IsRejected(uploads["unnamed-file"])));
        Assert.InRange(uploads.Values.Count(IsRejected), 12, Folders.Count - 2);
    }

    [Fact]
    public async Task It_reads_the_settings_that_the_service_reads()
    {
        var folder = program.Drafts();
        var look = Path.Combine(program.Data, "look");
        program.Settings = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?> { ["Typesetting:Time"] = "00:00:00", ["Intake:Scanner"] = "none" })
            .Build();
        var wrong = await program.Of("preview", "--drafts", folder, "--mission", "che", "--out", look);
        Assert.Equal(ExitCodes.Faulted, wrong.Code);
        Assert.Contains("Typesetting:Time", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("Intake:Scanner", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_Defender_a_preview_says_that_nothing_was_scanned_and_needs_no_storage()
    {
        program.Settings = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Intake:Scanner"] = "defender" })
            .Build();
        var run = await program.Of(
            "preview",
            "--drafts",
            program.Drafts(),
            "--mission",
            "che",
            "--out",
            Path.Combine(program.Data, "look"));

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("nothing was scanned for malware", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => program.Dispose();

    private static (string Name, (string Name, byte[] Content)[] Files) Of(
        string name,
        string? letter = null,
        byte[]? draft = null,
        params (string Name, byte[] Content)[] more) =>
        (name, [("letter.md", Samples.Bytes(letter ?? Samples.Letter())), (Draft, draft ?? Samples.Pdf()), .. more]);

    private static (bool, string) Outcome(Upload upload) =>
        (IsRejected(upload), Sorted(upload.Faults.Select(fault => fault.Code)));

    private static bool IsRejected(Upload upload) => upload.State == UploadState.Rejected;

    private static string Sorted(IEnumerable<string> codes) =>
        string.Join(' ', codes.Where(code => code.Length > 0).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Rooms(IEnumerable<Upload> uploads) =>
        uploads.SelectMany(upload => upload.Faults).Select(fault => fault.Code[..2]).Distinct().Order();

    [GeneratedRegex(@"\((D\d{3})\)$")]
    private static partial Regex Code();
}
