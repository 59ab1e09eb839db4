using System.Text.RegularExpressions;
using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Sending;

/// <summary>
/// Says why a message came back, from all that a report or a provider's event tells of it. There is one reading for
/// every way in, so that one server's words mean the same wherever they come from.
/// </summary>
internal static partial class BounceClassification
{
    /// <param name="status">
    /// The enhanced status code, such as <c>5.1.1</c> (RFC 3463); empty where none was given. Where it gives only the
    /// class (<c>5.0.0</c>), or is missing, the first full code in the words counts.
    /// </param>
    /// <param name="words">
    /// The server's own words, with its SMTP reply code in front where it gave one. Addresses, hosts and links in them
    /// say nothing: a mailbox may be called quota, and a server spam.
    /// </param>
    /// <param name="provider">
    /// What the provider makes of it, as SendGrid's <c>bounce_classification</c> or <c>type</c> has it; empty for none.
    /// </param>
    /// <returns>Null where none of it shows the reason: a reason that is guessed sends people the wrong way.</returns>
    public static BounceKind? Of(string status, string words, string provider = "")
    {
        var said = Spaces().Replace(Names().Replace(words, " "), " ");
        // The order is the rule: the first that fits is the reason. Codes are those of RFC 3463, where a server does
        // not use them for more.
        return Precise(status, said).Split('.') switch
        {
            [_, "2", "2"] => BounceKind.MailboxFull,
            // The sender's own allowance, and not the room in the mailbox.
            [_, "4", "5"] => BounceKind.Temporary,
            _ when SendersAllowance().IsMatch(said) => BounceKind.Temporary,
            _ when Full().IsMatch(said) => BounceKind.MailboxFull,
            ["4", ..] when Later().IsMatch(said) => BounceKind.Temporary,
            // Exchange Online says it of an address its directory does not have, and of senders it does not want.
            ["5", "4", "1"] => null,
            ["5", ..] or [""] when Spam().IsMatch(said) => BounceKind.Spam,
            // The code says that it was turned away, and the words that there is no such mailbox.
            [_, "7", _] when NoMailbox().IsMatch(said) => null,
            // 5.7 is about policy, 5.1.7 and 5.1.8 are about the address of the sender.
            [_, "7", _] or [_, "1", "7" or "8"] => BounceKind.Blocked,
            _ when IsBlocked(provider) || Policy().IsMatch(said) => BounceKind.Blocked,
            // With 5.4.7 a queue gives up what it could not hand over in time.
            ["4", ..] or [_, "4", "7"] => BounceKind.Temporary,
            ["5", "3", "4"] or ["5", "2", "3"] => BounceKind.TooLarge,
            // The letter was of a type that this server does not accept.
            ["5", "6", _] => BounceKind.Blocked,
            ["5", "1", "2"] or ["5", "4", "4"] => BounceKind.NoSuchDomain,
            ["5", "1", _] when NoDomain().IsMatch(said) => BounceKind.NoSuchDomain,
            // Exchange Online says 5.1.10 of a recipient that it does not find.
            ["5", "1", "1" or "3" or "6" or "10"] or ["5", "2", "1"] => BounceKind.Permanent,
            _ when NoDomain().IsMatch(said) => BounceKind.NoSuchDomain,
            _ when NoMailbox().IsMatch(said) || provider == "Invalid Address" => BounceKind.Permanent,
            _ when TooLarge().IsMatch(said) => BounceKind.TooLarge,
            _ when Put().IsMatch(said) => BounceKind.Temporary,
            _ => null,
        };
    }

    /// <summary>What came of the message, in words for people.</summary>
    /// <param name="tried">How long a server tried to hand it over, where its report says so.</param>
    public static Phrase Words(BounceKind? kind, TimeSpan? tried = null) => kind switch
    {
        BounceKind.Permanent => Say($"Came back: no such mailbox"),
        BounceKind.NoSuchDomain => Say($"Came back: no such domain"),
        BounceKind.Temporary when tried is { } span => Say($"Came back: not taken in {Amounts.Roughly(span)}"),
        BounceKind.Temporary => Say($"Came back: not taken in time"),
        BounceKind.Blocked => Say($"Came back: turned away"),
        BounceKind.Spam => Say($"Came back: taken for spam"),
        BounceKind.TooLarge => Say($"Came back: too large for the mission's server"),
        BounceKind.MailboxFull => Say($"Came back: mailbox full"),
        _ => Say($"Came back"),
    };

    private static string Precise(string status, string words)
    {
        var given = StatusCode().Match(status).Value;
        return given is "" or "5.0.0" or "4.0.0" && StatusCode().Match(words) is { Success: true } found
            ? found.Value
            : given;
    }

    private static bool IsBlocked(string provider) =>
        provider is "blocked" or "Content" or "Reputation" or "Frequency or Volume Too High";

    // Not a part of an IP address or of a version number.
    [GeneratedRegex(@"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")]
    private static partial Regex StatusCode();

    [GeneratedRegex(
        @"(?:sending|message|rate|daily|hourly) (?:quota|limit)\b.{0,20}exceed|exceeded .{0,20}(?:sending|message|rate|daily|hourly) (?:quota|limit)|receiving (?:e-?)?mail (?:too quickly|at a rate)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SendersAllowance();

    [GeneratedRegex(
        @"\bquota\b|over ?quota|QuotaExceeded|(?:mail ?box|in ?box|mail ?folder|account) (?:is |too |currently )*full|storage (?:limit|full|allocation)|mailbox (?:size )?limit|mailbox has exceeded|(?:not enough|insufficient|no) (?:disk |storage )?space (?:in|left|for)|bo[iî]te (?:aux lettres )?pleine|postfach (?:ist )?voll|buz[oó]n lleno|casella piena|ящик переполнен|邮箱已满",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Full();

    [GeneratedRegex(
        @"\bgr[ae]ylist|try again|try later|temporarily (?:deferred|unavailable|rejected)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Later();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(
        @"\bspam(?:my)?\b|\bunsolicited\b|\bjunk ?mail\b|\bDT:SPM\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Spam();

    [GeneratedRegex(
        @"(?:no such|unknown|bad|invalid) (?:destination )?(?:domain|destination host|destination system)|domain (?:name )?(?:was )?(?:not found|unknown|does ?n[o']t exist)|host unknown|\bnxdomain\b|\bnull ?mx\b|domain does not accept (?:e-?)?mail",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoDomain();

    [GeneratedRegex(
        @"\bpolicy\b|\bspam\b|\bblocked\b|\bblacklist|\bblocklist|\breputation\b|access denied",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Policy();

    [GeneratedRegex(
        @"no such (?:user|mailbox|recipient|address|person|local user)|user (?:is )?(?:unknown|not found|doesn'?t exist)|unknown (?:user|recipient|mailbox|local part)|does ?n[o']t (?:exist|have an? )|does not have an? |(?:recipient|mailbox|user|address|account) (?:you entered )?(?:was |could |can)?(?:not|n'?t) (?:be )?found|address (?:you entered )?(?:was|could|can)n'?t (?:be )?found|RecipientNotFound|no mailbox here|unrouteable|(?:account|mailbox|address) (?:has been |is |was )?(?:disabled|deactivated|inactive|discontinued)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NoMailbox();

    [GeneratedRegex(
        @"\b(?:size|length)\b.{0,30}exceed|exceed\w*.{0,30}\b(?:size|length)\b|too (?:large|big)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TooLarge();

    // A reply code that puts the message off (RFC 5321), a connection that never came about, or a queue's patience.
    [GeneratedRegex(
        @"^4[25]\d\b|connection (?:timed out|refused)|no answer|host unreachable|in the queue too long|retry timeout exceeded|(?:message|delivery time|time) expired",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Put();

    // Addresses, links, names in quotation marks or angle brackets, and host names. Exchange's codes, such as
    // RESOLVER.ADR.RecipientNotFound, have capitals.
    [GeneratedRegex(
        @"https?://\S+|<[^<>\s]*>|""[^""\s]*""|'[^'\s]*'|[^\s<>:;,()\[\]]+@[^\s<>:;,()\[\]]+|(?<![\w.-])[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![\w])")]
    private static partial Regex Names();
}
