using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>An event about one message to one mailbox that came from outside.</summary>
/// <param name="MessageId">The Message-ID of the message it is about.</param>
internal sealed record Evidence(string MessageId, string Mailbox, DeliveryEvent Event);

/// <summary>What became of a piece of evidence.</summary>
internal enum EvidenceOutcome
{
    /// <summary>It was recorded now.</summary>
    Recorded,

    /// <summary>It had been recorded before, or as many of its kind are on record as are kept.</summary>
    Known,

    /// <summary>
    /// It names an attempt to one of our missions that is not on record. Attempts are recorded before they are handed
    /// over, so this happens only when the records were restored from an older backup. Or the letter, or the mission's
    /// entry, cannot be read. The sender must deliver it again later.
    /// </summary>
    Early,

    /// <summary>It is about none of our messages, or about a mailbox the message did not go to.</summary>
    NotOurs,
}

/// <summary>Records evidence about messages. It may come in any order and any number of times.</summary>
internal sealed class DeliveryEvidence(
    MessageIds messages,
    DistributionRecords distributions,
    MissionEntries dispatches,
    Holds holds)
{
    /// <summary>
    /// One lock for each group of distributions, within this process. Concurrent changes to the same entries would
    /// conflict by ETag, and all but one would have to read and try again.
    /// </summary>
    private readonly SemaphoreSlim[] places = [.. Enumerable.Range(0, 16).Select(_ => new SemaphoreSlim(1))];

    /// <returns>The outcome of each piece, in the order given.</returns>
    public async Task<IReadOnlyList<EvidenceOutcome>> Record(
        IReadOnlyList<Evidence> heard,
        CancellationToken cancellation)
    {
        var outcomes = new EvidenceOutcome[heard.Count];
        Array.Fill(outcomes, EvidenceOutcome.NotOurs);
        Dictionary<string, SentLetter?> letters = [];
        Dictionary<(string, bool), Task<DistributionRecord?>> found = [];
        // A request of SendGrid can hold thousands of events on a few letters: each letter is looked for once.
        foreach (var id in heard.Select(item => item.MessageId).Distinct())
            try
            {
                letters[id] = await messages.Find(id, cancellation, found);
            }
            catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
            {
                // One letter that cannot be read must not keep what is known of the others from being recorded.
                letters[id] = null;
                foreach (var (place, _) in heard.Index().Where(item => item.Item.MessageId == id))
                    outcomes[place] = EvidenceOutcome.Early;
            }

        foreach (
            var ours in heard
                .Index()
                .Where(item => letters[item.Item.MessageId] is not null)
                .GroupBy(
                    item => letters[item.Item.MessageId]!.Distribution.Id,
                    item => new Item(item.Index, item.Item, letters[item.Item.MessageId]!)))
            await Record(ours.Key, ours.ToLookup(item => item.Letter.Mission.Id), outcomes, cancellation);
        return outcomes;
    }

    private async Task Record(
        string distributionId,
        ILookup<string, Item> entries,
        EvidenceOutcome[] outcomes,
        CancellationToken cancellation)
    {
        // An entry that cannot be read is not asked below: the event must come again once it is mended.
        foreach (var (number, _, _) in entries.SelectMany(entry => entry))
            outcomes[number] = EvidenceOutcome.Early;
        // Unsigned, since a hash can be negative. Two distributions may share a lock: they then only wait for each
        // other.
        var place = places[(uint)string.GetHashCode(distributionId, StringComparison.Ordinal) % places.Length];
        await place.WaitAsync(cancellation);
        try
        {
            var decided = await dispatches.Change(
                distributionId,
                [.. entries.Select(entry => entry.Key)],
                dispatch => With(dispatch, entries[dispatch.MissionId]),
                cancellation);
            foreach (var (number, outcome) in decided.SelectMany(entry => entry.Result))
                outcomes[number] = outcome;
        }
        finally
        {
            place.Release();
        }

        // After the entries, which are the record: what is not logged now is made up from them later.
        await dispatches.LogRecorded(distributionId);
        // In any other state it cannot become complete by this, and asking costs a count of its entries.
        if (await distributions.Find(distributionId, cancellation) is { State: DistributionState.Sending })
            await holds.CompleteWhenAccountable(distributionId, cancellation);
    }

    /// <returns>
    /// The entry with what is new to it, and the outcome of each piece by its place among what was heard.
    /// </returns>
    private static Decision<MissionEntry, IReadOnlyList<(int, EvidenceOutcome)>> With(
        MissionEntry entry,
        IEnumerable<Item> heard)
    {
        var before = entry;
        List<(int, EvidenceOutcome)> outcomes = [];
        foreach (var (place, evidence, letter) in heard)
        {
            var after = entry.WithEvent(evidence.MessageId, evidence.Mailbox, evidence.Event);
            outcomes.Add((place, after != entry ? EvidenceOutcome.Recorded : Unrecorded(entry, evidence, letter)));
            entry = after;
        }

        return new(entry == before ? null : entry, outcomes);
    }

    private static EvidenceOutcome Unrecorded(MissionEntry entry, Evidence evidence, SentLetter letter)
    {
        if (MessageIds.AttemptOf(entry, evidence.MessageId) is { } attempt)
            return
                attempt.Mailboxes.Exists(box =>
                    string.Equals(box.Mailbox.Address, evidence.Mailbox, StringComparison.OrdinalIgnoreCase))
                ? EvidenceOutcome.Known
                : EvidenceOutcome.NotOurs;
        // A token that is none of ours was made up. Letters of versions without tokens have none, and may be early all
        // the same.
        return letter.Attempt > entry.Attempts.Count && (letter.IsOurs || !letter.HasToken)
            ? EvidenceOutcome.Early
            : EvidenceOutcome.NotOurs;
    }

    private sealed record Item(int Place, Evidence Evidence, SentLetter Letter);
}
