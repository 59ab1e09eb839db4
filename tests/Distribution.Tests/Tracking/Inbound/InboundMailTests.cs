using Distribution.Sending;
using Distribution.Tracking.Inbound;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

public sealed class InboundMailTests
{
    [Theory]
    [InlineData(
        "postfix-unknown-user",
        "mission@che.example",
        DeliveryEventKind.Bounced,
        BounceKind.Permanent,
        "550 5.1.1 <mission@che.example>: Recipient address rejected: User unknown in virtual mailbox table")]
    [InlineData(
        "exchange-forwarded",
        "protocol@intern.che.example",
        DeliveryEventKind.Bounced,
        BounceKind.Blocked,
        "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required")]
    [InlineData(
        "gmail-no-such-user",
        "mission@che.example",
        DeliveryEventKind.Bounced,
        BounceKind.Permanent,
        "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos"
    )]
    [InlineData(
        "mailbox-full",
        "mission@che.example",
        DeliveryEventKind.Bounced,
        BounceKind.MailboxFull,
        "552 5.2.2 Mailbox is over quota")]
    [InlineData(
        "policy-block",
        "mission@che.example",
        DeliveryEventKind.Bounced,
        BounceKind.Blocked,
        "554 Message rejected due to local policy")]
    [InlineData(
        "expired",
        "mission@che.example",
        DeliveryEventKind.Bounced,
        BounceKind.Temporary,
        "connect to mx.che.example[192.0.2.7]:25: Connection timed out")]
    [InlineData(
        "delayed",
        "mission@che.example",
        DeliveryEventKind.Deferred,
        null,
        "connect to mx.che.example[192.0.2.7]:25: Connection timed out")]
    [InlineData("delivered", "mission@che.example", DeliveryEventKind.Delivered, null, "Your message was delivered. (status 2.0.0)")]
    [InlineData("relayed", "mission@che.example", DeliveryEventKind.Delivered, null, "Your message was relayed. (status 2.0.0)")]
    [InlineData(
        "envelope-id-alone",
        "mission@che.example",
        DeliveryEventKind.Bounced,
        BounceKind.Permanent,
        "Not delivered. (status 5.1.1)")]
    [InlineData(
        "nested-in-a-disclaimer",
        "mission@che.example",
        DeliveryEventKind.Bounced,
        BounceKind.Permanent,
        "550 5.1.1 <mission@che.example>: Recipient address rejected: User unknown in virtual mailbox table")]
    internal void A_report_says_of_which_letter_and_mailbox_what_happened_and_why(
        string name,
        string mailbox,
        DeliveryEventKind kind,
        BounceKind? why,
        string words)
    {
        var bounce = Assert.IsType<InboundMail.Bounce>(InboundMail.Read(InboundSample.Read(name)));
        var recipient = Assert.Single(bounce.Recipients);
        Assert.Equal(
            (InboundSample.Letter, mailbox, kind, why, words),
            (bounce.Letter, recipient.Original ?? recipient.Final, recipient.Kind, recipient.Bounce, recipient.Words));
        Assert.True(bounce.IsReport);
    }

    [Fact]
    public void A_report_speaks_of_each_mailbox_for_itself_in_any_script()
    {
        var bounce = Assert.IsType<InboundMail.Bounce>(
            InboundMail.Read(InboundSample.Read("two-recipients-non-ascii")));
        Assert.Equal(
            [
                ("mission@che.example", BounceKind.Permanent, "550 5.1.1 Boîte inconnue"),
                ("copie@xn--bcher-kva.example", BounceKind.MailboxFull, "452 4.2.2 Boîte pleine"),
            ],
            bounce.Recipients.Select(recipient => (recipient.Final, recipient.Bounce, recipient.Words)));
    }

    [Theory]
    [InlineData("5.1.1", "", BounceKind.Permanent)]
    [InlineData("5.1.10", "", BounceKind.Permanent)]
    [InlineData("5.2.1", "", BounceKind.Permanent)]
    [InlineData("5.4.4", "", BounceKind.NoSuchDomain)]
    [InlineData("5.1.7", "", BounceKind.Blocked)]
    [InlineData("5.1.8", "", BounceKind.Blocked)]
    [InlineData("5.2.3", "", BounceKind.TooLarge)]
    [InlineData("5.6.1", "", BounceKind.Blocked)]
    [InlineData("5.7.26", "", BounceKind.Blocked)]
    [InlineData("4.7.1", "", BounceKind.Blocked)]
    [InlineData("5.3.4", "", BounceKind.TooLarge)]
    [InlineData("4.4.7", "", BounceKind.Temporary)]
    [InlineData("5.4.7", "", BounceKind.Temporary)]
    [InlineData("4.2.2", "", BounceKind.MailboxFull)]
    [InlineData("5.0.0", "550 5.7.1 turned away", BounceKind.Blocked)]
    [InlineData("5.0.0", "550 no such user here", BounceKind.Permanent)]
    [InlineData("5.0.0", "550 went wrong at 192.5.1.1", null)]
    [InlineData("4.0.0", "452 4.2.2 come back later", BounceKind.MailboxFull)]
    [InlineData("", "550 5.2.1 closed", BounceKind.Permanent)]
    [InlineData("", "", null)]
    internal void Why_it_came_back_follows_from_the_status_and_where_that_is_silent_from_the_words(
        string status,
        string words,
        BounceKind? why) =>
        Assert.Equal(
            why,
            new ReportedRecipient(null, "mission@che.example", ReportedAction.Failed, status, words).Bounce);

    [Theory]
    [InlineData("Final-Recipient: rfc822;a@che.example|Action: failed", null, "a@che.example")]
    [InlineData("Original-Recipient: rfc822;a@che.example|Action: failed", "a@che.example", null)]
    [InlineData(
        "Original-Recipient: rfc822;a@che.example|Final-Recipient: rfc822;b@che.example|Action: failed",
        "a@che.example",
        "b@che.example")]
    [InlineData("Final-Recipient: rfc822;a@che.example||Action: failed", null, "a@che.example")]
    [InlineData("Original-Recipient: rfc822;a@che.example||Action: failed", "a@che.example", null)]
    [InlineData(
        "Final-Recipient: rfc822;a@che.example||Final-Recipient: rfc822;b@che.example|Action: failed",
        null,
        "b@che.example")]
    [InlineData(
        "Final-Recipient: rfc822;a@che.example||Original-Recipient: rfc822;b@che.example|Action: failed",
        "b@che.example",
        null)]
    [InlineData("Final-Recipient: rfc822;a mailbox of ours|Action: failed", null, "a mailbox of ours")]
    public void A_group_says_which_mailbox_and_a_blank_line_within_it_does_not_part_it(
        string groups,
        string? original,
        string? final)
    {
        var recipient = Assert.Single(Read(groups));
        Assert.Equal(
            (original, final, ReportedAction.Failed),
            (recipient.Original, recipient.Final, recipient.Action));
    }

    [Theory]
    [InlineData("Final-Recipient: rfc822;|Action: failed")]
    [InlineData("Final-Recipient: rfc822;a@che.example")]
    [InlineData("Final-Recipient: rfc822;a@che.example|Action: misplaced")]
    [InlineData("Action: failed")]
    public void A_group_without_a_mailbox_or_a_known_action_says_nothing(string groups) => Assert.Empty(Read(groups));

    [Fact]
    public void A_bounce_in_words_for_people_is_known_by_its_form_and_its_kind_is_not_guessed_beyond_them()
    {
        var bounce = Assert.IsType<InboundMail.Bounce>(InboundMail.Read(InboundSample.Read("exim-plain")));
        var recipient = Assert.Single(bounce.Recipients);
        Assert.Equal(
            (InboundSample.Letter, "mission@che.example", DeliveryEventKind.Bounced, false),
            (bounce.Letter, recipient.Final, recipient.Kind, bounce.IsReport));
        Assert.Contains("Unrouteable address", recipient.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("The letter.", recipient.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_warning_in_words_for_people_is_no_bounce()
    {
        var bounce = Assert.IsType<InboundMail.Bounce>(InboundMail.Read(InboundSample.Read("exim-plain-delay")));
        Assert.Equal(DeliveryEventKind.Deferred, Assert.Single(bounce.Recipients).Kind);
    }

    [Theory]
    [InlineData("out-of-office-exchange")]
    [InlineData("vacation-gmail")]
    [InlineData("read-receipt")]
    public void What_a_machine_answers_is_an_automatic_reply(string name)
    {
        var automatic = Assert.IsType<InboundMail.AutomaticReply>(InboundMail.Read(InboundSample.Read(name)));
        Assert.Equal((InboundSample.Letter, "mission@che.example"), (automatic.Letter, automatic.From));
    }

    [Theory]
    [InlineData("Auto-Submitted", "auto-notified; owner=x")]
    [InlineData("Precedence", "auto_reply")]
    [InlineData("X-Autoreply", "yes")]
    public void What_says_itself_that_it_is_a_machines_is_one(string header, string value)
    {
        var message = InboundSample.Read("reply-of-a-person");
        message.Headers[header] = value;
        Assert.IsType<InboundMail.AutomaticReply>(InboundMail.Read(message));
    }

    // Each of these once made a person's message vanish: lists, policies of a house and forwarding put them on people's
    // mail too.
    [Theory]
    [InlineData("Precedence", "Bulk", false)]
    [InlineData("Precedence", "junk", false)]
    [InlineData("X-Auto-Response-Suppress", "OOF, AutoReply", false)]
    [InlineData("List-Id", "Desk <desk.che.example>", false)]
    [InlineData("Return-Path", "<>", false)]
    [InlineData("Subject", "Odpowiedź automatyczna: Draft Rev 1", true)]
    [InlineData("Subject", "Re: Out of Office: Draft Rev 1", true)]
    public void What_may_be_a_machines_is_a_reply_in_doubt(string header, string value, bool isLikely)
    {
        var message = InboundSample.Read("reply-of-a-person");
        if (header == "Subject")
            message.Subject = value;
        else
            message.Headers[header] = value;
        Assert.Equal(isLikely, Assert.IsType<InboundMail.Reply>(InboundMail.Read(message)).Doubt!.IsLikely);
    }

    [Fact]
    public void What_a_person_answers_is_a_reply_though_others_have_written_in_between()
    {
        var reply = Assert.IsType<InboundMail.Reply>(InboundMail.Read(InboundSample.Read("reply-of-a-person")));
        Assert.Equal(
            (InboundSample.Letter, "first.secretary@che.example", null),
            (reply.Letter, reply.From, reply.Doubt));
    }

    [Fact]
    public void A_reply_was_sent_to_whomever_its_own_lines_or_those_of_mail_servers_name()
    {
        var message = InboundSample.Read("reply-of-a-person");
        message.Cc.Add(MimeKit.MailboxAddress.Parse("cc@secretariat.example"));
        message.Headers.Add("Delivered-To", "one@secretariat.example");
        message.Headers.Add("X-Original-To", "<two@secretariat.example>");
        Assert.Equal(
            [
                "letters@secretariat.example",
                "cc@secretariat.example",
                "one@secretariat.example",
                "two@secretariat.example",
            ],
            Assert.IsType<InboundMail.Reply>(InboundMail.Read(message)).Addressed);
    }

    [Fact]
    public void A_report_of_whatever_kind_is_no_reply_of_a_person()
    {
        var message = InboundSample.Read("reply-of-a-person");
        message.Body = new MimeKit.MultipartReport("feedback-report") { message.Body! };
        Assert.IsType<InboundMail.AutomaticReply>(InboundMail.Read(message));
    }

    [Theory]
    [InlineData("Automatic reply: Draft Rev 1")]
    [InlineData("Out of Office: back on Monday")]
    [InlineData("Réponse automatique : Draft Rev 1")]
    [InlineData("Respuesta automática: Draft Rev 1")]
    [InlineData("Автоматический ответ: Draft Rev 1")]
    [InlineData("رد تلقائي: Draft Rev 1")]
    [InlineData("自动答复: Draft Rev 1")]
    public void A_subject_that_machines_write_makes_a_reply_doubtful(string subject)
    {
        var message = InboundSample.Read("reply-of-a-person");
        message.Subject = subject;
        Assert.True(Assert.IsType<InboundMail.Reply>(InboundMail.Read(message)).Doubt!.IsLikely);
    }

    [Fact]
    public void A_letter_of_ours_that_comes_round_to_us_is_no_reply()
    {
        var message = InboundSample.Read("new-mail-of-a-person");
        message.MessageId = InboundSample.Letter;
        Assert.IsType<InboundMail.Other>(InboundMail.Read(message));
    }

    [Theory]
    [InlineData("list-mail")]
    [InlineData("new-mail-of-a-person")]
    [InlineData("plain-without-our-message-id")]
    [InlineData("someone-elses")]
    public void What_is_about_no_letter_of_ours_names_none(string name) =>
        Assert.Null(InboundMail.Read(InboundSample.Read(name)).Letter);

    /// <summary>The person who decides is shown which letter it is.</summary>
    [Theory]
    [InlineData("plain-from-a-person")]
    [InlineData("report-that-quotes-itself")]
    public void What_a_person_forwards_or_quotes_names_the_letter(string name) =>
        Assert.Equal(InboundSample.Letter, InboundMail.Read(InboundSample.Read(name)).Letter);

    [Theory]
    [InlineData("malformed-report")]
    [InlineData("no-recipient")]
    public void A_broken_report_is_read_as_far_as_it_goes(string name) =>
        Assert.Equal(InboundSample.Letter, InboundMail.Read(InboundSample.Read(name)).Letter);

    [Fact]
    public void Every_sample_cut_off_anywhere_is_read_without_a_fault()
    {
        foreach (
            var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Tracking", "Inbound", "mail")))
            for (var (bytes, length) = (File.ReadAllBytes(file), 1); length < bytes.Length; length += 97)
                try
                {
                    InboundMail.Read(
                        MimeMessage.Load(new MemoryStream(bytes, 0, length), TestContext.Current.CancellationToken));
                }
                catch (FormatException)
                {
                    // What the library cannot read as mail at all is set aside by the desk.
                }
    }

    // Groups are parted by ||, their fields by |.
    private static IReadOnlyList<ReportedRecipient> Read(string groups) =>
        ReportedRecipient.ReadAll(
            [
                .. groups.Split("||").Select(group =>
                {
                    var fields = new HeaderList();
                    foreach (var field in group.Split('|'))
                        fields.Add(field.Split(": ")[0], field.Split(": ")[1]);
                    return fields;
                }),
            ]);
}
