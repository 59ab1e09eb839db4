using Distribution.Common;
using Xunit;

namespace Distribution.Tests.Common;

public sealed class DidYouMeanTests
{
    private static readonly string[] Keys =
    [
        "process",
        "draft",
        "sequence",
        "date",
        "signatories",
        "subject",
        "contact",
        "enclosures",
        "head_of_mission",
    ];

    [Theory]
    [InlineData("proces", "process")]
    [InlineData("Subject", "subject")]
    [InlineData(" sigantories ", "signatories")]
    [InlineData("enclosure", "enclosures")]
    [InlineData("dtae", "date")]
    [InlineData("head of mission", "head_of_mission")]
    public void Finds_the_word_that_was_meant(string typed, string meant) =>
        Assert.Equal(meant, DidYouMean.Of(typed, Keys));

    [Theory]
    [InlineData("banana")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("  ")]
    public void Suggests_nothing_where_nothing_is_close(string typed) => Assert.Null(DidYouMean.Of(typed, Keys));

    [Fact]
    public void Suggests_nothing_where_nothing_is_known() => Assert.Null(DidYouMean.Of("draft", []));

    [Fact]
    public void Prefers_the_closest_and_among_equals_the_first()
    {
        Assert.Equal("che", DidYouMean.Of("che", ["chd", "che"]));
        Assert.Equal("aut", DidYouMean.Of("aux", ["aut", "aus"]));
    }

    [Fact]
    public void Stays_quick_on_a_word_as_long_as_a_letter() =>
        Assert.Null(DidYouMean.Of(new string('a', 1_000_000), Keys));
}
