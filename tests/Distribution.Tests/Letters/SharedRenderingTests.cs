using Distribution.Letters;
using Distribution.Register;
using Xunit;

namespace Distribution.Tests.Letters;

/// <summary>
/// What is the same for all missions is made once a language, and every mission's letter is what it would be alone.
/// </summary>
public sealed class SharedRenderingTests
{
    private static readonly IReadOnlyList<Mission> Missions =
        [.. RegisterCsv.Seed().Missions.Where((_, place) => place % 40 == 0)];

    public static TheoryData<string, bool, bool, string> Letters =>
        new()
        {
            { "en", false, false, "**Draft** {{ letter.draft }}\n\n| a | b |\n|---|---|" },
            { "en", true, false, "The same *for all*." },
            { "en", true, false, "To {{ mission.name }}, {{ mission.title }}." },
            {
                "en",
                true,
                false,
                "{{ if mission.id == 'che' }}Grüezi{{ else }}The same{{ end }}"
            },
            { "fr", true, true, "- un point\n- deux" },
            { "ar", false, false, "نص Draft Rev 1 و [رابط](https://a.example/b)." },
        };

    [Theory]
    [MemberData(nameof(Letters))]
    public void A_letter_is_the_same_whoever_was_written_to_before(
        string language,
        bool isAddressed,
        bool isNote,
        string body)
    {
        var source = Source(isAddressed ? AddressForm.Addressed : AddressForm.Collective, body) with
        {
            Language = language,
            Form = isNote ? LetterForm.NoteVerbale : LetterForm.Letter,
            Signatories = isNote ? [] : SampleLetter.Source.Signatories,
            Sender = isNote ? new("la Mission", "Mission permanente") : null,
        };
        var shared = Renderer(source);

        Assert.All(
            Missions.Concat(Missions.Reverse()),
            mission => Assert.Equal(Renderer(source).Render(mission, Link(mission)), shared.Render(mission, Link(mission)))
        );
    }

    [Fact]
    public void A_collective_letter_is_filled_and_parsed_once()
    {
        var renderer = Renderer(Source(AddressForm.Collective, "The same for all."));
        _ = renderer.Render(Missions[0], Link(Missions[0]));

        Assert.Same(renderer.Content(null), renderer.Content(null));
    }

    [Fact]
    public void So_is_the_body_of_an_addressed_letter_that_names_no_mission()
    {
        var same = Renderer(Source(AddressForm.Addressed, "The same for all."));
        var named = Renderer(Source(AddressForm.Addressed, "To {{ mission.name }}."));

        Assert.Same(same.Content(Missions[0]).Body, same.Content(Missions[1]).Body);
        Assert.NotSame(named.Content(Missions[0]).Body, named.Content(Missions[1]).Body);
        Assert.NotEqual(same.Content(Missions[0]).Addressee, same.Content(Missions[1]).Addressee);
    }

    /// <summary>
    /// A collective letter's email is rendered once, with gaps; where a template asks after a mission it cannot be.
    /// </summary>
    [Theory]
    [InlineData("{{ mission.title }} {{ mission.id }} {{ acknowledge_link }}")]
    [InlineData("{{ hang (words.sent_to + \" \") mission.title }}")]
    [InlineData("{{ mission.name | string.upcase }} {{ mission.name.size }}")]
    [InlineData("{{ mission.head_of_mission ?? \"Excellency\" }}")]
    [InlineData("{{ mission.head_of_mission ? mission.head_of_mission : mission.head_title }}")]
    [InlineData("{{ mission.head_of_mission }}")]
    [InlineData("{{ for i in 1..3 }}{{ mission.name }} {{ end }}")]
    [InlineData("{{ for i in 1..3 }}{{ i }} {{ mission.name + i }} {{ end }}")]
    [InlineData("{{ x = \"a\" }}{{ mission.name + x }}{{ x = \"b\" }}{{ mission.name + x }}")]
    [InlineData("{{ words = mission }}{{ words.name }}")]
    [InlineData("{{ m = mission }}{{ m.name }}")]
    [InlineData("{{ capture x }}{{ mission.name }}{{ end }}{{ x | string.upcase }}")]
    [InlineData("{{ with mission }}{{ name }}{{ end }}")]
    [InlineData("{{ func f }}{{ mission.name }}{{ end }}{{ f | string.upcase }}")]
    [InlineData("{{ this.mission.name }} {{ this[\"mission\"].name }}")]
    [InlineData("{{ case mission.id }}{{ when \"che\" }}Grüezi{{ else }}{{ mission.name }}{{ end }}")]
    [InlineData("{{ if mission.id == \"che\" }}Grüezi{{ end }}")]
    [InlineData("{{ if letter.draft }}{{ mission.name }}{{ else }}{{ acknowledge_link }}{{ end }}")]
    [InlineData("{{ while false }}{{ mission.name }}{{ end }}")]
    [InlineData("{{ $x = 1 }}{{ mission.name + $x }}")]
    [InlineData("{{ mission }}")]
    [InlineData("{{ mission.nothing }}")]
    [InlineData("{{ mission.name.nothing }}")]
    [InlineData("{{ letters }}")]
    [InlineData("{{ mission.name | array.join \",\" }}")]
    public void An_email_with_gaps_is_the_one_that_is_rendered_as_a_whole(string instruction)
    {
        var source = Source(AddressForm.Collective, "The same for all.");
        IReadOnlyList<Mission> missions =
        [
            .. Missions,
            SampleLetter.Mission("amp", "A & B <i>“C”</i>", "Mission of A & B"),
            SampleLetter.Mission("nul", " ", "Mission of nobody"),
            SampleLetter.Mission("hed", "With a head", "Mission", new("Head & Son", "H.E. Ms.")),
        ];
        foreach (var file in (string[])[TemplateFiles.Html, TemplateFiles.Text, TemplateFiles.Subject])
        {
            var outlined = new LetterRenderer(source, [], With(file, instruction));
            // Whoever asks after a mission makes an outline impossible.
            var whole = new LetterRenderer(source, [], With(file, instruction + "\n{{- if mission.id == \"none\" -}}{{- end -}}"));
            foreach (var mission in missions)
                Assert.Equal(Said(whole, mission), Said(outlined, mission));
        }

        static TemplateSet With(string file, string instruction) => SampleLetter.Template with
        {
            Files = SampleLetter.Template.Files.ToDictionary(
                known => known.Key,
                known => known.Key == file ? $"{known.Value.TrimEnd()} {instruction}" : known.Value),
        };

        static string Said(LetterRenderer renderer, Mission mission)
        {
            try
            {
                return renderer.Render(mission, Link(mission)) is var letter
                    ? $"{letter.Subject}\n{letter.Html}\n{letter.Text}"
                    : "";
            }
            catch (LetterFaultException fault)
            {
                return string.Join('\n', fault.Faults.Select(finding => $"{finding.Code} {finding.Location.Line} {finding.Words}"));
            }
        }
    }

    [Fact]
    public void Pre_flight_and_typesetting_share_one_parsed_letter()
    {
        var preflight = new Preflight(
            IsStanding: false,
            SampleLetter.Source,
            SampleLetter.Template,
            [new UploadedFile(SampleLetter.Draft.File, new byte[] { 1 }, "")],
            Missions);

        Assert.Same(preflight.Renderer(preflight.Letter), preflight.Renderer(preflight.Letter));
        Assert.NotSame(
            preflight.Renderer(preflight.Letter),
            preflight.Renderer(preflight.Letter with { Language = "fr" }));
    }

    private static LetterSource Source(AddressForm address, string body) =>
        SampleLetter.Source with
        {
            Subject = "{{ letter.draft }}",
            Address = address,
            Body = body,
        };

    private static LetterRenderer Renderer(LetterSource source) =>
        new(source, [SampleLetter.Draft.NamedIn(source)], SampleLetter.Template);

    private static string Link(Mission mission) => $"https://letters.example/acknowledge/{mission.Id}";
}
