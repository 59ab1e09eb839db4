using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Letters;

public sealed partial class PageWordsTests
{
    [Fact]
    public void Every_language_has_the_same_entries_with_the_same_fields()
    {
        var english = PageWords.Of(Languages.English);
        foreach (var words in Languages.Official.Select(PageWords.Of))
        {
            Assert.Equal(english.Keys.Order(), words.Keys.Order());
            Assert.All(
                words.Keys,
                key => Assert.True(
                    Fields(english[key]).SetEquals(Fields(words[key])),
                    $"{words.Language}, {key}: {words[key]}"));
        }
    }

    [Fact]
    public void Apostrophes_and_quotation_marks_are_typographic() =>
        Assert.All(
            Languages.Official.Select(PageWords.Of),
            words => Assert.All(words.Keys, key => Assert.DoesNotMatch("['\"]", words[key])));

    [Fact]
    public void What_stands_in_a_value_is_never_taken_for_a_field() =>
        Assert.Equal(
            "Receipt of {{ hash }}",
            PageWords.Of(Languages.English).Fill("receipt", ("draft", "{{ hash }}")));

    /// <summary>Written here as ~.</summary>
    [Fact]
    public void What_is_filled_in_breaks_no_line_where_the_language_breaks_none() =>
        Assert.Equal(
            "La lettre destinée à a@b.example a été acceptée par un serveur de messagerie le 1er~mai 2018 à 18~h~05.",
            PageWords.Of("fr").Fill("forward_sent", ("address", "a@b.example"), ("date", "1er mai 2018 à 18 h 05"))
                .Replace('\u00A0', '~'));

    [Theory]
    [InlineData("en", "Ana Li, Counsellor")]
    [InlineData("ar", "Ana Li، Counsellor")]
    [InlineData("zh", "Ana Li（Counsellor）")]
    public void A_person_and_their_function_stand_as_the_language_has_them(string language, string expected)
    {
        var words = PageWords.Of(language);

        Assert.Equal(expected, words.Person("Ana Li", "Counsellor"));
        Assert.Equal(["Ana Li", "Ana Li"], ((string?[])["", null]).Select(none => words.Person("Ana Li", none)));
    }

    private static HashSet<string> Fields(string entry) =>
        [.. Field().Matches(entry).Select(found => found.Value)];

    [GeneratedRegex(@"\{\{.*?\}\}")]
    private static partial Regex Field();
}
