using System.Security.Cryptography;
using System.Text;
using Distribution.Letters;

namespace Distribution.Intake;

/// <summary>One hash over the uploaded files that a letter is made from and encloses.</summary>
internal static class ContentHash
{
    /// <summary>
    /// SHA-256 over the letter and the files it names (enclosures, translations, signatures), with their names, in any
    /// order; lower-case hexadecimal.
    /// </summary>
    public static string Of(ReadOnlyMemory<byte> letter, IEnumerable<UploadedFile> files)
    {
        var listing = files.OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => $"enclosure {file.Hash} {file.Name}\n")
            .Prepend($"letter {Hex(letter.Span)}\n");
        return Hex(Encoding.UTF8.GetBytes(string.Concat(listing)));
    }

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
