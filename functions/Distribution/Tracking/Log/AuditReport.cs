using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking.Log;

/// <summary>What can disprove that every mission of a distribution is accounted for.</summary>
internal enum BreachKind
{
    /// <summary>A mission of the frozen roster has no entry.</summary>
    EntryMissing,

    /// <summary>Nobody can say yet what became of a mission's letter.</summary>
    NotAccountable,

    /// <summary>The record and the log differ.</summary>
    LogDiffers,

    /// <summary>There is an entry, or a line of the log, for a mission that is not on the frozen roster.</summary>
    NotOnRoster,

    /// <summary>The stored content or files differ from what was frozen.</summary>
    ContentDiffers,

    /// <summary>The stored log differs from what was sealed.</summary>
    ChainBroken,
}

/// <summary>One reason why the proof fails.</summary>
/// <param name="MissionId">The mission it is about; null where it is about the whole distribution.</param>
/// <param name="Words">A sentence.</param>
internal sealed record Breach(BreachKind Kind, string? MissionId, string Words);

/// <summary>One mission of the frozen roster.</summary>
/// <param name="Entry">Its state according to its entry; null where it has no entry.</param>
/// <param name="Log">Its state, computed from the log alone.</param>
/// <param name="Facts">How many facts about it the log has.</param>
/// <param name="Evidence">The evidence for its state, in words; empty where nothing is known.</param>
/// <param name="IsByMailAlone">Whether mail is the only evidence for its state.</param>
internal sealed record AuditLine(
    Mission Mission,
    DeliveryState? Entry,
    DeliveryState Log,
    int Facts,
    string Evidence,
    bool IsByMailAlone,
    IReadOnlyList<Breach> Breaches)
{
    public bool IsAccountable => Entry is { IsAccountable: true } && Log.IsAccountable && !IsByMailAlone;
}

/// <summary>
/// The result of an audit: whether every mission of a distribution is accounted for, computed from its log, its frozen
/// roster and what is stored. And, as a separate question, whether every mission has the letter.
/// </summary>
/// <param name="Missions">In the order of the frozen roster.</param>
/// <param name="General">Breaches that are not about a single mission of the roster.</param>
/// <param name="Reach">Which missions have the letter, acknowledgements counted.</param>
/// <param name="Facts">How many facts are sealed.</param>
/// <param name="Late">How many of them the sealer reconstructed from the records later.</param>
/// <param name="Waiting">How many facts are in the log but not sealed yet.</param>
/// <param name="Head">The hash of the last link; null where nothing is sealed.</param>
/// <param name="Files">How many stored files were read completely and compared.</param>
internal sealed record AuditReport(
    DistributionRecord Distribution,
    DateTimeOffset At,
    IReadOnlyList<AuditLine> Missions,
    IReadOnlyList<Breach> General,
    Reach Reach,
    int Links,
    int Facts,
    int Late,
    int Waiting,
    string? Head,
    int Files)
{
    public IEnumerable<Breach> Breaches => General.Concat(Missions.SelectMany(line => line.Breaches));

    public int Accountable => Missions.Count(line => line.IsAccountable);

    /// <summary>Whether every mission is accounted for and nothing contradicts it.</summary>
    public bool IsAccounted => Missions.Count > 0 && !Breaches.Any();

    /// <summary>Whether, in addition, all facts are sealed.</summary>
    public bool IsProven => IsAccounted && Waiting == 0;

    /// <summary>Whether, in addition, every mission has the letter.</summary>
    public bool IsComplete => IsProven && Reach.IsComplete;

    /// <summary>
    /// Both in one line: <c>Every mission is accounted for, and proven; 4 do not have the letter</c>.
    /// </summary>
    public Phrase Verdict => this switch
    {
        { IsAccounted: false } when Accountable < Distribution.MissionCount =>
            Say($"Not every mission is accounted for"),
        { IsAccounted: false } => Say($"Not proven"),
        { IsProven: false } => With(Say($"Every mission is accounted for, not all sealed yet")),
        { IsComplete: true } => Say($"Complete, and proven"),
        _ => With(Say($"Every mission is accounted for, and proven")),
    };

    /// <summary>The same with how many missions do not have it, where not all that need it do.</summary>
    private Phrase With(Phrase verdict) =>
        Reach.Missions.Count(mission => !mission.HasIt && mission.Standing != MissionStanding.NotNeeded)
            is > 0 and var count
            ? Say(count, $"{verdict}; {count} does not have the letter", $"{verdict}; {count} do not have the letter")
            : verdict;
}
