using Distribution.Intake;
using Distribution.Sending;

namespace Distribution.Tracking;

/// <summary>Something heard of one message to one mailbox, from outside.</summary>
/// <param name="MessageId">Of the message it is about.</param>
internal sealed record Evidence(string MessageId, string Mailbox, DeliveryEvent Event);

/// <summary>What became of evidence.</summary>
internal enum EvidenceOutcome
{
    /// <summary>It is on record now.</summary>
    Recorded,

    /// <summary>It was on record already.</summary>
    Known,

    /// <summary>
    /// It is about an attempt at a mission of ours that is not on record. Attempts are recorded before they are handed
    /// over, so only a record that was put back to an earlier day lacks one; it is to be heard again later.
    /// </summary>
    Early,

    /// <summary>It is about no message of ours, or about a mailbox the message did not go to.</summary>
    NotOurs,
}

/// <summary>Takes in what is heard of messages, in any order and any number of times.</summary>
internal sealed class DeliveryEvidence(
    MessageIds messages,
    DistributionRecords distributions,
    MissionEntries dispatches,
    Releases releases)
{
    /// <summary>
    /// Evidence of one distribution is taken in one after the other in this process: at once, each would change entries
    /// that another has just read, and both would read them again.
    /// </summary>
    private readonly SemaphoreSlim[] places = [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1))];

    /// <returns>What became of each, in the order given.</returns>
    public async Task<IReadOnlyList<EvidenceOutcome>> Record(
        IReadOnlyList<Evidence> heard,
        CancellationToken cancellation)
    {
        var hearings = new EvidenceOutcome[heard.Count];
        Array.Fill(hearings, EvidenceOutcome.NotOurs);
        Dictionary<string, SentLetter?> letters = [];
        foreach (var id in heard.Select(item => item.MessageId).Distinct())
            letters[id] = await messages.Find(id, cancellation);
        foreach (
            var ours in heard
                .Index()
                .Where(item => letters[item.Item.MessageId] is not null)
                .GroupBy(
                    item => letters[item.Item.MessageId]!.Distribution.Id,
                    item => new Item(item.Index, item.Item, letters[item.Item.MessageId]!)))
            await Record(ours.Key, ours.ToLookup(item => item.Letter.Order), hearings, cancellation);
        return hearings;
    }

    private async Task Record(
        string distributionId,
        ILookup<int, Item> entries,
        EvidenceOutcome[] hearings,
        CancellationToken cancellation)
    {
        var place = places[(uint)string.GetHashCode(distributionId, StringComparison.Ordinal) % places.Length];
        await place.WaitAsync(cancellation);
        try
        {
            await dispatches.Change(
                distributionId,
                [.. entries.Select(entry => entry.Key)],
                dispatch =>
                {
                    var before = dispatch;
                    foreach (var (number, heard, letter) in entries[dispatch.Order])
                    {
                        var after = dispatch.WithEvent(heard.MessageId, heard.Mailbox, heard.Event);
                        hearings[number] =
                            after != dispatch ? EvidenceOutcome.Recorded
                            : MessageIds.AttemptOf(dispatch, heard.MessageId) is { } attempt
                                ? attempt.Mailboxes.Exists(box =>
                                        string.Equals(
                                            box.Mailbox.Address,
                                            heard.Mailbox,
                                            StringComparison.OrdinalIgnoreCase))
                                        ? EvidenceOutcome.Known
                                    : EvidenceOutcome.NotOurs
                            : letter.Attempt > dispatch.Attempts.Count && (letter.IsOurs || !letter.HasToken)
                                ? EvidenceOutcome.Early
                            : EvidenceOutcome.NotOurs;
                        dispatch = after;
                    }

                    return dispatch == before ? null : dispatch;
                },
                cancellation);
        }
        finally
        {
            place.Release();
        }

        await dispatches.LogRecorded(distributionId);
        if (await distributions.Find(distributionId, cancellation) is { State: DistributionState.Sending })
            await releases.CompleteWhenAccountable(distributionId, cancellation);
    }

    private sealed record Item(int Place, Evidence Evidence, SentLetter Letter);
}
