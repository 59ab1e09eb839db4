using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Distribution.Storage;

/// <summary>
/// A text packed with Brotli behind its length. A long record repeats itself, so that a tenth is left of it; and the
/// tables' JSON writes six characters for each quotation mark of a text, and none of this.
/// </summary>
internal static class PackedText
{
    /// <summary>Of 0 to 11: what takes longer saves little.</summary>
    private const int Quality = 1;

    /// <summary>The usual window, in bits.</summary>
    private const int Window = 22;

    /// <summary>
    /// In bytes of UTF-8, many times what is ever written. What is damaged may say that it is longer, and must not take
    /// all memory.
    /// </summary>
    private const int Longest = 64_000_000;

    private const int Head = sizeof(int);

    public static ReadOnlySpan<byte> Pack(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var packed = new byte[Head + BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(packed, bytes.Length);
        // A longer text could be stored and never be read again.
        return bytes.Length <= Longest
            && BrotliEncoder.TryCompress(bytes, packed.AsSpan(Head), out var length, Quality, Window)
                ? packed.AsSpan(0, Head + length)
                : throw new InvalidOperationException($"A text of {bytes.Length} bytes cannot be packed.");
    }

    /// <exception cref="InvalidDataException">It is not what was packed.</exception>
    public static string Unpack(ReadOnlySpan<byte> packed)
    {
        if (packed.Length < Head
            || BinaryPrimitives.ReadInt32LittleEndian(packed) is not (>= 0 and <= Longest and var length))
            throw new InvalidDataException("It does not begin with the length of a text.");
        var bytes = new byte[length];
        return BrotliDecoder.TryDecompress(packed[Head..], bytes, out var written) && written == length
            ? Encoding.UTF8.GetString(bytes)
            : throw new InvalidDataException("It is not a packed text of the length it begins with.");
    }
}
