using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Storage;
using Distribution.Tracking.Proposals;

namespace Distribution.Web.Desk;

/// <summary>A proposal as the desk is shown it.</summary>
/// <param name="Mission">Null where the register in use does not have it any more.</param>
/// <param name="Row">As the register in use has the mission; null like it.</param>
/// <param name="Letter">The letter by whose link it came; null where it cannot be found any more.</param>
/// <param name="Owners">Of the new mailboxes, by address, those that another mission has.</param>
internal sealed record ProposalLine(
    string MissionId,
    MissionProposal Proposal,
    Mission? Mission,
    MissionRow? Row,
    DistributionRecord? Letter,
    IReadOnlyDictionary<string, Mission> Owners)
{
    /// <summary>What keeps it from being accepted, besides a mailbox that is not confirmed: null for nothing.</summary>
    public bool CanBeAccepted => Row is not null && Changed.Count == 0;

    /// <summary>What was changed in the register since it was proposed.</summary>
    public IReadOnlyList<(ProposedCell Cell, string Now)> Changed =>
        Row is null ? [] : ProposalDecisions.Changed(Proposal, Row);

    public IEnumerable<NewMailbox> Unconfirmed => Proposal.NewMailboxes.Where(mailbox => mailbox.ConfirmedAt is null);

    /// <summary>The new mailboxes at a domain that no mailbox of the mission has now.</summary>
    public IEnumerable<string> AtOtherDomains =>
        Proposal.NewMailboxes.Select(mailbox => mailbox.Address)
            .Where(address => Mission?.Mailboxes.Any(known =>
                string.Equals(
                    EmailAddresses.Domain(known.Address),
                    EmailAddresses.Domain(address),
                    StringComparison.OrdinalIgnoreCase))
                is false);
}

/// <summary>The page of what missions propose.</summary>
/// <param name="Waiting">The earliest first, those that are being accepted among them.</param>
/// <param name="Ended">The latest first.</param>
/// <param name="IsRegisterUnreadable">Whether the register in use cannot be read; then none can be accepted.</param>
internal sealed record ProposalsView(
    IReadOnlyList<ProposalLine> Waiting,
    IReadOnlyList<ProposalLine> Ended,
    bool IsRegisterUnreadable,
    DateTimeOffset Now)
{
    /// <summary>The id of the proposal whose form lacks something; null for none.</summary>
    public string? Lacking { get; init; }

    /// <summary>What it lacks.</summary>
    public Phrase? Problem { get; init; }

    /// <summary>The word to the mission as it was typed.</summary>
    public string Word { get; init; } = "";
}

/// <summary>Gathers what missions propose, held against the register in use.</summary>
internal sealed class ProposalsReader(
    MissionProposals proposals,
    RegisterInUse registers,
    DistributionRecords distributions,
    TimeProvider clock)
{
    /// <summary>All proposals on record, those that ended included.</summary>
    public async Task<ProposalsView> Read(CancellationToken cancellation)
    {
        var (missions, content) = await Register(cancellation);
        var letters = (await distributions.All(cancellation)).ToDictionary(letter => letter.Id);
        var proposed = await proposals.All(cancellation);
        var known = missions.ToDictionary(mission => mission.Id);
        var rows = content is { } register
            ? MissionRow.Find(register, proposed.Select(mission => mission.MissionId).ToHashSet())
            : new Dictionary<string, MissionRow>();
        var owners = missions
            .SelectMany(mission => mission.Mailboxes.Select(mailbox => (mailbox.Address, Mission: mission)))
            // Two missions may share a mailbox, so a dictionary would fail.
            .ToLookup(owned => owned.Address, owned => owned.Mission, StringComparer.OrdinalIgnoreCase);
        List<ProposalLine> lines =
        [
            .. from mission in proposed
                from proposal in mission.All
                select new ProposalLine(
                    mission.MissionId,
                    proposal,
                    known.GetValueOrDefault(mission.MissionId),
                    rows.GetValueOrDefault(mission.MissionId),
                    letters.GetValueOrDefault(proposal.DistributionId),
                    Owners(mission.MissionId, proposal, owners)),
        ];

        return new(
            [.. lines.Where(line => line.Proposal.End is null).OrderBy(line => line.Proposal.At)],
            [.. lines.Where(line => line.Proposal.End is not null).OrderByDescending(line => line.Proposal.End!.At)],
            content is null,
            clock.GetUtcNow());
    }

    /// <summary>How many wait for a person.</summary>
    public async Task<int> CountWaiting(CancellationToken cancellation) =>
        (await proposals.All(cancellation)).Sum(mission =>
            mission.All.Count(proposal => proposal.IsWaiting));

    private async Task<(IReadOnlyList<Mission> Missions, ReadOnlyMemory<byte>? Content)> Register(
        CancellationToken cancellation)
    {
        try
        {
            return (
                (await registers.Current(cancellation)).Missions,
                await registers.Content(cancellation));
        }
        // The proposals are shown all the same, and none can be accepted: a notice says what cannot be read.
        catch (UnreadableRecordException)
        {
            return ([], null);
        }
    }

    private static Dictionary<string, Mission> Owners(
        string missionId,
        MissionProposal proposal,
        ILookup<string, Mission> owners)
    {
        var found = new Dictionary<string, Mission>();
        foreach (var mailbox in proposal.NewMailboxes)
            if (owners[mailbox.Address].FirstOrDefault(other => other.Id != missionId) is { } owner)
                found[mailbox.Address] = owner;
        return found;
    }
}
