namespace Distribution.Mail;

/// <summary>Settings under <c>Inbound</c>: the mailbox that bounces and replies come to.</summary>
internal sealed class InboundSettings
{
    /// <summary><c>imaps://HOST:PORT</c> or <c>imap://HOST:PORT</c>; empty where no mailbox is read.</summary>
    public string ImapServer { get; set; } = "";

    /// <summary>The mailbox's user name.</summary>
    public string User { get; set; } = "";

    /// <summary>
    /// The mailbox's password. A line break at its end is that of the file it was kept in, and no part of it.
    /// </summary>
    public string Password { get; set => field = value.TrimEnd('\r', '\n'); } = "";

    /// <summary>The folder that is read. Every unread message in it is taken and marked as read.</summary>
    public string Folder { get; set; } = "INBOX";

    /// <summary>
    /// <c>auto</c> (STARTTLS where offered), <c>starttls</c> (required), <c>none</c>. <c>imaps://</c> is always
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

    /// <summary>
    /// The address that tracked replies come to, such as <c>replies@letters.example</c>: each mission writes to
    /// <c>replies+TOKEN@letters.example</c>, and that must reach the return mailbox or SendGrid. Empty where no replies
    /// are tracked.
    /// </summary>
    public string ReplyAddress { get; set; } = "";

    /// <summary>
    /// The public key that SendGrid's Inbound Parse signs with, as its security policy shows it: base64. Two with a
    /// space between, while one replaces the other. Empty means that no such message is accepted.
    /// </summary>
    public string SendGridKey { get; set; } = "";
}
