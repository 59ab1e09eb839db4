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
    /// Null where the token was not signed for this link, and where there is no such letter or it has not been released:
    /// all look the same, so that someone who tries links learns nothing.
    /// </returns>
    public async Task<OpenLink?> Open(LinkVisit visit, CancellationToken cancellation)
    {
        if (!links.Verify(visit.Distribution, visit.Mission, visit.Token)
            || await distributions.Find(visit.Distribution, cancellation) is not { ReleasedAt: not null } distribution)
            return null;
        var content = await letters.Content(visit.Distribution, cancellation);
        if (content.Roster.FirstOrDefault(mission => mission.Id == visit.Mission) is not { } mission)
            return null;

        var language = visit.Language ?? content.LanguagesOf(mission).Email;
        return new(
            distribution,
            content,
            mission,
            language,
            // With the words that were frozen with the letter.
            await letters.Words(visit.Distribution, language, cancellation),
            await acknowledgements.Find(visit.Distribution, visit.Mission, cancellation)
                ?? new(visit.Distribution, visit.Mission, []),
            MissionLinks.Path(visit.Distribution, visit.Mission, visit.Token),
            clock)
        {
            Chosen = visit.Language,
            Standing = await standings.Of(distribution, cancellation),
        };
    }
}

/// <summary>What one mission's link leads to.</summary>
/// <param name="Language">The language of its pages.</param>
/// <param name="InWords">The letter's fixed words in that language.</param>
/// <param name="Path">The link's path, as it was visited.</param>
internal sealed record OpenLink(
    DistributionRecord Distribution,
    FrozenContent Content,
    Mission Mission,
    string Language,
    LanguageWords InWords,
    MissionAcknowledgement Record,
    string Path,
    TimeProvider Clock)
{
    /// <summary>The language that the visitor chose; null where it is the mission's.</summary>
    public string? Chosen { get; init; }

    public required LetterStanding Standing { get; init; }

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
