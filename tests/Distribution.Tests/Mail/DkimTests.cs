using System.Security.Cryptography;
using System.Text;
using Distribution.Mail;
using Distribution.Tests.Fixtures;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;
using Xunit;

namespace Distribution.Tests.Mail;

public sealed class DkimTests(PostOfficeFixture post) : IAsyncDisposable
{
    private static readonly string Rsa = RsaKey(2048);
    private static readonly string Edwards = EdwardsKey();

    private readonly SmtpReceiver receiver = new();

    public static TheoryData<string> Kinds => [nameof(Rsa), nameof(Edwards)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_letter_is_signed_as_the_post_office_received_it(string kind)
    {
        var letter = OutgoingSamples.Letter($"{Guid.NewGuid():n}@one.example") with
        {
            MessageId = $"{Guid.NewGuid():n}@letters.example",
            Text = "Excellency,\n.\n  trailing  \n\n\n",
        };
        await Send(post.Smtp.ToString(), Key(kind), letter);

        var mail = Assert.Single(await post.WaitFor(1, mail => mail.MessageId == letter.MessageId, Cancellation));
        using var message = await Load(await post.Source(mail, Cancellation));

        Assert.True(await Verifies(message, Key(kind)));
        var signature = message.Headers[HeaderId.DkimSignature];
        Assert.Contains("d=mission.example; s=letters2026;", signature, StringComparison.Ordinal);
        Assert.Contains("c=relaxed/relaxed", signature, StringComparison.Ordinal);
        Assert.Contains($"t={letter.Date.ToUnixTimeSeconds()};", signature, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Subject", "Another subject")]
    [InlineData("Reply-To", "thief@elsewhere.example")]
    [InlineData("To", "other@one.example")]
    [InlineData("Date", "Tue, 27 Mar 2018 18:05:00 -0400")]
    [InlineData("Message-ID", "<other@letters.example>")]
    public async Task What_is_changed_on_the_way_breaks_the_signature(string header, string value)
    {
        await Send(Server, Rsa, OutgoingSamples.Letter());
        using var message = await Received();
        Assert.True(await Verifies(message, Rsa));

        message.Headers[header] = value;

        Assert.False(await Verifies(message, Rsa));
    }

    [Fact]
    public async Task Another_sender_or_an_absent_header_cannot_be_added()
    {
        await Send(Server, Rsa, OutgoingSamples.Letter() with { ReplyTo = [] });
        foreach (
            var (header, value) in ((string, string)[])
                [("From", "thief@elsewhere.example"), ("Reply-To", "thief@elsewhere.example")])
        {
            using var message = await Received();
            // In front, where it stands before the one that was signed.
            message.Headers.Insert(0, header, value);
            Assert.False(await Verifies(message, Rsa));
        }
    }

    [Fact]
    public async Task A_further_try_carries_the_same_bytes_whatever_the_server_offers()
    {
        await using var server = new ScriptedSmtpServer().On(".", "451 4.3.0 Not now");
        var address = $"smtp://127.0.0.1:{server.Port}";
        await Send(address, Rsa, OutgoingSamples.Letter());
        server.Extensions = ["8BITMIME", "SMTPUTF8", "SIZE 10000000"];
        await Send(address, Rsa, OutgoingSamples.Letter());

        Assert.Equal(2, server.Mails.Count);
        Assert.Single(server.Mails.Select(mail => mail.Data).Distinct());
    }

    [Fact]
    public async Task A_letter_to_a_domain_in_other_letters_is_signed_as_it_leaves()
    {
        await Send(Server, Rsa, OutgoingSamples.Letter("office@côte.example"));

        using var message = await Received();

        Assert.Equal("office@côte.example", Assert.Single(message.To.Mailboxes).Address);
        Assert.True(await Verifies(message, Rsa));
    }

    [Fact]
    public async Task A_letter_offered_once_more_on_the_same_connection_bears_one_signature()
    {
        await using var server = new ScriptedSmtpServer { Extensions = ["8BITMIME", "DSN"] };
        server.On("RCPT", "555 5.5.4 Unsupported option: NOTIFY");

        await Send($"smtp://127.0.0.1:{server.Port}", Rsa, OutgoingSamples.Letter());

        using var message = await MimeMessage.LoadAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(Assert.Single(server.Mails).Data)),
            TestContext.Current.CancellationToken);
        Assert.Single(message.Headers, header => header.Id == HeaderId.DkimSignature);
        Assert.True(await Verifies(message, Rsa));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_signed()
    {
        await Send(Server, "", OutgoingSamples.Letter());
        using var message = await Received();
        Assert.False(message.Headers.Contains(HeaderId.DkimSignature));
    }

    [Fact]
    public void Sound_settings_pass_and_a_key_may_stand_on_one_line()
    {
        AssertFaults(Settings(Server, Rsa));
        AssertFaults(Settings(Server, Edwards));
        AssertFaults(Settings(Server, Rsa.Replace("\n", @"\n", StringComparison.Ordinal)));
        using var older = RSA.Create(1024);
        AssertFaults(Settings(Server, older.ExportRSAPrivateKeyPem()));
        AssertFaults(With(settings => settings.DkimDomain = "letters.mission.example"));
        AssertFaults(
            With(settings => (settings.From, settings.DkimDomain) = ("x@letters.mission.example", "mission.example")));
    }

    [Fact]
    public void What_would_make_signatures_worthless_keeps_the_program_from_starting()
    {
        AssertFaults(With(settings => settings.DkimKey = "secret words"), "D520");
        AssertFaults(
            With(settings => settings.DkimKey = Rsa.Replace("PRIVATE", "PUBLIC", StringComparison.Ordinal)),
            "D520");
        AssertFaults(With(settings => settings.DkimKey = Rsa[..(Rsa.Length / 2)]), "D520");
        AssertFaults(With(settings => settings.DkimKey = RsaKey(768)), "D521");
        AssertFaults(With(settings => settings.DkimSelector = ""), "D502");
        AssertFaults(With(settings => settings.DkimSelector = "a b"), "D523");
        AssertFaults(With(settings => settings.DkimDomain = "one;d=two.example"), "D523");
        AssertFaults(With(settings => settings.DkimDomain = "elsewhere.example"), "D522");
        AssertFaults(With(settings => settings.DkimDomain = "example"), "D522");
        AssertFaults(With(settings => settings.DkimKey = ""), "D502");
        AssertFaults(With(settings => settings.Transport = "pickup:out"), "D524");
        AssertFaults(With(settings => (settings.Transport, settings.SendGridApiKey) = ("sendgrid", "SG.key")), "D524");
        Assert.DoesNotContain(
            "secret words",
            string.Join(' ', MailSettingsValidation.Check(With(settings => settings.DkimKey = "secret words"))),
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Signatures_are_those_of_the_mail_library(string kind)
    {
        foreach (var text in (string[])["Excellency,\n", "", ".\n\n", "  two   blanks \t\n\n\n", "Excelência,\n"])
        {
            var letter = OutgoingSamples.Letter("office@côte.example", "b@two.example") with
            {
                Text = text,
                Subject = "Проект резолюции, весьма длинное название, которое не помещается в одной строке заголовка",
            };
            var options = new FormatOptions();
            using var own = MimeMessages.Create(letter);
            using var theirs = MimeMessages.Create(letter);

            new MessageSigner(DkimKey.Read(Key(kind))!, "mission.example", "letters2026").Sign(options, own);
            new LibrarySigner(Key(kind), letter.Date).Sign(options, theirs, LibrarySigner.Names(own));

            Assert.Equal(theirs.Headers[HeaderId.DkimSignature], own.Headers[HeaderId.DkimSignature]);
        }
    }

    /// <summary>Against the rule as RFC 6376 states it, line by line, however the body is cut into pieces.</summary>
    [Fact]
    public void A_bodys_relaxed_form_is_that_of_the_standard()
    {
        var random = new Random(7);
        string[] pieces = [" ", "\t", "\r\n", "\r\n", "a", "base64==", "A long piece of words"];
        for (var round = 0; round < 2_000; round++)
        {
            var body = string.Concat(random.GetItems(pieces, random.Next(12)));
            using var relaxed = new RelaxedBody();
            for (var at = 0; at < body.Length;)
            {
                var next = Math.Min(body.Length, at + 1 + random.Next(9));
                relaxed.Write(Encoding.ASCII.GetBytes(body[at..next]));
                at = next;
            }

            var lines = body.Split("\r\n")
                .Select(line => string.Join(' ', line.Split(' ', '\t').Index().Where(word => word.Index == 0 || word.Item.Length > 0).Select(word => word.Item)))
                .ToList();
            while (lines is [.., ""])
                lines.RemoveAt(lines.Count - 1);
            Assert.Equal(
                SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => $"{line}\r\n")))),
                relaxed.End());
        }
    }

    private string Server => receiver.Address;

    private static string Key(string kind) => kind == nameof(Rsa) ? Rsa : Edwards;

    private static MailSettings Settings(string transport, string key)
    {
        var settings = OutgoingSamples.Settings(transport);
        (settings.DkimKey, settings.DkimSelector) = (key, key.Length > 0 ? "letters2026" : "");
        return settings;
    }

    private MailSettings With(Action<MailSettings> change)
    {
        var settings = Settings(Server, Rsa);
        change(settings);
        return settings;
    }

    private static void AssertFaults(MailSettings settings, params string[] codes) =>
        Assert.Equal(codes, MailSettingsValidation.Check(settings).Select(fault => fault.Code));

    private static async Task Send(string transport, string key, OutgoingMessage letter)
    {
        await using var way = MailTransports.Create(Settings(transport, key), TimeProvider.System);
        await way.Send(letter, Cancellation);
    }

    private Task<MimeMessage> Received() => Load(receiver.Mails.Last().Content);

    private static Task<MimeMessage> Load(byte[] message) =>
        MimeMessage.LoadAsync(new MemoryStream(message), Cancellation);

    private static async Task<bool> Verifies(MimeMessage message, string key)
    {
        var verifier = new DkimVerifier(new Published(DkimKey.Read(key)!.Record));
        verifier.Enable(DkimSignatureAlgorithm.Ed25519Sha256);
        return await verifier.VerifyAsync(
            message,
            message.Headers[message.Headers.IndexOf(HeaderId.DkimSignature)],
            Cancellation);
    }

    private static string RsaKey(int bits)
    {
        using var key = RSA.Create(bits);
        return key.ExportPkcs8PrivateKeyPem();
    }

    private static string EdwardsKey()
    {
        using var text = new StringWriter { NewLine = "\n" };
        using var writer = new PemWriter(text);
        writer.WriteObject(new Pkcs8Generator(new Ed25519PrivateKeyParameters(new SecureRandom())));
        writer.Writer.Flush();
        return text.ToString();
    }

    private sealed class LibrarySigner : DkimSigner
    {
        private readonly DateTimeOffset date;

        public LibrarySigner(string key, DateTimeOffset date)
            : base(Private(key), "mission.example", "letters2026", key == Edwards ? DkimSignatureAlgorithm.Ed25519Sha256 : DkimSignatureAlgorithm.RsaSha256)
        {
            this.date = date;
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed;
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed;
        }

        /// <summary>The headers that a signature says it covers.</summary>
        public static IList<string> Names(MimeMessage signed) =>
            signed.Headers[HeaderId.DkimSignature]!.Split("h=")[1].Split(';')[0].Split(':');

        protected override long GetTimestamp() => date.ToUnixTimeSeconds();

        private static AsymmetricKeyParameter Private(string pem)
        {
            using var reader = new PemReader(new StringReader(pem));
            return reader.ReadObject() is AsymmetricCipherKeyPair pair ? pair.Private : (AsymmetricKeyParameter)new PemReader(new StringReader(pem)).ReadObject();
        }
    }

    /// <summary>The record as it would be published, under the one name that is asked for.</summary>
    private sealed class Published(string record) : DkimPublicKeyLocatorBase
    {
        public override AsymmetricKeyParameter LocatePublicKey(
            string methods,
            string domain,
            string selector,
            CancellationToken cancellationToken = default) =>
            (domain, selector) == ("mission.example", "letters2026")
                ? GetPublicKey(record)
                : throw new InvalidOperationException($"Asked for {selector}._domainkey.{domain}.");

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
            string methods,
            string domain,
            string selector,
            CancellationToken cancellationToken = default) =>
            Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
    }
}
