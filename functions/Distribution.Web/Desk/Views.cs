namespace Distribution.Web;

/// <summary>The front page.</summary>
/// <param name="WaitingReplies">How many replies wait for a person to match them.</param>
internal sealed record OverviewView(
    IReadOnlyList<Notice> Notices,
    int WaitingReplies,
    IReadOnlyList<UploadView> Waiting,
    IReadOnlyList<UploadView> Rejected,
    IReadOnlyList<OverviewLine> Distributions);

/// <param name="Accountable">How many of its missions are accounted for.</param>
internal sealed record OverviewLine(Distribution Distribution, int Accountable);

/// <param name="WaitsUntil">When it is rejected if nothing more arrives.</param>
internal sealed record UploadView(Upload Upload, DateTimeOffset WaitsUntil);

internal enum MissionFilter
{
    All,

    /// <summary>Not accounted for.</summary>
    Open,

    Failed,

    /// <summary>Not acknowledged.</summary>
    Silent,
}

/// <summary>A distribution's own page.</summary>
/// <param name="Others">Other versions from the same folder, the latest first.</param>
/// <param name="Shown">The mission whose letter is shown.</param>
/// <param name="Source">The authentic letter.</param>
/// <param name="Pdfs">The typeset letters.</param>
/// <param name="Late">What was pressed too late, if anything: <c>release</c>, <c>resume</c>, <c>withdraw</c> or <c>proof</c>.</param>
internal sealed record StatusView(
    Distribution Distribution,
    IReadOnlyList<Distribution> Others,
    DateOnly RegisterReadOn,
    IReadOnlyList<MissionLine> Missions,
    MissionFilter Filter,
    Mission Shown,
    Letter Letter,
    LetterSource Source,
    IReadOnlyList<LanguageGroup> Languages,
    IReadOnlyList<LetterPdf> Pdfs,
    FollowUpsView After,
    string? Late)
{
    /// <summary>The signed letter, where one is sent instead of a typeset one.</summary>
    public Enclosure? Scan => Distribution.Enclosures.FirstOrDefault(enclosure => enclosure.Role == EnclosureRole.Letter);

    public bool IsReleased => Distribution.ReleasedAt is not null;

    /// <summary>Whether the page may say something else in a moment without anyone pressing a button.</summary>
    public bool IsMoving => Distribution.State is DistributionState.Released or DistributionState.Sending or DistributionState.Paused
        || Distribution is { State: DistributionState.AwaitingRelease, ProofRequestedAt: not null, ProofNote: null };

    /// <summary>Whether there is anything left to stop.</summary>
    public bool MayStop => Distribution.State is DistributionState.Released or DistributionState.Sending or DistributionState.Paused;

    public int Accountable => Missions.Count(line => line.State.IsAccountable);

    public int Acknowledged => Missions.Count(line => line.Acknowledgement is not null);

    public IEnumerable<(DeliveryState State, int Count)> Counts =>
        Missions.GroupBy(line => line.State).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()));

    public IEnumerable<MissionLine> Listed => Missions.Where(line => Passes(line, Filter));

    public int Count(MissionFilter filter) => Missions.Count(line => Passes(line, filter));

    private static bool Passes(MissionLine line, MissionFilter filter) => filter switch
    {
        MissionFilter.Open => !line.State.IsAccountable,
        MissionFilter.Failed => line.State is DeliveryState.Failed or DeliveryState.Bounced,
        MissionFilter.Silent => line.Acknowledgement is null,
        _ => true,
    };
}

/// <summary>One mission on its distribution's page.</summary>
/// <param name="NextTry">Earliest moment of the next try, where a server asked for patience.</param>
internal sealed record MissionLine(
    Mission Mission,
    DeliveryState State,
    IReadOnlyList<MailboxLine> Mailboxes,
    DateTimeOffset? NextTry,
    Acknowledgement? Acknowledgement)
{
    /// <summary>Whether an answer of the mission's waits to be read.</summary>
    public bool IsAnswered { get; init; }
}

/// <param name="State">Null where no attempt has been made.</param>
/// <param name="Last">What says why it is in that state.</param>
internal sealed record MailboxLine(Mailbox Mailbox, DeliveryState? State, DeliveryEvent? Last);

/// <summary>One mission's letter as it leaves.</summary>
/// <param name="Language">Of the email.</param>
/// <param name="Late">What was pressed too late, if anything: <c>resend</c>, <c>settle</c> or <c>acknowledgement</c>.</param>
/// <param name="Acknowledgement">What is on record of it; null where nothing is.</param>
/// <param name="Visits">To its link; null where there were none.</param>
/// <param name="Entry">What the form for an acknowledgement holds.</param>
internal sealed record LetterView(
    Distribution Distribution,
    Mission Mission,
    Mission? Before,
    Mission? After,
    string Language,
    Letter Letter,
    IReadOnlyList<AttachmentLine> Attachments,
    Dispatch Dispatch,
    IReadOnlyList<KeptReply> Replies,
    string? Late,
    MissionAcknowledgement? Acknowledgement,
    MissionVisits? Visits,
    AcknowledgementEntry Entry)
{
    /// <summary>The id under which the form for an acknowledgement is recorded: pressing twice records once.</summary>
    public string EntryForm { get; init; } = Guid.NewGuid().ToString("n");

    /// <summary>What is wrong with the form as it came.</summary>
    public IReadOnlyList<EntryProblem> EntryProblems { get; init; } = [];

    /// <summary>Whether an answer of the mission's waits to be read.</summary>
    public bool IsAnswered { get; init; }

    /// <summary>Whether the form that came was to withdraw.</summary>
    public bool IsWithdrawal { get; init; }

    /// <summary>Whether people may still decide something about this mission's letter.</summary>
    public bool MayDecide => Distribution.State is DistributionState.Sending or DistributionState.Paused or DistributionState.Complete && Dispatch.Claim is null;
}

/// <param name="What">In words: the letter, a translation, or the enclosure's title.</param>
/// <param name="Scan">Whether malware was looked for in it, in words; null for what this service has made itself.</param>
internal sealed record AttachmentLine(string File, string What, long Length, string Address, bool IsLetter, string? Scan = null);

/// <summary>Which missions get the letter in which languages.</summary>
/// <param name="Letters">The authentic one first.</param>
internal sealed record LanguageGroup(string Email, IReadOnlyList<string> Letters, IReadOnlyList<Mission> Missions);
