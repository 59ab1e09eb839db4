using System.Collections.Concurrent;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.NoticeMails;
using Distribution.Tracking.Reports;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>Gathers what the desk's pages show.</summary>
internal sealed class DeskReader(
    DistributionRecords distributions,
    MissionEntries dispatches,
    Uploads uploads,
    Notices notices,
    Acknowledgements acknowledgements,
    Forwards forwards,
    RegisterInUse registers,
    Replies replies,
    Visits visits,
    ReleaseReviews reviews,
    Examination examination,
    Drafts drafts,
    DeskUploads authors,
    ExaminationProgress progress,
    FrozenLetters letters,
    ReachReader reaches,
    LetterPreparation preparations,
    MailboxTroubles troubles,
    FirstPages pages,
    LetterComparisons comparisons,
    ToldMatters told,
    IOptions<MailSettings> mail,
    UnfinishedLetters unfinished,
    ProposalsReader proposals,
    IOptions<IntakeSettings> intake,
    TimeProvider clock)
{
    private const int ReadAtOnce = 8;

    /// <param name="page">The page of the list of letters, from 1.</param>
    public async Task<OverviewView> Overview(int page, CancellationToken cancellation)
    {
        var (uploading, distributing) = (uploads.All(cancellation), distributions.All(cancellation));
        var (replying, registering) = (replies.CountWaiting(cancellation), WaitingRegister(cancellation));
        var (proposing, writing) = (proposals.CountWaiting(cancellation), unfinished.All(cancellation));
        await Task.WhenAll(uploading, distributing, replying, registering, proposing, writing);
        List<UploadView> views = [];
        foreach (var upload in await uploading)
            views.Add(
                new(
                    upload.Value,
                    upload.Value.FirstSeen + intake.Value.WaitFor,
                    await Prepared(upload.Value, cancellation)));
        var all = await distributing;
        // Follow-ups are listed on their letter's page; here only while a person may have to deal with them.
        var shown = all.Where(found =>
                found.IsLetter || found.State is DistributionState.AwaitingRelease or DistributionState.Paused)
            .ToList();
        var watched = shown.Union(all.Where(found => found.Follows is { Kind: FollowUpKind.Addendum })).ToList();
        // Of the letters of other pages only what is wrong is told.
        var listed = OverviewView.OnPage([.. shown.Where(found => !found.IsPast)], page).Select(found => found.Id).ToHashSet();
        var reached = new Dictionary<string, Reach>(await Reaches(watched, all, listed.Contains, cancellation));
        var toRelease = shown.Where(found => found.State == DistributionState.AwaitingRelease).ToList();
        var reviewed = new ConcurrentDictionary<string, ReleaseReview>();
        await Parallel.ForEachAsync(
            toRelease,
            new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellation },
            async (letter, stop) =>
            {
                try
                {
                    reviewed[letter.Id] = await reviews.Of(letter, stop);
                }
                catch (Exception leftOut) when (leftOut is UnreadableRecordException or LaterFormatException)
                {
                    // Told below: the letter's line says that it cannot be read.
                }
            });
        foreach (var letter in toRelease.Where(letter => !reviewed.ContainsKey(letter.Id)))
            reached[letter.Id] = new(letter.State, letter.MissionCount, []) { CannotBeRead = true };
        return new(
            // Last: what cannot be read is told while it is read.
            await notices.All(cancellation),
            await replying,
            [.. views.Where(view => view.Upload.State is UploadState.Waiting or UploadState.Preparing)],
            [.. views.Where(view => view.Upload.State == UploadState.Rejected)],
            [
                .. watched
                    .Where(distribution => !IsMoot(distribution, all))
                    .SelectMany(distribution => Troubles(distribution, reached[distribution.Id])),
            ],
            [
                .. toRelease.Where(letter => reviewed.ContainsKey(letter.Id))
                    .Select(letter => new WaitingLetter(letter, reviewed[letter.Id])),
            ],
            [.. shown.Select(distribution => new OverviewLine(distribution, reached[distribution.Id]))],
            page)
        {
            WaitingRegister = await registering,
            WaitingProposals = await proposing,
            Unfinished = await writing,
        };
    }

    /// <returns>Null also where the register in use cannot be read: a notice says so.</returns>
    private async Task<UploadedRegister?> WaitingRegister(CancellationToken cancellation)
    {
        try
        {
            return await registers.Uploaded(cancellation) is { State: UploadedRegisterState.Waits } waiting ? waiting : null;
        }
        catch (Exception leftOut) when (leftOut is UnreadableRecordException or LaterFormatException)
        {
            return null;
        }
    }

    /// <param name="folder">The folder as people name it: <c>gcm/draft-rev-1</c>.</param>
    /// <param name="files">
    /// The fingerprint of the files a person has just uploaded; null where they look at the folder as it is.
    /// </param>
    /// <returns>Null where there is no such folder.</returns>
    public async Task<FolderView?> Upload(string folder, string? files, CancellationToken cancellation)
    {
        var known = (await uploads.All(cancellation))
            .FirstOrDefault(upload => upload.Value.Folder.ToString() == folder)
            ?.Value;
        // One that cannot be read is not in the list: asked for by itself, it says so.
        if (known is null && Named(folder) is { } unlisted)
            known = (await uploads.Find(unlisted, cancellation))?.Value;
        if (known?.Folder == Examination.Misplaced)
            return new(known.Folder, known, WaitsUntil: null);
        // A folder that has not been examined yet has no record. It is looked for in storage only where somebody has
        // just uploaded into it.
        if ((known?.Folder ?? (files is null ? null : Named(folder))) is not { } place)
            return null;
        var listing = await FolderListing.Now(drafts, place, cancellation);
        if (known is null && listing.Files is [])
            return null;
        return new FolderView(place, known, known?.FirstSeen + intake.Value.WaitFor)
        {
            Checking =
                known is not null
                && await examination.IsCurrent(known, listing, await registers.Current(cancellation), cancellation)
                    ? null
                    : progress.Of(place) ?? Say($"Waiting to be checked"),
            IsOvertaken = files is not null && files != listing.Fingerprint,
            Prepared = known is null ? null : await Prepared(known, cancellation),
        };
    }

    private async Task<Phrase?> Prepared(Upload upload, CancellationToken cancellation)
    {
        if (upload.Preparation is not { } preparation)
            return null;
        var made = await preparations.CountMade(preparation, cancellation);
        return Say($"{made} of {preparation.Letters} letters are typeset");
    }

    private static UploadFolder? Named(string folder) => folder.Split('/') switch
    {
        [var process, BlobNames.StandingFolder, var file] => new(process, file, IsStanding: true),
        [var process, var revision] => new(process, revision),
        _ => null,
    };

    /// <param name="mission">
    /// The mission whose letter to show, as <see cref="Mission.IsCalled"/> takes it; where it is not on the roster, the
    /// roster's first mission.
    /// </param>
    public async Task<StatusView?> Status(
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
            ? WaitingRegister(cancellation)
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
            DateOnly.FromDateTime(NewYorkTime.At(distribution.PreparedAt).DateTime),
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
                await Reaches(following, all, cancellation))
            {
                Deadline = content.Letter.Deadlines
                    .OrderBy(deadline => deadline.Instant)
                    .FirstOrDefault(deadline => deadline.Instant > (distribution.ReleasedAt ?? clock.GetUtcNow())),
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

        // All from the same snapshot of the distribution as the rest of the page; later changes show on the next request.
        async Task<ReleaseReview?> Review() => waits ? await reviews.Of(distribution, cancellation) : null;

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
    private async Task<IReadOnlyList<Mission>> Registered(CancellationToken cancellation)
    {
        try
        {
            return (await registers.Current(cancellation)).Missions;
        }
        catch (Exception leftOut) when (leftOut is UnreadableRecordException or LaterFormatException)
        {
            return [];
        }
    }

    /// <returns>Everything that leaves to one mission; null where there is no such letter.</returns>
    public async Task<LetterView?> Preview(string id, string mission, CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is not { } distribution)
            return null;
        var content = await letters.Content(id, cancellation);
        var place = content.Roster.Index().FirstOrDefault(entry => entry.Item.Id == mission) is { Item: not null } found
            ? found.Index
            : -1;
        if (place < 0)
            return null;
        var shown = content.Roster[place];
        var record = await acknowledgements.Find(distribution.AcknowledgedUnder, mission, cancellation);
        var enclosures = content.Enclosures.Select(enclosure => new AttachmentLine(
            enclosure.File,
            enclosure.Role == EnclosureRole.Letter ? Say($"the signed letter") : Plain(enclosure.Title),
            enclosure.Length,
            Addresses.Enclosure(id, enclosure.File),
            enclosure.Role == EnclosureRole.Letter,
            content.Linked.Contains(enclosure.File)
                ? Say($"{DeskText.Scan(distribution, enclosure)}, too large for mail: linked")
                : DeskText.Scan(distribution, enclosure))).ToList();
        return new(
            distribution,
            shown,
            place > 0 ? content.Roster[place - 1] : null,
            place < content.Roster.Count - 1 ? content.Roster[place + 1] : null,
            content.LanguagesOf(shown).Email,
            await letters.Preview(id, shown, cancellation),
            [
                .. enclosures.Where(enclosure => enclosure.IsLetter),
                .. content
                    .PdfsOf(shown)
                    .Select(pdf => new AttachmentLine(
                        pdf.File,
                        pdf.Language == content.Letter.Language
                            ? Say($"the letter")
                            : Say($"the courtesy translation in {DeskText.Language(pdf.Language)}"),
                        pdf.Length,
                        Addresses.LetterPdf(id, mission, pdf.File),
                        IsLetter: true)),
                .. enclosures.Where(enclosure => !enclosure.IsLetter),
            ],
            (await dispatches.Find(id, mission, cancellation)).Value,
            await replies.Of(distribution.AcknowledgedUnder, mission, cancellation),
            record,
            await visits.Find(distribution.AcknowledgedUnder, mission, cancellation),
            record?.Stands is { } stands
                ? AcknowledgementEntry.Of(stands)
                : AcknowledgementEntry.Blank(clock.GetUtcNow()))
        {
            Forwards = (await forwards.Find(id, mission, cancellation))?.All ?? [],
            IsAnswered = (await replies.Answered(distribution.AcknowledgedUnder, cancellation)).Contains(mission),
        };
    }

    /// <returns>A typeset letter as it is attached; null where this mission gets none of that name.</returns>
    public async Task<ReadOnlyMemory<byte>?> Pdf(string id, string mission, string file, CancellationToken cancellation)
    {
        if (await distributions.Find(id, cancellation) is null)
            return null;
        var content = await letters.Content(id, cancellation);
        return
            content.Roster.FirstOrDefault(member => member.Id == mission) is { } shown
            && content.PdfsOf(shown).FirstOrDefault(pdf => pdf.File == file) is { } pdf
            ? await letters.Pdf(id, pdf, cancellation)
            : default(ReadOnlyMemory<byte>?);
    }

    /// <returns>An enclosure with its bytes; null where there is none of that name.</returns>
    public async Task<(Enclosure Enclosure, ReadOnlyMemory<byte> Bytes)?> Enclosure(
        string id,
        string file,
        CancellationToken cancellation) =>
        await distributions.Find(id, cancellation) is { } distribution
        && distribution.Enclosures.FirstOrDefault(enclosure => enclosure.File == file) is { } found
            ? (found, await letters.Enclosure(id, found, cancellation))
            : null;

    public async Task<Letter?> Letter(string id, string mission, CancellationToken cancellation) =>
        await distributions.Find(id, cancellation) is not null
        && (await letters.Content(id, cancellation)).Roster.FirstOrDefault(candidate => candidate.Id == mission)
            is { } shown
            ? await letters.Preview(id, shown, cancellation)
            : null;

    /// <returns>The delivery log as a file; null where there is no such distribution.</returns>
    public async Task<byte[]?> Log(string id, CancellationToken cancellation) =>
        await distributions.Find(id, cancellation) is { } distribution
            ? DeliveryLogFile.Write(
                DeliveryLog.Of(
                    [.. (await dispatches.All(id, cancellation)).Select(stored => stored.Value)],
                    (await letters.Content(id, cancellation)).Roster),
                await reaches.Of(distribution, cancellation))
            : null;

    /// <returns>How far each has come, by its id.</returns>
    public Task<IReadOnlyDictionary<string, Reach>> Reaches(
        IReadOnlyList<DistributionRecord> some,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation) => Reaches(some, all, _ => true, cancellation);

    /// <param name="counted">Of which, by id, acknowledgements are counted in any case.</param>
    /// <inheritdoc cref="Reaches(IReadOnlyList{DistributionRecord}, IReadOnlyList{DistributionRecord}, CancellationToken)"/>
    private async Task<IReadOnlyDictionary<string, Reach>> Reaches(
        IReadOnlyList<DistributionRecord> some,
        IReadOnlyList<DistributionRecord> all,
        Func<string, bool> counted,
        CancellationToken cancellation)
    {
        var found = new ConcurrentDictionary<string, Reach>();
        await Parallel.ForEachAsync(
            some,
            new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellation },
            async (distribution, stop) => found[distribution.Id] = await reaches.OfOneOfMany(distribution, all, counted(distribution.Id), stop));
        return found;
    }


    /// <summary>Whether nobody has to deal with it any more, because another letter has taken its place.</summary>
    private static bool IsMoot(DistributionRecord distribution, IReadOnlyList<DistributionRecord> all) =>
        distribution.SupersededBy is not null
        || all.Any(other =>
            other.IsLetter
            && distribution.IsLetter
            && other.Folder == distribution.Folder
            && other.Version > distribution.Version
            && other.ReleasedAt is not null);

    private static IEnumerable<LetterTrouble> Troubles(DistributionRecord distribution, Reach reach)
    {
        if (distribution is { State: DistributionState.Paused, PauseReason: { } reason })
            yield return new(
                distribution,
                Say($"sending is on hold. {ServiceWords.Plain(reason).TrimEnd('.')}"),
                Addresses.Distribution(distribution.Id));
        if (reach.Trouble(andNeverSent: !distribution.IsCorrected) is { } trouble)
            yield return new(distribution, trouble, Addresses.Filtered(
                distribution.Id,
                reach.Count(MissionStanding.NotReached) > 0 ? MissionFilter.NotReached
                : reach.Count(MissionStanding.NeverSent) > 0 && !distribution.IsCorrected ? MissionFilter.NeverSent
                : reach.Count(MissionStanding.Unknown) + reach.Count(MissionStanding.Delayed) > 0 ? MissionFilter.Open
                : reach.ReturnedInPart is { Count: > 0 } ? MissionFilter.InPart
                : MissionFilter.All));
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
