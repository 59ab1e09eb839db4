using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Hosting.Jobs;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Letters;
using Distribution.Letters.Settings;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.Log;
using Distribution.Tracking.Proposals;
using Distribution.Tracking.Receipts;
using Distribution.Web;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests.Storage;

/// <summary>
/// One record that is not what was written hurts itself only: a notice names it, and pages, timer and all other letters
/// go on.
/// </summary>
public sealed class UnreadableRecordTests(AzuriteFixture azurite)
{
    private const string Waiting = "waiting-reply";

    private const string Kept = "kept-reply";

    /// <summary>Stands for the row of the letter's reference.</summary>
    private const string Reference = "reference";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Every kind of record: its table, its partition, and the page that is about it alone.</summary>
    private static readonly Dictionary<string, (string Table, string? Partition, Func<Letter, string>? OwnPage)> Kinds =
        new()
        {
            ["a distribution"] =
                (ResourceNames.DistributionsTable, "distribution", letter => Addresses.Distribution(letter.Id)),
            ["an entry"] = (ResourceNames.DispatchesTable, null, letter => Addresses.Letter(letter.Id, "che")),
            ["an upload"] = (ResourceNames.UploadsTable, null, _ => Addresses.Upload(new("gcm", "draft-rev-1"))),
            ["an acknowledgement"] =
                (ResourceNames.AcknowledgementsTable, null, letter => Addresses.Letter(letter.Id, "che")),
            ["a receipt that is due"] = (ResourceNames.ReceiptsTable, null, null),
            ["a letter that was forwarded"] =
                (ResourceNames.ForwardsTable, null, letter => Addresses.Letter(letter.Id, "che")),
            ["visits"] = (ResourceNames.VisitsTable, null, letter => Addresses.Letter(letter.Id, "che")),
            ["a notice"] = (ResourceNames.NoticesTable, null, null),
            ["a verifiable"] = (ResourceNames.VerificationsTable, Reference, letter => $"/verify?reference={letter.Reference}"),
            ["a reply that waits"] = (ResourceNames.RepliesTable, "waiting", null),
            ["a decision about a reply"] = (ResourceNames.RepliesTable, "decided", null),
            ["a reply that is kept"] = (ResourceNames.RepliesTable, "", letter => Addresses.Letter(letter.Id, "che")),
            ["an act"] = (ResourceNames.DeskActsTable, null, null),
            ["an author"] = (ResourceNames.AuthorsTable, null, null),
            ["a letter in the making"] = (ResourceNames.UnfinishedTable, null, null),
            ["a note on a mission"] = (ResourceNames.MissionsTable, "note che", null),
            ["a change of a mission"] = (ResourceNames.MissionsTable, "change che", null),
            ["a setting of the desk"] = (ResourceNames.SettingsTable, "letterheads", _ => Addresses.Setting("letterheads", "office")),
            ["a test message"] = (ResourceNames.MissionsTable, "test che", null),
            ["what a mission proposes"] = (ResourceNames.MissionsTable, "proposal", null),
            ["an erased letter"] = (ResourceNames.ErasuresTable, null, null),
        };

    /// <summary>
    /// Those that are damaged at the same time, for the way there takes seconds. No two of a group are in one table or have
    /// one page of their own, and none is looked for by way of another, so that what one of them would hurt is still read.
    /// </summary>
    private static readonly string[][] Groups =
    [
        ["a distribution"],
        ["an entry", "a reply that waits", "a note on a mission", "a setting of the desk"],
        ["an acknowledgement", "a letter in the making", "a change of a mission", "a verifiable"],
        ["a letter that was forwarded", "an upload", "a test message", "a notice"],
        ["visits", "what a mission proposes", "a receipt that is due", "an author", "a decision about a reply"],
        ["a reply that is kept", "an act", "an erased letter"],
    ];

    public static TheoryData<string> Together => [.. Groups.Select(kinds => string.Join(", ", kinds))];

    /// <summary>One sign of each changed, and then as a later version would have written it.</summary>
    [Theory]
    [MemberData(nameof(Together))]
    public async Task Hurts_itself_only(string together)
    {
        var kinds = together.Split(", ");
        await using var workflow = await EverythingOnRecord();
        var letter = await TheLetter(workflow);
        foreach (var isOfLaterFormat in (bool[])[false, true])
        {
            Dictionary<string, (TableEntity Damaged, TableEntity Sound)> records = [];
            // Each of a later format of its own, for there is one notice for all of a format.
            foreach (var (place, kind) in kinds.Index())
                records[kind] = await Damage(
                    workflow,
                    Kinds[kind].Table,
                    Kinds[kind].Partition,
                    letter,
                    isOfLaterFormat ? RecordFormat.Written + 1 + place : null,
                    author: Next(isOfLaterFormat));
            await HurtThemselvesOnly(
                workflow,
                letter,
                records.ToDictionary(record => record.Key, record => record.Value.Damaged),
                isOfLaterFormat);
            foreach (var (kind, (_, sound)) in records)
                await TableOf(workflow, kind).UpdateEntityAsync(sound, Azure.ETag.All, TableUpdateMode.Replace, Cancellation);
        }
    }

    /// <summary>The folder of the letter that is sent while records are damaged.</summary>
    private static string Next(bool isOfLaterFormat) => isOfLaterFormat ? "fourth" : "third";

    private static TableClient TableOf(TestWorkflow workflow, string kind) =>
        workflow.Get<StorageAccount>().Tables.GetTableClient(Kinds[kind].Table);

    private static async Task HurtThemselvesOnly(
        TestWorkflow workflow,
        Letter letter,
        Dictionary<string, TableEntity> damaged,
        bool isOfLaterFormat)
    {
        await using var worker = workflow.Another();
        await worker.Reconcile();
        await worker.Reconcile();
        Assert.Empty(worker.Get<JobFailures>().Now);
        // Its log names the record that a page failed by.
        await using var site = await TestSite.Open(worker, LogLevel.Warning);
        foreach (
            var page in (string[])
                [
                    Addresses.Front,
                    Addresses.Distribution(letter.Id),
                    Addresses.Letter(letter.Id, "mex"),
                    Addresses.Letter(letter.Id, "che"),
                    Addresses.Audit(letter.Id),
                    Addresses.Served(letter.Id),
                    Addresses.Unreachable(letter.Id),
                    Addresses.LetterBriefing(letter.Id),
                    Addresses.Briefing(),
                    Addresses.MissionList,
                    Addresses.Mission("che"),
                    Addresses.Proposals,
                    $"{Addresses.Search}?q=che",
                    Addresses.Log(letter.Id),
                    Addresses.Distribution(letter.Other),
                    Addresses.Letter(letter.Other, "che"),
                    Addresses.Replies,
                    Addresses.Acts(),
                    Addresses.UploadForm,
                    Addresses.NewLetter,
                    Addresses.Settings,
                    Addresses.SettingsOf("letterheads"),
                    Addresses.Setting("letterheads", "office"),
                    Addresses.Erased,
                    Addresses.Upload(new("gcm", "draft-rev-1")),
                    $"/verify?reference={letter.Reference}",
                ])
        {
            using var answer = await site.Get(page);
            var expected =
                !damaged.Keys.Any(kind => IsOf(page, kind, letter)) ? HttpStatusCode.OK
                : isOfLaterFormat ? HttpStatusCode.ServiceUnavailable
                : HttpStatusCode.Conflict;
            Assert.True(
                expected == answer.StatusCode,
                $"{page}: {answer.StatusCode}, with {string.Join(", ", damaged.Keys)} damaged.\n{string.Join('\n', site.Log)}");
        }

        // Another letter is prepared, released and sent; nothing of the first is sent a second time.
        var revision = Next(isOfLaterFormat);
        await worker.Upload($"gcm/{revision}/letter.md", Samples.Letter());
        await worker.Upload($"gcm/{revision}/draft-rev-1.pdf", Samples.Pdf());
        await worker.Reconcile();
        var third = (await worker.Distributions()).Single(found => found.Folder.Revision == revision);
        await site.Page(Addresses.Distribution(third.Id));
        Assert.True(
            await worker.Get<Releases>().Release(third.Id, "the secretary", Cancellation, confirmed: true));
        await worker.CarryOutBatches();
        Assert.Equal(2, worker.Sent(third.Id).Count());
        Assert.Equal(2, worker.Sent().Count);

        const string Later = "Some records were written by a later version of this service";
        var notices = (await worker.Get<Notices>().All(Cancellation)).Select(notice => notice.Text).ToList();
        foreach (var (kind, record) in damaged)
        {
            var table = Kinds[kind].Table;
            var about = notices
                .Where(text => text.Contains(table, StringComparison.Ordinal))
                .Where(text => text.StartsWith(Later, StringComparison.Ordinal) == isOfLaterFormat)
                .ToList();
            var place = SingleLine.Of(
                $"he record {record.RowKey} of the partition {record.PartitionKey} in the table {table}");
            if (kind is "a decision about a reply" || (isOfLaterFormat && kind is "visits"))
                // Nothing but a person's own request asks for it.
                Assert.Empty(about);
            else if (about.Count != 1)
                Assert.Fail($"Of {kind} there are {about.Count} notices among these: {string.Join('\n', notices)}");
            else if (isOfLaterFormat)
                Assert.Contains(place, about[0], StringComparison.Ordinal);
            else
                Assert.StartsWith($"T{place} cannot be read.", about[0], StringComparison.Ordinal);
            // Nobody has written over what could not be read.
            var now = (
                await TableOf(workflow, kind)
                    .GetEntityAsync<TableEntity>(record.PartitionKey, record.RowKey, cancellationToken: Cancellation)
            ).Value;
            Assert.True(record.ETag == now.ETag, $"{kind} was written over.");
        }
    }

    /// <summary>Whether the page is about this record alone.</summary>
    private static bool IsOf(string page, string kind, Letter letter) =>
        kind switch
        {
            "a distribution" =>
                page.StartsWith(Addresses.Distribution(letter.Id), StringComparison.Ordinal)
                || page.StartsWith("/verify", StringComparison.Ordinal),
            // It is in a list of its page.
            "a reply that is kept" => false,
            _ => page == Kinds[kind].OwnPage?.Invoke(letter),
        };

    [Fact]
    public void Every_table_of_records_is_among_them() =>
        Assert.Equal(
            Distribution.Hosting.StorageSetup.Tables.Order(),
            // There is a journal only while letters are being sent: it has a test of its own.
            Kinds.Values.Select(kind => kind.Table).Append(ResourceNames.JournalsTable).Distinct().Order());

    [Fact]
    public void Every_kind_is_damaged_once_and_beside_none_of_its_table_or_its_page()
    {
        Assert.Equal(Kinds.Keys.Order(), Groups.SelectMany(kinds => kinds).Order());
        var letter = new Letter("one", "other", "reference");
        foreach (var kinds in Groups)
        {
            Assert.Distinct(kinds.Select(kind => Kinds[kind].Table));
            Assert.Distinct(kinds.Select(kind => Kinds[kind].OwnPage?.Invoke(letter)).OfType<string>());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_distribution_with_an_entry_that_cannot_be_read_is_never_complete_and_says_what_it_does_not_know(
        bool isOfLaterFormat)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "mex");
        await workflow.Reconcile();
        await Damage(
            workflow,
            ResourceNames.DispatchesTable,
            null,
            new(letter.Id, "", ""),
            isOfLaterFormat ? RecordFormat.Written + 1 : null,
            columns: DeliveryState.Accepted);
        await workflow.Run();
        workflow.Clock.Advance(TimeSpan.FromMinutes(6));
        await workflow.Run();

        Assert.Single(workflow.Sent());
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);
        await using var site = await TestSite.Open(workflow);
        var page = TestSite.Words(await site.Page(Addresses.Distribution(letter.Id)));
        Assert.Contains("of 1 it is not known", page, StringComparison.Ordinal);
        var audit = await workflow.Get<DistributionAudit>().Of(letter.Id, Cancellation);
        Assert.Contains(
            audit!.Missions.SelectMany(mission => mission.Breaches),
            breach => breach.Words.Contains("is stored and cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mission_whose_acknowledgement_cannot_be_read_is_not_reminded_and_the_others_are()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Acknowledge(letter.Id, "che", "Amélie");
        await Damage(workflow, ResourceNames.AcknowledgementsTable, null, new(letter.Id, "", ""));

        Assert.True(await workflow.RemindNow(letter.Id));
        await workflow.Run();
        Assert.Equal(
            ["mex@missions.example"],
            workflow.Sent($"{letter.Id}-r1").SelectMany(message => message.To.Mailboxes).Select(box => box.Address));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Frozen_content_that_cannot_be_read_keeps_its_own_letter_and_no_other(bool isMissing)
    {
        await using var workflow = await EverythingOnRecord();
        var letter = await TheLetter(workflow);
        await using var fresh = workflow.Another();
        var blob = workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Distributions)
            .GetBlobClient($"{letter.Id}/content.json");
        var (content, metadata) = (
            (await blob.DownloadContentAsync(Cancellation)).Value.Content,
            (await blob.GetPropertiesAsync(cancellationToken: Cancellation)).Value.Metadata);
        if (isMissing)
            await blob.DeleteAsync(cancellationToken: Cancellation);
        else
            await blob.UploadAsync(BinaryData.FromString("{ \"letter\": 1"), overwrite: true, Cancellation);
        await workflow.Get<InboundFiles>().Upload(
            "nobodys.eml",
            new MemoryStream("From: nobody@else.example\r\nSubject: Re\r\n\r\nA word of nobody.\r\n"u8.ToArray()),
            Cancellation);

        await fresh.Reconcile();
        Assert.Empty(fresh.Get<JobFailures>().Now);
        // A message that may be about any letter is taken all the same.
        Assert.Contains(
            await fresh.Get<Replies>().Waiting(Cancellation),
            reply => reply.Excerpt == "A word of nobody.");
        Assert.Equal(fresh.Clock.GetUtcNow(), await fresh.Get<InboundMailJob>().HeardUntil(Cancellation));
        await using var site = await TestSite.Open(fresh);
        var front = TestSite.Words(await site.Page(Addresses.Front));
        Assert.Contains("Cannot be read", front, StringComparison.Ordinal);
        await site.Page(Addresses.Distribution(letter.Other));
        await site.Page(Addresses.Replies);
        Assert.Contains(
            "This cannot be read",
            TestSite.Words(await site.Page(Addresses.Distribution(letter.Id), HttpStatusCode.Conflict)),
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"The file distributions/{letter.Id}/content.json cannot be read.",
            Assert.Single(
                await workflow.Get<Notices>().All(Cancellation),
                notice => notice.Text.Contains("content.json", StringComparison.Ordinal)).Text,
            StringComparison.Ordinal);
        var refused = Assert.IsType<RebuildResult.Refused>(
            await fresh.Get<DistributionRebuild>().Rebuild(letter.Id, despite: null, Cancellation));
        Assert.Contains("content.json, is missing or cannot be read", refused.Words, StringComparison.Ordinal);

        // Its earlier version is made the current one, as the runbook says.
        await blob.UploadAsync(content, new Azure.Storage.Blobs.Models.BlobUploadOptions { Metadata = metadata }, Cancellation);
        await site.Page(Addresses.Distribution(letter.Id));
    }

    [Fact]
    public async Task A_letter_that_cannot_leave_at_its_hour_since_it_cannot_be_read_keeps_no_reminder_of_another()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        await workflow.UseRegister("che");
        var reminded = await workflow.AcceptedWith("remind: on 2018-03-29");
        Assert.True(await workflow.Get<Releases>().Release(reminded.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();
        var scheduled = await workflow.AcceptedWith("reference: GCM/2\nsend: 2018-03-29 09:00", "draft-rev-2");
        Assert.True(await workflow.Get<Releases>().Release(scheduled.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Distributions)
            .GetBlobClient($"{scheduled.Id}/content.json")
            .UploadAsync(BinaryData.FromString("{ \"letter\": 1"), overwrite: true, Cancellation);
        await using var fresh = workflow.Another();

        workflow.WaitUntil("2018-03-29 10:00");
        await fresh.Reconcile();

        Assert.Equal(
            [ReminderState.Made],
            (await workflow.Get<DistributionRecords>().Find(reminded.Id, Cancellation))!.Reminders.Select(reminder => reminder.State));
        Assert.Contains(
            await workflow.Get<Notices>().All(Cancellation),
            notice => notice.Text.StartsWith($"The file distributions/{scheduled.Id}/content.json cannot be read.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Content_that_a_later_version_froze_keeps_its_own_letter_and_no_other_while_both_versions_run()
    {
        await using var workflow = await EverythingOnRecord();
        var letter = await TheLetter(workflow);
        await workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Distributions)
            .GetBlobClient($"{letter.Id}/content.json")
            .SetMetadataAsync(
                new Dictionary<string, string> { [RecordFormat.Name] = $"{RecordFormat.Written + 1}" },
                cancellationToken: Cancellation);
        await using var fresh = workflow.Another();
        await using var site = await TestSite.Open(fresh);
        Assert.Contains("Cannot be read", TestSite.Words(await site.Page(Addresses.Front)), StringComparison.Ordinal);
        await site.Page(Addresses.Distribution(letter.Other));
        await site.Page(Addresses.Replies);
        await site.Page(Addresses.Briefing());
        await site.Page(Addresses.Distribution(letter.Id), HttpStatusCode.ServiceUnavailable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_register_in_use_that_changed_in_storage_is_not_sent_to(bool theUploadIsThere)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UploadRegister(TestWorkflow.RegisterOf("che", "mex"));
        var letter = await workflow.Released();
        var container = workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Register);
        var inUse = container.GetBlobClient("in-use.csv");
        var stored = (await inUse.DownloadContentAsync(Cancellation)).Value;
        await inUse.UploadAsync(
            BinaryData.FromString(
                stored.Content.ToString().Replace("che@missions", "xhe@missions", StringComparison.Ordinal)),
            new Azure.Storage.Blobs.Models.BlobUploadOptions { Metadata = stored.Details.Metadata },
            Cancellation);
        if (!theUploadIsThere)
            await container.DeleteBlobAsync("register.csv", cancellationToken: Cancellation);

        await using var fresh = workflow.Another();
        await fresh.Upload("gcm/other/letter.md", Samples.Letter());
        await fresh.Upload("gcm/other/draft-rev-1.pdf", Samples.Pdf());
        await fresh.Run();
        Assert.Equal(2, fresh.Sent(letter.Id).Count());
        await using var site = await TestSite.Open(fresh);
        await site.Page(Addresses.Front);
        await site.Page(Addresses.Distribution(letter.Id));
        if (theUploadIsThere)
        {
            Assert.Equal(2, (await fresh.Distributions()).Count);
            Assert.Equal(
                stored.Content.ToString(),
                (await inUse.DownloadContentAsync(Cancellation)).Value.Content.ToString());
            Assert.Empty(await fresh.Get<Notices>().All(Cancellation));
        }
        else
        {
            Assert.Single(await fresh.Distributions());
            Assert.StartsWith(
                "The file register/in-use.csv cannot be read.",
                Assert.Single(await fresh.Get<Notices>().All(Cancellation)).Text,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_queue_message_of_a_later_version_that_failed_on_every_try_is_put_aside_with_a_notice()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "mex");
        await workflow
            .Get<BatchHandler>()
            .SetAside(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"distributionId":"{{letter.Id}}","first":1,"last":2,"format":{{RecordFormat.Written + 1}}}"""),
                Cancellation);
        Assert.Contains(
            $"A message in the queue was written by a later version of this service, in format {RecordFormat.Written + 1}",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
    }

    [Fact]
    public async Task A_queue_message_about_a_distribution_that_cannot_be_read_is_put_aside_with_a_notice()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "mex");
        await Damage(workflow, ResourceNames.DistributionsTable, "distribution", new(letter.Id, "", ""));
        await workflow
            .Get<BatchHandler>()
            .SetAside($$"""{"distributionId":"{{letter.Id}}","first":1,"last":2}""", Cancellation);
        Assert.Contains(
            await workflow.Get<Notices>().All(Cancellation),
            notice => notice.Text.StartsWith("A queue message was put aside.", StringComparison.Ordinal));
    }

    /// <param name="Id">The letter whose records are damaged.</param>
    /// <param name="Other">Another one.</param>
    private sealed record Letter(string Id, string Other, string Reference);

    private static async Task<Letter> TheLetter(TestWorkflow workflow)
    {
        var letters = (await workflow.Distributions()).ToDictionary(letter => letter.Folder.Revision, letter => letter.Id);
        var content = await workflow.Get<FrozenContents>().Find(letters["draft-rev-1"], Cancellation);
        return new(letters["draft-rev-1"], letters["other"], VerificationReference.Shown(content.Reference));
    }

    /// <returns>Two letters that were sent; of the first there is a record of every kind.</returns>
    private async Task<TestWorkflow> EverythingOnRecord()
    {
        var workflow = await TestWorkflow.Open(azurite);
        await PutOnRecord(workflow);
        return workflow;
    }

    private static async Task PutOnRecord(TestWorkflow workflow)
    {
        var letter = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Upload("gcm/other/letter.md", Samples.Letter());
        await workflow.Upload("gcm/other/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        var other = (await workflow.Distributions()).Single(found => found.Id != letter.Id);
        Assert.True(await workflow.Get<Releases>().Release(other.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();
        var now = workflow.Clock.GetUtcNow();

        await workflow.Acknowledge(letter.Id, "che", "Amélie");
        await new ReceiptsDue(workflow.Get<StorageAccount>(), Options.Create(new ReceiptSettings()), workflow.Clock)
            .Expect(letter.Id, "che", "never-recorded", Cancellation);
        await workflow.Get<Forwards>().Add(letter.Id, "che", new("form", now, "Amélie", "urs@bern.example"), Cancellation);
        await workflow.Get<Visits>().Add(letter.Id, "che", VisitKind.Opened, "a browser", now, Cancellation);
        await workflow.Get<Notices>().Add(new("n1", now, letter.Id, "Something is to be seen to."), Cancellation);
        await workflow
            .Get<DeskActs>()
            .Add(new(DeskActs.NewId(now), now, "amélie", null, "releaser", "Release a letter", letter.Id, null), Cancellation);
        foreach (var revision in (string[])[Next(isOfLaterFormat: false), Next(isOfLaterFormat: true)])
            await workflow
                .Get<DeskUploads>()
                .Add(
                    new(new("gcm", revision), new("amélie", "amélie"), now, ["letter.md"], "f", "r", "s"),
                    Cancellation);
        await workflow.Get<LetterBeginnings>().Anew(new("amélie", "amélie"), Cancellation);
        await workflow.Get<MissionNotes>().Add(Guid.NewGuid(), "che", "amélie", "A note.", Cancellation);
        await workflow.Get<RegisterHistory>().Add([new("che", now, "amélie", null, "", true, [])], Cancellation);
        await workflow.Get<DeskSettings>().Change(
            SettingMatters.Letterheads,
            "office",
            ImmutableDictionary<string, string>.Empty.Add("letterhead.en", "Office"),
            Setting.NoVersion,
            new("amélie", "amélie"),
            "",
            Cancellation);
        await workflow.Get<TestMessages>().Send(
            (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Single(mission => mission.Id == "che"),
            "che@missions.example",
            "amélie",
            Cancellation);
        await workflow.Get<MissionProposals>().Record(
            "che",
            new("form", letter.Id, "en", now, "Amélie", null, [new("language", "fr", "es")], [], ProposalMail.For()),
            null,
            Cancellation);
        await workflow.Get<Replies>().Wait(Reply(Waiting, now), Cancellation);
        var decision = new ReplyDecision(Kept, letter.Id, "che", false, "amélie", now, "By hand.");
        await workflow.Get<Replies>().Decide(decision, Cancellation);
        await workflow.Get<Replies>().Add(new(Reply(Kept, now), decision), letter.Id, "che", Cancellation);
        await workflow
            .Get<Erasures>()
            .Begin(
                new("gone", "gcm", "Draft Rev 0", new(2018, 1, 1), 2, 2, now, null, now, "amélie", null, IsDone: true),
                Cancellation);
    }

    private static ReceivedReply Reply(string id, DateTimeOffset now) =>
        new(id, "Amélie <che@missions.example>", "Re", now, "Thank you.", [], 0, []);

    /// <summary>Changes one character of a record's text, or says that a later version wrote it.</summary>
    /// <param name="partition">Empty: the partition of the letter. Null: any.</param>
    /// <param name="later">The later format; null for a change of one character.</param>
    /// <param name="author">The folder whose author is meant: each is asked for once, when the folder is examined.</param>
    /// <param name="columns">What the columns for queries say, which are not damaged; null: as they are.</param>
    /// <returns>The record as it is then, and as it was.</returns>
    private static async Task<(TableEntity Damaged, TableEntity Sound)> Damage(
        TestWorkflow workflow,
        string table,
        string? partition,
        Letter letter,
        int? later = null,
        DeliveryState? columns = null,
        string? author = null)
    {
        var client = workflow.Get<StorageAccount>().Tables.GetTableClient(table);
        List<TableEntity> rows = [];
        await foreach (var row in client.QueryAsync<TableEntity>(cancellationToken: Cancellation))
            if (row.ContainsKey("Facts0")
                && partition switch
                {
                    null => true,
                    "" => row.PartitionKey == letter.Id,
                    Reference => row.RowKey.IndexOf('!', StringComparison.Ordinal) is > 0 and < 20
                        && row.RowKey.EndsWith($"!{letter.Id}", StringComparison.Ordinal),
                    _ => row.PartitionKey == partition,
                })
                rows.Add(row);
        var found =
            rows.Find(row =>
                row.PartitionKey == letter.Id && row.GetString("Facts0").Contains("\"che\"", StringComparison.Ordinal))
            ?? rows.Find(row => row.RowKey == letter.Id)
            ?? rows.Find(row => row.GetString("Facts0").Contains("draft-rev-1", StringComparison.Ordinal))
            ?? rows.Find(row => author is not null && row.GetString("Facts0").Contains(author, StringComparison.Ordinal))
            ?? rows[0];
        var sound = new TableEntity(found);
        if (later is { } format)
            found[RecordFormat.Name] = format;
        else
        {
            var text = found.GetString("Facts0").ToCharArray();
            var place = text.Length / 2;
            text[place] = text[place] == 'x' ? 'y' : 'x';
            found["Facts0"] = new string(text);
        }

        if (columns is { } state)
            (found["State"], found["FirmState"]) = (state.ToString(), state.ToString());
        await client.UpdateEntityAsync(found, found.ETag, TableUpdateMode.Replace, Cancellation);
        return (
            (await client.GetEntityAsync<TableEntity>(found.PartitionKey, found.RowKey, cancellationToken: Cancellation)).Value,
            sound);
    }
}
