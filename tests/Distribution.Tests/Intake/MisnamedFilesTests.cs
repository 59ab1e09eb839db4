using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>
/// Files under other names than those that are looked for, uploaded by a storage tool: told at once with what is there,
/// and not after the time that an upload waits for what is still to come.
/// </summary>
public sealed class MisnamedFilesTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private const string Folder = "gcm/draft-rev-1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What stands there instead of letter.md, and what is said of it.</summary>
    public static TheoryData<string, string, string> Letters => new()
    {
        { "Letter.md", "here it is called “Letter.md”", "Rename it to letter.md" },
        { "letter.MD", "here it is called “letter.MD”", "Rename it to letter.md" },
        { "letter .md", "here it is called “letter .md”", "Rename it to letter.md" },
        { "LETTER.MD", "here it is called “LETTER.MD”", "Rename it to letter.md" },
        { "letter.md.txt", "a second ending that Windows does not show", "Have Windows show file name extensions" },
        { "Letter.md.txt", "a second ending that Windows does not show", "Have Windows show file name extensions" },
        { "lettre.md", "“lettre.md” may be meant as the letter", "Rename it to letter.md" },
        { "cover-letter.md", "“cover-letter.md” may be meant as the letter", "Rename it to letter.md" },
        { "letter (1).md", "“letter (1).md” may be meant as the letter", "Rename it to letter.md" },
        { "letter.txt", "“letter.txt” may be meant as the letter", "the sample does: templates/co-facilitators/sample/letter.md" },
        { "letter", "“letter” may be meant as the letter", "Rename it to letter.md" },
        { "letter.markdown", "“letter.markdown” may be meant as the letter", "Rename it to letter.md" },
        { "letter.docx", "a document of a word processor", "Start from the sample, templates/co-facilitators/sample/letter.md" },
        { "Cover letter.docx", "a document of a word processor", "Start from the sample" },
        { "Lettre d’accompagnement.doc", "a document of a word processor", "Start from the sample" },
        { "Carta.odt", "a document of a word processor", "Start from the sample" },
        { "Письмо.docx", "a document of a word processor", "Start from the sample" },
        { "letter.gdoc", "a document of a word processor", "Start from the sample" },
        { "letter.md (1)", "“letter.md (1)” may be meant as the letter", "Rename it to letter.md" },
        { "letter.en.md", "“letter.en.md” is a translation", "Upload the letter as letter.md, whatever its language" },
        { "letter.pdf", "the signed scan of the letter", "Upload letter.md beside it" },
    };

    /// <summary>How the letter names a file that is there, what is there, and by what they differ.</summary>
    public static TheoryData<string, string, string> References => new()
    {
        { "draft-rev-1.pdf", "Draft-Rev-1.PDF", "only in capitals" },
        { "draft-rev-1.pdf", "draft-rev-1.PDF", "only in capitals" },
        { "Côte d'Ivoire rev 1.pdf", "Côte d’Ivoire rev 1.pdf", "only in a sign that looks almost the same" },
        { "draft-rev-1.pdf", "draft–rev–1.pdf", "only in a sign that looks almost the same" },
        { "draft-rev-1.pdf", "ｄraft-rev-1.pdf", "only in a sign that looks almost the same" },
        { "draft-rev-1.pdf", "draft_rev_1.pdf", "only in spaces, hyphens" },
        { "draft-rev-1.pdf", "Draft Rev. 1.pdf", "only in spaces, hyphens" },
        { "draft-rev-1.pdf", "draft-rev-1 (2).pdf", "the name of a copy" },
        { "draft-rev-1.pdf", "Copy of draft-rev-1.pdf", "the name of a copy" },
        { "draft-rev-1.pdf", "draft-rev-1 - Copy.pdf", "the name of a copy" },
        { "draft-rev-1.pdf", "draft-rev-1.docx", "in its type" },
        { "draft-rev-1.pdf", "draft-rev-1.pdf.pdf", "in its type" },
        { "draft-rev-1.pdf", "draft-rev-1.pdf.lnk", "in its type" },
    };

    [Theory]
    [MemberData(nameof(Letters))]
    public async Task A_letter_under_another_name_is_told(string name, string words, string remedy)
    {
        var fault = Assert.Single(
            await FolderFindings.Of(
                await House(),
                letter: "",
                (name, Samples.Bytes(Samples.Letter())),
                ("draft-rev-1.pdf", Samples.Pdf())));

        Assert.Equal(240, fault.Number);
        Assert.Contains(words, fault.Words, StringComparison.Ordinal);
        Assert.Contains("The folder holds ", fault.Words, StringComparison.Ordinal);
        Assert.Contains("draft-rev-1.pdf", fault.Words, StringComparison.Ordinal);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_told_at_once_and_under_its_own_name_it_is_accepted()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload($"{Folder}/lettre.md", Samples.Letter());
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Run();
        var upload = await workflow.TheUpload();
        Assert.Equal((UploadState.Rejected, 240), (upload.State, Assert.Single(upload.Faults).Number));

        foreach (var file in await workflow.Get<Drafts>().List(Folder, Cancellation))
            if (file.File == "lettre.md")
                await workflow.Get<Drafts>().Remove(file, Cancellation);
        await workflow.Upload($"{Folder}/letter.md", Samples.Letter());
        await workflow.Run();
        Assert.Equal(UploadState.Accepted, (await workflow.TheUpload()).State);
    }

    [Theory]
    [MemberData(nameof(References))]
    public async Task A_file_under_another_name_than_the_letters_is_told(string named, string there, string differs)
    {
        var fault = Assert.Single(
            await FolderFindings.Of(
                await House(),
                Samples.Letter(Samples.FrontMatter.Replace("draft-rev-1.pdf", named, StringComparison.Ordinal)),
                (there, Samples.Pdf())));

        Assert.Equal(("letter.md, line 16", 241), (fault.Place, fault.Number));
        Assert.Contains($"“{there}” is, and differs from it", fault.Words, StringComparison.Ordinal);
        Assert.Contains(differs, fault.Words, StringComparison.Ordinal);
        Assert.Contains($"write “file: \"{there}\"” in the letter", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_is_told_at_once_too()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload($"{Folder}/letter.md", Samples.Letter());
        await workflow.Upload($"{Folder}/Draft-Rev-1.PDF", Samples.Pdf());
        await workflow.Run();

        var upload = await workflow.TheUpload();
        Assert.Equal((UploadState.Rejected, 241), (upload.State, Assert.Single(upload.Faults).Number));
    }

    [Theory]
    [InlineData("draft-rev-2.pdf")]
    [InlineData("draft-rev-11.pdf")]
    [InlineData("annex.pdf")]
    public async Task A_file_of_another_name_is_not_taken_for_the_one_that_is_missing(string there)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload($"{Folder}/letter.md", Samples.Letter());
        await workflow.Upload($"{Folder}/{there}", Samples.Pdf());
        await workflow.Run();
        Assert.Equal(["draft-rev-1.pdf"], (await workflow.TheUpload()).WaitingFor);
    }

    [Fact]
    public async Task A_name_with_accents_apart_is_the_same_name_and_leaves_in_one_form()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        const string name = "Projet révisé d’Ōkina rev 1.pdf";
        var letter = Samples.FrontMatter.Replace("draft-rev-1.pdf", $"\"{name}\"", StringComparison.Ordinal);
        await workflow.Upload(
            $"{Folder}/letter.md",
            Samples.Letter(letter.Normalize(System.Text.NormalizationForm.FormD)));
        await workflow.Upload($"{Folder}/{name.Normalize(System.Text.NormalizationForm.FormD)}", Samples.Pdf());
        await workflow.Run();
        await workflow.Release();
        Assert.Equal(
            [Samples.LetterPdf, name],
            Assert.Single(workflow.Sent()).Attachments.Select(attachment => attachment.ContentDisposition?.FileName));
    }

    [Fact]
    public async Task A_Macs_folder_and_its_correction_from_Windows_are_one_folder_in_which_both_files_are_named()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var mac = "océans/projet révisé".Normalize(System.Text.NormalizationForm.FormD);
        await workflow.Upload($"{mac}/letter.md", Samples.Letter());
        await workflow.Upload($"{mac}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Run();
        Assert.Equal("océans/projet révisé", (await workflow.TheUpload()).Folder.ToString());
        Assert.Equal(UploadState.Accepted, (await workflow.TheUpload()).State);

        await workflow.Upload("océans/projet révisé/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, corrected"));
        await workflow.Run();
        var upload = await workflow.TheUpload();
        Assert.Equal(UploadState.Rejected, upload.State);
        var fault = Assert.Single(upload.Faults, finding => !finding.IsWarning);
        Assert.Equal(259, fault.Number);
        Assert.Contains($"“draft-rev-1.pdf” of {Samples.Pdf().Length:N0} bytes (named as a Mac does)", fault.Words, StringComparison.Ordinal);
        Assert.Equal(DistributionState.Replaced, (await workflow.TheDistribution()).State);

        foreach (var file in await workflow.Get<Drafts>().List(null, Cancellation))
            if (!file.Name.IsNormalized())
                await workflow.Get<Drafts>().Remove(file, Cancellation);
        await workflow.Upload("océans/projet révisé/letter.md", Samples.Letter());
        await workflow.Run();
        Assert.Equal(UploadState.Accepted, (await workflow.TheUpload()).State);
    }

    [Fact]
    public async Task The_record_an_earlier_version_kept_of_a_Macs_folder_stands_for_the_folder()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var mac = "gcm/révision-1".Normalize(System.Text.NormalizationForm.FormD);
        await workflow.Upload($"{mac}/letter.md", Samples.Letter());
        await workflow.Upload($"{mac}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Run();
        var table = workflow.Get<StorageAccount>().Tables.GetTableClient(ResourceNames.UploadsTable);
        var record = Assert.Single(table.Query<Azure.Data.Tables.TableEntity>(cancellationToken: Cancellation));
        await table.DeleteEntityAsync(record.PartitionKey, record.RowKey, cancellationToken: Cancellation);
        record.RowKey = Sha256Hex.Of(mac);
        await table.AddEntityAsync(record, Cancellation);

        await workflow.Run();
        Assert.Equal(1, (await workflow.TheDistribution()).Version);
        Assert.Equal(UploadState.Accepted, (await workflow.TheUpload()).State);
        Assert.Equal(
            Uploads.Row(new("gcm", "révision-1")),
            Assert.Single(table.Query<Azure.Data.Tables.TableEntity>(cancellationToken: Cancellation)).RowKey);
    }

    [Fact]
    public async Task What_systems_leave_and_the_marks_of_folders_are_left_out_with_a_note_and_never_sent()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var container = workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Drafts);
        foreach (var folder in (string[])["gcm", Folder, $"{Folder}/annexes"])
            await container.GetBlobClient(folder).UploadAsync(
                BinaryData.Empty,
                new BlobUploadOptions { Metadata = new Dictionary<string, string> { ["hdi_isfolder"] = "true" } },
                Cancellation);
        foreach (var name in (string[])[".DS_Store", "Thumbs.db", "~$draft-rev-1.docx", "__MACOSX/._letter.md"])
            await workflow.Upload($"{Folder}/{name}", "x");
        await workflow.Upload("gcm/.DS_Store", "x");
        // An empty blob with the name of a folder, from a tool that knows of no mark.
        await workflow.Upload("wto", Array.Empty<byte>());
        await workflow.Upload("wto/.DS_Store", "x");

        var distribution = await workflow.Accepted("che");
        Assert.Equal([427, 242], distribution.Warnings.Select(finding => finding.Number));
        Assert.Equal(
            "gcm/draft-rev-1: Left out as made by a system or a program for itself: .DS_Store, Thumbs.db, ._letter.md, annexes and ~$draft-rev-1.docx. Nothing has to be done about it. (D242)",
            distribution.Warnings[1].ToString());
        Assert.Single(await workflow.Get<Uploads>().All(Cancellation));

        // Whoever opens the folder in Finder changes nothing of the letter that waits in it.
        await workflow.Upload($"{Folder}/.DS_Store", "another");
        await workflow.Release();
        Assert.Equal(
            [Samples.LetterPdf, "draft-rev-1.pdf"],
            Assert.Single(workflow.Sent()).Attachments.Select(attachment => attachment.ContentDisposition?.FileName));
    }

    [Fact]
    public async Task Where_no_letter_comes_what_is_there_is_listed_and_a_sample_offered()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Upload($"{Folder}/annex.pdf", Samples.Pdf());
        await workflow.Run();
        Assert.Equal(UploadState.Waiting, (await workflow.TheUpload()).State);
        workflow.Clock.Advance(TimeSpan.FromMinutes(16));
        await workflow.Run();
        Assert.Equal(
            "gcm/draft-rev-1: No letter.md arrived within 15 minutes. The folder holds annex.pdf and draft-rev-1.pdf. Make one like the sample, templates/co-facilitators/sample/letter.md, and upload it; the upload is then examined by itself. (D245)",
            Assert.Single((await workflow.TheUpload()).Faults).ToString());
    }

    [Theory]
    [InlineData("letter.FR.md")]
    [InlineData("Letter.fr.md")]
    [InlineData("letter_fr.md")]
    [InlineData("letter.fr.docx")]
    public async Task A_translation_under_another_name_is_told_and_not_left_behind(string name)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload($"{Folder}/letter.md", Samples.Letter());
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Upload($"{Folder}/{name}", "---\nsubject: Le projet\n---\nLe projet (Rev. 1) est joint.\n");
        await workflow.Run();
        var fault = Assert.Single((await workflow.TheUpload()).Faults, finding => !finding.IsWarning);
        Assert.Contains(name, fault.ToString(), StringComparison.Ordinal);
        Assert.Contains("Rename it to letter.fr.md", fault.Remedy, StringComparison.Ordinal);
    }

    private Task<TestWorkflow> House() => once.Of(() => TestWorkflow.Open(azurite));
}
