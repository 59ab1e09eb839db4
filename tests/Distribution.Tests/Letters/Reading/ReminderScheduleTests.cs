using System.Globalization;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Xunit;

namespace Distribution.Tests.Letters.Reading;

public sealed class ReminderScheduleTests
{
    private static readonly IReadOnlyList<Deadline> Deadlines =
    [
        new("comments", NewYorkTime.Instant(new(2018, 4, 3, 18, 0, 0))),
        new("summer", NewYorkTime.Instant(new(2018, 7, 5, 12, 0, 0))),
    ];

    [Theory]
    // 30 March 2018 was Good Friday; 3 April a Tuesday.
    [InlineData("3 working days before 2018-04-03, then the day before", "2018-03-28 10:00|2018-04-02 10:00")]
    [InlineData("3 working days before 2018-04-03 and then the day before", "2018-03-28 10:00|2018-04-02 10:00")]
    [InlineData("0 working days before 2018-04-01", "2018-03-29 10:00")]
    [InlineData("three working days before comments; the day before", "2018-03-28 10:00|2018-04-02 10:00")]
    [InlineData("the working day before 2018-04-02", "2018-03-29 10:00")]
    [InlineData("the day before 2018-04-02", "2018-03-29 10:00")]
    [InlineData("2 days before comments at 16:30", "2018-03-29 16:30")]
    [InlineData("the working day before summer", "2018-07-03 10:00")]
    [InlineData("on 2018-04-10, 2018-04-12 at 9:05", "2018-04-10 10:00|2018-04-12 09:05")]
    [InlineData("2018-04-12 and the day before", "2018-04-11 10:00|2018-04-12 10:00")]
    [InlineData("1 day before 2018-04-05, the day before 2018-04-05", "2018-04-04 10:00")]
    [InlineData("the day before 2018-03-11 at 16:00 New York time", "2018-03-09 16:00")]
    public void A_schedule_is_read_as_it_is_said_and_falls_on_working_days_in_New_York(string text, string expected)
    {
        var moments = ReminderSchedule.Read(text, Deadlines, WorkingDays.BuiltIn, out var problem);
        Assert.Null(problem);
        Assert.Equal(
            expected,
            string.Join(
                '|',
                moments.Select(moment =>
                    NewYorkTime.At(moment).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("soon", "soon")]
    [InlineData("the day before", "the day before")]
    [InlineData("3 working days before coments", "3 working days before coments")]
    [InlineData("3 working days before 2018-04-03, then now and again", "now")]
    [InlineData("on 2018-02-30", "on 2018-02-30")]
    [InlineData("on 2018-04-03 at 25:00", "on 2018-04-03 at 25:00")]
    public void What_cannot_be_understood_is_named(string text, string problem)
    {
        Assert.Empty(ReminderSchedule.Read(text, Deadlines, WorkingDays.BuiltIn, out var named));
        Assert.Equal(problem, named);
    }

    [Fact]
    public void The_same_hour_on_both_sides_of_a_clock_change_is_the_same_wall_clock_time()
    {
        var moments = ReminderSchedule.Read("on 2018-03-09, on 2018-03-12", [], WorkingDays.BuiltIn, out _);
        Assert.Equal(TimeSpan.FromHours(72 - 1), moments[1] - moments[0]);
    }
}
