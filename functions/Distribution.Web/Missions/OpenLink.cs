using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Tracking;

namespace Distribution.Web.Missions;

/// <summary>Finds what a mission's link leads to.</summary>
internal sealed class OpenLinks(
    MissionLinks links,
    DistributionRecords distributions,
    FrozenLetters letters,
    Acknowledgements acknowledgements,
    LetterStandings standings,
    TimeProvider clock)
{
    /// <returns>
    /// Null where the token was not signed for this link, and where there is no such letter or it has not been
    /// released: all look the same, so that someone who tries links learns nothing.
    /// </returns>
    public async Task<OpenLink?> Open(LinkVisit visit, CancellationToken cancellation) =>
        links.Verify(visit.Distribution, visit.Mission, visit.Token)
        && await distributions.Find(visit.Distribution, cancellation) is { ReleasedAt: not null } distribution
            ? Of(
                visit,
                await letters.Content(visit.Distribution, cancellation),
                new(await standings.Of(distribution, cancellation), clock.GetUtcNow()))
            : null;

    /// <summary>The same without reading the letter's record, for who has just been shown the link's page.</summary>
    /// <param name="seen">What was read of the letter for that page, from its seal; null for nothing.</param>
    /// <returns>
    /// Null also where that was too long ago or the letter's content is gone: <see cref="Open"/> says what holds.
    /// </returns>
    public async Task<OpenLink?> Reopen(LinkVisit visit, SeenLetter? seen, CancellationToken cancellation) =>
        seen is not null
        && (clock.GetUtcNow() - seen.At).Duration() < PersonsTime.AtOneGo
        && links.Verify(visit.Distribution, visit.Mission, visit.Token)
        && await letters.TryContent(visit.Distribution, cancellation) is { } content
            ? Of(visit, content, seen)
            : null;

    /// <summary>What is on record of the mission's acknowledgement; without steps where there is nothing.</summary>
    public async Task<MissionAcknowledgement> Record(OpenLink link, CancellationToken cancellation) =>
        await acknowledgements.Find(link.DistributionId, link.Mission.Id, cancellation)
        ?? MissionAcknowledgement.None(link.DistributionId, link.Mission.Id);

    private OpenLink? Of(LinkVisit visit, FrozenContent content, SeenLetter seen)
    {
        if (content.Roster.FirstOrDefault(mission => mission.Id == visit.Mission) is not { } mission)
            return null;
        var language = visit.Language ?? content.LanguagesOf(mission).Email;
        return new(
            visit.Distribution,
            content,
            mission,
            language,
            // With the words that were frozen with the letter.
            FrozenLetters.Words(content, language),
            MissionLinks.Path(visit.Distribution, visit.Mission, visit.Token),
            seen,
            clock)
        {
            Chosen = visit.Language,
        };
    }
}

/// <summary>What was read of a link's letter.</summary>
internal sealed record SeenLetter(LetterStanding Standing, DateTimeOffset At);

/// <summary>What one mission's link leads to.</summary>
/// <param name="Language">The language of its pages.</param>
/// <param name="InWords">The letter's fixed words in that language.</param>
/// <param name="Path">The link's path, as it was visited.</param>
/// <param name="Seen">What the pages say of the letter's standing.</param>
internal sealed record OpenLink(
    string DistributionId,
    FrozenContent Content,
    Mission Mission,
    string Language,
    LanguageWords InWords,
    string Path,
    SeenLetter Seen,
    TimeProvider Clock)
{
    /// <summary>The language that the visitor chose; null where it is the mission's.</summary>
    public string? Chosen { get; init; }

    public LetterStanding Standing => Seen.Standing;

    /// <summary>
    /// What a page says first of a letter that was withdrawn, replaced or corrected; null where it stands.
    /// </summary>
    public string? Warning =>
        Standing == LetterStanding.Stands
            ? null
            : PageWords.Fill(
                $"letter_{Standing.ToString().ToLowerInvariant()}",
                ("contact", Isolated.LeftToRight(Letter.Contact.Address)));

    /// <summary>The letter in the language of the page, or the authentic one where it was not translated.</summary>
    public LetterSource Letter { get; } = Content.LetterIn(Language);

    /// <summary>The service's own words in the language of the page.</summary>
    public PageWords PageWords { get; } = PageWords.Of(Language);

    /// <summary>The reference that the page asks for; null where a name is enough.</summary>
    public string? Reference => Content.Letter.Acknowledge == AcknowledgeRule.Reference ? Content.Reference : null;

    public string MissionTitle => Mission.TitleIn(Language);

    /// <summary>What pages say of the letter.</summary>
    public MissionLetter Summary =>
        new(
            MissionTitle,
            Letter.Language,
            [
                .. Letter.Signatories.Select(signatory => signatory.Letterhead)
                    .Append(Letter.Sender?.Letterhead)
                    .OfType<string>()
                    .Distinct(),
            ],
            Letter.Process,
            Letter.DraftLabel,
            InWords.Date(Letter.Date),
            Letter.Contact,
            [
                // What a later letter may have changed is for that letter to say.
                .. Letter.Deadlines.Where(_ => Standing == LetterStanding.Stands)
                    .OrderBy(deadline => deadline.Instant)
                    .Select(deadline =>
                        (InWords.NameOf(deadline), InWords.WeekdayDateAndTime(NewYorkTime.At(deadline.Instant).DateTime))),
            ]);

    /// <summary>One of this link's pages, in the language that the visitor chose.</summary>
    /// <param name="page">What stands after the link; empty for the mission's page itself.</param>
    public string Address(string page = "") =>
        $"{Path}{page}{PageLanguage.Query((PageLanguage.Parameter, Chosen)).TrimEnd('?')}";

    /// <param name="who">The person named in the page's sentences.</param>
    /// <param name="at">The time named in the page's sentences; null for now, where nothing is on record.</param>
    public IReadOnlyDictionary<string, string> Words(AcknowledgeForm who, DateTimeOffset? at = null) =>
        InWords.AcknowledgePage(
            Letter.DraftLabel,
            Isolated.Text(PageWords.Person(who.Name, who.Function)),
            NewYorkTime.At(at ?? Clock.GetUtcNow()).DateTime,
            TypedText.MostCharacters);
}
