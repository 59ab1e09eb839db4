using Distribution.Common;
using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>How email and PDF print the meetings of a letter.</summary>
public sealed class MeetingTextTests
{
    [Theory]
    [InlineData(
        "en",
        "Meetings:",
        "Tuesday, 3 April 2018, from 10 a.m. to 1.30 p.m. (New York time)",
        "Place: Conference Room 2",
        "CANCELLED: Second reading",
        "Meetings, as a calendar file")]
    [InlineData(
        "fr",
        "Réunions :",
        "Mardi 3 avril 2018, de 10 heures à 13 h 30 (heure de New York)",
        "Lieu : Conference Room 2",
        "RÉUNION ANNULÉE : Second reading",
        "Réunions (fichier d’agenda)")]
    [InlineData(
        "es",
        "Reuniones:",
        "Martes 3 de abril de 2018, de las 10.00 a las 13.30 horas (hora de Nueva York)",
        "Lugar: Conference Room 2",
        "REUNIÓN CANCELADA: Second reading",
        "Reuniones, en un archivo de calendario")]
    [InlineData(
        "ru",
        "Заседания:",
        "Вторник, 3 апреля 2018 года, с 10 ч. 00 м. до 13 ч. 30 м. (по нью-йоркскому времени)",
        "Место: Conference Room 2",
        "ЗАСЕДАНИЕ ОТМЕНЕНО: Second reading",
        "Заседания (файл календаря)")]
    [InlineData(
        "ar",
        "الاجتماعات:",
        "الثلاثاء، 3 نيسان/أبريل 2018، من الساعة 10:00 إلى الساعة 13:30 (بتوقيت نيويورك)",
        "المكان: Conference Room 2",
        "اجتماع ملغى: Second reading",
        "الاجتماعات (ملف تقويم)")]
    [InlineData(
        "zh",
        "会议：",
        "2018年4月3日星期二上午10时至下午1时30分（纽约时间）",
        "地点：Conference Room 2",
        "会议取消：Second reading",
        "会议日程（日历文件）")]
    public void Day_and_hours_are_said_as_the_language_says_them(
        string language,
        string heading,
        string hours,
        string place,
        string cancelled,
        string calendar)
    {
        var source = SixLanguages.In(language) with
        {
            MeetsAt = [Reading with { End = At(13, 30) }, Second with { IsCancelled = true }],
        };

        foreach (var text in (string[])[Printed(source), Email(source).Text, Html(Email(source))])
            Assert.All(
                (string[])[heading, "First reading", hours, place, cancelled],
                words => Assert.Contains(words, InOneLine(text), StringComparison.Ordinal));
        Assert.Contains(calendar, Document(source).Enclosures.Select(Plain));
    }

    [Fact]
    public void They_stand_below_the_text_and_above_the_close_of_a_letter_and_of_a_note_verbale()
    {
        var letter = SampleLetter.Source with { MeetsAt = [Reading], Body = "transmit it." };
        var note = letter with
        {
            Form = LetterForm.NoteVerbale,
            Signatories = [],
            Sender = new("The Permanent Mission of Mexico", "Permanent Mission of Mexico"),
        };

        foreach (var (source, close) in ((LetterSource, string)[])[(letter, "Please accept"), (note, "avails itself")])
            Assert.Matches($"(?s)transmit it.*Meeting:.*First reading.*{close}", Email(source).Text);
    }

    [Theory]
    [InlineData("– Closing –")]
    [InlineData("1. A | b *c* [d](https://e.example) <b>&amp;</b>")]
    [InlineData("{{ letter.draft }}")]
    [InlineData("=1+1")]
    [InlineData("# 二、会议")]
    public void What_is_typed_is_what_prints(string typed)
    {
        var source = SampleLetter.Source with { MeetsAt = [Reading with { Title = typed, Place = typed, Note = typed }] };

        var item = Assert.Single(Assert.IsType<ItemList>(Document(source).Body[^1]).Items);

        Assert.Equal(
            $"{typed}|Tuesday, 3 April 2018, from 10 a.m. to 1 p.m. (New York time)|Place: {typed}|{typed}",
            string.Concat(Assert.IsType<Paragraph>(Assert.Single(item)).Runs.Select(run => Plain(run.Text))).Replace('\n', '|'));
        Assert.Contains(typed, System.Net.WebUtility.HtmlDecode(Email(source).Html), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_is_a_link()
    {
        var source = SampleLetter.Source with { MeetsAt = [Reading with { Link = "https://webtv.un.org/a_b?c=1&d=(e)" }] };

        Assert.Contains("href=\"https://webtv.un.org/a_b?c=1&amp;d=(e)\"", Email(source).Html, StringComparison.Ordinal);
        Assert.Contains("https://webtv.un.org/a_b?c=1&d=(e)", Email(source).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reminder_repeats_no_meetings() =>
        Assert.Empty(
            ReminderLetter.Of(
                SampleLetter.Source with { MeetsAt = [Reading] },
                new DateOnly(2018, 4, 1),
                SampleLetter.Words("en")).Meetings);

    internal static Meeting Reading { get; } =
        new("First reading", At(10), At(13), "Conference Room 2", null, null);

    private static Meeting Second { get; } = Reading with { Title = "Second reading", Start = At(15), End = At(18) };

    private static DateTimeOffset At(int hour, int minute = 0) =>
        NewYorkTime.Instant(new DateTime(2018, 4, 3, hour, minute, 0));

    private static LetterDocument Document(LetterSource source) =>
        LetterDocument.Of(
            new LetterRenderer(
                source,
                [SampleLetter.Draft.NamedIn(source), .. MeetingCalendar.Of(source).Select(file => file.Enclosure)],
                SampleLetter.Template).Content(null),
            source,
            new DocumentVerification("", "7QJ4-MX2K-9TWB", "https://letters.example/verify", ""));

    private static string Printed(LetterSource source) =>
        Plain(string.Join('\n', Document(source).Body.SelectMany(Texts)));

    private static IEnumerable<string> Texts(DocumentBlock block) => block switch
    {
        Paragraph paragraph => [string.Concat(paragraph.Runs.Select(run => run.Text))],
        ItemList list => list.Items.SelectMany(item => item.SelectMany(Texts)),
        _ => [],
    };

    private static Letter Email(LetterSource source) => SampleLetter.Render(source);

    private static string Html(Letter letter)
    {
        var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(letter.Html.Replace("<br />", "\n", StringComparison.Ordinal));
        return document.Body!.TextContent;
    }

    private static string InOneLine(string text) =>
        string.Join(' ', Plain(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Without no-break spaces and the marks of direction.</summary>
    private static string Plain(string text) =>
        text.Replace('\u00A0', ' ').Replace('\u202F', ' ').Replace("\u2066", "", StringComparison.Ordinal).Replace("\u2069", "", StringComparison.Ordinal);
}
