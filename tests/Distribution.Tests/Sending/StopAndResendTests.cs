using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Xunit;

namespace Distribution.Tests.Sending;

public sealed class StopAndResendTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_whose_distribution_was_stopped_sends_nothing_and_says_so_of_each_mission()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che", "mex");
        Assert.True(await workflow.Get<Stops>().Withdraw(distribution.Id, "the secretary", Cancellation));
        await workflow.Run();

        Assert.Empty(transport.Offered);
        Assert.All(
            await workflow.Dispatches(distribution.Id),
            dispatch => Assert.Equal(DeliveryState.Withdrawn, dispatch.State));
        Assert.Equal(DistributionState.Withdrawn, (await workflow.TheDistribution()).State);
        Assert.False(await workflow.Get<Stops>().Withdraw(distribution.Id, "the secretary", Cancellation));
        Assert.False(await workflow.Resend(distribution.Id, "che"));
    }

    [Fact]
    public async Task Stopping_in_the_middle_of_a_batch_finishes_the_letter_in_flight_and_sends_no_other()
    {
        TestWorkflow? opened = null;
        DistributionRecord? distribution = null;
        var transport = new TransportStub
        {
            BeforeAnswer = async () =>
            {
                Assert.True(await opened!.Get<Stops>().Withdraw(distribution!.Id, "the secretary", Cancellation));
                Assert.False(await opened.Get<Eraser>().Erase(distribution.Id, "the secretary", Cancellation));
            },
        };
        await using var workflow = opened = await TestWorkflow.Open(azurite, transport, ("Dispatch:Concurrency", "1"));
        distribution = await workflow.Released("che", "mex", "fra");
        await workflow.CarryOutBatches();

        var inFlight = Assert.Single(transport.Offered).MissionId;
        Assert.Equal(
            [DeliveryState.Withdrawn, DeliveryState.Withdrawn, DeliveryState.Accepted],
            (await workflow.Dispatches(distribution.Id))
                .OrderBy(dispatch => dispatch.MissionId == inFlight)
                .Select(dispatch => dispatch.State));
        Assert.All(await workflow.Dispatches(distribution.Id), dispatch => Assert.Null(dispatch.Claim));

        // What was in flight is on record, so that the letter can be erased.
        Assert.True(await workflow.Get<Eraser>().Erase(distribution.Id, "the secretary", Cancellation));
    }

    [Fact]
    public async Task A_stop_whose_browser_goes_away_is_carried_out_and_one_that_broke_off_is_finished_by_the_next_press()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che", "mex");
        using var browser = new CancellationTokenSource();
        await using (var desk = workflow.OverStorage(new Meanwhile(ResourceNames.JournalsTable, browser.CancelAsync)))
            Assert.True(await desk.Get<Stops>().Withdraw(distribution.Id, "the secretary", browser.Token));
        await AreStopped(workflow);

        await using var other = await TestWorkflow.Open(azurite, transport);
        distribution = await other.Released("che", "mex");
        await other.Get<DistributionRecords>().Change(
            distribution.Id,
            found => found with { State = DistributionState.Withdrawn },
            Cancellation);
        Assert.False(await other.Get<Stops>().Withdraw(distribution.Id, "the secretary", Cancellation));
        await AreStopped(other);

        async Task AreStopped(TestWorkflow house) => Assert.All(
            await house.Dispatches(distribution.Id),
            dispatch => Assert.Equal(DeliveryState.Withdrawn, dispatch.State));
    }

    [Fact]
    public async Task What_comes_back_unsent_after_the_stop_is_taken_back_too()
    {
        TestWorkflow? opened = null;
        DistributionRecord? distribution = null;
        var transport = new TransportStub((_, address) => new(address, MailboxResult.TryLater, "451 Later"))
        {
            BeforeAnswer = () => opened!.Get<Stops>().Withdraw(distribution!.Id, "the secretary", Cancellation),
        };
        await using var workflow = opened = await TestWorkflow.Open(azurite, transport);
        distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        workflow.Clock.Advance(TimeSpan.FromMinutes(10));
        await workflow.Run();

        Assert.Single(transport.Offered);
        Assert.Equal(DeliveryState.Withdrawn, Assert.Single(await workflow.Dispatches(distribution.Id)).State);
    }

    [Fact]
    public async Task A_resend_a_person_asks_for_is_a_message_of_its_own_and_reopens_the_distribution()
    {
        var results = new Queue<MailboxResult>([MailboxResult.Refused, MailboxResult.Accepted]);
        var transport = new TransportStub((_, address) => new(address, results.Dequeue(), ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);

        Assert.True(await workflow.Resend(distribution.Id, "che"));
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);
        Assert.False(await workflow.Resend(distribution.Id, "che", "another"));
        await workflow.CarryOutBatches();

        Assert.Equal(
            [(MessageTokens.Mark(distribution.Id), "che", 1), (MessageTokens.Mark(distribution.Id), "che", 2)],
            transport
                .Offered.Select(offered => SentMessageId.Read(offered.MessageId)!)
                .Select(sent => (sent.Distribution, sent.MissionId, sent.Attempt)));
        Assert.Equal(
            2,
            transport.Offered.Select(offered => SentMessageId.Read(offered.MessageId)!.Token).Distinct().Count());
        var dispatch = Assert.Single(await workflow.Dispatches(distribution.Id));
        Assert.Equal((DeliveryState.Accepted, "the secretary"), (dispatch.State, dispatch.Attempts[1].AskedBy));
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        Assert.Equal(
            [Act.Prepared, Act.Released, Act.Completed, Act.ResendAsked, Act.Completed],
            (await workflow.TheDistribution()).Acts.Select(entry => entry.Act));
    }

    [Fact]
    public async Task A_mission_that_had_the_letter_delivered_has_it_however_a_resend_ends()
    {
        var results = new Queue<MailboxResult>([MailboxResult.Accepted, MailboxResult.Refused]);
        var transport = new TransportStub((_, address) => new(address, results.Dequeue(), ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await workflow
            .Get<DeliveryEvidence>()
            .Record(
                [
                    new(
                        transport.Offered.Single().MessageId,
                        "che@missions.example",
                        new(workflow.Clock.GetUtcNow(), DeliveryEventKind.Delivered, "", Source: "sendgrid", Id: "1")),
                ],
                Cancellation);
        await workflow.Resend(distribution.Id, "che");
        await workflow.CarryOutBatches();
        Assert.Equal(DeliveryState.Delivered, Assert.Single(await workflow.Dispatches(distribution.Id)).State);
    }

    [Fact]
    public async Task No_more_letters_leave_in_a_minute_than_the_settings_say()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:LettersPerMinute", "2"));
        var distribution = await workflow.Released("che", "mex", "fra", "jpn", "ken");
        await workflow.CarryOutBatches();
        Assert.Equal(2, transport.Offered.Count);
        workflow.Clock.Advance(TimeSpan.FromSeconds(50));
        await workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 5), Cancellation);
        Assert.Equal(2, transport.Offered.Count);

        workflow.Clock.Advance(TimeSpan.FromSeconds(11));
        await workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 5), Cancellation);
        Assert.Equal(4, transport.Offered.Count);
        workflow.Clock.Advance(TimeSpan.FromMinutes(6));
        await workflow.Run();
        Assert.Equal(5, transport.Offered.Select(offered => offered.MissionId).Distinct().Count());
        Assert.Equal(5, transport.Offered.Count);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Across_all_batches_of_a_process_no_more_letters_are_in_flight_than_the_settings_say()
    {
        var (now, most) = (0, 0);
        var two = new TaskCompletionSource();
        var transport = new TransportStub
        {
            // The first is answered only when the second is on its way too, and then there is time for a third.
            BeforeAnswer = async () =>
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                if (most >= 2)
                    two.TrySetResult();
                await two.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
                await Task.Delay(30, Cancellation);
                Interlocked.Decrement(ref now);
            },
        };
        await using var workflow = await TestWorkflow.Open(
            azurite,
            transport,
            ("Dispatch:Concurrency", "2"),
            ("Dispatch:BatchSize", "1"));
        var distribution = await workflow.Released("che", "mex", "fra", "jpn", "ken", "gbr");
        await Task.WhenAll(
            Enumerable
                .Range(1, 6)
                .Select(async place =>
                    await workflow
                        .Get<BatchHandler>()
                        .Dispatch(await workflow.BatchOf(distribution.Id, place, place), Cancellation)));
        Assert.Equal(6, transport.Offered.Count);
        Assert.Equal(2, most);
    }
}
