using Distribution.Letters;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>Latin text among Arabic: each piece between U+2066 and U+2069, written ⟨ and ⟩ here.</summary>
public sealed class BidiIsolatesTests
{
    [Theory]
    [InlineData("وفقا للقرار A/RES/71/280.", "وفقا للقرار ⟨A/RES/71/280⟩.")]
    [InlineData("الاتفاق (Draft Rev 1) وفقا", "الاتفاق (⟨Draft Rev 1⟩) وفقا")]
    [InlineData("إلى gcm@co-facilitators.example حتى", "إلى ⟨gcm@co-facilitators.example⟩ حتى")]
    [InlineData("هاتف +1 212 555 0100", "هاتف ⟨+1 212 555 0100⟩")]
    [InlineData("هاتف (212) 963-1234 مباشر", "هاتف ⟨(212) 963-1234⟩ مباشر")]
    [InlineData("هاتف 212-963-1234 مباشر", "هاتف ⟨212-963-1234⟩ مباشر")]
    [InlineData("هاتف 1 212 963 1234 مباشر", "هاتف ⟨1 212 963 1234⟩ مباشر")]
    [InlineData("في 2018-04-03 صباحا", "في ⟨2018-04-03⟩ صباحا")]
    [InlineData("النص Draft Rev 1 (final) مرفق", "النص ⟨Draft Rev 1 (final)⟩ مرفق")]
    [InlineData("الموقع https://undocs.org/en/ متاح", "الموقع ⟨https://undocs.org/en/⟩ متاح")]
    [InlineData("المرفق: draft-rev-1.pdf", "المرفق: ⟨draft-rev-1.pdf⟩")]
    [InlineData("Jürg Lauber، سويسرا", "⟨Jürg Lauber⟩، سويسرا")]
    public void Keeps_Latin_pieces_in_order(string text, string expected) =>
        Assert.Equal(expected, Seen(BidiIsolates.In(text)));

    [Theory]
    [InlineData("من 3 إلى 6 نيسان/أبريل 2018")]
    [InlineData("الصفحات 3-6، الأعوام 2018-2019")]
    [InlineData("الأهداف 2 و 4 و 5، الساعة 18:00")]
    public void Leaves_numbers_to_the_text_around_them(string text) => Assert.Equal(text, BidiIsolates.In(text));

    [Fact]
    public void Does_nothing_twice() =>
        Assert.Equal(BidiIsolates.In("قرار A/RES/71/280"), BidiIsolates.In(BidiIsolates.In("قرار A/RES/71/280")));

    [Fact]
    public void Reaches_the_email_whatever_signs_a_value_holds()
    {
        var source = SixLanguages.In("ar") with
        {
            Address = AddressForm.Addressed,
            Body = "إلى {{ mission.name }} **A/RES/71/280**",
        };
        var letter = SampleLetter.Render(source, SampleLetter.Mission("x", "A_B-1/2 [x]", "T"));

        Assert.Contains("إلى ⟨A_B-1/2⟩ [⟨x⟩] ⟨A/RES/71/280⟩", Seen(letter.Text), StringComparison.Ordinal);
        Assert.Contains("<strong>⟨A/RES/71/280⟩</strong>", Seen(letter.Html), StringComparison.Ordinal);
        Assert.Contains("dir=\"rtl\"", letter.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_for_right_to_left_letters_alone() =>
        Assert.DoesNotContain('\u2066', SampleLetter.Render(SampleLetter.Source).Text);

    private static string Seen(string text) => text.Replace('\u2066', '⟨').Replace('\u2069', '⟩');
}
