using System.Collections.Immutable;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Storage;
using Microsoft.Extensions.Options;

namespace Distribution.Tracking.Receipts;

/// <summary>A receipt that is to be mailed to a mission, for one step of its acknowledgement.</summary>
/// <param name="StepId">
/// The step's id. The step may not be on record: the worker may have stopped before it recorded it.
/// </param>
/// <param name="At">Since when it is due.</param>
/// <param name="Left">The addresses that are still to be handed over; null for all.</param>
internal sealed record ReceiptDue(
    string DistributionId,
    string MissionId,
    string StepId,
    DateTimeOffset At,
    DateTimeOffset? ClaimedAt = null,
    string? ClaimId = null,
    ImmutableList<string>? Left = null) : IClaimedMail<ReceiptDue>
{
    public string Key => $"{DistributionId}!{MissionId}!{StepId}";

    public ReceiptDue ClaimedBy(string id, DateTimeOffset at) => this with { ClaimedAt = at, ClaimId = id };
}

/// <summary>
/// Stores the receipts that have not left. Each is noted before its step is recorded: a worker that stops in between
/// leaves no step without a receipt.
/// </summary>
internal sealed class ReceiptsDue(StorageAccount account, IOptions<ReceiptSettings> settings, TimeProvider clock)
{
    private const string Partition = "due";

    private readonly Records<ReceiptDue> records = new(account, ResourceNames.ReceiptsTable);

    /// <summary>When to look for receipts to send: mostly there are none.</summary>
    public SeldomLook Look { get; } = new(clock);

    /// <summary>
    /// Notes a step that is about to be recorded. Idempotent. Does nothing where no receipts are mailed.
    /// </summary>
    public async Task Expect(string distributionId, string missionId, string stepId, CancellationToken cancellation)
    {
        if (!settings.Value.ByMail)
            return;
        var due = new ReceiptDue(distributionId, missionId, stepId, clock.GetUtcNow());
        await records.Add(Partition, due.Key, due, cancellation);
        Look.Expect();
    }

    /// <returns>Those that can be read.</returns>
    public async Task<IReadOnlyList<ReceiptDue>> All(CancellationToken cancellation) =>
    [
        .. (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"), cancellation))
            .Select(stored => stored.Value),
    ];

    /// <inheritdoc cref="Records{T}.Update"/>
    public async Task<TResult> Update<TResult>(
        ReceiptDue due,
        Func<ReceiptDue?, Decision<ReceiptDue, TResult>> change,
        CancellationToken cancellation) => (await records.Update(Partition, due.Key, change, cancellation)).Result;

    /// <summary>Removes it: it was sent, or will not be. Idempotent.</summary>
    public Task Remove(ReceiptDue due, CancellationToken cancellation) =>
        records.Table.DeleteEntityAsync(Partition, due.Key, cancellationToken: cancellation);
}
