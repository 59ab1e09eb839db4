using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Tracking.NoticeMails;

/// <summary>Stores what has been told by mail, beside the notices.</summary>
internal sealed class ToldMatters(StorageAccount account)
{
    private const string Partition = "mail";

    private const string Row = "told";

    private readonly Records<NoticeMailState> records = new(account, ResourceNames.NoticesTable);

    /// <returns>When it was told by mail; null where it was not, or where that is not known.</returns>
    public async Task<DateTimeOffset?> WhenTold(string key, CancellationToken cancellation)
    {
        try
        {
            return (await records.Find(Partition, Row, cancellation))?.Value.ToldAt.TryGetValue(key, out var at) is true
                ? at
                : null;
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            // The mailer says what to do about it; a page can do without.
            return null;
        }
    }

    /// <inheritdoc cref="Records{T}.Update"/>
    /// <exception cref="InvalidDataException">The record cannot be read; says what to do.</exception>
    public async Task<TResult> Update<TResult>(
        Func<NoticeMailState, Decision<NoticeMailState, TResult>> change,
        CancellationToken cancellation)
    {
        try
        {
            return (await records.Update(
                Partition,
                Row,
                (NoticeMailState? state) => change(state ?? NoticeMailState.Empty),
                cancellation)).Result;
        }
        catch (UnreadableRecordException)
        {
            // Not as its inner exception: a job counts as done that has left out what cannot be read, and here that is
            // all.
            throw new InvalidDataException(
                $"what was told already cannot be read. Delete the row {Row} of the partition {Partition} in the table {ResourceNames.NoticesTable}; what waits is then told once more.");
        }
        catch (LaterFormatException later)
        {
            // As above: it must not count as a record that was only left out.
            throw new InvalidDataException(later.Message);
        }
    }
}
