using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking;

/// <summary>
/// Carries out a person's decisions about letters that have left, may have left, or were stopped before they left.
/// </summary>
internal sealed partial class Resends(
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenRosters rosters,
    BatchQueue queue,
    LetterQueue letterQueue,
    Holds holds,
    ReachReader reaches,
    TimeProvider clock)
{
    /// <summary>Sends the letter once more to one mission, as a new message.</summary>
    /// <param name="by">Who asks for it, for the record.</param>
    /// <param name="alsoAcknowledged">Whether to send it even if the mission has acknowledged.</param>
    /// <param name="attempts">
    /// How many messages to the mission the person knew of: where there are more by now, somebody has sent it again
    /// meanwhile.
    /// </param>
    /// <returns>
    /// False where the letter is already on its way or was sent again meanwhile, or its distribution is not released,
    /// was stopped, is superseded or is being erased.
    /// </returns>
    public async Task<bool> Resend(
        string distributionId,
        string missionId,
        string by,
        bool alsoAcknowledged,
        int attempts,
        CancellationToken cancellation) =>
        await Request(
            distributionId,
            by,
            MayResend,
            mission => mission.Mission.Id == missionId && (alsoAcknowledged || !mission.IsAcknowledged),
            _ => missionId,
            cancellation,
            attempts) > 0;

    /// <summary>Sends the letter once more to every mission that it did not reach.</summary>
    /// <inheritdoc cref="SendToNeverSent"/>
    public Task<int> ResendToUnreached(
        string distributionId,
        string by,
        bool alsoAcknowledged,
        CancellationToken cancellation) =>
        Request(
            distributionId,
            by,
            MayResend,
            mission => Lacks(mission, alsoAcknowledged, DeliveryState.Bounced, DeliveryState.Failed),
            missions => Say(
                missions.Count,
                $"{missions.Count} mission it did not reach: {Ids(missions)}",
                $"{missions.Count} missions it did not reach: {Ids(missions)}").ForRecord,
            cancellation);

    /// <summary>
    /// Sends the letter to every mission it was not sent to because a person stopped it. The distribution returns to
    /// the state Sending. Reminders that were stopped with it stay stopped.
    /// </summary>
    /// <param name="alsoAcknowledged">
    /// Whether to send it also to those missions that have acknowledged, by any channel.
    /// </param>
    /// <returns>
    /// To how many missions: 0 where there is none, a send is already under way, or <see cref="AgainstNeverSent"/>
    /// objects.
    /// </returns>
    public Task<int> SendToNeverSent(
        string distributionId,
        string by,
        CancellationToken cancellation,
        bool alsoAcknowledged = false) =>
        Request(
            distributionId,
            by,
            distribution => AgainstNeverSent(distribution) is null,
            mission => !mission.IsNotNeeded && Lacks(mission, alsoAcknowledged, DeliveryState.Withdrawn),
            missions => Say(
                missions.Count,
                $"{missions.Count} mission it was never sent to: {Ids(missions)}",
                $"{missions.Count} missions it was never sent to: {Ids(missions)}").ForRecord,
            cancellation);

    /// <returns>
    /// Why a letter may not be sent to the missions it was never sent to, as a sentence; null where it may.
    /// </returns>
    public static Phrase? AgainstNeverSent(DistributionRecord distribution) =>
        distribution switch
        {
            { IsCorrected: true } =>
                Say($"This letter was corrected: whoever had not got it gets the correction alone. Send the correction to them, from its own page."),
            { Follows.Kind: FollowUpKind.Reminder } =>
                Say($"This is a reminder, and a reminder that was stopped stays stopped. Remind from the page of the letter instead."),
            _ => null,
        };

    /// <summary>Resolves an unknown outcome by sending the same message again, with the same Message-ID.</summary>
    /// <returns>False where the outcome is no longer unknown, or the distribution was stopped.</returns>
    public Task<bool> SendAgain(string distributionId, string missionId, string by, CancellationToken cancellation) =>
        Settle(distributionId, missionId, by, dispatch => dispatch.IsUnsettled && dispatch.Claim is null
            ? dispatch.SendAgain(
                clock.GetUtcNow(),
                by,
                Say($"The same message is offered again, with the same Message-ID.").ForRecord)
            : null, cancellation);

    /// <summary>
    /// Resolves an unknown outcome by a person's statement that the mission has the letter; also of a letter that was
    /// stopped, of which nothing more is sent.
    /// </summary>
    /// <returns>False where the outcome is no longer unknown.</returns>
    public Task<bool> Vouch(string distributionId, string missionId, string by, CancellationToken cancellation) =>
        Settle(
            distributionId,
            missionId,
            by,
            dispatch =>
                (dispatch.State == DeliveryState.OutcomeUnknown || dispatch.IsByMailAlone) && dispatch.Claim is null
                    ? dispatch.VouchedFor(clock.GetUtcNow(), by)
                    : null,
            cancellation,
            alsoStopped: true);

    /// <summary>
    /// Records which missions get a new message, creates their attempts, and queues them. Until the request is fully
    /// carried out the distribution does not count as complete, and after a crash the timer continues from the record.
    /// </summary>
    private async Task<int> Request(
        string distributionId,
        string by,
        Func<DistributionRecord, bool> may,
        Func<MissionReach, bool> wanted,
        Func<IReadOnlyList<MissionReach>, string> words,
        CancellationToken cancellation,
        int? attempts = null)
    {
        if (await distributions.Find(distributionId, cancellation) is not { } found || !MayGoOn(found) || !may(found))
            return 0;
        var reach = await reaches.Of(found, cancellation);
        var missions = reach.Missions.Where(wanted).ToDictionary(mission => mission.Mission.Id);
        var now = clock.GetUtcNow();
        // Accounted for and claimed by nobody: a message that is still to be sent, or in a worker's hand, is not
        // doubled.
        var free = (await entries.All(distributionId, cancellation))
            .Select(stored => stored.Value)
            .Where(dispatch =>
                missions.ContainsKey(dispatch.MissionId)
                && dispatch.State.IsAccountable
                && (attempts is null || dispatch.Attempts.Count == attempts)
                && (dispatch.Claim is not { } claim || claim.Until <= now))
            .ToList();
        if (free is [])
            return 0;

        // Change the distribution before the entries: workers ignore an open entry of a complete distribution, and
        // withdraw one of a stopped distribution.
        var asked = await distributions.Change(
            distributionId,
            distribution =>
                distribution.Asked is null && MayGoOn(distribution) && may(distribution)
                    ? (
                        distribution with
                        {
                            State =
                                distribution.State == DistributionState.Paused
                                    ? DistributionState.Paused
                                    : DistributionState.Sending,
                            Asked = new(
                                // By this the entries are created once, however often the request is carried out.
                                Guid.NewGuid().ToString("n"),
                                by,
                                [
                                    .. free.Select(dispatch => new RequestedMessage(
                                        dispatch.MissionId,
                                        dispatch.Attempts.Count + 1)),
                                ]),
                            RequeuedAt = now,
                        }).With(
                            new(
                                now,
                                Act.ResendAsked,
                                by,
                                words([.. free.Select(dispatch => missions[dispatch.MissionId])])))
                    : null,
            cancellation);
        if (asked is null)
            return 0;
        if (!SendingProgresses.IsLarge(asked, free.Count))
            return await letterQueue.CarryOutRequested(asked, cancellation);
        // Nobody waits for thousands of entries: a worker makes them, or the timer where this message is lost.
        await queue.Add(new(distributionId, null, IsRelease: true), TimeSpan.Zero, cancellation);
        return free.Count;
    }

    private async Task<bool> Settle(
        string distributionId,
        string missionId,
        string by,
        Func<MissionEntry, MissionEntry?> change,
        CancellationToken cancellation,
        bool alsoStopped = false)
    {
        if (await distributions.Find(distributionId, cancellation) is not { } found
            || !MayGoOn(found)
            || (!alsoStopped && IsStopped(found)))
            return false;
        if (!await rosters.Has(distributionId, missionId, cancellation)
            || change((await entries.Find(distributionId, missionId, cancellation)).Value) is null)
            return false;

        // Its entry is not accounted for, so the distribution cannot be complete yet and may be changed first.
        await distributions.Change(
            distributionId,
            distribution => distribution.With(new(clock.GetUtcNow(), Act.Settled, by, missionId)),
            cancellation);
        var decided = await entries.Change(distributionId, missionId, change, cancellation) is not null;
        await entries.LogRecorded(distributionId);
        // Also after a person's word: a batch in which nothing is open sends nothing.
        await queue.Add(new(distributionId, [missionId]), TimeSpan.Zero, cancellation);
        await holds.CompleteWhenAccountable(distributionId, cancellation);
        return decided;
    }

    private static bool MayGoOn(DistributionRecord distribution) =>
        !distribution.IsBeingErased
        && distribution.State
            is DistributionState.Sending
                or DistributionState.Paused
                or DistributionState.Complete
                or DistributionState.Withdrawn;

    private static bool MayResend(DistributionRecord distribution) =>
        !IsStopped(distribution) && distribution.SupersededBy is null;

    private static bool IsStopped(DistributionRecord distribution) => distribution.State == DistributionState.Withdrawn;

    /// <summary>
    /// Whether the mission still lacks the letter. An addendum that reached it counts, and so does an acknowledgement,
    /// unless such missions are included too.
    /// </summary>
    private static bool Lacks(MissionReach mission, bool alsoAcknowledged, params ReadOnlySpan<DeliveryState> states) =>
        states.Contains(mission.State) && (alsoAcknowledged || !mission.IsAcknowledged);

    /// <summary>
    /// To how many missions an act sent the letter, by the words it is on record with, and whether a stop had left them
    /// out; null where it names one mission.
    /// </summary>
    public static (int Missions, bool WasStopped)? Counted(string words) =>
        Several().Match(words) is { Success: true } found
            ? (
                int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture),
                found.Groups[2].Value == "was never sent to")
            : null;

    [GeneratedRegex(@"^(\d{1,7}) missions? it (did not reach|was never sent to): ")]
    private static partial Regex Several();

    private static string Ids(IReadOnlyList<MissionReach> missions) =>
        string.Join(", ", missions.Select(mission => mission.Mission.Id));
}
