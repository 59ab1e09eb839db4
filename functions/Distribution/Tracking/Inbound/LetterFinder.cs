using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;

namespace Distribution.Tracking.Inbound;

/// <summary>A letter to one mission that a message speaks of.</summary>
/// <param name="Attempt">The very message it shows to have been sent; null where that cannot be told.</param>
/// <param name="HasToken">Whether it bears what only someone can have who holds that letter.</param>
/// <param name="By">What it is known by: goes on after "Known by".</param>
internal sealed record FoundLetter(
    DistributionRecord Distribution,
    FrozenRoster Roster,
    Mission Mission,
    MissionEntry Dispatch,
    DeliveryAttempt? Attempt,
    bool HasToken,
    string By)
{
    public ReplyCandidate Candidate => ReplyCandidate.Of(Distribution, Mission);

    /// <summary>
    /// Whether only the mission's reply address names it: that travels further than the message itself, and is the same
    /// for all of them.
    /// </summary>
    public bool IsByReplyAddress { get; init; }

    /// <summary>
    /// The message it is about by a token of that very message, the only one whose record it may change; null where
    /// there is none.
    /// </summary>
    public DeliveryAttempt? Proven => HasToken && !IsByReplyAddress ? Attempt : null;

    /// <summary>When it was first handed over, of the times it left or may have; null where it never did.</summary>
    public DateTimeOffset? LeftAt =>
        Dispatch
            .Attempts.SelectMany(attempt => attempt.Mailboxes)
            .Where(mailbox => mailbox.MayHaveLeft)
            .SelectMany(mailbox => mailbox.Events)
            .Where(happened => happened.Kind == DeliveryEventKind.HandingOver)
            .Select(happened => (DateTimeOffset?)happened.At)
            .Min();
}

/// <summary>
/// Finds the letters a message speaks of by what of ours stands in it: the address it came to, and the Message-IDs it
/// names.
/// </summary>
internal sealed class LetterFinder(
    DistributionRecords distributions,
    MissionEntries dispatches,
    FrozenRosters rosters,
    MessageIds messages,
    ReplyAddresses replies,
    LegacyReplyAddresses earlier,
    ReturnPaths returnPaths)
{
    /// <summary>A message may have been sent to a great many addresses; so many of ours are looked into.</summary>
    private const int MostAddresses = 3;

    /// <returns>Those known by a token first; one for each mission and letter.</returns>
    public async Task<IReadOnlyList<FoundLetter>> Find(InboundMail mail, CancellationToken cancellation)
    {
        List<FoundLetter> found = [];
        if (mail.Letter is { } letter && await ByMessageId(letter, cancellation) is { } named)
            found.Add(named);
        foreach (
            var (mark, token) in mail
                .Addressed.Select(returnPaths.TokenIn)
                .OfType<(string, string)>()
                .Distinct()
                .Take(MostAddresses))
            if (await ByReturnPath(mark, token, cancellation) is { } returned)
                found.Add(returned);
        foreach (
            var (mark, token) in mail
                .Addressed.Select(replies.TokenIn)
                .OfType<(string, string)>()
                .Distinct()
                .Take(MostAddresses))
            if (await ByReplyAddress(mark, token, mail.Letter, cancellation) is { } addressed)
                found.Add(addressed);
        if (mail.Addressed.Select(earlier.TokenIn).OfType<string>().FirstOrDefault() is { } old
            && await ByEarlierAddress(old, cancellation) is { } before)
            found.Add(before);
        // The one that names the very message says most of it.
        return
        [
            .. found
                .GroupBy(item => (item.Distribution.AcknowledgedUnder, item.Mission.Id))
                .Select(same =>
                    same.OrderByDescending(item => item.HasToken)
                        .ThenByDescending(item => item.Attempt is not null)
                        .First())
                .OrderByDescending(item => item.HasToken),
        ];
    }

    private async Task<FoundLetter?> ByMessageId(string letter, CancellationToken cancellation)
    {
        if (await messages.Find(letter, cancellation) is not { } sent)
            return null;
        var dispatch = (await dispatches.Find(sent.Distribution.Id, sent.Order, cancellation)).Value;
        return MessageIds.AttemptOf(dispatch, letter) is { } attempt
            ? new(
                sent.Distribution,
                sent.Roster,
                sent.Mission,
                dispatch,
                attempt,
                sent.HasToken,
                "the message it answers")
            : null;
    }

    private async Task<FoundLetter?> ByReturnPath(string mark, string token, CancellationToken cancellation)
    {
        if (await distributions.FindByMark(mark, cancellation) is not { ReleasedAt: not null } distribution)
            return null;
        foreach (var entry in await dispatches.All(distribution.Id, cancellation))
            foreach (var attempt in entry.Value.Attempts)
                if (returnPaths.Verify(token, distribution.KeyId, distribution.Id, entry.Value.MissionId, attempt.Number))
                {
                    var roster = await rosters.Find(distribution.Id, cancellation);
                    return new(
                    distribution,
                    roster,
                    roster.Missions[entry.Value.Order - 1],
                    entry.Value,
                    attempt,
                    true,
                    "the letter's own return path");
                }

        return null;
    }

    private async Task<FoundLetter?> ByReplyAddress(
        string mark,
        string token,
        string? letter,
        CancellationToken cancellation)
    {
        if (await distributions.FindByMark(mark, cancellation) is not { ReleasedAt: not null } distribution)
            return null;
        var roster = await rosters.Find(distribution.Id, cancellation);
        return
            roster.Missions.FirstOrDefault(mission =>
                replies.Verify(token, distribution.KeyId, distribution.Id, mission.Id))
                is { } found
            ? await Addressed(distribution, roster, found, letter, true, cancellation)
            : null;
    }

    private async Task<FoundLetter?> ByEarlierAddress(string token, CancellationToken cancellation)
    {
        foreach (
            var distribution in (await distributions.All(cancellation)).Where(distribution =>
                distribution.ReleasedAt is not null && LegacyReplyAddresses.MayBeFor(token, distribution.Id)))
        {
            var roster = await rosters.Find(distribution.Id, cancellation);
            if (roster.Missions.FirstOrDefault(mission => earlier.Verify(token, distribution.Id, mission.Id)) is
                { } found)
                return await Addressed(distribution, roster, found, null, false, cancellation);
        }

        return null;
    }

    private async Task<FoundLetter> Addressed(
        DistributionRecord distribution,
        FrozenRoster roster,
        Mission mission,
        string? letter,
        bool hasToken,
        CancellationToken cancellation)
    {
        var dispatch = (await dispatches.Find(distribution.Id, roster.OrderOf(mission.Id)!.Value, cancellation)).Value;
        return new(
            distribution,
            roster,
            mission,
            dispatch,
            (letter is null ? null : MessageIds.AttemptOf(dispatch, letter))
                ?? (dispatch.Attempts is [var only] ? only : null),
            hasToken,
            "the mission's own reply address")
        {
            IsByReplyAddress = true,
        };
    }
}
