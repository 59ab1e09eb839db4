using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Slips;

namespace Distribution.Intake;

/// <summary>
/// Findings about a letter's dates on the day it would be sent. They depend on the clock, so they are never stored but
/// computed again when the upload is examined, when its page is shown, when a person releases it, and at its scheduled
/// time.
/// </summary>
internal static class DateFindings
{
    /// <summary>A letter dated more days than this from the day it is sent was probably made from an old one.</summary>
    private const int MostDays = 60;

    /// <summary>
    /// When new files are examined: an hour that has passed is refused, since the uploader can correct it at once.
    /// </summary>
    public static IReadOnlyList<Finding> AtUpload(LetterSource letter, DateTimeOffset now) =>
        letter.SendAt is { } hour && hour <= now ? [IntakeFaults.SendPassed(Place(letter, "send"), hour)] : [];

    /// <summary>At the release, for the time when the letter is sent: now, or at its scheduled time.</summary>
    public static IReadOnlyList<Finding> AtRelease(LetterSource letter, DateTimeOffset now)
    {
        // A letter whose hour has passed leaves as soon as it is released.
        var leaves = letter.SendAt > now ? letter.SendAt.Value : now;
        var day = NewYorkTime.Day(leaves);
        var days = letter.Date.DayNumber - day.DayNumber;
        return
        [
            .. letter.SendAt is { } hour && hour <= now
                ? [IntakeFaults.HourPassed(Place(letter, "send"), hour)]
                : (Finding[])[],
            .. letter
                .Deadlines.Where(deadline => deadline.Instant <= leaves)
                .Select(deadline =>
                    IntakeFaults.DeadlinePassed(Place(letter, "deadlines"), deadline.Name, deadline.Instant)),
            .. letter.Meetings.Index()
                .Where(meeting => meeting.Item.Start <= leaves && !meeting.Item.IsCancelled)
                .Select(meeting =>
                    IntakeFaults.MeetingPassed(
                        Place(letter, $"meetings[{meeting.Index + 1}]"),
                        meeting.Item.Title,
                        meeting.Item.Start)),
            .. Math.Abs(days) > MostDays
                ? [IntakeFaults.DateFarAway(Place(letter, "date"), letter.Date, days)]
                : (Finding[])[],
            .. SlipCheck.AtRelease(letter, day),
        ];
    }

    private static Location Place(LetterSource letter, string key) => Location.In(letter.File, field: key);
}
