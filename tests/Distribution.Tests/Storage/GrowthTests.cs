using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Inbound;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Storage;

/// <summary>
/// What is done all the time must not grow with all that was ever stored, and what somebody changes must show at once all
/// the same.
/// </summary>
public sealed class GrowthTests(AzuriteFixture azurite)
{
    private static readonly Person Secretary = new("the secretary", "the secretary");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Distributions_are_read_once_and_then_only_those_that_are_new_or_changed()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        var stored = workflow.Get<DistributionRecords>();
        await Copies(letter, 1, 30);
        var requests = new RequestLog();
        await using var reader = workflow.OverStorage(requests);
        Assert.Equal(31, (await All()).Count);

        await All();
        Assert.Contains("$select=RowKey", Assert.Single(Read()), StringComparison.Ordinal);

        // What another process changes, adds and deletes shows with the next list.
        await stored.Change(Id(7), found => found with { ProofNote = "a proof" }, Cancellation);
        await Copies(letter, 31, 1);
        await Table().DeleteEntityAsync("distribution", Id(9), cancellationToken: Cancellation);
        var now = await All();
        Assert.Equal(3, Read().Count);
        Assert.Equal(31, now.Count);
        Assert.Equal("a proof", now.Single(found => found.Id == Id(7)).ProofNote);
        Assert.DoesNotContain(now, found => found.Id == Id(9));
        Assert.Equal(
            (await stored.All(Cancellation)).Select(found => found.Id).Order(),
            now.Select(found => found.Id).Order());

        // Very many are read together, and one that is damaged is left out of every list until it is mended.
        await Copies(letter, 40, 30);
        Assert.Equal(61, (await All()).Count);
        Assert.Equal(2, Read().Count);
        var sound = (await Table().GetEntityAsync<TableEntity>("distribution", Id(3), cancellationToken: Cancellation)).Value;
        await Table().UpdateEntityAsync(new TableEntity(sound) { ["Facts0"] = "{}" }, Azure.ETag.All, TableUpdateMode.Replace, Cancellation);
        for (var look = 0; look < 2; look++)
        {
            Assert.Equal(60, (await All()).Count);
            Assert.Equal(1, await reader.Get<DistributionRecords>().CountLeftOut(Cancellation));
        }

        Assert.Contains(Id(3), Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text, StringComparison.Ordinal);
        await Table().UpdateEntityAsync(sound, Azure.ETag.All, TableUpdateMode.Replace, Cancellation);
        Assert.Equal(61, (await All()).Count);

        string Id(int number) => $"{letter.Id}-{number:00}";

        TableClient Table() => workflow.Get<StorageAccount>().Tables.GetTableClient(ResourceNames.DistributionsTable);

        Task Copies(DistributionRecord of, int from, int count) =>
            Parallel.ForAsync(
                from,
                from + count,
                Cancellation,
                async (number, stop) => await stored.Add(of with { Id = Id(number) }, stop));

        async Task<IReadOnlyList<DistributionRecord>> All()
        {
            requests.Clear();
            return await reader.Get<DistributionRecords>().All(Cancellation);
        }

        IReadOnlyList<string> Read() => requests.ReadsOfTable(ResourceNames.DistributionsTable);
    }

    [Fact]
    public async Task A_withdrawal_asks_once_which_addenda_its_letter_has_and_goes_to_their_missions_too()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "fra", "mex");
        var letter = await workflow.AcceptedWith("audience: [che, mex]");
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();
        await workflow.Get<Addenda>().Prepare(letter.Id, "fra", null, Secretary, Cancellation);
        var addendum = (await workflow.Distributions()).Single(found => found.Follows is not null);
        Assert.True(await workflow.Get<Releases>().Release(addendum.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        await workflow.Upload("gcm/withdrawal/letter.md", Samples.LetterWith("supersedes: Draft Rev 1\ncorrection: withdrawal"));
        await workflow.Upload("gcm/withdrawal/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, put right"));
        await workflow.Reconcile();
        var withdrawal = (await workflow.Distributions()).Single(found => found.Folder.Revision == "withdrawal");
        Assert.True(await workflow.Get<Releases>().Release(withdrawal.Id, "the secretary", Cancellation));

        var requests = new RequestLog();
        await using var worker = workflow.OverStorage(requests);
        await worker.CarryOutBatches();

        Assert.All(await workflow.Dispatches(withdrawal.Id), entry => Assert.Equal(DeliveryState.Accepted, entry.State));
        Assert.Equal(3, (await workflow.Dispatches(withdrawal.Id)).Count);
        Assert.Single(
            requests.ReadsOfTable(ResourceNames.DistributionsTable),
            read => read.Contains("$filter", StringComparison.Ordinal));
    }

    [Fact]
    public void Letters_with_all_that_belongs_to_them_are_found_without_comparing_each_with_each()
    {
        var all = Enumerable
            .Range(0, 1_500)
            .SelectMany(number => (DistributionRecord[])
                [
                    Letter($"{number}", $"{number}", null),
                    Letter($"{number}-r1", $"{number}", new(FollowUpKind.Reminder, $"{number}")),
                    // Each is corrected in a folder of its own, and the correction has an addendum.
                    Letter($"{number}-c", $"{number}-c", new(FollowUpKind.Corrigendum, $"{number}")),
                    Letter($"{number}-c-a1", $"{number}-c", new(FollowUpKind.Addendum, $"{number}-c")),
                ])
            .ToList();
        var families = new Families(all);

        foreach (var letter in all)
            Assert.Equal(
                [letter.Id.Split('-')[0], .. (string[])["r1", "c", "c-a1"]],
                families.Of(letter.Id).Select((member, place) => place == 0 ? member.Id : member.Id[(member.Id.IndexOf('-', StringComparison.Ordinal) + 1)..]));
        Assert.Empty(families.Of("nowhere"));
        // What followed a letter that is gone belongs to its own.
        Assert.Equal(["left"], new Families([Letter("left", "left", new(FollowUpKind.Corrigendum, "gone"))]).Of("left").Select(member => member.Id));

        static DistributionRecord Letter(string id, string folder, FollowUp? follows) =>
            new(
                id,
                new("gcm", folder),
                1,
                "gcm",
                "Draft Rev 1",
                1,
                new(2018, 3, 26),
                "",
                "",
                "",
                1,
                [],
                [],
                [],
                DistributionState.Complete,
                default,
                Follows: follows);
    }

    [Fact]
    public async Task The_front_page_reads_a_letter_that_came_back_from_a_mission_once_a_minute_and_shows_a_resend_at_once()
    {
        var transport = new TransportStub((message, address) =>
            new(address, message.MissionId == "fra" ? MailboxResult.Refused : MailboxResult.Accepted, ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var letter = await workflow.Released("che", "fra");
        await workflow.Run();
        workflow.Clock.Advance(TimeSpan.FromDays(8));
        var requests = new RequestLog();
        await using var site = await TestSite.Open(workflow, requests);
        Assert.Contains("1 not reached", await WhoHasIt(), StringComparison.Ordinal);
        Assert.Single(Read());

        requests.Clear();
        Assert.Contains("1 not reached", await WhoHasIt(), StringComparison.Ordinal);
        Assert.Empty(Read());

        // What another process does for the letter is on its record.
        Assert.True(await workflow.Resend(letter.Id, "fra"));
        Assert.DoesNotContain("1 not reached", await WhoHasIt(), StringComparison.Ordinal);
        // What mail says is told within the minute.
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        requests.Clear();
        await WhoHasIt();
        Assert.NotEmpty(Read());

        async Task<string> WhoHasIt() =>
            TestSite.Words((await site.Page("/")).QuerySelector(".who-has-it")!.TextContent);

        IReadOnlyList<string> Read() => requests.ReadsOfTable(ResourceNames.DispatchesTable);
    }

    [Fact]
    public async Task A_mission_s_page_reads_whom_reminders_went_to_only_for_the_letters_it_shows()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che", "fra");
        var content = await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation);
        const int Count = MissionHistory.OnePage + 1;
        await Parallel.ForAsync(
            1,
            Count + 1,
            Cancellation,
            async (number, stop) =>
            {
                var sent = letter with
                {
                    Id = $"{letter.Id}-{number:00}",
                    State = DistributionState.Complete,
                    ReleasedAt = workflow.Clock.GetUtcNow().AddDays(number),
                };
                foreach (var each in (DistributionRecord[])
                    [
                        sent,
                        sent with
                        {
                            Id = $"{sent.Id}-r1",
                            Follows = new(FollowUpKind.Reminder, sent.Id),
                            ReleasedAt = sent.ReleasedAt!.Value.AddHours(1),
                        },
                    ])
                {
                    await workflow.Get<FrozenContents>().Freeze(each.Id, content, new([], [], []), stop);
                    await workflow.Get<MissionEntries>().Freeze(each.Id, content, isNew: true, stop);
                    await workflow.Get<DistributionRecords>().Add(each, stop);
                }
            });
        var requests = new RequestLog();
        await using var site = await TestSite.Open(workflow, requests);

        var page = await site.Page(Addresses.Mission("che"));

        Assert.StartsWith(
            "21 letters, the latest first; 1 to 20 are shown. Reminders stand with their letters. Times are New York time.",
            TestSite.Words(page.QuerySelector("[aria-labelledby=letters] caption")!.TextContent),
            StringComparison.Ordinal);
        var shown = page.QuerySelectorAll("[aria-labelledby=letters] tbody th a").Select(link => link.GetAttribute("href")!).ToList();
        Assert.Equal(2 * MissionHistory.OnePage, shown.Count);
        Assert.Equal(Addresses.Letter($"{letter.Id}-21-r1", "che"), shown[0]);
        Assert.Equal(Addresses.Letter($"{letter.Id}-21", "che"), shown[1]);
        Assert.Equal(1, requests.Reads($"{letter.Id}-01/content.json"));
        Assert.Equal(1, requests.Reads($"{letter.Id}-02-r1/content.json"));
        Assert.Equal(0, requests.Reads($"{letter.Id}-01-r1/content.json"));

        var last = await site.Page(page.QuerySelector("[aria-labelledby=letters] a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(2, last.QuerySelectorAll("[aria-labelledby=letters] tbody tr").Length);
        Assert.Contains("21 to 21 are shown", TestSite.Words(last), StringComparison.Ordinal);
        Assert.Null(last.QuerySelector("[aria-labelledby=letters] a[rel=next]"));
    }

    [Fact]
    public async Task The_page_of_messages_reads_the_kept_ones_of_the_last_days_and_all_only_where_those_are_few()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var at = workflow.Clock.GetUtcNow();
        await Parallel.ForAsync(
            0,
            61,
            Cancellation,
            async (number, stop) =>
            {
                var id = $"reply-{number:00}";
                await workflow.Get<Replies>().AddSetAside(
                    new(
                        new(id, "someone@else.example", $"Message {number:00}", at.AddSeconds(number), "", [], 0, []),
                        new(id, null, null, false, null, at, "Set aside")),
                    stop);
            });
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        var requests = new RequestLog();
        await using var site = await TestSite.Open(workflow, requests);

        var page = await site.Page("/replies");
        Assert.Equal("Kept", page.QuerySelector("#kept")!.TextContent);
        Assert.Contains("The latest 60 are shown. Search to find others.", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Contains("Message 60", TestSite.Words(page), StringComparison.Ordinal);
        Assert.DoesNotContain("Message 00", TestSite.Words(page), StringComparison.Ordinal);
        Assert.All(KeptRead(), read => Assert.Contains("Timestamp ge datetime", read, StringComparison.Ordinal));
        Assert.Contains("Message 00", TestSite.Words(await site.Page("/replies?q=message+00")), StringComparison.Ordinal);

        // Fewer than are shown came lately: all are looked through.
        workflow.Clock.Advance(TimeSpan.FromDays(60));
        requests.Clear();
        page = await site.Page("/replies");
        Assert.Equal("Kept (61)", page.QuerySelector("#kept")!.TextContent);
        Assert.Contains("The latest 60 are shown. Search to find others.", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Contains(KeptRead(), read => !read.Contains("Timestamp", StringComparison.Ordinal));

        IEnumerable<string> KeptRead() =>
            requests.ReadsOfTable(ResourceNames.RepliesTable)
                .Where(read => !read.Contains("PartitionKey eq 'waiting'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whether_a_letter_left_is_asked_for_one_row_and_once()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "fra", "mex");
        var requests = new RequestLog();
        await using var site = await TestSite.Open(workflow, requests);
        var asked = $"/verify?reference={(await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation)).Reference}";
        const string Genuine = "A letter with this reference was sent.";
        Assert.DoesNotContain(Genuine, TestSite.Words(await site.Page(asked)), StringComparison.Ordinal);
        await workflow.CarryOutBatches();
        requests.Clear();

        Assert.Contains(Genuine, TestSite.Words(await site.Page(asked)), StringComparison.Ordinal);
        Assert.Contains("$top=1", Assert.Single(Read()), StringComparison.Ordinal);
        requests.Clear();
        Assert.Contains(Genuine, TestSite.Words(await site.Page(asked)), StringComparison.Ordinal);
        Assert.Empty(Read());

        IReadOnlyList<string> Read() => requests.ReadsOfTable(ResourceNames.DispatchesTable);
    }

    [Fact]
    public async Task Many_events_of_one_letter_ask_once_which_letter_that_is()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "fra", "mex");
        await workflow.CarryOutBatches();
        var requests = new RequestLog();
        await using var worker = workflow.OverStorage(requests);

        var outcomes = await worker.Get<DeliveryEvidence>().Record(
            [
                .. (await workflow.Dispatches(letter.Id)).Select(entry => new Evidence(
                    entry.Attempts[0].MessageId,
                    entry.Attempts[0].Mailboxes[0].Mailbox.Address,
                    new(workflow.Clock.GetUtcNow(), DeliveryEventKind.Delivered, ""))),
            ],
            Cancellation);

        Assert.All(outcomes, outcome => Assert.Equal(EvidenceOutcome.Recorded, outcome));
        // The mark, the record, and the record once more when all is recorded.
        Assert.Equal(3, requests.ReadsOfTable(ResourceNames.DistributionsTable).Count);
    }

    [Fact]
    public async Task Erasing_reads_no_message_that_came_before_the_letter_left()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che");
        await workflow.CarryOutBatches();
        var inbound = workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Inbound);
        await inbound.GetBlobClient("done/of-another.eml").UploadAsync(new BinaryData("Subject: Lunch"), Cancellation);
        var requests = new RequestLog();
        await using var worker = workflow.OverStorage(requests);

        // Storage dates files by its own clock.
        var left = TimeProvider.System.GetUtcNow().AddDays(2);
        await worker.Get<Erasures>().Clear(
            new(letter.Id, letter.Process, letter.DraftLabel, letter.Date, 1, 1, left, null, left, null, null, IsDone: false),
            Cancellation);

        Assert.Empty(await workflow.Dispatches(letter.Id));
        Assert.Equal(0, requests.Reads("done/of-another.eml"));
    }
}
