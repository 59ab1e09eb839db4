using Distribution.Letters;
using Distribution.Letters.Reading;
using Xunit;

namespace Distribution.Tests.Letters.Reading;

/// <summary>When a letter leaves, when it reminds, and what it corrects: what its particulars may say.</summary>
public sealed class LetterTimesTests
{
    [Theory]
    [InlineData("send: 2018-03-26 18:00 New York")]
    [InlineData("send: 2018-03-26 18:00 New York time")]
    [InlineData("send: 2018-03-26 18:00")]
    public void The_hour_of_sending_is_New_York_time(string line) =>
        Assert.Equal(
            new DateTimeOffset(2018, 3, 26, 22, 0, 0, TimeSpan.Zero),
            Read(line).Letter!.SendAt!.Value.ToUniversalTime());

    [Theory]
    [InlineData("send: 2018-03-26", 223)]
    [InlineData("send: tomorrow", 223)]
    [InlineData("send: 2018-03-25 18:00", 330)]
    [InlineData("send: 2019-03-10 02:30", 224)]
    [InlineData("remind: now and then", 331)]
    [InlineData("remind: the day before 2018-03-20", 332)]
    [InlineData("send: 2018-04-02 18:00\nremind: on 2018-04-02", 332)]
    [InlineData(
        "remind: [on 2018-04-03, on 2018-04-04, on 2018-04-05, on 2018-04-06, on 2018-04-09, on 2018-04-10]",
        333)]
    [InlineData("supersedes: Draft Rev 1", 340)]
    [InlineData("correction: re-issue", 340)]
    [InlineData("supersedes: Draft Rev 1\ncorrection: mistake", 225)]
    [InlineData("supersedes: Draft Rev 1\ncorrection: re-issue\naudience: che", 341)]
    public void What_cannot_be_is_one_fault_with_its_line(string lines, int code)
    {
        var fault = Assert.Single(Read(lines).Faults);
        Assert.Equal(code, fault.Number);
        Assert.StartsWith("letter.md, line ", fault.Place, StringComparison.Ordinal);
        Assert.Null(Read(lines).Letter);
    }

    [Fact]
    public void A_year_whose_holidays_are_not_known_is_a_warning()
    {
        var reading = Read("remind: on 2019-04-03");
        Assert.Equal([334], reading.Faults.Select(fault => fault.Number));
        Assert.NotNull(reading.Letter);
    }

    [Fact]
    public void A_correction_may_enclose_nothing()
    {
        var text = Samples.FrontMatter[..Samples.FrontMatter.IndexOf("enclosures:", StringComparison.Ordinal)];
        var reading = LetterFile.Read(
            "letter.md",
            Samples.Bytes(Samples.Letter($"{text}supersedes: Draft Rev 1\ncorrection: withdrawal")));
        Assert.Equal(FollowUpKind.Withdrawal, reading.Letter!.Supersedes!.Kind);
        Assert.Empty(reading.Letter.Enclosures);
    }

    private static LetterReading Read(string lines) =>
        LetterFile.Read("letter.md", Samples.Bytes(Samples.LetterWith(lines)));
}
