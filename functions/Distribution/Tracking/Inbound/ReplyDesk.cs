namespace Distribution;

/// <summary>
/// Keeps replies with their missions and takes them for acknowledgements. What a reply is, is decided once: by what it says of itself, or by a person.
/// All that follows is done again where it was broken off, and changes nothing the second time.
/// </summary>
internal sealed class ReplyDesk(Replies replies, ReplyMatching matching, Acknowledgements acknowledgements, TimeProvider clock)
{
    /// <param name="content">The message as it came, from its beginning.</param>
    /// <returns>False where it waits for a person.</returns>
    public async Task<bool> Receive(ReceivedReply reply, Stream content, ReplyMatch match, CancellationToken cancellation)
    {
        await replies.Keep(reply.Id, content, cancellation);
        if (match.Letter is { } letter && await replies.Decision(reply.Id, cancellation) is null)
            await replies.Decide(new(reply.Id, letter.DistributionId, letter.MissionId, match.Acknowledges, null, clock.GetUtcNow(), match.How), cancellation);
        if (await replies.Decision(reply.Id, cancellation) is null)
            await replies.Wait(reply with { Candidates = match.Candidates }, cancellation);
        // A person may have decided while it was put on the list.
        if (await replies.Decision(reply.Id, cancellation) is not { } decision)
            return false;
        await CarryOut(reply, decision, cancellation);
        return true;
    }

    /// <summary>A person says which letter a reply is to.</summary>
    /// <param name="mission">The mission's id or its name.</param>
    /// <param name="by">Who says so, for the record.</param>
    /// <returns>Where it is kept now, by whoever decided first; null where no such mission had that letter, or no such reply waits.</returns>
    public async Task<ReplyDecision?> Match(string id, string distributionId, string mission, string by, CancellationToken cancellation) =>
        await matching.Find(distributionId, mission, cancellation) is { } letter
            ? await Decide(id, new(id, letter.DistributionId, letter.MissionId, true, by, clock.GetUtcNow(), "Matched by a person."), cancellation)
            : null;

    /// <summary>A person says that it is no reply to a letter of ours.</summary>
    /// <inheritdoc cref="Match"/>
    public Task<ReplyDecision?> SetAside(string id, string by, CancellationToken cancellation) =>
        Decide(id, new(id, null, null, false, by, clock.GetUtcNow(), "Set aside: no reply to a letter."), cancellation);

    private async Task<ReplyDecision?> Decide(string id, ReplyDecision decision, CancellationToken cancellation)
    {
        if (await replies.FindWaiting(id, cancellation) is not { } reply)
            return await replies.Decision(id, cancellation);
        var decided = await replies.Decide(decision, cancellation);
        await CarryOut(reply, decided, cancellation);
        return decided;
    }

    private async Task CarryOut(ReceivedReply reply, ReplyDecision decision, CancellationToken cancellation)
    {
        if (decision is { DistributionId: { } distribution, MissionId: { } mission })
        {
            await replies.Add(new(reply with { Candidates = [] }, decision), distribution, mission, cancellation);
            if (decision.Acknowledges)
                await acknowledgements.Give(distribution, mission, new(
                    reply.Id, decision.At, decision.Recorder ?? reply.Sender,
                    new(reply.Sender, null, AcknowledgementChannel.Reply, reply.At, decision.Recorder), decision.How), cancellation);
        }

        await replies.WaitsNoMore(reply.Id, cancellation);
    }
}
