using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Inbound;

namespace Distribution.Tracking;

/// <summary>A report on a mail that is no letter.</summary>
/// <param name="Words">What it is, in a sentence.</param>
/// <param name="Letter">The letter with which it is kept; null where there is none.</param>
internal sealed record ReturnedMail(string Words, ReplyCandidate? Letter = null);

/// <summary>
/// Records that a mail which is no letter could not be delivered: a test message, or a letter that a mission forwarded.
/// They are known by their Message-IDs, which nobody can guess. The mission's own letter does not change.
/// </summary>
internal sealed class ReturnedMails(
    TestMessages tests,
    Forwards forwards,
    DistributionRecords distributions,
    FrozenRosters rosters)
{
    /// <param name="failure">
    /// Gets the address that the mail went to, and returns the server's words if the report says that the mail could
    /// not be delivered there; else null. It may be called several times.
    /// </param>
    /// <param name="source">From where it is known, as <see cref="EvidenceRanks"/> has it.</param>
    /// <returns>Null where the Message-ID is of no such mail.</returns>
    public async Task<ReturnedMail?> Record(
        string messageId,
        Func<string, string?> failure,
        string source,
        DateTimeOffset at,
        CancellationToken cancellation) =>
        ForwardedMessageId.Read(messageId) is { } forwarded
            ? await Record(forwarded, failure, source, at, cancellation)
        : await tests.Returned(messageId, failure, at, cancellation) is { } test
            ? new($"It is a mail server's report on the test message to {test.Address}; the mission's page says so.")
        : null;

    private async Task<ReturnedMail?> Record(
        ForwardedMessageId forwarded,
        Func<string, string?> failure,
        string source,
        DateTimeOffset at,
        CancellationToken cancellation)
    {
        if (await distributions.FindByMark(forwarded.Mark, cancellation) is not { ReleasedAt: not null } letter
            || (await rosters.Find(letter.Id, cancellation)).Missions.FirstOrDefault(known =>
                known.Id.Equals(forwarded.MissionId, StringComparison.OrdinalIgnoreCase))
            is not { } mission)
            return null;
        var isKnown = await forwards.Change<bool>(
            letter.Id,
            mission.Id,
            record =>
                record.All.Find(forward =>
                    ForwardedMessageId.Of(letter.Id, mission.Id, forward.Id).Hash == forwarded.Hash)
                    is not { } forward
                    ? new(null, false)
                // What has not left yet cannot have come back, and what is on record is not written anew.
                : forward is { Returned: null, State: ForwardState.Sent or ForwardState.NotKnown }
                && failure(forward.To) is { } words
                    ? new(record.With(forward with { Returned = new(at, source, SingleLine.Of(words)) }), true)
                : new(null, true),
            cancellation);
        return isKnown
            ? new(
                Phrase
                    .Say($"It is a mail server's report on a letter that the mission forwarded.")
                    .In(DeskLanguage.English),
                ReplyCandidate.Of(letter, mission))
            : null;
    }
}
