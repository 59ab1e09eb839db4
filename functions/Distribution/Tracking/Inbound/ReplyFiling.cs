namespace Distribution.Tracking.Inbound;

/// <summary>What is known from a message itself of where it belongs.</summary>
/// <param name="IsMachines">Whether a machine sent it.</param>
/// <param name="How">A sentence.</param>
internal sealed record KnownPlace(ReplyCandidate Letter, bool Acknowledges, bool IsMachines, string How);

/// <summary>What came of a person's word on a message that waited.</summary>
internal enum ReplyOutcome
{
    Done,

    /// <summary>Someone had decided on it already, otherwise.</summary>
    Decided,

    /// <summary>No such mission had that letter, or no such message waits.</summary>
    Unknown,

    /// <summary>It reached us before the letter left, and so acknowledges nothing.</summary>
    TooEarly,
}

/// <summary>
/// Keeps every message that came: with its mission, or among those that wait for a person. What a message is, is
/// decided once: by what it says of itself, or by a person.
/// All that follows is done again where it was broken off, and changes nothing the second time.
/// </summary>
internal sealed class ReplyFiling(
    Replies replies,
    ReplyMatching matching,
    Acknowledgements acknowledgements,
    TimeProvider clock)
{
    /// <param name="content">The message as it came, from its beginning.</param>
    /// <param name="place">Where it belongs; null where it waits for a person.</param>
    /// <returns>False where it waits for a person.</returns>
    public async Task<bool> Receive(
        ReceivedReply reply,
        Stream content,
        KnownPlace? place,
        CancellationToken cancellation)
    {
        // Taken once more, it still came when it came first.
        reply = reply with { At = await replies.Save(reply.Id, content, reply.At, cancellation) };
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
        // A person may have decided while it was put on the list.
        if (await replies.Decision(reply.Id, cancellation) is not { } decision)
            return false;
        await CarryOut(reply, decision, cancellation);
        return true;
    }

    /// <summary>Whether the message was taken in before, whatever became of it.</summary>
    public async Task<bool> Knows(string id, CancellationToken cancellation) =>
        await replies.Decision(id, cancellation) is not null || await replies.FindWaiting(id, cancellation) is not null;

    /// <summary>A person says which letter a message is about.</summary>
    /// <param name="mission">The mission's id or its name.</param>
    /// <param name="acknowledges">Whether it says that the mission has the letter.</param>
    /// <param name="by">Who says so, for the record.</param>
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
                acknowledges ? "Matched by a person." : "Matched by a person; it acknowledges nothing."),
            cancellation);
    }

    /// <summary>A person says that it is about no letter of ours.</summary>
    /// <inheritdoc cref="Match"/>
    public Task<ReplyOutcome> SetAside(string id, string by, CancellationToken cancellation) =>
        Decide(new(id, null, null, false, by, clock.GetUtcNow(), "Set aside: about no letter of ours."), cancellation);

    private async Task<ReplyOutcome> Decide(ReplyDecision decision, CancellationToken cancellation)
    {
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
                    reply.Id, decision.At, decision.Recorder ?? reply.Sender,
                    new(reply.Sender, null, AcknowledgementChannel.Reply, reply.At, decision.Recorder), decision.How)
                { IsSecretariats = decision.Recorder is not null }, cancellation);
        }
        else
            await replies.AddSetAside(kept, cancellation);

        await replies.WaitsNoMore(reply.Id, cancellation);
    }
}
