using Distribution.Common;
using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>What is due, or leaves, when nobody is in the office is told; nothing is refused for it.</summary>
public sealed class HolidayCheckTests
{
    [Theory]
    [InlineData("2018-03-30", "Friday, 30 March 2018, a day without business (Good Friday).")]
    [InlineData("2018-03-31", "Saturday, 31 March 2018, a day without business.")]
    [InlineData("2018-04-01", "Sunday, 1 April 2018, a day without business.")]
    public void A_day_without_business_is_named(string day, string words) => Assert.Equal(
        [(613, $"“comments” are due on {words}"), (614, $"The letter is to leave on {words}")],
        Check(DateOnly.ParseExact(day, "yyyy-MM-dd")).Select(finding => (finding.Number, finding.Words)));

    [Fact]
    public void A_working_day_is_not() => Assert.Empty(Check(new(2018, 4, 4)));

    private static IEnumerable<Finding> Check(DateOnly day)
    {
        var hour = NewYorkTime.Instant(day.ToDateTime(new(18, 0)));
        return new HolidayCheck().Check(new(
            IsStanding: false,
            SampleLetter.Source with { Deadlines = [new("comments", hour)], SendAt = hour },
            null,
            [],
            []));
    }
}
