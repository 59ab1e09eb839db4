using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Log;

namespace Distribution.Tracking.Archive;

/// <summary>What is still to be sent according to an archive, and what the archive does not know.</summary>
/// <param name="Until">When the latest fact in the archive happened.</param>
/// <param name="Unsent">The missions that had not been offered the letter by then.</param>
/// <param name="Unknown">
/// The missions of which it is not known what became of the letter. Nothing is sent to them unless a person asks for
/// it.
/// </param>
/// <param name="FoundSent">The missions of which other evidence says that they have it.</param>
/// <param name="Stopped">The act by which it was stopped; null where it was not.</param>
internal sealed record ContinuationPlan(
    DistributionRecord Distribution,
    DateTimeOffset Until,
    IReadOnlyList<Mission> Unsent,
    IReadOnlyList<Mission> Unknown,
    IReadOnlyList<Mission> FoundSent,
    AuditEntry? Stopped);

/// <summary>
/// Continues to send a letter from its archive, in another storage than its own: the answer to an outage while the
/// letter was being sent. A letter that the archive shows as offered is not sent again. What is sent has the Message-ID
/// and the link that the service would have given it. So a mission that has the letter after all sees one letter, and
/// its link works when the service is back.
/// </summary>
internal sealed class Continuation(
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenContents contents,
    LogChains chains,
    RebuiltRecords records,
    DistributionRebuild rebuild,
    Releases releases,
    Stops stops,
    Holds holds,
    Resends resends,
    MessageTokens tokens,
    LetterWriter writer,
    TimeProvider clock)
{
    private const string NotInArchive =
        "The service was out of reach, and its archive does not say what became of this letter. Whether it was sent is not known.";

    /// <returns>The letter, where it was taken over into this storage before; null where it was not.</returns>
    /// <exception cref="InvalidDataException">This storage must not be used for it; the message says why.</exception>
    public async Task<DistributionRecord?> Begun(VerifiedArchive archive, CancellationToken cancellation)
    {
        var id = archive.Manifest.Distribution;
        var all = await distributions.All(cancellation);
        if (all.FirstOrDefault(other => other.Id != id) is { } other)
            throw new InvalidDataException(
                $"The folder already holds another letter, {other.DraftLabel} ({other.Id}), which would leave with this one.");
        if (all is [])
            return null;
        // What another archive knows, and this one does not, may be a mission that has the letter.
        var known = await chains.Links(id, cancellation);
        if (!archive.Log.Select(segment => Json.Write(segment.Link)).SequenceEqual(known.Take(archive.Log.Count)))
            throw new InvalidDataException(
                "This letter goes on here from another archive already, which does not know all that this one knows.");
        return all[0];
    }

    /// <summary>Works out what is still to be sent. Writes nothing.</summary>
    /// <param name="evidence">
    /// Text that tells of letters that have left: a mail server's log, in which their Message-IDs are looked for, or
    /// ids of missions, each on a line of its own. Empty for none.
    /// </param>
    /// <exception cref="InvalidDataException">It cannot go on from this archive; the message says why.</exception>
    public async Task<ContinuationPlan> Plan(
        VerifiedArchive archive,
        string evidence,
        CancellationToken cancellation)
    {
        var id = archive.Manifest.Distribution;
        if (archive.Content.Follows is { } follows)
            throw new InvalidDataException(
                $"It is the archive of {FollowUp.Words(follows.Kind)}, and whether a mission still needs that is on record with the letter it follows, {follows.Of}.");
        var log = LogReading.Of(archive.Log);
        if (log.Record is null)
            throw new InvalidDataException(
                "The letter had not been released when the archive was made, so nothing of it had left.");
        var record = await records.Read(id, archive.Content, log, cancellation);
        if (record.SupersededBy is { } successor)
            throw new InvalidDataException($"The letter was superseded by {successor}: nothing more of it is sent.");
        CheckKeys(record, log);

        var acknowledged = log.About(FactSubject.Acknowledgement)
            .Where(fact => fact.Mission is not null)
            .GroupBy(fact => fact.Mission!)
            .Where(facts => AcknowledgementFacts.Read(id, facts.Key, facts, log).Stands is not null)
            .Select(facts => facts.Key)
            .ToHashSet();
        var (unsent, unknown, found) = (new List<Mission>(), new List<Mission>(), new List<Mission>());
        foreach (var (place, mission) in archive.Content.Roster.Index())
        {
            var entry = EntryFacts.Read(id, mission, place + 1, log);
            // What was offered while the archive was being made stands in its manifest, and may not stand in its log.
            var isBehind = archive.Offered.Contains(mission.Id) && !DistributionArchive.WasOffered(entry);
            // Whoever has acknowledged has the letter, whatever way it came.
            if (entry.State == DeliveryState.Withdrawn && acknowledged.Contains(mission.Id))
                continue;
            if (!isBehind && entry.State is DeliveryState.Pending or DeliveryState.Withdrawn)
                (IsIn(evidence, record, entry) ? found : unsent).Add(mission);
            else if (!entry.State.IsAccountable)
                (IsIn(evidence, record, entry) ? found : unknown).Add(mission);
        }

        return new(
            record,
            log.Until,
            unsent,
            unknown,
            found,
            record.State == DistributionState.Withdrawn
                ? record.Acts.FindLast(act => act.Act == Act.Withdrawn)
                : null);
    }

    /// <summary>
    /// Puts the letter on record here and sends it to the missions of the plan that it was not sent to.
    /// </summary>
    /// <param name="by">Who asks for it.</param>
    /// <returns>What could not be restored, in sentences.</returns>
    public async Task<IReadOnlyList<string>> Begin(
        VerifiedArchive archive,
        ContinuationPlan plan,
        string by,
        CancellationToken cancellation)
    {
        var id = plan.Distribution.Id;
        // The rebuilding reads content and log from storage, and writes the record last: whatever breaks off before,
        // nothing leaves, and the next run begins anew.
        await contents.Restore(id, archive.ContentBytes, await archive.Files(cancellation), cancellation);
        await chains.Restore(id, archive.Log, cancellation);
        switch (await rebuild.Rebuild(
                    id,
                    despite: null,
                    cancellation,
                    new(
                        by,
                        NotInArchive,
                        plan.Unsent.Select(mission => mission.Id).ToHashSet(),
                        plan.FoundSent.Select(mission => mission.Id).ToHashSet())))
        {
            case RebuildResult.Refused refused:
                throw new InvalidDataException(refused.Words);
            case RebuildResult.Rebuilt rebuilt:
                await GoOn(rebuilt.Distribution, by, cancellation);
                return rebuilt.Lacking;
            case var other:
                throw new InvalidOperationException($"There is no way on from {other}.");
        }
    }

    /// <summary>
    /// Counts the missions to which a letter that was taken over is still to be sent. Missions that the evidence names
    /// are recorded as having it.
    /// </summary>
    /// <inheritdoc cref="Plan" path="/param[@name='evidence']"/>
    /// <param name="by">Who gives the evidence.</param>
    public async Task<int> Open(
        DistributionRecord record,
        string evidence,
        string by,
        CancellationToken cancellation)
    {
        var open = (await entries.All(record.Id, cancellation))
            .Select(stored => stored.Value)
            .Where(entry => entry.IsOpen || entry.IsHandingOver)
            .ToList();
        var found = open.Where(entry => IsIn(evidence, record, entry)).Select(entry => entry.MissionId).ToHashSet();
        if (found.Count > 0)
        {
            var roster = (await contents.Find(record.Id, cancellation)).Roster.ToDictionary(mission => mission.Id);
            await entries.Change(
                record.Id,
                found,
                entry => Decision.Of(entry
                    .Begin(roster[entry.MissionId], writer.MessageIds(record.KeyId, entry), clock.GetUtcNow())
                    .SentElsewhere(DeliveryEventKind.Delivered, clock.GetUtcNow(), by, DistributionRebuild.FoundSent)),
                cancellation);
            await entries.LogRecorded(record.Id);
        }

        return open.Count - found.Count;
    }

    /// <summary>
    /// Sends what is still to be sent of a letter that was taken over. One that was stopped after that stays stopped.
    /// </summary>
    public async Task GoOn(DistributionRecord record, string by, CancellationToken cancellation)
    {
        if (record is { State: DistributionState.Withdrawn, Acts: [.., { Act: Act.Rebuilt }] })
        {
            // The resend takes only what was withdrawn, so what is still pending is withdrawn first.
            await stops.WithdrawUnsent(record, cancellation);
            await resends.SendToNeverSent(record.Id, by, cancellation);
        }
        else if (record.State == DistributionState.Paused)
        {
            await releases.Resume(record.Id, by, cancellation);
        }

        await holds.CompleteWhenAccountable(record.Id, cancellation);
    }

    /// <summary>
    /// Checks that the keys and the sender are those of the service: with others, every letter would have another
    /// Message-ID, and a link that leads nowhere.
    /// </summary>
    private void CheckKeys(DistributionRecord record, LogReading log)
    {
        foreach (var fact in log.About(FactSubject.Delivery))
        {
            if (fact is not { MessageId: { } logged, Mission: { } mission }
                || SentMessageId.Read(logged) is not { Token: { } token } sent)
                continue;
            if (!tokens.Verify(TokenPurpose.MessageId, record.KeyId, record.Id, mission, sent.Attempt, token))
                throw new InvalidDataException(
                    "The setting Links:Keys is not the one this letter was sent with: the Message-IDs in its log were made with another key.");
            if (!MessageId(record, mission, sent.Attempt).Equals(logged, StringComparison.OrdinalIgnoreCase))
                throw new InvalidDataException(
                    $"The setting Mail:From is not the one this letter was sent with: its Message-IDs end in {logged[logged.LastIndexOf('@')..]}.");
            // One message is enough: all of a letter are made with the same key.
            return;
        }

        if (record.KeyId is { } key && !tokens.Knows(key))
            throw new InvalidDataException(
                $"The setting Links:Keys lacks the key {key}, which this letter was prepared with.");
    }

    private bool IsIn(string evidence, DistributionRecord record, MissionEntry entry)
    {
        if (evidence.Length == 0)
            return false;
        var named = evidence
            .Split('\n')
            .Any(line => line.Trim().Equals(entry.MissionId, StringComparison.OrdinalIgnoreCase));
        // What left after the archive was made had the Message-ID of the first attempt.
        var ids = entry.Attempts.IsEmpty
            ? [MessageId(record, entry.MissionId, attempt: 1)]
            : entry.Attempts.Select(attempt => attempt.MessageId);
        return named || ids.Any(id => evidence.Contains(id, StringComparison.OrdinalIgnoreCase));
    }

    private string MessageId(DistributionRecord record, string mission, int attempt) =>
        writer.MessageIds(record.KeyId, new(record.Id, mission, Order: 0, [], null, null))(attempt);
}
