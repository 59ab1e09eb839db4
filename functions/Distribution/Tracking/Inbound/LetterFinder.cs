using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;

namespace Distribution.Tracking.Inbound;

/// <summary>A letter to one mission that a message is about.</summary>
/// <param name="Attempt">
/// The exact attempt that the message shows to have been sent; null where that is not known.
/// </param>
/// <param name="HasToken">Whether it has a token that only someone who has received that letter can know.</param>
internal sealed record FoundLetter(
    DistributionRecord Distribution,
    FrozenRoster Roster,
    Mission Mission,
    MissionEntry Dispatch,
    DeliveryAttempt? Attempt,
    bool HasToken)
{
    public ReplyCandidate Candidate => ReplyCandidate.Of(Distribution, Mission);

    /// <summary>
    /// Whether only the mission's reply address identifies it. That address is passed on more widely than the message
    /// itself, and is the same for all attempts.
    /// </summary>
    public bool IsByReplyAddress { get; init; }

    /// <summary>
    /// Whether it came to the mission's reply address. The token of that address is in no log and no archive; the
    /// others are, because logs and archives have the Message-IDs.
    /// </summary>
    public bool IsToReplyAddress { get; init; }

    /// <summary>
    /// The attempt, where a token of exactly this message proves it; null otherwise. Only this attempt's record may be
    /// changed.
    /// </summary>
    public DeliveryAttempt? Proven => HasToken && !IsByReplyAddress ? Attempt : null;

    /// <inheritdoc cref="MissionEntrySteps.LeftAt"/>
    public DateTimeOffset? LeftAt => Dispatch.LeftAt();
}

/// <summary>
/// Finds the letters that a message is about, by the addresses it was sent to and the Message-IDs it names.
/// </summary>
internal sealed class LetterFinder(
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenRosters rosters,
    MessageIds messages,
    ReplyAddresses replies,
    LegacyReplyAddresses earlier,
    ReturnPaths returnPaths,
    RecentLetters recent)
{
    /// <summary>
    /// The most token addresses of each kind that are checked. A message may name very many addresses, and each check
    /// costs storage reads.
    /// </summary>
    private const int MostAddresses = 3;

    /// <returns>Those identified by a token first; at most one for each mission and letter.</returns>
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
        if (found.Count == 0
            && mail is InboundMail.Bounce { NamesMessage: false } bounce
            && await ByMailbox(bounce, cancellation) is { } latest)
            found.Add(latest);
        // Of several matches for one letter, prefer the one that names the exact message: it says most.
        return
        [
            .. found
                .GroupBy(item => (item.Distribution.AcknowledgedUnder, item.Mission.Id))
                .Select(same =>
                    same.OrderByDescending(item => item.HasToken)
                        .ThenByDescending(item => item.Attempt is not null)
                        .First() with
                    {
                        IsToReplyAddress = same.Any(item => item.IsToReplyAddress),
                    })
                .OrderByDescending(item => item.HasToken),
        ];
    }

    private async Task<FoundLetter?> ByMessageId(string letter, CancellationToken cancellation)
    {
        if (await messages.Find(letter, cancellation) is not { } sent)
            return null;
        var dispatch = (await entries.Find(sent.Distribution.Id, sent.Mission.Id, cancellation)).Value;
        return MessageIds.AttemptOf(dispatch, letter) is { } attempt
            ? new(
                sent.Distribution,
                sent.Roster,
                sent.Mission,
                dispatch,
                attempt,
                sent.HasToken)
            : null;
    }

    /// <summary>
    /// The latest letter to a mailbox that a report names. It only shows a person where to look: anyone can write such
    /// a report.
    /// </summary>
    private async Task<FoundLetter?> ByMailbox(InboundMail.Bounce bounce, CancellationToken cancellation)
    {
        List<string> named =
        [
            .. bounce
                .Recipients.SelectMany(recipient => (string?[])[recipient.Original, recipient.Final])
                .SelectMany(ReportedRecipient.Readings),
            .. BounceText.EveryAddress(bounce.Text),
        ];
        if (named.Count == 0)
            return null;
        var letters = await recent.To(named, cancellation);
        return named.SelectMany(mailbox => letters[mailbox]).FirstOrDefault() is { } letter
            ? new(
                letter.Distribution,
                await rosters.Find(letter.Distribution.Id, cancellation),
                letter.Mission,
                letter.Entry,
                null,
                false)
            : null;
    }

    private async Task<FoundLetter?> ByReturnPath(string mark, string token, CancellationToken cancellation)
    {
        if (await distributions.FindByMark(mark, cancellation) is not { ReleasedAt: not null } distribution)
            return null;
        // The address names the letter by its mark and holds a token; it names no mission, so each attempt is tried.
        foreach (var entry in await entries.All(distribution.Id, cancellation))
            foreach (var attempt in entry.Value.Attempts)
                if (returnPaths.Verify(
                        token,
                        distribution.KeyId,
                        distribution.Id,
                        entry.Value.MissionId,
                        attempt.Number))
                {
                    var roster = await rosters.Find(distribution.Id, cancellation);
                    return new(
                    distribution,
                    roster,
                    roster.Mission(entry.Value.MissionId),
                    entry.Value,
                    attempt,
                    true);
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
        var dispatch = (await entries.Find(distribution.Id, mission.Id, cancellation)).Value;
        return new(
            distribution,
            roster,
            mission,
            dispatch,
            (letter is null ? null : MessageIds.AttemptOf(dispatch, letter))
                // Of one attempt there is no doubt. The address is the same for all, so that of several none is known.
                ?? (dispatch.Attempts is [var only] ? only : null),
            hasToken)
        {
            IsByReplyAddress = true,
            IsToReplyAddress = hasToken,
        };
    }
}
