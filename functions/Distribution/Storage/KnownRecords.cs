using System.Collections.Concurrent;
using Azure.Data.Tables;

namespace Distribution.Storage;

/// <summary>
/// All records of one partition, kept in memory with their ETags. Each list asks storage which rows there are and in
/// which version, and reads only those that are new or changed, so that it tells what is stored at that moment.
/// </summary>
internal sealed class KnownRecords<T>(Records<T> records, string partition)
    where T : class
{
    /// <summary>As many are kept: those of some years. Of more, the rest is read each time.</summary>
    private const int MostKept = 10_000;

    /// <summary>Of more than these, everything between the first and the last is read at once.</summary>
    private const int MostReadSingly = 24;

    private const int ReadAtOnce = 8;

    /// <summary>
    /// By row key. Replaced as a whole by each list, so that nothing that was deleted stays in memory for longer.
    /// </summary>
    private volatile ConcurrentDictionary<string, Stored<T>> known = new();

    /// <summary>Keeps a record that was just read by itself, so that the next list need not read it.</summary>
    public void Keep(Stored<T> stored)
    {
        // Where nothing is known yet, the first list reads all at once.
        if (known is { IsEmpty: false, Count: < MostKept } || known.ContainsKey(stored.Row))
            known[stored.Row] = stored;
    }

    /// <returns>
    /// Those that can be read, in the order of the row keys, and the row keys of those that are left out.
    /// </returns>
    public async Task<(IReadOnlyList<Stored<T>> Read, IReadOnlyList<string> LeftOut)> Listed(
        CancellationToken cancellation)
    {
        var before = known;
        var listed = before.IsEmpty
            ? await records.Listed(TableClient.CreateQueryFilter($"PartitionKey eq {partition}"), cancellation)
            : await Listed(before, cancellation);
        // Two lists at once may each put theirs here. Both were true a moment ago, and the next list compares every
        // ETag.
        known = new(listed.Read.Take(MostKept).Select(stored => KeyValuePair.Create(stored.Row, stored)));
        return listed;
    }

    private async Task<(IReadOnlyList<Stored<T>> Read, IReadOnlyList<string> LeftOut)> Listed(
        ConcurrentDictionary<string, Stored<T>> before,
        CancellationToken cancellation)
    {
        // The keys alone are little to read, and with each comes the ETag, which says whether the row has changed.
        List<string> rows = [];
        var current = new ConcurrentDictionary<string, Stored<T>>();
        await foreach (
            var row in records.Table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {partition}"),
                select: ["RowKey"],
                cancellationToken: cancellation))
        {
            rows.Add(row.RowKey);
            // A row that came without an ETag counts as changed: nothing shows that it is not.
            if (row.ETag != default
                && before.TryGetValue(row.RowKey, out var stored)
                && stored.ETag == row.ETag.ToString())
                current[row.RowKey] = stored;
        }

        var unknown = rows.Where(row => !current.ContainsKey(row)).Order(StringComparer.Ordinal).ToList();
        var leftOut = new ConcurrentDictionary<string, bool>();
        if (unknown.Count > MostReadSingly)
        {
            var (read, others) = await records.Listed(
                TableClient.CreateQueryFilter(
                    $"PartitionKey eq {partition} and RowKey ge {unknown[0]} and RowKey le {unknown[^1]}"),
                cancellation);
            foreach (var stored in read)
                current[stored.Row] = stored;
            foreach (var row in others)
                leftOut[row] = true;
        }
        else
            await Parallel.ForEachAsync(
                unknown,
                new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellation },
                async (row, stop) =>
                {
                    // One that has been deleted meanwhile is neither.
                    if (await records.Table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: stop)
                        is not { HasValue: true, Value: { } entity })
                        return;
                    if (await records.TryRead(entity, stop) is { } stored)
                        current[row] = stored;
                    else
                        leftOut[row] = true;
                });

        return (
            [.. current.Values.OrderBy(stored => stored.Row, StringComparer.Ordinal)],
            [.. leftOut.Keys.Order(StringComparer.Ordinal)]);
    }
}
