using Distribution.Common;
using Distribution.Letters.Reading;

namespace Distribution.Letters;

/// <summary>Says where something is due, or a letter leaves, on a day without business.</summary>
internal sealed class HolidayCheck : IPreflightCheck
{
    public IEnumerable<Finding> Check(Preflight preflight)
    {
        var letter = preflight.Letter;
        foreach (var deadline in letter.Deadlines)
            if (DayOff(deadline.Instant) is { } due)
                yield return LetterFaults.DueOnDayOff(
                    Location.In(letter.File, field: LetterSchema.Deadlines.Name),
                    deadline.Name,
                    due,
                    preflight.Days.HolidayOn(due));
        if (letter.SendAt is { } hour && DayOff(hour) is { } leaves)
            yield return LetterFaults.LeavesOnDayOff(
                Location.In(letter.File, field: LetterSchema.Send.Name),
                leaves,
                preflight.Days.HolidayOn(leaves));

        DateOnly? DayOff(DateTimeOffset instant) =>
            NewYorkTime.Day(instant) is var day && preflight.Days.Has(day) ? null : day;
    }
}
