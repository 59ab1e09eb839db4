using System.Text;
using Distribution.Common;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace Distribution.Letters;

/// <summary>
/// Makes the calendar files that a letter encloses: one of its meetings, and one of those that are cancelled. An
/// iCalendar file has one method, PUBLISH or CANCEL (RFC 5546). The same letter gives the same bytes.
/// </summary>
internal static class MeetingCalendar
{
    /// <summary>
    /// Not <c>text/calendar</c>: Exchange would take such a part for a meeting request, fail at more than one meeting,
    /// and show a message without its text.
    /// </summary>
    private const string Type = "application/ics";

    /// <summary>How the names of the files end.</summary>
    private const string Published = "meetings.ics";

    private const string Cancelled = "cancelled meetings.ics";

    /// <summary>The names of the files that a letter's meetings make.</summary>
    public static IEnumerable<string> NamesOf(LetterSource letter) =>
        Kinds(letter).Select(kind => NameOf(letter, kind));

    /// <summary>True if a file has a name that this service gives to a calendar file.</summary>
    public static bool IsName(string file) =>
        file.EndsWith($" - {Published}", StringComparison.Ordinal)
        || file.EndsWith($" - {Cancelled}", StringComparison.Ordinal);

    /// <param name="letter">
    /// The authentic letter. Its meetings may lack their <see cref="Meeting.Uid"/> if only the names are needed.
    /// </param>
    public static IReadOnlyList<(Enclosure Enclosure, UploadedFile File)> Of(LetterSource letter) =>
    [
        .. Kinds(letter).Select(kind =>
        {
            var bytes = Encoding.UTF8.GetBytes(Write(letter, isCancelled: kind == EnclosureRole.CancelledMeetings));
            var file = new UploadedFile(NameOf(letter, kind), bytes, Sha256Hex.Of(bytes));
            var title = BuiltInWords.Of(Languages.English).Calendar(kind);
            return (new Enclosure(file.Name, title, kind, Type, bytes.Length, file.Hash), file);
        }),
    ];

    private static IEnumerable<EnclosureRole> Kinds(LetterSource letter)
    {
        if (letter.Meetings.Any(meeting => !meeting.IsCancelled))
            yield return EnclosureRole.Meetings;
        if (letter.Meetings.Any(meeting => meeting.IsCancelled))
            yield return EnclosureRole.CancelledMeetings;
    }

    private static string NameOf(LetterSource letter, EnclosureRole kind) =>
        LetterPdf.NameOfFile(letter, kind == EnclosureRole.Meetings ? Published : Cancelled);

    private static string Write(LetterSource letter, bool isCancelled)
    {
        var calendar = new Calendar
        {
            ProductId = "-//Distribution//Letters to missions//EN",
            Method = isCancelled ? CalendarMethods.Cancel : CalendarMethods.Publish,
        };
        // Each time zone that is named has to be in the file as well (RFC 5545, 3.6.5).
        calendar.TimeZones.Add(NewYork());
        foreach (var meeting in letter.Meetings.Where(meeting => meeting.IsCancelled == isCancelled))
            calendar.Events.Add(Event(meeting, letter));
        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    private static CalendarEvent Event(Meeting meeting, LetterSource letter)
    {
        var made = new CalendarEvent
        {
            Uid = meeting.Uid,
            Sequence = meeting.Sequence,
            // When the letter says so, not when the file was made: the file is made again at each examination.
            DtStamp = new CalDateTime(letter.Date.ToDateTime(new TimeOnly(12, 0)), CalDateTime.UtcTzId),
            DtStart = Moment(meeting.Start),
            DtEnd = Moment(meeting.End),
            Summary = meeting.Title,
            Description = string.Join(
                '\n',
                ((string?[])[$"{letter.Process}, {letter.DraftLabel}", meeting.Note, meeting.Link]).OfType<string>()),
            Status = meeting.IsCancelled ? EventStatus.Cancelled : EventStatus.Confirmed,
            // RFC 5546 wants one in what is published or cancelled; without attendees nobody is asked for an answer.
            Organizer = new Organizer($"mailto:{letter.Contact.Address}") { CommonName = letter.Contact.Name },
        };
        if (meeting.Place is not null)
            made.Location = meeting.Place;
        if (meeting.Link is not null)
            made.Url = new Uri(meeting.Link);
        return made;
    }

    private static readonly DateTime FirstDaylight = new(2007, 3, 11, 2, 0, 0);

    /// <summary>
    /// An hour that New York's clocks show twice is written in UTC: as an hour of New York it would be the first of the
    /// two (RFC 5545, 3.3.5), and the letter means the second. An hour from before the rules below is in UTC, too.
    /// </summary>
    private static CalDateTime Moment(DateTimeOffset moment)
    {
        var wallClock = NewYorkTime.At(moment).DateTime;
        return NewYorkTime.Instants(wallClock).Count > 1 || wallClock < FirstDaylight
            ? new CalDateTime(moment.UtcDateTime, CalDateTime.UtcTzId)
            : new CalDateTime(wallClock, NewYorkTime.ZoneId);
    }

    /// <summary>
    /// The rules since 2007. Written out: older Exchange servers cannot read a time zone that also lists the years
    /// before.
    /// </summary>
    private static VTimeZone NewYork() => new(NewYorkTime.ZoneId)
    {
        Children =
        {
            Rule("DAYLIGHT", "EDT", "-0500", "-0400", FirstDaylight, "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"),
            Rule("STANDARD", "EST", "-0400", "-0500", new(2007, 11, 4, 2, 0, 0), "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU"),
        },
    };

    private static VTimeZoneInfo Rule(
        string name,
        string abbreviation,
        string before,
        string after,
        DateTime first,
        string rule) =>
        new(name)
        {
            TimeZoneName = abbreviation,
            OffsetFrom = new UtcOffset(before),
            OffsetTo = new UtcOffset(after),
            Start = new CalDateTime(first),
            RecurrenceRule = new(rule),
        };
}
