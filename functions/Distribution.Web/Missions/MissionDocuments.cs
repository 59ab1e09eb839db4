using System.Globalization;
using System.Security.Cryptography;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Tracking;
using Microsoft.AspNetCore.DataProtection;

namespace Distribution.Web.Missions;

/// <summary>A file that a mission can fetch.</summary>
/// <param name="Hash">SHA-256, lower-case hexadecimal: by it the file is asked for.</param>
/// <param name="Length">In bytes.</param>
internal sealed record MissionDocument(string Title, string File, string ContentType, string Hash, long Length)
{
    /// <summary>Writes the frozen bytes to a target; it fails where they are not those that were frozen.</summary>
    public required Func<FrozenContents, Stream, CancellationToken, Task> Write { get; init; }
}

/// <summary>The page from which a mission fetches a letter's documents.</summary>
/// <param name="Words">As <c>LanguageWords.AcknowledgePage</c> has them; the date in them is the end of the embargo.</param>
/// <param name="Documents">Empty while they are not handed out.</param>
/// <param name="Back">The address of the page on which the mission acknowledges.</param>
internal sealed record DocumentsView(
    string Mission,
    string Process,
    string DraftLabel,
    string Language,
    IReadOnlyDictionary<string, string> Words,
    IReadOnlyList<MissionDocument> Documents,
    bool IsUnderEmbargo,
    string Back,
    string Seal,
    string? Remark = null);

/// <summary>What came of asking for a document: the document, or the page that says why not.</summary>
internal sealed record DocumentAnswer(DocumentsView View, MissionDocument? Document);

/// <summary>
/// Hands out a letter's documents on its missions' pages, where the letter says so. Mail gateways open links and press
/// buttons, so a press counts only after a person's time; and fetching a document never acknowledges.
/// </summary>
internal sealed class MissionDocuments(
    MissionLinks links,
    DistributionRecords distributions,
    FrozenLetters letters,
    VisitCounter visits,
    IDataProtectionProvider protection,
    TimeProvider clock)
{
    /// <summary>Whom sentences name that this page does not show: nobody, and not nothing.</summary>
    private const string Nobody = "\u2068\u2069";

    /// <summary>What stands behind a mission's link.</summary>
    public const string Page = "/documents";

    public static string Address(MissionLinks links, string distributionId, string missionId) =>
        links.For(distributionId, missionId) + Page;

    /// <returns>
    /// Null where the link leads nowhere, or to a letter whose page has no documents: all look the same, so that someone
    /// who tries links learns nothing.
    /// </returns>
    public async Task<DocumentsView?> Show(
        string distributionId,
        string missionId,
        string token,
        string agent,
        CancellationToken cancellation)
    {
        if (await Find(distributionId, missionId, token, cancellation) is not { } view)
            return null;
        await visits.Count(distributionId, missionId, VisitKind.Opened, agent);
        return view;
    }

    /// <param name="hash">That of the document.</param>
    /// <param name="seal">When the page was served, sealed for this link.</param>
    /// <inheritdoc cref="Show"/>
    public async Task<DocumentAnswer?> Take(
        string distributionId,
        string missionId,
        string token,
        string hash,
        string seal,
        string agent,
        CancellationToken cancellation)
    {
        if (await Find(distributionId, missionId, token, cancellation) is not { } view)
            return null;
        if (view.Documents.FirstOrDefault(document => document.Hash == hash) is not { } asked)
            return new(view, null);
        var served = Served(distributionId, missionId, seal);
        var elapsed = clock.GetUtcNow() - served;
        if (elapsed >= MissionLinkHandler.TimeToConfirm && elapsed <= MissionLinkHandler.Longest)
        {
            await visits.Count(distributionId, missionId, VisitKind.DocumentTaken, agent);
            return new(view, asked);
        }

        await visits.Count(distributionId, missionId, VisitKind.DocumentAskedTooSoon, agent);
        // The page keeps its time: when a person presses again, they have been on it long enough.
        return new(
            view with
            {
                Seal = elapsed < MissionLinkHandler.TimeToConfirm ? seal : view.Seal,
                Remark = view.Words["once_more"],
            },
            null);
    }

    private async Task<DocumentsView?> Find(
        string distributionId,
        string missionId,
        string token,
        CancellationToken cancellation)
    {
        if (!links.Verify(distributionId, missionId, token)
            || await distributions.Find(distributionId, cancellation) is not { ReleasedAt: not null } distribution)
            return null;
        var content = await letters.Content(distributionId, cancellation);
        if (!content.Letter.OffersDocuments
            || content.Letter.IsConfidential
            || content.Roster.FirstOrDefault(mission => mission.Id == missionId) is not { } mission)
            return null;
        var language = content.LanguagesOf(mission).Email;
        var letter = content.LetterIn(language);
        var words = await letters.Words(distributionId, language, cancellation);
        var now = clock.GetUtcNow();
        var embargo = content.Letter.EmbargoedUntil is { } until && now < until ? until : (DateTimeOffset?)null;
        var isHandedOut = embargo is null && !await IsWithdrawn(distribution, cancellation);
        var onThePage = words.AcknowledgePage(
            letter.DraftLabel,
            Nobody,
            NewYorkTime.At(embargo ?? now).DateTime,
            AcknowledgeForm.MostCharacters);
        return new(
            mission.TitleIn(language),
            letter.Process,
            letter.DraftLabel,
            language,
            onThePage,
            isHandedOut ? Documents(distributionId, content, mission, letter, words, onThePage["documents_letter"]) : [],
            embargo is not null,
            links.For(distributionId, missionId),
            Sealed(distributionId, missionId, now));
    }

    /// <summary>Whether a person stopped it, or a later letter withdraws it or the letter it is an addendum to.</summary>
    private async Task<bool> IsWithdrawn(DistributionRecord distribution, CancellationToken cancellation)
    {
        if (distribution.State == DistributionState.Withdrawn)
            return true;
        string[] ids = distribution.Follows is { Kind: FollowUpKind.Addendum } follows
            ? [distribution.Id, follows.Of]
            : [distribution.Id];
        foreach (var id in ids)
            if ((await distributions.Following(id, cancellation)).Any(other =>
                    other is { Follows.Kind: FollowUpKind.Withdrawal, ReleasedAt: not null }))
                return true;
        return false;
    }

    private static IReadOnlyList<MissionDocument> Documents(
        string distributionId,
        FrozenContent content,
        Mission mission,
        LetterSource letter,
        LanguageWords words,
        string title)
    {
        var named = content.Enclosures.Select(enclosure => enclosure.NamedIn(letter)).ToList();
        return
        [
            .. named.Where(enclosure => enclosure.Role == EnclosureRole.Letter).Select(scan => Enclosed(scan, title)),
            .. content.PdfsOf(mission).Select(pdf =>
                new MissionDocument(title, pdf.File, ContentTypes.Pdf, pdf.Hash, pdf.Length)
                {
                    Write = (contents, target, cancellation) =>
                        contents.CopyPdf(distributionId, pdf, target, cancellation),
                }),
            .. named.Where(enclosure => enclosure.Role != EnclosureRole.Letter)
                .Zip(LetterFields.Listed(named, words).Titles, Enclosed),
        ];

        MissionDocument Enclosed(Enclosure enclosure, string called) =>
            new(called, enclosure.File, enclosure.ContentType, enclosure.Hash, enclosure.Length)
            {
                Write = (contents, target, cancellation) =>
                    contents.CopyEnclosure(distributionId, enclosure, target, cancellation),
            };
    }

    private string Sealed(string distributionId, string missionId, DateTimeOffset at) =>
        Protector(distributionId, missionId).Protect(at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));

    /// <returns>Long ago where the page was not served for this link.</returns>
    private DateTimeOffset Served(string distributionId, string missionId, string seal)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(
                long.Parse(Protector(distributionId, missionId).Unprotect(seal), CultureInfo.InvariantCulture));
        }
        catch (CryptographicException)
        {
            return DateTimeOffset.UnixEpoch;
        }
    }

    private IDataProtector Protector(string distributionId, string missionId) =>
        protection.CreateProtector("documents", distributionId, missionId);
}
