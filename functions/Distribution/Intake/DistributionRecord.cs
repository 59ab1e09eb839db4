using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Distribution.Common;
using Distribution.Intake.Malware;
using Distribution.Letters;
using Distribution.Register;

namespace Distribution.Intake;

internal enum DistributionState
{
    /// <summary>Checked and frozen; sent when a person releases it.</summary>
    AwaitingRelease,

    /// <summary>
    /// Released; it is sent at its <see cref="DistributionRecord.Hour"/>, and can be held back until then.
    /// </summary>
    Scheduled,

    /// <summary>Released; its batches are being queued.</summary>
    Released,

    /// <summary>Its letters are being sent.</summary>
    Sending,

    /// <summary>On hold for a fault on the sender's side; no mission's letter counts as failed.</summary>
    Paused,

    /// <summary>Every mission of its frozen roster is accountable.</summary>
    Complete,

    /// <summary>Never sent: its upload folder holds another version now.</summary>
    Replaced,

    /// <summary>Stopped by a person or by a correction: unsent letters are not sent.</summary>
    Withdrawn,

    /// <summary>Never released: a person has discarded it.</summary>
    Discarded,
}

/// <summary>The approval by one of the two people a letter needs.</summary>
/// <param name="Content">
/// The <see cref="ReleaseHash"/> of what they looked at; null if a version without such hashes recorded it. Such an
/// approval does not count.
/// </param>
internal sealed record Approval(Person By, DateTimeOffset At, string? Content = null);

/// <summary>
/// New messages that a person has asked for and that are not in their missions' entries yet. The request is stored
/// before the first message is created, so that a crash loses none; each attempt has its number, so that none is
/// created twice (idempotent).
/// </summary>
/// <param name="Id">Unique: if two people ask at the same moment (race), only one request is accepted.</param>
/// <param name="By">Who asked.</param>
internal sealed record RequestedMessages(string Id, string By, ImmutableList<RequestedMessage> Messages);

/// <param name="MissionId">Null in requests of versions before format 4, which have an <see cref="Order"/>.</param>
/// <param name="Attempt">The number its attempt will have.</param>
internal sealed record RequestedMessage(string? MissionId, int Attempt)
{
    /// <summary>The mission's place in protocol order, from 1; null where its id is given.</summary>
    public int? Order { get; init; }

    public string MissionOf(IReadOnlyList<Mission> roster) => MissionId ?? roster[Order!.Value - 1].Id;
}

internal enum ReminderState
{
    /// <summary>Will be prepared at its time.</summary>
    Planned,

    /// <summary>Prepared: a separate distribution, which follows this one.</summary>
    Made,

    /// <summary>At its time no mission was silent.</summary>
    NotNeeded,

    /// <summary>The service could not send it at its time, so it waits for a person.</summary>
    Missed,

    /// <summary>A person stopped it or the letter, or the letter was superseded.</summary>
    Stopped,

    /// <summary>Its time had passed when the letter was released.</summary>
    Passed,
}

/// <summary>One letter with its enclosures to a frozen roster.</summary>
/// <param name="Id">
/// Made from process, revision, uploaded content, register, template and <c>PublicUrl</c>: while these are the same, an
/// upload is the same distribution. Addenda and reminders have other ids.
/// </param>
/// <param name="Folder">Where it was uploaded.</param>
/// <param name="Version">1 for the first distribution of a folder, then one more for each different one.</param>
/// <param name="Subject">As front matter gives it, before fields are filled in.</param>
/// <param name="ContentHash">
/// SHA-256 over the letter and the files it names, lower-case hexadecimal: see <see cref="Intake.ContentHash"/>.
/// </param>
/// <param name="Warnings">Findings of the pre-flight that do not stop the letter.</param>
/// <param name="RequeuedAt">
/// When its open batches were last queued, or when it was paused, probed or stopped: the timer waits from here.
/// </param>
/// <param name="ProofRequestedAt">When a proof was last asked for.</param>
/// <param name="ProofNote">The outcome of the last proof, in words; null before it is known.</param>
/// <param name="PauseReason">Why it is paused: a sentence, with what to do.</param>
/// <param name="PausePasses">Whether the reason may go away by itself; the timer then probes the transport.</param>
/// <param name="Probes">How many probes of the transport failed in a row; they determine the backoff.</param>
/// <param name="SendAt">The scheduled time its letter sets; null if it is sent when it is released.</param>
/// <param name="SupersededBy">
/// The distribution that superseded or withdrew it: nothing more of this one is sent.
/// </param>
/// <param name="Follows">The earlier distribution it follows; null for a letter that follows none.</param>
/// <param name="ErasureSaidAt">When the desk was notified that it will be erased.</param>
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
    IReadOnlyList<Finding> Warnings,
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
    FollowUp? Follows = null,
    DateTimeOffset? SendAt = null,
    string? SupersededBy = null,
    DateTimeOffset? ErasureSaidAt = null)
{
    /// <summary>Ends <c>ReleasedBy</c> where nobody released it.</summary>
    public const string Automatic = "(release: automatic)";

    /// <summary>It left by itself, as its letter asks.</summary>
    public bool LeftByItself => ReleasedBy?.EndsWith(Automatic, StringComparison.Ordinal) == true;

    /// <summary>In the order they were done. Acts are only added, never changed.</summary>
    public ImmutableList<AuditEntry> Acts { get; init; } = [];

    /// <summary>
    /// Who prepared it, or uploaded it at the desk, if that person counts as one of the two people it needs. For an
    /// upload it is stored at the release.
    /// </summary>
    public ImmutableList<Person>? Authors { get; init; }

    /// <summary>
    /// The id of the key that signs its tokens; a newer key does not change it. Null for distributions made before key
    /// ids were stored.
    /// </summary>
    public string? KeyId { get; init; }

    /// <summary>The approvals so far, while it waits for a second person.</summary>
    public ImmutableList<Approval> Approvals { get; init; } = [];

    /// <summary>
    /// The files it was made from; empty for reminders and addenda, and if a version before format 3 prepared it.
    /// </summary>
    public ImmutableList<SourceFile> Sources { get; init; } = [];

    /// <summary>
    /// The <see cref="ReleaseHash"/> of what was looked at when it was released; null before that, and if a version
    /// before format 3 released it.
    /// </summary>
    public string? ReleasedContent { get; init; }

    /// <summary>The keys of the findings that were confirmed when it was scheduled.</summary>
    public ImmutableList<string> Confirmed { get; init; } = [];

    /// <summary>
    /// When it leaves, while the release of a letter that leaves at once can be undone; null otherwise.
    /// </summary>
    public DateTimeOffset? LeavesAt { get; init; }

    /// <summary>That it did not leave at its hour, as the secretariat is still to be told; null where it was.</summary>
    public Notice? HourNotice { get; init; }

    /// <summary>
    /// Whom the proof that was asked for last goes to, as a person named them; empty for whom the letter names.
    /// </summary>
    public ImmutableList<string> ProofTo { get; init; } = [];

    /// <summary>How many proofs people have asked for.</summary>
    public int ProofsAsked { get; init; }

    /// <summary>Requested further messages that are not in the entries yet; null if there are none.</summary>
    public RequestedMessages? Asked { get; init; }

    /// <summary>In the order of their hours.</summary>
    public ImmutableList<PlannedReminder> Reminders { get; init; } = [];

    /// <summary>
    /// The malware scanner's results for the letter's files and its enclosures; empty if no scanner was configured.
    /// </summary>
    public ImmutableList<FileScan> Scans { get; init; } = [];

    /// <summary>
    /// The last format of the log (<c>LoggedFacts.Format</c>) for which the records of this distribution were searched
    /// for facts; 0 before the first search, and if only earlier versions searched, whose logs held deliveries and acts
    /// alone.
    /// </summary>
    public int LogFormat { get; init; }

    /// <summary>
    /// How many missions, whose places in protocol order follow each other, are sent to with one journal
    /// (<c>SendingJournal</c>). 0 if a version before format 6 released it: an instance of that may still be sending,
    /// and it knows no journals.
    /// </summary>
    public int SlotSize { get; init; }

    /// <summary>How often its release was undone, or held back at its hour.</summary>
    public int TimesHeldBack => Acts.Count(IsHoldingBack);

    /// <summary>Whether it is a letter or a correction, not a reminder or an addendum.</summary>
    public bool IsLetter => Follows is null or { IsCorrection: true };

    [JsonIgnore]
    public bool IsReminder => Follows is { Kind: FollowUpKind.Reminder };

    /// <summary>
    /// Whether it was released, by a person or automatically; its scheduled time may still be in the future.
    /// </summary>
    public bool IsLetGo => ReleasedAt is not null || State == DistributionState.Scheduled;

    /// <summary>
    /// When it was released, by a person or by itself, at once or for a later hour; null if it is not let go.
    /// </summary>
    public DateTimeOffset? LetGoAt =>
        IsLetGo
            // What was released before it was last held back counts no more.
            ? Acts.Skip(Acts.FindLastIndex(IsHoldingBack) + 1)
                .FirstOrDefault(entry => entry.Act is Act.Scheduled or Act.Released)?.At
                ?? ReleasedAt
            : null;

    /// <summary>When it leaves once it is scheduled; null if it is sent when it is released.</summary>
    public DateTimeOffset? Hour => LeavesAt ?? SendAt;

    /// <summary>Never released and no longer releasable: replaced or discarded.</summary>
    public bool IsPast => State is DistributionState.Replaced or DistributionState.Discarded;

    /// <summary>
    /// The id of the distribution that its missions acknowledge: for a reminder, the letter it reminds of.
    /// </summary>
    public string AcknowledgedUnder => Follows is { Kind: FollowUpKind.Reminder, Of: var letter } ? letter : Id;

    /// <summary>
    /// Whether a correction of it was sent, or it was stopped because a correction was about to be sent.
    /// </summary>
    public bool IsCorrected => SupersededBy is not null || Acts.Exists(entry => entry.Act == Act.Superseded);

    /// <summary>
    /// The id of the distribution that a reminder of it becomes. It is made of the number, so that workers that make it
    /// at the same time make the same one.
    /// </summary>
    public string IdOf(PlannedReminder reminder) => $"{Id}-r{reminder.Number}";

    /// <summary>Whether more of the same may still be sent: again, to more missions, or as a reminder.</summary>
    public bool StandsFirm =>
        ReleasedAt is not null && State != DistributionState.Withdrawn && SupersededBy is null && !IsBeingErased;

    /// <summary>Whether its erasure was begun: nothing more is sent of it.</summary>
    public bool IsBeingErased => Acts.Exists(entry => entry.Act == Act.Erased);

    /// <summary>Marks it as released: sending may begin.</summary>
    /// <param name="slotSize">As <see cref="SlotSize"/>.</param>
    public DistributionRecord LetGo(string by, DateTimeOffset now, int slotSize) =>
        this with
        {
            State = DistributionState.Released,
            LeavesAt = null,
            SlotSize = slotSize,
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
        LeavesAt = null,
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

    /// <summary>The scan that found no malware in exactly these bytes; null if they were not scanned.</summary>
    public FileScan? ScanOf(Enclosure enclosure) => Scans.Find(scan => scan.Hash == enclosure.Hash);

    private static bool IsHoldingBack(AuditEntry entry) => entry.Act is Act.HeldBack or Act.HourMissed;

    public DistributionRecord With(AuditEntry act) => this with { Acts = Acts.Add(act) };
}
