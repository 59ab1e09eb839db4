using Distribution.Common;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Inbound;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>The front page.</summary>
/// <param name="WaitingReplies">How many replies wait for a person to match them.</param>
/// <param name="Troubles">Letters that have a problem, the latest first.</param>
/// <param name="ToRelease">The latest first.</param>
internal sealed record OverviewView(
    IReadOnlyList<Notice> Notices,
    int WaitingReplies,
    IReadOnlyList<UploadView> Waiting,
    IReadOnlyList<UploadView> Rejected,
    IReadOnlyList<LetterTrouble> Troubles,
    IReadOnlyList<WaitingLetter> ToRelease,
    IReadOnlyList<OverviewLine> Distributions,
    int Page = 1)
{
    /// <summary>How many letters a page lists, besides the old versions folded under them.</summary>
    public const int PageSize = 25;

    /// <summary>
    /// How many old versions are named in one place, and how many notices and the like stand above the letters: those
    /// that follow move up when these are seen to.
    /// </summary>
    public const int MostNamed = 20;

    /// <summary>The letters that left or can leave, of all pages, the latest first.</summary>
    public IReadOnlyList<OverviewLine> Current { get; } = [.. Distributions.Where(line => !line.Distribution.IsPast)];

    public int Pages => MissionQuery.Pages(Current.Count, PageSize);

    /// <summary>The page of the letters that is shown: the last one where a later one is asked for.</summary>
    public int Shown => Math.Min(Page, Pages);

    /// <returns>Those of a page, or of the last one where a later one is asked for.</returns>
    public static IEnumerable<T> OnPage<T>(IReadOnlyList<T> letters, int page) =>
        letters.Skip((Math.Min(page, MissionQuery.Pages(letters.Count, PageSize)) - 1) * PageSize).Take(PageSize);

    /// <summary>The letters of the page by process, the one with the latest letter first.</summary>
    public IEnumerable<IGrouping<string, OverviewLine>> Processes =>
        OnPage(Current, Page).GroupBy(line => line.Distribution.Process);

    /// <summary>
    /// The versions of a letter's folder that were never sent; only under the latest letter of the folder.
    /// </summary>
    public IReadOnlyList<DistributionRecord> Earlier(DistributionRecord letter) =>
        Current.First(line => line.Distribution.Folder == letter.Folder).Distribution == letter
            ? [.. Past.Where(past => past.Folder == letter.Folder)]
            : [];

    /// <summary>The versions that were never sent, of whose folder no letter left or can leave.</summary>
    public IReadOnlyList<DistributionRecord> Abandoned =>
        [.. Past.Where(past => !Current.Any(line => line.Distribution.Folder == past.Folder))];

    private IEnumerable<DistributionRecord> Past =>
        Distributions.Select(line => line.Distribution).Where(distribution => distribution.IsPast);

    /// <summary>An uploaded register that a person must confirm; null where none waits.</summary>
    public UploadedRegister? WaitingRegister { get; init; }

    /// <summary>How many proposals of missions wait for a person.</summary>
    public int WaitingProposals { get; init; }

    /// <summary>Letters that are being written at the desk, the last saved first.</summary>
    public IReadOnlyList<UnfinishedLetter> Unfinished { get; init; } = [];
}

/// <summary>A letter that has not been released.</summary>
/// <param name="Review">What blocks its release, and who has approved it, at this moment.</param>
internal sealed record WaitingLetter(DistributionRecord Letter, ReleaseReview Review)
{
    /// <summary>What the press of a person who may release it would do now.</summary>
    /// <param name="people">How many people a release takes.</param>
    private ReleaseStep Step(Person person, int people) => TwoPersonRule.StepOf(Letter, Review, person, people);

    /// <summary>
    /// Whether it waits for this person, who may release letters: nobody else has to do anything first.
    /// </summary>
    /// <inheritdoc cref="Step"/>
    public bool IsFor(Person person, int people) =>
        Review.Obstacle == ReleaseObstacle.None
        && Step(person, people) is ReleaseStep.Sends or ReleaseStep.Approves;

    /// <summary>What it waits for, to a person; the text follows its name.</summary>
    /// <param name="releaser">The person who looks, if they may release letters; null otherwise.</param>
    /// <inheritdoc cref="Step"/>
    public Phrase Words(Person? releaser, int people)
    {
        var approval = TwoPersonRule.ThatCount(Letter, Review) is [var first, ..] ? first : null;
        var behind =
            approval is not null ? Say($"approved by {approval.By.Name} on {DeskText.Time(approval.At)}")
            : Review.Authors is not [var author, ..] ? null
            : Letter.IsLetter ? Say($"uploaded by {author.Name}")
            : Say($"prepared by {author.Name}");
        var second = behind is not null && people > 1;
        return Review.Obstacle switch
        {
            ReleaseObstacle.BeingExamined => Say($"is being checked again, and cannot be released until that is done"),
            ReleaseObstacle.Overtaken when !Letter.IsLetter =>
                Say($"cannot be released: the letter that it is an addendum to was stopped or superseded"),
            ReleaseObstacle.Overtaken => Say($"cannot be released any more: its folder has become something else"),
            _ => (releaser is null ? (ReleaseStep?)null : Step(releaser, people)) switch
            {
                ReleaseStep.HasApproved =>
                    Say($"waits for a second person: you approved it, so another releaser must send it"),
                ReleaseStep.IsAuthor =>
                    Letter.IsLetter
                        ? Say($"waits for a second person: you uploaded it, so a releaser must send it")
                        : Say($"waits for a second person: you prepared it, so a releaser must send it"),
                ReleaseStep.Approves => Say($"waits for two people to release it: you may be the first"),
                ReleaseStep.Sends when second => Say($"waits for a second person: you. It was {behind}"),
                ReleaseStep.Sends => Say($"waits for you to release it"),
                _ => second ? Say($"waits for a second person: {behind}") : Say($"waits for a releaser"),
            },
        };
    }
}

/// <summary>A letter in the list of the front page, with how far it has come.</summary>
internal sealed record OverviewLine(DistributionRecord Distribution, Reach Reach);

/// <summary>A problem of a letter.</summary>
/// <param name="Words">A sentence without its full stop.</param>
/// <param name="Address">Where to deal with it.</param>
internal sealed record LetterTrouble(DistributionRecord Letter, Phrase Words, string Address);

/// <param name="WaitsUntil">When it is rejected if nothing more arrives.</param>
/// <param name="Prepared">How many of its letters are typeset; null where the queue typesets none.</param>
internal sealed record UploadView(Upload Upload, DateTimeOffset WaitsUntil, Phrase? Prepared);

/// <summary>What became of an upload folder.</summary>
/// <param name="Upload">The folder's record; null where it has not been examined yet.</param>
/// <param name="WaitsUntil">When it is rejected if nothing more arrives.</param>
internal sealed record FolderView(UploadFolder Folder, Upload? Upload, DateTimeOffset? WaitsUntil)
{
    /// <summary>
    /// What the examination is doing, where the folder has files that are not examined yet; null where the record is
    /// about the files that are there.
    /// </summary>
    public Phrase? Checking { get; init; }

    /// <summary>
    /// The fingerprint of the files that the person who looks at the page has just uploaded; null for nobody.
    /// </summary>
    public string? Files { get; init; }

    /// <summary>Whether the folder has changed since the person who looks at the page uploaded their files.</summary>
    public bool IsOvertaken { get; init; }

    /// <inheritdoc cref="UploadView.Prepared"/>
    public Phrase? Prepared { get; init; }
}

/// <summary>A distribution's own page.</summary>
/// <param name="Others">Other versions from the same folder, the latest first.</param>
/// <param name="Shown">The mission whose letter is shown.</param>
/// <param name="Source">The authentic letter.</param>
/// <param name="Pdfs">The typeset letters.</param>
/// <param name="Reach">Which missions have the letter.</param>
/// <param name="Now">When the page was made.</param>
internal sealed record StatusView(
    DistributionRecord Distribution,
    Reach Reach,
    DateTimeOffset Now,
    IReadOnlyList<DistributionRecord> Others,
    DateOnly RegisterReadOn,
    IReadOnlyList<MissionLine> Missions,
    MissionQuery Query,
    Mission Shown,
    Letter Letter,
    LetterSource Source,
    IReadOnlyList<LanguageGroup> Languages,
    IReadOnlyList<LetterPdf> Pdfs,
    FollowUpsView After)
{
    /// <summary>How many missions a report lists: every mission of today; its file has all.</summary>
    public const int MostListed = 250;

    /// <summary>With more missions, the page is expensive to make and asks less often for changes.</summary>
    private const int Many = 1_000;

    private const int SeldomAtLeast = 15_000;

    /// <summary>What the person who releases it must know; null where it does not wait for release.</summary>
    public ReleaseReview? Review { get; init; }

    /// <summary>
    /// What was just entered to release it, where nothing came of that and the same form is shown again; else null.
    /// </summary>
    public ReleaseRequest? Entered { get; init; }

    /// <summary>
    /// Everything a mission receives, while the letter waits for release. Where each mission has a letter of its own,
    /// only that of the mission shown.
    /// </summary>
    public IReadOnlyList<ReleasedDocument> Documents { get; init; } = [];

    /// <summary>Who is asked by mail to release it, while it waits for that; null where nobody is.</summary>
    public AskedByMail? Asked { get; init; }

    /// <summary>What has changed since earlier letters, while it waits for release.</summary>
    public IReadOnlyList<LetterComparison> Changes { get; init; } = [];

    /// <summary>
    /// An uploaded register that waits to be confirmed, while the letter waits for release; null where none does.
    /// </summary>
    public UploadedRegister? WaitingRegister { get; init; }

    /// <summary>
    /// The mailboxes it goes to that refused or returned a letter lately, while it waits for release; none otherwise.
    /// </summary>
    public IReadOnlyList<(Mission Mission, MailboxTrouble Trouble)> Troubles { get; init; } = [];

    /// <summary>
    /// The last upload into its folder at the desk; null where there was none, and once the letter is released or
    /// scheduled.
    /// </summary>
    public DeskUpload? Brought { get; init; }

    /// <summary>The signed letter, where one is sent instead of a typeset one.</summary>
    public Enclosure? Scan =>
        Distribution.Enclosures.FirstOrDefault(enclosure => enclosure.Role == EnclosureRole.Letter);

    public bool IsReleased => Distribution.ReleasedAt is not null;

    /// <summary>
    /// How often the page asks for changes, in milliseconds. A letter can bounce days after the end, so the page never
    /// stops asking; null for the answer to a form, which has no address to ask at.
    /// </summary>
    public int? RefreshEvery => Entered is not null ? null : Math.Max(
        Missions.Count > Many ? SeldomAtLeast : 0,
        Distribution switch
        {
            { State.IsBeingSent: true } => 2_000,
            { State: DistributionState.Withdrawn } when Reach.Phase == ReachPhase.Stopping => 2_000,
            { State: DistributionState.AwaitingRelease, ProofRequestedAt: not null, ProofNote: null } => 2_000,
            { State: DistributionState.AwaitingRelease or DistributionState.Paused } => 5_000,
            // The seconds are counted on the page.
            { State: DistributionState.Scheduled, LeavesAt: not null } => 1_000,
            { State: DistributionState.Scheduled, SendAt: { } hour } => hour - Now < TimeSpan.FromMinutes(2)
                ? 3_000
                : 15_000,
            _ => 30_000,
        });

    /// <summary>
    /// All that the page's forms depend on, as a key: when it changes, the browser reloads the whole page and not only
    /// parts of it. After the release, the parts bring their own forms.
    /// </summary>
    public string Stage =>
        IsReleased
            ? "released"
            : string.Join(
                ' ',
                [
                    $"{Distribution.State}",
                    .. Distribution.Approvals.Select(approval => $"{approval.At.UtcTicks}"),
                    Review is { } review
                        ? $"{review.Obstacle} {review.Content} {review.RegisterHash} {string.Join(' ', review.ToConfirm.Select(finding => finding.Key))}"
                        : "",
                    .. Others.Select(other => $"{other.Version}:{other.State}"),
                ]);

    /// <summary>Whether there is anything left to stop.</summary>
    public bool MayStop => Distribution.State.IsUnderWay;

    public IEnumerable<(DeliveryState State, bool IsNotNeeded, int Count)> Counts =>
        Missions.GroupBy(line => (line.State, line.Reach.IsNotNeeded))
            .OrderBy(group => group.Key)
            .Select(group => (group.Key.State, group.Key.IsNotNeeded, group.Count()));

    /// <summary>The missions that the list is asked for, of all its pages.</summary>
    public IReadOnlyList<MissionLine> Found { get; } = Query.Of(Missions);

    /// <summary>The page of the list that is shown: the last one where a later one is asked for.</summary>
    public int Page => Math.Min(Query.Page, Pages);

    public int Pages => MissionQuery.Pages(Found.Count, MissionQuery.PageSize);

    public IEnumerable<MissionLine> Listed =>
        Found.Skip((Page - 1) * MissionQuery.PageSize).Take(MissionQuery.PageSize);

    /// <summary>The page of the tiles that is shown: the last one where a later one is asked for.</summary>
    public int TilesPage => Math.Min(Query.Tiles, TilesPages);

    public int TilesPages => MissionQuery.Pages(Missions.Count, MissionQuery.TilesSize);

    public IEnumerable<MissionLine> Tiles =>
        Missions.Skip((TilesPage - 1) * MissionQuery.TilesSize).Take(MissionQuery.TilesSize);

    public int Count(MissionFilter filter) => Missions.Count(line => MissionQuery.Passes(line, filter));

    /// <summary>
    /// The missions it did not reach that are in the register: it can be sent to the mailboxes they have there now.
    /// </summary>
    public IReadOnlyList<Mission> Correctable =>
        After.MayAdd
            ? [.. Reach.In(MissionStanding.NotReached)
                .Where(mission => After.Register.Any(known => known.Id == mission.Id))]
            : [];
}

/// <param name="To">The mailbox in <c>Mail:NoticesTo</c>.</param>
/// <param name="At">When it was written to; null before that.</param>
internal sealed record AskedByMail(string To, DateTimeOffset? At);

/// <summary>A file that leaves, as the page of the release shows it.</summary>
internal sealed record ReleasedDocument(Phrase Title, string File, string Address, long Length, FirstPage Page)
{
    public bool IsPdf => ContentTypes.Of(File) == ContentTypes.Pdf;

    /// <summary>Whether the browser's viewer shows its first page.</summary>
    public bool IsPictured => IsPdf && Length <= FirstPages.MostBytes && !Page.IsDamaged;
}

/// <summary>One mission on its distribution's page.</summary>
/// <param name="Reach">Whether it has the letter, from this distribution or an addendum.</param>
/// <param name="State">The state of this distribution's own mail.</param>
/// <param name="NextTry">The earliest time of the next try, where a server asked us to wait; null for none.</param>
internal sealed record MissionLine(
    Mission Mission,
    MissionReach Reach,
    DeliveryState State,
    IReadOnlyList<MailboxLine> Mailboxes,
    DateTimeOffset? NextTry,
    Acknowledgement? Acknowledgement)
{
    /// <summary>
    /// When a server first took the letter for a mailbox it did not come back from; null where none did, or where mail
    /// alone says so.
    /// </summary>
    public DateTimeOffset? AcceptedAt { get; init; }

    /// <summary>When it last came back or was refused, where the mission was not reached; null otherwise.</summary>
    public DateTimeOffset? ReturnedAt { get; init; }

    /// <summary>Whether a reply of the mission waits to be read.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>
    /// Whether the record of its acknowledgement cannot be read: whether it has acknowledged is not known.
    /// </summary>
    public bool IsAcknowledgementUnknown { get; init; }

    public bool IsSilent => Reach.IsSilent(IsAnswered) && !IsAcknowledgementUnknown;
}

/// <param name="State">Null where no attempt has been made.</param>
/// <param name="Last">The event that explains the state; null where there is none.</param>
internal sealed record MailboxLine(Mailbox Mailbox, DeliveryState? State, DeliveryEvent? Last);

/// <summary>One mission's letter as it is sent.</summary>
/// <param name="Language">The language of the email.</param>
/// <param name="Acknowledgement">What is on record of its acknowledgement; null where nothing is.</param>
/// <param name="Visits">Visits to its link; null where there were none.</param>
/// <param name="Entry">What the form for an acknowledgement is filled in with.</param>
internal sealed record LetterView(
    DistributionRecord Distribution,
    Mission Mission,
    Mission? Before,
    Mission? After,
    string Language,
    Letter Letter,
    IReadOnlyList<AttachmentLine> Attachments,
    MissionEntry Dispatch,
    IReadOnlyList<KeptReply> Replies,
    MissionAcknowledgement? Acknowledgement,
    MissionVisits? Visits,
    AcknowledgementEntry Entry)
{
    /// <summary>
    /// The id under which the form for an acknowledgement is recorded. It makes the form idempotent: pressing twice
    /// records once.
    /// </summary>
    public string EntryForm { get; init; } = Guid.NewGuid().ToString("n");

    /// <summary>What is wrong with the submitted form.</summary>
    public IReadOnlyList<EntryProblem> EntryProblems { get; init; } = [];

    /// <summary>Whether a reply of the mission waits to be read.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>What somebody at the mission had forwarded, the earliest first.</summary>
    public IReadOnlyList<Forward> Forwards { get; init; } = [];

    /// <summary>Whether the submitted form was the one to withdraw.</summary>
    public bool IsWithdrawal { get; init; }

    /// <summary>
    /// Whether people may still decide something about this mission's letter; not while a worker has claimed it.
    /// </summary>
    public bool MayDecide =>
        Distribution.State is DistributionState.Sending or DistributionState.Paused or DistributionState.Complete
        && Dispatch.Claim is null;

    /// <summary>
    /// Whether all that people may still say of this mission's letter is that the mission has it: it was stopped, and
    /// nobody knows whether it was sent.
    /// </summary>
    public bool MayOnlyVouch =>
        Distribution.State == DistributionState.Withdrawn
        && (Dispatch.IsUnsettled || Dispatch.IsByMailAlone)
        && Dispatch.Claim is null;
}

/// <param name="What">In words: the letter, a translation, or the enclosure's title.</param>
/// <param name="Scan">
/// Whether malware was looked for in it, in words; null for what this service has made itself.
/// </param>
internal sealed record AttachmentLine(
    string File,
    Phrase What,
    long Length,
    string Address,
    bool IsLetter,
    Phrase? Scan = null);

/// <summary>Which missions get the letter in which languages.</summary>
/// <param name="Letters">The authentic one first.</param>
internal sealed record LanguageGroup(string Email, IReadOnlyList<string> Letters, IReadOnlyList<Mission> Missions);
