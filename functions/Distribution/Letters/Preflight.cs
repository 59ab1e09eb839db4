using System.Collections.Concurrent;
using Distribution.Letters.Reading;
using Distribution.Register;

namespace Distribution.Letters;

/// <summary>
/// Everything that would be sent if this upload were released. It is the input of the pre-flight checks.
/// </summary>
/// <param name="IsStanding">
/// True if the letter is the standing letter of the process, used for one uploaded file.
/// </param>
/// <param name="Templates">The template that the letter names; null if it cannot be loaded.</param>
/// <param name="Files">The enclosures that the letter names, in its order; all of them are present.</param>
/// <param name="TranslatedInto">The courtesy translations, each a complete letter in its language.</param>
/// <param name="Images">The images of the signatures and the emblems; documents refer to them by file name.</param>
/// <param name="Roster">The missions of the letter's audience, in protocol order.</param>
internal sealed record Preflight(
    bool IsStanding,
    LetterSource Letter,
    TemplateSet? Templates,
    IReadOnlyList<UploadedFile> Files,
    IReadOnlyList<Mission> Roster,
    IReadOnlyList<LetterSource>? TranslatedInto = null,
    IReadOnlyList<UploadedFile>? Images = null)
{
    // By all that a renderer is made from, so that a changed copy of this record has renderers of its own.
    private readonly ConcurrentDictionary<
        (LetterSource, TemplateSet?, IReadOnlyList<UploadedFile>, RenderLimits),
        LetterRenderer> renderers = new();

    // The enclosures as they were frozen, where their bytes are not at hand.
    private IReadOnlyList<Enclosure>? Frozen { get; init; }

    /// <summary>
    /// The draft of the earlier letter that this one corrects, as that letter calls it; null if it is not known.
    /// </summary>
    public string? Corrects { get; init; }

    /// <summary>Which days are working days.</summary>
    public WorkingDays Days { get; init; } = WorkingDays.BuiltIn;

    /// <summary>The hashes of the fixed words that native readers have confirmed at the desk.</summary>
    public IReadOnlySet<string> ConfirmedWords { get; init; } = new HashSet<string>();

    public RenderLimits Limits { get; init; } = RenderLimits.Default;

    /// <summary>The processor time that examining this letter may take, and what is used of it.</summary>
    public RenderBudget Budget { get; init; } = new(RenderLimits.Default.Time);

    /// <summary>A letter that was checked before, to typeset it: without its enclosures' bytes.</summary>
    public static Preflight Of(FrozenContent content, IReadOnlyList<UploadedFile> images) =>
        new(IsStanding: false, content.Letter, content.Templates, [], content.Roster, content.Translations, images)
        {
            Frozen = content.Enclosures,
        };

    public IReadOnlyList<LetterSource> Translations => TranslatedInto ?? [];

    /// <summary>
    /// Renders the letter, or one of its translations. Letter and template are parsed once for all callers.
    /// </summary>
    /// <exception cref="LetterFaultException">The letter or the template cannot be parsed.</exception>
    public LetterRenderer Renderer(LetterSource source) =>
        renderers.GetOrAdd(
            (source, Templates, Files, Limits),
            _ => new(
                source,
                [
                    .. Frozen?.Select(enclosure => enclosure.NamedIn(source))
                        ?? Files.Select(file => Enclosure.Of(file, source))
                            .Concat(MeetingCalendar.Of(Letter).Select(calendar => calendar.Enclosure)),
                ],
                Templates ?? throw new InvalidOperationException("The letter's template could not be loaded."),
                Limits));
}
