using Distribution.Tracking.Reports;
using Xunit;

namespace Distribution.Tests.Tracking.Reports;

public sealed class NewYorkWallClockTests
{
    [Theory]
    [InlineData("2018-04-03T18:00")]
    [InlineData("2018-04-03 18:00")]
    [InlineData(" 2018-04-03T18:00:00 ")]
    public void A_time_is_one_of_New_York(string typed)
    {
        var clock = NewYorkWallClock.Read(typed);
        Assert.Equal(new DateTimeOffset(2018, 4, 3, 22, 0, 0, TimeSpan.Zero), clock.Instant!.Value.ToUniversalTime());
        Assert.Null(clock.Problem ?? clock.Note);
        Assert.Equal("2018-04-03T18:00", NewYorkWallClock.Of(clock.Instant.Value));
    }

    [Theory]
    [InlineData(
        "6 p.m.",
        "“6 p.m.” is not a time that can be read. Write year, month, day and hour of New York, as in 2018-04-03 18:00."
    )]
    [InlineData(
        "2018-04-03",
        "“2018-04-03” is not a time that can be read. Write year, month, day and hour of New York, as in 2018-04-03 18:00."
    )]
    [InlineData("0001-01-01T00:00", "The year 1 cannot be meant. Write a year from 1945 to 2200.")]
    [InlineData("9999-12-31T23:59", "The year 9999 cannot be meant. Write a year from 1945 to 2200.")]
    [InlineData(
        "2018-03-11T02:30",
        "There was no 2.30 a.m. in New York on 11 March 2018: the clocks were put forward over it. Write a time an hour later or earlier."
    )]
    public void What_is_none_is_told_in_a_sentence_with_the_remedy(string typed, string problem)
    {
        var clock = NewYorkWallClock.Read(typed);
        Assert.Null(clock.Instant);
        Assert.Equal(problem, clock.Problem!.ToString());
    }

    [Fact]
    public void Of_a_time_that_came_twice_the_first_is_meant_and_that_is_said()
    {
        var clock = NewYorkWallClock.Read("2018-11-04T01:30");
        Assert.Equal(new DateTimeOffset(2018, 11, 4, 5, 30, 0, TimeSpan.Zero), clock.Instant!.Value.ToUniversalTime());
        Assert.Equal(
            "On 4 November 2018 the clocks of New York were put back, and 1.30 a.m. came twice. The first of the two is meant here.",
            clock.Note!.ToString());
    }
}
