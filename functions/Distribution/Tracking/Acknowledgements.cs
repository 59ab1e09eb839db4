using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Log;

namespace Distribution.Tracking;

/// <summary>
/// The store of acknowledgements: one row for each mission and distribution, with the whole history. Each new step is
/// also written to the distribution's log.
/// </summary>
internal sealed class Acknowledgements(StorageAccount account, LogSegments log)
{
    private readonly Records<MissionAcknowledgement> records = new(
        account.Tables.GetTableClient(ResourceNames.AcknowledgementsTable));

    /// <summary>
    /// Records an acknowledgement, unless the mission already has a valid one: then the first one stays.
    /// </summary>
    /// <returns>
    /// False when nothing was recorded: there already is a valid acknowledgement, this step was recorded before, or the
    /// record is full.
    /// </returns>
    public Task<bool> RecordFirst(
        string distributionId,
        string missionId,
        AcknowledgementStep step,
        CancellationToken cancellation) =>
        Change(
            distributionId,
            missionId,
            record => record.Stands is null && record.HasRoomFor(step) ? record.With(step) : record,
            cancellation);

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
        if (await Change(
                distributionId,
                missionId,
                record => record.LastId == after && record.HasRoomFor(step) ? record.With(step) : record,
                cancellation))
            return RecordingResult.Recorded;
        return await Find(distributionId, missionId, cancellation) is not { } found ? RecordingResult.TooLate
            : found.Has(step.Id) ? RecordingResult.Before
            : found.LastId == after && !found.HasRoomFor(step) ? RecordingResult.Full
            : RecordingResult.TooLate;
    }

    /// <summary>
    /// Changes a mission's record. If another worker changes it at the same time, reads it again and retries.
    /// </summary>
    /// <param name="change">
    /// Gets the current record, without steps where there is none; returns the new record. It may be called several
    /// times.
    /// </param>
    /// <returns>Whether anything changed.</returns>
    public async Task<bool> Change(
        string distributionId,
        string missionId,
        Func<MissionAcknowledgement, MissionAcknowledgement> change,
        CancellationToken cancellation)
    {
        while (true)
        {
            var stored = await records.Find(distributionId, missionId, cancellation);
            var before = stored?.Value ?? new(distributionId, missionId, []);
            var after = change(before);
            if (after == before)
                return false;
            if (stored is null
                ? await records.Add(Entity(after), cancellation) is null
                : await records.Replace([(Entity(after), stored.ETag)], cancellation) is null)
                continue;
            if (after.Steps.Count > before.Steps.Count)
            {
                log.Buffer(distributionId, AcknowledgementFacts.Of(after).Skip(before.Steps.Count));
                await log.Flush(distributionId);
            }

            return true;
        }
    }

    /// <summary>Adds a lost record as the log has it, without logging it anew.</summary>
    /// <returns>False where there is a record; that is not changed.</returns>
    public async Task<bool> Restore(MissionAcknowledgement record, CancellationToken cancellation) =>
        await records.Find(record.DistributionId, record.MissionId, cancellation) is null
        && await records.Add(Entity(record), cancellation) is not null;

    public async Task<MissionAcknowledgement?> Find(
        string distributionId,
        string missionId,
        CancellationToken cancellation) => (await records.Find(distributionId, missionId, cancellation))?.Value;

    /// <returns>By mission id. It includes missions whose acknowledgement was withdrawn.</returns>
    public async Task<IReadOnlyDictionary<string, MissionAcknowledgement>> Of(
        string distributionId,
        CancellationToken cancellation) =>
        (
            await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"), cancellation)
        ).ToDictionary(stored => stored.Value.MissionId, stored => stored.Value);

    private static TableEntity Entity(MissionAcknowledgement record) =>
        Records<MissionAcknowledgement>.Entity(record.DistributionId, record.MissionId, record, []);
}
