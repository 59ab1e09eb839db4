using Distribution.Letters;
using Distribution.Letters.Typesetting;
using Distribution.Register;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>A letter whose end would need a page of its own is set closer first, by no more than it takes.</summary>
public sealed class LetterFitTests
{
    /// <summary>The letter that this project began with.</summary>
    private const string Body = """
        We write to you in our capacity as co-facilitators to lead the intergovernmental consultations and negotiations on issues related to the Global Compact for Safe, Orderly and Regular Migration, the Intergovernmental Conference, as well as their preparatory process.

        We are pleased to share the Draft Rev 1 of the Global Compact for Safe, Orderly and Regular Migration with you. This draft reflects the deliberations from the first and second rounds of intergovernmental negotiations, including discussions on the following areas:

        1) Differentiation between irregular and regular
        2) Differentiation between migrants and refugees
        3) Implementation and capacity-building
        4) Follow-up and review

        The clarifications regarding the first two areas can be found mainly in the following sections of the Draft Rev 1: Preamble, Vision and Guiding Principles, as well as in the Cooperative Framework under Objectives 2, 4, 5, 6, 7, 12, 15, 16, and 21. No changes were made to paragraph 41 regarding the capacity-building mechanism, as we are currently working on a proposal to be discussed in the fourth round of intergovernmental negotiations.

        The upcoming third round of intergovernmental negotiations will take place from 3 to 6 April 2018 in Conference Room 2 at UN Headquarters in New York. On the first day, we will present and explain the changes made in the text, and invite delegations to provide general comments. We will encourage dialogue and interaction on the comments made. Subsequently, we will proceed with a full reading of the text, by discussing the draft objective by objective.

        We look forward to your substantive comments, proposals and corresponding rationales, as well as to continuing our deliberations next week. We thank all delegations for their dedicated and constructive commitment to the intergovernmental negotiations thus far.
        """;

    private static readonly LetterSource Letter = SampleLetter.Source with { Body = Body };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_letter_that_began_this_project_takes_one_page()
    {
        var made = await Typeset(Letter);

        Assert.Equal((1, 2), (made.Pages, made.Tightness));
        Assert.Contains("our deliberations next week", Pdf.Text(made.Pdf), StringComparison.Ordinal);
        Assert.Contains("7QJ4", Pdf.Text(made.Pdf), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("es")]
    [InlineData("ru")]
    [InlineData("zh")]
    [InlineData("ar")]
    public async Task A_text_that_overflows_by_millimetres_is_closed_up_step_by_step_and_one_by_more_gets_its_page(string language)
    {
        var source = await FullPage(SixLanguages.In(language), SixLanguages.In(language).Body);
        var fits = await LastThatFits(source, tightness: 0);
        var most = await LastThatFits(source, tightness: 5) - fits;
        Assert.InRange(most, 16, 45);
        var steps = new List<int>();
        foreach (var over in (int[])[1, 3, 6, 14, most])
        {
            var made = await Typeset(source, fits + over);
            Assert.Equal(1, made.Pages);
            Assert.Equal(2, (await Typeset(source, fits + over, tightness: made.Tightness - 1)).Pages);
            steps.Add(made.Tightness);
        }

        Assert.Equal(steps.Order(), steps);
        Assert.Equal((1, 5), (steps[0], steps[^1]));
        var beyond = await Typeset(source, fits + most + 2);
        Assert.Equal((2, 0), (beyond.Pages, beyond.Tightness));
    }

    [Fact]
    public async Task The_last_page_of_a_longer_letter_is_saved_in_the_same_way()
    {
        var source = Letter with { Body = string.Join("\n\n", Enumerable.Repeat(Body, 3)) };
        var usual = await Typeset(source, tightness: 0);
        var fits = await LastThatFits(source, tightness: 0);
        foreach (var over in (int[])[2, 10, 37])
        {
            Assert.Equal(usual.Pages + 1, (await Typeset(source, fits + over, tightness: 0)).Pages);
            Assert.Equal(usual.Pages, (await Typeset(source, fits + over)).Pages);
        }
    }

    [Fact]
    public async Task A_template_of_ones_own_that_closes_nothing_up_is_set_as_it_is()
    {
        var template = SampleLetter.Template.Files[TemplateFiles.Document]
            .Replace("letter.at(\"tightness\", default: 0)", "0", StringComparison.Ordinal);
        var made = await TypesetterFixture.Shared.Typeset(
            SampleLetter.Job(Letter, null) with { Template = template },
            Cancellation);

        Assert.Equal((2, 0), (made.Pages, made.Tightness));
    }

    /// <summary>How many millimetres can be put above the date and the letter has no more pages than without.</summary>
    private static async Task<int> LastThatFits(LetterSource source, int tightness)
    {
        var pages = (await Typeset(source, tightness: tightness)).Pages;
        var (fits, over) = (0, 300);
        while (over - fits > 1)
        {
            var middle = (fits + over) / 2;
            if ((await Typeset(source, middle, tightness)).Pages == pages)
                fits = middle;
            else
                over = middle;
        }

        return fits;
    }

    /// <summary>The letter with as much more of a text as it has room for on one page.</summary>
    internal static async Task<LetterSource> FullPage(LetterSource source, string more, Mission? mission = null)
    {
        var full = source;
        while (source with { Body = $"{full.Body}\n\n{more}" } is var longer
            && (await Typeset(longer, tightness: 0, mission: mission)).Pages == 1)
            full = longer;
        return full;
    }

    private static Task<TypesetResult> Typeset(
        LetterSource source,
        int millimetres = 0,
        int? tightness = null,
        Mission? mission = null)
    {
        const string AboveDate = "#v(4mm)\n";
        var job = SampleLetter.Job(source, mission);
        Assert.Contains(AboveDate, job.Template, StringComparison.Ordinal);
        return TypesetterFixture.Shared.Typeset(
            job with
            {
                Template = job.Template.Replace(AboveDate, $"#v({4 + millimetres}mm)\n", StringComparison.Ordinal),
                Tightness = tightness,
            },
            Cancellation);
    }
}
