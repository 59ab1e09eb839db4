namespace Distribution;

/// <summary>What a person decides about one mission's letter after it has left, or may have left.</summary>
internal sealed class Resends(
    Distributions distributions, Dispatches dispatches, FrozenContents contents, DispatchQueue queue, LetterWriter writer, Releases releases, TimeProvider clock)
{
    /// <summary>Sends the letter once more, as a message of its own.</summary>
    /// <param name="by">Who asks for it, for the record.</param>
    /// <returns>False where the letter is on its way already, or its distribution is not released or was stopped.</returns>
    public Task<bool> Resend(string distributionId, string missionId, string by, CancellationToken cancellation) =>
        Decide(distributionId, missionId, Act.ResendAsked, by, (dispatch, mission, key) => dispatch.State.IsAccountable && dispatch.Claim is null
            ? dispatch.Resend(mission, writer.MessageIds(key, dispatch), clock.GetUtcNow(), by)
            : null, cancellation);

    /// <summary>Sends the letter once more to every mission it did not reach.</summary>
    /// <returns>To how many missions.</returns>
    public async Task<int> ResendToUnreached(string distributionId, string by, CancellationToken cancellation)
    {
        var unreached = (await dispatches.All(distributionId, cancellation)).Where(entry => entry.Value.State is DeliveryState.Bounced or DeliveryState.Failed).ToList();
        var resent = 0;
        foreach (var entry in unreached)
            if (await Resend(distributionId, entry.Value.MissionId, by, cancellation))
                resent++;
        return resent;
    }

    /// <summary>Settles an unknown outcome by offering the same message again, with the same Message-ID.</summary>
    /// <returns>False where the outcome is not unknown any more.</returns>
    public Task<bool> SendAgain(string distributionId, string missionId, string by, CancellationToken cancellation) =>
        Decide(distributionId, missionId, Act.Settled, by, (dispatch, _, _) => dispatch.IsUnsettled && dispatch.Claim is null
            ? dispatch.SendAgain(clock.GetUtcNow(), by, "The same message is offered again, with the same Message-ID.")
            : null, cancellation);

    /// <summary>Settles an unknown outcome by a person's word that the mission has the letter.</summary>
    /// <returns>False where the outcome is not unknown any more.</returns>
    public Task<bool> Vouch(string distributionId, string missionId, string by, CancellationToken cancellation) =>
        Decide(distributionId, missionId, Act.Settled, by, (dispatch, _, _) => (dispatch.State == DeliveryState.OutcomeUnknown || dispatch.IsByMailAlone) && dispatch.Claim is null
            ? dispatch.VouchedFor(clock.GetUtcNow(), by)
            : null, cancellation);

    private async Task<bool> Decide(
        string distributionId, string missionId, Act act, string by, Func<Dispatch, Mission, string?, Dispatch?> change, CancellationToken cancellation)
    {
        if (await distributions.Find(distributionId, cancellation) is not { State: DistributionState.Sending or DistributionState.Paused or DistributionState.Complete } found
            || (act == Act.ResendAsked && found.SupersededBy is not null))
            return false;
        var roster = (await contents.Find(distributionId, cancellation)).Roster;
        if (roster.Index().FirstOrDefault(entry => entry.Item.Id == missionId) is not { Item: { } mission } place)
            return false;
        var order = place.Index + 1;
        if (change((await dispatches.Find(distributionId, order, cancellation)).Value, mission, found.KeyId) is null)
            return false;

        // The distribution first: an entry to be sent in one that reads complete would be left alone.
        await distributions.Change(distributionId, distribution => distribution.With(new(clock.GetUtcNow(), act, by, missionId)) with
        {
            State = distribution.State == DistributionState.Complete ? DistributionState.Sending : distribution.State,
        }, cancellation);
        var decided = await dispatches.Change(distributionId, order, dispatch => change(dispatch, mission, found.KeyId), cancellation) is not null;
        await dispatches.LogRecorded(distributionId);
        await queue.Add(new(distributionId, order, order), TimeSpan.Zero, cancellation);
        await releases.CompleteWhenAccountable(distributionId, cancellation);
        return decided;
    }
}
