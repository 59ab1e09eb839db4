using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.NoticeMails;
using Distribution.Tracking.Reports;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>
/// Gathers what a letter's page shows: how far it has come, or what is to be looked at before its release.
/// </summary>
internal sealed class StatusReader(
    DistributionRecords distributions,
    MissionEntries dispatches,
    Acknowledgements acknowledgements,
    Replies replies,
    FrozenLetters letters,
    ReachReader reaches,
    RegisterInUse registers,
    ReleaseReviews reviews,
    DeskUploads authors,
    MailboxTroubles troubles,
    FirstPages pages,
    LetterComparisons comparisons,
    ToldMatters told,
    IOptions<MailSettings> mail,
    TimeProvider clock)
{
    /// <param name="mission">
    /// The mission whose letter to show, as <see cref="Mission.IsCalled"/> takes it; where it is not on the roster, the
    /// roster's first mission.
    /// </param>
    public async Task<StatusView?> Of(
        string id,
        MissionQuery query,
        string? mission,
        CancellationToken cancellation)
    {
        var all = await distributions.All(cancellation);
        // One that cannot be read is not in the list: asked for by itself, it says so.
        if ((all.FirstOrDefault(found => found.Id == id) ?? await distributions.Find(id, cancellation))
            is not { } distribution)
            return null;
        var content = await letters.Content(id, cancellation);
        var sending = dispatches.All(id, cancellation);
        var acknowledging = acknowledgements.Of(distribution.AcknowledgedUnder, cancellation);
        var answering = replies.Answered(distribution.AcknowledgedUnder, cancellation);
        var bringing = Brought(distribution, cancellation);
        await Task.WhenAll(sending, acknowledging, answering, bringing);
        var entries = (await sending).Select(stored => stored.Value).ToList();
        var acknowledged = await acknowledging;
        var reach = await reaches.Of(
            distribution,
            all,
            [.. entries.Select(entry => entry.EntryState)],
            acknowledged,
            cancellation);
        var lines = Lines(content.Roster, reach, entries, acknowledged, await answering);
        var shown = Shown(content.Roster, mission);
        var view = new StatusView(
            distribution,
            reach,
            clock.GetUtcNow(),
            OtherVersions(distribution, all),
            NewYorkTime.Day(distribution.PreparedAt),
            lines,
            query,
            shown,
            await letters.Preview(id, shown, cancellation),
            content.Letter,
            LanguageGroups(content),
            content.Pdfs,
            await FollowUps(distribution, content, reach, lines, all, cancellation))
        {
            Brought = await bringing,
        };
        return distribution.State == DistributionState.AwaitingRelease
            ? await WithReview(view, content, all, cancellation)
            : view;
    }

    private static Mission Shown(IReadOnlyList<Mission> roster, string? mission) =>
        roster.FirstOrDefault(candidate => candidate.Id == mission)
        ?? roster.FirstOrDefault(candidate => mission is not null && candidate.IsCalled(mission))
        ?? roster[0];

    private static IReadOnlyList<DistributionRecord> OtherVersions(
        DistributionRecord distribution,
        IReadOnlyList<DistributionRecord> all) =>
        !distribution.IsLetter
            ? []
            :
            [
                .. all.Where(other =>
                        other.Folder == distribution.Folder && other.Id != distribution.Id && other.IsLetter)
                    .OrderByDescending(other => other.Version),
            ];

    /// <summary>The missions by the languages they are written to in, the largest group first.</summary>
    private static IReadOnlyList<LanguageGroup> LanguageGroups(FrozenContent content) =>
    [
        .. content
            .Roster.GroupBy(member =>
                string.Join(' ', content.LanguagesOf(member).Letters.Prepend(content.LanguagesOf(member).Email)))
            .Select(group => new LanguageGroup(
                content.LanguagesOf(group.First()).Email,
                content.LanguagesOf(group.First()).Letters,
                [.. group]))
            .OrderByDescending(group => group.Missions.Count),
    ];

    private async Task<FollowUpsView> FollowUps(
        DistributionRecord distribution,
        FrozenContent content,
        Reach reach,
        IReadOnlyList<MissionLine> lines,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation)
    {
        var following = all.Where(other => other.Follows?.Of == distribution.Id).Reverse().ToList();
        var remindedElsewhere = await GotAddendum(following, cancellation);
        return new(
            distribution,
            all.FirstOrDefault(other => other.Id == distribution.Follows?.Of),
            following,
            await Registered(cancellation),
            [content.Letter.Language, .. content.Translations.Select(translation => translation.Language)],
            lines.Count(line => line.IsSilent && !remindedElsewhere.Contains(line.Mission.Id)),
            reach,
            await reaches.OfMany(following, all, _ => true, cancellation))
        {
            Deadline = content.Letter.Deadlines
                .OrderBy(deadline => deadline.Instant)
                .FirstOrDefault(deadline => deadline.Instant > (distribution.ReleasedAt ?? clock.GetUtcNow())),
            RemindedToday = await reaches.RemindedToday(distribution, cancellation),
        };
    }

    private async Task<IReadOnlySet<string>> GotAddendum(
        IEnumerable<DistributionRecord> following,
        CancellationToken cancellation)
    {
        HashSet<string> missions = [];
        foreach (
            var addendum in following.Where(other =>
                other is { Follows.Kind: FollowUpKind.Addendum, ReleasedAt: not null }))
            missions.UnionWith((await letters.Content(addendum.Id, cancellation)).Roster.Select(member => member.Id));
        return missions;
    }

    private async Task<DeskUpload?> Brought(DistributionRecord distribution, CancellationToken cancellation) =>
        distribution.IsLetter && !distribution.IsLetGo
            ? await authors.Latest(distribution.Folder, cancellation)
            : null;

    /// <summary>
    /// Adds what a person looks at before the release. All from the same snapshot of the distribution as the rest of
    /// the page; later changes show on the next request.
    /// </summary>
    private async Task<StatusView> WithReview(
        StatusView view,
        FrozenContent content,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation)
    {
        var distribution = view.Distribution;
        var reviewing = reviews.Of(distribution, cancellation, all);
        var asking = Asked(distribution, cancellation);
        var documenting = Documents(distribution, content, view.Shown, cancellation);
        var comparing = distribution.IsLetter
            ? comparisons.Of(distribution, all, cancellation)
            : Task.FromResult<IReadOnlyList<LetterComparison>>([]);
        var registering = distribution.IsLetter
            ? registers.Waiting(cancellation)
            : Task.FromResult<UploadedRegister?>(null);
        var troubling = Troubles(content.Roster, cancellation);
        await Task.WhenAll(reviewing, asking, documenting, comparing, registering, troubling);
        return view with
        {
            Review = await reviewing,
            Asked = await asking,
            Documents = await documenting,
            Changes = await comparing,
            WaitingRegister = await registering,
            Troubles = await troubling,
        };
    }

    private async Task<AskedByMail?> Asked(DistributionRecord distribution, CancellationToken cancellation) =>
        mail.Value.NoticesTo is { Length: > 0 } mailbox
            ? new(mailbox, await told.WhenTold(PendingMatters.ReleaseKey(distribution), cancellation))
            : null;

    /// <param name="shown">The mission whose letter is shown, where each has its own.</param>
    private async Task<IReadOnlyList<ReleasedDocument>> Documents(
        DistributionRecord distribution,
        FrozenContent content,
        Mission shown,
        CancellationToken cancellation)
    {
        var id = distribution.Id;
        List<ReleasedDocument> documents = [];
        foreach (var pdf in content.Pdfs.Where(pdf => pdf.Mission is null || pdf.Mission == shown.Id))
        {
            var reader = pdf.Mission is not null
                ? shown
                : content.Roster.FirstOrDefault(mission => content.PdfsOf(mission).Contains(pdf)) ?? shown;
            documents.Add(
                new(
                    (IsAuthentic: pdf.Language == content.Letter.Language, IsForAll: pdf.Mission is null) switch
                    {
                        (true, true) => Say($"The letter in {DeskText.Language(pdf.Language)}"),
                        (false, true) => Say($"The letter in {DeskText.Language(pdf.Language)}, unofficial translation"),
                        (true, false) => Say($"The letter in {DeskText.Language(pdf.Language)}, to the {shown.SaidTitle}"),
                        _ => Say($"The letter in {DeskText.Language(pdf.Language)}, unofficial translation, to the {shown.SaidTitle}"),
                    },
                    pdf.File,
                    Addresses.LetterPdf(id, reader.Id, pdf.File),
                    pdf.Length,
                    await pages.Of(id, pdf, cancellation)));
        }

        foreach (var enclosure in distribution.Enclosures)
            documents.Insert(
                enclosure.Role == EnclosureRole.Letter ? 0 : documents.Count,
                new(
                    enclosure.Role == EnclosureRole.Letter ? Say($"The signed letter") : Plain(enclosure.Title),
                    enclosure.File,
                    Addresses.Enclosure(id, enclosure.File),
                    enclosure.Length,
                    await pages.Of(id, enclosure, cancellation)));
        return documents;
    }

    private async Task<IReadOnlyList<(Mission Mission, MailboxTrouble Trouble)>> Troubles(
        IReadOnlyList<Mission> roster,
        CancellationToken cancellation)
    {
        var marked = await troubles.Recent(cancellation);
        return
        [
            .. from mission in roster
               from mailbox in mission.Mailboxes
               let trouble = marked.GetValueOrDefault(mailbox.Address)
               where trouble is not null
               select (mission, trouble),
        ];
    }

    /// <returns>None where the register cannot be read: a letter's page can do without it.</returns>
    private async Task<IReadOnlyList<Mission>> Registered(CancellationToken cancellation) =>
        (await registers.TryCurrent(cancellation))?.Missions ?? [];

    private static IReadOnlyList<MissionLine> Lines(
        IReadOnlyList<Mission> roster,
        Reach reach,
        IReadOnlyList<MissionEntry> entries,
        IReadOnlyDictionary<string, MissionAcknowledgement> acknowledged,
        IReadOnlySet<string> answered)
    {
        var byMission = entries.ToDictionary(entry => entry.MissionId);
        var reachOf = reach.Missions.ToDictionary(member => member.Mission.Id);
        return
        [
            .. roster.Select(member =>
                Line(
                    member,
                    reachOf.GetValueOrDefault(member.Id)
                        ?? new(member, DeliveryState.Pending, IsAcknowledged: false),
                    byMission.GetValueOrDefault(member.Id),
                    acknowledged.GetValueOrDefault(member.Id)?.Stands) with
                {
                    IsAnswered = answered.Contains(member.Id),
                    IsAcknowledgementUnknown = acknowledged.GetValueOrDefault(member.Id) is { IsLeftOut: true },
                }),
        ];
    }

    private static MissionLine Line(
        Mission mission,
        MissionReach reach,
        MissionEntry? dispatch,
        Acknowledgement? acknowledgement) =>
        dispatch switch
        {
            { Attempts: [.., var last] } => new(
                mission,
                reach,
                dispatch.ToldState,
                [
                    .. last.Mailboxes.Select(delivery => new MailboxLine(
                        delivery.Mailbox,
                        delivery.State,
                        delivery.Telling)),
                ],
                dispatch.IsOpen ? dispatch.NotBefore : null,
                acknowledgement)
            {
                AcceptedAt = First(
                    dispatch.Attempts.SelectMany(attempt => attempt.Mailboxes)
                        .Where(delivery => delivery.State.IsReached)
                        .SelectMany(delivery => delivery.Events.Where(ServedReport.IsService))),
                ReturnedAt = dispatch.ToldState is DeliveryState.Bounced or DeliveryState.Failed
                    ? last.Mailboxes.Max(delivery => delivery.Telling?.At)
                    : null,
            },
            _ => new(
                mission,
                reach,
                dispatch?.State ?? reach.State,
                [.. mission.Mailboxes.Select(mailbox => new MailboxLine(mailbox, null, null))],
                null,
                acknowledgement),
        };

    private static DateTimeOffset? First(IEnumerable<DeliveryEvent> events) =>
        events.Min(happened => (DateTimeOffset?)happened.At);
}
