using Distribution.Common;
using Xunit;

namespace Distribution.Tests.Common;

public sealed class TextStartTests
{
    [Theory]
    [InlineData("Draft Rev 1", 5, "Draft")]
    [InlineData("Draft Rev 1", 11, "Draft Rev 1")]
    [InlineData("Draft", 11, "Draft")]
    [InlineData("", 2, "")]
    [InlineData("the 𠮷野 delegation", 6, "the 𠮷")]
    [InlineData("the 𠮷野 delegation", 5, "the ")]
    [InlineData("😀😀", 3, "😀")]
    public void Ends_before_a_character_that_has_no_room(string text, int longest, string beginning) =>
        Assert.Equal(beginning, TextStart.Of(text, longest));
}
