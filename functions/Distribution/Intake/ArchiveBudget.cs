namespace Distribution.Intake;

/// <summary>
/// How much of an archive is unpacked to look into it: a small one can unpack to more than any memory holds, and what
/// it says of its sizes need not be true.
/// </summary>
internal sealed class ArchiveBudget
{
    // In bytes, for all parts of one archive together.
    private long left = 100_000_000;

    /// <returns>
    /// A stream that counts what is read from it, together with all others of this budget. Beyond 100 MB its reading
    /// throws an <see cref="ExceededException"/>.
    /// </returns>
    public Stream Bound(Stream unpacked) => new BoundedStream(unpacked, this);

    /// <summary>The archive unpacks to more than is looked through.</summary>
    public sealed class ExceededException : Exception;

    private sealed class BoundedStream(Stream inner, ArchiveBudget budget) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            return (budget.left -= read) < 0 ? throw new ExceededException() : read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
