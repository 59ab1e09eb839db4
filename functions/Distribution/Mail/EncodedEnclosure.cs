using System.Text;

namespace Distribution.Mail;

/// <summary>
/// An enclosure's bytes, base64-encoded once and shared by every letter of a distribution.
/// MIME needs lines of 76 characters, SendGrid one unbroken string; each form is made on first use (lazy).
/// </summary>
internal sealed class EncodedEnclosure(string fileName, string contentType, ReadOnlyMemory<byte> content)
{
    private readonly Lazy<byte[]> mime = new(() =>
        Encoding.ASCII.GetBytes(Convert.ToBase64String(content.Span, Base64FormattingOptions.InsertLineBreaks)));
    private readonly Lazy<byte[]> unbroken = new(() => Unbroken(content.Span));

    public string FileName { get; } = fileName;

    public string ContentType { get; } = contentType;

    /// <summary>The size as transmitted in a mail message, in bytes.</summary>
    public static long EncodedLength(long length) =>
        // Four characters for three bytes, CR LF after each 76 of them (RFC 2045, 6.8), and one more CR LF at the end.
        (length + 2) / 3 * 4 * 78 / 76 + 2;

    /// <summary>Base64 in lines of 76 characters, separated by CR LF.</summary>
    public ReadOnlyMemory<byte> Mime => mime.Value;

    /// <summary>Base64 without line breaks.</summary>
    public ReadOnlyMemory<byte> Base64 => unbroken.Value;

    private static byte[] Unbroken(ReadOnlySpan<byte> content)
    {
        var encoded = new byte[System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(content.Length)];
        System.Buffers.Text.Base64.EncodeToUtf8(content, encoded, out _, out var written);
        return encoded.AsSpan(0, written).ToArray();
    }
}
