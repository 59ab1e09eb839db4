using System.Runtime.CompilerServices;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Typesetting;
using Distribution.Register;

namespace Distribution.Tests.Letters;

/// <summary>The sample in the templates folder, as its front matter says it, and missions to write to.</summary>
internal static class SampleLetter
{
    public const string Link = "https://letters.example/acknowledge/token";

    public static readonly string Templates = Path.Combine(Root(), "templates");

    private static readonly string[] File = System
        .IO.File.ReadAllText(Path.Combine(Templates, "co-facilitators", "sample", "letter.md"))
        .ReplaceLineEndings("\n")
        .Split("---\n", 3);

    private static readonly Signatory Mexico = new(
        "Juan José Gómez Camacho",
        "Ambassador and Permanent Representative of Mexico to the United Nations",
        "Permanent Mission of Mexico to the United Nations");

    private static readonly Signatory Switzerland = new(
        "Jürg Lauber",
        "Ambassador and Permanent Representative of Switzerland to the United Nations",
        "Permanent Mission of Switzerland to the United Nations");

    public static readonly Enclosure Draft = new(
        "global-compact-draft-rev-1.pdf",
        "Draft Rev 1 of the Global Compact for Safe, Orderly and Regular Migration",
        EnclosureRole.Draft,
        "application/pdf",
        1,
        "");

    public static LetterSource Source { get; } = new(
        "letter.md",
        "Global Compact for Safe, Orderly and Regular Migration",
        "Draft Rev 1",
        3,
        new DateOnly(2018, 3, 26),
        "New York",
        "en",
        Reference: null,
        "{{ letter.process }}: {{ letter.draft }}",
        Salutation: null,
        [Mexico, Switzerland],
        new Correspondent("Secretariat of the co-facilitators", "gcm@co-facilitators.example"),
        [new EnclosureEntry(Draft.File, Draft.Title, Draft.Role, null, null, 18)],
        [],
        ReleaseRule.Automatic,
        [],
        [new Deadline("comments", NewYorkTime.Instant(new DateTime(2018, 4, 3, 18, 0, 0)))],
        "co-facilitators",
        File[2],
        BodyLine: File[1].Count(sign => sign == '\n') + 3,
        BodyRules: BodyRules.AsTyped);

    public static LetterSource OneSignatory => Source with { Signatories = [Switzerland] };

    public static TemplateSet Template { get; } = TemplateFolder.Load(Templates, "co-facilitators", "letter.md");

    public static LanguageWords Words(string language) =>
        LanguageWords.Read($"words/{language}.yaml", Template.Files[$"words/{language}.yaml"]);

    /// <summary>The same, as if native readers had confirmed its words.</summary>
    public static TemplateSet Confirmed { get; } =
        Template with
        {
            Files = Template.Files.ToDictionary(
                file => file.Key,
                file => file.Value.Replace("confirmed_by:\n", "confirmed_by: A. Reader\n", StringComparison.Ordinal)),
        };

    public static Mission Swiss { get; } =
        Mission("che", "Switzerland", "Permanent Mission of Switzerland to the United Nations");

    public static Mission Mission(string id, string name, string title, HeadOfMission? head = null) => new(
        id,
        MissionKind.MemberState,
        new Dictionary<string, string> { ["en"] = name },
        new Dictionary<string, string> { ["en"] = title },
        "Permanent Representative",
        head,
        "en",
        null,
        ["en"],
        [new Mailbox($"{id}@missions.example", MailboxField.To)]);

    /// <summary>With ordinary spaces; which ones do not break is for <c>NoBreakSpacesTests</c>.</summary>
    public static Letter Render(LetterSource source, Mission? mission = null, RenderLimits? limits = null) =>
        Printed(source, mission, limits) is var letter
            ? new(letter.Subject.Plain(), letter.Html.Plain(), letter.Text.Plain())
            : null!;

    public static Letter Printed(LetterSource source, Mission? mission = null, RenderLimits? limits = null) =>
        new LetterRenderer(source, [Draft], Template, limits).Render(mission ?? Swiss, Link);

    /// <summary>A text with ordinary spaces alone.</summary>
    public static string Plain(this string? text) => text!
        .Replace("&nbsp;", " ", StringComparison.Ordinal)
        .Replace("&#xA0;", " ", StringComparison.Ordinal)
        .Replace('\u00A0', ' ');

    /// <summary>The letter ready to be typeset.</summary>
    /// <param name="mission">Null for the letter to all together.</param>
    public static TypesetJob Job(LetterSource source, Mission? mission) =>
        new(
            Template.Files[TemplateFiles.Document],
            "templates/co-facilitators/letter.typ",
            LetterDocument.Of(
                new LetterRenderer(source, [Draft.NamedIn(source)], Template).Content(mission),
                source,
                new DocumentVerification(
                    "",
                    "7QJ4-MX2K-9TWB",
                    "https://letters.example/verify?reference=7QJ4MX2K9TWB",
                    VerificationCode.Svg("https://letters.example/verify?reference=7QJ4MX2K9TWB"))),
            new Dictionary<string, ReadOnlyMemory<byte>>());

    /// <summary>A letter to each mission by itself, whose body begins on line 10.</summary>
    public static LetterSource WithBody(string body) =>
        Source with
        {
            Body = body,
            BodyLine = 10,
            Address = AddressForm.Addressed,
        };

    public static IReadOnlyList<Finding> Faults(
        LetterSource source,
        Mission? mission = null,
        RenderLimits? limits = null) =>
        Xunit.Assert.Throws<LetterFaultException>(() => Render(source, mission, limits)).Faults;

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
