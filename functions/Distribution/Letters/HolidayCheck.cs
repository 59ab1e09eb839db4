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
            if (On(deadline.Instant) is { } holiday)
                yield return LetterFaults.DueOnHoliday(Location.In(letter.File, field: LetterSchema.Deadlines.Name), deadline.Name, holiday);
        if (letter.SendAt is { } hour && On(hour) is { } then)
            yield return LetterFaults.LeavesOnHoliday(Location.In(letter.File, field: LetterSchema.Send.Name), then);

        Holiday? On(DateTimeOffset instant) => preflight.Days.HolidayOn(DateOnly.FromDateTime(NewYorkTime.At(instant).DateTime));
    }
}
