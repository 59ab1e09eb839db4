using Distribution.FaultSuite;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Intake;

/// <summary>Letters that put an earlier one right.</summary>
public sealed class CorrectionTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_re_issue_goes_to_exactly_those_the_faulty_one_went_to_whatever_the_register_says_now()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var faulty = await Sent(workflow, "che", "mex");
        await workflow.UseRegister("che", "mex", "fra");
        var reissue = await Correction(workflow, "re-issue");

        Assert.Equal(new(FollowUpKind.Reissue, faulty.Id), reissue.Follows);
        Assert.Equal(2, reissue.MissionCount);
        await Release(workflow, reissue);
        Assert.Equal(
            ["che", "mex"],
            (await workflow.Dispatches(reissue.Id)).Select(entry => entry.MissionId).Order());
        Assert.Equal(4, workflow.Sent().Count);
        Assert.Equal(
            [Act.Superseded],
            (await Find(workflow, faulty.Id))
                .Acts.Select(act => act.Act)
                .Except([Act.Prepared, Act.Released, Act.Completed]));
        Assert.Equal(
            [reissue.Id],
            (await workflow.Get<DistributionRecords>().Following(faulty.Id, Cancellation)).Select(distribution =>
                distribution.Id));
        Assert.Equal(DistributionState.Complete, (await Find(workflow, faulty.Id)).State);
    }

    [Fact]
    public async Task Whoever_still_waited_for_the_faulty_letter_gets_only_the_good_one()
    {
        // The way out takes one mission's letter and puts the other off.
        var transport = new TransportStub(
            (message, address) =>
                new(
                    address,
                    message.MissionId == "mex" && !message.DistributionId.Contains("reissue", StringComparison.Ordinal)
                        ? MailboxResult.TryLater
                        : MailboxResult.Accepted,
                    ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var faulty = await Sent(workflow, "che", "mex");
        var reissue = await Correction(workflow, "re-issue", "reissue");
        await Release(workflow, reissue);
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        await workflow.Run();

        Assert.Equal(
            [DeliveryState.Accepted, DeliveryState.Withdrawn],
            (await workflow.Dispatches(faulty.Id))
                .OrderBy(entry => entry.MissionId)
                .Select(entry => entry.State));
        Assert.Equal(
            [("che", faulty.Id), ("che", reissue.Id), ("mex", reissue.Id)],
            transport
                .Offered.Where(message => message.MissionId == "che" || message.DistributionId == reissue.Id)
                .Select(message => (message.MissionId, message.DistributionId))
                .Order());
        Assert.Equal(DistributionState.Withdrawn, (await Find(workflow, faulty.Id)).State);
    }

    [Fact]
    public async Task A_withdrawal_goes_only_to_those_who_may_have_the_letter()
    {
        var transport = new TransportStub(
            (message, address) =>
                new(
                    address,
                    message.DistributionId.Contains("withdrawal", StringComparison.Ordinal)
                        ? MailboxResult.Accepted
                        : message.MissionId switch
                        {
                            "mex" => MailboxResult.TryLater,
                            "fra" => MailboxResult.Refused,
                            "esp" => MailboxResult.Unknown,
                            _ => MailboxResult.Accepted,
                        },
                    ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:UnknownOutcome", "ask"));
        await Sent(workflow, "che", "mex", "fra", "esp");
        var withdrawal = await Correction(workflow, "withdrawal", "withdrawal");
        await Release(workflow, withdrawal);

        Assert.Equal(
            ["che", "esp"],
            transport
                .Offered.Where(message => message.DistributionId == withdrawal.Id)
                .Select(message => message.MissionId)
                .Order());
        var entries = (await workflow.Dispatches(withdrawal.Id)).ToDictionary(entry => entry.MissionId);
        Assert.All(
            (string[])["mex", "fra"],
            mission =>
                Assert.Equal(
                    "The mission was never sent the letter that is withdrawn.",
                    entries[mission].Attempts[^1].Mailboxes[0].Telling!.Words));
        Assert.Equal(DistributionState.Complete, (await Find(workflow, withdrawal.Id)).State);

        // No page says of it that every mission has it, or that somebody stopped it.
        await using var site = await TestSite.Open(workflow);
        Assert.Contains("None: every mission that needed it has it.", TestSite.Words(await site.Page(Addresses.LetterBriefing(withdrawal.Id))), StringComparison.Ordinal);
        Assert.Contains("1 is with every mission that needed it", TestSite.Words(await site.Page(Addresses.Briefing())), StringComparison.Ordinal);
        Assert.Contains("having reached every mission that needed it.", TestSite.Words(await site.Page(Addresses.Unreachable(withdrawal.Id))), StringComparison.Ordinal);
        var page = await site.Page($"/distributions/{withdrawal.Id}?show=neversent");
        Assert.Equal(
            ["Not sent: no need of it", "Accepted by the mail server"],
            page.QuerySelectorAll(".counts dt").Select(state => state.TextContent.Trim()));
        Assert.Contains("Every mission the letter was not sent to has it by another way, or had no need of it.", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Equal("Not sent: no need of it", (await site.Page(Addresses.Letter(withdrawal.Id, "mex"))).QuerySelector("[aria-labelledby=record] .tag")!.TextContent);
    }

    [Fact]
    public async Task A_withdrawal_goes_to_a_mission_of_whose_first_copy_nobody_knows_also_where_the_second_was_refused()
    {
        var offered = 0;
        var transport = new TransportStub(
            (message, address) =>
                new(
                    address,
                    message.DistributionId.Contains("withdrawal", StringComparison.Ordinal) ? MailboxResult.Accepted
                        : offered++ == 0 ? MailboxResult.Unknown
                        : MailboxResult.Refused,
                    "552 5.2.2 Over quota"));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:UnknownOutcome", "resend-with-same-message-id"));
        var faulty = await Sent(workflow, "che");
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        await workflow.Run();
        Assert.Equal(2, transport.Offered.Count);
        Assert.False((await workflow.Dispatches(faulty.Id))[0].State.IsReached);

        var withdrawal = await Correction(workflow, "withdrawal", "withdrawal");
        await Release(workflow, withdrawal);

        Assert.Equal(withdrawal.Id, transport.Offered.Last().DistributionId);
    }

    [Fact]
    public async Task A_mission_that_gets_the_letter_while_its_correction_waits_gets_the_correction_too_or_somebody_says_that_it_shall_not()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "fra");
        var faulty = await workflow.AcceptedWith("audience: [che]");
        Assert.True(await workflow.Get<Releases>().Release(faulty.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();
        var waiting = await Correction(workflow, "corrigendum");
        Assert.Null((await workflow.Get<Releases>().Review(waiting.Id, Cancellation))!.Register);
        await workflow.Get<Addenda>().Prepare(faulty.Id, "fra", null, new("the secretary", "the secretary"), Cancellation);
        Assert.True(await workflow.Get<Releases>().Release((await workflow.Distributions()).Single(other => other.Follows?.Kind == FollowUpKind.Addendum).Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();

        var review = (await workflow.Get<Releases>().Review(waiting.Id, Cancellation))!;
        Assert.Equal(["fra"], review.Register!.Added.Select(mission => mission.Id));
        await using (var site = await TestSite.Open(workflow))
            Assert.Contains("Who has got the letter that this one corrects has changed since this one was checked.", TestSite.Words(await site.Page(Addresses.Distribution(waiting.Id))), StringComparison.Ordinal);
        Assert.Equal(
            ReleaseOutcome.RegisterChanged,
            await workflow.Get<Releases>().Release(waiting.Id, new("the secretary", "the secretary"), new(review.Content, [], new Dictionary<string, string>()), Cancellation));

        // Checked again, it is a new version, to both.
        await workflow.Get<DraftUploads>().Renew(waiting.Folder, Cancellation);
        var again = (await workflow.Distributions()).Single(other => other.Folder == waiting.Folder && other.State == DistributionState.AwaitingRelease);
        Assert.Equal(2, again.MissionCount);
        // What was replaced is not to come any more.
        await using (var site = await TestSite.Open(workflow))
            Assert.Single(TestSite.Words(await site.Page(Addresses.Distribution(faulty.Id))).Split(" is to supersede this letter once it is released.")[..^1]);
        await Release(workflow, again);
        Assert.Equal(2, (await workflow.Dispatches(again.Id)).Count(entry => entry.State.IsReached));
    }

    [Fact]
    public async Task A_mission_that_gets_the_letter_between_the_release_of_its_correction_and_the_hour_holds_the_correction()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "fra");
        var faulty = await workflow.AcceptedWith("audience: [che]");
        Assert.True(await workflow.Get<Releases>().Release(faulty.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.Run();
        var correction = await Correction(workflow, "corrigendum", lines: "send: 2018-03-26 18:00");
        await Release(workflow, correction);
        await workflow.Get<Addenda>().Prepare(faulty.Id, "fra", null, new("the secretary", "the secretary"), Cancellation);
        await Release(workflow, (await workflow.Distributions()).Single(other => other.Follows?.Kind == FollowUpKind.Addendum));

        workflow.WaitUntil("2018-03-26 18:00");
        await workflow.Run();
        Assert.Empty(workflow.Sent(correction.Id));
        Assert.Contains(
            "its content, who has got the letter that it corrects, or the address its links lead to (PublicUrl), has changed since.",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.Equal(
            ["fra"],
            (await workflow.Get<Releases>().Review(correction.Id, Cancellation))!.Register!.Added.Select(mission => mission.Id));
    }

    [Fact]
    public async Task A_correction_stops_the_reminders_of_what_it_corrects()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        await workflow.UseRegister("che");
        var faulty = await workflow.AcceptedWith("remind: on 2018-04-03");
        await Release(workflow, faulty);
        await Release(workflow, await Correction(workflow, "corrigendum"));
        workflow.WaitUntil("2018-04-03 10:00");
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
        Assert.Equal(
            [ReminderState.Stopped],
            (await Find(workflow, faulty.Id)).Reminders.Select(reminder => reminder.State));
    }

    [Theory]
    [InlineData("re-issue", false)]
    [InlineData("withdrawal", false)]
    [InlineData("corrigendum", true)]
    public async Task Nothing_more_leaves_of_a_letter_that_was_replaced_or_taken_back(string correction, bool stands)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var faulty = await Sent(workflow, "che");
        await Release(workflow, await Correction(workflow, correction));
        await workflow.UseRegister("che", "mex");

        Assert.Equal(
            stands,
            await workflow
                .Get<Addenda>()
                .Prepare(faulty.Id, "mex", null, new("the secretary", "the secretary"), Cancellation)
                is AddendumResult.Prepared);
        Assert.Equal(stands, await workflow.RemindNow(faulty.Id));
        Assert.Equal(stands, await workflow.Resend(faulty.Id, "che"));
    }

    [Fact]
    public async Task A_correction_of_what_was_never_sent_is_a_fault_that_names_what_was()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await Sent(workflow, "che");
        await workflow.Upload(
            "gcm/correction/letter.md",
            Samples.LetterWith("supersedes: Draft Rev 2\ncorrection: re-issue"));
        await workflow.Upload("gcm/correction/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        Assert.Contains(
            "No letter “Draft Rev 2” of this process has been released, so there is nothing to correct. Released were: Draft Rev 1. Write one of these labels.",
            string.Join(
                ' ',
                (await workflow.Report("gcm/correction"))!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
        Assert.Single(await workflow.Distributions());
    }

    [Fact]
    public async Task A_second_correction_of_the_same_letter_is_a_warning()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await Sent(workflow, "che");
        var (first, second) = (await Correction(workflow, "corrigendum", "first"), await Correction(workflow, "corrigendum", "second"));
        Assert.Empty(await Asked(second));
        await Release(workflow, first);
        // Also of one that waited already.
        Assert.Equal([343], await Asked(second));
        var third = await Correction(workflow, "corrigendum", "third");
        Assert.Contains(third.Warnings, fault => fault.Number == 343);
        Assert.Single(await Asked(third), 343);

        async Task<IEnumerable<int>> Asked(DistributionRecord correction) =>
            (await workflow.Get<Releases>().Review(correction.Id, Cancellation))!.ToConfirm.Select(finding => finding.Number);
    }

    [Fact]
    public async Task Two_letters_of_one_label_with_two_files_that_wait_at_once_do_not_both_leave_unless_somebody_says_so()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var releases = workflow.Get<Releases>();
        var (first, second) = (await Upload("first"), await Upload("second", "send: 2018-03-26 18:00"));
        Assert.Empty((await releases.Review(first.Id, Cancellation))!.ToConfirm);
        Assert.True(await releases.Release(second.Id, "the secretary", Cancellation));

        workflow.Clock.Advance(TimeSpan.FromMinutes(5));

        // The second will leave: whoever releases the first says why both shall.
        Assert.Equal([344], (await releases.Review(first.Id, Cancellation))!.ToConfirm.Select(finding => finding.Number));
        Assert.False(await releases.Release(first.Id, "the secretary", Cancellation));
        Assert.True(await releases.Release(first.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.Run();
        Assert.Single(workflow.Sent());

        // Whoever released the second did not know of the first.
        workflow.WaitUntil("2018-03-26 18:00");
        await workflow.Run();
        Assert.Single(workflow.Sent());
        Assert.StartsWith(
            "Draft Rev 1 was not sent. “Draft Rev 1” was released on 26 March 2018, ",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.True(await releases.Release(second.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);

        async Task<DistributionRecord> Upload(string folder, string lines = "")
        {
            await workflow.Upload($"gcm/{folder}/letter.md", Samples.LetterWith(lines));
            await workflow.Upload($"gcm/{folder}/draft-rev-1.pdf", Samples.Pdf($"Draft Rev 1, the {folder}"));
            await workflow.Reconcile();
            return (await workflow.Distributions()).Single(distribution => distribution.Folder.Revision == folder);
        }
    }

    /// <summary>Whatever leaves beside it in between, and however long that takes.</summary>
    [Fact]
    public async Task What_was_confirmed_against_other_letters_is_not_asked_again_when_the_letter_leaves()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var releases = workflow.Get<Releases>();
        await Sent(workflow, "che");
        var corrections = new List<DistributionRecord>();
        foreach (var number in (int[])[1, 2])
            corrections.Add((await UploadAs(
                workflow,
                $"Draft Rev 1/Corr.{number}",
                $"correction-{number}",
                Samples.Pdf($"Draft Rev 1/Corr.{number}"),
                "supersedes: Draft Rev 1\ncorrection: corrigendum"))!);
        Assert.Empty(await Press(corrections[0]));
        await LeftAfterItsMinute(2);
        Assert.Equal(
            ["“Draft Rev 1” has been superseded already, by “Draft Rev 1/Corr.1”."],
            await Press(corrections[1]));
        await LeftAfterItsMinute(3);

        // Of one label: one that has left, one that leaves later than it was to, and the one that waits for both.
        await SentAs(workflow, "Draft Rev 2", "rev-2", Samples.Pdf("Draft Rev 2"));
        var (second, third) = (await Again("second", "13:00"), await Again("third", "13:30"));
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(await Press(second));
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        var asked = await Press(third);
        Assert.Equal(2, asked.Count);
        Assert.All(asked, words => Assert.StartsWith("“Draft Rev 2” was released on 26 March 2018, 12.", words, StringComparison.Ordinal));
        await LeftBy("2018-03-26 13:02", 5);
        await LeftBy("2018-03-26 13:31", 6);
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));

        async Task<DistributionRecord> Again(string folder, string hour) =>
            (await UploadAs(workflow, "Draft Rev 2", folder, Samples.Pdf($"Draft Rev 2, the {folder}"), $"send: 2018-03-26 {hour}"))!;

        // As on its page, where it can be undone for a minute.
        async Task<IReadOnlyList<string>> Press(DistributionRecord letter)
        {
            var review = (await releases.Review(letter.Id, Cancellation))!;
            Assert.Equal(
                ReleaseOutcome.Released,
                await releases.Release(
                    letter.Id,
                    new("the secretary", "the secretary"),
                    ReleaseAsItStands.Looked(review, confirmed: true) with { UndoFor = TimeSpan.FromMinutes(1) },
                    Cancellation));
            Assert.Equal(DistributionState.Scheduled, (await Find(workflow, letter.Id)).State);
            return [.. review.ToConfirm.Select(finding => finding.Words)];
        }

        async Task LeftBy(string hour, int count)
        {
            workflow.WaitUntil(hour);
            await workflow.Run();
            Assert.Equal(count, workflow.Sent().Count);
        }

        async Task LeftAfterItsMinute(int count)
        {
            workflow.Clock.Advance(TimeSpan.FromMinutes(1));
            await workflow.Run();
            Assert.Equal(count, workflow.Sent().Count);
        }
    }

    [Fact]
    public async Task The_same_label_with_another_file_is_noticed_and_leaves_only_when_confirmed()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await Sent(workflow, "che");
        await workflow.Upload("gcm/again/letter.md", Samples.Letter());
        await workflow.Upload("gcm/again/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, with other words"));
        await workflow.Reconcile();
        var again = (await workflow.Distributions()).Single(distribution => distribution.Folder.Revision == "again");

        Assert.Contains(again.Warnings, fault => fault.Number == 344);
        Assert.False(await workflow.Get<Releases>().Release(again.Id, "the secretary", Cancellation));
        // A tick is not enough: it is overruled with a reason.
        var review = (await workflow.Get<Releases>().Review(again.Id, Cancellation))!;
        var ticked = new ReleaseRequest(
            review.Content,
            [.. review.ToConfirm.Select(finding => finding.Key)],
            new Dictionary<string, string> { [review.ToConfirm[0].Key] = " " });
        Assert.Equal(
            ReleaseOutcome.Unconfirmed,
            await workflow.Get<Releases>().Release(again.Id, new("a", "the secretary"), ticked, Cancellation));
        Assert.True(await workflow.Get<Releases>().Release(again.Id, "the secretary", Cancellation, confirmed: true));
        Assert.Matches(
            "^overruled: “Draft Rev 1” was released on .* Reason: It is meant so\\.$",
            (await Find(workflow, again.Id)).Acts.Last(act => act.Act == Act.Released).Words);
    }

    [Fact]
    public async Task The_same_file_under_the_same_label_asks_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var draft = Samples.Pdf();
        foreach (var folder in (string[])["draft-rev-1", "again"])
        {
            await workflow.Upload(
                $"gcm/{folder}/letter.md",
                Samples.Letter(body: $"Draft Rev 1 is enclosed, {folder}."));
            await workflow.Upload($"gcm/{folder}/draft-rev-1.pdf", draft);
            await workflow.Reconcile();
            if (folder == "draft-rev-1")
                await Release(workflow, await workflow.TheDistribution());
        }

        Assert.DoesNotContain(
            (await workflow.Distributions()).Single(distribution => distribution.Folder.Revision == "again").Warnings,
            finding => finding.NeedsAPerson);
    }

    [Fact]
    public async Task A_withdrawal_is_tied_to_exactly_the_label_it_names_and_a_label_that_fits_several_is_a_fault()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var first = await SentAs(workflow, "Draft Rev 2.1", "part-1");
        var second = await SentAs(workflow, "Draft Rev 2.2", "part-2");
        Assert.DoesNotContain(second.Warnings, finding => finding.Number == 344);
        await SentAs(workflow, "Draft Rev 3, Part A", "part-a");
        await SentAs(workflow, "Draft Rev 3, Part B", "part-b");

        Assert.Equal(first.Id, (await Withdrawal("Draft Rev 2.1", "exact"))!.Follows!.Of);
        Assert.Equal(second.Id, (await Withdrawal("rev. 2.2", "meant"))!.Follows!.Of);
        Assert.Null(await Withdrawal("Draft Rev 2", "none"));
        Assert.Contains("No letter “Draft Rev 2”", await Report("none"), StringComparison.Ordinal);
        Assert.Null(await Withdrawal("Rev 3", "several"));
        Assert.Matches(
            "“Rev 3” fits several letters that were sent: “Draft Rev 3, Part [AB]” .* and “Draft Rev 3, Part [AB]”",
            await Report("several"));

        async Task<DistributionRecord?> Withdrawal(string label, string folder)
        {
            var distribution = await UploadAs(
                workflow,
                label,
                folder,
                Samples.Pdf($"{label} is withdrawn"),
                $"supersedes: {label}\ncorrection: withdrawal");
            return distribution;
        }

        async Task<string> Report(string folder) => string.Join(
            ' ',
            (await workflow.Report($"gcm/{folder}"))!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task The_last_draft_under_a_new_label_and_a_text_unlike_it_leave_only_with_a_reason()
    {
        const string text = "Coastal waters belong to everyone and States shall protect their fisheries together";
        await using var workflow = await TestWorkflow.Open(azurite);
        var draft = Samples.Pdf(text);
        var last = await SentAs(workflow, "Draft Rev 1", "rev-1", draft);

        Assert.Equal(
            "is to go out as Draft Rev 2, but it is the very file that was sent as Draft Rev 1.",
            await Said(346, "same", "Draft Rev 2", draft));
        Assert.Equal(
            "is to go out as Draft Rev 2, but its text is word for word the one that was sent as Draft Rev 1.",
            await Said(346, "saved-anew", "Draft Rev 2", SampleUpload.Pdf([.. text.Split(' ')])));
        Assert.Equal(
            "is to go out as Draft Rev 2, but its text has almost nothing in common with Draft Rev 1, the last draft that was sent.",
            await Said(347, "unlike", "Draft Rev 2", Samples.Pdf("Minutes of the budget meeting held last Thursday afternoon")));
        Assert.Null(await Said(null, "revised", "Draft Rev 2", Samples.Pdf($"{text} from today")));
        Assert.Null(await Said(null, "addendum", "Draft Rev 1/Add.1", Samples.Pdf("Minutes of the budget meeting held last Thursday")));
        Assert.Equal(
            "is to go out as Draft Rev 1/Corr.1, but it is the very file that was sent as Draft Rev 1.",
            await Said(346, "corrigendum", "Draft Rev 1/Corr.1", draft));
        Assert.Equal(
            "is to go out as Draft Rev 1/Corr.1, but it is the very file that was sent as Draft Rev 1.",
            await Said(346, "corrects", "Draft Rev 1/Corr.1", draft, "supersedes: Draft Rev 1\ncorrection: corrigendum"));
        // Also under the very same label, and also when another draft was sent since.
        Assert.Equal(
            "is to go out with a correction of Draft Rev 1, but it is the very file that was sent as Draft Rev 1.",
            await Said(346, "same-label", "Draft Rev 1", draft, "supersedes: Draft Rev 1\ncorrection: corrigendum"));
        await SentAs(workflow, "Draft Rev 2", "rev-2", Samples.Pdf($"{text} from tomorrow"));
        foreach (var (folder, lines) in ((string, string)[])[("late", ""), ("late-corrects", "supersedes: Draft Rev 1\ncorrection: corrigendum")])
            Assert.Equal(
                "is to go out as Draft Rev 1/Corr.2, but it is the very file that was sent as Draft Rev 1.",
                await Said(346, folder, "Draft Rev 1/Corr.2", draft, lines));
        Assert.Null(last.Warnings.FirstOrDefault(finding => finding.Number is 346 or 347));

        async Task<string?> Said(int? number, string folder, string label, byte[] content, string lines = "")
        {
            var found = (await UploadAs(workflow, label, folder, content, lines))!.Warnings
                .Where(finding => finding.Number is 346 or 347)
                .ToList();
            Assert.Equal(number, found.SingleOrDefault()?.Number);
            Assert.All(found, finding => Assert.Equal(Distribution.Common.Severity.Overrule, finding.Severity));
            return found.SingleOrDefault()?.Words.Replace("draft.pdf ", "", StringComparison.Ordinal);
        }
    }

    private static async Task<DistributionRecord> SentAs(
        TestWorkflow workflow,
        string label,
        string folder,
        byte[]? draft = null)
    {
        var distribution = await UploadAs(workflow, label, folder, draft ?? Samples.Pdf(label));
        Assert.NotNull(distribution);
        Assert.True(await workflow.Get<Releases>().Release(distribution.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();
        workflow.Clock.Advance(TimeSpan.FromMinutes(10));
        return distribution;
    }

    /// <returns>Null if the upload was refused.</returns>
    private static async Task<DistributionRecord?> UploadAs(
        TestWorkflow workflow,
        string label,
        string folder,
        byte[] draft,
        string lines = "")
    {
        var letter = Samples
            .LetterWith($"    label: {label}\n{lines}")
            .Replace("draft: Draft Rev 1", $"draft: {label}", StringComparison.Ordinal)
            .Replace("draft-rev-1.pdf", "draft.pdf", StringComparison.Ordinal)
            .Replace("Draft Rev 1 ", $"{label} ", StringComparison.Ordinal);
        await workflow.Upload($"gcm/{folder}/letter.md", letter);
        await workflow.Upload($"gcm/{folder}/draft.pdf", draft);
        await workflow.Reconcile();
        return (await workflow.Distributions()).SingleOrDefault(distribution => distribution.Folder.Revision == folder);
    }

    private static async Task<DistributionRecord> Sent(TestWorkflow workflow, params string[] missions)
    {
        var distribution = await workflow.Released(missions);
        await workflow.CarryOutBatches();
        return distribution;
    }

    private static async Task<DistributionRecord> Correction(
        TestWorkflow workflow,
        string correction,
        string folder = "correction",
        string lines = "")
    {
        await workflow.Upload(
            $"gcm/{folder}/letter.md",
            Samples.LetterWith($"supersedes: Draft Rev 1\ncorrection: {correction}\n{lines}".TrimEnd()));
        await workflow.Upload($"gcm/{folder}/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, put right"));
        await workflow.Reconcile();
        return (await workflow.Distributions()).Single(distribution => distribution.Folder.Revision == folder);
    }

    private static async Task Release(TestWorkflow workflow, DistributionRecord distribution)
    {
        Assert.True(await workflow.Get<Releases>().Release(distribution.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
    }

    private static async Task<DistributionRecord> Find(TestWorkflow workflow, string id) =>
        (await workflow.Get<DistributionRecords>().Find(id, Cancellation))!;
}
