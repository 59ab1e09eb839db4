using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>The store of acknowledgements: one row for each mission and distribution, with the whole history.</summary>
internal sealed class Acknowledgements(StorageAccount account)
{
    private readonly Records<MissionAcknowledgement> records = new(account, ResourceNames.AcknowledgementsTable);

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
                ? await records.Add(Entity(after), cancellation) is not null
                : await records.Replace([(Entity(after), stored.ETag)], cancellation) is not null)
                return true;
        }
    }

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
            .Concat(leftOut.Select(mission => new MissionAcknowledgement(distributionId, mission, []) { IsLeftOut = true }))
            .ToDictionary(record => record.MissionId);
    }

    private static TableEntity Entity(MissionAcknowledgement record) =>
        Records<MissionAcknowledgement>.Entity(record.DistributionId, record.MissionId, record, []);
}
