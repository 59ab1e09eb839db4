using System.Text;
using MailKit.Net.Smtp;
using MimeKit;
using MimeKit.IO;

namespace Distribution.Mail;

/// <summary>
/// An attachment whose content is encoded already, as it goes over the wire: it is written as it is, and neither read
/// through filters nor copied for each letter.
/// </summary>
/// <param name="encoded">Base64 in lines that end with CR LF, the last without.</param>
internal sealed class EncodedPart(ContentType type, ReadOnlyMemory<byte> encoded) : MimePart(type)
{
    public override void WriteTo(
        FormatOptions options,
        Stream stream,
        bool contentOnly,
        CancellationToken cancellationToken = default)
    {
        // What is encoded here has CR LF. Where other line ends are asked for, the library encodes the content anew.
        if (options.NewLineFormat != NewLineFormat.Dos)
        {
            base.WriteTo(options, stream, contentOnly, cancellationToken);
            return;
        }

        if (!contentOnly)
            Headers.WriteTo(options, stream, cancellationToken);
        if (stream is RelaxedBody signed)
            signed.WriteBase64(encoded.Span);
        else
            stream.Write(encoded.Span);
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
            await Headers.WriteToAsync(options, stream, cancellationToken);
        await PastTheDots(stream).WriteAsync(encoded, cancellationToken);
    }

    /// <summary>
    /// Over SMTP the mail library looks for lines that begin with a dot, one byte after the other. Base64 has no dots.
    /// </summary>
    private static Stream PastTheDots(Stream stream) =>
        // The type of the library's stream to the server is internal, so it is recognized by its assembly.
        stream is FilteredStream { Source: var wire } && wire.GetType().Assembly == typeof(SmtpClient).Assembly
            ? wire
            : stream;
}

/// <summary>A text that is encoded once, however often it is measured, signed and written.</summary>
internal sealed class EncodedText : TextPart
{
    private readonly ReadOnlyMemory<byte> encoded;

    public EncodedText(string subtype, string text)
        : base(subtype)
    {
        // Fixed, so that each try has the same bytes, whatever the server offers: the library would choose by that.
        ContentTransferEncoding = ContentEncoding.QuotedPrintable;
        SetText(Encoding.UTF8, text);
        ContentTransferEncoding = ContentEncoding.QuotedPrintable;
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        // Encoded, most texts are hardly longer.
        var written = new MemoryStream(text.Length + (text.Length / 8));
        base.WriteTo(options, written, contentOnly: true);
        encoded = written.GetBuffer().AsMemory(0, (int)written.Length);
    }

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
            Headers.WriteTo(options, stream, cancellationToken);
        stream.Write(encoded.Span);
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
            await Headers.WriteToAsync(options, stream, cancellationToken);
        await stream.WriteAsync(encoded, cancellationToken);
    }
}
