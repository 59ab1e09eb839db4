using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>
/// What a secretary reads when an upload is not right. The words of every single fault are tested beside the check that
/// finds it.
/// </summary>
public sealed class RejectionTests(AzuriteFixture azurite)
{
    private const string Folder = "gcm/draft-rev-1";

    public static TheoryData<string, string, string> BadLetters =>
        new()
        {
            {
                "an unknown field",
                Samples.Letter(body: "Draft Rev 1 for {{ letter.titel }}."),
                "letter.md, line 20\n   There is no field called letter.titel, in every letter (3)."
            },
            {
                "automatic release where it is off",
                Samples.LetterWith("release: automatic"),
                "The letter asks to be released automatically, which is switched off here."
            },
        };

    /// <summary>
    /// How many zeros follow the content stands by itself: a runner writes out every argument before it runs a test.
    /// </summary>
    public static TheoryData<string, string, byte[], int, string> BadEnclosures =>
        new()
        {
            {
                "another revision on its first page",
                "draft-rev-1.pdf",
                Samples.Pdf("Draft Rev 2"),
                0,
                "The letter says Draft Rev 1 but page 1 of draft-rev-1.pdf says Draft Rev 2."
            },
            { "a program", "draft-rev-1.pdf.exe", "MZ"u8.ToArray(), 0, "draft-rev-1.pdf.exe" },
            {
                "too large for the way out",
                "draft-rev-1.pdf",
                Samples.Pdf(),
                2_100_000,
                "and at most 2 MB can be sent."
            },
        };

    [Theory]
    [MemberData(nameof(BadLetters))]
    public async Task A_letter_with(string fault, string letter, string words)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload($"{Folder}/letter.md", letter);
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await IsRejected(workflow, fault, words);

        await workflow.Upload($"{Folder}/letter.md", Samples.Letter());
        await IsAccepted(workflow);
    }

    [Theory]
    [MemberData(nameof(BadEnclosures))]
    public async Task An_enclosure_that_is(string fault, string name, byte[] content, int zeros, string words)
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Mail:MaxMessageBytes", "2000000"));
        await workflow.Upload(
            $"{Folder}/letter.md",
            Samples.Letter(Samples.FrontMatter.Replace("draft-rev-1.pdf", name, StringComparison.Ordinal)));
        await workflow.Upload($"{Folder}/{name}", [.. content, .. new byte[zeros]]);
        await IsRejected(workflow, fault, words);

        await workflow.Upload($"{Folder}/letter.md", Samples.Letter());
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await IsAccepted(workflow);
    }

    [Fact]
    public async Task Every_fault_is_told_at_once()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload($"{Folder}/letter.md", Samples.Letter(body: "For {{ letter.titel }}."));
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Array.Empty<byte>());
        await workflow.Run();

        Assert.Equal(
            ["draft-rev-1.pdf", "letter.md", "letter.md, line 20"],
            (await workflow.TheUpload())
                .Faults.Where(fault => !fault.IsWarning)
                .Select(fault => fault.Place)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_letter_that_is_wrong_is_rejected_without_waiting_for_its_enclosures()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload($"{Folder}/letter.md", Samples.LetterWith("signatorys: none"));
        await workflow.Run();
        Assert.Equal(UploadState.Rejected, (await workflow.TheUpload()).State);
    }

    [Theory]
    [InlineData("gcm/draft-rev-1/../secret.pdf")]
    [InlineData("gcm/draft-rev-1/a\u202Efdp.exe")]
    [InlineData("gcm/draft-rev-1/sub/folder/draft.pdf")]
    [InlineData("letter.md")]
    public async Task A_file_under_an_odd_name_is_reported_and_goes_nowhere(string name)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Drafts)
            .UploadBlobAsync(name, BinaryData.FromString("x"), TestContext.Current.CancellationToken);
        await workflow.Run();
        await workflow.Run();

        Assert.Equal(UploadState.Rejected, (await workflow.TheUpload()).State);
        Assert.Empty(await workflow.Distributions());
        await workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Drafts)
            .DeleteBlobAsync(name, cancellationToken: TestContext.Current.CancellationToken);
        await workflow.Run();
        Assert.Empty(await workflow.Get<Uploads>().All(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_upload_with_very_many_faults_keeps_no_other_from_being_examined()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload(
            "aaa/draft-rev-1/letter.md",
            Samples.Letter(
                body: string.Concat(
                    Enumerable.Range(1, 150).Select(number => $"{{{{ unknown_field_of_a_long_name_{number} }}}}\n"))));
        await workflow.Upload("aaa/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        for (var file = 0; file < 160; file++)
            await workflow.Upload($"misplaced file number {file}.pdf", "x");
        await workflow.Accepted();
        Assert.Equal(
            2,
            (await workflow.Get<Uploads>().All(TestContext.Current.CancellationToken)).Count(upload =>
                upload.Value.State == UploadState.Rejected));
    }

    [Theory]
    [InlineData("draft-rev-1 révisé.pdf", "draft-rev-1 re\u0301vise\u0301.pdf")]
    [InlineData("draft-rev-1 K.pdf", "draft-rev-1 \u212A.pdf")]
    [InlineData("draft-rev-1 Å.pdf", "draft-rev-1 A\u030A.pdf", "draft-rev-1 \u212B.pdf")]
    [InlineData("draft-rev-1.pdf", "Draft-Rev-1.PDF")]
    [InlineData("draft-rev-1.pdf", "ｄraft-rev-1.pdf")]
    public async Task Files_whose_names_look_the_same_are_all_named_and_none_is_sent(params string[] alike)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload(
            $"{Folder}/letter.md",
            Samples.Letter(Samples.FrontMatter.Replace("draft-rev-1.pdf", alike[0], StringComparison.Ordinal)));
        foreach (var name in alike)
            await workflow.Upload($"{Folder}/{name}", Samples.Pdf());
        await workflow.Run();

        var fault = Assert.Single((await workflow.TheUpload()).Faults, fault => fault.Number == 259);
        Assert.All(
            alike,
            name =>
                Assert.Contains($"“{name.Normalize()}” of {Samples.Pdf().Length:N0} bytes", fault.Words, StringComparison.Ordinal)
        );
        Assert.Equal("Remove them from the folder with a storage tool, and upload the right one again.", fault.Remedy);
        Assert.Empty(await workflow.Distributions());

        foreach (var name in alike)
            await workflow
                .Get<StorageAccount>()
                .Blobs.GetBlobContainerClient(ResourceNames.Drafts)
                .DeleteBlobAsync($"{Folder}/{name}", cancellationToken: TestContext.Current.CancellationToken);
        await workflow.Upload($"{Folder}/{alike.Last(name => name.Normalize() == alike[0])}", Samples.Pdf());
        await workflow.Run();
        Assert.Equal(UploadState.Accepted, (await workflow.TheUpload()).State);
    }

    [Fact]
    public async Task A_letter_with_a_fault_and_an_enclosure_with_another_are_told_together()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload($"{Folder}/letter.md", Samples.LetterWith("signatorys: none"));
        await workflow.Upload($"{Folder}/draft-rev-1.pdf.exe", "MZ");
        await workflow.Run();
        Assert.Equal(2, (await workflow.TheUpload()).Faults.Select(fault => fault.Place).Distinct().Count());
    }

    [Fact]
    public async Task A_file_the_letter_does_not_name_is_a_warning_and_stays_behind()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload($"{Folder}/internal notes.pdf", Samples.Pdf());
        var distribution = await workflow.Accepted();
        Assert.Equal([427, 352], distribution.Warnings.Select(warning => warning.Number));
        Assert.True(
            await workflow
                .Get<Releases>()
                .Release(distribution.Id, "the secretary", TestContext.Current.CancellationToken, confirmed: true));
        await workflow.CarryOutBatches();
        Assert.Equal(
            [Samples.LetterPdf, "draft-rev-1.pdf"],
            Assert.Single(workflow.Sent()).Attachments.Select(attachment => attachment.ContentDisposition?.FileName));
    }

    [Fact]
    public async Task Without_its_typesetter_it_says_what_is_missing_and_sends_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Typesetting:Folder", "/nowhere"));
        await workflow.Upload($"{Folder}/letter.md", Samples.Letter());
        await workflow.Upload($"{Folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();

        Assert.Contains(
            "The letters could not be typeset, by no fault of theirs: The typesetter is not installed in /nowhere.",
            await workflow.Report(Folder),
            StringComparison.Ordinal);
        Assert.Empty(await workflow.Distributions());
    }

    private static async Task IsRejected(TestWorkflow workflow, string fault, string words)
    {
        await workflow.Run();
        var upload = await workflow.TheUpload();
        Assert.True(upload.State == UploadState.Rejected, fault);
        var report = await workflow.Report(Folder) ?? "";
        Assert.StartsWith($"The upload {Folder} was examined on ", report);
        Assert.Contains("Nothing was sent.", report);
        Assert.True(report.Contains(words, StringComparison.Ordinal), $"{fault}: {report}");
        Assert.Contains("Correct the files and upload them again", report);
        Assert.Empty(await workflow.Distributions());
        Assert.Empty(workflow.Sent());
    }

    private static async Task IsAccepted(TestWorkflow workflow)
    {
        await workflow.Run();
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
        Assert.Null(await workflow.Report(Folder));
    }
}
