using System.Text;

namespace Distribution.Letters.Reading;

/// <summary>
/// Reads the bytes of a text file that a person saved: UTF-8, or one of the encodings that Windows calls Unicode, with
/// or without the mark that says which.
/// </summary>
internal static class TextEncoding
{
    /// <summary>Signs that cannot be seen and that programs leave at the head of a file, once or more.</summary>
    private static readonly char[] Unseen = ['\uFEFF', '\u200B', '\u2060', '\u200E', '\u200F', '\u00AD'];

    /// <summary>The text without unseen signs at its head; null if it is in another encoding.</summary>
    public static string? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Of(bytes).GetString(bytes).TrimStart(Unseen);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>A line without the unseen signs around it.</summary>
    public static string Seen(string line) => line.Trim().Trim(Unseen).Trim();

    private static Encoding Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        // A text begins with a letter or sign of ASCII, or with a mark; so where its zeros stand tells the encoding.
        [0xFF, 0xFE, 0, 0, ..] or [not 0, 0, 0, 0, ..] => new UTF32Encoding(false, false, true),
        [0, 0, 0xFE, 0xFF, ..] or [0, 0, 0, not 0, ..] => new UTF32Encoding(true, false, true),
        [0xFF, 0xFE, ..] or [not 0, 0, not 0, 0, ..] => new UnicodeEncoding(false, false, true),
        [0xFE, 0xFF, ..] or [0, not 0, 0, not 0, ..] => new UnicodeEncoding(true, false, true),
        _ => new UTF8Encoding(false, true),
    };
}
