using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Tracking.Log;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Tracking;

/// <summary>
/// A letter is stopped in the middle; then a person has it sent to those the stop left out: to each once, whatever
/// crashes, whoever presses twice, and whatever still runs of the stop.
/// </summary>
public sealed class NeverSentTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_rest_is_sent_on_purpose_to_each_once_and_the_letter_is_then_complete_and_proven()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var letter = await Stopped(workflow, transport);
        Assert.Equal("1 of 3 has it; 2 were never sent to.", (await Reach(workflow, letter)).Sentence);

        Assert.Equal(2, await workflow.Get<Resends>().SendToNeverSent(letter.Id, "the secretary", Cancellation));
        Assert.Equal(0, await workflow.Get<Resends>().SendToNeverSent(letter.Id, "the secretary", Cancellation));
        await workflow.Run();

        Assert.Equal(["che", "fra", "mex"], transport.Offered.Select(offered => offered.MissionId).Order());
        var now = await workflow.TheDistribution();
        Assert.Equal((DistributionState.Complete, null), (now.State, now.Asked));
        Assert.Equal(
            [Act.Prepared, Act.Released, Act.Withdrawn, Act.ResendAsked, Act.Completed],
            now.Acts.Select(entry => entry.Act));
        Assert.StartsWith("2 missions it was never sent to: ", now.Acts[3].Words, StringComparison.Ordinal);
        Assert.Equal("All 3 missions have it.", (await Reach(workflow, letter)).Sentence);
        workflow.Clock.Advance(TimeSpan.FromMinutes(10));
        await workflow.Reconcile();
        Assert.Equal("Complete, and proven", (await workflow.Audit(letter.Id)).Verdict);
        Assert.Equal(3, transport.Offered.Count);
    }

    [Fact]
    public async Task What_still_runs_of_the_stop_takes_nothing_back_that_was_asked_for_since()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        await Stopped(workflow, transport);
        var asSeenBefore = await workflow.TheDistribution();
        await workflow.Get<Resends>().SendToNeverSent(asSeenBefore.Id, "the secretary", Cancellation);
        await workflow.Get<Stops>().WithdrawUnsent(asSeenBefore, Cancellation);
        await workflow.Run();
        Assert.Equal(3, transport.Offered.Count);

        // What is stopped a second time stays stopped, and who had the letter still has it.
        Assert.True(await workflow.Resend(asSeenBefore.Id, "che"));
        Assert.True(await workflow.Get<Stops>().Withdraw(asSeenBefore.Id, "another", Cancellation));
        await workflow.Run();
        Assert.Equal(3, transport.Offered.Count);
        Assert.Equal("All 3 missions have it.", (await Reach(workflow, asSeenBefore)).Sentence);
        await workflow.Seal(asSeenBefore.Id);
        Assert.Empty((await workflow.Audit(asSeenBefore.Id)).Breaches);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_crash_after_it_was_asked_for_loses_nothing_and_doubles_nothing(int takenUp)
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var letter = await Stopped(workflow, transport);
        var left = (await workflow.Dispatches(letter.Id))
            .Where(dispatch => dispatch.State == DeliveryState.Withdrawn)
            .ToList();
        // As a worker leaves it that dies between the record and the last of the entries.
        var roster = (await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation)).Roster;
        var now = workflow.Clock.GetUtcNow();
        await workflow.Get<DistributionRecords>().Change(letter.Id, found => (found with
        {
            State = DistributionState.Sending,
            RequeuedAt = now,
            Asked = new("1", "the secretary", [.. left.Select(dispatch => new RequestedMessage(dispatch.MissionId, 2))]),
        }).With(new(now, Act.ResendAsked, "the secretary", "")), Cancellation);
        foreach (var dispatch in left.Take(takenUp))
            await workflow
                .Get<MissionEntries>()
                .Change(
                    letter.Id,
                    dispatch.MissionId,
                    entry =>
                        entry.Resend(
                            roster.First(mission => mission.Id == entry.MissionId),
                            workflow.Get<LetterWriter>().MessageIds(letter.KeyId, entry),
                            now,
                            "the secretary"),
                    Cancellation);

        await workflow.Get<Holds>().CompleteWhenAccountable(letter.Id, Cancellation);
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);
        Assert.Equal(0, await workflow.Get<Resends>().SendToNeverSent(letter.Id, "another", Cancellation));
        workflow.Clock.Advance(TimeSpan.FromMinutes(6));
        await workflow.Run();
        await workflow.Run();

        Assert.Equal(["che", "fra", "mex"], transport.Offered.Select(offered => offered.MissionId).Order());
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Many_presses_at_once_send_to_each_mission_once()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var letter = await Stopped(workflow, transport);
        var sent = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ => workflow.Get<Resends>().SendToNeverSent(letter.Id, "the secretary", Cancellation)));
        Assert.Equal(2, sent.Sum());
        await workflow.Run();
        Assert.Equal(3, transport.Offered.Count);
        Assert.Single((await workflow.TheDistribution()).Acts, entry => entry.Act == Act.ResendAsked);
    }

    [Fact]
    public async Task A_letter_that_was_corrected_is_not_sent_to_those_who_never_had_it()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var letter = await Stopped(workflow, transport);
        await workflow
            .Get<DistributionRecords>()
            .Change(
                letter.Id,
                found => found.With(new(workflow.Clock.GetUtcNow(), Act.Superseded, "its corrigendum", "")),
                Cancellation);
        Assert.Equal(0, await workflow.Get<Resends>().SendToNeverSent(letter.Id, "the secretary", Cancellation));
        Assert.NotNull(Resends.AgainstNeverSent(await workflow.TheDistribution()));
        Assert.Equal(DistributionState.Withdrawn, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Who_has_acknowledged_by_whatever_channel_is_left_out_unless_it_is_asked_for()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var letter = await Stopped(workflow, transport);
        var left = (await workflow.Dispatches(letter.Id))
            .First(dispatch => dispatch.State == DeliveryState.Withdrawn)
            .MissionId;
        await workflow.Acknowledge(letter.Id, left, "Amélie Favre", AcknowledgementChannel.Telephone);

        Assert.Equal(1, await workflow.Get<Resends>().SendToNeverSent(letter.Id, "the secretary", Cancellation));
        await workflow.Run();
        Assert.DoesNotContain(left, transport.Offered.Select(offered => offered.MissionId));
        Assert.False(await workflow.Resend(letter.Id, left));
        Assert.Equal(
            1,
            await workflow
                .Get<Resends>()
                .SendToNeverSent(letter.Id, "the secretary", Cancellation, alsoAcknowledged: true));
        await workflow.Run();
        Assert.Contains(left, transport.Offered.Select(offered => offered.MissionId));
    }

    [Fact]
    public async Task A_reminder_on_its_way_when_the_letter_is_stopped_stays_stopped_when_the_rest_is_sent()
    {
        var reminding = false;
        var transport = new TransportStub(
            (message, address) =>
                new(
                    address,
                    reminding ? MailboxResult.TryLater
                        : message.MissionId == "mex" ? MailboxResult.Unknown
                        : MailboxResult.Accepted,
                    ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:UnknownOutcome", "ask"));
        var letter = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        reminding = true;
        Assert.True(await workflow.RemindNow(letter.Id));
        await workflow.Run();
        Assert.True(await workflow.Get<Stops>().Withdraw(letter.Id, "the secretary", Cancellation));

        Assert.Equal(
            DistributionState.Withdrawn,
            (await workflow.Get<DistributionRecords>().Find($"{letter.Id}-r1", Cancellation))!.State);
        Assert.Equal(
            0,
            await workflow.Get<Resends>().SendToNeverSent($"{letter.Id}-r1", "the secretary", Cancellation));
    }

    /// <summary>A letter to three missions, stopped while the first was leaving.</summary>
    private static async Task<DistributionRecord> Stopped(TestWorkflow workflow, TransportStub transport)
    {
        await workflow.Accepted("che", "mex", "fra");
        var id = (await workflow.TheDistribution()).Id;
        var stopped = false;
        transport.BeforeAnswer = async () =>
        {
            if (!stopped)
                await workflow.Get<Stops>().Withdraw(id, "the secretary", Cancellation);
            stopped = true;
        };
        Assert.True(await workflow.Get<Releases>().Release(id, "the secretary", Cancellation));
        await workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(id, 3, 3), Cancellation);
        await workflow.CarryOutBatches();
        await workflow.Reconcile();
        Assert.Single(transport.Offered);
        return await workflow.TheDistribution();
    }

    private static async Task<Reach> Reach(TestWorkflow workflow, DistributionRecord letter) =>
        await workflow
            .Get<ReachReader>()
            .Of((await workflow.Get<DistributionRecords>().Find(letter.Id, Cancellation))!, Cancellation);
}
