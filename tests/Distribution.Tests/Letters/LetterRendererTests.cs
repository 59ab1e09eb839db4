using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Register;
using Xunit;

namespace Distribution.Tests.Letters;

public sealed class LetterRendererTests
{
    [Fact]
    public void Writes_the_sample_in_plain_text() =>
        Assert.Equal(
            File.ReadAllText(
                    Path.Combine(SampleLetter.Templates, "..", "tests", "Distribution.Tests", "Letters", "sample.txt"))
                .ReplaceLineEndings("\n"),
            SampleLetter.Render(SampleLetter.Source).Text);

    [Fact]
    public void Names_process_and_draft_in_the_samples_subject() =>
        Assert.Equal(
            "Global Compact for Safe, Orderly and Regular Migration: Draft Rev 1",
            SampleLetter.Render(SampleLetter.Source).Subject);

    [Fact]
    public void Keeps_every_line_of_the_text_part_within_72_columns() =>
        Assert.All(
            SampleLetter.Render(SampleLetter.Source).Text.Split('\n'),
            line => Assert.InRange(line.Length, 0, 72));

    [Fact]
    public void Sets_the_parts_of_the_letter_in_their_order()
    {
        var text = Html(SampleLetter.Source with { Reference = "GCM/2018/14" }).Body!.TextContent;

        string[] parts =
        [
            "Draft: Draft Rev 1",
            "Comments: by 6 p.m. (New York time) on Tuesday, 3 April 2018",
            "Please acknowledge receipt of this letter.",
            "Acknowledge receipt",
            "Permanent Mission of Mexico to the United Nations",
            "Permanent Mission of Switzerland to the United Nations",
            "New York, 26 March 2018",
            "Reference: GCM/2018/14",
            "Excellency,",
            "As co-facilitators",
            "Please accept, Excellency,",
            "Juan José Gómez Camacho",
            "Representative of Mexico",
            "Jürg Lauber",
            "Representative of Switzerland",
            "Enclosure:",
            "Draft Rev 1 of the Global Compact",
            "global-compact-draft-rev-1.pdf",
            "Permanent and Observer Missions to the United Nations",
            "New York",
            "Please acknowledge receipt of this letter.",
            "Acknowledge receipt",
            "This link is for your mission only.",
            "If the link does not open, reply to gcm@co-facilitators.example.",
            "Sent to:",
            "Permanent Mission of Switzerland to the United Nations",
            "Attached:",
            "global-compact-draft-rev-1.pdf",
            "Contact:",
            "Secretariat of the co-facilitators",
            "gcm@co-facilitators.example",
        ];
        var at = 0;
        foreach (var part in parts)
        {
            var next = text.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(next >= 0, $"“{part}” is not in its place.");
            at = next + part.Length;
        }
    }

    [Fact]
    public void Carries_nothing_remote_no_script_and_no_style_sheet()
    {
        var html = Html(SampleLetter.WithBody("See [the page](https://example.org/page)."));

        Assert.Empty(
            html.QuerySelectorAll(
                "script, img, link, style, iframe, object, video, audio, svg, form, [src], [srcset], [background], [onclick], [onload]"
            ));
        Assert.All(
            html.QuerySelectorAll("[style]"),
            element => Assert.DoesNotContain("url(", element.GetAttribute("style"), StringComparison.OrdinalIgnoreCase)
        );
        Assert.Equal(
            [SampleLetter.Link, "https://example.org/page", SampleLetter.Link, "mailto:gcm@co-facilitators.example"],
            html.QuerySelectorAll("[href]").Select(link => link.GetAttribute("href")));
        Assert.DoesNotContain(
            "http",
            SampleLetter
                .Render(SampleLetter.Source)
                .Html.Replace(SampleLetter.Link, "", StringComparison.Ordinal)
                .Replace("http-equiv", "", StringComparison.Ordinal),
            StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("ar", "rtl")]
    [InlineData("en", "ltr")]
    [InlineData("zh", "ltr")]
    public void States_the_language_and_its_direction(string language, string direction)
    {
        var html = Html(SampleLetter.Source with { Language = language });

        Assert.Equal(
            (language, direction),
            (html.DocumentElement.GetAttribute("lang"), html.DocumentElement.GetAttribute("dir")));
        Assert.Equal(
            (language, direction),
            (html.QuerySelector("div")!.GetAttribute("lang"), html.QuerySelector("div")!.GetAttribute("dir")));
    }

    [Fact]
    public void Carries_each_missions_own_link_encoded()
    {
        const string link = "https://letters.example/acknowledge/a?b=1&c=\"<2>";
        var letter = new LetterRenderer(SampleLetter.Source, [], SampleLetter.Template).Render(
            SampleLetter.Swiss,
            link);

        Assert.Contains($"\n{link}\n", letter.Text, StringComparison.Ordinal);
        Assert.Equal(
            link,
            new HtmlParser().ParseDocument(letter.Html).QuerySelector("a[href^='https:']")!.GetAttribute("href"));
    }

    [Fact]
    public void Lists_the_signed_scan_as_attached_but_not_as_an_enclosure()
    {
        var scan = SampleLetter.Draft with
        {
            File = "letter.pdf",
            Title = "The signed scan",
            Role = EnclosureRole.Letter,
        };
        var text = new LetterRenderer(SampleLetter.Source, [scan, SampleLetter.Draft], SampleLetter.Template)
            .Render(SampleLetter.Swiss, SampleLetter.Link)
            .Text;

        Assert.DoesNotContain("The signed scan", text, StringComparison.Ordinal);
        Assert.Contains("\nAttached: letter.pdf, global-compact-draft-rev-1.pdf\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2018-03-26 Compact - Draft Rev 1 - letter (en).pdf", true)]
    [InlineData("2018-03-26 Compact - Draft Rev 1 - letter (fr, unofficial translation).pdf", false)]
    [InlineData("", false)]
    public void Says_that_the_letter_itself_is_attached_only_where_it_is(string file, bool isSaid)
    {
        var letter = new LetterRenderer(SampleLetter.Source, [], SampleLetter.Template).Render(
            SampleLetter.Swiss,
            SampleLetter.Link,
            file is "" ? [] : [new(file, "en", null, 1, "")]);

        Assert.All(
            (string[])[letter.Text, letter.Html],
            words => Assert.Equal(isSaid, words.Contains("The letter itself is attached", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(null, "Mission\n\nThe Mission presents")]
    [InlineData("A/1", "Mission\n\nReference: A/1\n\nThe Mission presents")]
    public void Writes_a_note_verbale_without_salutation_close_and_signature(string? reference, string start)
    {
        var note = SampleLetter.Render(SampleLetter.Source with
        {
            Form = LetterForm.NoteVerbale,
            Sender = new("The Mission", "Mission"),
            Signatories = [],
            Reference = reference,
            Body = "transmit Draft Rev 1.",
        });

        Assert.StartsWith(
            start,
            note.Text[(note.Text.IndexOf("---\n\n", StringComparison.Ordinal) + 5)..],
            StringComparison.Ordinal);
        Assert.Contains(
            "assurances of its highest consideration.\n\nNew York, 26 March 2018\n\nEnclosure:",
            note.Text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Excellency", note.Text + note.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n\n", note.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("informer les Missions du projet Rev 1.", "et a l’honneur d’informer les")]
    [InlineData("*attirer* l’attention sur le projet Rev 1.", "et a l’honneur d’")]
    [InlineData("transmettre le projet Rev 1.", "et a l’honneur de transmettre")]
    [InlineData("hâter la négociation du projet Rev 1.", "et a l’honneur de hâter")]
    public void A_note_verbale_in_French_goes_on_as_the_language_does(string body, string words) => Assert.Contains(
        words,
        SampleLetter.Render(SixLanguages.In("fr") with { Form = LetterForm.NoteVerbale, Sender = new("La Mission", "Mission"), Signatories = [], Body = body }).Text,
        StringComparison.Ordinal);

    [Fact]
    public void Writes_markings_embargo_and_what_a_translation_is_above_the_salutation()
    {
        var text = SampleLetter.Render(SixLanguages.In("fr") with
        {
            Reference = "A/1",
            MarkedAs = [Marking.Confidential],
            EmbargoedUntil = NewYorkTime.Instant(new(2018, 3, 26, 18, 0, 0)),
        }).Text;

        Assert.Contains(
            "New York, le 26 mars 2018\nRéférence : A/1\nCONFIDENTIEL\nSOUS EMBARGO JUSQU’AU 26 mars 2018 à 18 heures (heure de New York)\n\n[Traduction non officielle. Le texte faisant foi, en anglais, est joint.]\n\nExcellence,\n",
            text,
            StringComparison.Ordinal);
    }

    /// <summary>Neither between sentences, behind a label, nor in a list.</summary>
    [Fact]
    public void Puts_no_space_between_Chinese_sentences()
    {
        var source = SixLanguages.In("zh") with { TracksReplies = true };
        var pdf = new LetterPdf("letter.zh.pdf", "zh", null, 1, "");
        var letter = new LetterRenderer(source, [SampleLetter.Draft], SampleLetter.Template)
            .Render(SampleLetter.Swiss, SampleLetter.Link, [pdf]);

        foreach (var text in (string[])[letter.Text, new HtmlParser().ParseDocument(letter.Html).Body!.TextContent])
        {
            Assert.DoesNotMatch("[。：，；、] +[^ ]", text);
            Assert.Contains("本函的PDF文件随附。敬请确认收到本函。", text, StringComparison.Ordinal);
            Assert.Contains("letter.zh.pdf、global-compact-draft-rev-1.pdf", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Addresses_one_mission_or_all_and_never_both()
    {
        var one = SampleLetter
            .Render(
                SampleLetter.Source with
                {
                    Address = AddressForm.Addressed,
                },
                SampleLetter.Mission("x", "X", "Mission of X", new HeadOfMission("A. Example", "H.E. Ms.")))
            .Text;
        var all = SampleLetter.Render(SampleLetter.Source).Text;

        Assert.Contains(
            "\nH.E. Ms. A. Example\nPermanent Representative\nMission of X\nNew York\n",
            one,
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "\nPermanent and Observer Missions to the United Nations\n",
            one,
            StringComparison.Ordinal);
        Assert.Contains(
            "\nPermanent and Observer Missions to the United Nations\nNew York\n",
            all,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_letter_to_all_cannot_name_one_mission()
    {
        var fault = Assert.Single(
            SampleLetter.Faults(SampleLetter.Source with { Body = "For {{ mission.title }}.", BodyLine = 10 }));

        Assert.Equal((426, "letter.md, line 10"), (fault.Number, fault.Place));
        Assert.Equal(
            "The letter goes to all missions together and cannot name one of them, as {{ mission.title }} would.",
            fault.Words);
    }

    [Fact]
    public void Says_nothing_of_enclosures_where_there_are_none()
    {
        var letter = new LetterRenderer(SampleLetter.Source, [], SampleLetter.Template).Render(
            SampleLetter.Swiss,
            SampleLetter.Link);

        Assert.DoesNotContain("Enclosure", letter.Text + letter.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Attached", letter.Text + letter.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Sets_any_number_of_signatories_into_whole_rows(int count)
    {
        var signatories = Enumerable
            .Range(1, count)
            .Select(number => new Signatory($"Name {number}", $"Title {number}", $"Head {number}"))
            .ToArray();
        var tables = Html(SampleLetter.Source with { Signatories = signatories })
            .QuerySelectorAll("table")
            .Cast<IHtmlTableElement>()
            .ToArray();

        var rows = tables
            .Where(table => table.QuerySelector("table") is null)
            .Where(table => table.TextContent.Contains("Head 1", StringComparison.Ordinal) || table.TextContent.Contains("Name 1", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(2, rows.Count);
        foreach (var table in rows)
        {
            Assert.Equal((count + 1) / 2, table.Rows.Length);
            Assert.Equal(count, table.QuerySelectorAll("td").Length);
        }
    }

    [Fact]
    public void Makes_the_same_letters_on_many_threads_as_on_one()
    {
        var renderer = new LetterRenderer(SampleLetter.Source, [SampleLetter.Draft], SampleLetter.Template);
        var missions = Enumerable
            .Range(0, 60)
            .Select(number => SampleLetter.Mission($"m{number}", $"Mission {number}", $"Title {number}"))
            .ToArray();

        var together = missions
            .AsParallel()
            .AsOrdered()
            .WithDegreeOfParallelism(4)
            .Select(mission => renderer.Render(mission, SampleLetter.Link))
            .ToArray();

        Assert.Equal(missions.Select(mission => renderer.Render(mission, SampleLetter.Link)), together);
    }

    private static IHtmlDocument Html(LetterSource source) =>
        new HtmlParser().ParseDocument(SampleLetter.Render(source).Html);
}
