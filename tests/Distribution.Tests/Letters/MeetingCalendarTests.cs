using System.Diagnostics;
using System.Text;
using Distribution.Common;
using Distribution.Letters;
using Ical.Net;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>The calendar files that a letter encloses, as calendar programs read them.</summary>
public sealed class MeetingCalendarTests
{
    [Fact]
    public void A_meeting_is_published_with_all_that_the_letter_says_of_it()
    {
        var (enclosure, file) = Assert.Single(MeetingCalendar.Of(With(Reading with { Sequence = 2 })));

        Assert.Equal("2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - meetings.ics", enclosure.File);
        Assert.Equal((EnclosureRole.Meetings, "application/ics", file.Content.Length, file.Hash), (enclosure.Role, enclosure.ContentType, (int)enclosure.Length, enclosure.Hash));
        var calendar = Read(file);
        Assert.Equal("PUBLISH", calendar.Method);
        var meeting = Assert.Single(calendar.Events);
        Assert.Equal(("a1", 2, "First reading", "CONFIRMED"), (meeting.Uid, meeting.Sequence, meeting.Summary, meeting.Status));
        Assert.Equal("Conference Room 2, United Nations Headquarters", meeting.Location);
        Assert.Equal(
            "Global Compact for Safe, Orderly and Regular Migration, Draft Rev 1\nIn six languages; bring ID\nhttps://webtv.un.org/",
            meeting.Description!.ReplaceLineEndings("\n"));
        Assert.Equal(new Uri("https://webtv.un.org/"), meeting.Url);
        Assert.Equal("America/New_York", meeting.Start!.TzId);
        Assert.Equal(new DateTime(2018, 4, 3, 14, 0, 0, DateTimeKind.Utc), meeting.Start.AsUtc);
        Assert.Equal(new DateTime(2018, 4, 3, 17, 0, 0, DateTimeKind.Utc), meeting.End!.AsUtc);
        Assert.Equal(new DateTime(2018, 3, 26, 12, 0, 0, DateTimeKind.Utc), meeting.DtStamp!.AsUtc);
        Assert.Equal("mailto:gcm@co-facilitators.example", meeting.Organizer!.Value!.ToString());
        Assert.Equal("Secretariat of the co-facilitators", meeting.Organizer.CommonName);
        Assert.Empty(meeting.Attendees);
    }

    [Fact]
    public void The_same_letter_makes_the_same_bytes()
    {
        var letter = With(Reading, Reading with { Title = "Second reading", Uid = "b2" });

        Assert.Equal(MeetingCalendar.Of(letter)[0].File.Content.ToArray(), MeetingCalendar.Of(letter)[0].File.Content.ToArray());
    }

    [Fact]
    public void What_is_cancelled_stands_in_a_file_of_its_own()
    {
        var files = MeetingCalendar.Of(With(Reading, Reading with { Title = "Second reading", Uid = "b2", Sequence = 1, IsCancelled = true }));

        Assert.Equal(
            [
                "2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - meetings.ics",
                "2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - cancelled meetings.ics",
            ],
            files.Select(file => file.File.Name));
        Assert.Equal(["PUBLISH First reading CONFIRMED", "CANCEL Second reading CANCELLED"], files.Select(file => Said(Read(file.File))));

        static string Said(Calendar calendar) =>
            $"{calendar.Method} {calendar.Events.Single().Summary} {calendar.Events.Single().Status}";
    }

    /// <summary>Clocks went forward on 11 March 2018 at 2, and back on 4 November at 2.</summary>
    [Theory]
    [InlineData("2018-03-10 10:00", "2018-03-10 15:00")]
    [InlineData("2018-03-11 01:30", "2018-03-11 06:30")]
    [InlineData("2018-03-11 03:00", "2018-03-11 07:00")]
    [InlineData("2018-03-12 10:00", "2018-03-12 14:00")]
    [InlineData("2018-11-03 10:00", "2018-11-03 14:00")]
    [InlineData("2018-11-04 00:30", "2018-11-04 04:30")]
    // Of the two, the letter means the second.
    [InlineData("2018-11-04 01:30", "2018-11-04 06:30")]
    [InlineData("2018-11-04 02:00", "2018-11-04 07:00")]
    [InlineData("2018-11-05 10:00", "2018-11-05 15:00")]
    [InlineData("2031-07-01 10:00", "2031-07-01 14:00")]
    [InlineData("2006-03-20 10:00", "2006-03-20 15:00")]
    public void An_hour_is_the_same_on_both_sides_of_a_change_of_clocks(string newYork, string universal)
    {
        var start = NewYorkTime.Instant(Time(newYork));
        var text = Text(MeetingCalendar.Of(With(Reading with { Start = start, End = start.AddHours(1) }))[0].File);

        // By the rules in the file itself, which programs that know no time zones go by.
        Assert.Equal(Time(universal), Universal(text));

        static DateTime Time(string text) =>
            DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("a, b; c\\d", @"SUMMARY:a\, b\; c\\d")]
    [InlineData("BEGIN:VEVENT", "SUMMARY:BEGIN:VEVENT")]
    [InlineData("=HYPERLINK(\"https://x.example\")", "SUMMARY:=HYPERLINK(\"https://x.example\")")]
    [InlineData("<b>مناقشة</b> 会议", "SUMMARY:<b>مناقشة</b> 会议")]
    public void Text_is_text_whatever_it_looks_like(string title, string line)
    {
        var file = MeetingCalendar.Of(With(Reading with { Title = title, Note = "one\\ntwo" }))[0].File;

        Assert.Contains($"\r\n{line}\r\n", Text(file), StringComparison.Ordinal);
        Assert.Equal(title, Assert.Single(Read(file).Events).Summary);
    }

    [Fact]
    public void No_line_is_longer_than_75_bytes_and_none_ends_within_a_letter()
    {
        var title = string.Concat(Enumerable.Repeat("заседание會議😀", 10));
        var file = MeetingCalendar.Of(With(Reading with { Title = title }))[0].File;

        Assert.All(
            Encoding.UTF8.GetString(file.Content.Span).Split("\r\n"),
            line =>
            {
                Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75);
                Assert.DoesNotContain('\uFFFD', line);
            });
        Assert.Equal(title, Assert.Single(Read(file).Events).Summary);
    }

    /// <summary>Another library, of another language, finds the same meetings.</summary>
    [Fact]
    public async Task Pythons_icalendar_reads_the_same()
    {
        Assert.SkipUnless(Directory.Exists("/usr/lib/python3/dist-packages/icalendar"), "python3-icalendar is not installed.");
        var summer = Reading with { Title = "Лекция, 会议; مناقشة" };
        var winter = NewYorkTime.Instant(new DateTime(2018, 11, 5, 10, 0, 0));
        var letter = With(summer, Reading with { Uid = "b2", Sequence = 3, Start = winter, End = winter.AddHours(2) });

        Assert.Equal(
            """
            PUBLISH
            a1 0 Лекция, 会议; مناقشة 2018-04-03T14:00:00+00:00 2018-04-03T17:00:00+00:00 Conference Room 2, United Nations Headquarters
            b2 3 First reading 2018-11-05T15:00:00+00:00 2018-11-05T17:00:00+00:00 Conference Room 2, United Nations Headquarters

            """,
            await Python(
                """
                import sys, datetime, icalendar
                sys.stdout.reconfigure(encoding="utf-8")
                calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
                utc = lambda moment: moment.dt.astimezone(datetime.timezone.utc).isoformat()
                print(calendar["METHOD"])
                for it in calendar.walk("VEVENT"):
                    print(it["UID"], it.get("SEQUENCE", 0), it["SUMMARY"], utc(it["DTSTART"]), utc(it["DTEND"]), it["LOCATION"])
                """,
                Text(MeetingCalendar.Of(letter)[0].File, isFolded: true)));
    }

    private static Meeting Reading { get; } = MeetingTextTests.Reading with
    {
        Place = "Conference Room 2, United Nations Headquarters",
        Link = "https://webtv.un.org/",
        Note = "In six languages; bring ID",
        Uid = "a1",
    };

    private static LetterSource With(params Meeting[] meetings) => SampleLetter.Source with { MeetsAt = meetings };

    private static Calendar Read(UploadedFile file) => Calendar.Load(Encoding.UTF8.GetString(file.Content.Span))!;

    private static string Text(UploadedFile file, bool isFolded = false)
    {
        var text = Encoding.UTF8.GetString(file.Content.Span);
        return isFolded ? text : text.Replace("\r\n ", "", StringComparison.Ordinal);
    }

    /// <summary>When a meeting begins, by the time zone written in its file: without the library that wrote it.</summary>
    private static DateTime Universal(string text)
    {
        var begins = text[text.IndexOf("BEGIN:VEVENT", StringComparison.Ordinal)..].Split("\r\n").Single(line => line.StartsWith("DTSTART", StringComparison.Ordinal));
        var time = DateTime.ParseExact(begins[(begins.LastIndexOf(':') + 1)..].TrimEnd('Z'), "yyyyMMdd'T'HHmmss", System.Globalization.CultureInfo.InvariantCulture);
        if (begins.EndsWith('Z'))
            return time;
        Assert.StartsWith("DTSTART;TZID=America/New_York:", begins, StringComparison.Ordinal);
        Assert.Contains(
            "BEGIN:DAYLIGHT\r\nDTSTART:20070311T020000\r\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\nTZNAME:EDT\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nEND:DAYLIGHT",
            text,
            StringComparison.Ordinal);
        Assert.Contains(
            "BEGIN:STANDARD\r\nDTSTART:20071104T020000\r\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\nTZNAME:EST\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nEND:STANDARD",
            text,
            StringComparison.Ordinal);
        return time.AddHours(time >= Sunday(3, 2) && time < Sunday(11, 1) ? 4 : 5);

        DateTime Sunday(int month, int number) =>
            Enumerable.Range(1, 14).Select(day => new DateTime(time.Year, month, day, 2, 0, 0)).Where(day => day.DayOfWeek == DayOfWeek.Sunday).ElementAt(number - 1);
    }

    private static async Task<string> Python(string program, string input)
    {
        using var process = Process.Start(
            new ProcessStartInfo("/usr/bin/python3", ["-c", program])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardInputEncoding = new UTF8Encoding(false),
                StandardOutputEncoding = Encoding.UTF8,
            })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await errors);
        return output.ReplaceLineEndings("\n");
    }
}
