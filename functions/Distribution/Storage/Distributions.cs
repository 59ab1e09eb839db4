using Azure.Data.Tables;

namespace Distribution;

/// <summary>The distributions on record. There are hundreds in a year, so they share one partition and are listed whole.</summary>
internal sealed class Distributions(StorageAccount account, LogSegments log)
{
    private const string Partition = "distribution";

    private readonly Records<Distribution> records = new(account.Tables.GetTableClient(Names.DistributionsTable));

    /// <returns>False when it is on record already.</returns>
    public async Task<bool> Add(Distribution distribution, CancellationToken cancellation) =>
        await records.Add(Entity(distribution), cancellation) is not null;

    public async Task<Distribution?> Find(string id, CancellationToken cancellation) =>
        (await records.Find(Partition, id, cancellation))?.Value;

    /// <returns>The latest first.</returns>
    public async Task<IReadOnlyList<Distribution>> All(CancellationToken cancellation) =>
        [.. (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellation))
            .Select(stored => stored.Value)
            .OrderByDescending(distribution => distribution.PreparedAt)];

    /// <returns>What follows a distribution: its reminders, addenda and corrections, the earliest first.</returns>
    public async Task<IReadOnlyList<Distribution>> Following(string id, CancellationToken cancellation) =>
        [.. (await All(cancellation)).Where(other => other.Follows?.Of == id).Reverse()];

    /// <summary>Changes what is on record now, however many others change it at the same time.</summary>
    /// <param name="change">Given the distribution as it is; returns it as it shall be, or null to leave it.</param>
    /// <returns>The distribution as changed, or null when it was left as it is.</returns>
    /// <exception cref="InvalidOperationException">No such distribution.</exception>
    public async Task<Distribution?> Change(string id, Func<Distribution, Distribution?> change, CancellationToken cancellation)
    {
        while (true)
        {
            var stored = await records.Find(Partition, id, cancellation)
                ?? throw new InvalidOperationException($"There is no distribution {id}.");
            if (change(stored.Value) is not { } changed)
                return null;
            if (await records.Replace([(Entity(changed), stored.Version)], cancellation) is null)
                continue;
            if (changed.Acts.Count > stored.Value.Acts.Count)
            {
                log.Note(id, LoggedFacts.Acts(changed).Skip(stored.Value.Acts.Count));
                await log.WriteNoted(id);
            }

            return changed;
        }
    }

    private static TableEntity Entity(Distribution distribution) =>
        Records<Distribution>.Entity(Partition, distribution.Id, distribution, [new("State", distribution.State.ToString())]);
}
