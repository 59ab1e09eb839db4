namespace Distribution;

/// <summary>Something heard of one message to one mailbox, from outside.</summary>
/// <param name="MessageId">Of the message it is about.</param>
internal sealed record Evidence(string MessageId, string Mailbox, DeliveryEvent Event);

/// <summary>What became of evidence.</summary>
internal enum Hearing
{
    /// <summary>It is on record now.</summary>
    Recorded,

    /// <summary>It was on record already.</summary>
    Known,

    /// <summary>
    /// It is about an attempt at a mission of ours that is not on record. Attempts are recorded before they are handed over, so only a record
    /// that was put back to an earlier day lacks one; it is to be heard again later.
    /// </summary>
    Early,

    /// <summary>It is about no message of ours, or about a mailbox the message did not go to.</summary>
    NotOurs,
}

/// <summary>Takes in what is heard of messages, in any order and any number of times.</summary>
internal sealed class EvidenceDesk(Distributions distributions, Dispatches dispatches, Rosters rosters, Releases releases)
{
    /// <summary>
    /// Evidence of one distribution is taken in one after the other in this process: at once, each would change entries that another has just read,
    /// and both would read them again.
    /// </summary>
    private readonly SemaphoreSlim[] places = [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1))];

    /// <returns>What became of each, in the order given.</returns>
    public async Task<IReadOnlyList<Hearing>> Hear(IReadOnlyList<Evidence> heard, CancellationToken cancellation)
    {
        var hearings = new Hearing[heard.Count];
        Array.Fill(hearings, Hearing.NotOurs);
        var ours = heard.Index()
            .Select(item => new Item(item.Index, item.Item with { MessageId = item.Item.MessageId.Trim('<', '>', ' ') }))
            .Select(item => (Item: item, Message: SentMessage.Read(item.Evidence.MessageId)))
            .Where(entry => entry.Message is not null)
            .GroupBy(entry => entry.Message!.DistributionId);
        foreach (var distribution in ours)
            if (await distributions.Find(distribution.Key, cancellation) is not null)
                await Hear(distribution.Key, [.. distribution.Select(entry => (entry.Item, entry.Message!))], hearings, cancellation);
        return hearings;
    }

    private async Task Hear(string distributionId, IReadOnlyList<(Item Item, SentMessage Message)> heard, Hearing[] hearings, CancellationToken cancellation)
    {
        var roster = await rosters.Find(distributionId, cancellation);
        var entries = heard
            .Select(entry => (entry.Item, entry.Message, Order: roster.OrderOf(entry.Message.MissionId)))
            .Where(entry => entry.Order is not null)
            .ToLookup(entry => entry.Order!.Value, entry => (entry.Item, entry.Message));
        var place = places[(uint)string.GetHashCode(distributionId, StringComparison.Ordinal) % places.Length];
        await place.WaitAsync(cancellation);
        try
        {
            await dispatches.Change(distributionId, [.. entries.Select(entry => entry.Key)], dispatch =>
            {
                var before = dispatch;
                foreach (var (item, message) in entries[dispatch.Order])
                {
                    var after = dispatch.Heard(item.Evidence.MessageId, item.Evidence.Mailbox, item.Evidence.Event);
                    hearings[item.Place] = after != dispatch ? Hearing.Recorded
                        : dispatch.Attempts.Exists(attempt => attempt.MessageId == item.Evidence.MessageId && attempt.Mailboxes.Exists(box => string.Equals(box.Mailbox.Address, item.Evidence.Mailbox, StringComparison.OrdinalIgnoreCase))) ? Hearing.Known
                        : message.Attempt > dispatch.Attempts.Count ? Hearing.Early
                        : Hearing.NotOurs;
                    dispatch = after;
                }

                return dispatch == before ? null : dispatch;
            }, cancellation);
        }
        finally
        {
            place.Release();
        }

        await dispatches.LogRecorded(distributionId);
        if (await distributions.Find(distributionId, cancellation) is { State: DistributionState.Sending })
            await releases.CompleteWhenAccountable(distributionId, cancellation);
    }

    private sealed record Item(int Place, Evidence Evidence);
}
