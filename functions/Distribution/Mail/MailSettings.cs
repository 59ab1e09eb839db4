using Distribution.Common;

namespace Distribution.Mail;

/// <summary>Settings under <c>Mail</c>.</summary>
internal sealed class MailSettings
{
    /// <summary><c>smtp://HOST:PORT</c>, <c>smtps://HOST:PORT</c>, <c>sendgrid</c> or <c>pickup:DIR</c>.</summary>
    public string Transport { get; set; } = "";

    /// <summary>Whom letters come from: <c>Name &lt;address&gt;</c>. Required.</summary>
    public string From { get; set; } = "";

    /// <summary>The same, read: the domain is in ASCII (Punycode) and lower case. Null where it is wrong.</summary>
    public Correspondent? Sender => EmailAddresses.Read(From);

    /// <summary>Where bounces go. Required.</summary>
    public string ReturnPath { get; set; } = "";

    /// <summary>
    /// One address that is written to when something waits for a person; empty where nobody is to be told by mail.
    /// </summary>
    public string NoticesTo { get; set; } = "";

    /// <summary>
    /// SMTP: whether each attempt has a return path of its own, <c>NAME+TAG@domain</c>. Off until <c>check-return</c>
    /// has shown that mail to such an address comes back; never with SendGrid, which sets its own.
    /// </summary>
    public bool ReturnPathPerAttempt { get; set; }

    /// <summary>
    /// SMTP: whether servers are asked to report letters that arrived, too (NOTIFY=SUCCESS). Then a delay ends where a
    /// report says so; and each letter brings one more message into the return mailbox.
    /// </summary>
    public bool SuccessReports { get; set; }

    /// <summary>
    /// SMTP: <c>auto</c> (STARTTLS where offered), <c>starttls</c> (required), <c>none</c>. <c>smtps://</c> is always
    /// encrypted.
    /// </summary>
    public string Encryption { get; set; } = "auto";

    /// <summary>
    /// A file of certificates in PEM that are trusted to vouch for the server, instead of the system's; empty for the
    /// system's.
    /// </summary>
    public string TlsCaFile { get; set; } = "";

    /// <summary>
    /// The SHA-256 of the server's certificate, in hexadecimal digits: that certificate is trusted, and no other. Empty
    /// where an authority vouches for it.
    /// </summary>
    public string TlsFingerprint { get; set; } = "";

    /// <summary>
    /// Whether the list of revoked certificates must be reached: <c>required</c>, <c>when-reachable</c>, or <c>none</c>
    /// where it is not asked for.
    /// </summary>
    public string TlsRevocation { get; set; } = TlsTrust.Required;

    /// <summary>SMTP user name; empty means no authentication.</summary>
    public string User { get; set; } = "";

    /// <summary>SMTP password. A line break at its end is that of the file it was kept in, and no part of it.</summary>
    public string Password { get; set => field = value.TrimEnd('\r', '\n'); } = "";

    /// <summary>
    /// SendGrid API key with the permission to send and no other. A line break at its end is no part of it.
    /// </summary>
    public string SendGridApiKey { get; set => field = value.TrimEnd('\r', '\n'); } = "";

    /// <summary>SendGrid's address.</summary>
    public string SendGridUrl { get; set; } = "https://api.sendgrid.com";

    /// <summary>
    /// The public key SendGrid's signed events are checked with, as its page shows it: base64. Two with a space
    /// between, while one replaces the other.
    /// Empty means that no events are accepted.
    /// </summary>
    public string SendGridEventKey { get; set; } = "";

    /// <summary>
    /// SMTP: the private key that signs letters (DKIM), RSA or Ed25519 in PEM. Empty means that letters are not signed.
    /// SendGrid signs by itself.
    /// </summary>
    public string DkimKey { get; set; } = "";

    /// <summary>
    /// The name of the public key in the DNS: <c>SELECTOR._domainkey.DOMAIN</c>. A new key needs a new name.
    /// </summary>
    public string DkimSelector { get; set; } = "";

    /// <summary>The domain in whose name letters are signed; empty for the domain of <see cref="From"/>.</summary>
    public string DkimDomain { get; set; } = "";

    /// <summary>
    /// The largest message the transport takes, in bytes as transmitted. 0 means the transport's own limit.
    /// </summary>
    public long MaxMessageBytes { get; set; }

    /// <summary>
    /// The longest that any step of an exchange with the mail server may take. Zero means that each step has its own
    /// limit: by SMTP ten minutes for the answer to the final dot, five for other commands, three for each block of the
    /// letter, one for signing in, and half a minute for connecting.
    /// </summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>
    /// SMTP: the most connections to the mail server at once, over all workers (instances) of the service; 0 for no
    /// limit but <c>Dispatch:Concurrency</c> of each worker.
    /// </summary>
    public int Connections { get; set; }

    /// <summary>
    /// SMTP: the name by which this machine greets the mail server (EHLO). Empty means the domain of
    /// <see cref="From"/>.
    /// </summary>
    public string EhloName { get; set; } = "";
}
