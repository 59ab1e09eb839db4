using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Distribution.Local.Servers;
using Distribution.Tests.Mail;
using Distribution.Tests.Tracking.Inbound;
using Xunit;

namespace Distribution.Tests.RealServers;

/// <summary>
/// A secretariat's relay (Postfix), to which it signs in over STARTTLS; behind it the mail server of several missions
/// (another Postfix); and the mailboxes of all of them (Dovecot). Reports go by mail from one to the other, and end in
/// the return mailbox.
/// </summary>
public sealed class MailServers : IAsyncLifetime
{
    /// <summary>How many mailboxes there are that take everything, <c>m1@taken.example</c> and so on.</summary>
    internal const int Plain = 12;

    private readonly ConcurrentDictionary<string, int> asked = new();
    private readonly TestCertificates certificates = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("servers-");

    private readonly PolicyServer ofRelay;
    private readonly PolicyServer ofMissions;
    private Dovecot? mailboxes;
    private Postfix? relay;
    private Postfix? missions;

    public MailServers()
    {
        ofRelay = new(AtRelay);
        ofMissions = new(mailbox => Task.FromResult(AtMission(mailbox)));
    }

    /// <summary>Why there are none here; null where they run.</summary>
    private static string? Lacking =>
        Postfix.Lacking
        ?? (Dovecot.Program is null ? "Dovecot is not installed (Debian: dovecot-imapd)."
            : !File.Exists("/usr/lib/dovecot/lmtp") ? "Dovecot takes no mail here (Debian: dovecot-lmtpd)."
            : !File.Exists("/usr/lib/dovecot/modules/lib90_sieve_plugin.so")
                ? "Dovecot answers no mail here (Debian: dovecot-sieve)."
            : null);

    private string Certificate => Path.Combine(folder.FullName, "certificate.pem");

    private string Key => Path.Combine(folder.FullName, "key.pem");

    internal Dovecot Mailboxes => mailboxes!;

    internal Postfix Relay => relay!;

    /// <summary>Where the relay takes letters from who signs in.</summary>
    internal int SubmissionPort { get; private set; }

    /// <summary>The same, from one machine over three connections at once and no more.</summary>
    internal int NarrowPort { get; private set; }

    /// <summary>Where the relay takes mail for the secretariat from everyone.</summary>
    internal int ExchangePort { get; private set; }

    /// <summary>Whether the mission that puts everything off takes its mail now.</summary>
    internal bool IsOpenAgain { get; set; }

    /// <summary>The settings of who sends by the relay, and reads the return mailbox.</summary>
    internal (string Name, string Value)[] Settings =>
        [
            ("Mail:Transport", $"smtp://localhost:{Text(SubmissionPort)}"),
            ("Mail:Encryption", "starttls"),
            ("Mail:TlsCaFile", certificates.CaFile),
            // The authority keeps no list of what it has revoked.
            ("Mail:TlsRevocation", "none"),
            ("Mail:User", Dovecot.User),
            ("Mail:Password", Dovecot.Password),
            ("Mail:From", "Co-facilitators <letters@secretariat.example>"),
            ("Mail:ReturnPath", Dovecot.User),
            ("Inbound:ImapServer", $"imap://localhost:{Text(Mailboxes.Port)}"),
            ("Inbound:Encryption", "starttls"),
            ("Inbound:TlsCaFile", certificates.CaFile),
            ("Inbound:TlsRevocation", "none"),
            ("Inbound:User", Dovecot.User),
            ("Inbound:Password", Dovecot.Password),
            ("Inbound:ReplyAddress", "replies@secretariat.example"),
            .. Enumerable.Range(0, 5).Select(number => ($"Dispatch:RetryDelays:{Text(number)}", "00:00:01")),
        ];

    /// <summary>Skips the test where there are no such servers.</summary>
    internal static void AreNeeded() => Assert.SkipUnless(Lacking is null, Lacking ?? "");

    public async ValueTask InitializeAsync()
    {
        if (Lacking is not null)
            return;
        var cancellation = TestContext.Current.CancellationToken;
        var ports = Ports.Free(8);
        var (delivery, signIn, small, mission, down) = (ports[0], ports[1], ports[2], ports[3], ports[4]);
        (SubmissionPort, NarrowPort, ExchangePort) = (ports[5], ports[6], ports[7]);
        using (var certificate = certificates.Of("localhost"))
        using (var key = certificate.GetRSAPrivateKey()!)
        {
            await File.WriteAllTextAsync(Certificate, certificate.ExportCertificatePem(), cancellation);
            await File.WriteAllTextAsync(Key, key.ExportPkcs8PrivateKeyPem(), cancellation);
        }

        mailboxes = await Dovecot.Start(
            DovecotSettings(delivery, signIn, ExchangePort),
            [
                .. PlainMailboxes,
                "taken@taken.example",
                "answers@taken.example",
                "sender@taken.example",
                "absent@taken.example",
                "greylists@taken.example",
                "slow@slow.example",
                "good@gone.example",
                "good@xn--kln-sna.example",
                "away@away.example",
                "rejects@away.example",
                "waits@waits.example",
                "full@quota.example userdb_quota_rule=*:bytes=10",
            ],
            cancellation);
        mailboxes.Sieve(
            "away@away.example",
            """
            require ["vacation"];
            vacation :days 1 :subject "Out of the office" "The Mission is closed until 4 January.";
            """);
        mailboxes.Sieve(
            "rejects@away.example",
            """
            require ["reject"];
            reject "This mailbox takes no letters any more.";
            """);
        relay = await Postfix.Start(
            RelaySettings(delivery, signIn, small, mission, down),
            $$"""
            127.0.0.1:{{ExchangePort}} inet n - n - - smtpd
              -o smtpd_tls_security_level=may
            {{Submission(SubmissionPort)}}
            {{Submission(NarrowPort)}}
              -o smtpd_client_connection_count_limit=3
              -o smtpd_client_event_limit_exceptions=
            """,
            SubmissionPort,
            cancellation);
        missions = await Postfix.Start(
            MissionSettings(delivery),
            $"""
            127.0.0.1:{mission} inet n - n - - smtpd
            127.0.0.1:{small} inet n - n - - smtpd -o message_size_limit=10000
            """,
            mission,
            cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (IAsyncDisposable?[])[relay, missions, mailboxes, ofRelay, ofMissions])
            if (server is not null)
                await server.DisposeAsync();
        certificates.Dispose();
        folder.Delete(recursive: true);
    }

    private static IEnumerable<string> PlainMailboxes =>
        Enumerable.Range(1, Plain).Select(number => $"m{Text(number)}@taken.example");

    private string Submission(int port) =>
        $$"""
        127.0.0.1:{{port}} inet n - n - - smtpd
          -o smtpd_tls_security_level=encrypt
          -o smtpd_tls_auth_only=yes
          -o smtpd_sasl_auth_enable=yes
          -o { smtpd_relay_restrictions = permit_sasl_authenticated, reject }
          -o { smtpd_recipient_restrictions = {{ofRelay.Check}}, check_recipient_access inline:{ {gone.example = reject_unverified_recipient}, {xn--kln-sna.example = reject_unverified_recipient} } }
        """;

    /// <summary>What the relay itself does with a mailbox.</summary>
    private async Task<string> AtRelay(string mailbox)
    {
        await Task.Delay(
            mailbox.StartsWith("slow@", StringComparison.Ordinal) ? TimeSpan.FromSeconds(3)
            : PlainMailboxes.Contains(mailbox) ? TimeSpan.FromMilliseconds(200)
            : TimeSpan.Zero);
        return mailbox.StartsWith("greylists@", StringComparison.Ordinal)
            && asked.AddOrUpdate(mailbox, 1, (_, times) => times + 1) == 1
            ? "450 4.2.0 Greylisted, see http://greylist.example/help"
            : PolicyServer.Nothing;
    }

    /// <summary>What the missions' server does with a mailbox.</summary>
    private string AtMission(string mailbox) =>
        mailbox.Split('@')[0] switch
        {
            "spam" => "554 5.7.1 Your message was taken for spam and rejected",
            "busy" => "452 4.2.2 The mailbox is full",
            "waits" when !IsOpenAgain => "450 4.2.0 Please try again later",
            _ => PolicyServer.Nothing,
        };

    private string DovecotSettings(int delivery, int signIn, int exchange) =>
        $$"""
        protocols = imap lmtp
        ssl = yes
        ssl_cert = <{{Certificate}}
        ssl_key = <{{Key}}
        auth_mechanisms = plain login
        recipient_delimiter = +
        submission_host = 127.0.0.1:{{exchange}}
        postmaster_address = postmaster@%d
        hostname = mail.missions.example
        mail_plugins = quota
        protocol lmtp {
          mail_plugins = quota sieve
        }
        plugin {
          quota = maildir:User quota
          quota_rule = *:storage=1G
          sieve = file:%h/.dovecot.sieve
        }
        service lmtp {
          chroot =
          inet_listener lmtp {
            address = 127.0.0.1
            port = {{delivery}}
          }
        }
        service auth {
          inet_listener {
            address = 127.0.0.1
            port = {{signIn}}
          }
        }
        """;

    private string RelaySettings(int delivery, int signIn, int small, int mission, int down) =>
        $$"""
        myhostname = relay.secretariat.example
        virtual_mailbox_domains = secretariat.example
        virtual_mailbox_maps = inline:{ {{Dovecot.User}}=1 }
        virtual_alias_maps = inline:{ replies@secretariat.example={{Dovecot.User}} letters@secretariat.example={{Dovecot.User}} }
        virtual_transport = lmtp:inet:127.0.0.1:{{delivery}}
        recipient_delimiter = +
        transport_maps = inline:{
          {secretariat.example = lmtp:inet:127.0.0.1:{{delivery}}},
          {down.example = smtp:[127.0.0.1]:{{down}}},
          {small.example = smtp:[127.0.0.1]:{{small}}},
          {nowhere.example = error:5.4.4 Host or domain name not found. Name service error for name=nowhere.example type=AAAA: Host not found},
          {* = smtp:[127.0.0.1]:{{mission}}} }
        smtpd_relay_restrictions = reject_unauth_destination
        smtpd_sasl_type = dovecot
        smtpd_sasl_path = inet:127.0.0.1:{{signIn}}
        smtpd_tls_cert_file = {{Certificate}}
        smtpd_tls_key_file = {{Key}}
        address_verify_poll_delay = 1s
        address_verify_map =
        unverified_recipient_reject_code = 550
        minimal_backoff_time = 1s
        maximal_backoff_time = 1s
        queue_run_delay = 1s
        delay_warning_time = 1s
        """;

    private string MissionSettings(int delivery) =>
        $$"""
        myhostname = mail.missions.example
        virtual_mailbox_domains = taken.example slow.example gone.example xn--kln-sna.example away.example waits.example quota.example spam.example busy.example small.example
        virtual_mailbox_maps = inline:{ {{string.Join(' ', PlainMailboxes.Select(mailbox => $"{mailbox}=1"))}}
          taken@taken.example=1 answers@taken.example=1 sender@taken.example=1 absent@taken.example=1 greylists@taken.example=1 slow@slow.example=1 good@gone.example=1
          good@xn--kln-sna.example=1 away@away.example=1 rejects@away.example=1 waits@waits.example=1
          full@quota.example=1 spam@spam.example=1 busy@busy.example=1 small@small.example=1 }
        virtual_alias_maps = inline:{ forwards@later.example=nobody@taken.example }
        virtual_transport = lmtp:inet:127.0.0.1:{{delivery}}
        relay_domains = later.example
        relay_recipient_maps =
        transport_maps = inline:{
          {secretariat.example = smtp:[127.0.0.1]:{{ExchangePort}}},
          {later.example = lmtp:inet:127.0.0.1:{{delivery}}} }
        smtpd_relay_restrictions = reject_unauth_destination
        smtpd_recipient_restrictions = {{ofMissions.Check}}
        """;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
