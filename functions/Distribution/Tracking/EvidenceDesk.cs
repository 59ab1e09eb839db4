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
    private const int AtOnce = 8;

    /// <returns>What became of each, in the order given.</returns>
    public async Task<IReadOnlyList<Hearing>> Hear(IReadOnlyList<Evidence> heard, CancellationToken cancellation)
    {
        heard = [.. heard.Select(item => item with { MessageId = item.MessageId.Trim('<', '>', ' ') })];
        var hearings = new Hearing[heard.Count];
        var entries = heard.Index().GroupBy(item => SentMessage.Read(item.Item.MessageId)).ToList();
        await Parallel.ForEachAsync(entries, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (entry, stop) =>
        {
            var order = entry.Key is { } message && await distributions.Find(message.DistributionId, stop) is not null
                ? await rosters.OrderOf(message.DistributionId, message.MissionId, stop)
                : null;
            if (order is null)
            {
                foreach (var (place, _) in entry)
                    hearings[place] = Hearing.NotOurs;
                return;
            }

            await dispatches.Change(entry.Key!.DistributionId, order.Value, dispatch =>
            {
                var before = dispatch;
                foreach (var (place, item) in entry)
                {
                    var after = dispatch.Heard(item.MessageId, item.Mailbox, item.Event);
                    hearings[place] = after != dispatch ? Hearing.Recorded
                        : dispatch.Attempts.Exists(attempt => attempt.MessageId == item.MessageId && attempt.Mailboxes.Exists(box => string.Equals(box.Mailbox.Address, item.Mailbox, StringComparison.OrdinalIgnoreCase))) ? Hearing.Known
                        : entry.Key.Attempt > dispatch.Attempts.Count ? Hearing.Early
                        : Hearing.NotOurs;
                    dispatch = after;
                }

                return dispatch == before ? null : dispatch;
            }, stop);
        });
        foreach (var distribution in entries.Select(entry => entry.Key?.DistributionId).OfType<string>().Distinct())
        {
            await dispatches.LogRecorded(distribution);
            if (await distributions.Find(distribution, cancellation) is { State: DistributionState.Sending })
                await releases.CompleteWhenAccountable(distribution, cancellation);
        }

        return hearings;
    }
}
