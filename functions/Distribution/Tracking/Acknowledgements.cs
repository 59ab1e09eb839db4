using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>The acknowledgements on record, a row a mission, with all that has become of it.</summary>
internal sealed class Acknowledgements(StorageAccount account)
{
    private readonly Records<MissionAcknowledgement> records = new(
        account.Tables.GetTableClient(ResourceNames.AcknowledgementsTable));

    /// <summary>Records that a mission acknowledges. Where it has acknowledged already, the first one stands.</summary>
    /// <returns>
    /// False when there was nothing to record: one stands already, this very step has been recorded before, or there is
    /// no more room.
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

    /// <summary>Records a step taken in view of what stood, unless something else has come in between.</summary>
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

    /// <summary>Changes what is on record now, however many others change it at the same time.</summary>
    /// <param name="change">
    /// Given the record as it is, without steps where there is none; returns it as it shall be.
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

    /// <returns>By mission id; those whose acknowledgement was withdrawn are among them.</returns>
    public async Task<IReadOnlyDictionary<string, MissionAcknowledgement>> Of(
        string distributionId,
        CancellationToken cancellation) =>
        (
            await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"), cancellation)
        ).ToDictionary(stored => stored.Value.MissionId, stored => stored.Value);

    private static TableEntity Entity(MissionAcknowledgement record) =>
        Records<MissionAcknowledgement>.Entity(record.DistributionId, record.MissionId, record, []);
}
