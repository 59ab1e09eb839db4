using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Tracking.NoticeMails;

/// <summary>Stores what has been told by mail, beside the notices.</summary>
internal sealed class ToldMatters(StorageAccount account)
{
    private const string Partition = "mail";

    private const string Row = "told";

    private readonly Records<NoticeMailState> records = new(account, ResourceNames.NoticesTable);

    /// <inheritdoc cref="Records{T}.Update"/>
    public async Task<TResult> Update<TResult>(
        Func<NoticeMailState, Decision<NoticeMailState, TResult>> change,
        CancellationToken cancellation) =>
        (await records.Update(
            Partition,
            Row,
            (NoticeMailState? state) => change(state ?? NoticeMailState.Empty),
            cancellation)).Result;
}
