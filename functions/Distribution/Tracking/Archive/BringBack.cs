using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Log;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking.Archive;

/// <summary>What a run added to the record of the service.</summary>
/// <param name="Have">
/// The missions that got the letter while the service was out of reach; empty where all of that was on record.
/// </param>
/// <param name="Unknown">
/// The missions of which it is not known whether they got it; empty where all of that was on record.
/// </param>
internal sealed record BroughtBack(
    DistributionRecord Distribution,
    IReadOnlyList<Mission> Have,
    IReadOnlyList<Mission> Unknown);

/// <summary>
/// Notes in the service's own record which missions got the letter while it was out of reach, from the archive of what
/// was sent without it: as the statement of a person, with the Message-IDs that were used. Sends nothing. Idempotent.
/// </summary>
internal sealed class BringBack(
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenRosters rosters,
    LogChains chains,
    LogSealer sealer,
    TimeProvider clock)
{
    /// <summary>
    /// The beginning of the act's words. The act is recorded as <see cref="Act.Rebuilt"/> although nothing was rebuilt;
    /// these words tell it from a rebuilding.
    /// </summary>
    public const string FromArchive = "From the archive of what was sent while the service was out of reach";

    /// <param name="archive">As <see cref="Continuation"/> left it.</param>
    /// <param name="by">Whose statement it is.</param>
    /// <exception cref="InvalidDataException">It cannot be noted; the message says why and what to do.</exception>
    public async Task<BroughtBack> Note(VerifiedArchive archive, string by, CancellationToken cancellation)
    {
        var id = archive.Manifest.Distribution;
        if (await distributions.Find(id, cancellation) is not { } record)
            throw new InvalidDataException($"This storage has no letter {id}.");
        // A letter that goes on by itself would be sent to the missions that got it elsewhere before this run has noted
        // it.
        if (record is not
            ({ State: DistributionState.Withdrawn or DistributionState.Complete }
                or { State: DistributionState.Paused, PausePasses: false }))
            throw new InvalidDataException(
                $"{record.DraftLabel} is still to be sent there, or goes on by itself: stop it on its page first, then run this again.");
        // The first link alone: the log here and the one of the archive went on apart after the archive was made.
        if (await chains.Links(id, cancellation) is not [var first, ..] || first != Json.Write(archive.Log[0].Link))
            throw new InvalidDataException(
                $"The archive does not come from the letter {id} of this storage: their logs begin differently.");

        var log = LogReading.Of(archive.Log);
        var roster = await rosters.Find(id, cancellation);
        var sent = roster
            .Missions.Select((mission, place) => EntryFacts.Read(id, mission, place + 1, log))
            .Where(entry => KindOf(entry) is not null)
            .ToDictionary(entry => entry.MissionId);
        var changes = await entries.Change(
            id,
            sent.Keys,
            entry => Decision.Of(Noted(entry, sent[entry.MissionId], by)),
            cancellation);
        // Before the act: the log then has what became of each mission when it says that it was brought back.
        await entries.LogRecorded(id);
        // A run before this one may have broken off: what it had noted counts, and its act may be missing.
        var noted = changes
            .Select(change => change.After?.Value ?? change.Before)
            .OfType<MissionEntry>()
            .Where(entry => Holds(entry, sent[entry.MissionId]))
            .Select(entry => entry.MissionId)
            .ToHashSet();
        var have = Named(DeliveryEventKind.Delivered);
        var unknown = Named(DeliveryEventKind.Unknown);
        var words =
            $"{FromArchive}: {EnglishText.Counted(have.Count, "mission")} got the letter, and of {unknown.Count} it is not known.";
        var isNew = changes.Any(change => change.After is not null);
        var recorded = noted.Count == 0
            ? null
            : await distributions.Change(
                // A run that changed nothing adds the act only where one before it broke off in between.
                id,
                current => isNew || !current.Acts.Exists(act => act.Act == Act.Rebuilt && act.Words == words)
                    ? current.With(new(clock.GetUtcNow(), Act.Rebuilt, by, words))
                    : null,
                cancellation);
        await sealer.Seal(id, makeUp: true, cancellation);
        return recorded is null ? new(record, [], []) : new(recorded, have, unknown);

        IReadOnlyList<Mission> Named(DeliveryEventKind kind) =>
            [.. roster.Missions.Where(mission => noted.Contains(mission.Id) && KindOf(sent[mission.Id]) == kind)];
    }

    private static DeliveryEventKind? KindOf(MissionEntry entry) =>
        entry.State.IsReached ? DeliveryEventKind.Delivered
        : entry.State is DeliveryState.Sending or DeliveryState.OutcomeUnknown ? DeliveryEventKind.Unknown
        : null;

    /// <returns>Null where this record knows as much as the archive, or more.</returns>
    private MissionEntry? Noted(MissionEntry entry, MissionEntry elsewhere, string by)
    {
        var kind = KindOf(elsewhere)!.Value;
        // One that was stopped here was not sent here, and may have been sent elsewhere.
        if (entry.State.IsAccountable && entry.State != DeliveryState.Withdrawn
            || (kind == DeliveryEventKind.Unknown
                && entry.State is DeliveryState.Sending or DeliveryState.OutcomeUnknown))
            return null;
        // What comes back to a message of an attempt that was made elsewhere must find it.
        var more = elsewhere
            .Attempts.Skip(entry.Attempts.Count)
            .Select(attempt => attempt with
            {
                // What happened elsewhere stands in the log of that archive; here counts the statement of the person.
                Mailboxes = [.. attempt.Mailboxes.Select(mailbox => mailbox with { Events = [] })],
                AskedBy = by,
            });
        return (entry with { Attempts = entry.Attempts.AddRange(more) }).SentElsewhere(
            kind,
            clock.GetUtcNow(),
            by,
            Words(elsewhere));
    }

    /// <summary>Whether a run has recorded in this entry what happened elsewhere.</summary>
    private static bool Holds(MissionEntry entry, MissionEntry elsewhere) =>
        entry
            .Attempts.SelectMany(attempt => attempt.Mailboxes)
            .SelectMany(mailbox => mailbox.Events)
            .Any(happened => happened.Kind == KindOf(elsewhere) && happened.Words == Words(elsewhere));

    private static string Words(MissionEntry elsewhere)
    {
        if (KindOf(elsewhere) == DeliveryEventKind.Unknown)
            return Say($"Offered while the service was out of reach. Whether it was sent is not known.").ForRecord;
        var answer = elsewhere
            .Attempts[^1]
            .Mailboxes.Select(mailbox => mailbox.Telling)
            .FirstOrDefault(happened => happened?.Kind is DeliveryEventKind.Accepted or DeliveryEventKind.Delivered);
        return SingleLine.Of(
            answer is null
                ? "Sent while the service was out of reach."
                : $"Sent while the service was out of reach, on {NewYorkTime.Words(answer.At)} New York time: {answer.Words}");
    }
}
