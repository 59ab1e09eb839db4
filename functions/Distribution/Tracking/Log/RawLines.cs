using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Distribution.Common;

namespace Distribution.Tracking.Log;

/// <summary>
/// Reads a stream line by line as bytes, without loading it whole. Lines must be hashed as bytes, because decoding to
/// text and back can change them.
/// </summary>
internal static class RawLines
{
    /// <summary>
    /// The longest line that is read, in bytes. What this service writes is shorter: the longest value of a log is a
    /// copy of a record, and a row of a table holds 1 MB.
    /// </summary>
    public const int Longest = 8_000_000;

    private const int Block = 65_536;

    /// <returns>Each line without its line feed; <c>Ended</c> is false for a last one that has none.</returns>
    /// <exception cref="InvalidDataException">
    /// A line is longer than <see cref="Longest"/>; it is not read on.
    /// </exception>
    public static async IAsyncEnumerable<(byte[] Line, bool Ended)> Read(
        Stream stream,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = PipeReader.Create(stream, new(bufferSize: Block, leaveOpen: true));
        // Without a line feed among them, these are not searched again.
        var searched = 0L;
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var buffer = read.Buffer;
            while (buffer.Slice(searched).PositionOf((byte)'\n') is { } end)
            {
                yield return (buffer.Slice(0, end).ToArray(), true);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                searched = 0;
            }

            if (buffer.Length > Longest)
                throw new InvalidDataException(
                    $"It is longer than {EnglishText.Size(Longest)}, and no line that this service writes is: the rest was not read.");
            searched = buffer.Length;

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
