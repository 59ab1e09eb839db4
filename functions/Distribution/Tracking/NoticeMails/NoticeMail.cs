using System.Collections.Immutable;

namespace Distribution.Tracking.NoticeMails;

/// <summary>
/// A mail to the secretariat that is being handed over. It is stored, so that another worker can send the same mail.
/// </summary>
/// <param name="Keys">The matters it tells of.</param>
/// <param name="ClaimId">Null where a version stored it that had none.</param>
internal sealed record NoticeMail(
    string MessageId,
    DateTimeOffset Date,
    string Subject,
    string Text,
    ImmutableList<string> Keys,
    DateTimeOffset? ClaimedAt = null,
    string? ClaimId = null) : IClaimedMail<NoticeMail>
{
    public NoticeMail ClaimedBy(string id, DateTimeOffset at) => this with { ClaimedAt = at, ClaimId = id };
}

/// <summary>
/// What has been told by mail. One record for the whole service: its ETag is the lock between workers.
/// </summary>
/// <param name="Told">The matters that were told and still wait, with the time at which they were last seen.</param>
/// <param name="LastAt">When the last mail was handed over, or could not be; null before the first.</param>
/// <param name="Open">The mail that is being handed over; null if none is.</param>
/// <param name="Failure">Why the last mail could not be handed over: a sentence; null if it was.</param>
internal sealed record NoticeMailState(
    ImmutableDictionary<string, DateTimeOffset> Told,
    DateTimeOffset? LastAt = null,
    NoticeMail? Open = null,
    string? Failure = null)
{
    /// <summary>
    /// When each of them was told; without those that were told by a version that did not store this.
    /// </summary>
    public ImmutableDictionary<string, DateTimeOffset> ToldAt { get; init; } =
        ImmutableDictionary<string, DateTimeOffset>.Empty;

    public static readonly NoticeMailState Empty = new(ImmutableDictionary<string, DateTimeOffset>.Empty);
}
