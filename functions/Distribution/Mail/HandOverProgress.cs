using MailKit;

namespace Distribution.Mail;

/// <summary>
/// How far the handover of one message has come. If the connection is lost before the last byte was sent, nothing was
/// handed over. After it, the server may have taken the message, and only its answer is missing.
/// </summary>
internal sealed class HandOverProgress : ITransferProgress, IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly CancellationTokenRegistration registration;
    private volatile bool begun;
    private volatile bool mayBeComplete;

    public HandOverProgress(CancellationToken caller) => registration = caller.UnsafeRegister(_ =>
    {
        // Where the last byte leaves between this question and the cancellation, the exception is judged by
        // MayBeComplete, and the outcome is unknown.
        if (!mayBeComplete)
            source.Cancel();
    }, null);

    /// <summary>
    /// Cancelled with the caller's token, until the last byte may have been sent. From then on the caller's
    /// cancellation is ignored, so that the server's answer is not lost.
    /// </summary>
    public CancellationToken Token => source.Token;

    public bool HasBegun => begun;

    /// <summary>
    /// Always true once the server may have the whole message; it may become true a moment too early.
    /// </summary>
    public bool MayBeComplete => mayBeComplete;

    public void Begin() => begun = true;

    public void Complete() => mayBeComplete = true;

    // MailKit reports each piece of a message after writing it into the connection's buffer, and adds the final dot
    // only after the last report. So the dot cannot be sent while the count is below the message's size. The count
    // includes the doubled dots at line starts (dot-stuffing) and the size does not: it can reach the size a few bytes
    // too early, which errs on the side of "unknown". (A protocol logger does not work here: it is called only after
    // the write returned, and a write that failed may have been sent.)
    void ITransferProgress.Report(long bytesTransferred, long totalSize)
    {
        Begin();
        if (bytesTransferred >= totalSize)
            Complete();
    }

    // Without the size, any byte can be the last one.
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
