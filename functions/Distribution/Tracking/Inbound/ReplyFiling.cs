using Distribution.Common;

namespace Distribution.Tracking.Inbound;

/// <summary>Where a message belongs, if the message itself shows it.</summary>
/// <param name="IsMachines">Whether a machine sent it.</param>
/// <param name="How">How this is known: a sentence.</param>
internal sealed record KnownPlace(ReplyCandidate Letter, bool Acknowledges, bool IsMachines, string How);

/// <summary>The result when a person decides about a waiting message.</summary>
internal enum ReplyOutcome
{
    Done,

    /// <summary>Another decision was recorded first: a different one, or one by another person.</summary>
    Decided,

    /// <summary>That mission did not get that letter, or no such message waits.</summary>
    Unknown,

    /// <summary>It reached us before the mission's letter left, so it cannot acknowledge it.</summary>
    TooEarly,

    /// <summary>What it had acknowledged was corrected or withdrawn by a person since, which stays.</summary>
    Overtaken,
}

/// <summary>
/// Files every incoming message: with its mission, or on the list of those that wait for a person. There is one
/// decision about each message, by what it shows itself or by a person.
/// All steps after the decision are idempotent: after a crash they are repeated and change nothing the second time.
/// </summary>
internal sealed class ReplyFiling(
    Replies replies,
    ReplyMatching matching,
    Acknowledgements acknowledgements,
    TimeProvider clock)
{
    /// <param name="content">The whole message, from its beginning.</param>
    /// <param name="place">Where it belongs; null where a person must decide.</param>
    /// <returns>False where it waits for a person.</returns>
    public async Task<bool> Receive(
        ReceivedReply reply,
        Stream content,
        KnownPlace? place,
        CancellationToken cancellation)
    {
        // A message that is processed again keeps the time when it came first.
        reply = reply with { At = await replies.Save(reply.Id, content, reply.At, cancellation) };
        // A decision that was made before stays, such as a person's about a message that comes from a second source.
        if (place is { Letter: var letter } && await replies.Decision(reply.Id, cancellation) is null)
            await replies.Decide(
                new(
                    reply.Id,
                    letter.DistributionId,
                    letter.MissionId,
                    place.Acknowledges,
                    null,
                    clock.GetUtcNow(),
                    place.How)
                {
                    IsMachines = place.IsMachines,
                },
                cancellation);
        if (await replies.Decision(reply.Id, cancellation) is null)
            await replies.Wait(reply, cancellation);
        // Read the decision again: a person may have decided while the message was put on the list.
        if (await replies.Decision(reply.Id, cancellation) is not { } decision)
            return false;
        await CarryOut(reply, decision, cancellation);
        return true;
    }

    /// <summary>Whether the message was processed before, whatever was decided about it.</summary>
    public async Task<bool> Knows(string id, CancellationToken cancellation) =>
        await replies.Decision(id, cancellation) is not null || await replies.FindWaiting(id, cancellation) is not null;

    /// <summary>Records a person's decision about which letter a message is about.</summary>
    /// <param name="mission">The mission's id or its name.</param>
    /// <param name="acknowledges">Whether it says that the mission has the letter.</param>
    /// <param name="by">Who decides, for the record.</param>
    public async Task<ReplyOutcome> Match(
        string id,
        string distributionId,
        string mission,
        bool acknowledges,
        string by,
        CancellationToken cancellation)
    {
        if (await matching.Find(distributionId, mission, cancellation) is not { } letter)
            return ReplyOutcome.Unknown;
        if (acknowledges
            && await replies.FindWaiting(id, cancellation) is { } waiting
            && !await matching.CameAfter(letter, waiting.At, cancellation))
            return ReplyOutcome.TooEarly;
        return await Decide(
            new(
                id,
                letter.DistributionId,
                letter.MissionId,
                acknowledges,
                by,
                clock.GetUtcNow(),
                (acknowledges
                    ? Phrase.Say($"Matched by a person.")
                    : Phrase.Say($"Matched by a person; it acknowledges nothing.")).In(DeskLanguage.English)),
            cancellation);
    }

    /// <summary>Records a person's decision that a message is about none of our letters.</summary>
    /// <inheritdoc cref="Match"/>
    public Task<ReplyOutcome> SetAside(string id, string by, CancellationToken cancellation) =>
        Decide(new(id, null, null, false, by, clock.GetUtcNow(), "Set aside: about no letter of ours."), cancellation);

    /// <summary>
    /// Puts a message back on the list of those that wait, when a person says that the decision about it was a mistake.
    /// What it acknowledged is withdrawn, and stays in the history. After a crash, pressing again finishes it.
    /// </summary>
    /// <param name="by">Who takes it back, for the record.</param>
    public async Task<ReplyOutcome> TakeBack(string id, string by, CancellationToken cancellation)
    {
        if (await replies.TakeBack(id, cancellation) is not { } decision)
            return ReplyOutcome.Unknown;
        if (await replies.FindKept(decision, cancellation) is not { } stored)
            return ReplyOutcome.Decided;
        var outcome = ReplyOutcome.Done;
        if (decision is { Acknowledges: true, DistributionId: { } distribution, MissionId: { } mission })
            outcome = await Withdraw(distribution, mission, decision.StepId, by, cancellation);
        // On the list before it is taken off the mission's: after a crash in between it is on both, and never on none.
        await replies.Wait(await ReadAnew(stored.Value.Reply, cancellation), cancellation);
        await replies.Unlist(stored, cancellation);
        return outcome;
    }

    /// <summary>Withdraws what a message acknowledged, unless it is not what stands.</summary>
    private async Task<ReplyOutcome> Withdraw(
        string distributionId,
        string missionId,
        string stepId,
        string by,
        CancellationToken cancellation)
    {
        // It may have recorded nothing: the mission had acknowledged before. Then there is nothing to withdraw or to
        // tell.
        if (await acknowledgements.Find(distributionId, missionId, cancellation) is not { } record
            || !record.Has(stepId))
            return ReplyOutcome.Done;
        var step = new AcknowledgementStep(
            $"{stepId}-back",
            clock.GetUtcNow(),
            by,
            null,
            "The message it was recorded by was put back to be read.")
        {
            IsSecretariats = true,
        };
        return await acknowledgements.Record(distributionId, missionId, stepId, step, cancellation)
            is RecordingResult.Recorded or RecordingResult.Before
            ? ReplyOutcome.Done
            : ReplyOutcome.Overtaken;
    }

    /// <summary>Reads the message again for its candidates: a message that is kept with its mission has none.</summary>
    private async Task<ReceivedReply> ReadAnew(ReceivedReply reply, CancellationToken cancellation)
    {
        InboundMail? mail = null;
        if (await replies.Message(reply.Id, cancellation) is { } stored)
            try
            {
                using var message = await ReadableMessage.Load(stored, cancellation);
                ReadableMessage.Open(message);
                mail = InboundMail.Read(message);
            }
            catch (FormatException)
            {
                // It waited without any letter before, and does so again.
            }

        if (mail is not InboundMail.Reply answer)
            return reply with { Candidates = await matching.BySender(mail?.Sender, cancellation) };
        var match = await matching.Find(answer, reply.At, cancellation);
        return reply with
        {
            Candidates = match.Acknowledged is { } letter ? [letter] : match.Candidates,
            IsAnswer = match.IsAnswer,
            IsFromMission = match.IsFromMission,
        };
    }

    private async Task<ReplyOutcome> Decide(ReplyDecision decision, CancellationToken cancellation)
    {
        // It no longer waits: somebody else was first, or this very press came twice.
        if (await replies.FindWaiting(decision.ReplyId, cancellation) is not { } reply)
            return Compare(await replies.Decision(decision.ReplyId, cancellation));
        var decided = await replies.Decide(decision, cancellation);
        await CarryOut(reply, decided, cancellation);
        return Compare(decided);

        ReplyOutcome Compare(ReplyDecision? stands) =>
            stands is null ? ReplyOutcome.Unknown
            : (stands.DistributionId, stands.MissionId, stands.Acknowledges, stands.Recorder)
            == (decision.DistributionId, decision.MissionId, decision.Acknowledges, decision.Recorder)
                ? ReplyOutcome.Done
            : ReplyOutcome.Decided;
    }

    private async Task CarryOut(ReceivedReply reply, ReplyDecision decision, CancellationToken cancellation)
    {
        var kept = new KeptReply(reply with { Candidates = [] }, decision);
        if (decision is { DistributionId: { } distribution, MissionId: { } mission })
        {
            await replies.Add(kept, distribution, mission, cancellation);
            if (decision.Acknowledges)
                await acknowledgements.RecordFirst(distribution, mission, new(
                    decision.StepId, decision.At, decision.Recorder ?? reply.Sender,
                    new(reply.Sender, null, AcknowledgementChannel.Reply, reply.At, decision.Recorder), decision.How)
                { IsSecretariats = decision.Recorder is not null }, cancellation);
        }
        else
            await replies.AddSetAside(kept, cancellation);

        // Remove it from the list last: after a crash it is still listed, so these steps can be repeated.
        await replies.WaitsNoMore(reply.Id, cancellation);
    }
}
