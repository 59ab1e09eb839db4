using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using MimeKit;
using MimeKit.Cryptography;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// Makes a message readable for the code that follows: its text is rewritten in UTF-8 from any charset, and what
/// Outlook (TNEF, <c>winmail.dat</c>) and opaque S/MIME wrap is put beside the wrapping. The stored message keeps its
/// original bytes.
/// </summary>
internal static class ReadableMessage
{
    /// <summary>How much of a text is read, in bytes. Nobody writes a tenth of it.</summary>
    private const int MostText = 1_000_000;

    /// <summary>How many wrappings within each other are opened, such as a winmail.dat in a signed message.</summary>
    private const int MostWrappings = 3;

    /// <summary>How many parts are opened or rewritten. Mail programs write a few.</summary>
    private const int MostParts = 100;

    /// <summary>Parser options with a limit on nested MIME parts, which is deeper than any real message.</summary>
    private static readonly ParserOptions Careful = new() { MaxMimeDepth = 50 };

    private static readonly HeaderId[] Addresses = [HeaderId.From, HeaderId.Sender, HeaderId.ReplyTo];

    /// <param name="content">The whole message. The stream must be seekable.</param>
    /// <returns>The message as it came; <see cref="Open"/> makes it readable.</returns>
    /// <exception cref="FormatException">It cannot be read as mail.</exception>
    public static async Task<MimeMessage> Load(Stream content, CancellationToken cancellation)
    {
        content.Position = await BeginningOf(content, cancellation);
        return await MimeMessage.LoadAsync(Careful, content, cancellation);
    }

    /// <summary>
    /// The offset in bytes where the message itself begins. Some programs put a byte order mark or blank lines first,
    /// or the "From " line that separates messages in an mbox file.
    /// </summary>
    public static async Task<long> BeginningOf(Stream content, CancellationToken cancellation)
    {
        var head = new byte[4096];
        content.Position = 0;
        var length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        var begin = head.AsSpan(0, length).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        while (head.AsSpan(begin, length - begin).IndexOf((byte)'\n') is >= 0 and var end
            && Encoding.Latin1.GetString(head, begin, end) is var line
            && (string.IsNullOrWhiteSpace(line)
                || line.StartsWith("From ", StringComparison.Ordinal)
                || line.StartsWith(">From ", StringComparison.Ordinal)))
            begin += end + 1;
        return begin < length ? begin : 0;
    }

    /// <summary>Makes a message readable, in place.</summary>
    public static void Open(MimeMessage message)
    {
        if (message.Body is { } body)
            message.Body = Opened(body, MostWrappings);
        var texts = InboundMail
            .Parts(message.Body)
            .OfType<TextPart>()
            .Where(part => !part.IsAttachment)
            .Take(MostParts)
            .ToList();
        // A header with undeclared bytes mostly is in the charset of the text below it.
        var charset = texts.Select(part => part.ContentType.Charset).FirstOrDefault(name => name is not null);
        foreach (var text in texts)
            Rewrite(text);
        foreach (var header in message.Headers.ToList())
            if (header.Id == HeaderId.Subject)
                header.SetValue(Encoding.UTF8, HeaderWords.Decode(Encoding.Latin1.GetString(header.RawValue), charset));
            // Only the names are rewritten: an address is what it is.
            else if (Addresses.Contains(header.Id))
                header.SetRawValue(
                    Encoding.Latin1.GetBytes(
                        HeaderWords.InUtf8(Encoding.Latin1.GetString(header.RawValue), charset)));
    }

    private static void Rewrite(TextPart part)
    {
        // UTF-7 stays as it is: decoded, it could turn into markup, or into words that nobody has seen.
        if (part.Content is not { Stream: { } stored } encoded || Charsets.IsUtf7(part.ContentType.Charset))
            return;
        using var content = encoded.Open();
        // What is decoded is never longer than what is encoded.
        var bytes = new byte[Math.Min(MostText, stored.Length)];
        var length = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        part.SetText(Encoding.UTF8, Charsets.Decode(bytes.AsSpan(0, length), part.ContentType.Charset));
    }

    /// <returns>The part; in place of a wrapping, a part with what is in it and the wrapping itself.</returns>
    private static MimeEntity Opened(MimeEntity part, int wrappings)
    {
        if (part is Multipart several)
        {
            for (var place = 0; place < Math.Min(several.Count, MostParts); place++)
                if (Opened(several[place], wrappings) is var opened && opened != several[place])
                    several[place] = opened;
            return part;
        }

        if (wrappings == 0 || (OutlookWrapping.Body(part) ?? Signed(part)) is not { } inner)
            return part;
        // The wrapping stays beside what was in it, so that a person can save it as it came.
        return new Multipart("mixed") { Opened(inner, wrappings - 1), part };
    }

    /// <summary>
    /// What an opaque S/MIME signature wraps; null where the part is none, or is encrypted. Who signed is not looked
    /// at: a signature proves nothing here that counts.
    /// </summary>
    private static MimeEntity? Signed(MimeEntity part)
    {
        if (part is not MimePart { Content: { } content } file
            || !(part is ApplicationPkcs7Mime
                || part.ContentType.MimeType.EndsWith("pkcs7-mime", StringComparison.OrdinalIgnoreCase)
                || file.FileName?.EndsWith(".p7m", StringComparison.OrdinalIgnoreCase) is true))
            return null;
        using var bytes = new MemoryStream();
        content.DecodeTo(bytes);
        try
        {
            var signed = new SignedCms();
            signed.Decode(bytes.ToArray());
            return MimeEntity.Load(Careful, new MemoryStream(signed.ContentInfo.Content));
        }
        catch (Exception none) when (none is CryptographicException or FormatException or IOException)
        {
            // Swallowed: it is encrypted or broken, and stays a file that a person can save.
            return null;
        }
    }
}
