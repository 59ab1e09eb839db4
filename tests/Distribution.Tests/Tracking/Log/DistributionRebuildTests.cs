using System.Globalization;
using System.Text.RegularExpressions;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs.Specialized;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Storage;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Log;
using Distribution.Web;
using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests.Tracking.Log;

/// <summary>Tables are lost, and a distribution comes back from its sealed log and its frozen content.</summary>
public sealed class DistributionRebuildTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private static readonly string[] Rebuildable =
    [
        ResourceNames.DistributionsTable,
        ResourceNames.DispatchesTable,
        ResourceNames.AcknowledgementsTable,
        ResourceNames.ForwardsTable,
        ResourceNames.VerificationsTable,
        ResourceNames.DeskActsTable,
    ];

    private static IEnumerable<string[]> Losses => [.. Rebuildable.Select(table => (string[])[table]), Rebuildable];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_tables_have_lost_is_there_again_as_it_was_and_nothing_is_sent()
    {
        var transport = Post();
        await using var workflow = await Superseded(transport);
        var letter = await TheSuperseded(workflow);
        var before = await Everything(workflow, letter.Id);
        var sent = transport.Offered.Count;
        foreach (var tables in Losses)
        {
            var lost = string.Join(", ", tables);
            await workflow.Lose(tables);
            Assert.NotEqual(before, await Everything(workflow, letter.Id));

            var rebuilt = await Rebuild(workflow, letter.Id);

            Assert.Empty(rebuilt.Held);
            Assert.Equal((lost, before), (lost, await Everything(workflow, letter.Id)));
            Assert.Equal(
                (lost, tables.Contains(ResourceNames.DistributionsTable)),
                (lost, rebuilt.Restored.Contains("the record")));
            Assert.Equal(Act.Rebuilt, (await Record(workflow, letter.Id)).Acts[^1].Act);
            // Once more changes nothing.
            Assert.Empty((await Rebuild(workflow, letter.Id)).Restored);
            // Nor does the letter that took its place, whose rows are lost with those of this one.
            await Rebuild(workflow, letter.SupersededBy!);
            workflow.Clock.Advance(TimeSpan.FromHours(6));
            await workflow.Run();
            Assert.Equal((lost, sent), (lost, transport.Offered.Count));
            Assert.True((await workflow.Audit(letter.Id)).IsProven, lost);
            await workflow.AssertLogHasEveryFactOnce(letter.Id);
        }
    }

    [Fact]
    public async Task Stopped_at_any_write_it_is_run_again_and_ends_the_same()
    {
        var transport = Post();
        await using var workflow = await Superseded(transport);
        var letter = await TheSuperseded(workflow);
        var before = await Everything(workflow, letter.Id);
        var sealedLog = await StorageCopy.Of(workflow, [], [ResourceNames.Log]);
        var sent = transport.Offered.Count;
        var place = 0;
        for (var stopped = true; stopped;)
        {
            await workflow.Lose(Rebuildable);
            var writes = 0;
            place++;
            await using var other = workflow.OverStorage(
                new StorageFaultTests.Interference(
                    (request, wasDone) =>
                        wasDone && request.Method != RequestMethod.Get && ++writes == place
                            ? throw new InvalidOperationException("The worker was stopped.")
                            : null));
            try
            {
                await Rebuild(other, letter.Id);
                stopped = false;
            }
            catch (InvalidOperationException)
            {
                // A minute later the lease of the stopped worker has ended.
                await BreakLease(workflow, letter.Id);
                await using var restarted = workflow.Another();
                await Rebuild(restarted, letter.Id);
            }

            Assert.Equal(before, await Everything(workflow, letter.Id));
            // Each rebuild adds to the log, and the next would read all of that as well.
            if (stopped)
                await sealedLog.PutBack();
        }

        Assert.InRange(place, 5, 100);
        await workflow.Run();
        Assert.Equal(sent, transport.Offered.Count);
        Assert.Empty((await (await workflow.Export(letter.Id)).Verify()).Faults);
    }

    [Fact]
    public async Task Links_pages_and_codes_work_as_before()
    {
        await using var workflow = await Superseded();
        var letter = await TheSuperseded(workflow);
        await using var site = await TestSite.Open(workflow);
        string[] pages =
        [
            Addresses.Unreachable(letter.Id),
            Addresses.Letter(letter.Id, "jpn"),
            Addresses.Letter(letter.Id, "che"),
            $"/verify?reference={await workflow.Reference()}",
            new Uri(workflow.Get<MissionLinks>().For(letter.Id, "mex")).PathAndQuery,
        ];
        var before = await Words(site, pages);
        await workflow.Lose(Rebuildable);

        await Rebuild(workflow, letter.Id);
        Assert.Equal(before, await Words(site, pages));

        await MissionVisitor.Acknowledges(workflow, site, pages[^1], "María Luna");
        Assert.Equal(
            "María Luna",
            (await workflow.Get<Acknowledgements>().Find(letter.Id, "mex", Cancellation))!.Stands!.By);
    }

    [Fact]
    public async Task What_the_log_leaves_open_is_held_and_sent_only_when_a_person_asks_for_it()
    {
        var transport = new TransportStub(
            (message, address) =>
                new(
                    address,
                    message.MissionId switch
                    {
                        "mex" => MailboxResult.TryLater,
                        "jpn" => MailboxResult.Unknown,
                        _ => MailboxResult.Accepted,
                    },
                    "the server's words"));
        await using var earlier = await TestWorkflow.Open(azurite, transport, ("Dispatch:BatchSize", "1"));
        var letter = await earlier.Released("che", "fra", "jpn", "ken", "mex");
        await earlier.CarryOutBatches();
        await earlier.Seal(letter.Id);
        // Kenya's letter has left and is in no log: its worker stopped before it wrote it.
        await Forget(earlier, letter.Id, "ken");
        var sent = transport.Offered.Count;
        await earlier.Lose(Rebuildable);
        await using var workflow = earlier.Another(transport);

        var rebuilt = await Rebuild(workflow, letter.Id);
        Assert.Equal(["jpn", "ken", "mex"], rebuilt.Held.Select(mission => mission.Id).Order());
        var record = await Record(workflow, letter.Id);
        Assert.Equal((DistributionState.Paused, false), (record.State, record.PausePasses));
        Assert.StartsWith("Its tables were lost", record.PauseReason, StringComparison.Ordinal);
        Assert.All(
            await workflow.Dispatches(letter.Id),
            entry =>
                Assert.Equal(
                    entry.MissionId is "che" or "fra" ? DeliveryState.Accepted : DeliveryState.OutcomeUnknown,
                    entry.State));

        // Neither time nor letting it go on sends any of them.
        Assert.True(await workflow.Get<Releases>().Resume(letter.Id, "the secretary", Cancellation));
        for (var hour = 0; hour < 3; hour++)
        {
            workflow.Clock.Advance(TimeSpan.FromHours(1));
            await workflow.Run();
        }

        Assert.Equal(sent, transport.Offered.Count);
        Assert.Equal(DistributionState.Sending, (await Record(workflow, letter.Id)).State);

        Assert.True(await workflow.Get<Resends>().Vouch(letter.Id, "jpn", "the secretary", Cancellation));
        Assert.True(await workflow.Get<Resends>().SendAgain(letter.Id, "ken", "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        Assert.Equal(["ken"], transport.Offered.Skip(sent).Select(message => message.MissionId));
        Assert.Equal(
            transport.Offered.First(message => message.MissionId == "ken").MessageId,
            transport.Offered.Last().MessageId);
        await workflow.Seal(letter.Id);
        await workflow.AssertLogHasEveryFactOnce(letter.Id);
    }

    [Fact]
    public async Task Entries_lost_while_it_is_being_sent_put_it_on_hold_first()
    {
        var transport = new TransportStub((_, address) => new(address, MailboxResult.TryLater, "451 later"));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var letter = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Seal(letter.Id);
        Assert.Equal(DistributionState.Sending, (await Record(workflow, letter.Id)).State);
        await workflow.Lose(ResourceNames.DispatchesTable);
        var sent = transport.Offered.Count;

        Assert.Equal(2, (await Rebuild(workflow, letter.Id)).Held.Count);
        Assert.Equal(DistributionState.Paused, (await Record(workflow, letter.Id)).State);
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        await workflow.Run();
        Assert.Equal(sent, transport.Offered.Count);
    }

    [Fact]
    public async Task What_was_not_sealed_yet_is_enough()
    {
        var transport = Post();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var letter = await workflow.Released("che", "fra");
        await workflow.CarryOutBatches();
        await LoggedPeopleTests.Acknowledge(workflow, letter, "che", "form-1", null, "Amélie Favre");
        Assert.Empty((await workflow.Export(letter.Id)).Links);
        var before = await Everything(workflow, letter.Id);
        await workflow.Lose(Rebuildable);

        var rebuilt = await Rebuild(workflow, letter.Id);
        Assert.Contains("1 act is missing in the log.", rebuilt.Lacking);
        var after = await Everything(workflow, letter.Id);
        Assert.Equal((before.Entries, before.Acknowledgements), (after.Entries, after.Acknowledgements));
        Assert.Equal(
            [Act.Prepared, Act.Released, Act.Completed, Act.Rebuilt],
            (await Record(workflow, letter.Id)).Acts.Select(act => act.Act));
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
        await workflow.Run();
        Assert.Equal(2, transport.Offered.Count);
    }

    [Fact]
    public async Task Rows_that_are_there_are_left_as_they_are()
    {
        await using var workflow = await Superseded();
        var letter = await TheSuperseded(workflow);
        var changed = (await workflow.Get<MissionEntries>().Change(
            letter.Id,
            "fra",
            entry => entry with { NotBefore = workflow.Clock.GetUtcNow() },
            Cancellation))!;
        await LoggedPeopleTests.Acknowledge(workflow, letter, "che", "form-9", "form-2", "Urs Frei", "A new colleague.");
        var acknowledged = await workflow.Get<Acknowledgements>().Find(letter.Id, "che", Cancellation);
        await workflow.Lose(ResourceNames.DistributionsTable);

        await Rebuild(workflow, letter.Id);
        Assert.Equal(Json.Write(changed.Value), Json.Write((await workflow.Dispatches(letter.Id))[0]));
        Assert.Equal(
            Json.Write(acknowledged),
            Json.Write(await workflow.Get<Acknowledgements>().Find(letter.Id, "che", Cancellation)));
    }

    [Fact]
    public async Task Names_that_were_erased_stay_erased_and_the_audit_says_the_same()
    {
        await using var workflow = await Superseded();
        var letter = await TheSuperseded(workflow);
        Assert.True(
            await workflow.Get<RetentionPolicy>().EraseNames(letter.Id, "che", "the secretary", Cancellation));
        var before = await Everything(workflow, letter.Id);
        await workflow.Lose(Rebuildable);

        var rebuilt = await Rebuild(workflow, letter.Id);
        Assert.Contains(
            rebuilt.Lacking,
            sentence => sentence.Contains("were erased or are missing beside it", StringComparison.Ordinal));
        Assert.Equal(before, await Everything(workflow, letter.Id));
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
    }

    [Fact]
    public async Task A_log_without_any_personal_data_left_gives_all_but_that()
    {
        await using var workflow = await Superseded();
        var letter = await TheSuperseded(workflow);
        var before = await Everything(workflow, letter.Id);
        await foreach (
            var blob in workflow.Blobs(ResourceNames.Log).GetBlobsAsync(cancellationToken: Cancellation))
            if (blob.Name.Contains("/people/", StringComparison.Ordinal))
                await workflow.Blobs(ResourceNames.Log).DeleteBlobAsync(blob.Name, cancellationToken: Cancellation);
        await workflow.Lose(Rebuildable);

        var rebuilt = await Rebuild(workflow, letter.Id);
        Assert.Contains(rebuilt.Lacking, sentence => sentence.StartsWith("The log holds no copy of the record.", StringComparison.Ordinal));
        var record = await Record(workflow, letter.Id);
        Assert.Equal((letter.Process, letter.DraftLabel, letter.Folder), (record.Process, record.DraftLabel, record.Folder));
        Assert.Equal(DistributionState.Complete, record.State);
        Assert.Equal(
            before.Entries.Split('\n').Select(entry => Json.Read<MissionEntry>(entry).State),
            (await workflow.Dispatches(letter.Id)).Select(entry => entry.State));
        Assert.Equal(
            ["che@missions.example"],
            (await workflow.Dispatches(letter.Id)).Single(entry => entry.MissionId == "che")
                .Attempts[0]
                .Mailboxes.Select(mailbox => mailbox.Mailbox.Address));
        Assert.True((await workflow.Audit(letter.Id)).IsAccounted);
    }

    [Fact]
    public async Task A_reminder_that_left_is_not_sent_again_by_the_letter_that_comes_back()
    {
        var transport = Post();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        await workflow.UseRegister("che", "mex");
        var letter = await workflow.AcceptedWith(
            "deadlines:\n  comments: 2018-04-04 18:00\nremind: the day before comments");
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await workflow.Run();
        await workflow.Seal(letter.Id);
        var before = await workflow.Export(letter.Id);
        workflow.WaitUntil("2018-04-03 10:00");
        await workflow.Run();
        await workflow.Run();
        var sent = transport.Offered.Count;
        Assert.Equal(4, sent);
        await workflow.Seal($"{letter.Id}-r1");
        // The log does not know of the reminder: the worker stopped before it wrote it.
        await Reseal(workflow, letter.Id, before, _ => true);
        await workflow.Lose(Rebuildable);
        await using var restarted = workflow.Another(transport);

        var rebuilt = await Rebuild(restarted, letter.Id);
        Assert.Contains(
            $"{letter.Id}-r1 follows it and has a log, but no record: rebuild that too.",
            rebuilt.Lacking);
        await restarted.Run();
        await Rebuild(restarted, $"{letter.Id}-r1");
        await restarted.Run();
        Assert.Equal(sent, transport.Offered.Count);
        Assert.Equal(DistributionState.Complete, (await Record(workflow, $"{letter.Id}-r1")).State);
    }

    [Fact]
    public async Task From_a_log_that_is_not_what_was_sealed_nothing_is_rebuilt_without_a_reason_which_goes_on_record()
    {
        await using var workflow = await Superseded();
        var letter = await TheSuperseded(workflow);
        await (
            await workflow.Blob(
                ResourceNames.Log,
                name => name.StartsWith($"{letter.Id}/segments/", StringComparison.Ordinal))
        ).Overwrite(text => text.Replace("Accepted", "Refused", StringComparison.Ordinal));
        await workflow.Lose(Rebuildable);

        Assert.Contains(
            "are not those that were sealed. So what it says may not be what happened, and nothing was rebuilt.",
            await Refused(workflow, letter.Id),
            StringComparison.Ordinal);
        Assert.Empty(await workflow.Dispatches(letter.Id));

        await Rebuild(workflow, letter.Id, "The copies burnt\nwith the rest.");
        Assert.Contains(
            "are not those that were sealed. Rebuilt despite that: The copies burnt with the rest.",
            (await Record(workflow, letter.Id)).Acts[^1].Words,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frozen_content_that_is_another_one_or_gone_stops_it()
    {
        await using var workflow = await Superseded();
        var letter = await TheSuperseded(workflow);
        await workflow.Lose(Rebuildable);
        var content = await workflow.Blob(
            ResourceNames.Distributions,
            name => name == $"{letter.Id}/content.json");
        await content.Overwrite(text => text + " ");
        Assert.StartsWith(
            "The frozen content, content.json, is not the one whose hash the log begins with.",
            await Refused(workflow, letter.Id),
            StringComparison.Ordinal);
        await content.DeleteAsync(cancellationToken: Cancellation);
        Assert.StartsWith(
            "The frozen content, content.json, is missing or cannot be read",
            await Refused(workflow, letter.Id),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_log_was_never_released_or_was_erased_is_not_rebuilt()
    {
        await using var workflow = await TestWorkflow.Open(azurite, Post());
        Assert.Equal(
            "This storage has no log of none, nor of any other distribution: give another folder with --data, or an account with --storage.",
            await Refused(workflow, "none"));
        var letter = await workflow.Released("che");
        await workflow.Run();
        await workflow.Seal(letter.Id);
        Assert.Equal(
            $"This storage has no log of none. It has those of {letter.Id}.",
            await Refused(workflow, "none"));

        await workflow.Lose(ResourceNames.DistributionsTable, ResourceNames.DispatchesTable, ResourceNames.UploadsTable);
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter());
        await workflow.Reconcile();
        Assert.Equal(DistributionState.AwaitingRelease, (await Record(workflow, letter.Id)).State);
        Assert.StartsWith(
            "There is a record of it that was never released: it was prepared anew after the tables were lost.",
            await Refused(workflow, letter.Id),
            StringComparison.Ordinal);
        await workflow.Lose(ResourceNames.DistributionsTable, ResourceNames.DispatchesTable);
        await Rebuild(workflow, letter.Id);

        Assert.True(await workflow.Get<Eraser>().Erase(letter.Id, "the secretary", Cancellation));
        Assert.Equal(
            $"The distribution {letter.Id} was erased. What was erased is not brought back.",
            await Refused(workflow, letter.Id));
        // With the other tables the line of what was erased is lost, and the log stays.
        await workflow.Lose(ResourceNames.ErasuresTable);
        Assert.Equal(
            $"The distribution {letter.Id} was erased. What was erased is not brought back.",
            await Refused(workflow, letter.Id));
    }

    [Fact]
    public async Task Without_the_services_keys_only_a_letter_that_the_log_does_not_know_cannot_be_rebuilt()
    {
        await using var workflow = await TestWorkflow.Open(azurite, Post());
        var letter = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Seal(letter.Id);
        await workflow.Lose(Rebuildable);
        await using var keyless = workflow.Another(("Links:Keys:0", ""));
        Assert.Empty((await Rebuild(keyless, letter.Id)).Held);

        await Forget(workflow, letter.Id, "mex");
        await workflow.Lose(Rebuildable);
        await Assert.ThrowsAsync<OptionsValidationException>(() => Rebuild(keyless, letter.Id));
        Assert.Equal(["mex"], (await Rebuild(workflow, letter.Id)).Held.Select(mission => mission.Id));
    }

    /// <summary>France's server refuses; all others take what comes.</summary>
    private static TransportStub Post() =>
        new(
            (message, address) =>
                message.MissionId == "fra"
                    ? new(address, MailboxResult.Refused, "550 No such user")
                    : new(address, MailboxResult.Accepted, "250 OK"));

    /// <summary>
    /// A letter with a refusal, a bounce, acknowledgements corrected and withdrawn, one that was to be forwarded and an act
    /// at the desk, whose place a re-issue has taken; all of it sealed.
    /// </summary>
    private Task<TestWorkflow> Superseded(TransportStub? transport = null) =>
        SharedHouse.Again(
            once,
            async () =>
            {
                var house = await TestWorkflow.Open(azurite, Post());
                await Supersede(house);
                return house;
            },
            transport ?? Post());

    private static async Task<DistributionRecord> TheSuperseded(TestWorkflow workflow) =>
        (await workflow.Distributions()).Single(distribution => distribution.SupersededBy is not null);

    private static async Task Supersede(TestWorkflow workflow)
    {
        var letter = await workflow.Released("che", "fra", "jpn", "mex");
        await workflow.CarryOutBatches();
        var japanese = (await workflow.Dispatches(letter.Id)).Single(entry => entry.MissionId == "jpn").Attempts[0];
        await workflow
            .Get<DeliveryEvidence>()
            .Record(
                [
                    new(
                        japanese.MessageId,
                        japanese.Mailboxes[0].Mailbox.Address,
                        new(
                            workflow.Clock.GetUtcNow(),
                            DeliveryEventKind.Bounced,
                            "550 full",
                            BounceKind.MailboxFull,
                            "sendgrid",
                            "sg-1")),
                ],
                Cancellation);
        await LoggedPeopleTests.Acknowledge(workflow, letter, "che", "form-1", null, "Amélie Favre");
        await LoggedPeopleTests.Acknowledge(workflow, letter, "che", "form-2", "form-1", "Amelie Favre", "Misspelt.");
        await LoggedPeopleTests.Acknowledge(workflow, letter, "mex", "form-3", null, "Nobody");
        await LoggedPeopleTests.Acknowledge(workflow, letter, "mex", "form-4", "form-3", null, "By mistake.");
        await workflow
            .Get<Forwards>()
            .Add(letter.Id, "mex", new("form-5", workflow.Clock.GetUtcNow(), "María", "luna@mexico.example"), Cancellation);
        await LoggedPeopleTests.AtDesk(workflow, letter, "Send a mission its letter again", about: "jpn");
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        var correction = await workflow.AcceptedWith(
            "supersedes: Draft Rev 1\ncorrection: re-issue",
            "draft-rev-1-again");
        Assert.True(
            await workflow.Get<Releases>().Release(correction.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.Run();
        await workflow.Seal(letter.Id);
        var record = await Record(workflow, letter.Id);
        Assert.Equal((DistributionState.Complete, correction.Id), (record.State, record.SupersededBy));
        Assert.True((await workflow.Audit(letter.Id)).IsProven);
    }

    private static async Task<RebuildResult.Rebuilt> Rebuild(
        TestWorkflow workflow,
        string distributionId,
        string? despite = null) =>
        Assert.IsType<RebuildResult.Rebuilt>(
            await workflow.Get<DistributionRebuild>().Rebuild(distributionId, despite, Cancellation));

    private static async Task<string> Refused(TestWorkflow workflow, string distributionId) =>
        Assert.IsType<RebuildResult.Refused>(
                await workflow.Get<DistributionRebuild>().Rebuild(distributionId, null, Cancellation))
            .Words;

    private static async Task<DistributionRecord> Record(TestWorkflow workflow, string distributionId) =>
        (await workflow.Get<DistributionRecords>().Find(distributionId, Cancellation))!;

    private static async Task BreakLease(TestWorkflow workflow, string distributionId)
    {
        try
        {
            await workflow
                .Blobs(ResourceNames.Log)
                .GetBlobClient($"{distributionId}/chain.jsonl")
                .GetBlobLeaseClient()
                .BreakAsync(TimeSpan.Zero, cancellationToken: Cancellation);
        }
        catch (RequestFailedException notHeld) when (notHeld.Status == 409)
        {
            // It was stopped before or after it held the chain.
        }
    }

    /// <summary>Seals the log anew as if no worker had written anything about a mission's delivery.</summary>
    private static async Task Forget(TestWorkflow workflow, string distributionId, string mission) =>
        await Reseal(
            workflow,
            distributionId,
            await workflow.Export(distributionId),
            fact => fact is not { Subject: FactSubject.Delivery, Mission: var about } || about != mission);

    /// <summary>Puts a log of the facts of another one in the place of a distribution's.</summary>
    private static async Task Reseal(
        TestWorkflow workflow,
        string distributionId,
        ExportedLog log,
        Func<LoggedFact, bool> holds)
    {
        var container = workflow.Blobs(ResourceNames.Log);
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: Cancellation))
            if (blob.Name.Contains($"{distributionId}/", StringComparison.Ordinal))
                await container.DeleteBlobAsync(blob.Name, cancellationToken: Cancellation);
        var lines = log
            .Lines.Where(line => line.StartsWith("{\"id\"", StringComparison.Ordinal))
            .Where(line => holds(Json.Read<LoggedFact>(line)))
            .ToList();
        var hashes = lines.SelectMany(line => Json.Read<LoggedFact>(line).Personal?.Values ?? []).ToHashSet();
        var segment = Text(lines);
        var link = ChainLink.Seal(null, distributionId, workflow.Clock.GetUtcNow(), segment, lines.Count);
        await using var chain = (await workflow.Get<LogChains>().Hold(distributionId, Cancellation))!;
        Assert.True(
            await chain.Append(
                link.Segment,
                segment,
                Text(log.People.Where(value => hashes.Contains(value.Hash)).Select(Json.Write)),
                Json.Write(link),
                Cancellation));

        static BinaryData Text(IEnumerable<string> lines) =>
            BinaryData.FromString(string.Concat(lines.Select(line => line + "\n")));
    }

    /// <summary>All that is on record of a distribution, but for the rebuilding itself and the timer's own notes.</summary>
    private static async Task<Recorded> Everything(TestWorkflow workflow, string distributionId)
    {
        var record = await workflow.Get<DistributionRecords>().Find(distributionId, Cancellation);
        var contents = workflow.Get<FrozenContents>();
        var reference = (await contents.Find(distributionId, Cancellation)).Reference;
        var audit = record is null ? null : await workflow.Audit(distributionId);
        return new(
            record is null
                ? ""
                : InUtc(
                    record with
                    {
                        Acts = record.Acts.RemoveAll(act => act.Act == Act.Rebuilt),
                        RequeuedAt = null,
                        LogFormat = 0,
                    }),
            Lines(await workflow.Dispatches(distributionId)),
            Lines((await workflow.Get<Acknowledgements>().Of(distributionId, Cancellation)).Values),
            Lines(await workflow.Get<Forwards>().Of(distributionId, Cancellation)),
            Lines(await workflow.Get<DeskActs>().Latest(distributionId, int.MaxValue, Cancellation)),
            Lines(await workflow.Get<Verifications>().Find(reference, Cancellation)),
            audit is null
                ? ""
                : $"{audit.Verdict} {audit.Reach.Sentence} {string.Join(" ", audit.Breaches.Select(breach => breach.Words))}");

        static string Lines<T>(IEnumerable<T> records) => string.Join('\n', records.Select(InUtc));
    }

    /// <summary>As JSON, with all times in UTC, as the log has them.</summary>
    private static string InUtc<T>(T record) =>
        Regex.Replace(
            Json.Write(record),
            @"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)",
            time =>
                DateTimeOffset
                    .Parse(time.Value, CultureInfo.InvariantCulture)
                    .ToUniversalTime()
                    .ToString("O", CultureInfo.InvariantCulture));

    private static async Task<IReadOnlyList<string>> Words(TestSite site, IEnumerable<string> pages)
    {
        List<string> words = [];
        foreach (var page in pages)
            words.Add(TestSite.Words(await site.Page(page)));
        return words;
    }

    /// <param name="Entries">Lines of JSON, like the others.</param>
    private sealed record Recorded(
        string Record,
        string Entries,
        string Acknowledgements,
        string Forwards,
        string Desk,
        string Codes,
        string Audit);
}
