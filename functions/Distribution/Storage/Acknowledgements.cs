using Azure.Data.Tables;

namespace Distribution;

/// <summary>The acknowledgements on record, one a mission in each distribution; the first one stands.</summary>
internal sealed class Acknowledgements(StorageAccount account)
{
    private readonly Records<Acknowledgement> records = new(account.Tables.GetTableClient(Names.AcknowledgementsTable));

    /// <returns>False when the mission has acknowledged already.</returns>
    public async Task<bool> Add(Acknowledgement acknowledgement, CancellationToken cancellation) =>
        await records.Add(Records<Acknowledgement>.Entity(acknowledgement.DistributionId, acknowledgement.MissionId, acknowledgement, []), cancellation) is not null;

    public async Task<Acknowledgement?> Find(string distributionId, string missionId, CancellationToken cancellation) =>
        (await records.Find(distributionId, missionId, cancellation))?.Value;

    /// <returns>By mission id.</returns>
    public async Task<IReadOnlyDictionary<string, Acknowledgement>> Of(string distributionId, CancellationToken cancellation) =>
        (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {distributionId}"), cancellation))
            .ToDictionary(stored => stored.Value.MissionId, stored => stored.Value);
}
