using AngleSharp.Html.Parser;
using Distribution.Letters;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>Which spaces of a letter never break; in these cases they are written as ~.</summary>
public sealed class NoBreakSpacesTests
{
    [Theory]
    [InlineData("en", "from 3 to 6~April 2018 at 6~p.m., in Conference Room~2")]
    [InlineData("en", "April~3; para.~41; paragraph~41; No.~3; Mr.~Lauber, H.E.~Ms.~Baeriswyl; Draft Rev~1")]
    [InlineData("en", "It cost 25~000 dollars, or 1~250~000, 5~% of it and 5~per cent of that.")]
    [InlineData("en", "In May we met. No 3 is there, and the room 2 was not. In 2018 300 came.")]
    [InlineData("fr", "le 3~avril 2018 à 18~heures, ou le 1er~mai à 18~h~30, salle~2")]
    [InlineData("fr", "les «~principes~»~: quoi~? cela~! oui~; non")]
    [InlineData("fr", "M.~Lauber et Mme~Favre, par.~41, art.~5, n°~3, 25~000 francs, 5~%")]
    [InlineData("fr", "par 3 fois, à 10:30, https://a.example/?b=1")]
    [InlineData("fr", "à a@b.example : merci~; sur https://a.example/x ? Oui~: www.a.example ; non")]
    [InlineData("es", "el 3~de~abril de 2018 a las 18.00~horas, en la Sala~2; párr.~41; Sr.~Gómez; núm.~3")]
    [InlineData("ru", "3~апреля 2018~года в 18~ч.~00~мин., зал~2, п.~41, ст.~5, №~3, г-н~Лаубер, Ю. Лаубер")]
    [InlineData("ru", "26~марта 2018~года, 16~ч.~30~м. (по нью-йоркскому времени)")]
    [InlineData("ru", "Мир~— это труд; с 3 по 6~апреля")]
    [InlineData("ar", "3~نيسان/أبريل 2018 الساعة~18:00 القاعة~2 الفقرة~41")]
    [InlineData("zh", "2018年4月3日 Conference Room 2")]
    public void They_are_those_that_the_rules_of_a_language_hold(string language, string text)
    {
        var expected = text.Replace('~', '\u00A0').Replace("Ю. Л", "Ю.\u00A0Л", StringComparison.Ordinal);

        Assert.Equal(expected, NoBreakSpaces.In(text.Replace('~', ' '), language));
    }

    [Fact]
    public void The_email_has_them_as_the_document_has_and_its_links_stay()
    {
        const string body = "« Oui » : le **3** avril, au paragraphe 41, salle 2 ; sur https://a.example/x ? Ou [dans la salle 3](https://a.example/3) ?";
        var letter = SampleLetter.Printed(SixLanguages.In("fr") with { Body = body, Subject = "Réunion : Draft Rev 1" });

        const string words = "«~Oui~»~: le 3~avril, au paragraphe~41, salle~2~; sur https://a.example/x ? Ou dans la salle~3";
        Assert.Contains(words, Marked(letter.Text), StringComparison.Ordinal);
        var page = new HtmlParser().ParseDocument(letter.Html);
        Assert.Contains($"{words}~?", Marked(page.Body!.TextContent), StringComparison.Ordinal);
        Assert.Contains("https://a.example/x", page.QuerySelectorAll("a").Select(link => link.GetAttribute("href")));
        foreach (var part in (string[])["New York, le 26~mars 2018", "Observations~: au plus tard le mardi 3~avril 2018 à 18~heures", "Contact~:"])
        {
            Assert.Contains(part, Marked(letter.Text), StringComparison.Ordinal);
            Assert.Contains(part, Marked(page.Body.TextContent), StringComparison.Ordinal);
        }

        Assert.Equal("Réunion~: Draft Rev~1", letter.Subject.Replace('\u00A0', '~'));
        // One of plain letters is found by who looks for it as it is typed.
        Assert.Equal("Draft Rev 1", SampleLetter.Printed(SampleLetter.Source with { Subject = "Draft Rev 1" }).Subject);

        static string Marked(string text) => text.Replace('\u00A0', '~').Replace('\n', ' ');
    }

    [Fact]
    public void A_reminder_has_them() =>
        Assert.Contains(
            "la lettre datée du 26~mars 2018, dont",
            SampleLetter
                .Printed(ReminderLetter.Of(SixLanguages.In("fr"), new(2018, 4, 1), SampleLetter.Words("fr")))
                .Text.Replace('\u00A0', '~').Replace('\n', ' '),
            StringComparison.Ordinal);

    [Fact]
    public void No_line_of_the_text_part_begins_or_ends_with_what_they_hold()
    {
        // Every length of what stands before brings each space to the end of a line once.
        var body = string.Join(
            "\n\n",
            Enumerable.Range(0, 72).Select(number => $"{new string('x', number + 1)} selon « oui » : le 3 avril."));
        var lines = SampleLetter.Printed(SixLanguages.In("fr") with { Body = body }).Text.Split('\n');

        Assert.DoesNotContain(lines, line => line.StartsWith('»') || line.StartsWith(':') || line.EndsWith('«') || line.EndsWith('3'));
        Assert.All(lines.Where(line => line.StartsWith('x')), line => Assert.InRange(line.Length, 1, 73));
    }

    [Theory]
    [InlineData("en", "on 3 April 2018 in Conference Room 2 with Mr. Lauber on paragraph 41, 25 000 times, to gcm@co-facilitators.example")]
    [InlineData("fr", "le 3 avril 2018, salle 2 : « oui » selon M. Lauber, au paragraphe 41, 25 000 fois")]
    [InlineData("ru", "3 апреля 2018 года в зале 2, г-н Лаубер — о пункте 41, 25 000 раз")]
    public async Task In_the_document_a_line_never_ends_within_and_what_is_copied_has_ordinary_spaces(
        string language,
        string phrase)
    {
        Assert.SkipUnless(Poppler.IsInstalled("pdftotext"), "pdftotext (poppler-utils) is not installed.");
        // Every length of what stands before brings each space to the end of a line once.
        var body = string.Join("\n\n", Enumerable.Range(0, 70).Select(number => $"{new string('x', number + 1)} {phrase}."));
        var made = await TypesetterFixture.Shared.Typeset(
            SampleLetter.Job(SixLanguages.In(language) with { Body = body }, null),
            TestContext.Current.CancellationToken);

        Assert.Null(made.Problem);
        var text = await Poppler.Run("pdftotext", made.Pdf, "-layout");
        Assert.DoesNotContain('\u00A0', text);
        foreach (var piece in NoBreakSpaces.In(phrase, language).Split(' ').Where(piece => piece.Contains('\u00A0')))
            Assert.InRange(text.Split(piece.Replace('\u00A0', ' ').TrimEnd(',')).Length - 1, 70, 71);
        // Nor within a mailbox, at its hyphen or anywhere.
        foreach (var mailbox in phrase.Split(' ').Where(word => word.Contains('@')))
            Assert.Equal(70, text.Split(mailbox).Length - 1);
    }
}
