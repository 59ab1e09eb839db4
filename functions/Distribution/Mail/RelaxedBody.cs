using System.Security.Cryptography;

namespace Distribution.Mail;

/// <summary>
/// Computes the SHA-256 of a message's body in the <c>relaxed</c> form of DKIM (RFC 6376, 3.4.4): white space within a
/// line is one space, at its end none, and empty lines at the end of the body do not count.
/// </summary>
/// <remarks>What is written to it has lines that end with CR LF, as MIME has them.</remarks>
internal sealed class RelaxedBody : Stream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long length;
    private bool isEmpty = true;

    /// <summary>White space that counts if more follows in its line.</summary>
    private bool isBlankPending;

    /// <summary>Ends of lines that count if another line follows that is not empty.</summary>
    private int linesPending;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position
    {
        get => length;
        set => throw new NotSupportedException();
    }

    /// <summary>The hash of all that was written.</summary>
    public byte[] End()
    {
        // The hash of an empty body is that of no bytes; every other body ends with one CR LF (RFC 6376, 3.4.4).
        if (!isEmpty)
            hash.AppendData("\r\n"u8);
        return hash.GetHashAndReset();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        length += buffer.Length;
        while (!buffer.IsEmpty)
        {
            switch (buffer[0])
            {
                case (byte)' ' or (byte)'\t':
                    isBlankPending = true;
                    buffer = buffer[1..];
                    break;
                case (byte)'\n':
                    linesPending++;
                    isBlankPending = false;
                    buffer = buffer[1..];
                    break;
                // Lines end with CR LF, so it is enough to count the line feeds.
                case (byte)'\r':
                    buffer = buffer[1..];
                    break;
                default:
                    AppendPending();
                    var same = AsItIs(buffer);
                    hash.AppendData(buffer[..same]);
                    buffer = buffer[same..];
                    break;
            }
        }
    }

    /// <summary>Writes what is the same in the relaxed form, without looking through it.</summary>
    /// <param name="base64">
    /// Lines of base64 that end with CR LF, the last without: no white space in them, and none of them empty.
    /// </param>
    public void WriteBase64(ReadOnlySpan<byte> base64)
    {
        if (base64.IsEmpty)
            return;
        length += base64.Length;
        AppendPending();
        hash.AppendData(base64);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            hash.Dispose();
        base.Dispose(disposing);
    }

    private void AppendPending()
    {
        for (; linesPending > 0; linesPending--)
            hash.AppendData("\r\n"u8);
        if (isBlankPending)
            hash.AppendData(" "u8);
        (isBlankPending, isEmpty) = (false, false);
    }

    /// <returns>
    /// How much of what begins within a line is the same in the relaxed form: many lines at once where they have no
    /// white space and none is empty, as in base64.
    /// </returns>
    private static int AsItIs(ReadOnlySpan<byte> buffer)
    {
        var blank = buffer.IndexOfAny((byte)' ', (byte)'\t');
        var lines = blank < 0 ? buffer : buffer[..blank];
        var empty = lines.IndexOf("\n\r\n"u8);
        if (empty >= 0)
            lines = lines[..empty];
        return lines.TrimEnd("\r\n"u8).Length;
    }
}
