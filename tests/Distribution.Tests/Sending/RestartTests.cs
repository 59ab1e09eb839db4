using Azure.Storage.Queues.Models;
using Distribution.Common;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>Workers that are told to stop, or die: what they leave goes on soon, and what others do is not disturbed.</summary>
public sealed class RestartTests(AzuriteFixture azurite)
{
    private static readonly (string, string)[] Settings =
        [("Dispatch:BatchSize", "2"), ("Dispatch:Concurrency", "1"), ("Dispatch:UnknownOutcome", "ask")];

    /// <summary>With so little left of a claim of twenty seconds, a worker that lives has renewed it.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(12);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_that_is_stopping_begins_no_further_batch_and_leaves_it_in_the_queue()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, Settings);
        var distribution = await workflow.Released("che", "fra");
        await workflow.Queue.ClearMessagesAsync(Cancellation);

        await workflow.Get<BatchHandler>().Dispatch(
            await workflow.BatchOf(distribution.Id, 1, 2),
            new CancellationToken(canceled: true));

        Assert.Empty(transport.Offered);
        Assert.Empty(await workflow.Get<SendingJournals>().Of(distribution.Id, Cancellation));
        Assert.Equal(1, await Waiting(workflow));
    }

    [Fact]
    public async Task A_process_that_stops_stays_until_the_letters_in_flight_have_ended()
    {
        using var lifetime = new Lifetime();
        var batches = new BatchesInHand(lifetime);
        var (first, second) = (batches.Take(Cancellation), batches.Take(Cancellation));
        lifetime.StopApplication();
        Assert.True(first.Stop.IsCancellationRequested);
        second.Dispose();
        var stopped = batches.StopAsync(Cancellation);
        Assert.False(stopped.IsCompleted);

        first.Dispose();
        await stopped;
        await batches.StopAsync(Cancellation);
    }

    [Fact]
    public async Task What_a_dead_worker_had_claimed_goes_on_when_its_claim_has_lapsed_although_others_are_at_work()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, Settings);
        var distribution = await workflow.Released("che", "fra", "jpn", "mex");
        await workflow.Queue.ClearMessagesAsync(Cancellation);
        // Its first letter is in flight; the other of its slot is claimed and not begun.
        await using var dead = await InFlight(workflow, distribution.Id, 1, 2, dies: true);
        // Another is at work at the other slot, and will be.
        await using var busy = await InFlight(workflow, distribution.Id, 3, 4, dies: false);

        for (var seconds = 0; seconds < 24; seconds += 4)
        {
            workflow.Clock.Advance(TimeSpan.FromSeconds(4));
            await Renewed(workflow, distribution.Id, slot: 1);
        }

        await workflow.Reconcile();
        await workflow.CarryOutBatches();

        var entries = await workflow.Dispatches(distribution.Id);
        Assert.Equal(
            [DeliveryState.OutcomeUnknown, DeliveryState.Accepted],
            entries.Take(2).Select(entry => entry.State).Order());
        // Nothing else was queued: the other slot is in good hands.
        Assert.Single(transport.Offered);
        busy.GoOn();
        await busy.Sending;
        Assert.Equal(2, busy.Transport.Offered.Count);
    }

    [Fact]
    public async Task Of_a_letter_that_was_stopped_while_a_dead_worker_handed_it_over_it_is_said_that_nobody_knows()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, Settings);
        var distribution = await workflow.Released("che", "fra");
        await workflow.Queue.ClearMessagesAsync(Cancellation);
        await using var dead = await InFlight(workflow, distribution.Id, 1, 2, dies: true);
        Assert.True(await workflow.Get<Stops>().Withdraw(distribution.Id, "the secretary", Cancellation));
        // As long as its claim holds, it may still be at work.
        Assert.Contains(await workflow.Dispatches(distribution.Id), entry => entry.State == DeliveryState.Sending);

        workflow.Clock.Advance(TimeSpan.FromSeconds(30));
        await workflow.Reconcile();

        Assert.Equal(
            [DeliveryState.Withdrawn, DeliveryState.OutcomeUnknown],
            (await workflow.Dispatches(distribution.Id)).Select(entry => entry.State).Order());
        Assert.Empty(transport.Offered);
    }

    [Fact]
    public async Task While_workers_make_progress_nothing_is_queued_anew()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, Settings);
        var distribution = await workflow.Released("che", "fra", "jpn", "mex");
        await workflow.Queue.ClearMessagesAsync(Cancellation);
        await using var busy = await InFlight(workflow, distribution.Id, 1, 2, dies: false);
        for (var minutes = 0; minutes < 2; minutes++)
        {
            for (var seconds = 0; seconds < 60; seconds += 5)
            {
                workflow.Clock.Advance(TimeSpan.FromSeconds(5));
                await Renewed(workflow, distribution.Id, slot: 0);
            }

            await workflow.Reconcile();
        }

        // Only that somebody looks at the journal when it may be left; nobody is sent to by that.
        await workflow.CarryOutBatches();
        Assert.Empty(transport.Offered);

        // A message that was lost is not waited for without end.
        for (var seconds = 0; seconds < 16 * 60; seconds += 6)
        {
            workflow.Clock.Advance(TimeSpan.FromSeconds(6));
            await Renewed(workflow, distribution.Id, slot: 0);
        }

        await workflow.Reconcile();
        await workflow.CarryOutBatches();
        Assert.Equal(["che", "mex"], transport.Offered.Select(message => message.MissionId).Order());
        busy.GoOn();
        await busy.Sending;
    }

    [Fact]
    public async Task What_is_lost_from_the_queue_is_queued_anew_ever_more_seldom_until_fewer_letters_are_open()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub(), Settings);
        var distribution = await workflow.Released("che", "fra", "jpn", "mex");
        await workflow.Queue.ClearMessagesAsync(Cancellation);

        Assert.Equal([20, 40, 80], await QueuedAfter(3));
        await workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 1), Cancellation);
        // Whoever runs the timer learns of it by that run.
        await workflow.Reconcile();
        Assert.Equal([20, 40], await QueuedAfter(2));

        async Task<IReadOnlyList<int>> QueuedAfter(int times)
        {
            List<int> pauses = [];
            for (var seconds = 0; pauses.Count < times && seconds < 600;)
            {
                workflow.Clock.Advance(TimeSpan.FromSeconds(10));
                seconds += 10;
                await workflow.Reconcile();
                if (await Waiting(workflow) == 0)
                    continue;
                await workflow.Queue.ClearMessagesAsync(Cancellation);
                pauses.Add(seconds);
                seconds = 0;
            }

            return pauses;
        }
    }

    [Fact]
    public async Task A_journal_is_looked_at_again_when_its_claim_lapses_and_left_alone_while_it_is_held()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, Settings);
        var distribution = await workflow.Released("che", "fra");
        await workflow.Queue.ClearMessagesAsync(Cancellation);
        await using var dead = await InFlight(workflow, distribution.Id, 1, 2, dies: true);
        await workflow.Reconcile();
        // For the end of the claim: not visible yet.
        Assert.Null((await workflow.Queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value);
        Assert.Equal(1, await Waiting(workflow));
        var watch = Json.Write(new Batch(distribution.Id, ["che", "fra"], IfLeft: true));

        await workflow.Get<BatchHandler>().Dispatch(watch, Cancellation);
        Assert.Equal(1, await Waiting(workflow));
        workflow.Clock.Advance(TimeSpan.FromSeconds(21));
        await workflow.Get<BatchHandler>().Dispatch(watch, Cancellation);

        Assert.Single(transport.Offered);
        Assert.Equal(
            [DeliveryState.OutcomeUnknown, DeliveryState.Accepted],
            (await workflow.Dispatches(distribution.Id)).Select(entry => entry.State).Order());
    }

    [Fact]
    public async Task Letters_that_wait_for_their_turn_stay_claimed_while_their_worker_lives()
    {
        var answers = 0;
        var transport = new TransportStub((_, address) =>
            Interlocked.Increment(ref answers) <= 3
                ? new(address, MailboxResult.TryLater, "451 4.3.2 Later")
                : new(address, MailboxResult.Accepted, "250 OK"));
        await using var workflow = await TestWorkflow.Open(
            azurite,
            transport,
            ("Dispatch:Concurrency", "1"),
            ("Dispatch:RetryDelays:0", "00:01:00"),
            ("Dispatch:RetryDelays:1", "00:01:00"));
        var distribution = await workflow.Released("che", "fra", "mex");
        await workflow.CarryOutBatches();
        workflow.Clock.Advance(TimeSpan.FromMinutes(2));
        var living = new TransportStub();
        await using var another = workflow.Another(living);
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        transport.BeforeAnswer = () =>
        {
            begun.TrySetResult();
            return goOn.Task;
        };
        var sending = workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 3), Cancellation);
        await begun.Task;
        for (var seconds = 0; seconds < 60; seconds += 6)
        {
            workflow.Clock.Advance(TimeSpan.FromSeconds(6));
            // Time goes on meanwhile: the worker may have begun to wait only when the clock had been moved.
            for (var tries = 0; (await Claims()).Any(claim => claim - workflow.Clock.GetUtcNow() <= Soon); tries++)
            {
                Assert.True(tries < 500, "The claims were not renewed.");
                workflow.Clock.Advance(TimeSpan.FromMilliseconds(20));
                await Task.Delay(10, Cancellation);
            }
        }

        await another.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 3), Cancellation);
        Assert.Empty(living.Offered);
        goOn.SetResult();
        await sending;

        Assert.Equal(6, transport.Offered.Count);
        Assert.All(
            await workflow.Dispatches(distribution.Id),
            entry => Assert.Equal((DeliveryState.Accepted, null), (entry.State, entry.Claim)));

        async Task<IReadOnlyList<DateTimeOffset>> Claims() =>
            [.. (await workflow.Dispatches(distribution.Id)).Select(entry => entry.Claim!.Until)];
    }

    /// <summary>A worker with a letter in flight.</summary>
    /// <param name="dies">Whether its clock stands still, so that it renews nothing.</param>
    private static async Task<Worker> InFlight(TestWorkflow workflow, string id, int first, int last, bool dies)
    {
        var (begun, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var transport = new TransportStub
        {
            BeforeAnswer = () =>
            {
                begun.TrySetResult();
                return goOn.Task.WaitAsync(Cancellation);
            },
        };
        var process = workflow.Another(transport, dies ? new FakeTimeProvider(workflow.Clock.GetUtcNow()) : null, Settings);
        var sending = process.Get<BatchHandler>().Dispatch(await workflow.BatchOf(id, first, last), Cancellation);
        await begun.Task;
        return new(process, transport, sending, goOn);
    }

    /// <summary>
    /// Waits until a worker that lives has renewed its claim, where that was due. Time goes on meanwhile: the worker may
    /// have begun to wait only when the clock had been moved.
    /// </summary>
    private static async Task Renewed(TestWorkflow workflow, string id, int slot)
    {
        for (var tries = 0; tries < 500; tries++)
        {
            var claim = (await workflow.Get<SendingJournals>().Claims(id, Cancellation)).Single(one => one.Slot == slot);
            if (claim.Until - workflow.Clock.GetUtcNow() > Soon)
                return;
            workflow.Clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(10, Cancellation);
        }

        Assert.Fail("The claim was not renewed.");
    }

    private static async Task<int> Waiting(TestWorkflow workflow)
    {
        QueueProperties properties = await workflow.Queue.GetPropertiesAsync(Cancellation);
        return properties.ApproximateMessagesCount;
    }

    private sealed record Worker(
        TestWorkflow Process,
        TransportStub Transport,
        Task Sending,
        TaskCompletionSource Answer) : IAsyncDisposable
    {
        public void GoOn() => Answer.TrySetResult();

        public async ValueTask DisposeAsync() => await Process.DisposeAsync();
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => stopping.Cancel();

        public void Dispose() => stopping.Dispose();
    }
}
