using Distribution.Local;
using Distribution.Tests.Letters;
using Distribution.Tests.Web;
using Xunit;

namespace Distribution.Tests.Local;

/// <summary>One mission's letter, written to a folder for whoever writes letters and templates.</summary>
public sealed class PreviewTests : IDisposable
{
    private readonly LocalProgram program = new();

    private string Out => Path.Combine(program.Data, "look");

    [Fact]
    public async Task Writes_subject_email_and_every_letter_the_mission_gets()
    {
        var folder = program.Folder(
            "gcm/draft-rev-1",
            ("letter.md", Samples.Bytes(Samples.Letter())),
            (
                "letter.fr.md",
                Samples.Bytes("---\nsubject: Projet (Draft Rev 1)\n---\nLe projet Draft Rev 1 est joint.")),
            ("draft-rev-1.pdf", Samples.Pdf()));

        var run = await program.Of("preview", "--drafts", folder, "--mission", "fra", "--out", Out);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(
            [Samples.LetterPdf, Samples.FrenchPdf, "email.html", "email.txt", "subject.txt"],
            Directory.GetFiles(Out).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("Projet (Draft Rev 1)\n", File.ReadAllText(Path.Combine(Out, "subject.txt")));
        Assert.Contains(
            "Le projet Draft Rev 1 est joint.",
            Pdf.Text(File.ReadAllBytes(Path.Combine(Out, Samples.FrenchPdf))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Makes_the_same_files_again()
    {
        using var another = new LocalProgram { Typesetter = null };
        var folder = program.Drafts();
        await program.Of("preview", "--drafts", folder, "--mission", "che", "--out", Out);
        var letter = Assert.Single(Directory.GetFiles(Out, "* - letter (en).pdf"));
        var first = File.ReadAllBytes(letter);
        await another.Of("preview", "--drafts", folder, "--mission", "che", "--out", Out);

        Assert.Equal(first, File.ReadAllBytes(letter));
    }

    [Fact]
    public async Task Takes_away_what_an_earlier_preview_wrote_and_nothing_else()
    {
        var folder = program.Folder(
            "gcm/draft-rev-1",
            ("letter.md", Samples.Bytes(Samples.Letter())),
            (
                "letter.fr.md",
                Samples.Bytes("---\nsubject: Projet (Draft Rev 1)\n---\nLe projet Draft Rev 1 est joint.")),
            ("draft-rev-1.pdf", Samples.Pdf()));
        await program.Of("preview", "--drafts", folder, "--mission", "fra", "--out", Out);
        await File.WriteAllTextAsync(Path.Combine(Out, "notes.txt"), "mine", TestContext.Current.CancellationToken);
        await program.Of("preview", "--drafts", folder, "--mission", "gbr", "--out", Out);

        Assert.Equal(
            [Samples.LetterPdf, "email.html", "email.txt", "notes.txt", "subject.txt"],
            Directory.GetFiles(Out).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Writes_the_calendar_of_the_meetings_and_takes_it_away_when_there_are_none()
    {
        const string meetings = "meetings: {title: First reading, date: 2018-04-03, from: \"10:00\", to: \"13:00\"}";
        string Folder(string name, string lines) =>
            program.Folder(
                name,
                ("letter.md", Samples.Bytes(Samples.LetterWith(lines))),
                ("draft-rev-1.pdf", Samples.Pdf()));
        await program.Of("preview", "--drafts", Folder("gcm/meets", meetings), "--mission", "che", "--out", Out);

        var calendar = Assert.Single(Directory.GetFiles(Out, "* - meetings.ics"));
        Assert.Contains("SUMMARY:First reading", File.ReadAllText(calendar), StringComparison.Ordinal);
        // As the email lists it, in lines of its own length.
        Assert.Contains(
            Path.GetFileName(calendar),
            TestSite.Words(File.ReadAllText(Path.Combine(Out, "email.txt"))),
            StringComparison.Ordinal);
        await program.Of("preview", "--drafts", Folder("gcm/silent", ""), "--mission", "che", "--out", Out);
        Assert.Empty(Directory.GetFiles(Out, "*.ics"));
    }

    [Fact]
    public async Task Tells_every_fault_and_writes_nothing()
    {
        var run = await program.Of(
            "preview",
            "--drafts",
            program.Folder(
                "gcm/draft-rev-1",
                ("letter.md", Samples.Bytes(Samples.Letter(body: "{{ x }} {{ y }}"))),
                ("draft-rev-1.pdf", Samples.Pdf())),
            "--mission",
            "che",
            "--out",
            Out);

        Assert.Equal((ExitCodes.Faulted, "Nothing was written."), (run.Code, run.LastLine));
        Assert.Equal(
            2,
            run.Output.Split(Environment.NewLine)
                .Count(line => line.StartsWith("Fault: letter.md, line", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(Out));
    }

    [Theory]
    [InlineData(
        "chx",
        "The letter goes to no mission with the id chx; there is chl. Give an id as the register's first column has it, such as che."
    )]
    public async Task Knows_the_missions_of_the_register(string mission, string words)
    {
        var run = await program.Of("preview", "--drafts", program.Drafts(), "--mission", mission, "--out", Out);

        Assert.Equal((ExitCodes.Faulted, words), (run.Code, run.Error.Trim()));
    }

    /// <param name="near">What is there instead.</param>
    [Theory]
    [InlineData("draft-rev-2.pdf", "")]
    [InlineData("programme.docx", "")]
    // Of another part or another number, however it is written.
    [InlineData("draft-rev-i.pdf", "")]
    [InlineData("draft-rev-1b.pdf", "")]
    [InlineData("draft-rev1.pdf", " draft-rev1.pdf is there, and the letter does not name it: if that one is meant, write its name in the letter.")]
    [InlineData("darft-rev-1.pdf", " darft-rev-1.pdf is there, and the letter does not name it: if that one is meant, write its name in the letter.")]
    public async Task Says_which_file_is_not_there_and_which_one_may_be_meant(string near, string hint)
    {
        var folder = program.Folder("gcm/draft-rev-1", ("letter.md", Samples.Bytes(Samples.Letter())), (near, Samples.Pdf()));
        var run = await program.Of("preview", "--drafts", folder, "--mission", "che", "--out", Out);

        Assert.Equal(
            $"The letter names draft-rev-1.pdf, which {folder} does not hold.{hint} Put it there and start again.",
            run.Error.Trim());
    }

    public void Dispose() => program.Dispose();
}
