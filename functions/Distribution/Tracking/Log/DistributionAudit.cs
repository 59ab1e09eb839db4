using System.Collections.Concurrent;
using System.Text.Json;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking.Forwarding;

namespace Distribution.Tracking.Log;

/// <summary>
/// Proves that every mission of a distribution is accounted for, or says why not. It computes each mission's state from
/// the log and compares it with its entry, acknowledgements, what was forwarded, acts and the record itself with what
/// the log has of them, the entries with the frozen roster, and all stored files with the hashes under which they were
/// frozen. It changes nothing.
/// </summary>
internal sealed class DistributionAudit(
    DistributionRecords distributions,
    MissionEntries dispatches,
    FrozenContents contents,
    ReachReader reaches,
    Acknowledgements acknowledgements,
    Forwards forwards,
    DeskActs desk,
    LogSegments segments,
    LogChains chains,
    TimeProvider clock)
{
    private const int FilesAtOnce = 8;

    /// <returns>Null where there is no such distribution.</returns>
    public async Task<AuditReport?> Of(string distributionId, CancellationToken cancellation)
    {
        // Read the log before the records. What is recorded in the meantime then only seems to be missing from the log;
        // in the other order the log would seem to have facts that never were.
        var log = await LogReading.Of(distributionId, segments, chains, cancellation);
        if (await distributions.Find(distributionId, cancellation) is not { } distribution)
            return null;
        List<Breach> general = [.. log.Faults.Select(fault => new Breach(BreachKind.ChainBroken, null, fault))];
        if (await contents.TryReadStored(distribution.Id, cancellation) is not var (content, contentHash))
        {
            general.Add(
                new(
                    BreachKind.ContentDiffers,
                    null,
                    "The frozen content, content.json, is missing or cannot be read. Without it there is no roster to go by."
                ));
            return Report([], 0, new(distribution.State, distribution.MissionCount, []));
        }

        var (files, damaged) = await CheckFiles(distribution, content, cancellation);
        // Those of one mission stand in its own line, further below.
        general.AddRange(damaged.Where(breach => content.Roster.All(mission => mission.Id != breach.MissionId)));
        general.AddRange(CheckActs(distribution, content, contentHash, log));
        general.AddRange(CheckRecord(distribution, log));
        general.AddRange(CheckDesk(await desk.Latest(distributionId, int.MaxValue, cancellation), log));
        var lines = await CheckMissions(distributionId, content.Roster, log, damaged, general, cancellation);
        // One more than those: content.json itself was read and compared, too.
        return Report(lines, files + 1, await reaches.Of(distribution, cancellation));

        AuditReport Report(IReadOnlyList<AuditLine> missions, int files, Reach reach) =>
            new(
                distribution,
                clock.GetUtcNow(),
                missions,
                general,
                reach,
                log.Links,
                log.Sealed,
                log.Late,
                log.Waiting,
                log.Last?.Hash,
                files);
    }

    private async Task<(int Files, IReadOnlyList<Breach> Breaches)> CheckFiles(
        DistributionRecord distribution,
        FrozenContent content,
        CancellationToken cancellation)
    {
        var files = content
            .Enclosures.Select(enclosure =>
                (
                    Name: enclosure.File,
                    Mission: (string?)null,
                    enclosure.Hash,
                    Stored: (Func<CancellationToken, Task<string?>>)(
                        stop => contents.EnclosureHash(distribution.Id, enclosure, stop))))
            .Concat(
                content.Pdfs.Select(pdf =>
                    (
                        Name: pdf.File,
                        pdf.Mission,
                        pdf.Hash,
                        Stored: (Func<CancellationToken, Task<string?>>)(
                            stop => contents.PdfHash(distribution.Id, pdf, stop)))))
            .ToList();
        var breaches = new ConcurrentBag<Breach>();
        if (!content.Enclosures.SequenceEqual(distribution.Enclosures))
            breaches.Add(
                new(BreachKind.ContentDiffers, null, "The enclosures of the frozen content are not those on record."));
        await Parallel.ForEachAsync(
            files,
            new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancellation },
            async (file, stop) =>
            {
                var stored = await file.Stored(stop);
                if (stored != file.Hash)
                    breaches.Add(
                        new(
                            BreachKind.ContentDiffers,
                            file.Mission,
                            stored is null
                                ? $"The stored file {file.Name} is missing."
                                : $"The stored file {file.Name} is not the one that was frozen: its hash differs."));
            });
        // Files end in any order: sorted, two audits of the same state say the same.
        return (files.Count, [.. breaches.OrderBy(breach => breach.Words, StringComparer.Ordinal)]);
    }

    private static IEnumerable<Breach> CheckActs(
        DistributionRecord distribution,
        FrozenContent content,
        string? contentHash,
        LogReading log)
    {
        var recorded = LoggedFacts.Acts(distribution, content.Roster, contentHash).ToList();
        foreach (var act in recorded.Where(act => !log.Confirms(act)))
            yield return log.Find(act.Id) switch
            {
                null => new(BreachKind.LogDiffers, null, $"The act {act.Kind} of {act.At:u} is not in the log yet."),
                // The first act has the hashes of content and roster. If these differ, the content was changed, and not
                // the act.
                { } logged
                    when logged.Content != act.Content
                        || logged.Roster != act.Roster
                        || logged.Missions != act.Missions => new(
                    BreachKind.ContentDiffers,
                    null,
                    "The frozen content, content.json, is not the one whose hash the log begins with."),
                _ => new(
                    BreachKind.LogDiffers,
                    null,
                    $"The record and the log do not say the same of the act {act.Kind} of {act.At:u}."),
            };
        foreach (var act in log.Acts.ExceptBy(recorded.Select(act => act.Id), act => act.Id))
            yield return new(
                BreachKind.LogDiffers,
                null,
                $"The log has the act {act.Kind} of {act.At:u}, which is not on record.");
        if (content.Roster.Count != distribution.MissionCount)
            yield return new(
                BreachKind.ContentDiffers,
                null,
                $"The frozen roster has {content.Roster.Count} missions, and {distribution.MissionCount} are on record."
            );
    }

    /// <summary>
    /// Compares the record with its latest copy in the log. Both are read by this version, so that fields which it
    /// knows and the version that wrote the copy did not make no difference.
    /// </summary>
    private static IEnumerable<Breach> CheckRecord(DistributionRecord distribution, LogReading log)
    {
        if (LoggedFacts.Record(distribution).SingleOrDefault() is not { } recorded)
            yield break;
        if (log.Find(recorded.Id) is not { } logged)
            yield return new(
                BreachKind.LogDiffers,
                null,
                "The copy of the distribution's record is not in the log yet.");
        else if (!logged.SaysTheSameAs(recorded)
            || (log.Value(logged, LoggedFacts.RecordCopy) is { } copy
                && Compared(copy) != Compared(recorded.Personal![LoggedFacts.RecordCopy])))
            yield return new(
                BreachKind.LogDiffers,
                null,
                "The distribution's record and its copy in the log do not say the same: the record was changed without an act.");

        // Reminders are planned, and marked as made, in two steps.
        static string? Compared(string copy)
        {
            try
            {
                return Json.Write(LoggedFacts.Lasting(Json.Read<DistributionRecord>(copy)) with { Reminders = [] });
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    private static IEnumerable<Breach> CheckDesk(IReadOnlyList<DeskAct> acts, LogReading log)
    {
        var recorded = acts.SelectMany(DeskFacts.Of).ToList();
        var lacking = recorded.Where(fact => log.Find(fact.Id) is null).ToList();
        if (lacking.Count > 0)
            yield return new(
                BreachKind.LogDiffers,
                null,
                $"{EnglishText.Counted(lacking.Count, "fact")} of acts at the desk {(lacking.Count == 1 ? "is" : "are")} not in the log yet."
            );
        foreach (var fact in recorded.Where(fact => log.Find(fact.Id) is not null && !log.Confirms(fact)))
            yield return new(
                BreachKind.LogDiffers,
                null,
                $"The record and the log do not say the same of the act at the desk of {fact.At:u}: {fact.Asked ?? fact.Kind}.");
        foreach (var fact in log.About(FactSubject.Desk).ExceptBy(recorded.Select(fact => fact.Id), fact => fact.Id))
            yield return new(
                BreachKind.LogDiffers,
                null,
                $"The log has an act at the desk of {fact.At:u} which is not on record: {fact.Asked ?? fact.Kind}.");
    }

    private static IEnumerable<Breach> CheckAcknowledgement(
        Mission mission,
        MissionAcknowledgement? record,
        IEnumerable<LoggedFact> logged,
        LogReading log) =>
        CheckHistory(
            mission,
            record is null ? [] : [.. AcknowledgementFacts.Of(record)],
            logged,
            log,
            fact => fact.Kind switch
            {
                AcknowledgementFacts.Corrected => $"The correction of {mission.Name}'s acknowledgement",
                AcknowledgementFacts.Withdrawn => $"The withdrawal of {mission.Name}'s acknowledgement",
                _ => $"{mission.Name}'s acknowledgement",
            });

    private static IEnumerable<Breach> CheckForwards(
        Mission mission,
        MissionForwards? record,
        IEnumerable<LoggedFact> logged,
        LogReading log) =>
        CheckHistory(
            mission,
            record is null ? [] : [.. ForwardFacts.Of(record)],
            logged,
            log,
            fact => fact.Kind switch
            {
                ForwardFacts.Asked => $"{mission.Name}'s request to forward the letter",
                ForwardFacts.Returned => $"The report on a letter that {mission.Name} forwarded",
                _ => $"The end of {mission.Name}'s request to forward the letter",
            });

    /// <param name="words">What a fact is about, before "of" and its time.</param>
    private static IEnumerable<Breach> CheckHistory(
        Mission mission,
        IReadOnlyList<LoggedFact> recorded,
        IEnumerable<LoggedFact> logged,
        LogReading log,
        Func<LoggedFact, string> words)
    {
        foreach (var fact in recorded)
            if (log.Find(fact.Id) is null)
                yield return Differs($"{words(fact)} of {fact.At:u} is on record and not in the log yet.");
            else if (!log.Confirms(fact))
                yield return Differs($"{words(fact)} of {fact.At:u} is not the same on record and in the log.");
        foreach (var fact in logged.ExceptBy(recorded.Select(fact => fact.Id), fact => fact.Id))
            yield return Differs($"{words(fact)} of {fact.At:u} is in the log and not on record.");

        Breach Differs(string sentence) => new(BreachKind.LogDiffers, mission.Id, sentence);
    }

    private async Task<IReadOnlyList<AuditLine>> CheckMissions(
        string distributionId,
        IReadOnlyList<Mission> roster,
        LogReading log,
        IReadOnlyList<Breach> damaged,
        List<Breach> general,
        CancellationToken cancellation)
    {
        var places = roster.Index().ToDictionary(place => place.Item.Id, place => place.Index);
        var lines = new AuditLine?[roster.Count];
        var damagedOf = damaged.ToLookup(breach => breach.MissionId);
        var acknowledged = await acknowledgements.Of(distributionId, cancellation);
        var loggedSteps = log.About(FactSubject.Acknowledgement).ToLookup(fact => fact.Mission);
        var forwarded = (await forwards.Of(distributionId, cancellation)).ToDictionary(record => record.MissionId);
        var loggedForwards = log.About(FactSubject.Forward).ToLookup(fact => fact.Mission);
        await foreach (var entry in dispatches.Each(distributionId, cancellation))
            if (!places.TryGetValue(entry.MissionId, out var place) || entry.Order != place + 1)
                general.Add(NotOnRoster(entry));
            else if (lines[place] is not null)
                general.Add(
                    new(BreachKind.NotOnRoster, entry.MissionId, $"There are two entries for {entry.MissionId}."));
            else
                lines[place] = Line(roster[place], entry);
        for (var place = 0; place < lines.Length; place++)
            // A mission without an entry has its line all the same, which says so.
            lines[place] ??= Line(roster[place], null);
        general.AddRange(
            acknowledged.Keys.Except(roster.Select(mission => mission.Id))
                .Select(mission => new Breach(
                    BreachKind.NotOnRoster,
                    mission,
                    $"There is an acknowledgement by {mission}, which is not on the frozen roster.")));
        general.AddRange(
            forwarded.Keys.Except(roster.Select(mission => mission.Id))
                .Select(mission => new Breach(
                    BreachKind.NotOnRoster,
                    mission,
                    $"There is a request to forward the letter by {mission}, which is not on the frozen roster.")));
        general.AddRange(
            log.Missions.Except(roster.Select(mission => mission.Id))
                .Select(mission => new Breach(
                    BreachKind.NotOnRoster,
                    mission,
                    $"The log speaks of {mission}, which is not on the frozen roster.")));
        return lines!;

        AuditLine Line(Mission mission, MissionEntry? entry)
        {
            var logged = EntryFacts.Read(distributionId, mission, places[mission.Id] + 1, log);
            return new(
                mission,
                entry?.State,
                logged.State,
                log.Of(mission.Id).Count,
                Evidence(entry),
                entry is { IsByMailAlone: true } || logged.IsByMailAlone,
                [
                    .. damagedOf[mission.Id],
                    .. Breaches(
                        mission,
                        entry,
                        entry is null && dispatches.IsLeftOut(distributionId, mission.Id, places[mission.Id] + 1),
                        logged.State,
                        log),
                    .. CheckAcknowledgement(
                        mission,
                        acknowledged.GetValueOrDefault(mission.Id),
                        loggedSteps[mission.Id],
                        log),
                    .. CheckForwards(
                        mission,
                        forwarded.GetValueOrDefault(mission.Id),
                        loggedForwards[mission.Id],
                        log),
                ]);
        }
    }

    private static IEnumerable<Breach> Breaches(
        Mission mission,
        MissionEntry? entry,
        bool isLeftOut,
        DeliveryState logged,
        LogReading log)
    {
        if (entry is null)
        {
            yield return new(
                BreachKind.EntryMissing,
                mission.Id,
                isLeftOut
                    ? $"The entry of {mission.Name} is stored and cannot be read; a notice on the front page names it."
                    : $"{mission.Name} is on the frozen roster and has no entry.");
            yield break;
        }

        if (!entry.State.IsAccountable)
            yield return new(
                BreachKind.NotAccountable,
                mission.Id,
                $"It is not known what became of the letter to {mission.Name}.");
        else if (entry.IsByMailAlone)
            yield return new(
                BreachKind.NotAccountable,
                mission.Id,
                $"Mail alone says what became of the letter to {mission.Name}, and mail proves nothing. Ask the mission, and say on its page that it has the letter, or send it once more."
            );
        var recorded = LoggedFacts.Of(entry).ToList();
        var lacking = recorded.Count(fact => log.Find(fact.Id) is null);
        if (lacking > 0)
            yield return new(
                BreachKind.LogDiffers,
                mission.Id,
                $"{EnglishText.Counted(lacking, "fact")} of its entry {(lacking == 1 ? "is" : "are")} not in the log yet."
            );
        foreach (var fact in recorded.Where(fact => log.Find(fact.Id) is not null && !log.Confirms(fact)))
            yield return new(
                BreachKind.LogDiffers,
                mission.Id,
                $"Its entry and the log do not say the same of {fact.Id}.");
        foreach (var fact in log.Of(mission.Id).ExceptBy(recorded.Select(fact => fact.Id), fact => fact.Id))
            yield return new(
                BreachKind.LogDiffers,
                mission.Id,
                $"The log has {fact.Id} ({fact.Kind}, {fact.At:u}), which its entry does not have.");
        // While facts are still to be logged, the two states may differ without a fault.
        if (lacking == 0 && entry.State != logged)
            yield return new(
                BreachKind.LogDiffers,
                mission.Id,
                $"By its entry it is {entry.State}, by the log {logged}.");
    }

    /// <summary>The evidence for its state, mailbox by mailbox, each by its rank.</summary>
    private static string Evidence(MissionEntry? entry) =>
        string.Join(
            "; ",
            (entry?.Attempts is [.., var last] ? last.Mailboxes : [])
                .Where(mailbox => mailbox.State.IsAccountable)
                .Select(mailbox => mailbox.Telling)
                .OfType<DeliveryEvent>()
                .Select(EvidenceRanks.Words)
                .Distinct());

    private static Breach NotOnRoster(MissionEntry entry) =>
        new(
            BreachKind.NotOnRoster,
            entry.MissionId,
            $"There is an entry for {entry.MissionId}, which is not on the frozen roster in this place.");
}
