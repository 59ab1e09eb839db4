using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;

namespace Distribution.Tracking.Log;

/// <summary>
/// Reads a distribution's lost record from the log: its latest copy there, with the acts that came after. A log of an
/// earlier version may hold no copy; then the record is made of the frozen content and the acts, as far as they go.
/// </summary>
internal sealed partial class RebuiltRecords(FrozenContents contents, Uploads uploads, TimeProvider clock)
{
    /// <returns>
    /// The record with all acts of the log. Its state is the one after the last act; whether that may stand, the caller
    /// decides.
    /// </returns>
    public async Task<DistributionRecord> Read(
        string distributionId,
        FrozenContent content,
        LogReading log,
        CancellationToken cancellation)
    {
        var acts = Acts(log);
        var copy = Copy(log);
        var record =
            copy?.Record ?? WithActs(await FromContent(distributionId, content, acts, cancellation), acts, 0);
        record = WithActs(record, acts, copy?.Acts ?? acts.Count);
        record = record with
        {
            MissionCount = content.Roster.Count,
            SupersededBy = record.SupersededBy ?? await SupersededBy(acts, cancellation),
            Acts = acts,
        };
        return record with { Reminders = await Reminders(record, cancellation) };
    }

    /// <returns>What this version could not find in the log, in sentences.</returns>
    public static IEnumerable<string> Lacking(LogReading log)
    {
        if (Copy(log) is null)
            yield return "The log holds no copy of the record. It was made of the frozen content and of the acts: findings, scans and approvals are not in it.";
        if (Missing(log) is var missing and > 0)
            yield return $"{EnglishText.Counted(missing, "act")} {(missing == 1 ? "is" : "are")} missing in the log.";
    }

    private static int Missing(LogReading log) =>
        log.Acts.Select(Number).DefaultIfEmpty(-1).Max() + 1 - log.Acts.Count();

    private static int Number(LoggedFact act) => LoggedFacts.Number(act.Id, LoggedFacts.ActPrefix);

    private static ImmutableList<AuditEntry> Acts(LogReading log)
    {
        List<AuditEntry> acts = [];
        foreach (var fact in log.Acts.OrderBy(Number))
        {
            // Acts keep their numbers. The first act is always that it was prepared. It is logged only when the log is
            // sealed, so it may be missing here.
            while (acts.Count < Number(fact))
                acts.Add(
                    new(
                        fact.At,
                        acts.Count == 0 ? Act.Prepared : Act.Rebuilt,
                        null,
                        "What was done here is not in the log."));
            acts.Add(
                new(
                    fact.At,
                    Enum.Parse<Act>(fact.Kind),
                    fact.Source == LoggedFacts.Person ? log.Value(fact, "who") ?? PersonalValue.Erased : null,
                    log.ValueOrErased(fact, "words") ?? ""));
        }

        return [.. acts];
    }

    /// <returns>The latest copy in the log, and how many acts it has seen; null where there is none.</returns>
    private static (DistributionRecord Record, int Acts)? Copy(LogReading log)
    {
        if (log.Record is not { } fact || log.Value(fact, LoggedFacts.RecordCopy) is not { } copy)
            return null;
        try
        {
            return (Json.Read<DistributionRecord>(copy), LoggedFacts.Number(fact.Id, LoggedFacts.RecordPrefix));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What the acts from this one on made of the record.</summary>
    private static DistributionRecord WithActs(DistributionRecord record, IReadOnlyList<AuditEntry> acts, int from) =>
        acts.Skip(from)
            .Aggregate(
                record,
                (before, act) =>
                    act.Act switch
                    {
                        Act.Released => before.LetGo(act.By ?? "", act.At, slotSize: 0),
                        Act.Resumed or Act.ResendAsked => before with
                        {
                            State = DistributionState.Sending,
                            CompletedAt = act.Act == Act.ResendAsked ? null : before.CompletedAt,
                        },
                        Act.Paused => before with { State = DistributionState.Paused },
                        Act.Completed => before with { State = DistributionState.Complete, CompletedAt = act.At },
                        Act.Withdrawn => before with
                        {
                            State = DistributionState.Withdrawn,
                            Reminders = Stops.Stopped(before.Reminders),
                        },
                        Act.Superseded or Act.RemindersStopped => before with
                        {
                            Reminders = Stops.Stopped(before.Reminders),
                        },
                        _ => before,
                    });

    private async Task<DistributionRecord> FromContent(
        string distributionId,
        FrozenContent content,
        IReadOnlyList<AuditEntry> acts,
        CancellationToken cancellation)
    {
        var letter = content.Letter;
        var upload = (await uploads.All(cancellation))
            .Select(stored => stored.Value)
            .FirstOrDefault(known =>
                known.Versions.Contains(distributionId)
                || (content.Follows is { } follows && known.Versions.Contains(follows.Of)));
        var hashes = Prepared().Match(acts is [var first, ..] ? first.Words : "");
        var preparedAt = acts is [var prepared, ..] ? prepared.At : clock.GetUtcNow();
        var isReminder = content.Follows is { Kind: FollowUpKind.Reminder };
        return new DistributionRecord(
            distributionId,
            upload?.Folder ?? new(letter.Process, letter.DraftLabel),
            // Where no upload knows it, it counts as the first version.
            Math.Max(1, (upload?.Versions.ToList().IndexOf(distributionId) ?? 0) + 1),
            letter.Process,
            letter.DraftLabel,
            letter.Sequence,
            letter.Date,
            letter.Subject,
            hashes.Groups["content"].Value,
            hashes.Groups["register"].Value,
            content.Roster.Count,
            content.Enclosures,
            [],
            letter.Proof,
            isReminder ? DistributionState.Released : DistributionState.AwaitingRelease,
            preparedAt,
            ReleasedBy: isReminder ? Phrase.Say($"the letter's schedule").ForRecord : null,
            ReleasedAt: isReminder ? preparedAt : null,
            Follows: content.Follows,
            SendAt: content.Follows is null or { IsCorrection: true } ? letter.SendAt : null)
        {
            Reminders = content.Follows is null or { IsCorrection: true }
                ? [.. letter.Reminders.Select((moment, place) => new PlannedReminder(place + 1, moment))]
                : [],
        };
    }

    /// <summary>
    /// The reminders, so that none is sent a second time: one whose content was frozen was made, and one whose time has
    /// passed waits for a person.
    /// </summary>
    private async Task<ImmutableList<PlannedReminder>> Reminders(
        DistributionRecord record,
        CancellationToken cancellation)
    {
        List<PlannedReminder> reminders = [];
        foreach (var reminder in record.Reminders)
            reminders.Add(
                reminder.State != ReminderState.Planned
                    ? reminder
                    : reminder with
                    {
                        State =
                            // The content of a reminder is frozen before any of it leaves.
                            await contents.ContentHash($"{record.Id}-r{reminder.Number}", cancellation) is not null
                                ? ReminderState.Made
                            : reminder.At <= clock.GetUtcNow() ? ReminderState.Missed
                            : ReminderState.Planned,
                    });
        return [.. reminders];
    }

    /// <returns>The correction that took its place, as the act names it; null for none, or for a corrigendum.</returns>
    private async Task<string?> SupersededBy(IReadOnlyList<AuditEntry> acts, CancellationToken cancellation)
    {
        foreach (var act in acts.Where(act => act.Act == Act.Superseded))
            if (Superseding().Match(act.By ?? "") is { Success: true } named
                && named.Groups["id"].Value is var id
                && await contents.ContentHash(id, cancellation) is not null
                && (await contents.Find(id, cancellation)).Follows?.Kind is not FollowUpKind.Corrigendum)
                return id;
        return null;
    }

    [GeneratedRegex(
        "^content (?<content>[0-9a-f]{64}), register (?<register>[0-9a-f]{64})",
        RegexOptions.CultureInvariant)]
    private static partial Regex Prepared();

    [GeneratedRegex(@"\((?<id>[a-z0-9-]+)\), which supersedes it$", RegexOptions.CultureInvariant)]
    private static partial Regex Superseding();
}
