using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Typesetting;
using Distribution.Register;
using Distribution.Tests.Fixtures;
using Microsoft.Extensions.Options;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>
/// Which letters a distribution's missions get as documents, and what is said where one cannot be made.
/// </summary>
public sealed class LetterTypesetterTests
{
    private static readonly Mission Swiss = SampleLetter.Swiss with { OfficialLanguages = ["fr"] };
    private static readonly Mission French = SampleLetter.Mission("fra", "France", "Permanent Mission of France") with
    {
        Language = "fr",
        OfficialLanguages = ["fr"],
    };
    private static readonly Mission Egyptian = SampleLetter.Mission("egy", "Egypt", "Permanent Mission of Egypt") with
    {
        OfficialLanguages = ["ar"],
    };
    private static readonly Mission British = SampleLetter.Mission(
        "gbr",
        "United Kingdom",
        "Permanent Mission of the United Kingdom");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_letter_to_all_is_set_once_in_each_language()
    {
        var printed = await Print(Letter(SampleLetter.Source, "fr", "ar"));

        Assert.Empty(printed.Faults);
        Assert.Equal(
            [
                ("2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - letter (en).pdf", null),
                ("2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - letter (fr, unofficial translation).pdf", null),
                ("2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - letter (ar, unofficial translation).pdf", null),
            ],
            printed.Letters.Select(letter => (letter.Pdf.File, letter.Pdf.Mission)));
    }

    [Fact]
    public async Task An_addressed_letter_is_set_for_each_mission_in_the_languages_it_gets()
    {
        var printed = await Print(Letter(SampleLetter.Source with { Address = AddressForm.Addressed }, "fr", "ar"));

        Assert.Equal(
            ["en che", "en fra", "en egy", "en gbr", "fr che", "fr fra", "ar egy"],
            printed.Letters.Select(letter => $"{letter.Pdf.Language} {letter.Pdf.Mission}"));
        Assert.Equal(7, printed.Letters.Select(letter => letter.Pdf.Hash).Distinct().Count());
    }

    [Fact]
    public async Task All_missions_letters_are_set_alike_whichever_are_typeset_first()
    {
        var talkative = SampleLetter.Mission("x", "X", string.Join(' ', Enumerable.Repeat("Permanent Mission", 20)));
        var source = await LetterFitTests.FullPage(
            SampleLetter.Source with { Address = AddressForm.Addressed },
            "One line more.",
            Swiss);
        // The longest address makes the letter overflow its page; the others would fit theirs as usual.
        var all = Letter(source) with { Roster = [Swiss, British, talkative] };
        var few = Letter(source) with { Roster = [Swiss, British] };

        var together = (await Print(all)).Letters.Select(letter => letter.Pdf.Hash).ToList();
        var apart = new List<string>();
        for (var place = 0; place < 3; place++)
            apart.AddRange((await Print(all, first: place, most: 1)).Letters.Select(letter => letter.Pdf.Hash));

        Assert.Equal(together, apart);
        Assert.All((await Print(all)).Letters, letter => Assert.Equal(1, Pdf.Pages(letter.Bytes)));
        Assert.DoesNotContain((await Print(few)).Letters[0].Pdf.Hash, together);
    }

    [Fact]
    public async Task A_signed_scan_stands_in_the_place_of_the_authentic_letter_alone()
    {
        var letter = Letter(SampleLetter.Source, "fr");
        var scanned = letter with
        {
            Letter = letter.Letter with
            {
                Enclosures =
                [
                    new("letter.pdf", "Letter", EnclosureRole.Letter, null, null, 1),
                    .. letter.Letter.Enclosures,
                ],
            },
        };

        Assert.Equal(
            ["2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - letter (fr, unofficial translation).pdf"],
            (await Print(scanned)).Letters.Select(printed => printed.Pdf.File));
    }

    [Fact]
    public async Task Characters_no_font_has_are_told_once_with_their_line()
    {
        var fault = Assert.Single((await Print(Letter(SampleLetter.WithBody("One.\n\nTwo 😀 של.")))).Faults);

        Assert.Equal((430, "letter.md, line 12"), (fault.Number, fault.Place));
        Assert.Equal(
            "The letter cannot be printed with 3 characters, “ל” (U+05DC), “ש” (U+05E9) and “😀” (U+1F600): no font of the letter has them, in every letter (4).",
            fault.Words);
    }

    [Fact]
    public async Task A_character_in_the_register_is_told_with_its_mission()
    {
        var letter = Letter(SampleLetter.Source with { Address = AddressForm.Addressed }) with
        {
            Roster = [Swiss, SampleLetter.Mission("x", "Xanadu 𓀀", "Mission of Xanadu 𓀀")],
        };
        var fault = Assert.Single((await Print(letter)).Faults);

        Assert.Equal((430, "The register of missions, Xanadu 𓀀"), (fault.Number, fault.Place));
        Assert.EndsWith("in the letter to Xanadu 𓀀.", fault.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_wider_than_the_page_is_a_fault_with_its_line()
    {
        const string Narrow = "| A | B |\n|---|---|\n| 1 | |\n\n";
        var fault = Assert.Single(
            (
                await Print(
                    Letter(
                        SampleLetter.WithBody(
                            $"{Narrow}{Narrow}|{string.Concat(Enumerable.Repeat(" Trusteeshipcouncil |", 9))}\n|{string.Concat(Enumerable.Repeat("---|", 9))}"
                        )))).Faults);

        Assert.Equal((431, "letter.md, line 18"), (fault.Number, fault.Place));
    }

    [Fact]
    public async Task A_character_in_a_field_is_told_with_the_field()
    {
        var source = SampleLetter.Source;
        var signed = Assert.Single(
            (
                await Print(
                    Letter(
                        source with
                        {
                            Signatories = [source.Signatories[0], source.Signatories[1] with { Name = "Jürg 😀" }],
                        })
                )).Faults);
        var placed = Assert.Single((await Print(Letter(source with { Place = "New York 😀" }))).Faults);
        var enclosing = Assert.Single(
            (
                await Print(Letter(source with { Enclosures = [source.Enclosures[0] with { Title = "Draft 😀" }] }))
            ).Faults);

        Assert.Equal(
            ["letter.md, “signatories:” number 2, “name:”", "letter.md, “place:”", "letter.md, line 18"],
            new[] { signed, placed, enclosing }.Select(fault => fault.Place));
    }

    [Fact]
    public async Task A_letter_of_too_many_pages_or_bytes_is_a_fault_in_plain_words()
    {
        const string Start = "#set document(title: \"x\")\n#set text(font: \"Noto Serif\", fallback: false)\n";
        var pages = Assert.Single(
            (await Print(Set(Start + "#for i in range(2000) { pagebreak(weak: false) }"))).Faults);
        var noise = new byte[3_600 * 3_100];
        new Random(1).NextBytes(noise);
        var bytes = Assert.Single(
            (
                await Print(
                    Set(
                        Start
                            + "#image(read(\"noise\", encoding: none), format: (encoding: \"luma8\", width: 3600, height: 3100), alt: \"x\")"
                    ) with
                    {
                        Images = [new("noise", noise, "")],
                    })
            ).Faults);

        Assert.Equal((435, "The letter comes to 2,001 pages; 100 are the most."), (pages.Number, pages.Words));
        Assert.Equal(435, bytes.Number);
        Assert.Matches("^The letter comes to 1[0-9](\\.[0-9])? MB; 10 MB is the most\\.$", bytes.Words);
    }

    [Fact]
    public async Task A_signature_that_is_no_image_is_a_fault_that_names_it()
    {
        var letter = Letter(
            SampleLetter.Source with
            {
                Signatories = [SampleLetter.Source.Signatories[0] with { Signature = "sign.png" }],
            }) with
        {
            Images = [new("sign.png", "no image"u8.ToArray(), "")],
        };
        var fault = Assert.Single((await Print(letter)).Faults);

        Assert.Equal((432, "The picture sign.png cannot be read as an image."), (fault.Number, fault.Words));
    }

    [Fact]
    public async Task A_mistake_in_the_template_is_told_once_and_ends_the_work()
    {
        var letter = Letter(SampleLetter.Source with { Address = AddressForm.Addressed });
        var broken = letter with
        {
            Templates = SampleLetter.Template with
            {
                Files = new Dictionary<string, string>(SampleLetter.Template.Files)
                {
                    [TemplateFiles.Document] = "\n#bogus",
                },
            },
        };
        var fault = Assert.Single((await Print(broken)).Faults);

        Assert.Equal((433, "templates/co-facilitators/letter.typ, line 2"), (fault.Number, fault.Place));
        Assert.StartsWith(
            "The letter cannot be typeset: unknown variable: bogus",
            fault.Words,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Letters_that_cost_the_typesetter_more_than_they_may_are_given_up()
    {
        var settings = TypesetterFixture.Settings;
        settings.Time = TimeSpan.Zero;
        var printed = await Print(
            Letter(SampleLetter.Source with { Address = AddressForm.Addressed }, "fr") with
            {
                Limits = RenderLimits.Default with { Typesetting = TimeSpan.Zero },
                // More than are typeset at a time.
                Roster = [.. Enumerable.Range(1, 20).Select(number => British with { Id = $"m{number}" })],
            },
            settings);

        var fault = Assert.Single(printed.Faults);
        Assert.Equal((425, "letter.md"), (fault.Number, fault.Place));
        Assert.InRange(printed.Letters.Count, 0, 19);
    }

    [Fact]
    public async Task A_language_whose_letters_took_all_its_time_keeps_the_next_one_from_nothing()
    {
        var settings = TypesetterFixture.Settings;
        settings.Time = TimeSpan.Zero;
        var printed = await Print(
            Letter(SampleLetter.Source with { Address = AddressForm.Addressed }, "fr") with
            {
                Limits = RenderLimits.Default with { Typesetting = TimeSpan.Zero },
                Roster = [French],
            },
            settings);

        Assert.Empty(printed.Faults.Select(fault => fault.Words));
        Assert.Equal(2, printed.Letters.Count);
    }

    private static Preflight Set(string template) =>
        Letter(SampleLetter.Source) with
        {
            Templates = SampleLetter.Template with
            {
                Files = new Dictionary<string, string>(SampleLetter.Template.Files)
                {
                    [TemplateFiles.Document] = template,
                },
            },
        };

    private static Preflight Letter(LetterSource source, params string[] translations) => new(
        IsStanding: false,
        source,
        SampleLetter.Template,
        [new(SampleLetter.Draft.File, new byte[] { 1 }, "")],
        [Swiss, French, Egyptian, British],
        [.. translations.Select(language => SixLanguages.In(language) with { Address = source.Address })]);

    private static Task<TypesetLetters> Print(
        Preflight preflight,
        TypesettingSettings? settings = null,
        int first = 0,
        int most = int.MaxValue) =>
        new LetterTypesetter(
            TypesetterFixture.Shared,
            new MissionLinks(
                Options.Create(new LinkSettings { Keys = [LinkKeys.Create("test")] }),
                Options.Create(new SiteSettings { PublicUrl = "https://letters.example" })),
            Options.Create(settings ?? TypesetterFixture.Settings)).Typeset(preflight, "7QJ4MX2K9TWB", first, most, keep: null, Cancellation);
}
