using System.Buffers;
using Distribution.Common;
using Microsoft.AspNetCore.Http;
using static Distribution.Common.Phrase;

namespace Distribution.Web;

/// <summary>A request has more bytes than the endpoint takes.</summary>
/// <param name="words">A sentence for the sender; the exception's message is the same in English.</param>
internal sealed class BodyTooLargeException(Phrase words)
    : BadHttpRequestException(words.ForRecord, StatusCodes.Status413PayloadTooLarge)
{
    /// <param name="limit">In bytes.</param>
    /// <param name="length">In bytes; null where the request did not say it.</param>
    public BodyTooLargeException(long limit, long? length)
        : this(
            Say($"What was sent has {(length is { } bytes ? Amounts.SizeAbove(limit, bytes) : Say($"more than {Amounts.Size(limit)}"))}, and no more than {Amounts.Size(limit)} can be taken at once."))
    {
    }

    public Phrase Words { get; } = words;
}

/// <summary>
/// The body of a request, of which a handler reads no more than the limit. What is left of a body when the answer
/// begins is read and thrown away, up to a bound: else the sender, or the Functions host between, meets a broken
/// connection instead of the answer.
/// </summary>
/// <param name="limit">In bytes.</param>
/// <param name="length">What the request says that its body has, in bytes; null where it does not.</param>
internal sealed class LimitedBody(Stream body, long limit, long? length) : Stream
{
    /// <summary>How long a sender may be silent, and how long it may take, while the rest is thrown away.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private long read;

    /// <summary>Why a handler was refused the body; null where it was not.</summary>
    public BodyTooLargeException? Refused { get; private set; }

    /// <summary>Whether nothing of it has been asked for yet.</summary>
    public bool IsUnread { get; private set; } = true;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="BodyTooLargeException">The body has more than the limit.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // By what it says of itself, before anything is read: a body of a gigabyte need not arrive first.
        if (length > limit)
            throw Refuse();
        IsUnread = false;
        var got = await body.ReadAsync(buffer, cancellationToken);
        // Counted as it comes, too: a chunked body does not say its length.
        read += got;
        return read <= limit ? got : throw Refuse();
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A request's body is only read asynchronously.");

    /// <summary>Reads and throws away what is left of the body.</summary>
    /// <returns>False where it did not end within the bounds: then the connection cannot be used again.</returns>
    public async Task<bool> Drain(CancellationToken cancellation)
    {
        // Larger than what is read away: there is no use in beginning.
        if (length > RequestLimits.Drained)
            return false;
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var until = DateTime.UtcNow + Patience;
        var piece = ArrayPool<byte>.Shared.Rent(81920);
        try
        {
            while (read < RequestLimits.Drained && DateTime.UtcNow < until)
            {
                // Anew for each piece: it is silence that ends it, and not slowness; that has a bound of its own.
                time.CancelAfter(Silence);
                var got = await body.ReadAsync(piece, time.Token);
                if (got == 0)
                    return true;
                read += got;
            }
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Swallowed: the sender has gone, is too slow, or its body is broken. The answer is given all the same.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        return false;
    }

    private BodyTooLargeException Refuse() => Refused = new(limit, length);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
