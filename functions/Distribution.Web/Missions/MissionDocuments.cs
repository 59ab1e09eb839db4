using Distribution.Intake;
using Distribution.Letters;
using Distribution.Tracking;

namespace Distribution.Web.Missions;

/// <summary>A file that a mission can fetch.</summary>
/// <param name="Language">
/// The language of the title: the page's for the letter itself, the letter's for its enclosures.
/// </param>
/// <param name="Hash">SHA-256, lower-case hexadecimal: by it the file is asked for.</param>
/// <param name="Length">In bytes.</param>
internal sealed record MissionDocument(
    string Title,
    string Language,
    string File,
    string ContentType,
    string Hash,
    long Length)
{
    /// <summary>Writes the frozen bytes to a target; it fails where they are not those that were frozen.</summary>
    public required Func<FrozenContents, Stream, CancellationToken, Task> Write { get; init; }
}

/// <summary>The page from which a mission fetches a letter's documents.</summary>
/// <param name="Words">
/// As <c>LanguageWords.AcknowledgePage</c> has them; the date in them is the end of the embargo.
/// </param>
/// <param name="Documents">Empty while they are not handed out.</param>
/// <param name="Bar">Why they are not, in a sentence; null where they are.</param>
internal sealed record DocumentsView(
    OpenLink Link,
    IReadOnlyDictionary<string, string> Words,
    IReadOnlyList<MissionDocument> Documents,
    string? Bar,
    string Seal,
    string? Remark = null);

/// <summary>What came of asking for a document: the document, or the page that says why not.</summary>
internal sealed record DocumentAnswer(DocumentsView View, MissionDocument? Document);

/// <summary>
/// Hands out a letter's documents on its missions' pages, where the letter says so. Mail gateways open links and press
/// buttons, so a press counts only after a person's time; and fetching a document never acknowledges.
/// </summary>
internal sealed class MissionDocuments(
    OpenLinks links,
    VisitCounter visits,
    FormSeals seals,
    TimeProvider clock)
{
    /// <summary>What stands behind a mission's link.</summary>
    public const string Page = "/documents";

    private const string Purpose = "documents";

    /// <returns>
    /// Null where the link leads nowhere, or to a letter whose page has no documents: all look the same, so that
    /// someone who tries links learns nothing.
    /// </returns>
    public async Task<DocumentsView?> Show(LinkVisit visit, CancellationToken cancellation)
    {
        if (await Find(visit, cancellation) is not { } view)
            return null;
        await visits.Count(visit, VisitKind.Opened);
        return view;
    }

    /// <param name="hash">That of the document.</param>
    /// <param name="seal">When the page was served, sealed for this link.</param>
    /// <inheritdoc cref="Show"/>
    public async Task<DocumentAnswer?> Take(
        LinkVisit visit,
        string hash,
        string seal,
        CancellationToken cancellation)
    {
        if (await Find(visit, cancellation) is not { } view)
            return null;
        if (view.Documents.FirstOrDefault(document => document.Hash == hash) is not { } asked)
            return new(view, null);
        var press = seals.Press(seal, Purpose, visit.Sealed);
        if (press == PagePress.InTime)
        {
            await visits.Count(visit, VisitKind.DocumentTaken);
            return new(view, asked);
        }

        await visits.Count(visit, VisitKind.DocumentAskedTooSoon);
        // The page keeps its time: when a person presses again, they have been on it long enough.
        return new(
            view with
            {
                Seal = press == PagePress.TooSoon ? seal : view.Seal,
                Remark = view.Link.PageWords["documents_once_more"],
            },
            null);
    }

    private async Task<DocumentsView?> Find(LinkVisit visit, CancellationToken cancellation)
    {
        if (await links.Open(visit, cancellation) is not { } link
            || !link.Content.Letter.OffersDocuments
            || link.Content.Letter.IsConfidential)
            return null;
        var now = clock.GetUtcNow();
        var embargo = link.Content.Letter.EmbargoedUntil is { } until && now < until ? until : (DateTimeOffset?)null;
        var words = link.Words(new("", ""), embargo ?? now);
        return new(
            link,
            words,
            embargo is null && link.Standing.IsHandedOut ? Documents(link, words["documents_letter"]) : [],
            link.Standing == LetterStanding.Withdrawn ? words["documents_gone"]
                : link.Standing == LetterStanding.Replaced ? link.PageWords["documents_replaced"]
                : embargo is not null ? words["documents_embargo"]
                : null,
            seals.SealTime(Purpose, visit.Sealed));
    }

    private static IReadOnlyList<MissionDocument> Documents(OpenLink link, string title)
    {
        var (content, distributionId) = (link.Content, link.DistributionId);
        var named = content.Enclosures.Select(enclosure => enclosure.NamedIn(link.Letter)).ToList();
        return
        [
            .. named.Where(enclosure => enclosure.Role == EnclosureRole.Letter).Select(scan => Enclosed(scan, title, link.Language)),
            .. content.PdfsOf(link.Mission).Select(pdf =>
                new MissionDocument(title, link.Language, pdf.File, ContentTypes.Pdf, pdf.Hash, pdf.Length)
                {
                    Write = (contents, target, cancellation) =>
                        contents.CopyPdf(distributionId, pdf, target, cancellation),
                }),
            .. named.Where(enclosure => enclosure.Role != EnclosureRole.Letter)
                .Zip(
                    LetterFields.Listed(named, link.InWords).Titles,
                    (enclosure, called) => Enclosed(enclosure, called, link.Letter.Language)),
        ];

        MissionDocument Enclosed(Enclosure enclosure, string called, string language) =>
            new(called, language, enclosure.File, enclosure.ContentType, enclosure.Hash, enclosure.Length)
            {
                Write = (contents, target, cancellation) =>
                    contents.CopyEnclosure(distributionId, enclosure, target, cancellation),
            };
    }
}
