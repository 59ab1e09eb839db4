using System.Buffers.Binary;

namespace Distribution.Letters;

/// <summary>What the chunks of a PNG file say, without its picture being decoded.</summary>
internal static class PngFile
{
    private const int HeaderLength = 8;

    /// <summary>
    /// Length, type and checksum of a chunk, 4 bytes each, around its data (PNG specification, chunk layout).
    /// </summary>
    private const int AroundChunk = 12;

    private static readonly byte[] Header = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool Is(ReadOnlySpan<byte> content) => content.StartsWith(Header);

    /// <summary>Reads the IHDR chunk, the first one, which begins with width and height in dots.</summary>
    /// <returns>In dots; null if it has none.</returns>
    public static (int Width, int Height)? Size(ReadOnlySpan<byte> content) =>
        Is(content) && content.Length >= 24 && content[12..16].SequenceEqual("IHDR"u8)
            ? (Number(content[16..20]), Number(content[20..24]))
            : null;

    /// <summary>True if its chunks follow each other to the last one, which a file that was cut off lacks.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> content)
    {
        if (!Is(content))
            return false;
        for (var rest = content[HeaderLength..]; rest.Length >= AroundChunk;)
        {
            if (rest[4..8].SequenceEqual("IEND"u8))
                return true;
            var length = Number(rest[..4]);
            if (length > rest.Length - AroundChunk)
                return false;
            rest = rest[(length + AroundChunk)..];
        }

        return false;
    }

    // Cut at what an int holds: the file is then too short, or the image too large, in any case.
    private static int Number(ReadOnlySpan<byte> bytes) =>
        (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(bytes), int.MaxValue);
}
