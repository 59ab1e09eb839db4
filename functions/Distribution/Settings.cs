namespace Distribution;

/// <summary>Settings under <c>Mail</c>.</summary>
internal sealed class MailSettings
{
    /// <summary><c>smtp://HOST:PORT</c>, <c>smtps://HOST:PORT</c>, <c>sendgrid</c> or <c>pickup:DIR</c>.</summary>
    public string Transport { get; set; } = "";

    /// <summary>Whom letters come from: <c>Name &lt;address&gt;</c>. Required.</summary>
    public string From { get; set; } = "";

    /// <summary>Where bounces go. Required.</summary>
    public string ReturnPath { get; set; } = "";

    /// <summary>
    /// SMTP: whether each attempt has a return path of its own, <c>NAME+TAG@domain</c>. Off until <c>check-return</c> has shown that mail to such an address
    /// comes back; never with SendGrid, which sets its own.
    /// </summary>
    public bool ReturnPathPerAttempt { get; set; }

    /// <summary>SMTP: <c>auto</c> (STARTTLS where offered), <c>starttls</c> (required), <c>none</c>. <c>smtps://</c> is always encrypted.</summary>
    public string Encryption { get; set; } = "auto";

    /// <summary>SMTP user name; empty means no authentication.</summary>
    public string User { get; set; } = "";

    /// <summary>SMTP password.</summary>
    public string Password { get; set; } = "";

    /// <summary>SendGrid API key with the permission to send and no other.</summary>
    public string SendGridApiKey { get; set; } = "";

    /// <summary>SendGrid's address.</summary>
    public string SendGridUrl { get; set; } = "https://api.sendgrid.com";

    /// <summary>
    /// The public key SendGrid's signed events are checked with, as its page shows it: base64. Two with a space between, while one replaces the other.
    /// Empty means that no events are taken.
    /// </summary>
    public string SendGridEventKey { get; set; } = "";

    /// <summary>
    /// SMTP: the private key, RSA or Ed25519 in PEM, that letters are signed with (DKIM). Empty means that they leave unsigned. SendGrid signs by itself.
    /// </summary>
    public string DkimKey { get; set; } = "";

    /// <summary>The name under which the public key stands in the DNS: <c>SELECTOR._domainkey.DOMAIN</c>. A new key comes with a new name.</summary>
    public string DkimSelector { get; set; } = "";

    /// <summary>The domain in whose name letters are signed; empty for the domain of <see cref="From"/>.</summary>
    public string DkimDomain { get; set; } = "";

    /// <summary>The largest message the way out takes, in bytes as transmitted. 0 means the transport's own limit.</summary>
    public long MaxMessageBytes { get; set; }

    /// <summary>How long one exchange with the mail server may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);
}

/// <summary>Settings under <c>Release</c>.</summary>
internal sealed class ReleaseSettings
{
    /// <summary>Whether <c>release: automatic</c> in a letter is honoured. Off unless set; then one person must be enough.</summary>
    public bool AllowAutomatic { get; set; }

    /// <summary>How many different people must stand behind a letter before it leaves: 2, or 1. Whoever uploaded it at the desk is one of them.</summary>
    public int People { get; set; } = 2;
}

/// <summary>Settings under <c>Intake</c>.</summary>
internal sealed class IntakeSettings
{
    /// <summary>How long an upload waits for a file its letter names before it is rejected.</summary>
    public TimeSpan WaitFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// What looks for malware in everything that will leave: <c>clamd://HOST:PORT</c>, <c>clamd:/path/to.sock</c>, or <c>defender</c> (Microsoft Defender
    /// for Storage). Empty means that nothing is scanned, and pages say so.
    /// </summary>
    public string Scanner { get; set; } = "";

    /// <summary>How long clamd may take for one file. An upload that cannot be scanned waits, as long as it waits for a file.</summary>
    public TimeSpan ScanWithin { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Settings under <c>Dispatch</c>.</summary>
internal sealed class DispatchSettings
{
    /// <summary>Missions in one queue message, 1 to 100: a batch is claimed in one table transaction.</summary>
    public int BatchSize { get; set; } = 25;

    /// <summary>Letters in flight at once in one batch.</summary>
    public int Concurrency { get; set; } = 8;

    /// <summary>How long a claim holds. A batch must be sent well within it.</summary>
    public TimeSpan ClaimFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Pauses before each further try of a mailbox that said "later"; after the last, the mailbox has failed.
    /// Empty means 1, 5 and 20 minutes, 1 and 4 hours.
    /// </summary>
    public IList<TimeSpan> RetryDelays { get; set; } = [];

    internal IReadOnlyList<TimeSpan> Delays => RetryDelays.Count > 0
        ? [.. RetryDelays]
        : [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(20), TimeSpan.FromHours(1), TimeSpan.FromHours(4)];

    /// <summary>
    /// How soon a distribution on hold is tried again when the mail server could not be reached. The pause doubles with each try that fails, up to 15 minutes.
    /// </summary>
    public TimeSpan ProbeEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most letters of one distribution in a minute; 0 for no limit.</summary>
    public int LettersPerMinute { get; set; }

    /// <summary>
    /// What becomes of a letter of which it is not known whether it was sent, when no evidence has come within <see cref="SettleAfter"/>:
    /// <c>resend-with-same-message-id</c>, or <c>ask</c> a person.
    /// </summary>
    public string UnknownOutcome { get; set; } = ResendUnknown;

    /// <summary>How long evidence of an unknown outcome is waited for.</summary>
    public TimeSpan SettleAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long after the hour a letter sets it may still leave by itself; later a person is asked.</summary>
    public TimeSpan LateBy { get; set; } = TimeSpan.FromMinutes(15);

    internal const string ResendUnknown = "resend-with-same-message-id";

    internal const string AskUnknown = "ask";

    internal bool ResendsUnknown => UnknownOutcome == ResendUnknown;
}

/// <summary>Settings under <c>Inbound</c>: the mailbox that letters return to.</summary>
internal sealed class InboundSettings
{
    /// <summary><c>imaps://HOST:PORT</c> or <c>imap://HOST:PORT</c>; empty where no mailbox is read.</summary>
    public string ImapServer { get; set; } = "";

    /// <summary>The mailbox's user name.</summary>
    public string User { get; set; } = "";

    /// <summary>The mailbox's password.</summary>
    public string Password { get; set; } = "";

    /// <summary>The folder that is read. Every unread message in it is taken and marked as read.</summary>
    public string Folder { get; set; } = "INBOX";

    /// <summary><c>auto</c> (STARTTLS where offered), <c>starttls</c> (required), <c>none</c>. <c>imaps://</c> is always encrypted.</summary>
    public string Encryption { get; set; } = "auto";

    /// <summary>
    /// The address that tracked replies come to, such as <c>replies@letters.example</c>: each mission writes to <c>replies+TOKEN@letters.example</c>,
    /// and that must reach the return mailbox or SendGrid. Empty where no replies are tracked.
    /// </summary>
    public string ReplyAddress { get; set; } = "";

    /// <summary>
    /// The public key that SendGrid's Inbound Parse signs with, as its security policy shows it: base64. Two with a space between, while one replaces
    /// the other. Empty means that none is taken.
    /// </summary>
    public string SendGridKey { get; set; } = "";
}

/// <summary>Settings under <c>Reminders</c>.</summary>
internal sealed class ReminderSettings
{
    /// <summary>How long after its hour a reminder may still leave by itself; later a person is asked.</summary>
    public TimeSpan LateBy { get; set; } = TimeSpan.FromHours(6);
}

/// <summary>Settings under <c>Retention</c>.</summary>
internal sealed class RetentionSettings
{
    /// <summary>
    /// How long after the last that happened to a letter it is erased, thirty days after the desk was told; at least thirty days. 0 means that only
    /// people erase.
    /// </summary>
    public TimeSpan EraseAfter { get; set; }
}

/// <summary>Settings under <c>Links</c>.</summary>
internal sealed class LinkSettings
{
    /// <summary>
    /// The keys that sign missions' links, each <c>id:base64</c> of at least 32 bytes. The first signs; every one verifies,
    /// so a key is rotated by putting a new one in front.
    /// </summary>
    public IList<string> Keys { get; set; } = [];
}

/// <summary>Settings under <c>Limits</c>: what someone who is not signed in may ask of one instance. Another instance counts for itself.</summary>
internal sealed class LimitSettings
{
    /// <summary>The most requests from one address in a minute. A whole building may share an address.</summary>
    public int PagesPerMinute { get; set; } = 1_200;

    /// <summary>The most forms sent to one mission's link in a minute.</summary>
    public int AnswersPerMinute { get; set; } = 30;

    /// <summary>The most deliveries of events or mail from one address at work at once.</summary>
    public int WebhooksAtOnce { get; set; } = 8;

    /// <summary>How many more of them may wait for their turn; a further one is asked to come again.</summary>
    public int WebhooksWaiting { get; set; } = 200;

    /// <summary>How long one request may take, the time its sender takes to send it included.</summary>
    public TimeSpan RequestTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The header in which a proxy before the service says who its client is, such as <c>X-Azure-ClientIP</c>; empty where none stands there.
    /// Anyone can send it who can pass by the proxy.
    /// </summary>
    public string ClientAddressHeader { get; set; } = "";
}

/// <summary>Settings under <c>Typesetting</c>.</summary>
internal sealed class TypesettingSettings
{
    /// <summary>The folder the typesetter is installed in, with its <c>node_modules</c>; a relative one is found beside the program.</summary>
    public string Folder { get; set; } = "typesetter";

    /// <summary>The Node.js that runs it, 20 or later: a full path, a path beside the program such as <c>node/node</c>, or a name found on the PATH.</summary>
    public string Node { get; set; } = "node";

    /// <summary>What letters are marked as: <c>ua-1</c> (PDF/UA-1) or <c>a-2a</c> (PDF/A-2a).</summary>
    public string Standard { get; set; } = "ua-1";

    /// <summary>How long one letter may take before it is given up.</summary>
    public TimeSpan Time { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Above how much memory the typesetter is begun again between two letters, in megabytes.</summary>
    public int RestartAbove { get; set; } = 500;

    /// <summary>After how many letters the typesetter is begun again.</summary>
    public int RestartAfter { get; set; } = 1_000;

    /// <summary>The most memory the typesetter may take for one letter, in megabytes.</summary>
    public int MostMemory { get; set; } = 1_500;

    internal PdfStandard PdfStandard => Standard == "a-2a" ? PdfStandard.A2a : PdfStandard.Ua1;
}

/// <summary>Settings that stand by themselves.</summary>
internal sealed class SiteSettings
{
    /// <summary>The address missions' links start with, such as <c>https://letters.example.org</c>. Required.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>The folder that holds the letter templates; a relative one is found beside the program.</summary>
    public string Templates { get; set; } = "templates";
}
