using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Letters.Typesetting;
using Distribution.Local.Servers;
using Distribution.Register;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Distribution.Benchmarks;

/// <summary>The sample letter in six languages, and the missions of the register dealt out to them.</summary>
internal sealed class SampleLetters : IAsyncDisposable
{
    private static readonly string Templates = Path.Combine(AppContext.BaseDirectory, "templates");

    private readonly Dictionary<string, (LetterSource Source, LetterRenderer Renderer)> languages;
    private readonly DocumentVerification code = new(
        "",
        "7QJ4-MX2K-9TWB",
        "https://letters.example/verify?reference=7QJ4MX2K9TWB",
        VerificationCode.Svg("https://letters.example/verify?reference=7QJ4MX2K9TWB"));
    private readonly TemplateSet template = TemplateFolder.Load(Templates, "co-facilitators", "letter.md");

    private SampleLetters(Typesetter typesetter)
    {
        Typesetter = typesetter;
        var sample = Path.Combine(Templates, "co-facilitators", "sample");
        var english = LetterFile.Read("letter.md", File.ReadAllBytes(Path.Combine(sample, "letter.md"))).Letter! with
        {
            Address = AddressForm.Addressed,
        };
        languages = Languages.Official.ToDictionary(
            language => language,
            language =>
            {
                var source =
                    language == "en"
                        ? english
                        : LetterFile
                            .ReadTranslation(
                                $"letter.{language}.md",
                                language,
                                File.ReadAllBytes(
                                    Path.Combine(AppContext.BaseDirectory, "translations", $"letter.{language}.md")),
                                english)
                            .Letter!;
                return (source, new LetterRenderer(source, [], template));
            });
        Roster = RegisterCsv.Seed().Missions;
    }

    public Typesetter Typesetter { get; }

    public IReadOnlyList<Mission> Roster { get; }

    public static async Task<SampleLetters> Open()
    {
        var installed = await Tools.InstallTypesetter(Console.WriteLine, CancellationToken.None);
        return new(
            new(
                Options.Create(new TypesettingSettings { Folder = installed.Root, Node = installed.Node.Program }),
                NullLogger<Typesetter>.Instance));
    }

    /// <summary>Subject, HTML, text and PDF for the mission at this place, in the language that is its turn.</summary>
    public async Task<long> Make(int place)
    {
        var (source, renderer) = languages[Languages.Official[place % Languages.Official.Count]];
        var mission = Roster[place % Roster.Count];
        var letter = renderer.Render(mission, "https://letters.example/acknowledge/token");
        return letter.Subject.Length
            + letter.Html.Length
            + letter.Text.Length
            + await Set(LetterDocument.Of(renderer.Content(mission), source, code));
    }

    /// <summary>The PDF that all missions get together in one language.</summary>
    public async Task<long> MakeCollective(string language)
    {
        var (source, _) = languages[language];
        var collective = source with { Address = AddressForm.Collective };
        return await Set(
            LetterDocument.Of(new LetterRenderer(collective, [], template).Content(null), collective, code));
    }

    public ValueTask DisposeAsync() => Typesetter.DisposeAsync();

    private async Task<long> Set(LetterDocument document)
    {
        var made = await Typesetter.Typeset(
            new(
                template.Files[TemplateFiles.Document],
                "letter.typ",
                document,
                new Dictionary<string, ReadOnlyMemory<byte>>()),
            CancellationToken.None);
        return made.Pdf.IsEmpty
            ? throw new InvalidOperationException(made.Problem?.Words ?? string.Join(' ', made.Missing))
            : made.Pdf.Length;
    }
}
