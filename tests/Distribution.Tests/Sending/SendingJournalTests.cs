using System.Collections.Immutable;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Distribution.Tracking.Log;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>
/// First letters are noted in a journal while they are sent, several in one write. Whatever happens meanwhile, that is
/// as certain as noting each in its own row.
/// </summary>
public sealed class SendingJournalTests(AzuriteFixture azurite)
{
    private static readonly string[] Five = ["che", "fra", "jpn", "ken", "mex"];

    private static readonly (string, string)[] Settings =
        [("Dispatch:BatchSize", "5"), ("Dispatch:Concurrency", "2"), ("Dispatch:UnknownOutcome", "ask")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// More than one transaction holds, so that some are in their rows while others are noted; and the first 112 are.
    /// </summary>
    private static readonly string[] Many = [.. RegisterCsv.Seed().Missions.Take(160).Select(mission => mission.Id)];

    private static (string, string)[] InOneBatch(int together) =>
        [("Dispatch:BatchSize", "160"), ("Dispatch:Concurrency", $"{together}"), ("Dispatch:UnknownOutcome", "ask")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wherever_a_worker_dies_no_letter_is_lost_or_sent_twice_and_few_are_unknown(bool areMany)
    {
        var transport = new TransportStub();
        var settings = areMany ? InOneBatch(together: 40) : Settings;
        await using var workflow = await TestWorkflow.Open(azurite, transport, settings);
        var distribution = await workflow.Released(areMany ? Many[..112] : Five);
        var released = await StorageCopy.Of(
            workflow,
            [ResourceNames.DistributionsTable, ResourceNames.DispatchesTable, ResourceNames.NoticesTable],
            [ResourceNames.Log]);
        var batch = (await workflow.Queue.PeekMessageAsync(Cancellation)).Value.MessageText;
        var hasEnded = false;
        var mostUnknown = 0;
        for (var writes = 1; !hasEnded; writes++)
        {
            var death = new DeathAfter(writes);
            await using var next = workflow.Another(transport, new(workflow.Clock.GetUtcNow()), settings);
            await using var dying = next.OverStorage(death, transport, settings);
            await Record.ExceptionAsync(dying.CarryOutBatches);
            hasEnded = !death.HasHappened;

            next.Clock.Advance(TimeSpan.FromMinutes(6));
            await next.Reconcile();
            await CarryOut(next, distribution.Id);

            var unknown = await UnknownAndNoneLostOrTwice(next, distribution.Id, transport, $"after {writes} writes");
            Assert.InRange(unknown, 0, areMany ? 40 : 2);
            mostUnknown = Math.Max(mostUnknown, unknown);
            Assert.Empty(await next.Get<SendingJournals>().Of(distribution.Id, Cancellation));
            transport.Offered.Clear();
            await workflow.Queue.ClearMessagesAsync(Cancellation);
            await workflow.Queue.SendMessageAsync(batch, Cancellation);
            await released.PutBack();
        }

        // It did die while letters were on their way.
        Assert.True(mostUnknown > 0);
    }

    [Fact]
    public async Task What_has_ended_stays_noted_until_it_is_in_its_row()
    {
        var transport = new TransportStub();
        // So few at once that the journal need not wait for the rows.
        var settings = InOneBatch(together: 10);
        await using var workflow = await TestWorkflow.Open(azurite, transport, settings);
        var distribution = await workflow.Released(Many[..112]);
        var death = new DeathBeforeRows();
        await using (var dying = workflow.OverStorage(death, transport, settings))
            await Record.ExceptionAsync(dying.CarryOutBatches);
        Assert.True(death.HasHappened);
        Assert.DoesNotContain(
            await workflow.Get<MissionEntries>().AllRows(distribution.Id, Cancellation),
            row => row.Value.Attempts is not []);

        workflow.Clock.Advance(TimeSpan.FromMinutes(6));
        await workflow.Reconcile();
        await CarryOut(workflow, distribution.Id);

        Assert.InRange(
            await UnknownAndNoneLostOrTwice(workflow, distribution.Id, transport, "before its rows were written"),
            0,
            10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_leaves_its_journal_for_its_row_while_both_are_read_is_not_missed(bool isAlone)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che", "fra", "mex");
        await using var reader = workflow.OverStorage(new Meanwhile(ResourceNames.JournalsTable, workflow.Run));
        var entries = reader.Get<MissionEntries>();

        var read = isAlone
            ? [await entries.Find(distribution.Id, "fra", Cancellation)]
            : await entries.All(distribution.Id, Cancellation);

        Assert.All(read, entry => Assert.Equal(DeliveryState.Accepted, entry.Value.State));
    }

    [Fact]
    public async Task What_is_noted_counts_before_it_is_in_the_entries()
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var transport = new TransportStub();
        transport.BeforeAnswer = async () =>
        {
            if (transport.Offered.Count < 3)
                return;
            begun.TrySetResult();
            await goOn.Task;
        };
        await using var workflow = await TestWorkflow.Open(azurite, transport, Settings);
        var distribution = await workflow.Released(Five);
        var sending = workflow.CarryOutBatches();
        await begun.Task;

        var entries = workflow.Get<MissionEntries>();
        List<DeliveryState> states;
        do
        {
            await Task.Delay(10, Cancellation);
            states = [.. (await workflow.Dispatches(distribution.Id)).Select(entry => entry.State).Order()];
        }
        while (!states.Contains(DeliveryState.Accepted));
        Assert.All(
            await entries.AllRows(distribution.Id, Cancellation),
            row => Assert.Equal(DeliveryState.Pending, row.Value.State));
        Assert.InRange(states.Count(state => state == DeliveryState.Sending), 1, 2);
        Assert.Equal(
            states,
            (await workflow.Get<EntryStates>().Of(distribution.Id, Cancellation)).Select(entry => entry.State).Order());
        Assert.Equal(
            states.CountBy(state => state).OrderBy(state => state.Key),
            (await workflow.Get<EntryStates>().Count(distribution.Id, Cancellation)).OrderBy(state => state.Key));
        // And nobody else sends them meanwhile.
        await using var another = workflow.Another(transport);
        var before = transport.Offered.Count;
        await another.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 5), Cancellation);
        Assert.Equal(before, transport.Offered.Count);

        goOn.SetResult();
        await sending;
        Assert.Equal(5, transport.Offered.Count);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        Assert.Empty(await workflow.Get<SendingJournals>().Of(distribution.Id, Cancellation));
    }

    [Fact]
    public async Task What_has_ended_is_in_its_row_while_the_batch_goes_on_and_what_comes_of_it_there_is_kept()
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var transport = new TransportStub();
        transport.BeforeAnswer = async () =>
        {
            if (transport.Offered.Count < Many.Length)
                return;
            begun.TrySetResult();
            await goOn.Task;
        };
        await using var workflow = await TestWorkflow.Open(azurite, transport, InOneBatch(together: 40));
        var distribution = await workflow.Released(Many);
        var entries = workflow.Get<MissionEntries>();
        var sending = workflow.CarryOutBatches();
        await begun.Task;

        List<MissionEntry> inRows;
        do
        {
            await Task.Delay(10, Cancellation);
            inRows =
            [
                .. (await entries.AllRows(distribution.Id, Cancellation))
                    .Select(row => row.Value)
                    .Where(row => row.State == DeliveryState.Accepted),
            ];
        }
        while (inRows.Count < MissionEntries.MostInOneTransaction);
        Assert.All(inRows, row => Assert.Null(row.Claim));
        Assert.Equal(160, (await workflow.Get<EntryStates>().Count(distribution.Id, Cancellation)).Values.Sum());
        Assert.DoesNotContain(
            await workflow.Get<EntryStates>().Of(distribution.Id, Cancellation),
            entry => entry.State == DeliveryState.Pending);
        var returned = inRows[0];
        Assert.NotNull(await entries.Change(
            distribution.Id,
            returned.MissionId,
            entry => entry.WithEvent(
                returned.Attempts[0].MessageId,
                returned.Attempts[0].Mailboxes[0].Mailbox.Address,
                new(
                    workflow.Clock.GetUtcNow(),
                    DeliveryEventKind.Bounced,
                    "550 5.1.1 No such user",
                    Id: "sendgrid:1",
                    Source: EvidenceRanks.SendGrid)),
            Cancellation));
        // And nobody else sends to them meanwhile.
        await using var another = workflow.Another(transport);
        await another.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 160), Cancellation);

        goOn.SetResult();
        await sending;
        await workflow.Reconcile();
        Assert.Equal(160, transport.Offered.Select(message => message.MissionId).Distinct().Count());
        Assert.Equal(160, transport.Offered.Count);
        Assert.Equal(
            [returned.MissionId],
            (await workflow.Dispatches(distribution.Id))
                .Where(entry => entry.State != DeliveryState.Accepted)
                .Select(entry => entry.MissionId));
        Assert.Empty(await workflow.Get<SendingJournals>().Of(distribution.Id, Cancellation));
        var audit = await workflow.Get<DistributionAudit>().Of(distribution.Id, Cancellation);
        Assert.Empty(audit!.Missions.SelectMany(mission => mission.Breaches));
    }

    [Fact]
    public async Task A_stop_lets_no_further_letter_begin_and_finishes_those_that_have()
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var transport = new TransportStub
        {
            BeforeAnswer = async () =>
            {
                begun.TrySetResult();
                await goOn.Task;
            },
        };
        await using var workflow = await TestWorkflow.Open(azurite, transport, Settings);
        var distribution = await workflow.Released(Five);
        var sending = workflow.CarryOutBatches();
        await begun.Task;
        await using var desk = workflow.Another(Settings);
        Assert.True(await desk.Get<Stops>().Withdraw(distribution.Id, "the secretary", Cancellation));
        goOn.SetResult();
        await sending;

        var offered = transport.Offered.Select(message => message.MissionId).ToHashSet();
        Assert.InRange(offered.Count, 1, 2);
        Assert.All(
            await workflow.Dispatches(distribution.Id),
            entry => Assert.Equal(
                offered.Contains(entry.MissionId) ? DeliveryState.Accepted : DeliveryState.Withdrawn,
                entry.State));
    }

    [Fact]
    public async Task Evidence_that_comes_while_a_letter_is_only_noted_is_kept()
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var transport = new TransportStub
        {
            BeforeAnswer = async () =>
            {
                begun.TrySetResult();
                await goOn.Task;
            },
        };
        await using var workflow = await TestWorkflow.Open(azurite, transport, Settings);
        var distribution = await workflow.Released("che");
        var sending = workflow.CarryOutBatches();
        await begun.Task;
        var noted = Assert.Single(await workflow.Dispatches(distribution.Id));
        var told = new DeliveryEvent(
            workflow.Clock.GetUtcNow(),
            DeliveryEventKind.Delivered,
            "250 OK",
            Id: "sendgrid:1",
            Source: EvidenceRanks.SendGrid);
        Assert.NotNull(await workflow.Get<MissionEntries>().Change(
            distribution.Id,
            "che",
            entry => entry.WithEvent(noted.Attempts[0].MessageId, noted.Attempts[0].Mailboxes[0].Mailbox.Address, told),
            Cancellation));
        goOn.SetResult();
        await sending;

        var entry = Assert.Single(await workflow.Dispatches(distribution.Id));
        Assert.Equal(
            [DeliveryEventKind.HandingOver, DeliveryEventKind.Accepted, DeliveryEventKind.Delivered],
            entry.Attempts[0].Mailboxes[0].Events.Select(happened => happened.Kind).Order());
        Assert.Equal(DeliveryState.Delivered, entry.State);
        Assert.Null(entry.Claim);
        await workflow.Reconcile();
        var audit = await workflow.Get<DistributionAudit>().Of(distribution.Id, Cancellation);
        Assert.Empty(audit!.Missions.SelectMany(mission => mission.Breaches));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_keeps_its_letters_from_being_sent_and_is_told()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:BatchSize", "3"));
        var distribution = await workflow.Released(Five);
        await workflow.Get<SendingJournals>().Open(distribution.Id, 0, new("dead", default), Cancellation);
        var table = workflow.Get<StorageAccount>().Tables.GetTableClient(ResourceNames.JournalsTable);
        var row = (await table.GetEntityAsync<TableEntity>(distribution.Id, "00000", cancellationToken: Cancellation)).Value;
        row["Facts0"] = $"{row["Facts0"]} ";
        await table.UpdateEntityAsync(row, row.ETag, cancellationToken: Cancellation);

        await workflow.CarryOutBatches();

        Assert.Equal(["che", "mex"], transport.Offered.Select(message => message.MissionId).Order());
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);
        Assert.Contains(
            await workflow.Get<Notices>().All(Cancellation),
            notice => notice.Text.Contains("in the table Journals cannot be read", StringComparison.Ordinal));

        // As the runbook says: with the app stopped, the row and the entries of its slot go, and the log brings these back.
        await table.DeleteEntityAsync(distribution.Id, "00000", cancellationToken: Cancellation);
        var entries = workflow.Get<StorageAccount>().Tables.GetTableClient(ResourceNames.DispatchesTable);
        foreach (var entry in (await workflow.Dispatches(distribution.Id)).Where(entry => entry.Order is >= 1 and <= 3 && entry.State == DeliveryState.Pending))
            await entries.DeleteEntityAsync(distribution.Id, entry.MissionId, cancellationToken: Cancellation);
        var rebuilt = Assert.IsType<RebuildResult.Rebuilt>(
            await workflow.Get<DistributionRebuild>().Rebuild(distribution.Id, null, Cancellation));

        Assert.Equal(["fra", "jpn", "ken"], rebuilt.Held.Select(mission => mission.Id).Order());
        Assert.Equal(DistributionState.Paused, (await workflow.TheDistribution()).State);
        await workflow.Run();
        Assert.Equal(2, transport.Offered.Count);
    }

    [Fact]
    public void What_is_noted_can_be_put_into_an_entry_any_number_of_times()
    {
        var mailbox = new Mailbox("mission@missions.example", MailboxField.To);
        var at = DateTimeOffset.UnixEpoch;
        var row = new MissionEntry("d", "che", 1, [], null, null);
        var noted = row with { Attempts = [new(1, "id", at, [new(mailbox, [new(at, DeliveryEventKind.HandingOver, "")])])] };
        var answered = noted with
        {
            Attempts = [noted.Attempts[0] with { Mailboxes = [new(mailbox, [.. noted.Attempts[0].Mailboxes[0].Events, new(at, DeliveryEventKind.Accepted, "250")])] }],
        };

        var once = SendingJournal.Merged(row, noted);
        var later = SendingJournal.Merged(SendingJournal.Merged(once, answered), noted);

        Assert.Equal(DeliveryState.Sending, once.State);
        Assert.Equal(DeliveryState.Accepted, later.State);
        Assert.Equal(2, later.Attempts[0].Mailboxes[0].Events.Count);
        Assert.Equal(later.Attempts[0].Mailboxes[0].Events, SendingJournal.Merged(later, answered).Attempts[0].Mailboxes[0].Events);
    }

    /// <returns>How many letters have an unknown outcome.</returns>
    private static async Task<int> UnknownAndNoneLostOrTwice(
        TestWorkflow workflow,
        string distributionId,
        TransportStub transport,
        string when)
    {
        var entries = await workflow.Dispatches(distributionId);
        var offered = transport.Offered.CountBy(message => message.MissionId).ToDictionary();
        var where = $"{when}: {string.Join(", ", entries.Select(entry => $"{entry.MissionId} {entry.State} {offered.GetValueOrDefault(entry.MissionId)}"))}";
        Assert.All(offered.Values, times => Assert.True(times == 1, where));
        Assert.All(entries, entry => Assert.True(
            entry.State switch
            {
                DeliveryState.Accepted => offered.ContainsKey(entry.MissionId),
                DeliveryState.OutcomeUnknown => true,
                _ => false,
            },
            where));
        return entries.Count(entry => entry.State == DeliveryState.OutcomeUnknown);
    }

    /// <summary>Everything that is due, also messages that wait a few seconds for another worker.</summary>
    private static async Task CarryOut(TestWorkflow workflow, string distributionId)
    {
        await workflow.CarryOutBatches();
        var open = (await workflow.Dispatches(distributionId)).Where(entry => entry.IsOpen).Select(entry => entry.MissionId).ToList();
        if (open is not [])
            await workflow.Get<BatchHandler>().Dispatch(Json.Write(new Batch(distributionId, open)), Cancellation);
    }

    /// <summary>A process that dies: after so many writes, storage hears no more of it.</summary>
    private sealed class DeathAfter(int writes) : HttpPipelinePolicy
    {
        private int left = writes;

        public bool HasHappened => Volatile.Read(ref left) < 0;

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new NotSupportedException();

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            HasHappened || (message.Request.Method != RequestMethod.Get && Interlocked.Decrement(ref left) < 0)
                ? throw new DeadException()
                : ProcessNextAsync(message, pipeline);
    }

    /// <summary>
    /// A process that dies when it has written its journal once more while the rows of what has ended are on their way.
    /// </summary>
    private sealed class DeathBeforeRows : HttpPipelinePolicy
    {
        private readonly TaskCompletionSource dead = new();
        private volatile bool isWritingRows;

        public bool HasHappened => dead.Task.IsCompleted;

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (message.Request.Uri.Path.Contains("$batch", StringComparison.Ordinal))
            {
                isWritingRows = true;
                await dead.Task;
            }

            if (HasHappened)
                throw new DeadException();
            var isNext = isWritingRows
                && message.Request.Method == RequestMethod.Put
                && message.Request.Uri.Path.Contains(ResourceNames.JournalsTable, StringComparison.Ordinal);
            await ProcessNextAsync(message, pipeline);
            if (isNext)
                dead.TrySetResult();
        }
    }

    private sealed class DeadException : Exception;
}
