using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Xunit;

namespace Distribution.Tests.Letters.Reading;

/// <summary>What a letter may say of its meetings.</summary>
public sealed class MeetingReadingTests
{
    private const string Whole = """
        meetings:
          - title: First reading
            date: 2018-04-03
            from: 10:00
            to: 13:00
            place: "Conference Room 2: United Nations Headquarters"
            link: https://webtv.un.org/en
            note: With interpretation
          - title: First reading
            date: 2018-04-04
            from: 9:30
            to: 13:00
        """;

    [Fact]
    public void Reads_day_and_hours_of_New_York_with_place_link_and_note() =>
        Assert.Equal(
            [
                new Meeting(
                    "First reading",
                    New(2018, 4, 3, 14, 0),
                    New(2018, 4, 3, 17, 0),
                    "Conference Room 2: United Nations Headquarters",
                    "https://webtv.un.org/en",
                    "With interpretation"),
                new Meeting("First reading", New(2018, 4, 4, 13, 30), New(2018, 4, 4, 17, 0), null, null, null),
            ],
            Sound(Whole).Meetings);

    [Fact]
    public void A_letter_that_names_none_has_none() => Assert.Empty(WrittenLetter.Source().Meetings);

    [Fact]
    public void A_correction_may_cancel_one() =>
        Assert.True(
            LetterFile
                .Read("letter.md", Samples.Bytes(Samples.LetterWith($"supersedes: Draft Rev 1\ncorrection: corrigendum\n{Whole}\n    cancelled: yes")))
                .Letter!
                .Meetings[1]
                .IsCancelled);

    /// <summary>Clocks go forward over 2 on 10 March 2019, and show the hour before 2 twice on 4 November 2018.</summary>
    [Theory]
    [InlineData("2019-03-10", "02:00", "04:00", 224, "There is no 2019-03-10 02:00 in New York")]
    [InlineData("2019-03-10", "00:30", "02:30", 224, "There is no 2019-03-10 02:30 in New York")]
    [InlineData("2018-11-04", "01:30", "03:00", 371, "they show that hour twice. The second is taken.")]
    [InlineData("2018-11-04", "00:30", "01:00", 371, "they show that hour twice. The second is taken.")]
    [InlineData("2018-04-03", "10:00", "10:00", 265, "The meeting ends at 10:00 and begins at 10:00.")]
    [InlineData("2018-04-03", "22:00", "01:00", 265, "The meeting ends at 1:00 and begins at 22:00.")]
    [InlineData("2018-04-03", "10", "13:00", 263, "“10” after “from” is not a time of day")]
    [InlineData("2018-04-03", "10:00", "25:00", 263, "“25:00” after “to” is not a time of day")]
    [InlineData("3 April", "10:00", "13:00", 222, "“3 April” is not a date")]
    [InlineData("2018-03-25", "10:00", "13:00", 269, "before the day the letter is dated")]
    public void What_cannot_be_or_may_be_a_slip_is_told_at_its_line(string date, string from, string to, int number, string words)
    {
        var fault = Assert.Single(Read($"meetings:\n  - title: First reading\n    date: {date}\n    from: {from}\n    to: {to}").Faults);

        Assert.Equal(number, fault.Number);
        Assert.Contains(words, fault.Words, StringComparison.Ordinal);
        Assert.Matches(@"^letter\.md, line \d+$", fault.Place);
        Assert.StartsWith("meetings[1].", fault.Location.Field, StringComparison.Ordinal);
    }

    [Fact]
    public void Over_the_hour_that_is_left_out_a_meeting_is_an_hour_shorter_and_over_the_doubled_one_longer()
    {
        Assert.Equal(TimeSpan.FromHours(1), Length("2019-03-10", "01:00", "03:00"));
        Assert.Equal(TimeSpan.FromHours(3), Length("2018-11-04", "00:30", "02:30"));

        static TimeSpan Length(string date, string from, string to)
        {
            var meeting = Sound($"meetings: {{title: Night, date: {date}, from: \"{from}\", to: \"{to}\"}}").Meetings[0];
            return meeting.End - meeting.Start;
        }
    }

    [Fact]
    public void A_meeting_under_embargo_is_asked_about() =>
        Assert.Equal(
            [269, 269],
            Read($"embargoed_until: 2018-04-05 18:00\n{Whole}").Faults.Select(fault => fault.Number));

    [Theory]
    [InlineData("webtv.un.org")]
    [InlineData("ftp://files.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://someone:secret@x.example")]
    [InlineData("\"https://x.example/a b\"")]
    [InlineData("https://x.example/<b>")]
    public void A_link_leads_into_the_web(string link) =>
        Assert.Equal([264], Read(Whole.Replace("https://webtv.un.org/en", link, StringComparison.Ordinal)).Faults.Select(fault => fault.Number));

    [Theory]
    [InlineData("title: \"First\\nreading\"", 218)]
    [InlineData("title: \"First \u202E reading\"", 219)]
    [InlineData("title: \"\"", 216)]
    public void A_title_is_one_line_of_what_can_be_printed(string title, int number) =>
        Assert.Equal(number, Read(Whole.Replace("title: First reading\n    date: 2018-04-03", $"{title}\n    date: 2018-04-03", StringComparison.Ordinal)).Faults[0].Number);

    [Fact]
    public void What_a_meeting_lacks_is_named_at_once() =>
        Assert.Equal(
            "letter.md, line 20: This meeting lacks “date”, “from” and “to”. Add a line for each, as in “date: 2018-04-03”. (D215)",
            string.Join('\n', Read("meetings:\n  - title: First reading").Faults));

    [Fact]
    public void A_standing_letter_has_none() =>
        Assert.Contains(
            LetterFile
                .ReadStanding("standing.md", Samples.Bytes($"---\n{Whole}\n---\nText"), "draft-rev-1.pdf", new DateOnly(2018, 3, 26))
                .Faults,
            fault => fault is { Number: 235, Words: var words } && words.Contains("“meetings”", StringComparison.Ordinal));

    [Fact]
    public void A_translation_says_titles_places_and_notes_in_its_own_words()
    {
        var letter = Sound(Whole);
        var french = Translation("meetings:\n  - {title: Première lecture, place: Salle 2}\n  - {title: Suite}");

        Assert.Empty(french.Faults);
        Assert.Equal(
            [
                letter.Meetings[0] with { Title = "Première lecture", Place = "Salle 2" },
                letter.Meetings[1] with { Title = "Suite" },
            ],
            french.Letter!.Meetings);
        Assert.Equal(letter.Meetings, Translation("").Letter!.Meetings);
        Assert.Equal([309], Translation("meetings:\n  - {title: Première lecture}").Faults.Select(fault => fault.Number));
        Assert.Equal([213], Translation("meetings:\n  - {title: A, date: 2018-04-03}\n  - {title: B}").Faults.Select(fault => fault.Number));

        LetterReading Translation(string lines) =>
            LetterFile.ReadTranslation("letter.fr.md", "fr", Samples.Bytes($"---\nsubject: Projet\n{lines}\n---\nTexte\n"), letter);
    }

    private static DateTimeOffset New(int year, int month, int day, int hour, int minute) =>
        NewYorkTime.At(new DateTimeOffset(year, month, day, hour, minute, 0, TimeSpan.Zero));

    private static LetterReading Read(string lines) =>
        LetterFile.Read("letter.md", Samples.Bytes(Samples.LetterWith(lines)));

    private static LetterSource Sound(string lines)
    {
        var reading = Read(lines);
        return reading.Letter ?? throw new ArgumentException(string.Join('\n', reading.Faults));
    }
}
