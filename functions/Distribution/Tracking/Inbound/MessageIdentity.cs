using System.Security.Cryptography;
using System.Text;
using MimeKit;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// What a message is called here: a hash of what its sender wrote, its body included, and of nothing that mail servers
/// write on top or change. So the same message has one name from whatever source it comes, and two that differ have
/// two, whatever they call themselves.
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
            hash.AppendData(Encoding.UTF8.GetBytes($"{message.Headers[header] ?? message.Body?.Headers[header]}\n"));
        content.Position = 0;
        var piece = new byte[81920];
        var (inBody, lineIsEmpty) = (false, false);
        for (int read; (read = await content.ReadAsync(piece, cancellation)) > 0;)
        {
            // Line ends differ by the way it came.
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

        return Name(hash.GetHashAndReset());
    }

    /// <summary>Of what cannot be read as mail: its bytes.</summary>
    public static async Task<string> Of(Stream content, CancellationToken cancellation)
    {
        content.Position = 0;
        return Name(await SHA256.HashDataAsync(content, cancellation));
    }

    private static string Name(byte[] hash) => Convert.ToHexStringLower(hash)[..32];
}
