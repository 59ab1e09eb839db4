using System.Globalization;
using Distribution.Common;
using static Distribution.Common.UnsafeCharacters;

namespace Distribution.Letters.Slips;

/// <summary>Slips of the pen, to be confirmed by whoever releases the letter; see <see cref="Finding"/>.</summary>
internal static class SlipFaults
{
    /// <summary>How many of a kind are quoted; the rest is counted.</summary>
    private const int Quoted = 5;

    public static Finding PartTyped(Location place, IReadOnlyList<string> lines) => new(363, place,
        $"The letter prints date, subject, salutation, close, signatories and enclosures by itself; typed in the text they stand there twice: {Some(lines)}.",
        "Take these lines out of the text, or confirm that they are meant.",
        Severity.Tick);

    public static Finding Placeholder(Location place, IReadOnlyList<string> words) => new(364, place,
        $"{(words.Count == 1 ? "This looks" : "These look")} as if {(words.Count == 1 ? "it" : "they")} were still to be filled in: {Some(words)}.",
        "Write what belongs there, or confirm that it is meant so.",
        Severity.Tick);

    public static Finding Damaged(Location place, IReadOnlyList<string> words) => new(373, place,
        $"Wrong signs stand in place of letters, or beside them, as where a text was copied or saved anew: {Some(words)}.",
        "Type the words again, or confirm that they are meant so.",
        Severity.Tick);

    public static Finding WrongWeekday(Location place, IReadOnlyList<string> dates) => new(365, place,
        $"The weekday does not fit the date: {Some(dates)}.",
        "Correct the weekday or the date, or confirm that it is meant so.",
        Severity.Tick);

    public static Finding NoSuchDay(Location place, IReadOnlyList<string> dates) => new(366, place,
        $"There is no such day: {Some(dates)}.",
        "Correct the date, or confirm that it is meant so.",
        Severity.Tick);

    public static Finding DueBeforeLetter(Location place, DateOnly date, IReadOnlyList<string> dates) => new(367, place,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Something is due before {date:d MMMM yyyy}, the day the letter is dated: {Some(dates)}."),
        "Correct the date, or confirm that it is meant so.",
        Severity.Tick);

    public static Finding DueBeforeSent(Location place, DateOnly day, IReadOnlyList<string> dates) => new(368, place,
        string.Create(
            CultureInfo.InvariantCulture,
            $"By the text something is due before {day:d MMMM yyyy}, the day the letter leaves: {Some(dates)}."),
        "Upload the letter again with a later date, or confirm that it is meant so.",
        Severity.Tick);

    public static Finding Midnight(Location place, string key, DateTimeOffset moment) => new(369, place,
        string.Create(
            CultureInfo.InvariantCulture,
            $"“{Briefly(key)}” is at midnight: {moment:dddd, d MMMM} begins then, and many will read it as the end of that day."),
        string.Create(
            CultureInfo.InvariantCulture,
            $"Write “{moment.AddDays(-1):yyyy-MM-dd} 23:59”, or “{moment:yyyy-MM-dd} 23:59” for the end of {moment:dddd}, or confirm that the beginning is meant."),
        Severity.Tick);

    public static Finding MidnightInText(Location place, IReadOnlyList<string> words) => new(370, place,
        $"Midnight may be the beginning of its day or the end: {Some(words)}.",
        "Write an hour that has no second meaning, such as 11.59 p.m., or confirm that it is meant so.",
        Severity.Tick);

    public static Finding HourTwice(Location place, string key, DateTimeOffset moment) => new(371, place,
        string.Create(
            CultureInfo.InvariantCulture,
            $"“{Briefly(key)}” is at {moment:H:mm} on {moment:d MMMM yyyy}, when clocks in New York are put back: they show that hour twice. The second is taken."),
        "Write an hour before 1:00 or from 2:00 on, or confirm that the second is meant.",
        Severity.Tick);

    public static Finding ChangedHour(Location place, IReadOnlyList<string> hours) => new(372, place,
        $"Clocks in New York are changed that day and show this hour twice or never: {Some(hours)}.",
        "Write an hour before 1:00 or from 3:00 on, or confirm that it is meant so.",
        Severity.Tick);

    private static string Some(IReadOnlyList<string> found) => found.Count > Quoted
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(", ", found.Take(Quoted))} and {found.Count - Quoted} more")
        : EnglishText.Listed(found);
}
