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
