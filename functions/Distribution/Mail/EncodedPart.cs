using MimeKit;

namespace Distribution.Mail;

/// <summary>
/// An attachment whose content is encoded already, as it goes over the wire: it is written as it is, in large blocks,
/// and neither read through filters nor copied for each letter.
/// </summary>
/// <param name="encoded">Base64 in lines that end with CR LF, the last without.</param>
internal sealed class EncodedPart(ContentType type, ReadOnlyMemory<byte> encoded) : MimePart(type)
{
    /// <summary>Below what the runtime treats as a large object: filters copy a block into one of their own.</summary>
    private const int Block = 32 * 1024;

    public override void WriteTo(
        FormatOptions options,
        Stream stream,
        bool contentOnly,
        CancellationToken cancellationToken = default)
    {
        if (options.NewLineFormat != NewLineFormat.Dos)
        {
            base.WriteTo(options, stream, contentOnly, cancellationToken);
            return;
        }

        if (!contentOnly)
        {
            Headers.WriteTo(options, stream, cancellationToken);
            stream.Write("\r\n"u8);
        }

        for (var place = 0; place < encoded.Length; place += Block)
            stream.Write(encoded.Span[place..Math.Min(encoded.Length, place + Block)]);
    }

    public override async Task WriteToAsync(
        FormatOptions options,
        Stream stream,
        bool contentOnly,
        CancellationToken cancellationToken = default)
    {
        if (options.NewLineFormat != NewLineFormat.Dos)
        {
            await base.WriteToAsync(options, stream, contentOnly, cancellationToken);
            return;
        }

        if (!contentOnly)
        {
            await Headers.WriteToAsync(options, stream, cancellationToken);
            await stream.WriteAsync("\r\n"u8.ToArray(), cancellationToken);
        }

        for (var place = 0; place < encoded.Length; place += Block)
            await stream.WriteAsync(encoded[place..Math.Min(encoded.Length, place + Block)], cancellationToken);
    }
}
