using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Letters;

public sealed class TextWrappingTests
{
    [Fact]
    public void Breaks_Chinese_between_characters_and_counts_each_as_two() =>
        Assert.Equal(["安全、有", "序和正常", "移民全球", "契约"], TextWrapping.Wrap("安全、有序和正常移民全球契约", 8));

    [Theory]
    [InlineData("安全有序，正常", new[] { "安全有", "序，正", "常" })]
    [InlineData("安全有（序）正", new[] { "安全有", "（序）", "正" })]
    [InlineData("安全有。。正常", new[] { "安全", "有。。", "正常" })]
    public void Begins_no_line_with_what_closes_and_ends_none_with_what_opens(string text, string[] lines) =>
        Assert.Equal(lines, TextWrapping.Wrap(text, 6));

    [Fact]
    public void Keeps_Latin_words_whole_among_Chinese() =>
        Assert.Equal(["根据第 A/RES/71/280", "号决议转递契约"], TextWrapping.Wrap("根据第 A/RES/71/280 号决议转递契约", 20));

    [Fact]
    public void Breaks_other_writing_at_spaces() =>
        Assert.Equal(["We are", "pleased to", "share"], TextWrapping.Wrap("We are pleased to share", 10));

    [Fact]
    public void A_Chinese_letter_keeps_within_its_columns() =>
        Assert.All(
            SampleLetter
                .Render(SixLanguages.In("zh"))
                .Text.Split('\n')
                .Where(line => !line.Contains("http", StringComparison.Ordinal)),
            line => Assert.InRange(TextWrapping.Width(line), 0, TextWrapping.Columns));
}
