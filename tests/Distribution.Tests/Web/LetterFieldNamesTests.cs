using System.Collections.Immutable;
using Distribution.Common;
using Distribution.Intake.Unfinished;
using Distribution.Letters;
using Distribution.Letters.Settings;
using Distribution.Register;
using Distribution.Tests.Letters;
using Distribution.Web.Desk;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>The fields that the form of a letter offers for its text.</summary>
public sealed class LetterFieldNamesTests
{
    [Fact]
    public void Each_field_that_the_form_offers_is_filled_in_and_each_that_a_letter_has_is_offered()
    {
        var offered = LetterFieldNames.Of(Letter()).Select(field => field.Source).ToList();
        Assert.Contains("{{ deadlines.comments }}", offered);
        Assert.Contains("échéance : observations", LetterFieldNames.Of(Letter()).Select(field => field.Meaning.In(DeskLanguage.French).Replace('\u00A0', ' ')));
        foreach (var field in offered)
            Assert.DoesNotContain("{{", Rendered(field), StringComparison.Ordinal);

        // What authors can use besides: ids are for machines, and a date is written with its day.
        var known = ((string[])["process", "draft", "date", "subject", "reference", "place", "salutation"]).Select(name => $"{{{{ letter.{name} }}}}")
            .Concat(((string[])["name", "title", "head_of_mission", "head_title"]).Select(name => $"{{{{ mission.{name} }}}}"))
            .Append("{{ enclosures }}").Append("{{ deadlines.comments }}");
        Assert.Equal(known.Order(), offered.Order());
    }

    private static string Rendered(string text)
    {
        var source = ExampleLetter.Read(
            new Dictionary<string, string>
            {
                ["address"] = "addressed",
                ["signatories[1].name"] = "Name",
                ["signatories[1].title"] = "Title",
                ["signatories[1].letterhead"] = "Letterhead",
                ["deadlines[1].name"] = "comments",
                ["deadlines[1].at.date"] = "2018-04-10",
            },
            text).Letter!;
        return new LetterRenderer(source, [Enclosure.Of(new("draft.pdf", new byte[1], ""), source)], SampleLetter.Template)
            .Render(RegisterCsv.Seed().Missions[0] with { Head = new("A. Lee", "H.E. Ms."), HeadTitle = "Ambassador" }, "https://letters.example/").Text;
    }

    private static UnfinishedLetter Letter() => new(
        "1",
        new("amélie", "amélie"),
        default,
        new("amélie", "amélie"),
        default,
        ImmutableDictionary<string, string>.Empty.Add("deadlines[1].name", "comments").Add("address", "addressed"),
        "",
        [],
        "",
        null,
        []);
}
