using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Distribution.Common;

namespace Distribution.Storage;

/// <summary>
/// A record as read from a table, with its ETag for optimistic concurrency: a change succeeds only if the row still has
/// it.
/// </summary>
/// <param name="Partition">With <paramref name="Row"/>, the key of the row that holds it.</param>
internal sealed record Stored<T>(T Value, string Partition, string Row, string ETag)
{
    /// <summary>
    /// The value as it was read. It stays the same when <see cref="Value"/> is replaced, so that the two can be
    /// compared.
    /// </summary>
    public T Original { get; init; } = Value;
}

/// <summary>What a change decided about a record.</summary>
/// <param name="Value">The record to store; null to leave it as it is.</param>
/// <param name="Result">What its caller wants to know of the decision.</param>
internal readonly record struct Decision<T, TResult>(T? Value, TResult Result)
    where T : class;

/// <summary>Decisions of which there is nothing to know but whether they change the record.</summary>
internal static class Decision
{
    public static Decision<T, bool> Of<T>(T? value) where T : class => new(value, value is not null);
}

/// <summary>The outcome of <see cref="Records{T}.Update"/>.</summary>
/// <param name="Before">The record as it was when the decision was made; null where there was none.</param>
/// <param name="After">The record as it is stored now; null if it was left as it was.</param>
/// <param name="Result">The result of the decision that counts.</param>
internal sealed record Updated<T, TResult>(T? Before, Stored<T>? After, TResult Result)
    where T : class;

/// <summary>
/// Stores records of one type in one table. Each record is one JSON text with its checksum; one that is too long for a
/// column is packed. A record that cannot be read is left out of lists, and the secretariat gets a notice about it.
/// </summary>
/// <param name="name">The table's name.</param>
/// <param name="columns">Further columns of a record, for queries; null for none.</param>
internal sealed class Records<T>(
    StorageAccount account,
    string name,
    Func<T, IEnumerable<(string Name, object Value)>>? columns = null)
    where T : class
{
    private const string Facts = nameof(Facts);

    /// <summary>
    /// The column of the text's SHA-256, in lower-case hexadecimal. Most single changes of a JSON text leave one that
    /// can be read and says something else. Rows of versions before it have none.
    /// </summary>
    private const string Sum = nameof(Sum);

    /// <summary>
    /// In characters. A column holds 64 KB, which is 32 K UTF-16 characters; a row holds 16 times as much.
    /// </summary>
    private const int LongestColumn = 30_000;

    /// <summary>In bytes, of what one column holds of a packed record.</summary>
    private const int LongestPiece = 60_000;

    private readonly TableClient table = account.Tables.GetTableClient(name);

    public TableClient Table => table;

    public TableEntity Entity(string partition, string row, T value)
    {
        var entity = new TableEntity(partition, row) { [RecordFormat.Name] = RecordFormat.Written };
        foreach (var (column, content) in columns?.Invoke(value) ?? [])
            entity[column] = content;
        var text = Json.Write(value);
        entity[Sum] = SumOf(text);
        if (text.Length <= LongestColumn)
            entity[$"{Facts}0"] = text;
        else
        {
            var rest = PackedText.Pack(text);
            for (var place = 0; rest.Length > 0; place++)
            {
                var piece = rest[..Math.Min(rest.Length, LongestPiece)];
                entity[$"{Facts}{place}"] = piece.ToArray();
                rest = rest[piece.Length..];
            }
        }

        return entity;
    }

    /// <returns>Null where the record cannot be read; the secretariat gets a notice.</returns>
    public async Task<Stored<T>?> TryRead(TableEntity entity, CancellationToken cancellation)
    {
        try
        {
            return await Read(entity, cancellation);
        }
        catch (LaterFormatException later)
        {
            await account.LeftOut.TellOfLaterFormat(
                Place(entity.PartitionKey, entity.RowKey),
                later.Format,
                cancellation);
            return null;
        }
        catch (UnreadableRecordException)
        {
            return null;
        }
    }

    /// <exception cref="LaterFormatException">The record was written by a later version of the service.</exception>
    /// <exception cref="UnreadableRecordException">
    /// It is not what was written; the secretariat gets a notice.
    /// </exception>
    public async Task<Stored<T>> Read(TableEntity entity, CancellationToken cancellation)
    {
        try
        {
            RecordFormat.Check(entity.GetInt32(RecordFormat.Name), $"The record {entity.PartitionKey} {entity.RowKey}");
            var text = Text(entity);
            if (entity.GetString(Sum) is { } sum && sum != SumOf(text))
                throw new InvalidDataException("Its checksum differs.");
            var value = Json.Read<T>(text);
            // Nearly always nothing is left out, and then no place is put into words for each row that is read.
            if (!account.LeftOut.IsEmpty)
                account.LeftOut.Remove(Place(entity.PartitionKey, entity.RowKey));
            return new(value, entity.PartitionKey, entity.RowKey, entity.ETag.ToString());
        }
        // Nothing in the block waits or asks storage, so every other exception is about the record itself: its JSON,
        // its checksum, the type of a column.
        catch (Exception fault) when (fault is not LaterFormatException)
        {
            var unreadable = new UnreadableRecordException(Place(entity.PartitionKey, entity.RowKey), fault);
            await account.LeftOut.Tell(unreadable, entity.ETag.ToString(), cancellation);
            throw unreadable;
        }
    }

    /// <summary>Whether this process left the record out when it read it last.</summary>
    public bool IsLeftOut(string partition, string row) => account.LeftOut.Has(Place(partition, row));

    /// <returns>
    /// The stored record, or null if a row with other content already exists; that row is not changed.
    /// </returns>
    public async Task<Stored<T>?> Add(string partition, string row, T value, CancellationToken cancellation)
    {
        var entity = Entity(partition, row, value);
        try
        {
            return new(value, partition, row, Version(await table.AddEntityAsync(entity, cancellation)));
        }
        // This code alone says that the row is there. Storage also answers 409 to a conflict that passes.
        catch (RequestFailedException failure) when (failure.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            return await AlreadyOurs([entity], cancellation) is [var version]
                ? new(value, partition, row, version)
                : null;
        }
    }

    /// <exception cref="LaterFormatException">The record was written by a later version of the service.</exception>
    /// <exception cref="UnreadableRecordException">
    /// It is not what was written; the secretariat gets a notice.
    /// </exception>
    public async Task<Stored<T>?> Find(string partition, string row, CancellationToken cancellation) =>
        await table.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellation)
            is { HasValue: true, Value: { } entity }
            ? await Read(entity, cancellation)
            : null;

    /// <returns>Those that can be read, in the order of the row keys.</returns>
    public async Task<IReadOnlyList<Stored<T>>> Where(string filter, CancellationToken cancellation) =>
        (await Listed(filter, cancellation)).Read;

    /// <returns>
    /// Those that can be read, in the order of the row keys, and the row keys of those that are left out.
    /// </returns>
    public async Task<(IReadOnlyList<Stored<T>> Read, IReadOnlyList<string> LeftOut)> Listed(
        string filter,
        CancellationToken cancellation)
    {
        List<Stored<T>> found = [];
        List<string> leftOut = [];
        await foreach (var entity in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellation))
            if (await TryRead(entity, cancellation) is { } read)
                found.Add(read);
            else
                leftOut.Add(entity.RowKey);
        return (found, leftOut);
    }

    /// <summary>
    /// Changes one record, or adds the first, with optimistic concurrency: if another writer was first, it is read
    /// again and the change decides again.
    /// </summary>
    /// <param name="change">
    /// Gets the record as it is now, null where there is none. It may be called several times, so it must have no
    /// effects of its own; what the caller wants to know it returns.
    /// </param>
    /// <param name="known">The record as the caller has just read it, which saves reading it again.</param>
    /// <param name="isNew">True if the caller has just seen that there is none, which saves the same.</param>
    public async Task<Updated<T, TResult>> Update<TResult>(
        string partition,
        string row,
        Func<T?, Decision<T, TResult>> change,
        CancellationToken cancellation,
        Stored<T>? known = null,
        bool isNew = false)
    {
        // The tries have no limit: each that fails means that another writer has succeeded. What the caller has read is
        // good for the first try only.
        for (var isRead = known is not null || isNew; ; isRead = false)
        {
            var stored = isRead ? known : await Find(partition, row, cancellation);
            var before = stored?.Value;
            var (value, result) = change(before);
            if (value is null)
                return new(before, null, result);
            var written = stored is null
                ? await Add(partition, row, value, cancellation)
                : await Replace(stored with { Value = value }, cancellation);
            if (written is not null)
                return new(before, written, result);
        }
    }

    /// <summary>Removes exactly what was read.</summary>
    /// <returns>False if another writer has changed it since, or it is gone.</returns>
    public async Task<bool> Remove(Stored<T> read, CancellationToken cancellation)
    {
        try
        {
            // The client takes an answer that there is no such row for success.
            return !(await table.DeleteEntityAsync(read.Partition, read.Row, new(read.ETag), cancellation)).IsError;
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            return false;
        }
    }

    /// <summary>Replaces a record that still has the ETag given with it.</summary>
    /// <returns>The record as stored now; null if another writer changed it first.</returns>
    public async Task<Stored<T>?> Replace(Stored<T> changed, CancellationToken cancellation) =>
        await Replace([changed], cancellation) is [var stored] ? stored : null;

    /// <summary>
    /// Replaces up to 100 rows of one partition in one transaction, if each still has the ETag given with it.
    /// </summary>
    /// <returns>
    /// The records as stored now, in the same order, or null if one of the rows was changed by another writer first;
    /// then no row is changed.
    /// </returns>
    public async Task<IReadOnlyList<Stored<T>>?> Replace(
        IReadOnlyList<Stored<T>> changed,
        CancellationToken cancellation)
    {
        var rows = changed.Select(stored => Entity(stored.Partition, stored.Row, stored.Value)).ToList();
        var versions = await Replace(rows, [.. changed.Select(stored => new ETag(stored.ETag))], cancellation);
        return versions is null
            ? null
            :
            [
                .. changed.Zip(
                    versions,
                    (stored, version) => new Stored<T>(stored.Value, stored.Partition, stored.Row, version)),
            ];
    }

    private async Task<IReadOnlyList<string>?> Replace(
        IReadOnlyList<TableEntity> rows,
        IReadOnlyList<ETag> before,
        CancellationToken cancellation)
    {
        try
        {
            if (rows is [var only])
                return [Version(await table.UpdateEntityAsync(only, before[0], TableUpdateMode.Replace, cancellation))];
            var answers = await table.SubmitTransactionAsync(
                rows.Zip(
                    before,
                    (row, version) =>
                        new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, version)),
                cancellation);
            return [.. answers.Value.Select(Version)];
        }
        catch (RequestFailedException failure) when (failure.Status == 412)
        {
            return await AlreadyOurs(rows, cancellation);
        }
    }

    private string Place(string partition, string row) =>
        SingleLine.Of($"the record {row} of the partition {partition} in the table {name}");

    private static string SumOf(string text) =>
        Sha256Hex.Of(text);

    private static string Text(TableEntity entity)
    {
        var pieces = Enumerable
            .Range(0, int.MaxValue)
            .Select(place => entity.TryGetValue($"{Facts}{place}", out var piece) ? piece : null)
            .TakeWhile(piece => piece is not null)
            .ToList();
        // Earlier versions wrote a long record as text in several columns.
        return pieces is [byte[], ..]
            ? PackedText.Unpack([.. pieces.Cast<byte[]>().SelectMany(piece => piece)])
            : string.Concat(pieces.Cast<string>());
    }

    private static string Version(Response answer) =>
        answer.Headers.ETag?.ToString()
        ?? throw new RequestFailedException(answer.Status, "The table named no version for the changed row.");

    /// <summary>
    /// Makes a retried write idempotent. When the answer to a write is lost, the client sends it again, and the second
    /// try conflicts with the first, which succeeded. The rows then already hold the wanted content: return their
    /// ETags. Null if they do not, which is a real conflict.
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
                // Two writers must never want the same content for a row, or each takes it for its own. So each claim
                // on a record has a name that no other has.
                || Text(found) != Text(entity))
                return null;
            versions.Add(found.ETag.ToString());
        }

        return versions;
    }
}
