using System.Buffers.Binary;
using Distribution.Common;

namespace Distribution.Letters;

/// <summary>Checks the image of a signature: it must be small, and PNG or JPEG, which every PDF reader shows.</summary>
internal static class SignatureImage
{
    private const long MostBytes = 2 * 1024 * 1024;

    /// <summary>
    /// The most pixels in width and in height: twice those of a well scanned full page. Checked besides the file size
    /// because a few compressed bytes can expand to a huge image (decompression bomb).
    /// </summary>
    internal const int MostDots = 5_000;

    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF];

    /// <returns>What is wrong; nothing if the image can be taken.</returns>
    public static IEnumerable<Finding> Check(UploadedFile image)
    {
        var isNamedSo = Path.GetExtension(image.Name).ToLowerInvariant() is ".png" or ".jpg" or ".jpeg";
        if (!isNamedSo || Size(image.Content.Span) is not var (width, height) || width == 0 || height == 0)
            yield return LetterFaults.SignatureNotImage(image.Name);
        else if (width > MostDots || height > MostDots)
            yield return LetterFaults.ImageTooManyDots("signature", image.Name, width, height, MostDots);
        if (image.Content.Length > MostBytes)
            yield return LetterFaults.ImageTooLarge("signature", image.Name, image.Content.Length, MostBytes);
    }

    private static (int Width, int Height)? Size(ReadOnlySpan<byte> content) =>
        PngFile.Is(content) ? PngFile.Size(content) : content.StartsWith(Jpeg) ? SizeOfJpeg(content) : null;

    /// <summary>
    /// Walks through the segments of a JPEG to a start of frame (SOF) segment, which has height and width.
    /// </summary>
    private static (int Width, int Height)? SizeOfJpeg(ReadOnlySpan<byte> content)
    {
        // A frame has its size in its first nine bytes: marker, length, precision, height, width.
        for (var at = 2; at + 9 <= content.Length && content[at] == 0xFF;)
        {
            var marker = content[at + 1];
            // DHT, JPG and DAC have numbers among those of frames (ITU-T T.81, table B.1).
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return (
                    BinaryPrimitives.ReadUInt16BigEndian(content[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(content[(at + 5)..]));
            // Fill bytes and the markers TEM, RSTn and SOI have no length field.
            at +=
                marker == 0xFF ? 1
                : marker is 0x01 or (>= 0xD0 and <= 0xD8) ? 2
                : 2 + BinaryPrimitives.ReadUInt16BigEndian(content[(at + 2)..]);
        }

        return null;
    }
}
