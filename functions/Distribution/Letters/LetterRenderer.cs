using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Register;
using Scriban.Runtime;

namespace Distribution.Letters;

/// <summary>
/// Renders each mission's letter from one letter and a template. Everything is parsed once; <see cref="Render"/> is
/// thread-safe.
/// </summary>
internal sealed partial class LetterRenderer
{
    private readonly LetterSource source;
    private readonly RenderLimits limits;
    private readonly LanguageWords words;
    private readonly LetterBody letterBody;
    private readonly TemplateText subject;
    private readonly TemplateText body;
    private readonly TemplateText emailSubject;
    private readonly TemplateText emailHtml;
    private readonly TemplateText emailText;
    private readonly IReadOnlyList<Enclosure> enclosures;
    private readonly IReadOnlyList<string> linked;
    private readonly ScriptObject forAuthors;

    /// <summary>How a collective letter's email is filled in, by the files it comes with.</summary>
    private readonly ConcurrentDictionary<string, ForMission<Letter>?> outlines = new();

    /// <summary>The content that names no mission, once it has been made: the same for all of them.</summary>
    private MadeContent? collective;

    /// <summary>The body made last. Addressed letters have the same, where it uses no field of a mission.</summary>
    private MadeBody? latest;

    /// <param name="enclosures">
    /// All the files sent with the letter, the signed scan included. The letter's printed list leaves the scan out.
    /// </param>
    /// <param name="linked">
    /// The names of those that are fetched from the mission's page instead of coming by mail.
    /// </param>
    /// <exception cref="LetterFaultException">The letter or the template cannot be parsed, for any mission.</exception>
    public LetterRenderer(
        LetterSource source,
        IReadOnlyList<Enclosure> enclosures,
        TemplateSet templates,
        RenderLimits? limits = null,
        IReadOnlyList<string>? linked = null)
    {
        this.source = source;
        this.enclosures = enclosures;
        this.linked = [.. enclosures.Select(enclosure => enclosure.File).Where(file => linked?.Contains(file) == true)];
        this.limits = limits ?? RenderLimits.Default;
        var faults = new List<Finding>();
        words = Attempt(() =>
            LanguageWords.Read(
                Place(TemplateFiles.Words(source.Language)),
                templates.Files.TryGetValue(TemplateFiles.Words(source.Language), out var text)
                    ? text
                    : throw new LetterFaultException(LetterFaults.WordsMissing(templates.Name, source.Language))));
        letterBody = Attempt(() => new LetterBody(Place(TemplateFiles.Styles), File(TemplateFiles.Styles)));
        subject = Attempt(() => new TemplateText(Location.In(source.File, field: "subject"), source.Subject));
        body = Attempt(() => new TemplateText(
            Location.In(source.File, source.BodyLine),
            source.Body,
            source.BodyRules == BodyRules.AsTyped ? LineEnds.Mark : null));
        emailSubject = Attempt(() => Text(TemplateFiles.Subject));
        emailHtml = Attempt(() => Text(TemplateFiles.Html));
        emailText = Attempt(() => Text(TemplateFiles.Text));
        Stop(faults);
        forAuthors = LetterFields.ForAuthors(source, enclosures, words);

        TemplateText Text(string file) => new(Location.In(Place(file)), File(file));

        string Place(string file) => $"templates/{templates.Name}/{file}";

        string File(string file) => templates.Files.TryGetValue(file, out var text)
            ? text
            : throw new LetterFaultException(LetterFaults.TemplateIncomplete(templates.Name, [file]));

        T Attempt<T>(Func<T> parse) where T : class
        {
            try
            {
                return parse();
            }
            catch (LetterFaultException found)
            {
                faults.AddRange(found.Faults);
                return null!;
            }
        }
    }

    /// <summary>True if a native reader has confirmed the fixed words of the letter's language.</summary>
    public bool IsConfirmed => words.ConfirmedBy is not null;

    /// <summary>Renders one mission's email.</summary>
    /// <param name="acknowledgeLink">The mission's own link, as a full URL.</param>
    /// <param name="pdfs">
    /// The typeset letters attached for this mission; null in the pre-flight, when there are none yet.
    /// </param>
    /// <param name="budget">What it may cost; null for the limit of one letter.</param>
    /// <exception cref="LetterFaultException">
    /// This mission's letter has an unknown or empty field, or exceeds a limit of time or size.
    /// </exception>
    public Letter Render(
        Mission mission,
        string acknowledgeLink,
        IReadOnlyList<LetterPdf>? pdfs = null,
        RenderBudget? budget = null)
    {
        using var time = (budget ?? new(limits.Time)).Begin();
        // Everything but the mission's own fields is the same for all that get the same files.
        if (source.Address == AddressForm.Collective
            && outlines.GetOrAdd(
                string.Join('\n', pdfs?.Select(pdf => pdf.File) ?? ["?"]),
                _ => EmailOutline(pdfs, Own(mission, acknowledgeLink), time))
                is { } outline
            && outline(Own(mission, acknowledgeLink), time) is { } filled)
            return filled;
        var faults = new List<Finding>();
        var (content, body) = Make(source.Address == AddressForm.Collective ? null : mission, time);
        var fields = EmailFields(content, pdfs).With(Own(mission, acknowledgeLink));
        var letter = EmailOf(
            Fill(emailSubject, Medium.Plain, fields, faults, time),
            Fill(emailHtml, Medium.Html, fields.With(("body", body.Html.Value)), faults, time),
            Fill(emailText, Medium.Plain, fields.With(("body", body.Text.Value)), faults, time));
        Stop(faults);
        return letter;
    }

    private Letter EmailOf(string subject, string html, string text) =>
        new(NoBreakSpaces.Subject(Held(InOneLine(subject))), html, text.TrimEnd() + "\n");

    private string Held(string text) => NoBreakSpaces.In(text, source.Language);

    /// <summary>The fields of the email in which collective letters differ.</summary>
    private ScriptObject Own(Mission mission, string acknowledgeLink) => LetterFields.Group(
        (LetterFields.MissionField, LetterFields.Mission(mission, source.Language)),
        ("acknowledge_link", acknowledgeLink));

    /// <summary>The fields of the email that do not depend on the mission, once the letter's content is made.</summary>
    private ScriptObject EmailFields(LetterContent content, IReadOnlyList<LetterPdf>? pdfs) =>
        forAuthors.With([
            .. LetterFields
                .ForEmail(source, content, Attachments(pdfs ?? []), words)
                .Select(field => (field.Key, (object?)field.Value)),
            // Ask for the reference only if it helps: only a typeset letter has it printed, and only tracked replies
            // come back to this service.
            ("asks_reference", source.TracksReplies && pdfs is { Count: > 0 }),
            // A reminder comes without a signed scan, and without a large letter.
            ("has_letter", pdfs?.Any(pdf => pdf.IsAuthentic) != false || HasScan),
            (
                "enclosures",
                LetterFields.Listed(
                    enclosures.Select(enclosure => enclosure with { Title = Held(enclosure.Title) }),
                    words)),
            ("linked", LetterFields.List(linked)),
            ("letter", LetterFields.Letter(source, words, content.Title)),
        ]);

    /// <returns>Null if the templates always have to be rendered as a whole.</returns>
    /// <param name="anyone">A mission's own fields.</param>
    private ForMission<Letter>? EmailOutline(
        IReadOnlyList<LetterPdf>? pdfs,
        ScriptObject anyone,
        RenderBudget.Spending time)
    {
        var (content, body) = Make(null, time);
        var common = EmailFields(content, pdfs);
        if (Outline(emailSubject, Medium.Plain, common) is not { } subject
            || Outline(emailHtml, Medium.Html, common.With(("body", body.Html.Value))) is not { } html
            || Outline(emailText, Medium.Plain, common.With(("body", body.Text.Value))) is not { } text)
            return null;
        return (own, spending) =>
            subject(own, spending) is { } subjectLine
            && html(own, spending) is { } page
            && text(own, spending) is { } words
                ? EmailOf(subjectLine, page, words)
                : null;

        ForMission<string>? Outline(TemplateText template, Medium medium, ScriptObject fields)
        {
            var any = fields.With(anyone);
            if (TemplateOutline.Of(
                    template,
                    medium,
                    any,
                    anyone.GetMembers().ToList(),
                    marks => LetterContext.Outline(template, medium, any, limits, time, marks))
                is not { } outline)
                return null;
            return (own, spending) =>
                outline.Fill(
                    own,
                    gap => LetterContext.Print(template, gap, medium, fields.With(own), limits, spending))
                    is { } filled
                && filled.Length < limits.Characters
                    ? filled
                    : null;
        }
    }

    /// <summary>The content of the letter, independent of the medium.</summary>
    /// <param name="mission">
    /// The mission it is addressed to; null if the letter goes to all missions together and names none.
    /// </param>
    /// <exception cref="LetterFaultException">
    /// The letter has an unknown or empty field, or exceeds a limit of time or size.
    /// </exception>
    public LetterContent Content(Mission? mission, RenderBudget? budget = null)
    {
        using var time = (budget ?? new(limits.Time)).Begin();
        return Make(mission, time).Content;
    }

    /// <summary>Makes the content, or takes the one made before if that is the same for all missions.</summary>
    private MadeContent Make(Mission? mission, RenderBudget.Spending time)
    {
        if (mission is null && collective is { } made)
            return made;
        made = MakeNew(mission, time);
        if (mission is null)
            collective = made;
        return made;
    }

    private MadeContent MakeNew(Mission? mission, RenderBudget.Spending time)
    {
        var faults = new List<Finding>();
        var rightToLeft = Languages.IsRightToLeft(source.Language);
        var fields = mission is null
            ? forAuthors
            : forAuthors.With((LetterFields.MissionField, LetterFields.Mission(mission, source.Language)));
        var title = InOneLine(
            Fill(
                subject,
                Medium.Plain,
                fields.With(("letter", LetterFields.Letter(source, words, subject: null))),
                faults,
                time));
        var filled = Fill(
            body,
            Medium.Markdown,
            fields.With(("letter", LetterFields.Letter(source, words, title))),
            faults,
            time);
        if (source.Meetings is not [])
            filled = $"{filled.TrimEnd()}\n\n{MeetingText.Markdown(source.Meetings, words)}";
        if (source.Sender is { } sender)
            filled = Note(
                filled,
                words.NoteOpening(sender.Name, mission?.TitleIn(source.Language)),
                words.NoteClosing(sender.Name, mission?.TitleIn(source.Language)));
        var made = BodyOf(filled, faults);
        if (time.IsOver && faults.Count == 0)
            faults.Add(LetterFaults.TooSlow(Location.In(source.File), time.Allowed));
        Stop(faults);

        var listed = LetterFields.Listed(enclosures, words);
        var salutation = source.Sender is null ? LetterFields.Salutation(source, words) : null;
        LetterContent content = new(
            title,
            made!.Parsed,
            source.Sender is { } from
                ? [Ordered(from.Letterhead)]
                : [.. source.Signatories.Select(signatory => Ordered(signatory.Letterhead))],
            source.Sender is { } office
                ? [Headed(office.Letterhead, office.Office)]
                : [.. source.Signatories.Select(signatory => Headed(signatory.Letterhead, signatory.Office))],
            words.PlaceAndDate(source.Place, source.Date),
            source.Reference is { } reference ? $"{words.Reference} {Ordered(reference)}" : null,
            words.Markings(source),
            source.TranslationOf is { } authentic ? words.TranslationNote(authentic) : null,
            [.. Addressee(mission).Select(Ordered)],
            salutation is null ? null : Held(salutation),
            salutation is null ? null : words.Close(source.Signatories.Count > 1, salutation),
            [
                .. source.Signatories.Select(signatory =>
                    signatory with
                    {
                        Name = Ordered(signatory.Name),
                        Title = Ordered(signatory.Title),
                    }),
            ],
            listed.Count == 0 ? null : words.Enclosures(listed.Count),
            [.. listed.Titles.Select(Ordered)],
            words.PageOf,
            words.Verify,
            words.VerifyCode,
            words.SignatureWords);
        return new(content, made);

        string Ordered(string text) => Held(rightToLeft ? BidiIsolates.In(text) : text);

        LetterOffice Headed(string letterhead, Office? office) => new(
            Ordered(letterhead),
            [.. office?.AddressLines.Select(Ordered) ?? []],
            office?.Emblem,
            office?.EmblemText);
    }

    /// <returns>Null if the body cannot be parsed; <paramref name="faults"/> then says why.</returns>
    private MadeBody? BodyOf(string markdown, List<Finding> faults)
    {
        if (latest is { } known && known.Markdown == markdown)
            return known;
        return LetterBody.Parse(markdown, body, source.BodyRules, source.Language, limits, faults) is { } parsed
            ? latest = new(
                markdown,
                parsed,
                new(() => letterBody.Html(parsed)),
                new(() => MarkdownText.Write(parsed.Document)))
            : null;
    }

    private bool HasScan =>
        enclosures.Any(enclosure => enclosure.Role == EnclosureRole.Letter && !linked.Contains(enclosure.File));

    /// <summary>The file names in the order in which they are attached: the letters, then the enclosures.</summary>
    private IReadOnlyList<string> Attachments(IReadOnlyList<LetterPdf> pdfs) =>
    [
        .. enclosures.Where(enclosure => enclosure.Role == EnclosureRole.Letter).Select(enclosure => enclosure.File),
        .. pdfs.Select(pdf => pdf.File),
        .. enclosures
            .Where(enclosure => enclosure.Role != EnclosureRole.Letter)
            .Select(enclosure => enclosure.File)
            .Except(linked),
    ];

    private IReadOnlyList<string> Addressee(Mission? mission) =>
        mission is null
            ? source.Form == LetterForm.CoverLetter
                ? words.AddresseeHeads
                : words.Addressee
            :
            [
                .. mission.Head is { } head
                    ? [$"{head.FormOfAddress} {head.Name}".Trim(), mission.HeadTitle]
                    : (string[])[],
                mission.TitleIn(source.Language),
                words.Addressee[^1],
            ];

    /// <summary>
    /// Puts the opening and closing around a note verbale's text. A first paragraph of prose continues the opening
    /// sentence; a list, heading, quotation, rule or table starts a new block.
    /// </summary>
    private string Note(string body, string opening, string closing)
    {
        var text = body.Trim();
        var goesOn = source.BodyRules == BodyRules.AsTyped
            ? TypedBlocks.BeginsWithProse(text)
            : text.Length > 0 && !NotProse().IsMatch(text);
        // "a l'honneur d'informer"
        var isElided = goesOn && source.Language == "fr" && opening.EndsWith(" de", StringComparison.Ordinal) && Elides().IsMatch(text);
        return $"{LetterContext.Quote(isElided ? $"{opening[..^1]}’" : opening)}{(!goesOn ? "\n\n" : isElided ? "" : Joining.Space(source.Language))}{text}\n\n{LetterContext.Quote(closing)}";
    }

    private string Fill(
        TemplateText template,
        Medium medium,
        ScriptObject values,
        List<Finding> faults,
        RenderBudget.Spending time) => LetterContext.Fill(template, medium, values, limits, faults, time);

    private static string InOneLine(string text) => Space().Replace(text, " ").Trim();

    private static void Stop(List<Finding> faults)
    {
        if (faults.Count > 0)
            throw new LetterFaultException([.. faults.Distinct()]);
    }

    /// <summary>Makes what one mission gets; null where the templates have to be rendered as a whole.</summary>
    /// <param name="own">Its own fields.</param>
    private delegate T? ForMission<T>(ScriptObject own, RenderBudget.Spending time)
        where T : class;

    /// <summary>A body with its forms in the email, each made when it is first needed.</summary>
    /// <param name="Markdown">What it was made from, with its fields filled in.</param>
    private sealed record MadeBody(string Markdown, ParsedBody Parsed, Lazy<SanitizedHtml> Html, Lazy<string> Text);

    private sealed record MadeContent(LetterContent Content, MadeBody Body);

    [GeneratedRegex(@"[\s\p{Cc}]+")]
    private static partial Regex Space();

    /// <summary>A French verb that begins with a vowel, or with an h that is not spoken.</summary>
    [GeneratedRegex("^[*_]*(?:[aàâeéèêëiîïoôuûüyœæ]|h(?!ât|auss|eurt|iss|ors))", RegexOptions.IgnoreCase)]
    private static partial Regex Elides();

    /// <summary>Matches the start of a list, heading, quotation, rule or table.</summary>
    [GeneratedRegex(@"^([-*+>#|]|\d+[.)]\s)")]
    private static partial Regex NotProse();
}
