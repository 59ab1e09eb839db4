using Microsoft.Extensions.Options;

namespace Distribution;

/// <summary>What letter a reply is to.</summary>
/// <param name="Letter">Null where a person must decide.</param>
/// <param name="Attempt">The message it shows to have been sent; null where that cannot be told.</param>
/// <param name="Acknowledges">False for what the secretariat's own side writes.</param>
/// <param name="How">A sentence.</param>
/// <param name="Candidates">Where a person must decide: the likeliest first.</param>
internal sealed record ReplyMatch(
    ReplyCandidate? Letter, DeliveryAttempt? Attempt, bool Acknowledges, string How, IReadOnlyList<ReplyCandidate> Candidates);

/// <summary>Finds the letter a reply is to: by the mission's own address, then by the Message-ID it answers, then by its sender.</summary>
internal sealed class ReplyMatching(
    Distributions distributions, Dispatches dispatches, Rosters rosters, ReplyAddresses replies, IOptions<MailSettings> mail, IOptions<InboundSettings> inbound, TimeProvider clock)
{
    private const int MostCandidates = 8;

    /// <summary>More missions than this behind one domain say that it is a provider's, as of free mailboxes.</summary>
    private const int MostOfOneDomain = 3;

    /// <summary>A sender alone tells a letter only while it is recent.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromDays(60);

    public async Task<ReplyMatch> Find(InboundMail.Reply reply, CancellationToken cancellation)
    {
        if (await ByToken(reply, cancellation) is { } addressed)
            return Weigh(reply, addressed, "the mission's own reply address");
        if (await ByLetter(reply, cancellation) is { } answered)
            return Weigh(reply, answered, "the message it answers");
        return await BySender(reply, cancellation);
    }

    /// <returns>A mission's letter in words; null where it is on no released distribution's roster.</returns>
    /// <param name="mission">Its id or its name.</param>
    public async Task<ReplyCandidate?> Find(string distributionId, string mission, CancellationToken cancellation) =>
        await distributions.Find(distributionId, cancellation) is { ReleasedAt: not null } distribution
        && (await rosters.Find(distributionId, cancellation)).Missions.FirstOrDefault(member =>
            member.Id.Equals(mission.Trim(), StringComparison.OrdinalIgnoreCase) || member.Name.Equals(mission.Trim(), StringComparison.OrdinalIgnoreCase)) is { } found
            ? Candidate(distribution, found)
            : null;

    private async Task<Found?> ByToken(InboundMail.Reply reply, CancellationToken cancellation)
    {
        var tokens = reply.Addressed.Select(replies.TokenIn).OfType<string>().Distinct().ToList();
        if (tokens is [])
            return null;
        var released = (await distributions.All(cancellation)).Where(distribution => distribution.ReleasedAt is not null).ToList();
        foreach (var token in tokens)
            foreach (var distribution in released.Where(distribution => ReplyAddresses.MayBeFor(token, distribution.Id)))
            {
                var roster = await rosters.Find(distribution.Id, cancellation);
                if (roster.Missions.FirstOrDefault(mission => replies.Verify(token, distribution.Id, mission.Id)) is not { } found)
                    continue;
                var dispatch = (await dispatches.Find(distribution.Id, roster.OrderOf(found.Id)!.Value, cancellation)).Value;
                return new(distribution, found, roster, dispatch.Attempts.Find(attempt => attempt.MessageId == reply.Letter) ?? (dispatch.Attempts is [var only] ? only : null));
            }

        return null;
    }

    private async Task<Found?> ByLetter(InboundMail.Reply reply, CancellationToken cancellation)
    {
        if (reply.Letter is not { } letter
            || SentMessage.Read(letter) is not { } sent
            || await distributions.Find(sent.DistributionId, cancellation) is not { } distribution)
            return null;
        var roster = await rosters.Find(distribution.Id, cancellation);
        if (roster.OrderOf(sent.MissionId) is not { } order)
            return null;
        var dispatch = (await dispatches.Find(distribution.Id, order, cancellation)).Value;
        return dispatch.Attempts.Find(attempt => attempt.MessageId == letter) is { } attempt ? new(distribution, roster.Missions[order - 1], roster, attempt) : null;
    }

    private ReplyMatch Weigh(InboundMail.Reply reply, Found found, string by)
    {
        var (letter, own) = (Candidate(found.Distribution, found.Mission), HasMailbox(found.Mission, reply.From));
        if (reply.LooksAutomatic)
            return Undecided([letter]);
        // Answered to all, the same address and the same references come with another mission's words.
        var others = own ? [] : found.Roster.Missions.Where(mission => HasMailbox(mission, reply.From)).ToList();
        if (others is not [])
            return Undecided([.. others.Take(MostOfOneDomain).Select(mission => Candidate(found.Distribution, mission)), letter]);
        var ours = !own && IsOurs(reply.From, found.Roster.Contact);
        return new(letter, ours ? null : found.Attempt, !ours, ours
            ? $"Known by {by}, but written by the secretariat's own side, so that it acknowledges nothing."
            : own ? $"Known by {by}."
            : $"Known by {by}, though {Characters.Briefly(reply.From)} is none of the mission's mailboxes.", []);
    }

    private async Task<ReplyMatch> BySender(InboundMail.Reply reply, CancellationToken cancellation)
    {
        List<(Distribution Distribution, Mission Mission, FrozenRoster Roster)> exact = [];
        List<ReplyCandidate> likely = [];
        var domain = reply.From[(reply.From.LastIndexOf('@') + 1)..];
        foreach (var distribution in (await distributions.All(cancellation)).Where(distribution => distribution.ReleasedAt >= clock.GetUtcNow() - Recent && distribution.AcknowledgedUnder == distribution.Id))
        {
            var roster = await rosters.Find(distribution.Id, cancellation);
            exact.AddRange(roster.Missions.Where(mission => HasMailbox(mission, reply.From)).Select(mission => (distribution, mission, roster)));
            var neighbours = roster.Missions.Where(mission => mission.Mailboxes.Any(box => box.Address.EndsWith($"@{domain}", StringComparison.OrdinalIgnoreCase))).ToList();
            if (neighbours.Count <= MostOfOneDomain)
                likely.AddRange(neighbours.Select(mission => Candidate(distribution, mission)));
        }

        if (exact is [var only] && !reply.LooksAutomatic
            && (await dispatches.Find(only.Distribution.Id, only.Roster.OrderOf(only.Mission.Id)!.Value, cancellation)).Value.Attempts is not [])
            return new(Candidate(only.Distribution, only.Mission), null, true, $"Known by its sender alone: the mission's mailbox {Characters.Briefly(reply.From)}, which had no other letter lately.", []);
        return Undecided([.. exact.Select(entry => Candidate(entry.Distribution, entry.Mission)).Concat(likely).Distinct().Take(MostCandidates)]);
    }

    private bool IsOurs(string address, Correspondent contact) =>
        ((string?[])[contact.Address, EmailAddresses.Read(mail.Value.From)?.Address, mail.Value.ReturnPath, inbound.Value.ReplyAddress]).Contains(address, StringComparer.OrdinalIgnoreCase);

    private static bool HasMailbox(Mission mission, string address) => mission.Mailboxes.Any(box => box.Address.Equals(address, StringComparison.OrdinalIgnoreCase));

    private static ReplyMatch Undecided(IReadOnlyList<ReplyCandidate> candidates) => new(null, null, false, "", candidates);

    private static ReplyCandidate Candidate(Distribution distribution, Mission mission) =>
        new(distribution.AcknowledgedUnder, mission.Id, $"{distribution.DraftLabel}, {distribution.Process}", mission.Name);

    private sealed record Found(Distribution Distribution, Mission Mission, FrozenRoster Roster, DeliveryAttempt? Attempt);
}
