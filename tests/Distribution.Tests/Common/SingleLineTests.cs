using Distribution.Common;
using Xunit;

namespace Distribution.Tests.Common;

public sealed class SingleLineTests
{
    [Theory]
    [InlineData("550 5.1.1\r\n no such\tuser \u0000\u001b[31m", "550 5.1.1 no such user [31m")]
    [InlineData("a\u2028b\u2029c\u0085d\u00a0e", "a b c d e")]
    [InlineData("safe \u202Efdp.exe\u2066x\u2069\u202C", "safe fdp.exex")]
    [InlineData("  \r\n ", "")]
    [InlineData("صندوق ممتلئ\u200f 100%", "صندوق ممتلئ\u200f 100%")]
    public void Words_of_others_are_one_line_that_turns_nothing_around(string text, string line) =>
        Assert.Equal(line, SingleLine.Of(text));

    [Fact]
    public void However_long_they_are_they_end_after_500_characters_and_never_in_half_a_character()
    {
        Assert.Equal($"{new string('x', 499)}…", SingleLine.Of(new string('x', 100_000)));
        Assert.Equal($"{new string('x', 499)}…", SingleLine.Of($"{new string('x', 499)}😀"));
        Assert.Equal(new string('x', 500), SingleLine.Of(new string('x', 500)));
        Assert.True(
            SingleLine.Of(string.Concat(Enumerable.Repeat("😀", 1_000))) is { Length: <= 500 } line
                && !char.IsHighSurrogate(line[^2]));
    }
}
