using System.Collections.Concurrent;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Log;
using Distribution.Tracking.Receipts;

namespace Distribution.Tracking;

/// <summary>
/// The store of acknowledgements: one row for each mission and distribution, with the whole history. Each new step is
/// also written to the distribution's log and, where receipts are mailed (<see cref="ReceiptSettings.ByMail"/>), told
/// to the mission.
/// </summary>
internal sealed class Acknowledgements(StorageAccount account, LogSegments log, ReceiptsDue receipts)
{
    private readonly Records<MissionAcknowledgement> records = new(account, ResourceNames.AcknowledgementsTable);

    private readonly ConcurrentDictionary<string, int> changes = new();

    /// <summary>How often this process has changed what is on record of a distribution.</summary>
    public int Changes(string distributionId) => changes.GetValueOrDefault(distributionId);

    /// <summary>
    /// Records an acknowledgement, unless the mission already has a valid one: then the first one stays.
    /// </summary>
    /// <returns>
    /// False when nothing was recorded: there already is a valid acknowledgement, this step was recorded before, or the
    /// record is full.
    /// </returns>
    public async Task<bool> RecordFirst(
        string distributionId,
        string missionId,
        AcknowledgementStep step,
        CancellationToken cancellation)
    {
        // Before the step: a worker that stops in between leaves a receipt that is dropped after some minutes, and
        // never a step that nobody at the mission is told of.
        await receipts.Expect(distributionId, missionId, step.Id, cancellation);
        return await Change<RecordingResult>(
            distributionId,
            missionId,
            record =>
                record.Stands is null && record.HasRoomFor(step)
                    ? new(record.With(step), RecordingResult.Recorded)
                    : new(null, RecordingResult.TooLate),
            cancellation) == RecordingResult.Recorded;
    }

    /// <summary>
    /// Records a step that its author based on an earlier step, unless another step was recorded since (optimistic
    /// concurrency).
    /// </summary>
    /// <param name="after">The id of the last step its author saw; null where there was none.</param>
    public async Task<RecordingResult> Record(
        string distributionId,
        string missionId,
        string? after,
        AcknowledgementStep step,
        CancellationToken cancellation)
    {
        await receipts.Expect(distributionId, missionId, step.Id, cancellation);
        return await Change<RecordingResult>(
            distributionId,
            missionId,
            record =>
                record.Has(step.Id) ? new(null, RecordingResult.Before)
                : record.LastId != after ? new(null, RecordingResult.TooLate)
                : !record.HasRoomFor(step) ? new(null, RecordingResult.Full)
                : new(record.With(step), RecordingResult.Recorded),
            cancellation,
            isNew: after is null);
    }

    /// <summary>
    /// Changes a mission's record. If another worker changes it at the same time, reads it again and retries.
    /// </summary>
    /// <param name="change">
    /// Gets the current record, without steps where there is none. It may be called several times.
    /// </param>
    /// <param name="isNew">True if the caller has just seen that there is none.</param>
    public async Task<TResult> Change<TResult>(
        string distributionId,
        string missionId,
        Func<MissionAcknowledgement, Decision<MissionAcknowledgement, TResult>> change,
        CancellationToken cancellation,
        bool isNew = false)
    {
        var updated = await records.Update(
            distributionId,
            missionId,
            record => change(record ?? MissionAcknowledgement.None(distributionId, missionId)),
            cancellation,
            isNew: isNew);
        // After the write: whoever took the number in between has read the new row, and only reads it once more.
        changes.AddOrUpdate(distributionId, 1, (_, before) => before + 1);
        var known = updated.Before?.Steps.Count ?? 0;
        // Steps are only added, so those beyond the known ones are new. Where names are erased there are as many as
        // before, and nothing is logged anew.
        if (updated.After is { Value: { } after } && after.Steps.Count > known)
        {
            // The row is written first: what a stopped worker did not log is made up from it when the log is sealed.
            log.Buffer(distributionId, AcknowledgementFacts.Of(after).Skip(known));
            await log.Flush(distributionId);
        }

        return updated.Result;
    }

    /// <summary>Adds a lost record as the log has it, without logging it anew.</summary>
    /// <returns>False where there is a record; that is not changed.</returns>
    public async Task<bool> Restore(MissionAcknowledgement record, CancellationToken cancellation) =>
        // Add would also return a row that says the same; only a row that was missing counts as restored.
        await records.Find(record.DistributionId, record.MissionId, cancellation) is null
        && await records.Add(record.DistributionId, record.MissionId, record, cancellation) is not null;

    /// <returns>
    /// Null where nothing was recorded for the mission. A reminder has none: see the letter it reminds of.
    /// </returns>
    /// <exception cref="UnreadableRecordException">Whether the mission has acknowledged is not known.</exception>
    public async Task<MissionAcknowledgement?> Find(
        string distributionId,
        string missionId,
        CancellationToken cancellation) => (await records.Find(distributionId, missionId, cancellation))?.Value;

    /// <returns>
    /// By mission id. It includes missions whose acknowledgement was withdrawn, and those whose record cannot be read.
    /// </returns>
    public async Task<IReadOnlyDictionary<string, MissionAcknowledgement>> Of(
        string distributionId,
        CancellationToken cancellation)
    {
        var (found, leftOut) = await records.Listed(
            TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"),
            cancellation);
        return found
            .Select(stored => stored.Value)
            .Concat(
                leftOut.Select(mission =>
                    new MissionAcknowledgement(distributionId, mission, []) { IsLeftOut = true }))
            .ToDictionary(record => record.MissionId);
    }
}
