using Distribution.Common;
using Distribution.Tracking.Inbound;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>Every line of <c>machine-signs.tsv</c>, in a message that bears no other sign of a machine.</summary>
public sealed class MachineSignsTests
{
    /// <summary>How long a message of the longest text that is read may take, several times what it took.</summary>
    // Of processor time: an expression that backtracks would need minutes.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    public static TheoryData<string> Languages => [.. Lines.Select(line => line.Language).Distinct()];

    private static List<(string Where, string Language, string What)> Lines => [.. MachineSigns.Read()];

    [Fact]
    public void The_file_knows_how_machines_answer_in_many_languages()
    {
        string[] places = ["declares", "generates", "header", "sender", "subject", "text", "held"];
        Assert.All(Lines, line => Assert.Contains(line.Where, places));
        Assert.True(Languages.Count > 50);
        foreach (var where in (string[])["subject", "text"])
            Assert.Equal(
                Languages.Count - 1,
                Lines.Where(line => line.Where == where).Select(line => line.Language).Distinct().Count());
        Assert.Equal(Lines.Count, Lines.DistinctBy(line => (line.Where, line.What)).Count());
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_line_makes_a_message_doubtful_or_a_machine_s(string language)
    {
        foreach (var (where, _, what) in Lines.Where(line => line.Language == language))
            switch (where)
            {
                case "declares":
                    Assert.IsType<InboundMail.AutomaticReply>(InboundMail.Read(With(what)));
                    break;
                case "generates":
                    Assert.True(DoubtOf(With(what)) is { IsLikely: true }, what);
                    var away = With(what);
                    away.Subject = "Automatic reply: Draft Rev 1";
                    Assert.IsType<InboundMail.AutomaticReply>(InboundMail.Read(away));
                    break;
                case "header":
                    Assert.False(DoubtOf(With(what)) is null or { IsLikely: true }, what);
                    Assert.True(DoubtOf(With(what), returnPath: "") is { IsLikely: true }, what);
                    break;
                case "sender":
                    Assert.True(DoubtOf(Message(), from: $"{what}@che.example") is { IsLikely: true }, what);
                    break;
                case "held":
                    // Though it declares itself a machine's: nobody else would hear that the letter was not handed on.
                    var held = Message(text: $"Excellency,\n\n{what.TrimEnd('*')}. Mission\n");
                    held.Headers.Add("Auto-Submitted", "auto-replied");
                    Assert.True(DoubtOf(held) is { IsLikely: true }, what);
                    Assert.True(InboundMail.SaysUnread(held), what);
                    goto default;
                default:
                    var ended = what.EndsWith('*') ? $"{what[..^1]}αж" : what;
                    foreach (
                        var phrase in (string[])
                            [ended, ended.ToUpperInvariant(), ended.Replace(" ", "  ", StringComparison.Ordinal)])
                    {
                        Assert.True(IsLikely(Message(subject: $"{phrase} Draft Rev 1")), phrase);
                        if (where == "subject")
                            Assert.True(IsLikely(Message(subject: $"AW: [External] {phrase}")), phrase);
                        else
                            Assert.True(IsLikely(Message(text: $"Excellency,\n\n(2026) {phrase}. Mission\n")), phrase);
                    }

                    break;
            }
    }

    /// <summary>What people write who have the letter, or ask about it.</summary>
    [Theory]
    [InlineData("Received with thanks.")]
    [InlineData("We acknowledge receipt of the letter of the co-facilitators; it was read by the Ambassador.")]
    [InlineData("Our expert on automatic weapons will read it in her office, and leave no one behind.")]
    [InlineData("The absent-minded registry thanks the co-facilitators. Vacationers' rights are in annex II.")]
    [InlineData("Bien reçu, avec nos remerciements. Le bureau de la Mission vous salue.")]
    [InlineData("Acusamos recibo de la carta. La oficina de la Misión agradece.")]
    [InlineData("Письмо получено, благодарим. Канцелярия Постоянного представительства.")]
    [InlineData("来函收悉，谨致谢意。")]
    [InlineData("تم استلام الرسالة مع الشكر والتقدير.")]
    [InlineData("Wir haben das Schreiben erhalten und danken.")]
    [InlineData("Abbiamo ricevuto la lettera, grazie.")]
    [InlineData("Recebemos a carta, com os nossos agradecimentos.")]
    [InlineData("Pismo otrzymaliśmy, dziękujemy.")]
    [InlineData("Mektubu aldık, teşekkür ederiz.")]
    [InlineData("書簡を受領いたしました。ありがとうございます。")]
    [InlineData("서한을 잘 받았습니다. 감사합니다.")]
    [InlineData("Brevet er mottatt, takk. Brevet är mottaget, tack.")]
    [InlineData("Kirje on vastaanotettu, kiitos.")]
    [InlineData("Η επιστολή ελήφθη, ευχαριστούμε.")]
    [InlineData("המכתב התקבל, תודה.")]
    [InlineData("Листа отримано, дякуємо.")]
    [InlineData("Chúng tôi đã nhận được thư, xin cảm ơn.")]
    [InlineData("Surat telah kami terima, terima kasih.")]
    [InlineData("ได้รับหนังสือแล้ว ขอบคุณ")]
    [InlineData("Barua imepokelewa, asante.")]
    public void What_people_write_is_not_doubted(string text)
    {
        foreach (
            var subject in (string[])
                ["Re: Draft Rev 1", "Rép. : Draft Rev 1", "答复: Draft Rev 1", "Draft Rev 1 - received"])
            Assert.Null(DoubtOf(Message(subject, text)));
    }

    /// <summary>Texts of the longest kind that is read, made of what nearly is a sign.</summary>
    [Fact]
    public void The_longest_text_is_looked_through_in_no_time()
    {
        var taken = new List<(TimeSpan Time, string Of)>();
        foreach (
            var part in (string[])
                [
                    "absent",
                    "out of the offic ",
                    "x automatic repl",
                    "réponse automatiqu ",
                    "отсутств",
                    "không có mặt tại văn phòn ",
                    "不在办公",
                    " ",
                    "\u0301",
                    "[",
                    "a: ",
                ])
        {
            var text = string.Concat(Enumerable.Repeat($"{part}x", 20_000 / (part.Length + 1)));
            var message = Message(text[..500], text);
            MachineSigns.Doubt(message, "once before");
            var begun = ProcessorTime.OfThread;
            MachineSigns.Doubt(message, ((TextPart)message.Body!).Text);
            taken.Add((ProcessorTime.OfThread - begun, part));
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(
                '\n',
                taken.Select(one => $"{one.Time.TotalMilliseconds:0.0} ms of processor time: 20,000 characters of “{one.Of}”")));
        Assert.All(taken, one => Assert.True(one.Time < Longest, $"{one.Time} for “{one.Of}”"));
    }

    private static bool IsLikely(MimeMessage message) => DoubtOf(message) is { IsLikely: true };

    private static MachineDoubt? DoubtOf(MimeMessage message, string? returnPath = null, string? from = null)
    {
        if (returnPath is not null)
            message.Headers.Add("Return-Path", $"<{returnPath}>");
        if (from is not null)
            ((MailboxAddress)message.From[0]).Address = from;
        return Assert.IsType<InboundMail.Reply>(InboundMail.Read(message)).Doubt;
    }

    private static MimeMessage With(string header)
    {
        var message = Message();
        var parts = header.Split(':', 2);
        message.Headers.Add(parts[0], parts.ElementAtOrDefault(1)?.Trim() ?? "something");
        return message;
    }

    private static MimeMessage Message(string subject = "Re: Draft Rev 1", string text = "Received.") =>
        new(
            [new MailboxAddress("Desk Officer", "mission@che.example")],
            [new MailboxAddress("", "replies@letters.example")],
            subject,
            new TextPart("plain") { Text = text });
}
