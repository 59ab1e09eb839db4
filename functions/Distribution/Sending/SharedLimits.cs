using System.Collections.Immutable;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>The connections to the mail server that one worker may open until it renews its share (a lease).</summary>
internal sealed record ConnectionLease(string Worker, int Connections, DateTimeOffset Until);

/// <summary>What all workers of the service share while they send.</summary>
/// <param name="MinuteFrom">When the rate limit's present window began.</param>
/// <param name="Letters">The letters claimed in that window.</param>
/// <param name="Leases">The workers' shares of the connections; those that have lapsed count no more.</param>
internal sealed record SharedUse(
    DateTimeOffset MinuteFrom,
    int Letters,
    ImmutableList<ConnectionLease> Leases)
{
    public static readonly SharedUse None = new(DateTimeOffset.MinValue, 0, []);
}

/// <summary>
/// The one row of <see cref="SharedUse"/>. It holds nothing that is not known again within minutes, so that a row that
/// cannot be read is begun anew.
/// </summary>
internal sealed class SharedLimits(StorageAccount account)
{
    private const string Partition = "sending";
    private const string Row = "limits";

    private readonly Records<SharedUse> records = new(account, ResourceNames.DistributionsTable);

    /// <inheritdoc cref="Records{T}.Update"/>
    public async Task<TResult> Change<TResult>(
        Func<SharedUse, Decision<SharedUse, TResult>> change,
        CancellationToken cancellation)
    {
        try
        {
            return await Update();
        }
        catch (Exception unreadable) when (StorageFailures.IsLeftOut(unreadable))
        {
            await records.Table.DeleteEntityAsync(Partition, Row, cancellationToken: cancellation);
            return await Update();
        }

        async Task<TResult> Update() =>
            (await records.Update(Partition, Row, use => change(use ?? SharedUse.None), cancellation)).Result;
    }
}
