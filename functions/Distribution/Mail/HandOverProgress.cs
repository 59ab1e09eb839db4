using MailKit;

namespace Distribution.Mail;

/// <summary>
/// How far one message has got on its way into the server. A connection lost before the last byte left means that
/// nothing was handed over; after it, the server may have taken the message and only its answer is missing.
/// </summary>
internal sealed class HandOverProgress : ITransferProgress, IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly CancellationTokenRegistration registration;
    private volatile bool begun;
    private volatile bool mayBeComplete;

    public HandOverProgress(CancellationToken caller) => registration = caller.UnsafeRegister(_ =>
    {
        if (!mayBeComplete)
            source.Cancel();
    }, null);

    /// <summary>
    /// Follows the caller's until the last byte may have left: from there on the server's answer is worth waiting for.
    /// </summary>
    public CancellationToken Token => source.Token;

    public bool HasBegun => begun;

    /// <summary>Never false once the server could hold the whole message; it may be true a moment early.</summary>
    public bool MayBeComplete => mayBeComplete;

    public void Begin() => begun = true;

    public void Complete() => mayBeComplete = true;

    // MailKit reports each piece of a message after it has gone into the connection's buffer and adds the final dot
    // only after the last report, so a dot cannot be out while the count is short of the message's size. The count
    // includes the dots doubled at line starts and the size does not: it can reach the size a few bytes early, which
    // errs towards "unknown". (A protocol logger would not do: it hears of the dot only after the write came back, and
    // a write that fails may have left.)
    void ITransferProgress.Report(long bytesTransferred, long totalSize)
    {
        Begin();
        if (bytesTransferred >= totalSize)
            Complete();
    }

    void ITransferProgress.Report(long bytesTransferred)
    {
        Begin();
        Complete();
    }

    public void Dispose()
    {
        registration.Dispose();
        source.Dispose();
    }
}
