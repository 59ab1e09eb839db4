using Distribution.Sending;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>What mail servers say, as it is found in their reports and in SendGrid's events.</summary>
public sealed class BounceClassificationTests
{
    [Theory]
    // Exchange and Exchange Online.
    [InlineData("5.1.1", "550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found", "", "Permanent")]
    [InlineData("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", "", "Permanent")]
    [InlineData("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [AM5EUR02FT013.eop-EUR02.prod.protection.outlook.com]", "", null)]
    [InlineData("5.2.2", "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded", "", "MailboxFull")]
    [InlineData("4.2.2", "452 4.2.2 The recipient's mailbox is full and can't accept messages now", "", "MailboxFull")]
    [InlineData("5.7.1", "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required", "", "Blocked")]
    [InlineData("5.7.606", "550 5.7.606 Access denied, banned sending IP [192.0.2.7]", "", "Blocked")]
    [InlineData("5.7.133", "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required", "", "Blocked")]
    [InlineData("5.2.3", "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient", "", "TooLarge")]
    [InlineData("4.4.7", "550 4.4.7 QUEUE.Expired; message expired", "", "Temporary")]
    [InlineData("4.3.2", "452 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded", "", "Temporary")]
    [InlineData("5.4.14", "550 5.4.14 Hop count exceeded - possible mail loop", "", null)]
    // Google.
    [InlineData("5.1.1", "550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos", "", "Permanent")]
    [InlineData("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled.", "", "Permanent")]
    [InlineData("5.2.2", "552-5.2.2 The email account that you tried to reach is over quota.", "", "MailboxFull")]
    [InlineData("4.2.2", "452-4.2.2 The email account that you tried to reach is over quota.", "", "MailboxFull")]
    [InlineData("5.7.26", "550-5.7.26 This mail is unauthenticated, which poses a security risk to the sender and Gmail users", "", "Blocked")]
    [InlineData("5.7.1", "550-5.7.1 [192.0.2.7 12] Our system has detected that this message is likely unsolicited mail", "", "Spam")]
    [InlineData("4.7.0", "421-4.7.0 Try again later, closing connection.", "", "Temporary")]
    [InlineData("4.7.28", "421-4.7.28 Our system has detected an unusual rate of unsolicited mail originating from your IP address", "", "Blocked")]
    [InlineData("5.4.5", "550 5.4.5 Daily user sending limit exceeded.", "", "Temporary")]
    // Postfix.
    [InlineData("5.1.1", "550 5.1.1 <mission@che.example>: Recipient address rejected: User unknown in virtual mailbox table", "", "Permanent")]
    [InlineData("5.1.1", "unknown user: \"mission\"", "", "Permanent")]
    [InlineData("5.4.4", "Host or domain name not found. Name service error for name=che.example type=A: Host not found", "", "NoSuchDomain")]
    [InlineData("5.2.2", "552 5.2.2 <mission@che.example>: Recipient address rejected: Mailbox is full", "", "MailboxFull")]
    [InlineData("5.3.4", "message size 2890490 exceeds size limit 1000000 of server mx.che.example[192.0.2.7]", "", "TooLarge")]
    [InlineData("4.4.1", "connect to mx.che.example[192.0.2.7]:25: Connection timed out", "", "Temporary")]
    [InlineData("4.7.1", "450 4.7.1 <mission@che.example>: Recipient address rejected: Greylisted, see http://postgrey.example", "", "Temporary")]
    [InlineData("5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org", "", "Blocked")]
    // Exim, which gives no enhanced codes.
    [InlineData("5.0.0", "550 Unrouteable address", "", "Permanent")]
    [InlineData("5.0.0", "550 No such person at this address", "", "Permanent")]
    [InlineData("5.0.0", "550-Callback setup failed while verifying <letters@mission.example>", "", null)]
    [InlineData("5.0.0", "552 Message size exceeds maximum permitted", "", "TooLarge")]
    [InlineData("5.0.0", "552 Mailbox size limit exceeded", "", "MailboxFull")]
    [InlineData("", "451 Temporary local problem - please try later", "", "Temporary")]
    // Yahoo, qmail, Dovecot, Courier and others.
    [InlineData("", "554 delivery error: dd This user doesn't have a yahoo.com account (mission@yahoo.example) [0]", "", "Permanent")]
    [InlineData("5.0.0", "554 delivery error: dd Requested mail action aborted: exceeded storage allocation", "", "MailboxFull")]
    [InlineData("", "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes", "", "Blocked")]
    [InlineData("", "421 4.7.0 [TSS04] Messages from 192.0.2.7 temporarily deferred due to unexpected volume or user complaints", "", "Temporary")]
    [InlineData("", "Sorry, no mailbox here by that name. (#5.1.1)", "", "Permanent")]
    [InlineData("5.2.2", "552 5.2.2 <mission@che.example> Quota exceeded (mailbox for user is full)", "", "MailboxFull")]
    [InlineData("5.0.0", "550 Quota violation", "", "MailboxFull")]
    [InlineData("5.0.0", "550 Inbox full", "", "MailboxFull")]
    [InlineData("5.0.0", "550 user has exceeded the disk space quota", "", "MailboxFull")]
    [InlineData("5.0.0", "554 Account is over quota", "", "MailboxFull")]
    [InlineData("4.3.1", "452 4.3.1 Insufficient system resources", "", "Temporary")]
    [InlineData("5.0.0", "550 went wrong at 192.5.1.1", "", null)]
    [InlineData("", "", "", null)]
    // SendGrid.
    [InlineData("5.0.0", "550 unknown", "Unclassified", null)]
    [InlineData("", "", "Unclassified", null)]
    [InlineData("", "unable to get mx info: failed to get IPs from PTR record", "Technical", null)]
    [InlineData("5.1.1", "550 5.1.1 no such user", "Invalid Address", "Permanent")]
    [InlineData("", "550 5.1.10 RecipientNotFound", "", "Permanent")]
    [InlineData("5.0.0", "550 not here", "Invalid Address", "Permanent")]
    [InlineData("5.0.0", "550 not today", "Reputation", "Blocked")]
    [InlineData("5.0.0", "550 not this", "Content", "Blocked")]
    [InlineData("5.0.0", "550 not from there", "blocked", "Blocked")]
    [InlineData("4.2.2", "452 4.2.2 no room", "blocked", "MailboxFull")]
    [InlineData("5.7.1", "550 5.7.1 Listed at 192.4.2.2", "Reputation", "Blocked")]
    [InlineData("4.4.1", "no answer for 72 hours", "Technical", "Temporary")]
    // Each kind that was once told by a wrong name.
    [InlineData("5.1.2", "550 5.1.2 Bad destination system address", "", "NoSuchDomain")]
    [InlineData("5.1.2", "550 5.1.2 <mission@che.example>... Host unknown (Name server: che.example: host not found)", "", "NoSuchDomain")]
    [InlineData("5.1.10", "556 5.1.10 Recipient address has null MX", "", "NoSuchDomain")]
    [InlineData("", "550 No such domain at this location", "", "NoSuchDomain")]
    [InlineData("5.7.1", "550 5.7.1 Message rejected as spam by content filter (score 9.8)", "", "Spam")]
    [InlineData("", "554 Your message looks like SPAM or has been reported as SPAM", "", "Spam")]
    [InlineData("5.2.3", "552 5.2.3 Data exceeds maximum length", "", "TooLarge")]
    [InlineData("", "Sorry, that message size exceeds my databytes limit (#5.3.4)", "", "TooLarge")]
    [InlineData("", "I'm not going to try again; this message has been in the queue too long.", "", "Temporary")]
    [InlineData("4.4.7", "delivery temporarily suspended: connect to mx.che.example[192.0.2.7]:25: Connection refused", "", "Temporary")]
    [InlineData("5.4.310", "550 5.4.310 DNS domain che.example does not exist [Message=InfoDomainNonexistent]", "", "NoSuchDomain")]
    [InlineData("5.0.0", "554 DT:SPM 163 mx1, please see http://mail.163.example/help", "", "Spam")]
    [InlineData("5.0.0", "554 This is spam", "", "Spam")]
    [InlineData("5.0.0", "552 message exceeded the maximum allowed size", "", "TooLarge")]
    [InlineData("5.0.0", "550 Boîte pleine", "", "MailboxFull")]
    [InlineData("5.2.1", "550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages", "", "Temporary")]
    [InlineData("5.4.316", "550 5.4.316 Message expired, connection refused", "", "Temporary")]
    // Codes that servers give for more than one reason.
    [InlineData("5.7.1", "550 5.7.1 <mission@che.example>... User unknown, or relaying denied", "", null)]
    [InlineData("5.1.0", "550 5.1.0 Address rejected.", "", null)]
    [InlineData("5.4.1", "", "", null)]
    [InlineData("5.4.1", "550 5.4.1 [mission@che.example]: Recipient address rejected: Access denied", "bounce", null)]
    [InlineData("5.0.0", "550 Requested action not taken: mailbox unavailable", "", null)]
    [InlineData("", "dial tcp: lookup mx on 10.0.0.2:53: server misbehaving", "Technical", null)]
    // A name in an address or of a host is no reason.
    [InlineData("5.0.0", "550 <quota@che.example>: rejected", "", null)]
    [InlineData("5.1.1", "550 5.1.1 <over.quota@che.example>... rejected", "", "Permanent")]
    [InlineData("5.1.1", "unknown user: \"quota\"", "", "Permanent")]
    [InlineData("5.0.0", "550 no-such-user@che.example was refused", "", null)]
    [InlineData("", "host spam.blocked.example[192.0.2.7] said: 550 refused", "", null)]
    [InlineData("5.0.0", "550 refused, see https://policy.example/spam/mailbox-full", "", null)]
    public void One_servers_words_mean_the_same_wherever_they_come_from(
        string status,
        string words,
        string provider,
        string? why) => Assert.Equal(why, BounceClassification.Of(status, words, provider)?.ToString());

    [Fact]
    public void Every_kind_has_words_of_its_own_and_an_unknown_reason_is_not_guessed()
    {
        var kinds = Enum.GetValues<BounceKind>().Select(kind => BounceClassification.Words(kind).ToString()).ToList();
        Assert.Equal(kinds, kinds.Distinct());
        Assert.DoesNotContain("Came back", kinds);
        Assert.Equal("Came back", BounceClassification.Words(null));
        Assert.Equal(
            "Came back: not taken in 5 days",
            BounceClassification.Words(BounceKind.Temporary, new TimeSpan(5, 0, 12, 7)));
        Assert.Equal(
            "Came back: not taken in 30 hours",
            BounceClassification.Words(BounceKind.Temporary, TimeSpan.FromHours(30.2)));
        Assert.Equal(
            "Came back: not taken in 5 minutes",
            BounceClassification.Words(BounceKind.Temporary, new TimeSpan(0, 5, 2)));
        Assert.Equal(
            BounceClassification.Words(BounceKind.Spam).ToString(),
            BounceClassification.Words(BounceKind.Spam, TimeSpan.FromDays(1)).ToString());
    }
}
