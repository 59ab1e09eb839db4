using System.Text;
using Distribution.Mail;
using Distribution.Register;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Mail;

public sealed class MimeMessagesTests
{
    [Fact]
    public void Carries_the_letter_its_addresses_and_its_enclosures()
    {
        var letter = OutgoingSamples.Letter("a@one.example", "b@one.example", "c@one.example");

        var message = Written(letter).Message;

        Assert.Equal("\"The co-facilitators\" <letters@mission.example>", message.From.ToString());
        Assert.Equal("contact@mission.example", Assert.Single(message.ReplyTo.Mailboxes).Address);
        Assert.Equal("Ana Núñez", Assert.Single(message.ReplyTo.Mailboxes).Name);
        Assert.Equal(["a@one.example", "b@one.example"], message.To.Mailboxes.Select(mailbox => mailbox.Address));
        Assert.Equal(["c@one.example"], message.Cc.Mailboxes.Select(mailbox => mailbox.Address));
        Assert.All(message.GetRecipients(), mailbox => Assert.Equal(letter.MissionTitle, mailbox.Name));
        Assert.Equal(letter.MessageId, message.MessageId);
        Assert.Equal(letter.Date, message.Date);
        Assert.Equal(letter.Subject, message.Subject);
        Assert.Equal("en", message.Body!.Headers[HeaderId.ContentLanguage]);
        Assert.Equal(letter.Text, message.TextBody!.ReplaceLineEndings("\n"));
        Assert.Equal(letter.Html, message.HtmlBody);
        Assert.Null(message.Headers[HeaderId.AutoSubmitted]);
        Assert.Empty(message.Bcc);
        var attachment = Assert.IsType<MimePart>(Assert.Single(message.Attachments));
        Assert.Equal("%PDF-1.7 a draft", Decoded(attachment));
        Assert.Equal(
            ("draft.pdf", "application/pdf", true),
            (attachment.FileName, attachment.ContentType.MimeType, attachment.IsAttachment));
    }

    [Fact]
    public void Replies_go_to_the_contact_first_and_then_to_the_missions_own_address() =>
        Assert.Equal(
            ["contact@mission.example", "replies+0a1b@letters.example"],
            Written(
                OutgoingSamples.Letter() with
                {
                    ReplyTo = [.. OutgoingSamples.Letter().ReplyTo, new(null, "replies+0a1b@letters.example")],
                })
                .Message.ReplyTo.Mailboxes.Select(mailbox => mailbox.Address));

    [Fact]
    public void Is_multipart_mixed_around_text_and_html_as_alternatives()
    {
        var mixed = Assert.IsType<Multipart>(Written(OutgoingSamples.Letter()).Message.Body);

        Assert.Equal("multipart/mixed", mixed.ContentType.MimeType);
        var alternative = Assert.IsType<MultipartAlternative>(mixed[0]);
        Assert.Equal(["text/plain", "text/html"], alternative.Select(part => part.ContentType.MimeType));
    }

    [Fact]
    public void Without_enclosures_it_is_the_two_texts_alone() =>
        Assert.IsType<MultipartAlternative>(Written(OutgoingSamples.Letter() with { Enclosures = [] }).Message.Body);

    [Theory]
    [InlineData("Pacte mondial : révision nº 1 – « Draft Rev 1 »")]
    [InlineData("الاتفاق العالمي من أجل الهجرة الآمنة والمنظمة والنظامية: المشروع المنقح الأول")]
    [InlineData("安全、有序和正常移民全球契约：第一次修订草案及其所附的说明和修改指南，供各常驻代表团审议")]
    public void A_subject_and_a_file_name_in_any_script_travel_as_ASCII_and_arrive_as_written(string words)
    {
        var (message, source) = Written(OutgoingSamples.Letter() with
        {
            Subject = words,
            Enclosures = [new($"{words}.pdf", "application/pdf", "x"u8.ToArray())],
        });

        Assert.True(Ascii.IsValid(source));
        Assert.Contains("=?utf-8?", source);
        Assert.Contains("filename*", source);
        Assert.All(source.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
        Assert.Equal(words, message.Subject);
        var part = Assert.IsType<MimePart>(Assert.Single(message.Attachments));
        Assert.Equal($"{words}.pdf", part.ContentDisposition!.FileName);
        Assert.Equal($"{words}.pdf", part.ContentType.Name);
    }

    [Fact]
    public void The_same_letter_is_the_same_bytes_every_time_and_another_attempt_has_other_boundaries()
    {
        var letter = OutgoingSamples.Letter();

        Assert.Equal(Written(letter).Source, Written(letter).Source);
        Assert.NotEqual(
            ((Multipart)Written(letter).Message.Body!).Boundary,
            ((Multipart)Written(letter with { MessageId = "other@letters.example" }).Message.Body!).Boundary);
    }

    [Fact]
    public void An_enclosure_is_written_as_it_was_encoded_for_all()
    {
        var content = new byte[100_000];
        new Random(1).NextBytes(content);
        var enclosure = new EncodedEnclosure("draft.bin", "application/octet-stream", content);

        var (message, source) = Written(OutgoingSamples.Letter() with { Enclosures = [enclosure] });

        Assert.Contains(Encoding.ASCII.GetString(enclosure.Mime.Span), source);
        using var decoded = new MemoryStream();
        Assert
            .IsType<MimePart>(Assert.Single(message.Attachments))
            .Content!.DecodeTo(decoded, TestContext.Current.CancellationToken);
        Assert.Equal(content, decoded.ToArray());
    }

    [Fact]
    public void Two_messages_can_be_read_at_once_from_one_enclosure()
    {
        using var first = MimeMessages.Create(OutgoingSamples.Letter());
        using (var second = MimeMessages.Create(OutgoingSamples.Letter()))
            second.WriteTo(Stream.Null, TestContext.Current.CancellationToken);

        Assert.Equal("%PDF-1.7 a draft", Decoded(Assert.IsAssignableFrom<MimePart>(Assert.Single(first.Attachments))));
    }

    public static TheoryData<string> Places =>
        [
            "subject",
            "mission",
            "from",
            "reply-to",
            "mailbox",
            "envelope",
            "return path",
            "file",
            "type",
            "message-id",
            "language",
        ];

    [Theory]
    [MemberData(nameof(Places))]
    public void A_line_break_in_a_header_is_refused_wherever_it_stands(string place)
    {
        const string evil = "x\r\nBcc: spy@else.example";
        var letter = OutgoingSamples.Letter();

        Assert.Throws<ArgumentException>(() => MimeMessages.Create(place switch
        {
            "subject" => letter with { Subject = evil },
            "mission" => letter with { MissionTitle = evil },
            "from" => letter with { From = new(evil, "a@one.example") },
            "reply-to" => letter with { ReplyTo = [letter.ReplyTo[0], new(null, evil)] },
            "mailbox" => letter with { Mailboxes = [new(evil, MailboxField.To)] },
            "envelope" => letter with { Envelope = [evil] },
            "return path" => letter with { ReturnPath = evil },
            "file" => letter with { Enclosures = [new(evil, "application/pdf", "x"u8.ToArray())] },
            "type" => letter with { Enclosures = [new("a.pdf", evil, "x"u8.ToArray())] },
            "message-id" => letter with { MessageId = evil },
            _ => letter with { Language = evil },
        }));
    }

    private static (MimeMessage Message, string Source) Written(OutgoingMessage letter)
    {
        using var stream = new MemoryStream();
        using (var message = MimeMessages.Create(letter))
            message.WriteTo(new FormatOptions { NewLineFormat = NewLineFormat.Dos }, stream);
        return (MimeMessage.Load(new MemoryStream(stream.ToArray())), Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static string Decoded(MimePart part)
    {
        using var stream = new MemoryStream();
        part.Content!.DecodeTo(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
