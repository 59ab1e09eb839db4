namespace Distribution.Mail;

/// <summary>
/// What to do where a server refuses user and password. Microsoft 365 takes no passwords for mailboxes that are read,
/// and is ending them for sending: there no password will be right.
/// </summary>
internal static class SignInRemedy
{
    private static readonly string[] Microsofts = ["office365.com", "outlook.com", "office.com"];

    public static string OfMailbox(string host) =>
        IsMicrosofts(host)
            ? "Microsoft takes no passwords there, so none will do: have the mailbox's messages forwarded to SendGrid's Inbound Parse, or put into the container inbound as NAME.eml (infra/README.md, “A return mailbox in Microsoft 365”)."
            : "Check Inbound:User and Inbound:Password.";

    public static string OfSending(string host) =>
        IsMicrosofts(host)
            ? "Check Mail:User and Mail:Password, and whether this mailbox may still send by a password (SMTP AUTH), which Microsoft is ending. Where it may not, send by SendGrid, or by a relay that takes this app without one."
            : "Check Mail:User and Mail:Password.";

    private static bool IsMicrosofts(string host) =>
        Microsofts.Any(domain =>
            host.Equals(domain, StringComparison.OrdinalIgnoreCase)
            || host.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase));
}
