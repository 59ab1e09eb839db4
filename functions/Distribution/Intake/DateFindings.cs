using Distribution.Common;
using Distribution.Letters;

namespace Distribution.Intake;

/// <summary>
/// What is odd about a letter's dates on the day it would leave. These findings depend on the clock, so they are never
/// stored but computed again when the upload is examined, when its page is shown, when a person releases it, and at the
/// hour it sets.
/// </summary>
internal static class DateFindings
{
    /// <summary>A letter dated further than this from the day it leaves was probably made from an old one.</summary>
    private const int MostDays = 60;

    /// <summary>
    /// When new files are examined: an hour that has passed is refused, since the uploader can correct it at once.
    /// </summary>
    public static IReadOnlyList<Fault> AtUpload(LetterSource letter, DateTimeOffset now) =>
        letter.SendAt is { } hour && hour <= now ? [IntakeFaults.SendPassed(Place(letter, "send"), hour)] : [];

    /// <summary>At the release, as things will stand when the letter leaves: now, or at the hour it sets.</summary>
    public static IReadOnlyList<Fault> AtRelease(LetterSource letter, DateTimeOffset now)
    {
        var leaves = letter.SendAt > now ? letter.SendAt.Value : now;
        var days = letter.Date.DayNumber - DateOnly.FromDateTime(NewYorkTime.At(leaves).DateTime).DayNumber;
        return
        [
            .. letter.SendAt is { } hour && hour <= now
                ? [IntakeFaults.HourPassed(Place(letter, "send"), hour)]
                : (Fault[])[],
            .. letter
                .Deadlines.Where(deadline => deadline.Instant <= leaves)
                .Select(deadline =>
                    IntakeFaults.DeadlinePassed(Place(letter, "deadlines"), deadline.Name, deadline.Instant)),
            .. Math.Abs(days) > MostDays
                ? [IntakeFaults.DateFarAway(Place(letter, "date"), letter.Date, days)]
                : (Fault[])[],
        ];
    }

    private static string Place(LetterSource letter, string key) => $"{letter.File}, “{key}:”";
}
