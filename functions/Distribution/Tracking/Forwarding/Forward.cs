using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Distribution.Tracking.Forwarding;

/// <summary>What became of a letter that was to be forwarded.</summary>
internal enum ForwardState
{
    /// <summary>Still to be handed over.</summary>
    Waiting,

    /// <summary>A mail server has taken it. Whether it arrived is not known.</summary>
    Sent,

    /// <summary>It was refused, or may not leave any more.</summary>
    NotSent,

    /// <summary>Its record was lost, and the log does not say whether it had left.</summary>
    NotKnown,
}

/// <summary>A mail server's report that a forwarded letter could not be delivered.</summary>
/// <param name="Source">The source of the report, one of <c>EvidenceRanks</c>.</param>
/// <param name="Words">The server's own; may be empty.</param>
internal sealed record ForwardReturn(DateTimeOffset At, string Source, string Words);

/// <summary>A mission's letter that somebody at the mission had sent on to a colleague.</summary>
/// <param name="Id">That of the form it was asked for with, so that the same form is recorded once.</param>
/// <param name="By">Who asked for it, as typed: anyone who has the mission's link can write any name.</param>
/// <param name="To">The colleague's address.</param>
/// <param name="EndedAt">When its state became known; null while it waits.</param>
/// <param name="Words">What the mail server said, or why it may not leave; may be empty.</param>
internal sealed record Forward(
    string Id,
    DateTimeOffset At,
    string By,
    string To,
    ForwardState State = ForwardState.Waiting,
    DateTimeOffset? EndedAt = null,
    string Words = "",
    DateTimeOffset? ClaimedAt = null,
    string? ClaimId = null) : IClaimedMail<Forward>
{
    /// <summary>Null as long as no report says that it could not be delivered.</summary>
    public ForwardReturn? Returned { get; init; }

    public Forward ClaimedBy(string id, DateTimeOffset at) => this with { ClaimedAt = at, ClaimId = id };

    /// <summary>Ends it; the claim ends with it.</summary>
    public Forward Ended(ForwardState state, DateTimeOffset at, string words) =>
        this with { State = state, EndedAt = at, Words = words, ClaimedAt = null, ClaimId = null };
}

/// <summary>What was forwarded of one letter by one mission.</summary>
/// <param name="All">
/// In the order in which they were asked for. They are only added, end once, and come back once.
/// </param>
internal sealed record MissionForwards(string DistributionId, string MissionId, ImmutableList<Forward> All)
{
    /// <summary>How many a mission may ask for within <see cref="Day"/>, of all its letters together.</summary>
    public const int MostADay = 10;

    /// <summary>24 hours back from each request, not a calendar day.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>
    /// The most of one letter, so that nobody who has the link can fill the record, which holds half a million
    /// characters.
    /// </summary>
    private const int MostOfOneLetter = 100;

    [JsonIgnore]
    public bool IsFull => All.Count >= MostOfOneLetter;

    /// <summary>Whether one is still to be handed over.</summary>
    [JsonIgnore]
    public bool IsDue => All.Exists(forward => forward.State == ForwardState.Waiting);

    public Forward? Find(string id) => All.Find(forward => forward.Id == id);

    [JsonIgnore]
    public int CountNotDelivered =>
        All.Count(forward => forward.Returned is not null || forward.State == ForwardState.NotSent);

    public int CountSince(DateTimeOffset moment) => All.Count(forward => forward.At > moment);

    /// <summary>Adds a forward, or replaces the one with its id.</summary>
    public MissionForwards With(Forward changed) =>
        this with
        {
            // In its place, since facts of the log are numbered by it.
            All = Find(changed.Id) is { } known ? All.Replace(known, changed) : All.Add(changed),
        };
}
