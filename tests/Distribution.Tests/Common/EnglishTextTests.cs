using Distribution.Common;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Distribution.Tests.Common;

public sealed class EnglishTextTests
{
    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1, "1 byte")]
    [InlineData(999, "999 bytes")]
    [InlineData(1_000, "1 KB")]
    [InlineData(999_499, "999 KB")]
    [InlineData(999_500, "1 MB")]
    [InlineData(25_000_000, "25 MB")]
    public void Says_a_size_in_the_unit_that_people_use(long bytes, string words) =>
        Assert.Equal(words, EnglishText.Size(bytes));

    [Fact]
    public void A_size_above_a_limit_never_reads_like_the_limit()
    {
        Assert.Equal("a little more than 25 MB", EnglishText.SizeAbove(25_000_000, 25_000_001));
        Assert.Equal("31.5 MB", EnglishText.SizeAbove(25_000_000, 31_456_000));
        Prop.ForAll<PositiveInt, PositiveInt>((limit, more) =>
                EnglishText.SizeAbove(limit.Get, (long)limit.Get + more.Get) != EnglishText.Size(limit.Get))
            .QuickCheckThrowOnFailure();
    }
}
