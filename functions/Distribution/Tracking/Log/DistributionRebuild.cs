using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Forwarding;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking.Log;

/// <summary>The result of rebuilding a distribution.</summary>
internal abstract record RebuildResult
{
    /// <param name="Words">Why not, and what to do.</param>
    public sealed record Refused(string Words) : RebuildResult;

    /// <param name="Distribution">Its record as it is now.</param>
    /// <param name="Restored">What was missing and is there again, in words; empty where nothing was missing.</param>
    /// <param name="Held">
    /// The missions of which the log does not say what became of their letters. Nothing is sent to them unless a person
    /// asks for it.
    /// </param>
    /// <param name="Lacking">What could not be restored, in sentences.</param>
    public sealed record Rebuilt(
        DistributionRecord Distribution,
        IReadOnlyList<string> Restored,
        IReadOnlyList<Mission> Held,
        IReadOnlyList<string> Lacking) : RebuildResult;
}

/// <summary>
/// How a distribution is rebuilt in another storage than its own, to continue sending there. A person has decided which
/// letters were not sent.
/// </summary>
/// <param name="By">Who decided it.</param>
/// <param name="NotKnown">What is recorded of a letter whose outcome is not known: a sentence.</param>
/// <param name="Unsent">The missions whose letters are still to be sent.</param>
/// <param name="FoundSent">The missions of which other evidence says that they have the letter.</param>
internal sealed record GoingOn(
    string By,
    string NotKnown,
    IReadOnlySet<string> Unsent,
    IReadOnlySet<string> FoundSent);

/// <summary>
/// Restores the rows of a distribution that tables have lost, from its log and its frozen content: entries,
/// acknowledgements, what was forwarded, verification codes, acts at the desk, and last the record itself, without
/// which nothing is sent. Rows that exist are left as they are. Idempotent: after an interruption, run it again.
/// </summary>
/// <remarks>
/// It never makes a letter sendable a second time. A worker may have sent more than it could write into the log before
/// the tables were lost; so what the log leaves open comes back as not known, for a person to decide, and a
/// distribution that was being sent comes back on hold.
/// </remarks>
/// <param name="writer">Made only where the log lacks a Message-ID, since it needs keys and mail settings.</param>
internal sealed class DistributionRebuild(
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenContents contents,
    RebuiltRecords records,
    Acknowledgements acknowledgements,
    Forwards forwards,
    DeskActs desk,
    Verifications verifications,
    Erasures erasures,
    LogSegments segments,
    LogChains chains,
    LogSealer sealer,
    Lazy<LetterWriter> writer,
    TimeProvider clock)
{
    private static readonly string NotInLog =
        Say($"The tables were lost, and the log does not say what became of this letter. Whether it was sent is not known.").ForRecord;

    private static readonly string OnHold =
        Say($"Its tables were lost and it was rebuilt from its sealed log. Look at the missions of which it is not known whether their letter was sent, then let it go on.").ForRecord;

    /// <summary>What is recorded of a letter that other evidence says has left: a sentence.</summary>
    public static readonly string FoundSent = Say($"Found as sent in what was given beside the archive.").ForRecord;

    private static readonly string FromArchive =
        Say($"It was taken over from its archive and has not been let go on. Run continue once more.").ForRecord;

    /// <param name="despite">
    /// Why it is rebuilt although the log or the content is not sound; null where it must be.
    /// </param>
    /// <param name="going">Null for a rebuild where it was: then nothing that the log leaves open is sent.</param>
    /// <exception cref="OptionsValidationException">
    /// The log lacks a Message-ID, and the settings to make one are missing.
    /// </exception>
    public async Task<RebuildResult> Rebuild(
        string distributionId,
        string? despite,
        CancellationToken cancellation,
        GoingOn? going = null)
    {
        var log = await LogReading.Of(distributionId, segments, chains, cancellation);
        // The row may be lost with the other tables. The log, which stays, has the act.
        if (await erasures.Find(distributionId, cancellation) is not null
            || log.Acts.Any(act => act.Kind == nameof(Act.Erased)))
            return new RebuildResult.Refused(
                $"The distribution {distributionId} was erased. What was erased is not brought back.");
        if (log.Links == 0 && log.Waiting == 0)
            return new RebuildResult.Refused(await NoLog(distributionId, cancellation));
        if (await contents.TryReadStored(distributionId, cancellation) is not var (content, contentHash))
            return new RebuildResult.Refused(
                "The frozen content, content.json, is missing or cannot be read, so there is no roster to go by. Bring back its last version in the container distributions, then run this again."
            );
        var unsound = Unsound(contentHash, log);
        if (unsound is not [] && despite is null)
            return new RebuildResult.Refused(
                $"{string.Join(" ", unsound)} So what it says may not be what happened, and nothing was rebuilt. Bring back the log and the content as they were. Where that cannot be, give --despite and the reason."
            );
        var found = await distributions.Find(distributionId, cancellation);
        if (found is { ReleasedAt: null })
            return new RebuildResult.Refused(
                "There is a record of it that was never released: it was prepared anew after the tables were lost. Delete its row in the table Distributions and its rows in the table Dispatches, then run this again."
            );
        if (found is null && !WasReleased(log, content))
            return new RebuildResult.Refused(
                "It was never released, so nothing of it has left. Upload its files again instead.");

        var record = found ?? await records.Read(distributionId, content, log, cancellation);
        // The service has them still, and sends them when it is back.
        if (going is not null)
            record = record with { Reminders = Stops.Stopped(record.Reminders) };
        var restored = await Restore(record, content, log, isOnRecord: found is not null, going, cancellation);
        var held = (await entries.All(distributionId, cancellation))
            .Where(entry =>
                !entry.Value.State.IsAccountable
                && going?.Unsent.Contains(entry.Value.MissionId) is not true)
            .Select(entry => entry.Value.MissionId)
            .ToHashSet();
        record = await RestoreRecord(
            record,
            found is null,
            restored,
            held.Count,
            unsound,
            despite,
            going,
            cancellation);
        await segments.Flush(distributionId);
        // Nothing can be added to a broken chain; what was rebuilt is then logged in segments that wait.
        if (log.Faults is [])
            await sealer.Seal(distributionId, makeUp: true, cancellation);
        return new RebuildResult.Rebuilt(
            record,
            restored,
            [.. content.Roster.Where(mission => held.Contains(mission.Id))],
            [.. await Lacking(record, log, cancellation)]);
    }

    private async Task<string> NoLog(string distributionId, CancellationToken cancellation)
    {
        var known = await chains.Distributions(cancellation);
        return known.Count == 0
            ? $"This storage has no log of {distributionId}, nor of any other distribution: give another folder with --data, or an account with --storage."
            : $"This storage has no log of {distributionId}. It has those of {EnglishText.Listed(known)}.";
    }

    /// <returns>Why the log and the content cannot be relied on, in sentences.</returns>
    private static IReadOnlyList<string> Unsound(string contentHash, LogReading log) =>
        log.Acts.FirstOrDefault(act => act.Content is not null) is { Content: var hash }
        && hash != contentHash
            ?
            [
                .. log.Faults,
                "The frozen content, content.json, is not the one whose hash the log begins with.",
            ]
            : log.Faults;

    private static bool WasReleased(LogReading log, FrozenContent content) =>
        log.Record is not null
        || content.Follows is { Kind: FollowUpKind.Reminder }
        || log.Acts.Any(act => act.Kind == nameof(Act.Released));

    /// <summary>Restores all but the record itself.</summary>
    /// <returns>What was missing, in words.</returns>
    private async Task<List<string>> Restore(
        DistributionRecord record,
        FrozenContent content,
        LogReading log,
        bool isOnRecord,
        GoingOn? going,
        CancellationToken cancellation)
    {
        List<string> restored = [];
        var known = (await entries.All(record.Id, cancellation)).Select(entry => entry.Value.MissionId).ToHashSet();
        var missing = content
            .Roster.Index()
            .Where(place => !known.Contains(place.Item.Id))
            .Select(place => Entry(record, place.Item, place.Index + 1, log, going))
            .ToList();
        if (missing.Count > 0)
        {
            // Without a record nothing is sent, so there is nothing to hold.
            if (isOnRecord)
                await Hold(record.Id, cancellation);
            await entries.Add(missing, cancellation);
            segments.Buffer(
                record.Id,
                missing.SelectMany(LoggedFacts.Of).Where(fact => log.Find(fact.Id) is null));
            restored.Add($"the entries of {EnglishText.Counted(missing.Count, "mission")}");
        }

        var count = 0;
        foreach (
            var facts in log.About(FactSubject.Acknowledgement)
                .Where(fact => fact.Mission is not null)
                .GroupBy(fact => fact.Mission!))
            if (await acknowledgements.Restore(
                    AcknowledgementFacts.Read(record.Id, facts.Key, facts, log),
                    cancellation))
                count++;
        if (count > 0)
            restored.Add($"the acknowledgements of {EnglishText.Counted(count, "mission")}");

        count = 0;
        foreach (
            var facts in log.About(FactSubject.Forward)
                .Where(fact => fact.Mission is not null)
                .GroupBy(fact => fact.Mission!))
            if (await forwards.Restore(
                    ForwardFacts.Read(record.Id, facts.Key, facts, log, clock.GetUtcNow()),
                    cancellation))
                count++;
        if (count > 0)
            restored.Add($"what {EnglishText.Counted(count, "mission")} forwarded");

        count = 0;
        foreach (var act in DeskFacts.Read(record.Id, log))
            if (await desk.Restore(act, cancellation))
                count++;
        if (count > 0)
            restored.Add($"{EnglishText.Counted(count, "act")} at the desk");

        var codes = await verifications.Restore(record.Id, content, cancellation);
        if (codes > 0)
            restored.Add(EnglishText.Counted(codes, "verification code"));
        return restored;
    }

    /// <summary>
    /// Stops sending before entries come back: what is restored may look as if it was still to be sent.
    /// </summary>
    private Task Hold(string distributionId, CancellationToken cancellation) =>
        distributions.Change(
            distributionId,
            record =>
                record.State.IsBeingSent
                    ? (
                        record with
                        {
                            State = DistributionState.Paused,
                            PauseReason = OnHold,
                            PausePasses = false,
                        }).With(new(clock.GetUtcNow(), Act.Paused, null, OnHold))
                    : null,
            cancellation);

    /// <summary>
    /// A mission's entry as the log has it; what the log leaves open comes back as not known, but where a person has
    /// decided that it is still to be sent.
    /// </summary>
    private MissionEntry Entry(DistributionRecord record, Mission mission, int order, LogReading log, GoingOn? going)
    {
        var entry = EntryFacts.Read(record.Id, mission, order, log);
        if (going?.Unsent.Contains(mission.Id) is true)
            return entry;
        // The letter may have left before the log had its first fact. What comes back to it must find an attempt with
        // that Message-ID.
        if (entry.Attempts.IsEmpty)
            entry = entry.Begin(mission, writer.Value.MessageIds(record.KeyId, entry), clock.GetUtcNow());
        return going?.FoundSent.Contains(mission.Id) is true
            ? entry.SentElsewhere(
                DeliveryEventKind.Delivered,
                clock.GetUtcNow(),
                going.By,
                FoundSent)
            : entry.Held(clock.GetUtcNow(), going?.NotKnown ?? NotInLog);
    }

    private async Task<DistributionRecord> RestoreRecord(
        DistributionRecord record,
        bool isMissing,
        List<string> restored,
        int held,
        IReadOnlyList<string> unsound,
        string? despite,
        GoingOn? going,
        CancellationToken cancellation)
    {
        if (!isMissing && restored is [])
            return record;
        var now = clock.GetUtcNow();
        if (isMissing)
            restored.Insert(0, "the record");
        var words = string.Join(
            " ",
            ((string?[])
            [
                $"From the sealed log: {EnglishText.Listed(restored)}.",
                going is null
                    ? null
                    : $"From its archive, to go on without the service: to be sent to {EnglishText.Counted(going.Unsent.Count, "mission")}.",
                held == 0
                    ? null
                    : $"Of {EnglishText.Counted(held, "mission")} it is not known whether the letter was sent.",
                unsound is [] ? null : $"{string.Join(" ", unsound)} Rebuilt despite that: {SingleLine.Of(despite!)}",
            ]).OfType<string>());
        var act = new AuditEntry(now, Act.Rebuilt, going?.By, words);
        if (!isMissing)
            return await distributions.Change(
                record.Id,
                current =>
                    (
                        // What is not known is decided by a person, and not in a distribution that is finished.
                        current.State == DistributionState.Complete && held > 0
                            ? current with
                            {
                                State = DistributionState.Paused,
                                PauseReason = OnHold,
                                CompletedAt = null
                            }
                            : current).With(act),
                cancellation)
                ?? record;

        var ended =
            record.State == DistributionState.Withdrawn || (record.State == DistributionState.Complete && held == 0);
        var rebuilt = (
            ended
                ? record with { RequeuedAt = now }
                : record with
                {
                    State = DistributionState.Paused,
                    PauseReason = going is null ? OnHold : FromArchive,
                    CompletedAt = null,
                    RequeuedAt = now,
                }).With(act);
        // Another worker, or another run of this, may have added it meanwhile.
        if (!await distributions.Restore(rebuilt, cancellation))
            return await distributions.Find(record.Id, cancellation) ?? rebuilt;
        await segments.Append(rebuilt, rebuilt.Acts.Count - 1);
        return rebuilt;
    }

    private async Task<IEnumerable<string>> Lacking(
        DistributionRecord record,
        LogReading log,
        CancellationToken cancellation)
    {
        List<string> lacking = [.. RebuiltRecords.Lacking(log)];
        if (log.Erased > 0)
            lacking.Add(
                $"{EnglishText.Counted(log.Erased, "personal value")} of the log {(log.Erased == 1 ? "was" : "were")} erased or {(log.Erased == 1 ? "is" : "are")} missing beside it, and {(log.Erased == 1 ? "reads" : "read")} {PersonalValue.Erased}."
            );
        lacking.Add(
            "The log does not hold visits to missions' links, the list of replies, notices, who uploaded which file, and what became of uploads."
        );
        var family = await chains.Distributions(cancellation);
        var onRecord = (await distributions.All(cancellation)).Select(other => other.Id).ToHashSet();
        foreach (
            var other in family.Where(other =>
                other.StartsWith($"{record.Id}-", StringComparison.Ordinal) && !onRecord.Contains(other)))
            // What was erased has a log and no record on purpose.
            if (await erasures.Find(other, cancellation) is null)
                lacking.Add($"{other} follows it and has a log, but no record: rebuild that too.");
        return lacking;
    }
}
