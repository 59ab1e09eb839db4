using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Distribution.Mail;

/// <summary>
/// Replaces placeholders in a SendGrid request with the shared enclosures while it is sent. SendGrid's client builds
/// the request as one string: with placeholders the string stays small, and no letter copies an enclosure.
/// </summary>
internal sealed class EnclosureStreaming(
    HttpMessageHandler inner,
    IReadOnlyList<(string Placeholder, EncodedEnclosure Enclosure)> enclosures,
    HandOverProgress handOver) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellation)
    {
        if (request.Content is { } content)
            request.Content = new Body(
                Pieces(await content.ReadAsByteArrayAsync(cancellation)),
                content.Headers.ContentType,
                handOver);
        return await base.SendAsync(request, cancellation);
    }

    private List<ReadOnlyMemory<byte>> Pieces(ReadOnlyMemory<byte> rest)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        foreach (var (placeholder, enclosure) in enclosures)
        {
            var mark = Encoding.ASCII.GetBytes(placeholder);
            var at = rest.Span.IndexOf(mark);
            if (at < 0)
                throw new InvalidOperationException(
                    $"The request has no place for the enclosure {enclosure.FileName}.");
            pieces.Add(rest[..at]);
            pieces.Add(enclosure.Base64);
            rest = rest[(at + mark.Length)..];
        }
        pieces.Add(rest);
        return pieces;
    }

    private sealed class Body : HttpContent
    {
        private readonly IReadOnlyList<ReadOnlyMemory<byte>> pieces;
        private readonly HandOverProgress handOver;

        public Body(IReadOnlyList<ReadOnlyMemory<byte>> pieces, MediaTypeHeaderValue? type, HandOverProgress handOver)
        {
            this.pieces = pieces;
            this.handOver = handOver;
            Headers.ContentType = type;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellation)
        {
            // From here on bytes may have left, so a failure no longer means that SendGrid cannot be reached.
            handOver.Begin();
            foreach (var piece in pieces.SkipLast(1))
                await stream.WriteAsync(piece, cancellation);
            // Content-Length is sent, so the server cannot process the request before the last piece. So the state
            // becomes "may be complete" just before that piece is written.
            handOver.Complete();
            await stream.WriteAsync(pieces[^1], cancellation);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = pieces.Sum(piece => (long)piece.Length);
            return true;
        }
    }
}
