using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Distribution.Common;

namespace Distribution.Storage;

/// <summary>A record as a table holds it, with the version that a change must still find there.</summary>
internal sealed record Stored<T>(T Value, string ETag)
{
    /// <summary>The value as it was read, whatever becomes of <see cref="Value"/> since.</summary>
    public T Original { get; init; } = Value;
}

/// <summary>Records of one kind in one table, each whole as JSON, over as many columns as it needs.</summary>
internal sealed class Records<T>(TableClient table)
{
    private const string Facts = nameof(Facts);

    /// <summary>A column holds 64 KB, which is half as many characters; a row sixteen times that.</summary>
    private const int LongestColumn = 30_000;

    public TableClient Table => table;

    public static TableEntity Entity(
        string partition,
        string row,
        T value,
        IEnumerable<KeyValuePair<string, object>> columns)
    {
        var entity = new TableEntity(partition, row) { [RecordFormat.Name] = RecordFormat.Written };
        foreach (var (name, content) in columns)
            entity[name] = content;
        foreach (var (place, piece) in Json.Write(value).Chunk(LongestColumn).Index())
            entity[$"{Facts}{place}"] = new string(piece);
        return entity;
    }

    /// <exception cref="LaterFormatException">A later version of the service wrote it.</exception>
    public static Stored<T> Read(TableEntity entity)
    {
        RecordFormat.Check(entity.GetInt32(RecordFormat.Name), $"The record {entity.PartitionKey} {entity.RowKey}");
        return new(Json.Read<T>(Text(entity)), entity.ETag.ToString());
    }

    /// <returns>The row's version, or null when the row is there already; it is then left as it is.</returns>
    public async Task<string?> Add(TableEntity entity, CancellationToken cancellation)
    {
        try
        {
            return Version(await table.AddEntityAsync(entity, cancellation));
        }
        catch (RequestFailedException failure) when (failure.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            return await AlreadyOurs([entity], cancellation) is [var version] ? version : null;
        }
    }

    public async Task<Stored<T>?> Find(string partition, string row, CancellationToken cancellation) =>
        await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellation)
            is { HasValue: true, Value: { } entity }
            ? Read(entity)
            : null;

    /// <returns>In the order of their row keys.</returns>
    public async Task<IReadOnlyList<Stored<T>>> Where(string filter, CancellationToken cancellation)
    {
        List<Stored<T>> found = [];
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            found.Add(Read(entity));
        return found;
    }

    /// <summary>Changes up to 100 rows of one partition together.</summary>
    /// <returns>
    /// The new versions in the same order, or null when someone else changed one of the rows first; then none is
    /// changed.
    /// </returns>
    public async Task<IReadOnlyList<string>?> Replace(
        IReadOnlyList<(TableEntity Entity, string Version)> rows,
        CancellationToken cancellation)
    {
        try
        {
            if (rows is [var only])
                return
                [
                    Version(
                        await table.UpdateEntityAsync(
                            only.Entity,
                            new ETag(only.Version),
                            TableUpdateMode.Replace,
                            cancellation)),
                ];
            var answers = await table.SubmitTransactionAsync(
                rows.Select(row => new TableTransactionAction(
                    TableTransactionActionType.UpdateReplace,
                    row.Entity,
                    new ETag(row.Version))),
                cancellation);
            return [.. answers.Value.Select(Version)];
        }
        catch (RequestFailedException failure) when (failure.Status == 412)
        {
            return await AlreadyOurs([.. rows.Select(row => row.Entity)], cancellation);
        }
    }

    private static string Text(TableEntity entity) =>
        string.Concat(
            Enumerable
                .Range(0, int.MaxValue)
                .Select(place => entity.GetString($"{Facts}{place}"))
                .TakeWhile(piece => piece is not null));

    private static string Version(Response answer) =>
        answer.Headers.ETag?.ToString()
        ?? throw new RequestFailedException(answer.Status, "The table named no version for the changed row.");

    /// <summary>
    /// A write whose answer was lost is repeated by the client and then finds its own first try in its way.
    /// </summary>
    private async Task<IReadOnlyList<string>?> AlreadyOurs(
        IReadOnlyList<TableEntity> wanted,
        CancellationToken cancellation)
    {
        List<string> versions = [];
        foreach (var entity in wanted)
        {
            if (await table.GetEntityIfExistsAsync<TableEntity>(
                    entity.PartitionKey,
                    entity.RowKey,
                    cancellationToken: cancellation)
                    is not { HasValue: true, Value: { } found }
                || Text(found) != Text(entity))
                return null;
            versions.Add(found.ETag.ToString());
        }

        return versions;
    }
}
