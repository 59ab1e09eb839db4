using Distribution.Local;
using Xunit;

namespace Distribution.Tests.Local;

/// <summary>The sample as it is uploaded: a letter of today that the machine takes.</summary>
public sealed class LocalSampleTests
{
    private static readonly string Sample = File.ReadAllText(Path.Combine(LocalRun.Sample, "letter.md"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_is_of_today_and_asks_to_leave_by_itself_only_where_it_may(bool leavesByItself)
    {
        var letter = LocalSample.Adapted(Sample, new(2026, 11, 30), leavesByItself);

        Assert.Contains("\ndate: 2026-11-30\n", letter, StringComparison.Ordinal);
        Assert.Contains("\n  comments: \"2026-12-07 18:00\"\n", letter, StringComparison.Ordinal);
        // With two people at the desk, a letter that asks for it would be refused (D310).
        Assert.Equal(leavesByItself, letter.Contains("release: automatic", StringComparison.Ordinal));
    }
}
