using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Inbound;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking;

/// <summary>
/// Decides, just before sending, whether a mission still needs a follow-up. A reminder goes only to a mission that has
/// not acknowledged and has no answer waiting to be read, and only while the letter is in force and has not come back.
/// A withdrawal goes only to a mission that may have the letter.
/// </summary>
internal sealed class FollowUpSendGuard(
    DistributionRecords distributions,
    MissionEntries dispatches,
    FrozenRosters rosters,
    Acknowledgements acknowledgements,
    Replies replies,
    TimeProvider clock) : ISendGuard
{
    /// <summary>
    /// For how long the addenda of a letter are remembered: its withdrawal asks for every mission.
    /// </summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (DateTimeOffset At, Task<IReadOnlyList<string>> Ids)> addenda = [];

    public async Task<string?> Objection(FollowUp follows, string missionId, CancellationToken cancellation) =>
        follows.Kind switch
        {
            FollowUpKind.Reminder => await AgainstReminder(follows.Of, missionId, cancellation),
            FollowUpKind.Withdrawal => (await Entries(follows.Of, missionId, cancellation)).All(WasNeverSent)
                ? Say($"The mission was never sent the letter that is withdrawn.").ForRecord
                : null,
            _ => null,
        };

    private async Task<string?> AgainstReminder(string letter, string missionId, CancellationToken cancellation)
    {
        try
        {
            return await ReasonAgainstReminder(letter, missionId, cancellation);
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            // Better no reminder than one to a mission that has acknowledged. The others are still reminded.
            return Say($"Whether the mission has acknowledged cannot be read at present.").ForRecord;
        }
    }

    private async Task<string?> ReasonAgainstReminder(
        string letter,
        string missionId,
        CancellationToken cancellation) =>
        (await acknowledgements.Find(letter, missionId, cancellation))?.Stands is not null
            ? Say($"The mission has acknowledged meanwhile.").ForRecord
        : (await replies.Answered(letter, cancellation)).Contains(missionId)
            ? Say($"The mission has answered meanwhile, and its answer waits to be read.").ForRecord
        : await distributions.Find(letter, cancellation) is { StandsFirm: false }
            ? Say($"The letter was stopped or superseded meanwhile.").ForRecord
        : await rosters.Has(letter, missionId, cancellation)
        && (await dispatches.Find(letter, missionId, cancellation)).Value.ToldState is { IsReached: false } state
            ? (state.IsAccountable ? Say($"The letter itself came back meanwhile.")
                : state == DeliveryState.OutcomeUnknown
                    ? Say($"Whether the mission has the letter itself is not known.")
                : Say($"The letter itself is being sent to the mission once more.")).ForRecord
        : null;

    /// <returns>The mission's entries in a distribution and in its addenda.</returns>
    private async Task<IReadOnlyList<MissionEntry>> Entries(
        string letter,
        string missionId,
        CancellationToken cancellation)
    {
        List<MissionEntry> entries = [];
        foreach (var id in (await Addenda(letter, cancellation)).Prepend(letter))
            // An addendum goes to one mission, mostly another one.
            if (await rosters.Has(id, missionId, cancellation))
                entries.Add((await dispatches.Find(id, missionId, cancellation)).Value);
        return entries;
    }

    /// <summary>
    /// The ids of a letter's addenda, also of those that wait for release. No other can leave any more: the letter was
    /// superseded before its withdrawal was let go, and only the addendum of a letter that stands firm is released.
    /// </summary>
    private Task<IReadOnlyList<string>> Addenda(string letter, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        lock (addenda)
        {
            foreach (var (other, (at, ids)) in addenda)
                // The absolute difference, so that a clock that was set back keeps nothing for longer. A reading that
                // failed is not remembered: the next letter asks again.
                if ((now - at).Duration() >= Remembered || ids.IsFaulted)
                    addenda.Remove(other);
            if (!addenda.TryGetValue(letter, out var known))
                addenda[letter] = known = (now, Read());
            return known.Ids.WaitAsync(cancellation);
        }

        // For every letter that waits for it, whichever asked first.
        async Task<IReadOnlyList<string>> Read() =>
        [
            .. (await distributions.Following(letter, CancellationToken.None))
                .Where(other => other.Follows!.Kind == FollowUpKind.Addendum)
                .Select(other => other.Id),
        ];
    }

    /// <summary>Whether in no attempt any mailbox can have got the letter.</summary>
    private static bool WasNeverSent(MissionEntry entry) =>
        !entry.Attempts.SelectMany(attempt => attempt.Mailboxes).Any(mailbox => mailbox.MayHaveArrived);
}
