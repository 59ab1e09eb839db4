using Distribution.Common;
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
            // Translations and signatures are called enclosures too: ids on record are made of these words, which stay.
            .Select(file => $"enclosure {file.Hash} {file.Name}\n")
            .Prepend($"letter {Sha256Hex.Of(letter.Span)}\n");
        return Sha256Hex.Of(string.Concat(listing));
    }
}
