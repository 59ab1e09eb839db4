using Azure.Core;
using Distribution.Common;
using Distribution.FaultSuite;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Distribution.Tests.Web;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>Letters that leave at an hour of their own.</summary>
public sealed class HourTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_released_letter_waits_for_its_hour_and_leaves_then_by_itself()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(workflow, "send: 2018-03-26 18:00 New York");
        workflow.WaitUntil("2018-03-26 17:59");
        await workflow.Run();
        Assert.Empty(workflow.Sent());
        Assert.Equal((DistributionState.Scheduled, null, "the secretary"), await Now(workflow, id));

        workflow.WaitUntil("2018-03-26 18:00");
        await workflow.Run();
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
        Assert.Equal(
            (DistributionState.Complete, workflow.Clock.GetUtcNow(), "the secretary"),
            await Now(workflow, id));
    }

    [Fact]
    public async Task Until_its_hour_it_can_be_held_back_and_then_nothing_leaves()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(workflow, "send: 2018-03-26 18:00");
        Assert.True(await workflow.Get<Releases>().HoldBack(id, "the secretary", Cancellation));
        workflow.WaitUntil("2018-03-26 18:30");
        await workflow.Run();
        Assert.Empty(workflow.Sent());
        Assert.Equal((DistributionState.AwaitingRelease, null, null), await Now(workflow, id));
        Assert.False(await workflow.Get<Releases>().HoldBack(id, "the secretary", Cancellation));

        // Released once more after its hour, it leaves at once, and the person who does so says that this is meant.
        Assert.False(await workflow.Get<Releases>().Release(id, "the secretary", Cancellation));
        Assert.True(await workflow.Get<Releases>().Release(id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();
        Assert.Equal(2, workflow.Sent().Count);
    }

    [Theory]
    [InlineData("2018-03-26 18:15", true)]
    [InlineData("2018-03-26 18:16", false)]
    public async Task A_service_that_was_down_at_the_hour_sends_within_the_grace_period_and_asks_after_it(
        string back,
        bool sends)
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(workflow, "send: 2018-03-26 18:00");
        workflow.WaitUntil(back);
        await workflow.Run();
        await workflow.Run();
        Assert.Equal(sends ? 2 : 0, workflow.Sent().Count);
        if (sends)
            return;

        Assert.Equal(
            "Draft Rev 1 was not sent. It was to leave on 26 March 2018, 6.00 p.m. New York time, and the service could not send it then. Open its page, and release it again if it shall leave now.",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text);
        Assert.Equal(
            ["D336"],
            (await workflow.Get<Releases>().Review(id, Cancellation))!.ToConfirm.Select(finding => finding.Code));
        Assert.False(await workflow.Get<Releases>().Release(id, "the secretary", Cancellation));
        Assert.True(await workflow.Get<Releases>().Release(id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();
        Assert.Equal(2, workflow.Sent().Count);
    }

    [Fact]
    public async Task Automatic_release_waits_for_the_hour_too_and_is_told_without_the_words_of_a_setting()
    {
        await using var workflow = await TestWorkflow.OpenAt(
            "2018-03-26 17:00",
            azurite,
            null,
            ("Release:AllowAutomatic", "true"));
        await workflow.UseRegister("che", "mex");
        var letter = await workflow.AcceptedWith("release: automatic\nsend: 2018-03-26 18:00");
        Assert.Equal(DistributionState.Scheduled, letter.State);
        await using var site = await TestSite.Open(workflow);
        Assert.StartsWith("Released by the letter's own instruction. Nothing has been sent yet", await Said(letter, ".ask p"), StringComparison.Ordinal);
        workflow.WaitUntil("2018-03-26 18:00");
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
        Assert.StartsWith("Left by itself on 26 March 2018", await Said(letter, "#summary > .quiet"), StringComparison.Ordinal);

        var second = await workflow.AcceptedWith("reference: Another");
        Assert.Contains(
            "Version 1 of this letter was released on 26 March 2018, 6.00 p.m. New York time, by the letter's own instruction.",
            await Said(second, "main"),
            StringComparison.Ordinal);

        async Task<string> Said(DistributionRecord letter, string place) =>
            TestSite.Words((await site.Page(Addresses.Distribution(letter.Id))).QuerySelector(place)!.TextContent);
    }

    [Theory]
    [InlineData("2018-03-26 16:00")]
    [InlineData("2018-03-26 17:00")]
    public async Task An_hour_that_has_passed_is_a_fault_and_another_hour_mends_it(string hour)
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith($"send: {hour}"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        Assert.Equal("D335", Assert.Single((await workflow.TheUpload()).Faults, fault => !fault.IsWarning).Code);
        Assert.Empty(await workflow.Distributions());
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.AcceptedWith("send: 2018-03-26 17:01")).State);
    }

    [Fact]
    public async Task What_its_dates_are_by_the_hour_is_asked_at_the_release_and_what_nobody_was_asked_holds_it_at_the_hour()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.Letter(
                $"{Samples.FrontMatter}\ndeadlines:\n  comments: 2018-03-28 18:00\nsend: 2018-03-29 09:00",
                "Draft Rev 1 is enclosed. Kindly write to us by 28 March 2018."));
        await workflow.Reconcile();
        var id = Assert.Single(await workflow.Distributions()).Id;
        Assert.Equal(
            ["D337", "D368"],
            (await workflow.Get<Releases>().Review(id, Cancellation))!.ToConfirm.Select(finding => finding.Code));
        Assert.False(await workflow.Get<Releases>().Release(id, "the secretary", Cancellation));
        Assert.True(await workflow.Get<Releases>().Release(id, "the secretary", Cancellation, confirmed: true));
        await workflow
            .Get<DistributionRecords>()
            .Change(id, scheduled => scheduled with { Confirmed = [] }, Cancellation);
        workflow.WaitUntil("2018-03-29 09:00");
        await workflow.Run();
        Assert.Empty(workflow.Sent());
        Assert.StartsWith(
            "Draft Rev 1 was not sent. The deadline “comments”",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);

        Assert.True(await workflow.Get<Releases>().Release(id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();
        Assert.Single(workflow.Sent());
    }

    [Fact]
    public async Task A_letter_whose_folder_was_touched_shortly_before_its_hour_does_not_leave_before_it_is_examined()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(workflow, "send: 2018-03-26 18:00");
        workflow.WaitUntil("2018-03-26 18:00");
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, corrected"));
        await workflow
            .Get<Releases>()
            .SendDue((await workflow.Get<DistributionRecords>().Find(id, Cancellation))!, Cancellation);
        Assert.Equal(DistributionState.Scheduled, (await Now(workflow, id)).Item1);
        await workflow.Run();
        Assert.Empty(workflow.Sent());
        Assert.Equal(DistributionState.Replaced, (await Now(workflow, id)).Item1);
    }

    [Fact]
    public async Task A_register_that_changes_before_the_hour_changes_nothing_of_what_was_released()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(workflow, "send: 2018-03-26 18:00");
        await workflow.UseRegister("fra");
        workflow.WaitUntil("2018-03-26 18:00");
        await workflow.Run();
        Assert.Equal(
            ["che@missions.example", "mex@missions.example"],
            workflow.Sent().SelectMany(message => message.To.Mailboxes).Select(mailbox => mailbox.Address).Order());
        Assert.Equal(id, (await workflow.TheDistribution()).Id);
    }

    [Fact]
    public async Task A_letter_uploaded_anew_before_the_hour_does_not_leave_as_it_was_and_a_person_is_told()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(workflow, "send: 2018-03-26 18:00");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.Letter($"{Samples.FrontMatter}\nsend: 2018-03-26 18:00", "Draft Rev 1 is enclosed, corrected."));
        await workflow.Reconcile();
        workflow.WaitUntil("2018-03-26 18:00");
        await workflow.Run();

        Assert.Empty(workflow.Sent());
        Assert.Equal(
            DistributionState.Replaced,
            (await workflow.Get<DistributionRecords>().Find(id, Cancellation))!.State);
        Assert.StartsWith(
            "Draft Rev 1 had been released to leave on 26 March 2018, 6.00 p.m. New York time.",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Intake:Scanner", "clamd://127.0.0.1:1")]
    [InlineData("", "Typesetting:Time", "00:00:20")]
    [InlineData("", "Dispatch:BatchSize", "1")]
    [InlineData("release: automatic\n", "Intake:Scanner", "clamd://127.0.0.1:1")]
    public async Task A_deployment_that_changes_nothing_of_the_letter_does_not_keep_it_from_leaving_at_its_hour(
        string lines,
        string setting,
        string value)
    {
        await using var workflow = await TestWorkflow.OpenAt(
            "2018-03-26 17:00",
            azurite,
            null,
            ("Release:AllowAutomatic", "true"));
        var id = await Released(workflow, $"{lines}send: 2018-03-26 18:00");
        await using var deployed = workflow.Another(("Release:AllowAutomatic", "true"), (setting, value));
        await deployed.Run();
        workflow.WaitUntil("2018-03-26 18:00");
        await deployed.Run();
        Assert.Equal(2, deployed.Sent().Count);
        Assert.Equal(DistributionState.Complete, (await Now(workflow, id)).Item1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("release: automatic\n")]
    public async Task A_deployment_that_changes_where_its_links_lead_holds_a_letter_for_a_person_who_looks_at_it_again(
        string lines)
    {
        await using var workflow = await TestWorkflow.OpenAt(
            "2018-03-26 17:00",
            azurite,
            null,
            ("Release:AllowAutomatic", "true"));
        var id = await Released(workflow, $"{lines}send: 2018-03-26 18:00");
        await using var deployed = workflow.Another(
            ("Release:AllowAutomatic", "true"),
            ("PublicUrl", "https://letters.example"));
        workflow.WaitUntil("2018-03-26 18:00");
        await deployed
            .Get<Releases>()
            .SendDue((await workflow.Get<DistributionRecords>().Find(id, Cancellation))!, Cancellation);
        Assert.Equal((DistributionState.AwaitingRelease, null, null), await Now(workflow, id));
        Assert.Equal(Altered, Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text);

        // It is made anew with that address, and though its hour has passed it is not refused: nobody has uploaded it
        // again.
        await deployed.Run();
        var anew = (await workflow.Distributions()).Single(distribution =>
            distribution.State == DistributionState.AwaitingRelease);
        Assert.NotEqual(id, anew.Id);
        Assert.Equal(
            "it was made anew, with the register, templates and settings of today",
            ReplacedBecause((await workflow.Get<DistributionRecords>().Find(id, Cancellation))!));
        Assert.True(await deployed.Get<Releases>().Release(anew.Id, "the secretary", Cancellation, confirmed: true));
        await deployed.CarryOutBatches();
        Assert.All(
            deployed.Sent(),
            message => Assert.Contains("https://letters.example", message.TextBody, StringComparison.Ordinal));
        Assert.Equal(2, deployed.Sent().Count);
    }

    [Fact]
    public async Task What_was_altered_in_storage_after_its_release_does_not_leave_at_its_hour()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(workflow, "send: 2018-03-26 18:00");
        var frozen = workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Distributions)
            .GetBlobClient($"{id}/content.json");
        var content = (await frozen.DownloadContentAsync(Cancellation)).Value.Content.ToString();
        await frozen.UploadAsync(
            BinaryData.FromString(
                content.Replace("mex@missions.example", "eve@missions.example", StringComparison.Ordinal)),
            overwrite: true,
            Cancellation);
        workflow.WaitUntil("2018-03-26 18:00");
        await using (
            var dying = workflow.OverStorage(
                new Meanwhile(ResourceNames.NoticesTable, () => throw new InvalidOperationException("It died."))))
            await Assert.ThrowsAsync<InvalidOperationException>(async () =>
                await dying.Get<Releases>().SendDue(await workflow.TheDistribution(), Cancellation));
        Assert.Equal((DistributionState.AwaitingRelease, null, null), await Now(workflow, id));
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));

        // What a worker leaves untold is told by the next, and once.
        await workflow.Run();
        Assert.Empty(workflow.Sent());
        var notice = Assert.Single(await workflow.Get<Notices>().All(Cancellation));
        Assert.Equal(Altered, notice.Text);
        Assert.True(await workflow.Get<Notices>().Remove(notice.Id, Cancellation));
        await workflow.Run();
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
    }

    [Fact]
    public async Task A_letter_held_back_keeps_nothing_of_its_release_and_the_next_one_is_of_what_is_looked_at_then()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(workflow, "send: 2018-03-26 18:00");
        var looked = (await workflow.TheDistribution()).ReleasedContent;
        Assert.NotNull(looked);
        Assert.True(await workflow.Get<Releases>().HoldBack(id, "the secretary", Cancellation));
        Assert.Null((await workflow.TheDistribution()).ReleasedContent);
        Assert.True(await workflow.Get<Releases>().Release(id, "the secretary", Cancellation));
        // Whoever looks at it now looks at a letter that was held back.
        Assert.NotEqual(looked, (await workflow.TheDistribution()).ReleasedContent);
        workflow.WaitUntil("2018-03-26 18:00");
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task A_hold_that_lasts_beyond_the_grace_period_asks_a_person_unless_some_missions_have_the_letter(
        int broken,
        bool goesOn)
    {
        var transport = new TransportStub();
        transport.BeforeAnswer = () =>
        {
            if (transport.Offered.Count == broken)
                transport.Fault = new("The mail server cannot be reached.", passes: true);
            return Task.CompletedTask;
        };
        await using var workflow = await TestWorkflow.OpenAt(
            "2018-03-26 17:00",
            azurite,
            transport,
            ("Dispatch:Concurrency", "1"));
        var id = await Released(workflow, "send: 2018-03-26 18:00");
        workflow.WaitUntil("2018-03-26 18:00");
        await workflow.Run();
        Assert.Equal(DistributionState.Paused, (await Now(workflow, id)).Item1);

        workflow.WaitUntil("2018-03-26 18:20");
        transport.Fault = null;
        await workflow.Run();
        Assert.Equal(goesOn ? 3 : 1, transport.Offered.Count);
        var held = await workflow.TheDistribution();
        if (goesOn)
        {
            Assert.Equal(DistributionState.Complete, held.State);
            return;
        }

        Assert.Equal((DistributionState.Paused, false), (held.State, held.PausePasses));
        Assert.StartsWith(
            "Mail can be sent again, but this letter was to leave more than 15 minutes ago",
            held.PauseReason,
            StringComparison.Ordinal);
        transport.BeforeAnswer = () => Task.CompletedTask;
        Assert.True(await workflow.Get<Releases>().Resume(id, "the secretary", Cancellation));
        await workflow.Run();
        Assert.Equal(DistributionState.Complete, (await Now(workflow, id)).Item1);
    }

    [Fact]
    public async Task A_letter_that_a_version_before_hashes_released_leaves_at_its_hour_whatever_its_links_lead_to()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(workflow, "send: 2018-03-26 18:00");
        await workflow
            .Get<DistributionRecords>()
            .Change(id, scheduled => scheduled with { ReleasedContent = null }, Cancellation);
        await using var deployed = workflow.Another(("PublicUrl", "https://letters.example"));
        workflow.WaitUntil("2018-03-26 18:00");
        await deployed.Run();
        Assert.Equal(2, deployed.Sent().Count);
    }

    [Fact]
    public async Task A_letter_whose_folder_is_still_being_checked_long_after_its_hour_is_held_and_the_reason_said()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(workflow, "send: 2018-03-26 18:00");
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, corrected"));
        foreach (
            var (at, state) in ((string, DistributionState)[])
                [
                    ("18:00", DistributionState.Scheduled),
                    ("18:15", DistributionState.Scheduled),
                    ("18:16", DistributionState.AwaitingRelease),
                ])
        {
            workflow.WaitUntil($"2018-03-26 {at}");
            await workflow
                .Get<Releases>()
                .SendDue((await workflow.Get<DistributionRecords>().Find(id, Cancellation))!, Cancellation);
            Assert.Equal(state, (await Now(workflow, id)).Item1);
        }

        Assert.Equal(
            "Draft Rev 1 was not sent. It was to leave on 26 March 2018, 6.00 p.m. New York time, and files that have come into its folder since are still being checked. Open its page once they are, and release what shall leave.",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text);
    }

    [Theory]
    [InlineData(
        "signatorys: none",
        "its folder was checked again and rejected",
        "Its folder was checked again and rejected, so it will not leave. Correct what the folder's page names, and release the letter then."
    )]
    [InlineData(
        "    label: Draft Rev 1\n  - file: annex.pdf\n    title: Annex\n    role: annex",
        "its folder waits for annex.pdf",
        "Its folder waits for annex.pdf, so it will not leave. Release it once nothing is waited for, if it shall leave."
    )]
    public async Task What_an_examination_that_stopped_half_way_left_of_the_letter_before_is_taken_out_of_the_way(
        string lines,
        string why,
        string words)
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Stranded(workflow, lines);
        await workflow.Reconcile();
        Assert.Equal(DistributionState.Replaced, (await Now(workflow, id)).Item1);
        Assert.Equal(why, ReplacedBecause(await workflow.TheDistribution()));
        Assert.Equal(
            $"Draft Rev 1 had been released to leave on 26 March 2018, 6.00 p.m. New York time. {words}",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task That_a_letter_will_not_leave_is_said_whoever_stops_in_between_and_not_of_one_that_was_held_back(
        bool isHeldBack)
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Released(workflow, "send: 2018-03-26 18:00");
        foreach (var file in (string[])["letter.md", "draft-rev-1.pdf"])
            await workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Drafts).DeleteBlobAsync($"gcm/draft-rev-1/{file}", cancellationToken: Cancellation);
        var met = 0;
        await using (
            var broken = workflow.OverStorage(
                new Meanwhile(
                    $"/{ResourceNames.NoticesTable}?",
                    async () =>
                    {
                        met++;
                        if (!isHeldBack)
                            throw new InvalidOperationException("The process ends here.");
                        Assert.True(await workflow.Get<Releases>().HoldBack(id, "the secretary", Cancellation));
                    })))
            await Record.ExceptionAsync(broken.Examine);
        Assert.Equal(1, met);

        await workflow.Reconcile();
        Assert.Equal(DistributionState.Replaced, (await Now(workflow, id)).Item1);
        Assert.Equal("its folder was taken away", ReplacedBecause(await workflow.TheDistribution()));
        Assert.Equal(isHeldBack ? 0 : 1, (await workflow.Get<Notices>().All(Cancellation)).Count);
    }

    [Fact]
    public async Task A_letter_that_its_folder_does_not_hold_any_more_is_told_at_its_hour_and_not_long_after()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        var id = await Stranded(workflow, "signatorys: none");
        workflow.WaitUntil("2018-03-26 18:00");
        await workflow
            .Get<Releases>()
            .SendDue((await workflow.Get<DistributionRecords>().Find(id, Cancellation))!, Cancellation);
        Assert.Equal(DistributionState.AwaitingRelease, (await Now(workflow, id)).Item1);
        Assert.Equal(
            "Draft Rev 1 was not sent. It was to leave on 26 March 2018, 6.00 p.m. New York time, and its folder does not hold this letter any more. Look at what the folder holds now, and release that if it shall leave.",
            // The examination that stopped half-way had said why.
            Assert.Single(await workflow.Get<Notices>().All(Cancellation), notice => notice.Id != $"replaced-{id}").Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_letter_past_its_hour_that_is_examined_again_is_not_refused_for_its_hour(bool isAsked)
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        await workflow.UseRegister("che", "mex");
        var id = (await workflow.AcceptedWith("send: 2018-03-26 18:00")).Id;
        workflow.WaitUntil("2018-03-26 18:30");
        await workflow.UseRegister("che", "fra");
        await using var deployed = workflow.Another(("PublicUrl", "https://letters.example"));
        if (isAsked)
            await workflow.Get<DraftUploads>().Renew(new("gcm", "draft-rev-1"), Cancellation);
        else
            await deployed.Reconcile();

        Assert.Equal(UploadState.Accepted, (await workflow.TheUpload()).State);
        Assert.Equal(
            "it was made anew, with the register, templates and settings of today",
            ReplacedBecause((await workflow.Get<DistributionRecords>().Find(id, Cancellation))!));
        var anew = (await workflow.Distributions()).Single(distribution =>
            distribution.State == DistributionState.AwaitingRelease);
        Assert.Equal(
            ["D336"],
            (await (isAsked ? workflow : deployed).Get<Releases>().Review(anew.Id, Cancellation))!.ToConfirm.Select(
                finding => finding.Code));

        // The same files put there once more are new files, and whoever does that can give another hour.
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await (isAsked ? workflow : deployed).Reconcile();
        Assert.Equal("D335", Assert.Single((await workflow.TheUpload()).Faults, fault => !fault.IsWarning).Code);
    }

    [Theory]
    // The night of 11 March 2018 the clocks went forward, that of 4 November back.
    [InlineData("2018-03-09 12:00", "2018-03-12 09:00", "2018-03-12T13:00:00Z")]
    [InlineData("2018-11-02 12:00", "2018-11-05 09:00", "2018-11-05T14:00:00Z")]
    public async Task An_hour_beyond_a_clock_change_is_the_hour_that_the_clocks_show(
        string now,
        string hour,
        string utc)
    {
        await using var workflow = await TestWorkflow.OpenAt(now, azurite);
        await workflow.UseRegister("che");
        var letter = Samples.FrontMatter.Replace("2018-03-26", now[..10], StringComparison.Ordinal);
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter($"{letter}\nsend: {hour}"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        var id = (await workflow.TheDistribution()).Id;
        Assert.True(await workflow.Get<Releases>().Release(id, "the secretary", Cancellation));

        var instant = DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture);
        workflow.Clock.SetUtcNow(instant - TimeSpan.FromSeconds(1));
        await workflow.Run();
        Assert.Empty(workflow.Sent());
        workflow.Clock.SetUtcNow(instant);
        await workflow.Run();
        Assert.Single(workflow.Sent());
    }

    private const string Altered =
        "Draft Rev 1 was not sent. It was to leave on 26 March 2018, 6.00 p.m. New York time, but it is not what was looked at when it was released: its content, or the address its links lead to (PublicUrl), has changed since. "
        + "Open its page, look at it again, and release it if it shall leave so.";

    private static async Task<string> Released(TestWorkflow workflow, string lines)
    {
        await workflow.UseRegister("che", "mex");
        var distribution = await workflow.AcceptedWith(lines);
        Assert.True(
            distribution.State == DistributionState.Scheduled
                || await workflow.Get<Releases>().Release(distribution.Id, "the secretary", Cancellation));
        return distribution.Id;
    }

    /// <summary>
    /// A letter released for six o'clock whose folder then came to hold a letter of these lines, by an examination that
    /// stopped before it took the one released out of the way.
    /// </summary>
    private static async Task<string> Stranded(TestWorkflow workflow, string lines)
    {
        var id = await Released(workflow, "send: 2018-03-26 18:00");
        await using var stopped = workflow.OverStorage(
            new StorageFaultTests.Interference(
                (request, carriedOut) =>
                    !carriedOut
                    && request.Method == RequestMethod.Put
                    && request.Uri.Path.Contains(ResourceNames.DistributionsTable, StringComparison.Ordinal)
                        ? new FaultyAnswer(request, 409, "TableBeingDeleted")
                        : null));
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith(lines));
        await stopped.Get<DraftUploads>().Examine("gcm/draft-rev-1/letter.md", Cancellation);
        Assert.NotEqual(UploadState.Accepted, (await workflow.TheUpload()).State);
        Assert.Equal(DistributionState.Scheduled, (await Now(workflow, id)).Item1);
        return id;
    }

    private static string ReplacedBecause(DistributionRecord version) =>
        Assert.Single(version.Acts, entry => entry.Act == Act.Replaced).Words;

    private static async Task<(DistributionState, DateTimeOffset?, string?)> Now(TestWorkflow workflow, string id) =>
        await workflow.Get<DistributionRecords>().Find(id, Cancellation) is { } found
            ? (found.State, found.ReleasedAt, found.ReleasedBy)
            : throw new InvalidOperationException();
}
