using System.Collections.Immutable;
using Distribution.Common;
using Distribution.Intake.Malware;
using Distribution.Letters;

namespace Distribution.Intake;

internal enum DistributionState
{
    /// <summary>Checked and frozen; leaves when a person releases it.</summary>
    AwaitingRelease,

    /// <summary>
    /// A person has released it; it leaves at the hour its letter sets, and can be held back until then.
    /// </summary>
    Scheduled,

    /// <summary>Released; its batches are being queued.</summary>
    Released,

    /// <summary>Its letters are leaving.</summary>
    Sending,

    /// <summary>On hold for a fault on the sender's side; no mission's letter counts as failed.</summary>
    Paused,

    /// <summary>Every mission of its frozen roster is accountable.</summary>
    Complete,

    /// <summary>Never sent: its upload folder holds another version now.</summary>
    Replaced,

    /// <summary>A person has stopped it: what had not been sent is not sent.</summary>
    Withdrawn,

    /// <summary>Never released: a person has set it aside.</summary>
    Discarded,
}

/// <summary>The word of one of the two people a letter needs.</summary>
/// <param name="Content">
/// The <see cref="ReleaseHash"/> of what they looked at; null where a version before hashes recorded it, and then it
/// does not count.
/// </param>
internal sealed record Approval(Person By, DateTimeOffset At, string? Content = null);

/// <summary>
/// New messages that a person has asked for and that are not in their missions' entries yet. The request is stored
/// before the first message is created, so that a crash loses none; each attempt has its number, so that none is
/// created twice (idempotent).
/// </summary>
/// <param name="Id">Like no other, so that of two people who ask at the same moment one alone is heard.</param>
/// <param name="By">Who asked.</param>
internal sealed record RequestedMessages(string Id, string By, ImmutableList<RequestedMessage> Messages);

/// <param name="Order">The mission's place in protocol order, from 1.</param>
/// <param name="Attempt">The number its attempt will have.</param>
internal sealed record RequestedMessage(int Order, int Attempt);

/// <summary>The minute over which letters are counted, where their number is limited.</summary>
internal sealed record SendingMinute(DateTimeOffset From, int Letters);

internal enum ReminderState
{
    /// <summary>Will be sent at its hour.</summary>
    Planned,

    /// <summary>Made: a distribution of its own, which follows this one.</summary>
    Made,

    /// <summary>At its hour no mission was silent.</summary>
    NotNeeded,

    /// <summary>The service was not running at its hour, so it waits for a person.</summary>
    Missed,

    /// <summary>A person has stopped it, or the letter was superseded.</summary>
    Stopped,

    /// <summary>Its hour had passed when the letter was released.</summary>
    Passed,
}

/// <summary>One letter with its enclosures to a frozen roster.</summary>
/// <param name="Id">
/// Made from process, revision and content, so the same upload is always the same distribution.
/// </param>
/// <param name="Folder">Where it was uploaded.</param>
/// <param name="Version">1 for the first content of a folder, then one more for each other content.</param>
/// <param name="Subject">As front matter gives it, before fields are filled in.</param>
/// <param name="ContentHash">SHA-256 over letter and enclosures, lower-case hexadecimal.</param>
/// <param name="Warnings">What the pre-flight found that stops nothing but should be seen.</param>
/// <param name="RequeuedAt">When its open batches were last put into the queue.</param>
/// <param name="ProofRequestedAt">When a proof was last asked for.</param>
/// <param name="ProofNote">What became of the last proof, in words.</param>
/// <param name="PauseReason">Why it is paused: a sentence, with what to do.</param>
/// <param name="PausePasses">Whether the reason may pass by itself.</param>
/// <param name="Probes">How many times in a row it was tried in vain whether the reason has passed.</param>
/// <param name="Minute">How many letters this minute has seen, where their number is limited.</param>
/// <param name="SendAt">The hour its letter sets; null where it leaves when it is released.</param>
/// <param name="SupersededBy">
/// The distribution that superseded or withdrew it: nothing more of this one is sent.
/// </param>
/// <param name="Follows">The earlier distribution it follows; null for a letter of its own.</param>
/// <param name="ErasureSaidAt">When the desk was told that it will be erased.</param>
internal sealed record DistributionRecord(
    string Id,
    UploadFolder Folder,
    int Version,
    string Process,
    string DraftLabel,
    int Sequence,
    DateOnly Date,
    string Subject,
    string ContentHash,
    string RegisterHash,
    int MissionCount,
    IReadOnlyList<Enclosure> Enclosures,
    IReadOnlyList<Fault> Warnings,
    IReadOnlyList<Correspondent> Proof,
    DistributionState State,
    DateTimeOffset PreparedAt,
    string? ReleasedBy = null,
    DateTimeOffset? ReleasedAt = null,
    DateTimeOffset? RequeuedAt = null,
    DateTimeOffset? CompletedAt = null,
    DateTimeOffset? ProofRequestedAt = null,
    string? ProofNote = null,
    string? PauseReason = null,
    bool PausePasses = false,
    int Probes = 0,
    SendingMinute? Minute = null,
    FollowUp? Follows = null,
    DateTimeOffset? SendAt = null,
    string? SupersededBy = null,
    DateTimeOffset? ErasureSaidAt = null)
{
    /// <summary>In the order they were done; only ever added to.</summary>
    public ImmutableList<AuditEntry> Acts { get; init; } = [];

    /// <summary>
    /// Who prepared it, or uploaded it at the desk, where they count as one of the two people behind it. Of an upload
    /// it is known from its release on.
    /// </summary>
    public ImmutableList<Person>? Authors { get; init; }

    /// <summary>
    /// The id of the key its tokens are made with, which new keys do not change; null where it was made before these
    /// were kept.
    /// </summary>
    public string? KeyId { get; init; }

    /// <summary>Who has approved that it leaves, while it waits for another person.</summary>
    public ImmutableList<Approval> Approvals { get; init; } = [];

    /// <summary>
    /// What it was made from; empty for what follows a letter, and for what a version before format 3 prepared.
    /// </summary>
    public ImmutableList<SourceFile> Sources { get; init; } = [];

    /// <summary>
    /// The <see cref="ReleaseHash"/> of what was looked at when it was released; null before that, and where a version
    /// before format 3 released it.
    /// </summary>
    public string? ReleasedContent { get; init; }

    /// <summary>The keys of the findings that whoever released it for its hour has confirmed.</summary>
    public ImmutableList<string> Confirmed { get; init; } = [];

    /// <summary>What a person has asked to be sent besides; null where nothing is waiting to be taken up.</summary>
    public RequestedMessages? Asked { get; init; }

    /// <summary>In the order of their hours.</summary>
    public ImmutableList<PlannedReminder> Reminders { get; init; } = [];

    /// <summary>
    /// What a malware scanner said of the letter's files and its enclosures; empty where none was configured.
    /// </summary>
    public ImmutableList<FileScan> Scans { get; init; } = [];

    /// <summary>
    /// Whether it is a letter of its own, be it a correction, and not a reminder or an addendum of one.
    /// </summary>
    public bool IsLetter => Follows is null or { IsCorrection: true };

    /// <summary>
    /// Whether it was released, by a person or by the letter's own rule; its hour may still be to come.
    /// </summary>
    public bool IsLetGo => ReleasedAt is not null || State == DistributionState.Scheduled;

    /// <summary>Never released and no longer releasable: replaced or discarded.</summary>
    public bool IsPast => State is DistributionState.Replaced or DistributionState.Discarded;

    /// <summary>
    /// Under which distribution its missions acknowledge: a reminder asks for the acknowledgement of the letter it
    /// reminds of.
    /// </summary>
    public string AcknowledgedUnder => Follows is { Kind: FollowUpKind.Reminder, Of: var letter } ? letter : Id;

    /// <summary>
    /// Whether a correction of it was sent, or it was stopped because a correction was about to be sent.
    /// </summary>
    public bool IsCorrected => SupersededBy is not null || Acts.Exists(entry => entry.Act == Act.Superseded);

    /// <summary>Whether more of the same may still be sent: again, to more missions, or as a reminder.</summary>
    public bool StandsFirm => ReleasedAt is not null && State != DistributionState.Withdrawn && SupersededBy is null;

    /// <summary>Marks it as released: sending may begin.</summary>
    public DistributionRecord LetGo(string by, DateTimeOffset now) =>
        this with
        {
            State = DistributionState.Released,
            ReleasedBy = by,
            ReleasedAt = now,
            Reminders =
            [
                .. Reminders.Select(reminder =>
                    reminder.State == ReminderState.Planned && reminder.At <= now
                        ? reminder with
                        {
                            State = ReminderState.Passed,
                        }
                        : reminder),
            ],
        };

    /// <summary>Puts it back to waiting for release; earlier approvals and confirmations no longer count.</summary>
    public DistributionRecord WaitAgain() => this with
    {
        State = DistributionState.AwaitingRelease,
        ReleasedBy = null,
        ReleasedContent = null,
        Approvals = [],
        Confirmed = [],
    };

    /// <summary>A distribution that follows this one, still to be released.</summary>
    public DistributionRecord FollowedBy(FollowUpKind kind, string id, FrozenContent content, AuditEntry prepared) =>
        new(
            id,
            Folder,
            Version,
            Process,
            DraftLabel,
            Sequence,
            Date,
            Subject,
            ContentHash,
            RegisterHash,
            content.Roster.Count,
            content.Enclosures,
            [],
            [],
            DistributionState.AwaitingRelease,
            prepared.At,
            Follows: new(kind, Id))
        {
            Acts = [prepared],
            KeyId = KeyId,
            Scans = Scans,
        };

    /// <summary>When a scanner found no malware in those very bytes; null where none looked.</summary>
    public FileScan? ScanOf(Enclosure enclosure) => Scans.Find(scan => scan.Hash == enclosure.Hash);

    public DistributionRecord With(AuditEntry act) => this with { Acts = Acts.Add(act) };
}
