using System.Globalization;
using System.Text;
using Distribution.Sending;
using Distribution.Tracking.Inbound;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>Reports as mail servers and gateways write them, broken ones too.</summary>
public sealed class BounceCaseTests
{
    private const string Mailbox = "mission@che.example";

    private const string Returned = $"Content-Type: text/rfc822-headers\n\nMessage-ID: <{InboundSample.Letter}>\nSubject: Draft Rev 1\n";

    private const string Groups =
        $"Reporting-MTA: dns; mx.che.example\n\nFinal-Recipient: rfc822; {Mailbox}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n";

    public static TheoryData<string, string> Shapes =>
        new()
        {
            { "as it should be", $"Content-Type: message/delivery-status\n\n{Groups}" },
            { "base64", $"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n{Base64(Groups)}" },
            {
                "quoted-printable",
                $"Content-Type: message/delivery-status\nContent-Transfer-Encoding: quoted-printable\n\n{Groups}"
            },
            { "beyond ASCII", $"Content-Type: message/global-delivery-status\n\n{Groups}" },
            { "text", $"Content-Type: text/plain; charset=us-ascii\n\n{Groups}" },
            {
                "a file",
                $"Content-Type: application/octet-stream; name=\"details.txt\"\nContent-Transfer-Encoding: base64\n\n{Base64(Groups)}"
            },
            {
                "a blank line after the mailbox",
                $"Content-Type: message/delivery-status\n\n{Groups.Replace("\nAction", "\n\nAction", StringComparison.Ordinal)}"
            },
            {
                "a blank line after each field",
                $"Content-Type: message/delivery-status\n\n{Groups.Replace("\nAction", "\n\nAction", StringComparison.Ordinal).Replace("\nStatus", "\n\nStatus", StringComparison.Ordinal).Replace("\nDiagnostic", "\n\n\nDiagnostic", StringComparison.Ordinal)}"
            },
            {
                "no blank line at all",
                $"Content-Type: message/delivery-status\n\n{Groups.Replace("\n\n", "\n", StringComparison.Ordinal)}"
            },
            { "no end", $"Content-Type: message/delivery-status\n\n{Groups.TrimEnd('\n')}" },
            {
                "other words for the action",
                $"Content-Type: message/delivery-status\n\n{Groups.Replace("failed", "Failure (unknown)", StringComparison.Ordinal)}"
            },
            {
                "no action",
                $"Content-Type: message/delivery-status\n\n{Groups.Replace("Action: failed\n", "", StringComparison.Ordinal)}"
            },
        };

    /// <summary>Exim 4.96 gives no status but 5.0.0, and Sieve none at all; these came from the real programs.</summary>
    [Theory]
    [InlineData("exim-user-unknown", BounceKind.Permanent)]
    [InlineData("exim-no-route", BounceKind.Permanent)]
    [InlineData("exim-too-large", BounceKind.TooLarge)]
    [InlineData("exim-spam", BounceKind.Spam)]
    [InlineData("exim-gave-up-at-450", BounceKind.Temporary)]
    [InlineData("exim-gave-up-at-452", BounceKind.MailboxFull)]
    [InlineData("exim-gave-up-at-a-server-that-is-down", BounceKind.Temporary)]
    [InlineData("sieve-reject", null)]
    public void The_kind_of_a_bounce_is_read_where_the_status_does_not_tell(string file, object? kind)
    {
        var text = File.ReadAllText(
                Path.Combine(AppContext.BaseDirectory, "Tracking", "Inbound", "cases", "bounces", $"{file}.eml"),
                Encoding.Latin1)
            .Replace("{{message_id}}", $"<{InboundSample.Letter}>", StringComparison.Ordinal)
            .Replace("{{mailbox}}", Mailbox, StringComparison.Ordinal)
            .Replace("{{domain}}", "che.example", StringComparison.Ordinal);
        using var message = MimeMessage.Load(new MemoryStream(Encoding.Latin1.GetBytes(text)), TestContext.Current.CancellationToken);

        var bounce = Assert.IsType<InboundMail.Bounce>(InboundMail.Read(message));

        Assert.Equal(InboundSample.Letter, bounce.Letter);
        var recipient = Assert.Single(bounce.Recipients);
        Assert.Equal((Mailbox, DeliveryEventKind.Bounced), (recipient.Original ?? recipient.Final, recipient.Kind));
        Assert.Equal((BounceKind?)kind, recipient.Bounce);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_report_is_read_in_whatever_shape_its_groups_come(string shape, string part)
    {
        var bounce = Read(Report("It failed.", part, Returned));
        var recipient = Assert.Single(bounce.Recipients);
        Assert.True(
            (bounce.Letter, bounce.IsReport, recipient.Final, recipient.Kind, recipient.Bounce, recipient.Words) == (
                InboundSample.Letter,
                true,
                Mailbox,
                DeliveryEventKind.Bounced,
                BounceKind.Permanent,
                "550 5.1.1 user unknown"),
            $"{shape}: {bounce} {recipient}");
    }

    [Theory]
    [InlineData($"Content-Type: text/plain\nContent-Description: Undelivered message headers\n\nMessage-ID: <{InboundSample.Letter}>\n")]
    [InlineData($"Content-Type: message/rfc822\n\nSubject: Draft Rev 1\nMessage-ID: <{InboundSample.Letter}>\n\nThe letter.\n")]
    [InlineData($"Content-Type: message/rfc822\n\nReceived: from a\n by b\nMESSAGE-ID: <{InboundSample.Letter}>\n\n")]
    [InlineData("BASE64 application/octet-stream; name=original.eml")]
    [InlineData("BASE64 text/rfc822-headers")]
    [InlineData("BASE64 message/rfc822")]
    [InlineData("BASE64 text/plain; charset=utf-8")]
    public void The_returned_letter_is_found_in_whatever_part_it_comes(string part)
    {
        if (part.StartsWith("BASE64 ", StringComparison.Ordinal))
            part =
                $"Content-Type: {part[7..]}\nContent-Transfer-Encoding: base64\n\n{Base64($"Subject: Draft Rev 1\nMessage-ID: <{InboundSample.Letter}>\n\nThe letter.\n")}";
        Assert.Equal(
            InboundSample.Letter,
            Read(Report("It failed.", $"Content-Type: message/delivery-status\n\n{Groups}", part)).Letter);
    }

    [Fact]
    public void A_group_for_each_of_several_mailboxes_is_told_apart_with_blank_lines_or_without()
    {
        var groups =
            $"Reporting-MTA: dns; mx\n\nOriginal-Recipient: rfc822;a@che.example\nFinal-Recipient: rfc822;a@che.example\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822;b@che.example\nAction: delayed\nStatus: 4.4.1\n\nAction: delivered\nFinal-Recipient: rfc822;c@che.example\nStatus: 2.0.0\n";
        Assert.Equal(
            [
                ("a@che.example", ReportedAction.Failed),
                ("b@che.example", ReportedAction.Delayed),
                ("c@che.example", ReportedAction.Delivered),
            ],
            Read(Report("", $"Content-Type: message/delivery-status\n\n{groups}", Returned))
                .Recipients.Select(recipient => (recipient.Final!, recipient.Action)));
    }

    [Theory]
    [InlineData("second+2Bdesk@che.example", "second+desk@che.example")]
    [InlineData("second+2bdesk@che.example", "second+desk@che.example")]
    [InlineData("second+desk@che.example", "second+desk@che.example")]
    [InlineData("a+3Db+2Bc@che.example", "a=b+c@che.example")]
    [InlineData("d\\x{E9}l\\x{E9}gation@che.example", "délégation@che.example")]
    [InlineData("mission@BÜCHER.example", "mission@xn--bcher-kva.example")]
    public void An_address_is_read_as_the_letter_went_to_it(string written, string address) =>
        Assert.Contains(address, ReportedRecipient.Readings(written));

    [Theory]
    [InlineData("rfc822;<mission@che.example>")]
    [InlineData("RFC822; mission@che.example (Mission)")]
    [InlineData("mission@che.example")]
    [InlineData("x-local; mission@CHE.example")]
    public void An_address_is_found_in_its_field(string field) =>
        Assert.Equal(
            Mailbox,
            Assert
                .Single(
                    Read(
                        Report(
                            "",
                            $"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: {field}\nAction: failed\nStatus: 5.1.1\n",
                            Returned)).Recipients)
                .Final);

    [Theory]
    [InlineData(
        $"I'm sorry.\n\n<{Mailbox}>: host mx.che.example said: 550 Mailbox is\n    full (in reply to RCPT)\n",
        "5.0.0",
        "host mx.che.example said: 550 Mailbox is full (in reply to RCPT) (status 5.0.0)",
        BounceKind.MailboxFull)]
    [InlineData(
        $"Delivery has failed to these recipients:\n\n{Mailbox}\nThe address you entered was not found.\n",
        "5.0.0",
        "The address you entered was not found. (status 5.0.0)",
        BounceKind.Permanent)]
    // A sentence about all mailboxes, or about what may have happened, is kept and proves no kind.
    [InlineData(
        "This is the mail system.\n\nYour message could not be delivered. Perhaps the mailbox is full.\n",
        "5.0.0",
        "Your message could not be delivered. Perhaps the mailbox is full. (status 5.0.0)",
        null)]
    [InlineData("", "5.1.1", "Status 5.1.1", BounceKind.Permanent)]
    internal void Where_there_is_no_diagnostic_code_the_servers_sentence_is_kept(
        string text,
        string status,
        string words,
        BounceKind? kind)
    {
        var recipient = Assert.Single(
            Read(
                Report(
                    text,
                    $"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; {Mailbox}\nAction: failed\nStatus: {status}\n",
                    Returned)).Recipients);
        Assert.Equal((words, kind), (recipient.Words, recipient.Bounce));
    }

    [Theory]
    [InlineData("Mon, 26 Mar 2018 22:00:00 +0000", "Last-Attempt-Date: Sat, 31 Mar 2018 22:05:00 +0000\n", "5.00:05:00")]
    [InlineData("Mon, 26 Mar 2018 22:00:00 +0000", "", "00:05:09")]
    [InlineData("", "Last-Attempt-Date: Sat, 31 Mar 2018 22:05:00 +0000\n", null)]
    // A clock that is wrong tells nothing.
    [InlineData("Mon, 26 Mar 2012 22:00:00 +0000", "", null)]
    [InlineData("Mon, 26 Mar 2018 23:00:00 +0000", "", null)]
    [InlineData("some day", "", null)]
    public void How_long_it_was_tried_is_read_from_the_report(string arrived, string last, string? tried)
    {
        var recipient = Assert.Single(
            Read(
                Report(
                    "",
                    $"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\nArrival-Date: {arrived}\n\nFinal-Recipient: rfc822; {Mailbox}\nAction: failed\nStatus: 4.4.7\n{last}",
                    Returned)).Recipients);
        Assert.Equal(tried, recipient.Tried?.ToString("c", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Until_when_it_will_be_tried_is_read_from_the_report() =>
        Assert.Equal(
            new DateTimeOffset(2018, 3, 31, 22, 5, 1, TimeSpan.Zero),
            Assert
                .Single(Assert.IsType<InboundMail.Bounce>(InboundMail.Read(InboundSample.Read("delayed"))).Recipients)
                .TriedUntil);

    public static TheoryData<string, string, string, string, string> Plain =>
        new()
        {
            // qmail and Yahoo.
            {
                "MAILER-DAEMON@mx.che.example",
                "failure notice",
                $"Hi. This is the qmail-send program at mx.che.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{Mailbox}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <bounces@secretariat.example>\nMessage-Id: <{InboundSample.Letter}>\nTo: <deputy@che.example>\n\nThis was delayed. Mailbox full. Your message has not yet been delivered.\n",
                "Failed Permanent",
                Mailbox
            },
            // Sendmail.
            {
                "MAILER-DAEMON@mx.che.example",
                "Returned mail: see transcript for details",
                $"The original message was received at Mon, 26 Mar 2018 22:05:00 GMT\n\n   ----- The following addresses had permanent fatal errors -----\n<{Mailbox}>\n    (reason: 552 5.2.2 Over quota)\n\n   ----- Transcript of session follows -----\n552 5.2.2 Over quota\n\n   ----- Original message follows -----\n\nFrom: <letters@secretariat.example>\nMessage-ID: <{InboundSample.Letter}>\n",
                "Failed MailboxFull",
                Mailbox
            },
            {
                "MAILER-DAEMON@mx.che.example",
                "Warning: could not send message for past 4 hours",
                $"    **********************************************\n    **      THIS IS A WARNING MESSAGE ONLY      **\n    **  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n    **********************************************\n\n   ----- The following addresses had transient non-fatal errors -----\n<{Mailbox}>\n\nWill keep trying until message is 5 days old\n\nMessage-ID: <{InboundSample.Letter}>\n",
                "Delayed ",
                Mailbox
            },
            // Notes.
            {
                "Mail Router <postmaster@notes.che.example>",
                "DELIVERY FAILURE: User mission not listed in Domino Directory",
                $"Your message\n\n  Subject: Draft Rev 1\n\nwas not delivered to:\n\n  {Mailbox}\n\nbecause:\n\n  User mission not listed in Domino Directory\n\nMessage-ID: <{InboundSample.Letter}>\n",
                "Failed ",
                Mailbox
            },
            // Google, as it was before it wrote reports.
            {
                "Mail Delivery Subsystem <mailer-daemon@googlemail.example>",
                "Delivery Status Notification (Failure)",
                $"Delivery to the following recipient failed permanently:\n\n     {Mailbox}\n\nTechnical details of permanent failure:\nGoogle tried to deliver your message, but it was rejected: 550 5.7.1 likely unsolicited mail\n\n----- Original message -----\n\nMIME-Version: 1.0\nMessage-ID: <{InboundSample.Letter}>\n",
                "Failed Spam",
                Mailbox
            },
            // Exchange, as it was before it wrote reports; the letter's own title speaks of a delay.
            {
                "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@che.example>",
                "Undeliverable: Delay of the second session",
                $"Your message did not reach some or all of the intended recipients.\n\n{Mailbox} (mission@che.example)\nThe e-mail account does not exist at the organization this message was sent to.\n\nOriginal message headers:\n\nReceived: from x\nMessage-ID: <{InboundSample.Letter}>\n",
                "Failed Permanent",
                Mailbox
            },
            // A refusal under the letter's own title, which speaks of a delay.
            {
                "MAILER-DAEMON@mx.che.example",
                "Delay of the second session",
                $"Your message was refused by the policy of our server.\n\n{Mailbox}\n\nMessage-ID: <{InboundSample.Letter}>\n",
                "Failed Blocked",
                Mailbox
            },
            // A header block without any line before it, and a mailbox that only the copy names.
            {
                "postmaster@mx.che.example",
                "Undelivered",
                $"We could not deliver it.\n\nReceived: from a by b\nFrom: <letters@secretariat.example>\nTo: <{Mailbox}>\nMessage-ID: <{InboundSample.Letter}>\n\nThe text.\n",
                "Failed ",
                ""
            },
            // What it forwards to is not the mailbox.
            {
                "MAILER-DAEMON@mx.che.example",
                "Mail delivery failed",
                $"Delivery failed:\n\n<clerk.private@webmail.example> (forwarded from {Mailbox}): mailbox full\n\nMessage-ID: <{InboundSample.Letter}>\n",
                "Failed MailboxFull",
                "clerk.private@webmail.example"
            },
        };

    [Theory]
    [MemberData(nameof(Plain))]
    public void A_bounce_in_words_for_people_is_read_above_the_copy_of_the_letter(
        string from,
        string subject,
        string text,
        string expected,
        string mailbox)
    {
        var bounce = Read($"From: {from}\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}");
        var recipient = Assert.Single(bounce.Recipients);
        Assert.Equal(
            (InboundSample.Letter, expected, mailbox),
            (bounce.Letter, $"{recipient.Action} {recipient.Bounce}", recipient.Final ?? ""));
        Assert.DoesNotContain("deputy@che.example", bounce.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Warning: message delayed (Failure to agree)", "Failure to agree", "It is on its way.", ReportedAction.Delayed)]
    [InlineData("Delivery delayed: Draft Rev 1", null, "It waits.", ReportedAction.Delayed)]
    [InlineData("Notice: Delay of the session", "Delay of the session", "It waits.", null)]
    [InlineData("Notice: Delay of the session", "Delay of the session", "The address was not found.", ReportedAction.Failed)]
    [InlineData("Notice: Delay of the session", null, "This is a permanent error.", ReportedAction.Failed)]
    // A delay whose words are those of a failure.
    [InlineData("Zustellung verzögert: Draft Rev 1", null, "Ihre Nachricht konnte noch nicht zugestellt werden.", ReportedAction.Delayed)]
    [InlineData("Retardé : Draft Rev 1", null, "Votre message n'a pas pu être remis pour l'instant.", ReportedAction.Delayed)]
    [InlineData("[External] Задержка доставки: Draft Rev 1", null, "Сообщение пока не доставлено.", ReportedAction.Delayed)]
    [InlineData("延迟: Draft Rev 1", null, "暂时无法投递", ReportedAction.Delayed)]
    [InlineData("Delivery Status Notification (Delay)", null, "It could not be reached: the address was not found.", ReportedAction.Delayed)]
    [InlineData("Retardé : Draft Rev 1", null, "This is a permanent error.", ReportedAction.Failed)]
    [InlineData("Задержка второй сессии", null, "Сообщение не доставлено.", ReportedAction.Failed)]
    // Servers that go on trying, and servers that do not, each in its own language.
    [InlineData("Message status", null, "There was a temporary problem delivering your message. Gmail will retry for 46 more hours.", ReportedAction.Delayed)]
    [InlineData("Estado", null, "El mensaje todavía no se ha podido entregar; se seguirá intentando.", ReportedAction.Delayed)]
    [InlineData("Estado", null, "El mensaje no se pudo entregar; no se seguirá intentando.", ReportedAction.Failed)]
    [InlineData("Сообщение", null, "Письмо ещё не доставлено. Попытки доставки будут продолжены.", ReportedAction.Delayed)]
    [InlineData("Сообщение", null, "Письмо не доставлено. Попытки доставки больше не будут предприняты.", ReportedAction.Failed)]
    [InlineData("通知", null, "邮件尚未送达，系统会继续重试。", ReportedAction.Delayed)]
    [InlineData("邮件投递失败", null, "多次尝试后，系统不再重试。", ReportedAction.Failed)]
    [InlineData("Hinweis", null, "Die Nachricht wurde noch nicht zugestellt, weitere Versuche folgen.", ReportedAction.Delayed)]
    [InlineData("Delay of the second session: note", null, "Your message was refused by the policy of our server.", ReportedAction.Failed)]
    public void A_letters_own_title_says_nothing_of_what_became_of_it(string subject, string? title, string above, object? action) =>
        Assert.Equal(action, BounceText.ActionOf(subject, above, title));

    [Theory]
    [InlineData("Mailbox mission@mfa.gov is full.", true)]
    [InlineData("for <MISSION@mfa.gov>: refused", true)]
    [InlineData("(mailto:mission@mfa.gov).", true)]
    [InlineData("un.mission@mfa.gov is full", false)]
    [InlineData("the-mission@mfa.gov is full", false)]
    [InlineData("mission@mfa.gov.example is full", false)]
    [InlineData("un.mission@mfa.gov and mission@mfa.gov are full", true)]
    [InlineData("由于收件人mission@mfa.gov不存在", true)]
    [InlineData("メールはmission@mfa.govに届きません。", true)]
    [InlineData("mission@mfa.gov에게 전달되지 않았습니다", true)]
    [InlineData("由于收件人un.mission@mfa.gov不存在", false)]
    public void An_address_is_named_by_the_whole_of_it(string text, bool isNamed) =>
        Assert.Equal(isNamed, BounceText.Names(text, "mission@mfa.gov"));

    [Theory]
    [InlineData("由于收件人mission@che.example不存在，无法投递")]
    [InlineData("mission@che.example에게")]
    public void An_address_that_words_stand_around_without_a_space_is_not_read_with_them(string text)
    {
        var bounce = Read($"From: postmaster@mx.che.example\nSubject: {Encoded("系统退信")}\nIn-Reply-To: <{InboundSample.Letter}>\nContent-Type: text/plain; charset=utf-8\n\n{text}\n");
        Assert.Equal((ReportedAction.Failed, null), (Assert.Single(bounce.Recipients).Action, bounce.Recipients[0].Final));
        Assert.True(BounceText.Names(bounce.Text, Mailbox));
    }

    [Fact]
    public void A_bounce_in_HTML_alone_is_read_too()
    {
        var bounce = Read(
            $"From: postmaster@che.example\nSubject: Undeliverable: Draft Rev 1\nIn-Reply-To: <{InboundSample.Letter}>\nContent-Type: text/html; charset=utf-8\n\n<html><head><style>.failed {{ color: red }}</style></head><body><p>Delivery has failed to these recipients:</p><p><a href=\"mailto:{Mailbox}\">{Mailbox}</a><br>The recipient&#39;s mailbox is full.</p></body></html>\n");
        var recipient = Assert.Single(bounce.Recipients);
        Assert.Equal((Mailbox, BounceKind.MailboxFull), (recipient.Final, recipient.Bounce));
        Assert.EndsWith("The recipient's mailbox is full.", recipient.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Delivered: Failure to protect civilians", "Your message has been delivered to mission@che.example.")]
    [InlineData("Relayed: Draft Rev 1", "Delivery is complete, but the next server returned no notification; that it failed is not known.")]
    [InlineData("Delivery Status Notification (Relay)", "Your message was relayed. Delivery could not be confirmed.")]
    [InlineData("Remis : Draft Rev 1", "Votre message a été remis.")]
    [InlineData("Zugestellt: Draft Rev 1", "Ihre Nachricht wurde zugestellt, Fehler gab es nicht.")]
    [InlineData("Доставлено: Draft Rev 1", "Сообщение доставлено.")]
    [InlineData("已送达: Draft Rev 1", "您的邮件已送达。")]
    public void That_a_letter_was_delivered_or_handed_on_is_no_bounce(string subject, string text) =>
        Assert.IsType<InboundMail.AutomaticReply>(
            Message($"From: postmaster@mx.che.example\nSubject: {Encoded(subject)}\nIn-Reply-To: <{InboundSample.Letter}>\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"));

    [Theory]
    [InlineData("Undeliverable: Draft Rev 1")]
    [InlineData("Non remis : Draft Rev 1")]
    [InlineData("No se puede entregar: Draft Rev 1")]
    [InlineData("Не удается доставить: Draft Rev 1")]
    [InlineData("无法投递: Draft Rev 1")]
    [InlineData("تعذر التسليم: Draft Rev 1")]
    [InlineData("Unzustellbar: Draft Rev 1")]
    [InlineData("Non recapitabile: Draft Rev 1")]
    [InlineData("Não é possível entregar: Draft Rev 1")]
    [InlineData("Onbestelbaar: Draft Rev 1")]
    [InlineData("Nie można dostarczyć: Draft Rev 1")]
    [InlineData("Teslim edilemedi: Draft Rev 1")]
    [InlineData("配信不能: Draft Rev 1")]
    [InlineData("배달되지 않음: Draft Rev 1")]
    [InlineData("Kunde inte levereras: Draft Rev 1")]
    [InlineData("Δεν ήταν δυνατή η παράδοση: Draft Rev 1")]
    [InlineData("[External] Mail delivery failed: returning message to sender")]
    public void A_subject_that_says_not_delivered_makes_a_message_doubtful_and_a_servers_a_bounce(string subject)
    {
        var text = $"Subject: {Encoded(subject)}\nIn-Reply-To: <{InboundSample.Letter}>\nContent-Type: text/plain; charset=utf-8\n\nx\n\n{Mailbox}\n";
        var gateway = Assert.IsType<InboundMail.Reply>(Message($"From: Gateway <mailgate@che.example>\n{text}"));
        Assert.Equal((InboundSample.Letter, true), (gateway.Letter, gateway.Doubt?.IsLikely));
        var server = Read($"From: postmaster@che.example\nReturn-Path: <postmaster@che.example>\n{text}");
        Assert.Equal(ReportedAction.Failed, Assert.Single(server.Recipients).Action);
    }

    [Theory]
    [InlineData("Re: Undeliverable: Draft Rev 1")]
    [InlineData("Question on delivery of the letter")]
    public void A_persons_message_about_a_bounce_is_none(string subject) =>
        Assert.IsType<InboundMail.Reply>(
            Message($"From: First Secretary <first@che.example>\nSubject: {subject}\nIn-Reply-To: <{InboundSample.Letter}>\n\nWhat is this?\n"));

    [Fact]
    public void What_a_mail_server_says_that_is_not_understood_is_told_and_names_no_mailbox()
    {
        var bounce = Read($"From: MAILER-DAEMON@mx.che.example\nSubject: Notice\nIn-Reply-To: <{InboundSample.Letter}>\n\nBinu jaka {Mailbox}.\n");
        Assert.Equal((InboundSample.Letter, 0), (bounce.Letter, bounce.Recipients.Count));
        Assert.Contains("Binu jaka", bounce.Words, StringComparison.Ordinal);
    }

    // Exim lists in a report's References what the returned message answers, and a receipt answers the letter.
    [Theory]
    [InlineData("failed", "Content-Type: message/rfc822\n\nMessage-ID: <RECEIPT>\nIn-Reply-To: <LETTER>\n\nThe receipt.\n")]
    [InlineData("delayed", "Content-Type: text/rfc822-headers\n\nMessage-ID: <RECEIPT>\nReferences: <LETTER>\n")]
    [InlineData("failed", "Content-Type: text/plain\n\nReferences: <LETTER>\nMessage-ID: <RECEIPT>\n")]
    [InlineData("failed", "Content-Type: text/plain\n\nNothing is returned.\n", "Original-Envelope-Id: RECEIPT\n")]
    public void A_report_on_a_receipt_is_not_one_on_the_letter_that_it_acknowledges(
        string action,
        string returned,
        string envelope = "")
    {
        var groups = Groups.Replace("failed", action, StringComparison.Ordinal);
        const string status = "Content-Type: message/delivery-status\n\n";
        var report = Read(Named(Report("It failed.", $"{status}{envelope}{groups}", returned)));
        Assert.Equal((null, true), (report.Letter, report.NamesMessage));
        var nameless = Read(Named(Report("It failed.", $"{status}{groups}", "Content-Type: text/plain\n\nNo copy.\n")));
        Assert.Equal((InboundSample.Letter, false), (nameless.Letter, nameless.NamesMessage));

        static string Named(string text) =>
            $"References: <LETTER>\n <RECEIPT>\n{text}"
                .Replace("LETTER", InboundSample.Letter, StringComparison.Ordinal)
                .Replace("RECEIPT", "receipt.0123456789abcdef0123456789abcdef@secretariat.example", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("From: MAILER-DAEMON@mx.che.example\nSubject: Undelivered\nReferences: <LETTER> <RECEIPT>\n\nmission@che.example: mailbox full\n\nMessage-ID: <RECEIPT>\n")]
    [InlineData("From: postmaster@che.example\nSubject: Rejected\nIn-Reply-To: <LETTER>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=disposition-notification; boundary=r\n\n--r\nContent-Type: text/plain\n\nNo.\n--r\nContent-Type: message/disposition-notification\n\nOriginal-Message-ID: <RECEIPT>\nFinal-Recipient: rfc822; mission@che.example\nDisposition: automatic-action/MDN-sent-automatically; deleted\n--r--\n")]
    public void Nor_is_one_in_words_for_people_or_of_a_mailbox_that_refuses_it(string message)
    {
        var report = Read(
            message
                .Replace("LETTER", InboundSample.Letter, StringComparison.Ordinal)
                .Replace("RECEIPT", "receipt.0123456789abcdef0123456789abcdef@secretariat.example", StringComparison.Ordinal));
        Assert.Equal((null, true), (report.Letter, report.NamesMessage));
    }

    private static string Report(string text, string status, string returned) =>
        $"From: MAILER-DAEMON@mx.che.example\nReceived: from x by y; Mon, 26 Mar 2018 22:05:30 +0000\nReceived: by mx.che.example (Postfix); Mon, 26 Mar 2018 22:05:09 +0000\nTo: bounces@secretariat.example\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"r\"\n\n--r\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--r\n{status}\n--r\n{returned}\n--r--\n";

    private static InboundMail.Bounce Read(string message) => Assert.IsType<InboundMail.Bounce>(Message(message));

    private static InboundMail Message(string message) =>
        InboundMail.Read(MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(message))));

    private static string Base64(string text) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(text), Base64FormattingOptions.InsertLineBreaks);

    private static string Encoded(string subject) =>
        Encoding.ASCII.GetString(MimeKit.Utils.Rfc2047.EncodeText(Encoding.UTF8, subject));
}
