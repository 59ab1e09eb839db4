using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Distribution.Tracking.Log;

/// <summary>
/// Reads a stream line by line as bytes, without loading it whole. Lines must be hashed as bytes, because decoding to
/// text and back can change them.
/// </summary>
internal static class RawLines
{
    /// <returns>Each line without its line feed; <c>Ended</c> is false for a last one that has none.</returns>
    public static async IAsyncEnumerable<(byte[] Line, bool Ended)> Read(
        Stream stream,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = PipeReader.Create(stream, new(leaveOpen: true));
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                yield return (buffer.Slice(0, end).ToArray(), true);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (read.IsCompleted)
            {
                if (!buffer.IsEmpty)
                    yield return (buffer.ToArray(), false);
                await reader.CompleteAsync();
                yield break;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }
}
