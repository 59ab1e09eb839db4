using Distribution.Intake;
using Distribution.Letters.Reading;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters.Reading;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>Courtesy translations, from the upload to the missions that get them.</summary>
public sealed class TranslationTests(AzuriteFixture azurite)
{
    private const string Folder = "gcm/draft-rev-1";

    private const string French = """
        ---
        subject: Projet Rev 1 (Draft Rev 1) du Pacte mondial
        signatories:
          - title: Ambassadeur du Mexique
            letterhead: Mission permanente du Mexique
          - title: Ambassadeur de la Suisse
            letterhead: Mission permanente de la Suisse
        enclosures:
          - file: gcm-draft-rev-1.pdf
            title: Projet Rev 1
        ---
        Veuillez trouver ci-joint le projet (Draft Rev 1).
        """;

    private static readonly byte[] OnePixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Says_what_differs_and_takes_the_rest_from_the_authentic_letter()
    {
        var authentic = WrittenLetter.Source();
        var translation = Read(French).Letter!;

        Assert.Equal(
            ("fr", "en", "letter.fr.md", "Projet Rev 1 (Draft Rev 1) du Pacte mondial", 12),
            (
                translation.Language,
                translation.TranslationOf,
                translation.File,
                translation.Subject,
                translation.BodyLine));
        Assert.Equal(
            ["Juan José Gómez Camacho: Ambassadeur du Mexique", "Jürg Lauber: Ambassadeur de la Suisse"],
            translation.Signatories.Select(person => $"{person.Name}: {person.Title}"));
        Assert.Equal(
            ["Projet Rev 1", authentic.Enclosures[1].Title],
            translation.Enclosures.Select(enclosure => enclosure.Title));
        Assert.Equal(
            (authentic.Process, authentic.Date, authentic.Contact),
            (translation.Process, translation.Date, translation.Contact));
        Assert.Equal(authentic.Audience, translation.Audience);
    }

    [Theory]
    [InlineData(
        "subject: Projet Rev 1 (Draft Rev 1) du Pacte mondial",
        "draft: Projet Rev 1",
        "A courtesy translation lacks “subject”")]
    [InlineData("enclosures:", "date: 2018-03-27\nenclosures:", "“date”")]
    [InlineData(
        "gcm-draft-rev-1.pdf",
        "projet.pdf",
        "The translation names projet.pdf, which is no enclosure of letter.md.")]
    [InlineData(
        "  - title: Ambassadeur de la Suisse\n    letterhead: Mission permanente de la Suisse\n",
        "",
        "The number of signatories is 1 in the translation and 2 in the letter.")]
    public void Refuses_a_slip_and_says_where(string line, string instead, string words)
    {
        var fault = Assert.Single(Read(French.Replace(line, instead, StringComparison.Ordinal)).Faults).ToString();

        Assert.StartsWith("letter.fr.md", fault, StringComparison.Ordinal);
        Assert.Contains(words, fault, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_mission_that_corresponds_in_its_language_gets_the_email_in_it_and_both_letters()
    {
        await using var workflow = await Accepted(
            "letter.fr.md",
            Samples.Bytes("---\nsubject: Projet (Draft Rev 1)\n---\nLe projet Draft Rev 1 est joint."),
            "fra",
            "gbr");
        await workflow.Release();
        var sent = workflow.Sent().ToDictionary(message => message.To.Mailboxes.Single().Address[..3]);

        Assert.Equal("Projet (Draft Rev 1)", sent["fra"].Subject);
        Assert.Contains(
            "Traduction non officielle. Le texte faisant foi, en anglais, est joint.",
            sent["fra"].TextBody!.ReplaceLineEndings("\n").Replace('\n', ' '),
            StringComparison.Ordinal);
        Assert.Equal("fr", sent["fra"].Body!.Headers["Content-Language"]);
        Assert.Equal(
            [Samples.LetterPdf, Samples.FrenchPdf, "draft-rev-1.pdf"],
            sent["fra"].Attachments.Select(part => part.ContentDisposition?.FileName));
        Assert.Equal("en", sent["gbr"].Body!.Headers["Content-Language"]);
        Assert.Equal(
            [Samples.LetterPdf, "draft-rev-1.pdf"],
            sent["gbr"].Attachments.Select(part => part.ContentDisposition?.FileName));
    }

    [Fact]
    public async Task A_translation_that_comes_after_the_letter_makes_a_new_version()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Accepted("fra");
        await workflow.Upload(
            $"{Folder}/letter.fr.md",
            "---\nsubject: Projet (Draft Rev 1)\n---\nLe projet Draft Rev 1 est joint.");
        await workflow.Reconcile();

        Assert.Equal(
            [(1, DistributionState.Replaced), (2, DistributionState.AwaitingRelease)],
            (await workflow.Distributions())
                .OrderBy(found => found.Version)
                .Select(found => (found.Version, found.State)));
    }

    [Fact]
    public async Task A_translation_the_letter_announces_is_waited_for()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload($"{Folder}/letter.md", Samples.LetterWith("translations: [fr]"));
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();

        Assert.Equal(
            (UploadState.Waiting, "letter.fr.md"),
            ((await workflow.TheUpload()).State, Assert.Single((await workflow.TheUpload()).WaitingFor)));
    }

    [Fact]
    public async Task A_translation_the_letter_does_not_announce_is_left_behind_with_a_warning()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("fra");
        await workflow.Upload($"{Folder}/letter.md", Samples.LetterWith("translations: [es]"));
        await workflow.Upload(
            $"{Folder}/letter.es.md",
            "---\nsubject: Borrador (Draft Rev 1)\n---\nSe adjunta Draft Rev 1.");
        await workflow.Upload(
            $"{Folder}/letter.fr.md",
            "---\nsubject: Projet (Draft Rev 1)\n---\nDraft Rev 1 est joint.");
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();

        var distribution = await workflow.TheDistribution();
        Assert.Contains(
            distribution.Warnings,
            warning => warning.Number == 352 && warning.Words.Contains("letter.fr.md", StringComparison.Ordinal));
        Assert.Equal(
            ["es"],
            (await workflow.Get<FrozenContents>().Find(distribution.Id, Cancellation)).Translations.Select(
                translation => translation.Language));
    }

    [Theory]
    [InlineData(
        "letter.de.md",
        "A translation into “de” cannot be sent: letters go out in the six official languages.")]
    [InlineData("letter.en.md", "The letter itself is in English, so it needs no translation into it.")]
    public async Task A_translation_that_cannot_be_is_refused(string file, string words)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload($"{Folder}/letter.md", Samples.Letter());
        await workflow.Upload($"{Folder}/{file}", "---\nsubject: x\n---\nx");
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();

        Assert.Contains(words, await workflow.Report(Folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signed_scan_is_sent_instead_of_a_typeset_letter()
    {
        var scan = Samples.Pdf("Draft Rev 1, signed");
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload(
            $"{Folder}/letter.md",
            Samples.Letter(Samples.FrontMatter + "\n  - file: letter.pdf\n    title: The letter\n    role: letter"));
        await workflow.Upload($"{Folder}/letter.pdf", scan);
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        await workflow.Release();

        var sent = Assert.Single(workflow.Sent());
        Assert.Equal(
            ["letter.pdf", "draft-rev-1.pdf"],
            sent.Attachments.Select(part => part.ContentDisposition?.FileName));
        Assert.DoesNotContain("- The letter (", sent.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_is_waited_for_printed_and_part_of_what_makes_a_version()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload(
            $"{Folder}/letter.md",
            Samples.Letter(
                Samples.FrontMatter.Replace(
                    "letterhead: Permanent Mission of Mexico to the United Nations",
                    "letterhead: Permanent Mission of Mexico to the United Nations\n    signature: camacho.png",
                    StringComparison.Ordinal)));
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        Assert.Equal(["camacho.png"], (await workflow.TheUpload()).WaitingFor);

        await workflow.Upload($"{Folder}/camacho.png", OnePixel);
        await workflow.Reconcile();
        var distribution = await workflow.TheDistribution();
        var content = await workflow.Get<FrozenContents>().Find(distribution.Id, Cancellation);
        using var pdf = UglyToad.PdfPig.PdfDocument.Open(
            (
                await workflow.Get<FrozenContents>().ReadPdf(distribution.Id, Assert.Single(content.Pdfs), Cancellation)
            ).ToArray());
        Assert.Single(pdf.GetPage(1).GetImages());
        Assert.DoesNotContain(distribution.Warnings, warning => warning.Number == 352);
    }

    [Theory]
    [InlineData("camacho.png", "no image")]
    [InlineData("letter.json", "\u0089PNG\r\n\u001a\n")]
    public async Task A_signature_that_is_no_image_is_refused(string name, string content)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload(
            $"{Folder}/letter.md",
            Samples.Letter(
                Samples.FrontMatter.Replace(
                    "letterhead: Permanent Mission of Mexico to the United Nations",
                    $"letterhead: M\n    signature: {name}",
                    StringComparison.Ordinal)));
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Upload($"{Folder}/{name}", System.Text.Encoding.Latin1.GetBytes(content));
        await workflow.Reconcile();

        Assert.Contains(
            "The signature is not a PNG or JPEG image.",
            await workflow.Report(Folder),
            StringComparison.Ordinal);
    }

    private static LetterReading Read(string text) =>
        LetterFile.ReadTranslation("letter.fr.md", "fr", WrittenLetter.Bytes(text), WrittenLetter.Source());

    private async Task<TestWorkflow> Accepted(string file, byte[] content, params string[] missions)
    {
        var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister(missions);
        await workflow.Upload($"{Folder}/{file}", content);
        await workflow.Accepted();
        return workflow;
    }
}
