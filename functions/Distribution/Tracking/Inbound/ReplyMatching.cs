using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Tracking.Inbound;

/// <summary>What was found out about a reply.</summary>
/// <param name="Acknowledged">The letter it acknowledges without a person; null where a person must decide.</param>
/// <param name="Attempt">The attempt it shows to have been sent; null where it shows none.</param>
/// <param name="Words">How this is known, or why it waits: a sentence.</param>
/// <param name="IsAnswer">Whether its mission counts as having answered, as far as is known.</param>
/// <param name="Candidates">Where a person must decide: the letters it may be about, the most likely first.</param>
/// <param name="IsFromMission">Whether its sender is the mission's mailbox. A sender can be forged.</param>
internal sealed record ReplyMatch(
    ReplyCandidate? Acknowledged,
    DeliveryAttempt? Attempt,
    string Words,
    ReplyPile Pile,
    bool IsAnswer,
    IReadOnlyList<ReplyCandidate> Candidates,
    bool IsFromMission = false);

/// <summary>
/// Decides what a person's message acknowledges. Without a person, a reply acknowledges only where nobody but the
/// mission can have written it: it was sent to the mission's own reply address, it comes from the mission's mailbox or
/// from a domain that only this mission uses, nothing suggests a machine, it gives the reference printed in the letter,
/// and all that it says is that the letter came. Every other reply waits for a person, with the reason.
/// </summary>
internal sealed class ReplyMatching(
    LetterFinder finder,
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenRosters rosters,
    FrozenContents contents,
    RegisterInUse registers,
    Acknowledgements acknowledgements,
    IOptions<MailSettings> mail,
    IOptions<InboundSettings> inbound,
    TimeProvider clock)
{
    private const int MostCandidates = 8;

    /// <summary>
    /// If more missions than this share a domain, it belongs to a provider, such as one of free mailboxes.
    /// </summary>
    private const int MostOfOneDomain = 3;

    /// <summary>How long after the release a sender's address alone can point to a letter.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromDays(60);

    /// <summary>
    /// Tolerance when times are compared: mail servers note arrival times in whole seconds, and their clocks differ
    /// from ours.
    /// </summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <param name="arrived">When it reached us.</param>
    public async Task<ReplyMatch> Find(InboundMail.Reply reply, DateTimeOffset arrived, CancellationToken cancellation)
    {
        var letters = await finder.Find(reply, cancellation);
        if (letters is [])
            return Unknown(reply, await BySender(reply.From, cancellation));
        var first = letters[0];
        reply = reply with { Names = [.. reply.Names, .. NamesOf(first)] };
        // A mailbox that two missions share is taken for that of the mission whose letter it answers.
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
                $"Known by the mission's own reply address; it comes from {(HasMailbox(first.Mission, reply.From) ? "the mission's mailbox" : "the mission's own domain")} and gives the reference printed in the letter.",
                ReplyPile.Receipt,
                false,
                [])
            : new(
                null,
                shown,
                objection,
                ReplyPiles.Of(reply, isKnown: true),
                // A message that looks like a machine's counts as a person's if it gives the reference from the
                // letter's last page: someone had to copy it.
                first.HasToken
                    && others is []
                    && (HasMailbox(first.Mission, reply.From) || !IsOurs(reply.From, first.Roster.Contact))
                    && (
                        reply.Doubt is not { IsLikely: true }
                        || await IsGivenReference(first.Candidate, reply.Text, cancellation)),
                // With "reply to all", another mission can answer with this mission's address and references. So the
                // missions that have the sender's mailbox come first.
                [
                    .. others
                        .Select(mission => ReplyCandidate.Of(first.Distribution, mission))
                        .Concat(letters.Select(letter => letter.Candidate))
                        .Distinct()
                        .Take(MostCandidates),
                ],
                HasMailbox(first.Mission, reply.From));
    }

    /// <returns>
    /// The mission's letter; null where no released distribution with that mission on its roster has this id.
    /// </returns>
    /// <param name="mission">
    /// The mission's id, its code, or its name in any language of the register; case does not matter.
    /// </param>
    public async Task<ReplyCandidate?> Find(string distributionId, string mission, CancellationToken cancellation) =>
        await distributions.Find(distributionId, cancellation) is { ReleasedAt: not null } distribution
        && Called(mission.Trim(), (await rosters.Find(distributionId, cancellation)).Missions) is { } found
            ? ReplyCandidate.Of(distribution, found)
            : null;

    /// <summary>By its id, or else by whatever name a person types.</summary>
    private static Mission? Called(string typed, IReadOnlyList<Mission> missions) =>
        missions.FirstOrDefault(member => member.Id.Equals(typed, StringComparison.OrdinalIgnoreCase))
        ?? missions.FirstOrDefault(member => member.IsCalled(typed));

    /// <summary>
    /// Whether a message that reached us at that time can be about the letter: not if it came before the mission's own
    /// letter was handed over, or while that has not happened. For letters of versions that did not record the hour of
    /// the hand-over, the release counts.
    /// </summary>
    public async Task<bool> CameAfter(ReplyCandidate letter, DateTimeOffset arrived, CancellationToken cancellation)
    {
        if (await distributions.Find(letter.DistributionId, cancellation) is not { ReleasedAt: { } released }
            || !await rosters.Has(letter.DistributionId, letter.MissionId, cancellation))
            return false;
        var entry = (await entries.Find(letter.DistributionId, letter.MissionId, cancellation)).Value;
        return entry.Attempts.Exists(attempt => attempt.Mailboxes.Exists(box => box.MayHaveLeft))
            && arrived + Slack >= (entry.LeftAt() ?? released);
    }

    /// <summary>
    /// The recent letters to missions with this sender's mailbox, then those to missions in the same domain, unless the
    /// domain has too many missions.
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
                // A reminder is no letter of its own to be acknowledged.
                && distribution.AcknowledgedUnder == distribution.Id))
            try
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
            catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
            {
                // Swallowed: the secretariat is told of it, and the message may be about another letter. It waits for a
                // person in any case.
            }

        return [.. exact.Concat(likely).Distinct().Take(MostCandidates)];
    }

    private static ReplyMatch Unknown(InboundMail.Reply reply, IReadOnlyList<ReplyCandidate> candidates) => new(
        null, null,
        reply.Doubt is { IsLikely: true } doubt ? $"It {doubt.Words}, and names no letter of ours."
        : candidates is []
            ? Say($"It names no letter of ours, and its sender is no mission's mailbox.").In(DeskLanguage.English)
        : Say($"It names no letter of ours: the missions offered are known by its sender alone, which anyone can write.").In(DeskLanguage.English),
        ReplyPiles.Of(reply, candidates is not []), false, candidates);

    /// <returns>
    /// Why the reply does not acknowledge without a person, as a sentence; null where nothing speaks against it.
    /// </returns>
    private async Task<string?> Objection(
        InboundMail.Reply reply,
        IReadOnlyList<FoundLetter> letters,
        IReadOnlyList<Mission> others,
        DateTimeOffset arrived,
        CancellationToken cancellation)
    {
        var letter = letters[0];
        // The first that speaks against it is said. What is known without storage is asked first.
        if (reply.Doubt is { } doubt)
            return $"It {doubt.Words}.";
        if (!letter.HasToken)
            return Say($"It bears no token: the letter left before letters had them, so that anyone can have written it.").In(DeskLanguage.English);
        if (!letter.IsToReplyAddress)
            return Say($"It names the letter, and was not sent to the mission's own reply address: whoever has the letter's log or archive can have written it.").In(DeskLanguage.English);
        if (letters.Count(found => found.HasToken) > 1)
            return Say($"It bears the tokens of several missions or letters.").In(DeskLanguage.English);
        if (others is [{ Name: var other }, ..])
            return $"It answers the letter to {letter.Mission.Name} and comes from a mailbox of {other}.";
        return AgainstSender(reply, letter)
            ?? await AgainstDomain(reply, letter, cancellation)
            ?? (letter.LeftAt is not { } left || arrived + Slack < left
                ? Say($"It came before the letter left.").In(DeskLanguage.English)
                : null)
            ?? await AgainstReference(reply, letter, cancellation)
            ?? await AgainstRecord(letter, cancellation);
    }

    private string? AgainstSender(InboundMail.Reply reply, FoundLetter letter)
    {
        if (reply.Sender is null)
            return Say($"It names several senders.").In(DeskLanguage.English);
        return !HasMailbox(letter.Mission, reply.From) && IsOurs(reply.From, letter.Roster.Contact)
            ? Say($"It comes from the secretariat's own side.").In(DeskLanguage.English)
            : null;
    }

    private async Task<string?> AgainstDomain(
        InboundMail.Reply reply,
        FoundLetter letter,
        CancellationToken cancellation) =>
        HasMailbox(letter.Mission, reply.From) || await IsDomainOf(letter, reply.From, cancellation)
            ? null
            : $"{UnsafeCharacters.Briefly(reply.From)} is no mailbox of the mission.";

    private async Task<string?> AgainstReference(
        InboundMail.Reply reply,
        FoundLetter letter,
        CancellationToken cancellation)
    {
        if (await Reference(letter.Candidate.DistributionId, cancellation) is not { } reference)
            return Say($"The letter prints no reference that it could give.").In(DeskLanguage.English);
        if (!ReplyText.Gives(reply.Text, reference))
            return Say($"It does not give the reference that is printed in the letter.").In(DeskLanguage.English);
        return
            reply.HasFiles ? Say($"It gives the reference, and brings a file as well.").In(DeskLanguage.English)
            : ReplyPiles.SaysMore(reply, reference)
                ? Say($"It gives the reference, and asks or says something else as well.").In(DeskLanguage.English)
            : null;
    }

    private async Task<string?> AgainstRecord(FoundLetter letter, CancellationToken cancellation) =>
        await acknowledgements.Find(letter.Distribution.AcknowledgedUnder, letter.Mission.Id, cancellation)
            is { Stands: null } record
        && record.IsFullForMission()
            ? "So much has been recorded and taken back over the mission's link that its record is full: "
                + "a person must record this."
            : null;

    /// <summary>Whether the text gives the reference printed in the letter: someone had to copy it.</summary>
    public async Task<bool> IsGivenReference(ReplyCandidate letter, string text, CancellationToken cancellation) =>
        await Reference(letter.DistributionId, cancellation) is { } reference && ReplyText.Gives(text, reference);

    /// <returns>The printed reference; null where the letter went out only as a scan, which has no reference.</returns>
    private async Task<string?> Reference(string distributionId, CancellationToken cancellation) =>
        await contents.Find(distributionId, cancellation) is { Pdfs.Count: > 0 } content ? content.Reference : null;

    /// <summary>
    /// Whether the address is in a domain that only this mission uses, among all missions on the roster and in the
    /// register, and that is not a public provider's.
    /// </summary>
    private async Task<bool> IsDomainOf(FoundLetter letter, string from, CancellationToken cancellation)
    {
        var domain = EmailAddresses.Domain(from);
        return !PublicProviders.Has(domain)
            && HasDomain(letter.Mission, domain)
            // The register as well: a mission that was added later may use the domain, too. While it cannot be read,
            // nobody knows, and a person decides.
            && await registers.TryCurrent(cancellation) is { } register
            && letter
                .Roster.Missions.Concat(register.Missions)
                .All(mission => mission.Id == letter.Mission.Id || !HasDomain(mission, domain));
    }

    /// <summary>
    /// Whether the address is the secretariat's own, or in one of its own domains. Domains of public providers do not
    /// count.
    /// </summary>
    private bool IsOurs(string address, Correspondent contact) =>
        (
            (string?[])
                [
                    contact.Address,
                    mail.Value.Sender?.Address,
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

    /// <summary>What a receipt may call the mission and the letter.</summary>
    private static IEnumerable<string> NamesOf(FoundLetter letter) =>
        [
            .. letter.Mission.Names.Values,
            .. letter.Mission.Titles.Values,
            letter.Mission.HeadTitle,
            letter.Distribution.DraftLabel,
        ];

    private static bool HasMailbox(Mission mission, string address) =>
        mission.Mailboxes.Any(box => Is(box.Address, address));

    private static bool HasDomain(Mission mission, string domain) =>
        mission.Mailboxes.Any(box => Is(EmailAddresses.Domain(box.Address), domain));

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
