using Azure.Storage.Blobs.Specialized;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Log;
using Xunit;

namespace Distribution.Tests.Tracking.Log;

public sealed class LogSealerTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private static readonly DateTimeOffset Heard = new(2026, 3, 26, 22, 5, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_writes_one_segment_and_the_timer_seals_it_behind_the_act_that_prepared_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che", "mex", "fra");
        await workflow.CarryOutBatches();
        // The release; and what was sent, with the completion that came of it.
        Assert.Equal(2, (await workflow.Waiting(distribution.Id)).Count);

        await workflow.Reconcile();

        await workflow.AssertLogHasEveryFactOnce(distribution.Id);
        var log = await workflow.Export(distribution.Id);
        var first = log.Facts[0];
        Assert.Equal(("act:0", "Prepared", 3), (first.Id, first.Kind, first.Missions));
        Assert.Equal(
            Hash(
                string.Concat(
                    (await workflow.Get<FrozenContents>().Find(distribution.Id, Cancellation)).Roster.Select(mission =>
                        mission.Id + "\n"))),
            first.Roster);
        Assert.Equal(await workflow.Get<FrozenContents>().ContentHash(distribution.Id, Cancellation), first.Content);
        Assert.DoesNotContain(log.Facts, fact => fact.Late is true);
    }

    [Fact]
    public async Task Evidence_resends_what_a_person_decides_and_what_is_stopped_all_end_in_the_log_by_their_own_segments()
    {
        var transport = new TransportStub(
            (message, address) =>
                new(
                    address,
                    message.MissionId == "fra" ? MailboxResult.TryLater
                        : message.MissionId == "jpn" ? MailboxResult.Unknown
                        : MailboxResult.Accepted,
                    "250 OK"));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:UnknownOutcome", "ask"));
        var distribution = await workflow.Released("che", "mex", "fra", "jpn");
        await workflow.Run();
        await workflow.Resend(distribution.Id, "mex");
        await workflow.CarryOutBatches();
        await workflow.Get<Resends>().Vouch(distribution.Id, "jpn", "the secretary", Cancellation);
        var swiss = (await workflow.Dispatches(distribution.Id)).Single(entry => entry.MissionId == "che").Attempts[
            0
        ];
        await workflow
            .Get<DeliveryEvidence>()
            .Record(
                [
                    new(
                        swiss.MessageId,
                        swiss.Mailboxes[0].Mailbox.Address,
                        new(Heard, DeliveryEventKind.Delivered, "250 OK", Source: "sendgrid", Id: "sg-1")),
                ],
                Cancellation);
        await workflow.Get<Stops>().Withdraw(distribution.Id, "the secretary", Cancellation);

        await workflow.Seal(distribution.Id, makeUp: false);

        await workflow.AssertLogHasEveryFactOnce(distribution.Id);
        var log = await workflow.Export(distribution.Id);
        Assert.Contains(log.Facts, fact => fact is { Kind: "Delivered", Source: "sendgrid", Mission: "che" });
        Assert.Contains(log.Facts, fact => fact is { Id: "mex/2", Source: "person" });
        Assert.Contains(log.Facts, fact => fact is { Kind: "Withdrawn", Mission: "fra" });
        Assert.Contains(log.Facts, fact => fact is { Kind: "Settled", Source: "person" });
    }

    [Fact]
    public async Task No_line_holds_a_mailbox_a_name_or_a_servers_words_and_the_salted_hash_of_each_stands_beside()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub((_, address) => new(address, MailboxResult.Accepted, "250 taken by mx7")));
        await workflow.UseMailboxes("che-one@missions.example");
        var distribution = await workflow.Released();
        await workflow.CarryOutBatches();
        // A value whose line was damaged beside the facts that wait is lost, and is never taken for a fact.
        await (
            await workflow.Blob(ResourceNames.Log, name => name.EndsWith(".segment", StringComparison.Ordinal))
        ).Overwrite(text => text + """{"hasH":"1","salt":"2","value":"never sealed"}""" + "\n{\"harm");
        await workflow.Seal(distribution.Id);

        var log = await workflow.Export(distribution.Id);
        Assert.DoesNotContain("never sealed", string.Concat(log.Lines), StringComparison.Ordinal);
        Assert.Empty((await log.Verify()).Faults);
        Assert.All(["che-one@missions.example", "250 taken by mx7", "the secretary"], personal =>
        {
            Assert.DoesNotContain(personal, string.Concat(log.Lines), StringComparison.Ordinal);
            Assert.Contains(log.People, value => value.Value == personal);
        });
        Assert.All(log.People, value => Assert.True(value.StandsFor(value.Value) && value.Salt.Length == 32));
        Assert.Equal(log.People.Count, log.People.Select(value => value.Salt).Distinct().Count());
    }

    [Fact]
    public async Task What_a_killed_worker_could_not_write_is_made_up_once_and_its_segment_coming_after_all_adds_nothing()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        // On record, and noted in a process that is not heard of again.
        await workflow
            .Get<MissionEntries>()
            .Change(
                distribution.Id,
                "che",
                entry =>
                    entry.WithEvent(
                        entry.Attempts[0].MessageId,
                        entry.Attempts[0].Mailboxes[0].Mailbox.Address,
                        new(Heard, DeliveryEventKind.Delivered, "250 OK", Source: "sendgrid", Id: "sg-1")),
                Cancellation);
        await using var another = workflow.Another(new TransportStub());

        Assert.Equal(0, await another.Seal(distribution.Id, makeUp: false));
        Assert.Equal(1, await another.Seal(distribution.Id));
        Assert.Equal(0, await another.Seal(distribution.Id));
        Assert.True(
            Assert.Single((await workflow.Export(distribution.Id)).Facts, fact => fact.Kind == "Delivered").Late);

        await workflow.Get<MissionEntries>().LogRecorded(distribution.Id);
        Assert.Single(await workflow.Waiting(distribution.Id));
        Assert.Equal(0, await workflow.Seal(distribution.Id));
        await workflow.AssertLogHasEveryFactOnce(distribution.Id);
    }

    [Fact]
    public async Task A_segment_of_which_a_part_was_made_up_before_it_came_is_sealed_as_to_the_rest()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        await using var another = workflow.Another(new TransportStub());
        await Hear(workflow, distribution.Id);
        await another.Seal(distribution.Id);
        await Hear(workflow, distribution.Id, "mex");
        await workflow.Get<MissionEntries>().LogRecorded(distribution.Id);

        Assert.Equal(1, await another.Seal(distribution.Id, makeUp: false));
        await workflow.AssertLogHasEveryFactOnce(distribution.Id);
        var log = await workflow.Export(distribution.Id);
        Assert.Equal(log.Facts.Sum(fact => fact.Personal?.Count ?? 0), log.People.Count);
    }

    [Fact]
    public async Task A_sealer_stopped_between_the_link_and_tidying_up_leaves_nothing_to_be_sealed_twice()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        var waiting = (await workflow.Waiting(distribution.Id))[^1];
        await workflow.Seal(distribution.Id);
        await workflow
            .Blobs(ResourceNames.Log)
            .UploadBlobAsync(
                $"waiting-people/{distribution.Id}/{waiting.Name}",
                BinaryData.FromString(string.Concat(waiting.Lines.Select(line => line + "\n"))),
                Cancellation);

        Assert.Equal(0, await workflow.Seal(distribution.Id));
        await workflow.AssertLogHasEveryFactOnce(distribution.Id);
    }

    [Fact]
    public async Task Many_sealers_at_once_seal_every_fact_once()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che", "mex", "fra", "jpn", "ken");
        await workflow.CarryOutBatches();
        await using var another = workflow.Another(new TransportStub());

        var sealing = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(number => (number % 2 == 0 ? workflow : another).Seal(distribution.Id)));
        await workflow.Seal(distribution.Id);

        Assert.Contains(sealing, count => count > 0);
        await workflow.AssertLogHasEveryFactOnce(distribution.Id);
    }

    [Fact]
    public async Task Whoever_lost_the_chain_to_another_appends_nothing_and_one_that_was_put_back_from_a_disk_is_told()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        var chains = workflow.Get<LogChains>();
        var lost = await chains.Hold(distribution.Id, Cancellation);
        Assert.NotNull(lost);
        Assert.Null(await workflow.Seal(distribution.Id));
        var inTurn = workflow.Get<LogSealer>().SealInTurn(distribution.Id, Cancellation);
        Assert.False(inTurn.IsCompleted);
        await workflow
            .Blobs(ResourceNames.Log)
            .GetBlobClient($"{distribution.Id}/chain.jsonl")
            .GetBlobLeaseClient()
            .BreakAsync(TimeSpan.Zero, cancellationToken: Cancellation);
        // It asks again from time to time.
        while (!inTurn.IsCompleted)
        {
            workflow.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, Cancellation);
        }

        await inTurn;
        Assert.Equal(0, await workflow.Seal(distribution.Id));

        var segment = BinaryData.FromString("{}\n");
        var link = ChainLink.Seal(null, distribution.Id, Heard, segment, 1);
        Assert.False(await lost.Append(link.Segment, segment, BinaryData.Empty, Json.Write(link), Cancellation));
        await lost.DisposeAsync();
        await workflow.AssertLogHasEveryFactOnce(distribution.Id);

        var chain = workflow.Blobs(ResourceNames.Log).GetBlobClient($"{distribution.Id}/chain.jsonl");
        var kept = (await chain.DownloadContentAsync(Cancellation)).Value.Content;
        await chain.DeleteAsync(cancellationToken: Cancellation);
        // As tools upload a file: to such a blob nothing can be appended, and no other worker is at it.
        await chain.UploadAsync(kept, Cancellation);
        await Hear(workflow, distribution.Id);
        await workflow.Get<MissionEntries>().LogRecorded(distribution.Id);
        Assert.StartsWith(
            $"The log of {distribution.Id} cannot go on: its chain.jsonl was put back as a blob",
            (await Assert.ThrowsAsync<InvalidDataException>(() => workflow.Seal(distribution.Id))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Facts_that_come_after_are_sealed_by_another_worker_onto_the_same_chain()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        var head = (await workflow.Export(distribution.Id)).Links[^1].Hash;
        await Hear(workflow, distribution.Id);
        await workflow.Get<MissionEntries>().LogRecorded(distribution.Id);
        await using var another = workflow.Another(new TransportStub());

        await another.Reconcile();

        await workflow.AssertLogHasEveryFactOnce(distribution.Id);
        await Hear(workflow, distribution.Id, "mex");
        await workflow.Get<MissionEntries>().LogRecorded(distribution.Id);
        // A worker that has written nothing itself looks once a minute.
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await another.Reconcile();

        await workflow.AssertLogHasEveryFactOnce(distribution.Id);
        var verdict = await (await workflow.Export(distribution.Id)).Verify(head);
        Assert.Equal((true, verdict.Links - 2), (verdict.IsSound, verdict.Held));
    }

    [Fact]
    public async Task Nothing_is_added_to_a_broken_chain_and_other_logs_are_sealed_all_the_same()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        await (
            await workflow.Blob(ResourceNames.Log, name => name.Contains("/segments/", StringComparison.Ordinal))
        ).Overwrite(text => text.Replace("Prepared", "Released", StringComparison.Ordinal));
        await Hear(workflow, distribution.Id);
        await workflow.Get<MissionEntries>().LogRecorded(distribution.Id);
        var links = (await workflow.Export(distribution.Id)).Links.Count;

        await using var another = workflow.Another(new TransportStub());
        var broken = await Assert.ThrowsAsync<InvalidDataException>(() => another.Seal(distribution.Id));
        Assert.Contains("is broken at link 1", broken.Message, StringComparison.Ordinal);
        await another.Reconcile();
        Assert.Equal(links, (await workflow.Export(distribution.Id)).Links.Count);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_to_holds_up_no_letter_and_is_made_up_later()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che", "mex");
        await workflow.Blobs(ResourceNames.Log).DeleteAsync(cancellationToken: Cancellation);
        await workflow.CarryOutBatches();
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);

        await workflow.Get<StorageSetup>().Create(Cancellation);
        await workflow.Reconcile();
        await workflow.AssertLogHasEveryFactOnce(distribution.Id);
        Assert.True((await workflow.Audit(distribution.Id)).IsProven);
    }

    // After seven days it was never made up, and the audit stayed "not proven" for ever.
    [Fact]
    public async Task What_could_not_be_written_of_an_old_letter_is_made_up_within_a_week()
    {
        await using var workflow = await Sealed();
        var distribution = await workflow.TheDistribution();
        // Searched once while it was new.
        await workflow.Reconcile();
        workflow.Clock.Advance(TimeSpan.FromDays(8));
        await Hear(workflow, distribution.Id);
        await using var another = workflow.Another(new TransportStub());
        var letters = await another.Distributions();
        await another.Get<LogKeeper>().Run(letters, Cancellation);
        Assert.DoesNotContain((await workflow.Export(distribution.Id)).Facts, fact => fact.Late is true);
        for (var hour = 1; hour < 7 * 24; hour++)
        {
            workflow.Clock.Advance(TimeSpan.FromHours(1));
            await another.Get<LogKeeper>().Run(letters, Cancellation);
        }

        Assert.Single((await workflow.Export(distribution.Id)).Facts, fact => fact.Late is true);
        Assert.True((await another.Audit(distribution.Id)).IsProven);
    }

    [Fact]
    public async Task While_letters_leave_the_record_is_searched_after_five_minutes()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub((_, address) => new(address, MailboxResult.TryLater, "451 Later", TimeSpan.FromHours(1)))
        );
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await workflow.Reconcile();
        await Hear(workflow, distribution.Id);
        await using var another = workflow.Another(new TransportStub());
        await another.Reconcile();
        Assert.DoesNotContain((await workflow.Export(distribution.Id)).Facts, fact => fact.Late is true);

        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        await another.Reconcile();
        Assert.Single((await workflow.Export(distribution.Id)).Facts, fact => fact.Late is true);
    }

    [Fact]
    public async Task A_long_log_is_sealed_in_links_of_a_thousand_lines_or_so()
    {
        const int Missions = 1500;
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che");
        var content = await workflow.Get<FrozenContents>().Find(distribution.Id, Cancellation);
        var roster = Enumerable
            .Range(1, Missions)
            .Select(number => content.Roster[0] with { Id = $"mission-{number}" })
            .ToList();
        await (
            await workflow.Blob(
                ResourceNames.Distributions,
                name => name.EndsWith("/content.json", StringComparison.Ordinal))
        ).Overwrite(_ => Json.Write(content with { Roster = roster }));
        await workflow
            .Get<StorageAccount>()
            .Tables.GetTableClient(ResourceNames.DispatchesTable)
            .DeleteEntityAsync(distribution.Id, "che", cancellationToken: Cancellation);
        await workflow
            .Get<DistributionRecords>()
            .Change(
                distribution.Id,
                known =>
                    (known with { MissionCount = Missions, State = DistributionState.Complete }).With(
                        new(Heard, Act.Completed, null, "")),
                Cancellation);
        await workflow
            .Get<MissionEntries>()
            .Add(
                [
                    .. roster.Select(
                        (mission, place) =>
                            new MissionEntry(distribution.Id, mission.Id, place + 1, [], null, null)
                                .Begin(mission, attempt => $"{mission.Id}.{attempt}@secretariat.example", Heard)
                                .HandingOver(Heard)
                                .Answered(
                                    1,
                                    [
                                        .. mission.Mailboxes.Select(mailbox => new MailboxOutcome(
                                            mailbox.Address,
                                            MailboxResult.Accepted,
                                            "250 OK")),
                                    ],
                                    [],
                                    0,
                                    TimeSpan.Zero,
                                    Heard)),
                ],
                Cancellation);
        Assert.Equal((3 * Missions) + 5, await workflow.Seal(distribution.Id));
        var audit = await workflow.Audit(distribution.Id);
        Assert.True(audit.IsProven);
        Assert.InRange(audit.Links, 3, 5);
    }

    [Fact]
    public async Task A_letter_that_was_never_released_has_no_log()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che");
        await workflow.Reconcile();
        Assert.Empty((await workflow.Export(distribution.Id)).Links);
    }

    private Task<TestWorkflow> Sealed() => LogSamples.SealedLetter(once, azurite);

    private static Task<Stored<MissionEntry>?> Hear(TestWorkflow workflow, string distributionId, string mission = "che") =>
        workflow
            .Get<MissionEntries>()
            .Change(
                distributionId,
                mission,
                entry =>
                    entry.WithEvent(
                        entry.Attempts[0].MessageId,
                        entry.Attempts[0].Mailboxes[0].Mailbox.Address,
                        new(Heard, DeliveryEventKind.Remark, "Out of office", Source: "reply", Id: $"reply-{mission}")),
                Cancellation);

    private static string Hash(string text) =>
        Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
