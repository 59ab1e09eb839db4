using System.Net.Sockets;
using Distribution.Common;

namespace Distribution.Mail;

/// <summary>The other side says more than any answer needs, or never ends one.</summary>
internal sealed class EndlessAnswerException(long bytes)
    : IOException($"It sent more than {EnglishText.Size(bytes)} without coming to the end of an answer.");

/// <summary>
/// A connection to a mail server that is cut off when the server takes too long, or says too much, for one answer: what
/// comes between two of our own writes.
/// </summary>
internal sealed class LimitedStream(Stream inner, TimeProvider clock) : Stream
{
    /// <summary>
    /// Writes are gathered up to this many bytes. The mail library writes a letter in pieces of 4 KB, and each by
    /// itself cost a time limit and a system call. Writing letters so took a third of the program's processor time
    /// (tests/Distribution.Benchmarks/README.md).
    /// </summary>
    private const int Gathered = 256 * 1024;

    private readonly byte[] gathered = new byte[Gathered];
    private int held;
    private long? asked;
    private long heard;

    /// <summary>How long one answer may take, however it trickles in; asked before each read.</summary>
    public Func<TimeSpan> AnswerWithin { get; set; } = () => Timeout.InfiniteTimeSpan;

    /// <summary>How long the other side may take to accept one block of what we write.</summary>
    public TimeSpan WriteWithin { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>The most bytes of one answer.</summary>
    public long LongestAnswer { get; set; } = 1_000_000;

    /// <summary>Whether anything was written: until then the server was only to greet.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Whether the server has said anything.</summary>
    public bool HasHeard { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="SocketException">It cannot be reached.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    public static async Task<LimitedStream> Connect(
        string host,
        int port,
        TimeSpan within,
        TimeProvider clock,
        CancellationToken cancellation)
    {
        // Without an address family, for IPv6 and IPv4. Without delay: what is written is gathered here, and the last
        // piece must not wait in the system for more.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await InTime(within, clock, token => socket.ConnectAsync(host, port, token), cancellation);
            return new(new NetworkStream(socket, ownsSocket: true), clock);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (heard > LongestAnswer)
            throw new EndlessAnswerException(LongestAnswer);
        // A caller that waits for an answer has written all that it wants to say.
        await WriteGathered(cancellationToken);
        // From the first read after a write: a server that sends a byte at a time gets no more time by that.
        asked ??= clock.GetTimestamp();
        var within = AnswerWithin();
        var read = 0;
        await InTime(
            within == Timeout.InfiniteTimeSpan ? within : within - clock.GetElapsedTime(asked.Value),
            clock,
            async token => read = await inner.ReadAsync(buffer, token),
            cancellationToken);
        heard += read;
        HasHeard |= read > 0;
        return read;
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default)
    {
        (asked, heard, HasWritten) = (null, 0, true);
        while (buffer.Length > 0)
        {
            // Copied, because the caller may use its buffer for something else once this returns.
            var fits = Math.Min(buffer.Length, Gathered - held);
            buffer[..fits].CopyTo(gathered.AsMemory(held));
            (held, buffer) = (held + fits, buffer[fits..]);
            if (held == Gathered)
                await WriteGathered(cancellationToken);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await WriteGathered(cancellationToken);
        await inner.FlushAsync(cancellationToken);
    }

    // Only the asynchronous ways have limits, so no other is open.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private ValueTask WriteGathered(CancellationToken cancellation)
    {
        var block = gathered.AsMemory(0, held);
        // Emptied first: where the write fails, nothing of it can be sent a second time.
        held = 0;
        return block.IsEmpty
            ? default
            : InTime(WriteWithin, clock, token => inner.WriteAsync(block, token), cancellation);
    }

    private static async ValueTask InTime(
        TimeSpan within,
        TimeProvider clock,
        Func<CancellationToken, ValueTask> carryOut,
        CancellationToken cancellation)
    {
        if (within != Timeout.InfiniteTimeSpan && within <= TimeSpan.Zero)
            throw new TimeoutException("It did not answer in time.");
        using var late = new CancellationTokenSource(within, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            await carryOut(stop.Token);
        }
        // Only the limit of time becomes a timeout. A stop that the caller asked for stays one.
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("It did not answer in time.");
        }
    }
}
