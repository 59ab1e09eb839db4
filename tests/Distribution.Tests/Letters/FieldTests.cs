using Distribution.Letters;
using Distribution.Register;
using Xunit;

namespace Distribution.Tests.Letters;

public sealed class FieldTests
{
    [Theory]
    [InlineData("*x*")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("[a](javascript:alert)")]
    [InlineData("![a](cid:1)")]
    [InlineData("1. # - > | `x` ~y~ _z_ \\ &lt; <https://x.example>")]
    [InlineData("مصر & Côte d'Ivoire")]
    public void Prints_a_value_as_it_was_entered_wherever_it_stands(string name)
    {
        var letter = SampleLetter.Render(
            SampleLetter.WithBody(
                "{{ mission.name }}\n\n- {{ mission.name }}\n\n| a |\n|---|\n| {{ mission.name }} |") with
            {
                Subject = "For {{ mission.name }}",
            },
            SampleLetter.Mission("x", name, name));

        Assert.Equal($"For {name}", letter.Subject);
        Assert.Equal(5, Count(letter.Text, name)); // body, list, table, address and "Sent to"
        var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(letter.Html);
        Assert.Equal(5, Count(document.Body!.TextContent, name));
        Assert.Equal($"For {name}", document.Title);
        Assert.Empty(document.QuerySelectorAll("script, img, em, code"));
        Assert.DoesNotContain("href=\"javascript", letter.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Keeps_a_value_on_one_line_so_that_it_starts_no_list_heading_or_header()
    {
        var letter = SampleLetter.Render(
            SampleLetter.WithBody("For {{ mission.name }}") with { Subject = "For {{ mission.name }}" },
            SampleLetter.Mission("x", "A\r\nBcc: b@x.example\n\n# Title", "A"));

        Assert.Equal("For A Bcc: b@x.example # Title", letter.Subject);
        Assert.Contains("\nFor A Bcc: b@x.example # Title\n", letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<h1", letter.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Fills_in_what_authors_may_use_in_the_letters_language_where_the_register_has_it()
    {
        var mission = SampleLetter.Mission(
            "fra",
            "France",
            "Permanent Mission of France",
            new HeadOfMission("A. Example", "H.E. Ms.")) with
        {
            Names = new Dictionary<string, string> { ["en"] = "Egypt", ["fr"] = "Égypte" },
        };
        var text = SampleLetter
            .Render(
                SampleLetter.WithBody(
                    "{{mission.id}}; {{mission.name}}; {{mission.title}}; {{mission.head_of_mission}}; {{mission.head_title}}\n\n"
                        + "{{letter.process}}; {{letter.draft}}; {{letter.date}}; {{letter.subject}}; {{letter.reference}}; {{letter.place}}; {{letter.salutation}}\n\n"
                        + "{{enclosures}}\n\n{{for enclosure in enclosures}}{{enclosure.file}}{{end}}") with
                {
                    Language = "fr",
                    Process = "P",
                    Subject = "S",
                    Reference = "R/1",
                    Place = "Geneva",
                },
                mission)
            .Text;

        Assert.Contains(
            "\nfra; Égypte; Permanent Mission of France; H.E. Ms. A. Example; Permanent\nRepresentative\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains(
            "\nP; Draft Rev 1; 26 mars 2018; S; R/1; Genève; Excellence,\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains(
            "\nDraft Rev 1 of the Global Compact for Safe, Orderly and Regular\nMigration\n\nglobal-compact-draft-rev-1.pdf\n",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_every_unknown_and_empty_field_at_once_with_its_name_file_and_line() =>
        Assert.Equal(
            [
                (411, "letter.md, “subject:”", "There is no field called letter.drft."),
                (411, "letter.md, line 10", "There is no field called misson.name."),
                (411, "letter.md, line 12", "There is no field called mission.nam."),
                (412, "letter.md, line 13", "The field mission.head_of_mission is empty."),
                (411, "letter.md, line 14", "There is no field called deadlines.coments."),
                (412, "letter.md, line 15", "The field letter.reference is empty."),
            ],
            SampleLetter
                .Faults(
                    SampleLetter.WithBody(
                        "Dear {{ misson.name }},\n\nto {{ mission.nam }}\nand {{ mission.head_of_mission }}\nuntil {{ deadlines.coments }}\n{{ letter.reference | string.upcase }}"
                    ) with
                    {
                        Subject = "{{ letter.drft }}",
                    })
                .Select(fault => (fault.Number, fault.Place, fault.Words)));

    [Fact]
    public void Says_which_fields_there_are() =>
        Assert.Equal(
            "Correct its name; what can stand here is id, name, title, head_of_mission and head_title.",
            Assert.Single(SampleLetter.Faults(SampleLetter.WithBody("{{ mission.nam }}"))).Remedy);

    [Fact]
    public void Lets_a_letter_ask_whether_a_field_is_filled_in()
    {
        var source = SampleLetter.WithBody(
            "{{ if mission.head_of_mission }}To {{ mission.head_of_mission }}{{ else }}To the head{{ end }}; {{ letter.reference ?? \"none\" }}."
        );

        Assert.Contains("\nTo the head; none.\n", SampleLetter.Render(source).Text, StringComparison.Ordinal);
        Assert.Contains(
            "\nTo H.E. A; none.\n",
            SampleLetter.Render(source, SampleLetter.Mission("x", "X", "X", new HeadOfMission("A", "H.E."))).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_unknown_field_even_where_it_is_only_asked_after() =>
        Assert.Equal(
            411,
            Assert.Single(SampleLetter.Faults(SampleLetter.WithBody("{{ if mission.hed }}x{{ end }}y"))).Number);

    [Fact]
    public void Refuses_to_print_a_whole_group_of_fields() =>
        Assert.Equal(
            "mission is a group of fields and cannot be printed as one.",
            Assert.Single(SampleLetter.Faults(SampleLetter.WithBody("{{ mission }}"))).Words);

    [Theory]
    [InlineData("one\n\n{{ mission.name")]
    [InlineData("one\n\n{{ if mission.name }}two")]
    [InlineData("one\n\n{{ end }}")]
    public void Quotes_the_line_of_an_instruction_that_cannot_be_understood(string body)
    {
        var fault = Assert.Single(SampleLetter.Faults(SampleLetter.WithBody(body)));

        Assert.Equal((410, "letter.md, line 12"), (fault.Number, fault.Place));
        Assert.Contains(body.Split('\n')[2], fault.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ include 'words/en.yaml' }}", "include")]
    [InlineData("{{ object.eval 'mission' }}", "object.eval")]
    [InlineData("{{ math.random 1 9 }}", "math.random")]
    [InlineData("{{ date.now }}", "date.now")]
    public void Gives_authors_no_files_evaluation_clock_or_chance(string body, string what)
    {
        var fault = Assert.Single(SampleLetter.Faults(SampleLetter.WithBody(body)));

        Assert.Contains(what, fault.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Lets_no_letter_change_the_fields_of_the_next()
    {
        Assert.NotEmpty(SampleLetter.Faults(SampleLetter.WithBody("{{ letter.draft = 'Rev 2' }}x")));
        Assert.NotEmpty(SampleLetter.Faults(SampleLetter.WithBody("{{ string.upcase = 'x' }}x")));
        Assert.Contains("Draft Rev 1", SampleLetter.Render(SampleLetter.Source).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ for i in 1..100000 }}x{{ end }}", 415)]
    [InlineData("{{ while true }}x{{ end }}", 415)]
    [InlineData("{{ for i in 1..900 }}{{ for j in 1..900 }}x{{ end }}{{ end }}", 415)]
    [InlineData("{{ func again }}{{ again }}{{ end }}{{ again }}", 416)]
    [InlineData("{{ x = '0123456789'; for i in 1..30; x = x + x; end; x }}", 418)]
    [InlineData(
        "{{ x = 'x' | string.pad_right 2000 | string.replace ' ' 'y' }}{{ for i in 1..900 }}{{ x }}{{ end }}",
        418)]
    [InlineData("{{ 'a' * mission }}", 414)]
    public void Stops_a_text_that_would_run_on(string body, int fault) =>
        Assert.Equal(fault, SampleLetter.Faults(SampleLetter.WithBody(body))[0].Number);

    [Fact]
    public void Stops_a_letter_that_takes_too_long()
    {
        var fault = Assert.Single(
            SampleLetter
                .Faults(
                    SampleLetter.Source with
                    {
                        Subject = "S",
                    },
                    limits: RenderLimits.Default with
                    {
                        Time = TimeSpan.Zero,
                    })
                .Take(1));

        Assert.Equal(417, fault.Number);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
