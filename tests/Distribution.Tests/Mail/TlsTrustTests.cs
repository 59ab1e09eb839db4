using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Distribution.Mail;
using Distribution.Tests.Fixtures;
using Distribution.Tracking.Inbound;
using MailKit.Net.Imap;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Distribution.Tests.Mail;

/// <summary>Which servers are trusted, by SMTP and IMAP, and how it is said why not.</summary>
public sealed class TlsTrustTests : IDisposable
{
    private readonly TestCertificates certificates = new();
    private readonly FakeTimeProvider clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => certificates.Dispose();

    [Theory]
    [InlineData("127.0.0.1", false, false, "required", "nobody this machine trusts vouches for its certificate")]
    [InlineData("mail.mission.example", false, true, "none", "is for mail.mission.example and not for 127.0.0.1")]
    [InlineData("127.0.0.1", true, true, "none", "is good from ")]
    [InlineData("127.0.0.1", false, true, "required", "the list of revoked certificates is out of reach")]
    [InlineData("127.0.0.1", false, true, "when-reachable", null)]
    [InlineData("127.0.0.1", false, true, "none", null)]
    public async Task The_reason_why_a_server_is_not_trusted_is_in_words(
        string name,
        bool isExpired,
        bool isOwnAuthority,
        string revocation,
        string? words)
    {
        using var certificate = certificates.Of(name, isExpired);
        await using var smtp = new SmtpReceiver(endpoint => endpoint.Certificate(certificate));
        await using var imap = Imap(certificate);
        var mail = OutgoingSamples.Settings(smtp.Address);
        mail.Encryption = "starttls";
        var inbound = new InboundSettings
        {
            ImapServer = $"imaps://127.0.0.1:{imap.Port}",
            User = "bounces",
            Password = "x",
            TlsCaFile = mail.TlsCaFile = isOwnAuthority ? certificates.CaFile : "",
            TlsRevocation = mail.TlsRevocation = revocation,
        };

        var (sent, read) = (await FaultOfSending(mail), await FaultOfReading(inbound));

        if (words is null)
        {
            Assert.Equal((null, null), (sent, read));
            return;
        }

        Assert.Contains(words, sent);
        Assert.Contains(words, read);
        Assert.Empty(smtp.Mails);
    }

    [Fact]
    public async Task One_certificate_may_be_trusted_by_its_fingerprint_and_no_other_is()
    {
        using var certificate = certificates.Of("127.0.0.1");
        using var other = certificates.Of("127.0.0.1");
        await using var receiver = new SmtpReceiver(endpoint => endpoint.Certificate(certificate).IsSecure(true));
        var mail = OutgoingSamples.Settings($"smtps://127.0.0.1:{receiver.Port}");

        mail.TlsFingerprint = TestCertificates.FingerprintOf(certificate);
        Assert.Null(await FaultOfSending(mail));
        (mail.TlsFingerprint, mail.TlsCaFile, mail.TlsRevocation) =
            (TestCertificates.FingerprintOf(other), certificates.CaFile, "none");
        Assert.Contains("another fingerprint than Mail:TlsFingerprint says", await FaultOfSending(mail));
        Assert.Single(receiver.Mails);
    }

    [Fact]
    public async Task TLS_on_a_port_that_begins_in_the_clear_is_named()
    {
        await using var smtp = new ScriptedSmtpServer();
        await using var imap = new ScriptedServer((stream, stop) =>
            stream.WriteAsync("* OK ready\r\n"u8.ToArray(), stop).AsTask());

        Assert.Contains(
            "Write smtp:// in Mail:Transport",
            await FaultOfSending(OutgoingSamples.Settings($"smtps://127.0.0.1:{smtp.Port}")));
        Assert.Contains("Write imap:// in Inbound:ImapServer", await FaultOfReading(Inbound($"imaps://127.0.0.1:{imap.Port}")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_TLS_on_a_port_that_is_encrypted_from_the_first_byte_is_named(bool saysSomething)
    {
        await using var server = new ScriptedServer(async (stream, stop) =>
        {
            // A TLS alert: what some servers send to whoever does not begin with TLS.
            if (saysSomething)
                await stream.WriteAsync((byte[])[0x15, 3, 1, 0, 2, 2, 10, (byte)'\r', (byte)'\n'], stop);
            await Task.Delay(Timeout.Infinite, stop);
        });

        Assert.Contains(
            "Write smtps:// in Mail:Transport",
            await PassingTime(FaultOfSending(OutgoingSamples.Settings($"smtp://127.0.0.1:{server.Port}"))));
        Assert.Contains(
            "Write imaps:// in Inbound:ImapServer",
            await PassingTime(FaultOfReading(Inbound($"imap://127.0.0.1:{server.Port}"))));
    }

    [Fact]
    public async Task A_log_in_that_is_offered_only_after_STARTTLS_is_told_from_one_that_is_not_offered()
    {
        await using var smtp = new ScriptedSmtpServer { Extensions = ["STARTTLS"] };
        var mail = OutgoingSamples.Settings($"smtp://127.0.0.1:{smtp.Port}");
        (mail.User, mail.Encryption) = ("letters", "none");
        await using var imap = Talking("* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n");
        var inbound = Inbound($"imap://127.0.0.1:{imap.Port}");
        inbound.Encryption = "none";

        Assert.Contains("Set Mail:Encryption to starttls", await FaultOfSending(mail));
        Assert.Contains("Set Inbound:Encryption to starttls", await FaultOfReading(inbound));
    }

    [Theory]
    [InlineData("* OK ")]
    [InlineData("* OK still\r\n* OK there\r\n")]
    public async Task A_mailbox_server_that_never_comes_to_an_end_is_cut_off_and_takes_no_memory(string words)
    {
        await using var endless = new ScriptedServer((stream, stop) => ScriptedServer.Flood(stream, words, stop));
        await using var later = new ScriptedServer(async (stream, stop) =>
        {
            await stream.WriteAsync("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n"u8.ToArray(), stop);
            await stream.ReadAtLeastAsync(new byte[100], 1, cancellationToken: stop);
            await ScriptedServer.Flood(stream, words, stop);
        });
        var before = GC.GetTotalAllocatedBytes();

        Assert.NotNull(await FaultOfReading(Inbound($"imap://127.0.0.1:{endless.Port}")));
        Assert.Contains("did not come to an end", await FaultOfReading(Inbound($"imap://127.0.0.1:{later.Port}")));
        // Tests beside this one are counted too; a server that is not cut off costs ten times as much.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1_000_000_000);
    }

    [Fact]
    public void Settings_that_trust_nobody_by_mistake_are_named()
    {
        var mail = OutgoingSamples.Settings("smtps://mail.mission.org");
        (mail.TlsCaFile, mail.TlsFingerprint, mail.TlsRevocation) = ("/no/such.pem", "ab:cd", "sometimes");

        Assert.Equal(
            ["Setting Mail:TlsRevocation", "Setting Mail:TlsFingerprint", "Setting Mail:TlsCaFile"],
            MailSettingsValidation.Check(mail).Select(fault => fault.Place));
        var inbound = Inbound("imaps://mail.mission.org");
        inbound.TlsRevocation = "sometimes";
        Assert.Contains(
            "Inbound:TlsRevocation",
            Assert.Single(new InboundSettingsValidation().Validate(null, inbound).Failures!));
    }

    private static InboundSettings Inbound(string server) => new()
    {
        ImapServer = server,
        User = "bounces",
        Password = "x",
    };

    /// <summary>Takes every sign-in.</summary>
    private static ScriptedServer Imap(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate) =>
        new(async (stream, stop) =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
            await tls.WriteAsync("* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n"u8.ToArray(), stop);
            using var lines = new StreamReader(tls, Encoding.ASCII);
            while (await lines.ReadLineAsync(stop) is { } line)
                await tls.WriteAsync(
                    Encoding.ASCII.GetBytes($"* CAPABILITY IMAP4rev1\r\n{line.Split(' ')[0]} OK done\r\n"),
                    stop);
        });

    private static ScriptedServer Talking(string greeting) =>
        new(async (stream, stop) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(greeting), stop);
            await Task.Delay(Timeout.Infinite, stop);
        });

    private async Task<string?> FaultOfSending(MailSettings settings)
    {
        await using var transport = MailTransports.Create(settings, clock);
        try
        {
            await transport.Send(OutgoingSamples.Letter(), Cancellation);
            return null;
        }
        catch (SenderFaultException fault)
        {
            return fault.Message;
        }
    }

    private async Task<string?> FaultOfReading(InboundSettings settings)
    {
        try
        {
            using var client = await ImapSignIn.SignIn(settings, clock, Cancellation);
            return null;
        }
        catch (Exception fault)
            when (fault is ImapServerException or ImapProtocolException or IOException or SocketException)
        {
            return fault.Message;
        }
        catch (InvalidOperationException)
        {
            // The server had us signed in already.
            return null;
        }
    }

    private async Task<T> PassingTime<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            await Task.Delay(5, Cancellation);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        return await task;
    }
}
