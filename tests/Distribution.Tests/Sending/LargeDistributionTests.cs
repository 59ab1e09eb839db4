using Azure.Core;
using Azure.Core.Pipeline;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>
/// What grows with the number of missions is not done for each batch or each letter. A distribution is large when it has
/// more than ten slots, here with one mission each.
/// </summary>
public sealed class LargeDistributionTests(AzuriteFixture azurite)
{
    private static readonly string[] Twelve =
        ["afg", "alb", "and", "arm", "aus", "aut", "aze", "bel", "ben", "bgd", "bgr", "bhs"];

    private static readonly (string, string)[] Settings = [("Dispatch:BatchSize", "1"), ("Dispatch:UnknownOutcome", "ask")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_releases_it_waits_for_one_message_and_a_worker_queues_the_rest()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub(), Settings);
        await workflow.Released(Twelve);

        Assert.Equal(DistributionState.Released, (await workflow.TheDistribution()).State);
        Assert.Equal(1, (await workflow.Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
        await workflow.CarryOutBatches();
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Where_that_message_is_lost_the_timer_queues_them()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, Settings);
        await workflow.Released(Twelve);
        await workflow.Queue.ClearMessagesAsync(Cancellation);

        await workflow.Run();

        Assert.Equal(12, transport.Offered.Count);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_has_it_sent_to_all_that_were_stopped_waits_for_one_message_as_well(bool isLost)
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, Settings);
        var letter = await workflow.Released(Twelve);
        Assert.True(await workflow.Get<Stops>().Withdraw(letter.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        Assert.Empty(transport.Offered);

        Assert.Equal(12, await workflow.Get<Resends>().SendToNeverSent(letter.Id, "the secretary", Cancellation));
        Assert.Equal(0, await workflow.Get<Resends>().SendToNeverSent(letter.Id, "another", Cancellation));
        Assert.Equal(1, (await workflow.Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);
        if (isLost)
        {
            await workflow.Queue.ClearMessagesAsync(Cancellation);
            workflow.Clock.Advance(TimeSpan.FromMinutes(1));
            await workflow.Run();
        }
        else
        {
            await workflow.CarryOutBatches();
        }

        Assert.Equal(12, transport.Offered.Count);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Its_entries_are_asked_for_when_the_last_batch_has_ended_and_not_after_each()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub(), Settings);
        await workflow.Released(Twelve);
        var reads = new WholeReads();
        await using var worker = workflow.OverStorage(reads, new TransportStub(), Settings);

        await worker.CarryOutBatches();

        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        // Twice at the end: whether any is open, and then all as they are.
        Assert.Equal(2, reads.Count);
        Assert.Empty(await Rows(workflow));
    }

    [Fact]
    public async Task A_retry_that_ends_a_slot_ends_the_distribution()
    {
        var tries = 0;
        var transport = new TransportStub((message, address) =>
            message.MissionId == "alb" && Interlocked.Increment(ref tries) == 1
                ? new(address, MailboxResult.TryLater, "451 4.3.2 Later")
                : new(address, MailboxResult.Accepted, "250 OK"));
        await using var workflow = await TestWorkflow.Open(azurite, transport, [.. Settings, ("Dispatch:RetryDelays:0", "00:01:00")]);
        var distribution = await workflow.Released(Twelve);
        await workflow.CarryOutBatches();
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);
        workflow.Clock.Advance(TimeSpan.FromMinutes(2));

        await workflow.Get<BatchHandler>().Dispatch(Json.Write(new Batch(distribution.Id, ["alb"])), Cancellation);

        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(12, false)]
    [InlineData(12, true)]
    public async Task A_worker_that_dies_where_it_notes_how_far_it_has_come_keeps_nothing_from_being_complete(
        int write,
        bool isCarriedOut)
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, Settings);
        await workflow.Released(Twelve);
        var death = new DeathAt(write, isCarriedOut);
        await using (var dying = workflow.OverStorage(death, transport, Settings))
            await Record.ExceptionAsync(dying.CarryOutBatches);
        Assert.True(death.HasHappened);

        workflow.Clock.Advance(TimeSpan.FromMinutes(6));
        await workflow.Run();
        workflow.Clock.Advance(TimeSpan.FromMinutes(6));
        await workflow.Run();

        Assert.Equal(12, transport.Offered.Count);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Progress_that_cannot_be_read_is_no_obstacle()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, Settings);
        var distribution = await workflow.Released(Twelve);
        await workflow.Get<BatchHandler>().Dispatch(Json.Write(new Batch(distribution.Id, ["afg"])), Cancellation);
        var table = workflow.Get<Distribution.Storage.StorageAccount>().Tables.GetTableClient(ResourceNames.JournalsTable);
        await table.UpsertEntityAsync(
            new Azure.Data.Tables.TableEntity(distribution.Id, "progress") { ["Facts0"] = "{" },
            Azure.Data.Tables.TableUpdateMode.Replace,
            Cancellation);

        await workflow.CarryOutBatches();

        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Refusals_of_their_own_do_not_have_all_entries_read_after_each()
    {
        string[] words = ["Spam", "Unknown", "Full", "No", "Never", "Away", "Wrong", "Bad", "Closed", "Gone", "Moved", "Lost"];
        var place = 0;
        var transport = new TransportStub((_, address) =>
            new(address, MailboxResult.Refused, $"550 5.7.1 {words[Interlocked.Increment(ref place) - 1]}"));
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released(Twelve);
        var reads = new WholeReads();
        await using var worker = workflow.OverStorage(reads, transport, ("Dispatch:Concurrency", "1"));

        await worker.CarryOutBatches();

        Assert.Equal(12, transport.Offered.Count);
        Assert.All(
            await workflow.Dispatches((await workflow.TheDistribution()).Id),
            entry => Assert.Equal(DeliveryState.Failed, entry.State));
        // After the first, the fifth and the tenth; those of the batch before it is sent, and three times at its end.
        Assert.InRange(reads.Count, 3, 7);
    }

    private static async Task<IReadOnlyList<string>> Rows(TestWorkflow workflow)
    {
        List<string> rows = [];
        await foreach (
            var row in workflow.Get<Distribution.Storage.StorageAccount>().Tables
                .GetTableClient(ResourceNames.JournalsTable)
                .QueryAsync<Azure.Data.Tables.TableEntity>(cancellationToken: Cancellation))
            rows.Add(row.RowKey);
        return rows;
    }

    /// <summary>Counts the queries over the entries of a distribution that name no mission.</summary>
    private sealed class WholeReads : HttpPipelinePolicy
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new NotSupportedException();

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            var asked = Uri.UnescapeDataString(message.Request.Uri.ToUri().PathAndQuery);
            if (message.Request.Method == RequestMethod.Get
                && asked.Contains($"/{ResourceNames.DispatchesTable}()", StringComparison.Ordinal)
                && !asked.Contains("RowKey ge", StringComparison.Ordinal))
                Interlocked.Increment(ref count);
            return ProcessNextAsync(message, pipeline);
        }
    }

    /// <summary>A process that dies at a certain write of the progress: storage hears no more of it.</summary>
    private sealed class DeathAt(int write, bool isCarriedOut) : HttpPipelinePolicy
    {
        private int writes;

        public bool HasHappened { get; private set; }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (HasHappened)
                throw new DeadException();
            var isProgress = message.Request.Method != RequestMethod.Get
                && (message.Request.Uri.ToString().Contains("'progress'", StringComparison.Ordinal)
                    || await IsAdded(message.Request));
            HasHappened = isProgress && ++writes == write;
            if (HasHappened && !isCarriedOut)
                throw new DeadException();
            await ProcessNextAsync(message, pipeline);
            if (HasHappened)
                throw new DeadException();
        }

        private static async Task<bool> IsAdded(Request request)
        {
            if (request.Content is null || !request.Uri.Path.Contains(ResourceNames.JournalsTable, StringComparison.Ordinal))
                return false;
            using var content = new MemoryStream();
            await request.Content.WriteToAsync(content, Cancellation);
            return System.Text.Encoding.UTF8.GetString(content.ToArray()).Contains("\"RowKey\":\"progress\"", StringComparison.Ordinal);
        }
    }

    private sealed class DeadException : Exception;
}
