using System.Runtime.InteropServices;
using System.Text;
using Distribution.Common;
using Distribution.Register;
using MimeKit;

namespace Distribution.Mail;

/// <summary>
/// Creates a MIME message from an <see cref="OutgoingMessage"/>. Deterministic: same input, same bytes.
/// </summary>
internal static class MimeMessages
{
    /// <param name="international">
    /// Whether the transport takes addresses outside ASCII (SMTPUTF8). If not, they are left out of To and Cc.
    /// </param>
    /// <exception cref="ArgumentException">A header value holds a line break or another control character.</exception>
    public static MimeMessage Create(OutgoingMessage letter, bool international = false)
    {
        RefuseControlCharacters(letter);
        var message = new MimeMessage { MessageId = letter.MessageId, Date = letter.Date, Subject = letter.Subject };
        if (letter.InReplyTo is { } earlier)
        {
            message.InReplyTo = earlier;
            message.References.Add(earlier);
        }

        foreach (var (name, value) in letter.AutomaticHeaders)
            message.Headers.Add(name, value);
        message.From.Add(Address(letter.From));
        message.ReplyTo.AddRange(letter.ReplyTo.Select(Address));
        foreach (
            var mailbox in letter.Mailboxes.Where(mailbox =>
                international || !EmailAddresses.NeedsUtf8(mailbox.Address)))
            (mailbox.Field == MailboxField.To ? message.To : message.Cc).Add(
                new MailboxAddress(Encoding.UTF8, letter.MissionTitle, mailbox.Address));
        message.Body = Body(letter);
        message.Body.Headers.Add(HeaderId.ContentLanguage, letter.Language);
        return message;
    }

    /// <summary>
    /// True for the exceptions that <see cref="Create"/> throws if a value cannot be written into a message.
    /// </summary>
    public static bool IsUnwritable(Exception exception) => exception is ArgumentException or FormatException;

    /// <exception cref="ArgumentException">A header value holds a line break or another control character.</exception>
    public static void RefuseControlCharacters(OutgoingMessage letter)
    {
        string?[] values =
        [
            letter.MessageId,
            letter.From.Name,
            letter.From.Address,
            letter.ReturnPath,
            .. letter.ReplyTo.SelectMany(person => new[] { person.Name, person.Address }),
            letter.InReplyTo,
            letter.MissionTitle,
            letter.Language,
            letter.Subject,
            letter.DistributionId,
            letter.MissionId,
            .. letter.Envelope,
            .. letter.Mailboxes.Select(mailbox => mailbox.Address),
            .. letter.Enclosures.SelectMany(enclosure => new[] { enclosure.FileName, enclosure.ContentType }),
        ];
        if (values.FirstOrDefault(value => value is not null && value.Any(char.IsControl)) is { } bad)
            throw new ArgumentException($"A line break or control character stands in “{SingleLine.Of(bad)}”.");
        if (letter.MessageId.Length == 0 || letter.MessageId.Any(character => character is '<' or '>' or ' '))
            throw new ArgumentException("The Message-ID is empty or has brackets or spaces in it.");
    }

    private static MailboxAddress Address(Correspondent person) => new(Encoding.UTF8, person.Name, person.Address);

    private static MimeEntity Body(OutgoingMessage letter)
    {
        // Made from the Message-ID and not at random, as the library would: each try of a letter has the same bytes.
        var boundary = Sha256Hex.Of(letter.MessageId)[..32];
        // "=_" cannot occur in base64 or quoted-printable text, so no part can contain a boundary.
        var alternative = new MultipartAlternative { Boundary = $"=_a_{boundary}" };
        alternative.Add(new EncodedText("plain", letter.Text));
        alternative.Add(new EncodedText("html", letter.Html));
        if (letter.Enclosures.Count == 0)
            return alternative;
        var mixed = new Multipart("mixed") { Boundary = $"=_m_{boundary}" };
        mixed.Add(alternative);
        foreach (var enclosure in letter.Enclosures)
            mixed.Add(Attachment(enclosure));
        return mixed;
    }

    private static MimePart Attachment(EncodedEnclosure enclosure)
    {
        var type = ContentType.Parse(enclosure.ContentType);
        // Older mail programs read the file name from Content-Type, and only in the encoding of RFC 2047. Newer ones
        // read it from Content-Disposition, in the encoding of RFC 2231.
        type.Parameters.Add(
            new Parameter(Encoding.UTF8, "name", enclosure.FileName)
            {
                EncodingMethod = ParameterEncodingMethod.Rfc2047,
            });
        var disposition = new ContentDisposition(ContentDisposition.Attachment);
        disposition.Parameters.Add(
            new Parameter(Encoding.UTF8, "filename", enclosure.FileName)
            {
                EncodingMethod = ParameterEncodingMethod.Rfc2231,
            });
        return new EncodedPart(type, enclosure.Mime)
        {
            ContentDisposition = disposition,
            ContentTransferEncoding = ContentEncoding.Base64,
            // Declared as already base64-encoded, so MimeKit writes it unchanged: all letters share the same bytes.
            Content = new MimeContent(Shared(enclosure.Mime), ContentEncoding.Base64),
        };
    }

    private static MemoryStream Shared(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : throw new ArgumentException("The enclosure's bytes are not held in an array.", nameof(bytes));
}
