using System.Text;
using Azure.Core;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Register;
using Distribution.Tests.Storage;
using Xunit;

namespace Distribution.Tests.Intake;

public sealed class RegisterInUseTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_missions_the_product_came_with_are_in_use_until_a_register_is_uploaded()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseAllMissions();
        Assert.Equal(223, (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Count);
        await workflow.UploadRegister(TestWorkflow.RegisterOf("che", "mex"));
        Assert.Equal(
            ["mex", "che"],
            (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Select(mission => mission.Id));
    }

    [Fact]
    public async Task A_bad_register_never_replaces_a_good_one_and_is_reported_once_with_row_and_column()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        await workflow.UploadRegister(TestWorkflow.RegisterOfMailboxes("not an address"));
        await workflow.Run();

        Assert.Equal(2, (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Count);
        var report = await workflow.Report(RegisterContainer.Uploaded);
        Assert.Contains("The register in use before stays in use.", report);
        Assert.Contains("register.csv, row 2, column to", report);
        Assert.StartsWith(
            "The uploaded register was not taken over; the one in use stays.",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text);

        await workflow.UploadRegister(TestWorkflow.RegisterOfMailboxes("duty@mission.example"));
        Assert.Single((await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions);
        Assert.Null(await workflow.Report(RegisterContainer.Uploaded));
        // What was said of it is gone with it, though nobody has pressed anything.
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
    }

    [Fact]
    public async Task A_register_that_lacks_missions_waits_for_a_person_and_the_one_in_use_stays()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseAllMissions();
        await workflow.BringRegister(RegisterCsv.SeedContent.ToArray());
        await workflow.BringRegister(Encoding.UTF8.GetBytes(First(117)));
        await workflow.Run();

        Assert.Equal(223, await InUse(workflow));
        var waiting = await Waiting(workflow);
        Assert.Equal((106, 0), (waiting.Changes.Gone.Count, waiting.Changes.New.Count));
        Assert.StartsWith(
            "106 missions of the register in use are not in it: ",
            Assert.Single(waiting.Reasons),
            StringComparison.Ordinal);
        var report = await workflow.Report(RegisterContainer.Uploaded);
        Assert.Contains("waits for a person", report, StringComparison.Ordinal);
        Assert.Contains("\nZimbabwe\n", report, StringComparison.Ordinal);

        Assert.Equal(RegisterConfirmation.Done, await Confirm(workflow, waiting));
        Assert.Equal(117, await InUse(workflow));
        Assert.Null(await workflow.Report(RegisterContainer.Uploaded));
        Assert.Equal("the secretary", (await workflow.Get<RegisterInUse>().Stored(Cancellation))!.ConfirmedBy);
        await workflow.Run();
        Assert.Equal(117, await InUse(workflow));
    }

    [Fact]
    public async Task The_list_the_product_came_with_is_a_register_in_use_once_a_letter_was_made_with_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseAllMissions();
        await workflow.AcceptedWith("audience: [che]");
        await workflow.BringRegister(Encoding.UTF8.GetBytes(First(117)));
        Assert.Equal((223, 106), (await InUse(workflow), (await Waiting(workflow)).Changes.Gone.Count));
    }

    [Fact]
    public async Task The_first_register_needs_nobody_and_what_it_lacks_of_the_list_the_product_came_with_is_told()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseAllMissions();
        await workflow.BringRegister(Encoding.UTF8.GetBytes(First(117)));
        Assert.Equal(117, await InUse(workflow));
        Assert.Contains(
            "It has 117 missions; of the list that this service came with, 106 missions are not among them: ",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_mailboxes_and_heads_of_the_same_missions_need_nobody()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.BringRegister(
            Encoding.UTF8.GetBytes(
                TestWorkflow.RegisterOf("che", "fra", "mex").Replace("che@missions", "new@missions", StringComparison.Ordinal)));
        Assert.Contains(
            (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions,
            mission => mission.Mailboxes[0].Address == "new@missions.example");
    }

    [Fact]
    public async Task A_register_whose_names_were_sorted_without_the_rest_waits()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var mixed = TestWorkflow.RegisterOf("che", "fra", "mex")
            .Replace(",France,Permanent", ",*,Permanent", StringComparison.Ordinal)
            .Replace(",Mexico,Permanent", ",France,Permanent", StringComparison.Ordinal)
            .Replace(",*,Permanent", ",Mexico,Permanent", StringComparison.Ordinal);
        await workflow.BringRegister(Encoding.UTF8.GetBytes(mixed));
        Assert.Contains(
            "2 missions have another name: Mexico is now France and France is now Mexico.",
            (await Waiting(workflow)).Reasons.Select(reason => reason.ToString()));
    }

    [Fact]
    public async Task A_register_with_something_to_look_at_waits_though_its_missions_are_the_same()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.BringRegister(
            Encoding.UTF8.GetBytes(
                TestWorkflow.RegisterOf("che", "fra", "mex").Replace(",Mexique,", ",M?xique,", StringComparison.Ordinal)));
        var waiting = await Waiting(workflow);
        Assert.Equal(["1 mission has other particulars: Mexico.", "1 thing in it is to be looked at."], waiting.Reasons.Select(reason => reason.ToString()));
        Assert.Equal(143, Assert.Single(waiting.Reading.ToConfirm).Number);
    }

    [Fact]
    public async Task The_register_that_is_confirmed_is_the_one_that_was_looked_at()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.BringRegister(Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "fra")));
        var first = await Waiting(workflow);
        // Another one takes its place while the page is read, and is not looked at by the timer yet.
        await workflow.Get<RegisterContainer>().Write(
            RegisterContainer.Uploaded,
            Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che")),
            Cancellation);
        Assert.Equal(RegisterConfirmation.Changed, await Confirm(workflow, first));
        Assert.Equal(3, await InUse(workflow));

        await workflow.Reconcile();
        var second = await Waiting(workflow);
        // Of two people at once, one has done it, and the other is told so.
        var pressed = await Task.WhenAll(Confirm(workflow, second), Confirm(workflow, second));
        Assert.Equal([RegisterConfirmation.Done, RegisterConfirmation.InUseAlready], pressed.Order());
        Assert.Equal(1, await InUse(workflow));

        // Nor does an old page put it back once another one is in use.
        await workflow.UploadRegister(TestWorkflow.RegisterOf("che", "mex"));
        Assert.Equal(RegisterConfirmation.Changed, await Confirm(workflow, second));
        Assert.Equal(2, await InUse(workflow));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_person_did_is_done_also_where_storages_answer_was_lost(bool confirms)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var losses = 0;
        await using var lossy = workflow.OverStorage(
            new StorageFaultTests.Interference(
                (request, carriedOut) =>
                    carriedOut
                    && request.Method is var method && (method == RequestMethod.Put || method == RequestMethod.Delete)
                    && request.Uri.Path.Contains($"/{ResourceNames.Register}/", StringComparison.Ordinal)
                    && !request.Uri.Path.EndsWith(RegisterContainer.ExaminedMark, StringComparison.Ordinal)
                    && ++losses % 2 == 1
                        ? throw new IOException("Connection reset by peer")
                        : null));
        var registers = lossy.Get<RegisterInUse>();
        var (isTaken, upload) = await registers.Upload(
            Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "fra")),
            new("the secretary", "the secretary"),
            Cancellation);
        Assert.True(isTaken);
        Assert.Equal(
            RegisterConfirmation.Done,
            confirms
                ? await registers.Confirm(upload!.Hash, upload.InUse, new("the secretary", "the secretary"), Cancellation)
                : await registers.Decline(upload!.Hash, Cancellation));
        Assert.Equal(4, losses);
        Assert.Equal(confirms ? 2 : 3, await InUse(workflow));
        // What is recorded with it is recorded, too.
        Assert.Equal(confirms ? 1 : 0, (await workflow.Get<RegisterHistory>().Of("mex", Cancellation)).Count);
    }

    [Fact]
    public async Task What_waits_is_compared_with_what_is_in_use_when_it_is_confirmed()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.BringRegister(Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "fra")));
        var shown = await Waiting(workflow);
        await workflow.UseRegister("che", "mex");
        Assert.Equal(RegisterConfirmation.Changed, await Confirm(workflow, shown));
        Assert.Equal(["France"], (await Waiting(workflow)).Changes.New.Select(mission => mission.Name));
    }

    [Fact]
    public async Task Letters_examined_while_a_register_waits_go_by_the_one_in_use()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.BringRegister(Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che")));
        Assert.Equal(3, (await workflow.Accepted()).MissionCount);
    }

    [Fact]
    public async Task A_workbook_is_taken_over_as_it_is_and_the_last_upload_counts_whatever_it_is_called()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.BringRegister(
            WorkbookFile.OfCsv(RegisterText.Header, RegisterText.Switzerland, RegisterText.Mexico),
            RegisterContainer.UploadedWorkbook);
        Assert.Equal(RegisterConfirmation.Done, await Confirm(workflow, await Waiting(workflow)));
        Assert.Equal(2, await InUse(workflow));
        // What is in use is CSV, whatever was uploaded: it can be saved, edited, and read by an earlier version.
        Assert.StartsWith(
            "\uFEFFmission,kind,name,",
            Encoding.UTF8.GetString((await workflow.Get<RegisterInUse>().Stored(Cancellation))!.Content.Span),
            StringComparison.Ordinal);

        // Storage tells times in whole seconds.
        await Task.Delay(1100, Cancellation);
        await workflow.BringRegister(Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "fra", "mex")));
        Assert.Equal(RegisterConfirmation.Done, await Confirm(workflow, await Waiting(workflow)));
        Assert.Equal(3, await InUse(workflow));
        // The older file does not come back when the newer one is deleted.
        await Delete(workflow, RegisterContainer.Uploaded);
        await workflow.Run();
        Assert.Null(await workflow.Get<RegisterInUse>().Uploaded(Cancellation));
        Assert.Equal(3, await InUse(workflow));
    }

    [Fact]
    public async Task Of_a_workbook_and_a_CSV_file_uploaded_at_one_moment_neither_deletes_the_other()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var container = workflow.Get<RegisterContainer>();
        // What the one has seen before it writes, in which the other is not yet.
        var listed = await container.Files(Cancellation);
        await container.Upload(WorkbookFile.OfCsv(RegisterText.Header, RegisterText.Switzerland), Cancellation);
        Assert.True(
            await container.Upload(
                Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "fra")),
                listed,
                new(new("the secretary", "the secretary"), null, ""),
                Cancellation));

        Assert.Superset(
            new HashSet<string> { RegisterContainer.Uploaded, RegisterContainer.UploadedWorkbook },
            (await container.Files(Cancellation)).Keys.ToHashSet());
    }

    [Fact]
    public async Task A_notice_and_a_wait_end_when_their_register_is_deleted()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.BringRegister(Encoding.UTF8.GetBytes(TestWorkflow.RegisterOfMailboxes("nobody")));
        Assert.Single(await workflow.Get<Notices>().All(Cancellation));
        await workflow.BringRegister(Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che")));
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
        var waiting = await Waiting(workflow);

        await Delete(workflow, RegisterContainer.Uploaded);
        Assert.Equal(RegisterConfirmation.NotThere, await Confirm(workflow, waiting));
        await workflow.Run();
        Assert.Null(await workflow.Report(RegisterContainer.Uploaded));
        Assert.Equal(3, await InUse(workflow));
    }

    [Fact]
    public async Task A_file_of_another_name_is_named_and_one_of_another_kind_too()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.BringRegister(Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che")), "missions.csv");
        Assert.StartsWith(
            "The file “missions.csv” in the container register is not read.",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        await Delete(workflow, "missions.csv");
        await workflow.Run();
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));

        await workflow.BringRegister(
            WorkbookFile.Zip(new Dictionary<string, byte[]> { ["content.xml"] = [1] }),
            "register.ods");
        Assert.Contains(
            "This is a file of LibreOffice or OpenOffice (.ods)",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_earlier_version_took_over_needs_nobody_and_stays_in_use_though_it_would_be_refused_today()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var old = TestWorkflow.RegisterOf("che", "mex").Replace("Representative,,", "Representative,0,", StringComparison.Ordinal);
        var container = workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Register);
        var uploaded = (await container.GetBlobClient("register.csv").UploadAsync(BinaryData.FromString(old), true, Cancellation)).Value;
        await container.GetBlobClient("in-use.csv").UploadAsync(BinaryData.FromString(old), true, Cancellation);
        await container.GetBlobClient("examined-version").UploadAsync(BinaryData.FromString(uploaded.ETag.ToString()), true, Cancellation);

        await workflow.Run();
        Assert.Equal(2, await InUse(workflow));
        Assert.Equal(UploadedRegisterState.InUse, (await workflow.Get<RegisterInUse>().Uploaded(Cancellation))!.State);
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
    }

    [Fact]
    public async Task An_upload_rejected_for_the_register_is_examined_again_with_the_next_one()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("mex");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("audience: [che]"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Run();
        Assert.Equal(UploadState.Rejected, (await workflow.TheUpload()).State);

        await workflow.UploadRegister(TestWorkflow.RegisterOf("che", "mex"));
        await workflow.Run();
        Assert.Equal(1, (await workflow.TheDistribution()).MissionCount);
    }

    /// <summary>The first missions of the register the product comes with, as an upload that stopped leaves them.</summary>
    private static string First(int missions) =>
        string.Join("\r\n", [.. Encoding.UTF8.GetString(RegisterCsv.SeedContent.Span).Split("\r\n").Take(missions + 1), ""]);

    private static async Task<int> InUse(TestWorkflow workflow) =>
        (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Count;

    private static async Task<UploadedRegister> Waiting(TestWorkflow workflow)
    {
        var uploaded = await workflow.Get<RegisterInUse>().Uploaded(Cancellation);
        Assert.NotNull(uploaded);
        Assert.Equal(UploadedRegisterState.Waits, uploaded.State);
        return uploaded;
    }

    private static Task<RegisterConfirmation> Confirm(TestWorkflow workflow, UploadedRegister shown) =>
        workflow.Get<RegisterInUse>().Confirm(
            shown.Hash,
            shown.InUse,
            new("the secretary", "the secretary"),
            Cancellation);

    private static Task Delete(TestWorkflow workflow, string name) =>
        workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Register)
            .DeleteBlobAsync(name, cancellationToken: Cancellation);
}
