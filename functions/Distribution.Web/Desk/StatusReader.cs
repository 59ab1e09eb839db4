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
        await Task.WhenAll(sending, acknowledging, answering);
        var entries = (await sending).Select(stored => stored.Value).ToList();
        var byMission = entries.ToDictionary(entry => entry.MissionId);
        var (acknowledged, answered) = (await acknowledging, await answering);
        var reach = await reaches.Of(
            distribution,
            all,
            [.. entries.Select(entry => entry.EntryState)],
            acknowledged,
            cancellation);
        var reachOf = reach.Missions.ToDictionary(member => member.Mission.Id);
        var following = all.Where(other => other.Follows?.Of == id).Reverse().ToList();
        var shown =
            content.Roster.FirstOrDefault(candidate => candidate.Id == mission)
            ?? content.Roster.FirstOrDefault(candidate => mission is not null && candidate.IsCalled(mission))
            ?? content.Roster[0];
        IReadOnlyList<MissionLine> lines =
        [
            .. content.Roster.Select(member =>
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
        HashSet<string> elsewhere = [];
        foreach (
            var addendum in following.Where(other =>
                other is { Follows.Kind: FollowUpKind.Addendum, ReleasedAt: not null }))
            elsewhere.UnionWith((await letters.Content(addendum.Id, cancellation)).Roster.Select(member => member.Id));
        var waits = distribution.State == DistributionState.AwaitingRelease;
        var (reviewing, asking, bringing) = (Review(), Asked(), Brought());
        var documenting = waits
            ? Documents(distribution, content, shown, cancellation)
            : Task.FromResult<IReadOnlyList<ReleasedDocument>>([]);
        var comparing = waits && distribution.IsLetter
            ? comparisons.Of(distribution, all, cancellation)
            : Task.FromResult<IReadOnlyList<LetterComparison>>([]);
        var registering = waits && distribution.IsLetter
            ? registers.Waiting(cancellation)
            : Task.FromResult<UploadedRegister?>(null);
        var troubling = waits
            ? Troubles(content.Roster, cancellation)
            : Task.FromResult<IReadOnlyList<(Mission, MailboxTrouble)>>([]);
        await Task.WhenAll(reviewing, asking, bringing, documenting, comparing, registering, troubling);
        return new(
            distribution,
            reach,
            clock.GetUtcNow(),
            !distribution.IsLetter
                ? []
                :
                [
                    .. all.Where(other => other.Folder == distribution.Folder && other.Id != id && other.IsLetter)
                        .OrderByDescending(other => other.Version),
                ],
            NewYorkTime.Day(distribution.PreparedAt),
            lines,
            query,
            shown,
            await letters.Preview(id, shown, cancellation),
            content.Letter,
            [
                .. content
                    .Roster.GroupBy(member =>
                        string.Join(' ', content.LanguagesOf(member).Letters.Prepend(content.LanguagesOf(member).Email))
                    )
                    .Select(group => new LanguageGroup(
                        content.LanguagesOf(group.First()).Email,
                        content.LanguagesOf(group.First()).Letters,
                        [.. group]))
                    .OrderByDescending(group => group.Missions.Count),
            ],
            content.Pdfs,
            new(
                distribution,
                all.FirstOrDefault(other => other.Id == distribution.Follows?.Of),
                following,
                await Registered(cancellation),
                [content.Letter.Language, .. content.Translations.Select(translation => translation.Language)],
                lines.Count(line => line.IsSilent && !elsewhere.Contains(line.Mission.Id)),
                reach,
                await reaches.OfMany(following, all, _ => true, cancellation))
            {
                Deadline = content.Letter.Deadlines
                    .OrderBy(deadline => deadline.Instant)
                    .FirstOrDefault(deadline => deadline.Instant > (distribution.ReleasedAt ?? clock.GetUtcNow())),
                RemindedToday = await reaches.RemindedToday(distribution, cancellation),
            })
        {
            Review = await reviewing,
            Documents = await documenting,
            Asked = await asking,
            Changes = await comparing,
            WaitingRegister = await registering,
            Troubles = await troubling,
            Brought = await bringing,
        };

        // All from the same snapshot of the distribution as the rest of the page; later changes show on the next
        // request.
        async Task<ReleaseReview?> Review() => waits ? await reviews.Of(distribution, cancellation, all) : null;

        async Task<AskedByMail?> Asked() =>
            waits && mail.Value.NoticesTo is { Length: > 0 } mailbox
                ? new(mailbox, await told.WhenTold(PendingMatters.ReleaseKey(distribution), cancellation))
                : null;

        async Task<DeskUpload?> Brought() =>
            distribution.IsLetter && !distribution.IsLetGo ? await authors.Latest(distribution.Folder, cancellation) : null;
    }

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
