using System.Buffers.Binary;
using System.Text;
using Distribution.Letters;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>Which emblems a letterhead may have, and how it stands on the letter.</summary>
public sealed class EmblemImageTests
{
    private const string Shapes =
        "<title>Arms</title><defs><linearGradient id=\"a\"><stop offset=\"0\" stop-color=\"red\"/></linearGradient></defs><path d=\"M0 0h9v9H0z\" fill=\"url(#a)\"/>";

    private static readonly byte[] OnePixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    [Theory]
    [InlineData(Shapes)]
    [InlineData("<g xmlns:i=\"http://www.inkscape.org/namespaces/inkscape\" i:label=\"Layer\" i:export=\"C:\\arms.png\"><i:view/><circle r=\"4\"/></g>")]
    [InlineData("<metadata><r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" r:about=\"https://arms.example\"/></metadata>")]
    public void Shapes_and_colours_are_taken(string shapes) => Assert.Empty(EmblemImage.Check(Svg(shapes)));

    [Theory]
    [InlineData("<script>alert(1)</script>", "script")]
    [InlineData("<g><script href=\"https://elsewhere.example/x.js\"/></g>", "script")]
    [InlineData("<path onload=\"alert(1)\" d=\"M0 0\"/>", "onload=\"alert(1)\"")]
    [InlineData("<image href=\"https://elsewhere.example/x.png\"/>", "image")]
    [InlineData("<foreignObject/>", "foreignObject")]
    [InlineData("<use href=\"#a\"/>", "use")]
    [InlineData("<text>Arms</text>", "text")]
    [InlineData("<style>@import url(https://elsewhere.example)</style>", "style")]
    [InlineData("<path fill=\"url(https://elsewhere.example#a)\"/>", "fill=\"url(https://elsewhere.example#a)\"")]
    [InlineData("<path style=\"fill:u\\72l(https://elsewhere.example#a)\"/>", "style=\"fill:u\\72l(https://elsewhere.example#a)\"")]
    [InlineData("<?xml-stylesheet href=\"https://elsewhere.example\"?>", "xml-stylesheet")]
    public void What_runs_is_fetched_or_needs_a_font_is_refused_by_name(string hostile, string named)
    {
        var fault = Assert.Single(EmblemImage.Check(Svg(Shapes + hostile)));

        Assert.Equal((249, "arms.svg"), (fault.Number, fault.Place));
        Assert.Contains($"“{named}”", fault.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("arms.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0")]
    [InlineData("arms.svg", "<!DOCTYPE svg [<!ENTITY a \"aaaa\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&a;</svg>")]
    [InlineData("arms.svg", "<html xmlns=\"http://www.w3.org/1999/xhtml\"/>")]
    [InlineData("arms.png", "no image")]
    [InlineData("arms.gif", "GIF89a")]
    public void What_is_none_or_cut_off_is_refused(string name, string content) =>
        Assert.Equal(248, Assert.Single(EmblemImage.Check(new(name, Encoding.UTF8.GetBytes(content), ""))).Number);

    [Fact]
    public void A_PNG_is_taken_whole_and_of_a_usual_size_alone()
    {
        byte[] large = [.. OnePixel];
        // 40 million dots.
        BinaryPrimitives.WriteInt32BigEndian(large.AsSpan(16), 8_000);

        Assert.Empty(EmblemImage.Check(new("arms.png", OnePixel, "")));
        Assert.Equal(329, Assert.Single(EmblemImage.Check(new("arms.png", large, ""))).Number);
        Assert.Equal(248, Assert.Single(EmblemImage.Check(new("arms.png", OnePixel.AsMemory(0, 50), ""))).Number);
        Assert.Equal(328, Assert.Single(EmblemImage.Check(new("arms.png", new byte[2_000_000], ""))).Number);
    }

    [Fact]
    public async Task It_stands_above_the_name_with_its_text_and_the_address_below()
    {
        var source = SampleLetter.Source;
        var letter = source with
        {
            Signatories =
            [
                source.Signatories[0] with { Office = new("2 UN Plaza; New York, N.Y. 10017", null, null) },
                source.Signatories[1] with { Office = new(null, "arms.svg", "Coat of arms of Switzerland") },
            ],
        };
        var made = await TypesetterFixture.Shared.Typeset(
            SampleLetter.Job(letter, null) with
            {
                Images = new Dictionary<string, ReadOnlyMemory<byte>> { ["arms.svg"] = Svg(Shapes).Content },
            },
            TestContext.Current.CancellationToken);

        Assert.Null(made.Problem);
        var words = Pdf.Layout(made.Pdf)[0].Words;
        var (name, city) = (words.First(word => word.Text == "Mexico"), words.First(word => word.Text == "10017"));
        Assert.True(city.BoundingBox.Top < name.BoundingBox.Bottom);
        // Both names stand on one height, below the room of the emblem.
        Assert.Equal(name.BoundingBox.Bottom, words.First(word => word.Text == "Switzerland").BoundingBox.Bottom, 14.0);
        Assert.True(name.BoundingBox.Top < Pdf.Layout(made.Pdf)[0].Height - 100);
        Assert.Contains("/Alt (Coat of arms of Switzerland)", Encoding.Latin1.GetString(made.Pdf.Span), StringComparison.Ordinal);
    }

    private static UploadedFile Svg(string shapes) => new(
        "arms.svg",
        Encoding.UTF8.GetBytes($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">{shapes}</svg>"),
        "");
}
