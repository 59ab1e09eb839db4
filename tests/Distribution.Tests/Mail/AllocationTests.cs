using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Distribution.Mail;
using Distribution.Tests.Fixtures;
using MimeKit;
using MimeKit.IO;
using Xunit;

namespace Distribution.Tests.Mail;

/// <summary>What is measured is the whole process, so nothing runs beside these.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    private const int Letters = 4;
    private const long OneMegabyte = 1_000_000;

    private static readonly EncodedEnclosure TenMegabytes = new("draft.pdf", "application/pdf", new byte[10_000_000]);

    private static readonly OutgoingMessage Letter = OutgoingSamples.Letter("a@one.example", "b@one.example") with
    {
        Enclosures = [TenMegabytes],
    };

    [Fact]
    public async Task Writing_a_letter_shares_its_enclosure()
    {
        Assert.Equal(13_684_212, TenMegabytes.Mime.Length);
        var written = 0L;

        var allocated = await AllocatedByEach(async () =>
        {
            using var message = MimeMessages.Create(Letter);
            await using var stream = new MeasuringStream();
            await message.WriteToAsync(new FormatOptions { NewLineFormat = NewLineFormat.Dos }, stream);
            written += stream.Length;
        });

        Assert.InRange(written, (Letters + 1) * 13_684_212L, long.MaxValue);
        Assert.InRange(allocated, 0, OneMegabyte);
    }

    [Fact]
    public async Task Signing_a_letter_shares_its_enclosure()
    {
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        var signer = new MessageSigner(DkimKey.Read(rsa.ExportPkcs8PrivateKeyPem())!, "mission.example", "letters2026");

        var allocated = await AllocatedByEach(() =>
        {
            using var message = MimeMessages.Create(Letter);
            signer.Sign(FormatOptions.Default, message);
            Assert.True(message.Headers.Contains(HeaderId.DkimSignature));
            return Task.CompletedTask;
        });

        Assert.InRange(allocated, 0, OneMegabyte);
    }

    [Fact]
    public async Task Handing_a_letter_to_SendGrid_shares_its_enclosure()
    {
        await using var server = new Swallowing(
            "HTTP/1.1 202 Accepted\r\nX-Message-Id: x\r\nContent-Length: 0\r\n\r\n");
        var settings = OutgoingSamples.Settings("sendgrid");
        settings.SendGridApiKey = "SG.key";
        settings.SendGridUrl = server.Url;
        await using var transport = MailTransports.Create(settings, TimeProvider.System);
        _ = TenMegabytes.Base64;

        var allocated = await AllocatedByEach(async () =>
            Assert.All(
                await transport.Send(Letter, TestContext.Current.CancellationToken),
                outcome => Assert.Equal(MailboxResult.Accepted, outcome.Result)));

        Assert.InRange(server.Received, (Letters + 1) * 13_333_336L, (Letters + 1) * 13_400_000L);
        Assert.InRange(allocated, 0, OneMegabyte);
    }

    // The first letter warms buffers and compiled code up.
    private static async Task<long> AllocatedByEach(Func<Task> send)
    {
        await send();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var letter = 0; letter < Letters; letter++)
            await send();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / Letters;
    }

    /// <summary>An HTTP server that reads each request by its announced length into one buffer, and answers.</summary>
    private sealed class Swallowing : IAsyncDisposable
    {
        private readonly ScriptedServer server;

        public Swallowing(string answer) =>
            server = new((stream, stop) => Serve(stream, Encoding.ASCII.GetBytes(answer), stop));

        public string Url => $"http://127.0.0.1:{server.Port}";

        public long Received { get; private set; }

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private async Task Serve(NetworkStream stream, byte[] answer, CancellationToken stop)
        {
            var buffer = new byte[1 << 16];
            while (true)
            {
                var filled = 0;
                int headers;
                while ((headers = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
                {
                    var read = await stream.ReadAsync(buffer.AsMemory(filled), stop);
                    if (read == 0)
                        return;
                    filled += read;
                }

                var head = Encoding.ASCII.GetString(buffer, 0, headers);
                var length = long.Parse(
                    head.Split("\r\n")
                        .Single(line => line.StartsWith("Content-Length:", StringComparison.Ordinal))
                        .Split(' ')[1],
                    CultureInfo.InvariantCulture);
                Received += length;
                for (var left = length - (filled - headers - 4); left > 0;)
                    left -= await stream.ReadAsync(buffer, stop);
                await stream.WriteAsync(answer, stop);
            }
        }
    }
}
