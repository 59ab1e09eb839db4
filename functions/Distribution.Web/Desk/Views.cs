using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;

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
    IReadOnlyList<OverviewLine> Distributions)
{
    /// <summary>An uploaded register that a person must confirm; null where none waits.</summary>
    public UploadedRegister? WaitingRegister { get; init; }
}

/// <summary>A letter that has not been released.</summary>
/// <param name="Review">What blocks its release, and who has approved it, at this moment.</param>
internal sealed record WaitingLetter(DistributionRecord Letter, ReleaseReview Review)
{
    /// <summary>What it waits for; the text follows its name.</summary>
    public string Words => Review.Obstacle switch
    {
        ReleaseObstacle.BeingExamined => "is being checked again, and cannot be released until that is done",
        ReleaseObstacle.Overtaken => "cannot be released any more: its folder has become something else",
        _ => TwoPersonRule.ThatCount(Letter, Review) is [var approval, ..]
            ? $"waits for a second person: approved by {approval.By.Name} on {DeskText.Time(approval.At)}"
            : "waits for release",
    };
}

internal sealed record OverviewLine(DistributionRecord Distribution, Reach Reach);

/// <summary>A problem of a letter.</summary>
/// <param name="Words">A sentence without its full stop.</param>
/// <param name="Address">Where to deal with it.</param>
internal sealed record LetterTrouble(DistributionRecord Letter, string Words, string Address);

/// <param name="WaitsUntil">When it is rejected if nothing more arrives.</param>
/// <param name="Prepared">How many of its letters are typeset; null where the queue typesets none.</param>
internal sealed record UploadView(Upload Upload, DateTimeOffset WaitsUntil, string? Prepared);

/// <summary>What became of an upload folder.</summary>
/// <param name="Upload">The folder's record; null where it has not been examined yet.</param>
/// <param name="WaitsUntil">When it is rejected if nothing more arrives.</param>
internal sealed record FolderView(UploadFolder Folder, Upload? Upload, DateTimeOffset? WaitsUntil)
{
    /// <summary>
    /// What the examination is doing, where the folder has files that are not examined yet; null where the record is
    /// about the files that are there.
    /// </summary>
    public string? Checking { get; init; }

    /// <summary>Whether the folder has changed since the person who looks at the page uploaded their files.</summary>
    public bool IsOvertaken { get; init; }

    /// <inheritdoc cref="UploadView.Prepared"/>
    public string? Prepared { get; init; }
}

internal enum MissionFilter
{
    All,

    /// <summary>Still to be sent, delayed on its way, or not known to have left.</summary>
    Open,

    NotReached,

    NeverSent,

    /// <summary>As <see cref="MissionReach.IsSilent"/> has it.</summary>
    Silent,
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
    MissionFilter Filter,
    Mission Shown,
    Letter Letter,
    LetterSource Source,
    IReadOnlyList<LanguageGroup> Languages,
    IReadOnlyList<LetterPdf> Pdfs,
    FollowUpsView After)
{
    /// <summary>What the person who releases it must know; null where it does not wait for release.</summary>
    public ReleaseReview? Review { get; init; }

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
    /// stops asking.
    /// </summary>
    public int RefreshEvery =>
        Distribution switch
        {
            { State: DistributionState.Released or DistributionState.Sending } => 2_000,
            { State: DistributionState.Withdrawn } when Reach.Phase == ReachPhase.Stopping => 2_000,
            { State: DistributionState.AwaitingRelease, ProofRequestedAt: not null, ProofNote: null } => 2_000,
            { State: DistributionState.AwaitingRelease or DistributionState.Paused } => 5_000,
            { State: DistributionState.Scheduled, SendAt: { } hour } => hour - Now < TimeSpan.FromMinutes(2)
                ? 3_000
                : 15_000,
            _ => 30_000,
        };

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
    public bool MayStop =>
        Distribution.State is DistributionState.Released or DistributionState.Sending or DistributionState.Paused;

    public IEnumerable<(DeliveryState State, int Count)> Counts =>
        Missions.GroupBy(line => line.State).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()));

    public IEnumerable<MissionLine> Listed => Missions.Where(line => Passes(line, Filter));

    public int Count(MissionFilter filter) => Missions.Count(line => Passes(line, filter));

    private static bool Passes(MissionLine line, MissionFilter filter) =>
        filter switch
        {
            MissionFilter.Open => line.Reach.Standing
                is MissionStanding.OnItsWay
                    or MissionStanding.Delayed
                    or MissionStanding.Unknown,
            MissionFilter.NotReached => line.Reach.Standing == MissionStanding.NotReached,
            MissionFilter.NeverSent => line.Reach.Standing == MissionStanding.NeverSent,
            MissionFilter.Silent => line.IsSilent,
            _ => true,
        };
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
    /// <summary>Whether a reply of the mission waits to be read.</summary>
    public bool IsAnswered { get; init; }

    public bool IsSilent => Reach.IsSilent(IsAnswered);
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

    /// <summary>Whether the submitted form was the one to withdraw.</summary>
    public bool IsWithdrawal { get; init; }

    /// <summary>
    /// Whether people may still decide something about this mission's letter; not while a worker has claimed it.
    /// </summary>
    public bool MayDecide =>
        Distribution.State is DistributionState.Sending or DistributionState.Paused or DistributionState.Complete
        && Dispatch.Claim is null;
}

/// <param name="What">In words: the letter, a translation, or the enclosure's title.</param>
/// <param name="Scan">
/// Whether malware was looked for in it, in words; null for what this service has made itself.
/// </param>
internal sealed record AttachmentLine(
    string File,
    string What,
    long Length,
    string Address,
    bool IsLetter,
    string? Scan = null);

/// <summary>Which missions get the letter in which languages.</summary>
/// <param name="Letters">The authentic one first.</param>
internal sealed record LanguageGroup(string Email, IReadOnlyList<string> Letters, IReadOnlyList<Mission> Missions);
