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
            if (DayOff(deadline.Instant, out var holiday) is { } day)
                yield return LetterFaults.DueOnDayOff(Location.In(letter.File, field: LetterSchema.Deadlines.Name), deadline.Name, day, holiday);
        if (letter.SendAt is { } hour && DayOff(hour, out var then) is { } leaves)
            yield return LetterFaults.LeavesOnDayOff(Location.In(letter.File, field: LetterSchema.Send.Name), leaves, then);

        DateOnly? DayOff(DateTimeOffset instant, out Holiday? holiday)
        {
            var day = DateOnly.FromDateTime(NewYorkTime.At(instant).DateTime);
            holiday = preflight.Days.HolidayOn(day);
            return preflight.Days.Has(day) ? null : day;
        }
    }
}
