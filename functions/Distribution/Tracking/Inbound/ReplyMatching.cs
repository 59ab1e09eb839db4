using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Microsoft.Extensions.Options;

namespace Distribution.Tracking.Inbound;

/// <summary>What a reply is.</summary>
/// <param name="Acknowledged">The letter it acknowledges by itself; null where a person must decide.</param>
/// <param name="Attempt">The message it shows to have been sent; null where it shows none.</param>
/// <param name="Words">A sentence: how it is known, or why it waits.</param>
/// <param name="IsAnswer">Whether its mission has answered, for all that can be told.</param>
/// <param name="Candidates">Where a person must decide: the likeliest first.</param>
/// <param name="IsFromMission">Whether its sender is the mission's mailbox, as far as a sender shows.</param>
internal sealed record ReplyMatch(
    ReplyCandidate? Acknowledged,
    DeliveryAttempt? Attempt,
    string Words,
    ReplyPile Pile,
    bool IsAnswer,
    IReadOnlyList<ReplyCandidate> Candidates,
    bool IsFromMission = false);

/// <summary>
/// Weighs what a person wrote. By itself a reply acknowledges only as a statement that nobody else can have made: with
/// the mission's token, from the mission's mailbox, by no sign of a machine, and with the reference that is printed in
/// the letter. Everything else waits for a person, with the reason said.
/// </summary>
internal sealed class ReplyMatching(
    LetterFinder finder,
    DistributionRecords distributions,
    FrozenRosters rosters,
    FrozenContents contents,
    RegisterInUse registers,
    Acknowledgements acknowledgements,
    IOptions<MailSettings> mail,
    IOptions<InboundSettings> inbound,
    TimeProvider clock)
{
    private const int MostCandidates = 8;

    /// <summary>More missions than this behind one domain say that it is a provider's, as of free mailboxes.</summary>
    private const int MostOfOneDomain = 3;

    /// <summary>A sender alone tells a letter only while it is recent.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromDays(60);

    /// <summary>Mail servers note when a message came to the second, and their clocks are not ours.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <param name="arrived">When it reached us.</param>
    public async Task<ReplyMatch> Find(InboundMail.Reply reply, DateTimeOffset arrived, CancellationToken cancellation)
    {
        var letters = await finder.Find(reply, cancellation);
        if (letters is [])
            return Unknown(reply, await BySender(reply.From, cancellation));
        var first = letters[0];
        var others = HasMailbox(first.Mission, reply.From)
            ? []
            : first.Roster.Missions.Where(mission => HasMailbox(mission, reply.From)).Take(MostOfOneDomain).ToList();
        var objection = await Objection(reply, letters, others, arrived, cancellation);
        var shown =
            first.HasToken
            && first.Attempt is { } attempt
            && attempt.Mailboxes.Exists(box => Is(box.Mailbox.Address, reply.From))
                ? attempt
                : null;
        return objection is null
            ? new(
                first.Candidate,
                shown,
                $"Known by {first.By}; it comes from {(HasMailbox(first.Mission, reply.From) ? "the mission's mailbox" : "the mission's own domain")} and gives the reference printed in the letter.",
                ReplyPile.Receipt,
                false,
                [])
            : new(
                null,
                shown,
                objection,
                ReplyPiles.Of(reply, isKnown: true),
                // What reads like a machine's is a person's all the same where it copies the reference from the
                // letter's last page.
                first.HasToken
                    && others is []
                    && (HasMailbox(first.Mission, reply.From) || !IsOurs(reply.From, first.Roster.Contact))
                    && (
                        reply.Doubt is not { IsLikely: true }
                        || (
                            await Reference(first.Candidate.DistributionId, cancellation) is { } reference
                            && ReplyText.Gives(reply.Text, reference))),
                // Answered to all, the same address and the same references come with another mission's words.
                [
                    .. others
                        .Select(mission => ReplyCandidate.Of(first.Distribution, mission))
                        .Concat(letters.Select(letter => letter.Candidate))
                        .Distinct()
                        .Take(MostCandidates),
                ],
                HasMailbox(first.Mission, reply.From));
    }

    /// <returns>A mission's letter in words; null where it is on no released distribution's roster.</returns>
    /// <param name="mission">Its id or its name.</param>
    public async Task<ReplyCandidate?> Find(string distributionId, string mission, CancellationToken cancellation) =>
        await distributions.Find(distributionId, cancellation) is { ReleasedAt: not null } distribution
        && (await rosters.Find(distributionId, cancellation)).Missions.FirstOrDefault(member =>
            member.Id.Equals(mission.Trim(), StringComparison.OrdinalIgnoreCase)
            || member.Name.Equals(mission.Trim(), StringComparison.OrdinalIgnoreCase))
            is { } found
            ? ReplyCandidate.Of(distribution, found)
            : null;

    /// <summary>
    /// Whether a message that reached us then can be about a letter at all: not before it was released.
    /// </summary>
    public async Task<bool> CameAfter(ReplyCandidate letter, DateTimeOffset arrived, CancellationToken cancellation) =>
        await distributions.Find(letter.DistributionId, cancellation) is { ReleasedAt: { } released }
        && arrived + Slack >= released;

    /// <summary>
    /// The mission whose mailbox an address is, with the letters it had lately; where it is none, those of its domain.
    /// </summary>
    public async Task<IReadOnlyList<ReplyCandidate>> BySender(string? from, CancellationToken cancellation)
    {
        if (from is null)
            return [];
        List<ReplyCandidate> exact = [];
        List<ReplyCandidate> likely = [];
        var domain = EmailAddresses.Domain(from);
        foreach (
            var distribution in (await distributions.All(cancellation)).Where(distribution =>
                distribution.ReleasedAt >= clock.GetUtcNow() - Recent
                && distribution.AcknowledgedUnder == distribution.Id))
        {
            var roster = await rosters.Find(distribution.Id, cancellation);
            exact.AddRange(
                roster
                    .Missions.Where(mission => HasMailbox(mission, from))
                    .Select(mission => ReplyCandidate.Of(distribution, mission)));
            var neighbours = roster.Missions.Where(mission => HasDomain(mission, domain)).ToList();
            if (neighbours.Count <= MostOfOneDomain)
                likely.AddRange(neighbours.Select(mission => ReplyCandidate.Of(distribution, mission)));
        }

        return [.. exact.Concat(likely).Distinct().Take(MostCandidates)];
    }

    private static ReplyMatch Unknown(InboundMail.Reply reply, IReadOnlyList<ReplyCandidate> candidates) => new(
        null, null,
        reply.Doubt is { IsLikely: true } doubt ? $"It {doubt.Words}, and names no letter of ours."
        : candidates is [] ? "It names no letter of ours, and its sender is no mission's mailbox."
        : "It names no letter of ours: the missions offered are known by its sender alone, which anyone can write.",
        ReplyPiles.Of(reply, candidates is not []), false, candidates);

    /// <returns>
    /// Why it does not acknowledge by itself, in a sentence; null where nothing is to be said against it.
    /// </returns>
    private async Task<string?> Objection(
        InboundMail.Reply reply,
        IReadOnlyList<FoundLetter> letters,
        IReadOnlyList<Mission> others,
        DateTimeOffset arrived,
        CancellationToken cancellation)
    {
        var letter = letters[0];
        var isOwnMailbox = HasMailbox(letter.Mission, reply.From);
        return reply.Doubt is { } doubt ? $"It {doubt.Words}."
            : !letter.HasToken
                ? "It bears no token: the letter left before letters had them, so that anyone can have written it."
            : letters.Count(found => found.HasToken) > 1 ? "It bears the tokens of several missions or letters."
            : others is [{ Name: var other }, ..]
                ? $"It answers the letter to {letter.Mission.Name} and comes from a mailbox of {other}."
            : reply.Sender is null ? "It names several senders."
            : !isOwnMailbox && IsOurs(reply.From, letter.Roster.Contact) ? "It comes from the secretariat's own side."
            : !isOwnMailbox && !await IsDomainOf(letter, reply.From, cancellation)
                ? $"{UnsafeCharacters.Briefly(reply.From)} is no mailbox of the mission."
            : letter.LeftAt is not { } left || arrived + Slack < left ? "It came before the letter left."
            : await Reference(letter.Candidate.DistributionId, cancellation) is not { } reference
                ? "The letter prints no reference that it could give."
            : !ReplyText.Gives(reply.Text, reference) ? "It does not give the reference that is printed in the letter."
            : await acknowledgements.Find(letter.Distribution.AcknowledgedUnder, letter.Mission.Id, cancellation)
                is { Stands: null } record
            && record.IsFullForMission()
                ? "So much has been recorded and taken back over the mission's link that its record is full: a person must record this."
            : null;
    }

    /// <returns>Null where it went out as a scan alone, which bears none.</returns>
    private async Task<string?> Reference(string distributionId, CancellationToken cancellation) =>
        await contents.Find(distributionId, cancellation) is { Pdfs.Count: > 0 } content ? content.Reference : null;

    /// <summary>
    /// Whether the address is in a domain that only this mission uses, of all on the roster and in the register, and
    /// that is no provider's.
    /// </summary>
    private async Task<bool> IsDomainOf(FoundLetter letter, string from, CancellationToken cancellation)
    {
        var domain = EmailAddresses.Domain(from);
        return !PublicProviders.Has(domain)
            && HasDomain(letter.Mission, domain)
            && letter
                .Roster.Missions.Concat((await registers.Current(cancellation)).Missions)
                .All(mission => mission.Id == letter.Mission.Id || !HasDomain(mission, domain));
    }

    /// <summary>The secretariat's own addresses, and whoever else is in their domains.</summary>
    private bool IsOurs(string address, Correspondent contact) =>
        (
            (string?[])
                [
                    contact.Address,
                    EmailAddresses.Read(mail.Value.From)?.Address,
                    mail.Value.ReturnPath,
                    inbound.Value.ReplyAddress,
                ])
            .OfType<string>()
            .Where(own => own.Length > 0)
            .Any(own =>
                Is(own, address)
                || (
                    EmailAddresses.Domain(own) is var domain
                    && !PublicProviders.Has(domain)
                    && Is(domain, EmailAddresses.Domain(address))));

    private static bool HasMailbox(Mission mission, string address) =>
        mission.Mailboxes.Any(box => Is(box.Address, address));

    private static bool HasDomain(Mission mission, string domain) =>
        mission.Mailboxes.Any(box => Is(EmailAddresses.Domain(box.Address), domain));

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
