using System.Security.Cryptography;
using System.Text;
using Distribution.Common;
using MimeKit;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// Computes the id of an incoming message: a hash of what its sender wrote, body included, and of nothing that mail
/// servers add or change. So the same message has the same id from whatever source it comes. Two different messages
/// have different ids, even with the same Message-ID.
/// </summary>
internal static class MessageIdentity
{
    private static readonly HeaderId[] Written =
    [
        HeaderId.MessageId,
        HeaderId.From,
        HeaderId.To,
        HeaderId.Cc,
        HeaderId.Subject,
        HeaderId.Date,
        HeaderId.InReplyTo,
        HeaderId.References,
        HeaderId.ContentType,
        HeaderId.ContentTransferEncoding,
    ];

    /// <param name="content">The whole message, as it came.</param>
    public static async Task<string> Of(MimeMessage message, Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var header in Written)
            // MimeKit keeps the fields of the content with the body.
            hash.AppendData(Encoding.UTF8.GetBytes($"{message.Headers[header] ?? message.Body?.Headers[header]}\n"));
        content.Position = await ReadableMessage.BeginningOf(content, cancellation);
        var piece = new byte[81920];
        var (inBody, lineIsEmpty) = (false, false);
        for (int read; (read = await content.ReadAsync(piece, cancellation)) > 0;)
        {
            // Skip CR: line endings depend on the way the message came.
            var kept = 0;
            foreach (var part in piece.AsSpan(0, read))
            {
                if (part == '\r')
                    continue;
                if (inBody)
                    piece[kept++] = part;
                else
                    (inBody, lineIsEmpty) = (lineIsEmpty && part == '\n', part == '\n');
            }

            hash.AppendData(piece, 0, kept);
        }

        return Sha256Hex.Of(hash)[..32];
    }

    /// <summary>The id of content that cannot be read as mail: a hash of its bytes.</summary>
    public static async Task<string> Of(Stream content, CancellationToken cancellation)
    {
        content.Position = 0;
        return (await Sha256Hex.Of(content, cancellation))[..32];
    }
}
