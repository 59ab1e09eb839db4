using System.Buffers.Binary;
using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>How large an image of a signature may be, told from its first bytes alone.</summary>
public sealed class SignatureImageTests
{
    [Theory]
    [InlineData("sign.png", 20_000, 20_000)]
    [InlineData("sign.png", 5_001, 1)]
    [InlineData("sign.jpg", 1, 25_500)]
    public void One_of_too_many_dots_is_refused_by_name_with_what_to_do(string name, int width, int height)
    {
        var fault = Assert.Single(SignatureImage.Check(Image(name, width, height)));

        Assert.Equal((329, name), (fault.Number, fault.Place));
        Assert.Equal(
            $"The image of the signature is {width:N0} dots wide and {height:N0} high; 5,000 each way are the most.",
            fault.Words);
        Assert.Contains("Save or scan it with fewer dots", fault.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sign.png", 5_000, 1)]
    [InlineData("sign.jpg", 1_200, 400)]
    public void One_of_a_usual_size_is_taken(string name, int width, int height) =>
        Assert.Empty(SignatureImage.Check(Image(name, width, height)));

    [Theory]
    [InlineData("sign.png", 0)]
    [InlineData("sign.jpg", 0)]
    public void One_without_a_size_is_none(string name, int width) =>
        Assert.Equal(327, Assert.Single(SignatureImage.Check(Image(name, width, 1))).Number);

    private static UploadedFile Image(string name, int width, int height)
    {
        byte[] content;
        if (name.EndsWith("png", StringComparison.Ordinal))
        {
            content = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, .. new byte[17]];
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(16), width);
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(20), height);
        }
        else
        {
            // A segment of an application, a table, and the frame.
            content =
            [
                0xFF,
                0xD8,
                0xFF,
                0xE0,
                0,
                4,
                0,
                0,
                0xFF,
                0xC4,
                0,
                3,
                0,
                0xFF,
                0xC2,
                0,
                11,
                8,
                0,
                0,
                0,
                0,
                1,
                0,
                0,
                0,
            ];
            BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(18), (ushort)height);
            BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(20), (ushort)width);
        }

        return new(name, content, "");
    }
}
