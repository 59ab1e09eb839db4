using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Storage;

namespace Distribution.Tracking.Proposals;

/// <summary>What came of accepting a proposal.</summary>
internal enum ProposalAccepting
{
    /// <summary>The register in use has it.</summary>
    Done,

    /// <summary>The changed register waits to be confirmed; the one in use stays.</summary>
    Waits,

    /// <summary>It had ended, or another person was accepting it.</summary>
    Ended,

    /// <summary>A new mailbox is not confirmed, and nobody says that they asked the mission.</summary>
    Unconfirmed,

    /// <summary>What it is about was changed in the register since it was proposed.</summary>
    Changed,

    /// <summary>A register waits to be confirmed.</summary>
    AnotherWaits,

    /// <summary>The register in use has no such mission any more.</summary>
    Gone,

    /// <summary>The register cannot hold it.</summary>
    Refused,
}

/// <summary>What came of accepting a proposal.</summary>
/// <param name="Changed">What was changed since: as proposed, and as it stands now.</param>
/// <param name="Faults">Why the register cannot hold it; else none.</param>
internal sealed record ProposalAcceptingResult(
    ProposalAccepting State,
    IReadOnlyList<(ProposedCell Cell, string Now)> Changed,
    IReadOnlyList<Finding> Faults);

/// <summary>
/// What people of the desk decide about proposals. Accepting takes two steps: first the proposal is marked as accepted
/// by one person, then the register is changed, by the same check and with the same history as if that person had typed
/// it. The timer finishes what a worker leaves in between.
/// </summary>
internal sealed class ProposalDecisions(MissionProposals proposals, RegisterInUse registers, TimeProvider clock)
{
    /// <summary>How long one that is being accepted is left alone: longer than a request may take.</summary>
    private static readonly TimeSpan LeftAlone = TimeSpan.FromMinutes(5);

    /// <param name="reason">Why, for the register's history: it names nobody of the mission.</param>
    /// <param name="isVouchedFor">
    /// Whether the person says that they asked the mission about the mailboxes that are not confirmed.
    /// </param>
    /// <returns>Null where there is no such proposal.</returns>
    public async Task<ProposalAcceptingResult?> Accept(
        string missionId,
        string proposalId,
        Person by,
        string reason,
        bool isVouchedFor,
        CancellationToken cancellation)
    {
        if ((await proposals.Of(missionId, cancellation)).Find(proposalId) is not { } proposal)
            return null;
        if (!proposal.IsWaiting)
            return Only(ProposalAccepting.Ended);
        if (!proposal.IsConfirmed && !isVouchedFor)
            return Only(ProposalAccepting.Unconfirmed);
        if (await registers.Row(missionId, cancellation) is not { } row)
            return Only(ProposalAccepting.Gone);
        // Before anything is written, so that the person sees what was changed and nothing is to be given back.
        if (Changed(proposal, row) is { Count: > 0 } changed)
            return new(ProposalAccepting.Changed, changed, []);

        var acceptance = new ProposalAcceptance(by.Name, clock.GetUtcNow());
        if (!await proposals.Change(
                missionId,
                proposalId,
                now => Decision.Of(now.IsWaiting ? now with { Accepted = acceptance } : null),
                cancellation))
            return Only(ProposalAccepting.Ended);
        var (state, faults) = await registers.Edit(
            row.With(proposal.Cells.Select(cell => (cell.Column, cell.After))),
            // The row as it was compared above: a change since is refused by the register itself.
            row.Hash,
            new(by, missionId, reason),
            cancellation);
        switch (state)
        {
            case RegisterEditingState.Done or RegisterEditingState.Nothing:
                await End(missionId, proposal.Id, acceptance, cancellation);
                return Only(ProposalAccepting.Done);
            // It stays accepted and has not ended: the timer settles it when the register is confirmed or declined.
            case RegisterEditingState.Waits:
                return Only(ProposalAccepting.Waits);
            default:
                await proposals.GiveBack(missionId, proposal.Id, acceptance, clock.GetUtcNow(), cancellation);
                return new(
                    state switch
                    {
                        RegisterEditingState.Refused => ProposalAccepting.Refused,
                        RegisterEditingState.AnotherWaits => ProposalAccepting.AnotherWaits,
                        RegisterEditingState.Gone => ProposalAccepting.Gone,
                        _ => ProposalAccepting.Changed,
                    },
                    [],
                    faults);
        }

        static ProposalAcceptingResult Only(ProposalAccepting state) => new(state, [], []);
    }

    /// <returns>False where it had ended, or another person was accepting it.</returns>
    public Task<bool> Decline(
        string missionId,
        string proposalId,
        Person by,
        string word,
        CancellationToken cancellation) =>
        proposals.Change(
            missionId,
            proposalId,
            now => Decision.Of(now.IsWaiting
                ? now with { End = new(ProposalOutcome.Declined, clock.GetUtcNow(), by.Name, word) }
                : null),
            cancellation);

    /// <summary>
    /// Ends the accepted proposals that came into use since, and gives back those that did not: another person declined
    /// the change, or a worker stopped before it had changed the register.
    /// </summary>
    public async Task Settle(ProposalsOfMission mission, CancellationToken cancellation)
    {
        foreach (var proposal in mission.All)
            if (proposal is { End: null, Accepted: { } acceptance })
            {
                if (await registers.Row(mission.MissionId, cancellation) is { } row && proposal.IsIn(row))
                    await End(mission.MissionId, proposal.Id, acceptance, cancellation);
                else if ((clock.GetUtcNow() - acceptance.At).Duration() >= LeftAlone
                    && !await IsComing(mission.MissionId, cancellation))
                    await proposals.GiveBack(
                        mission.MissionId,
                        proposal.Id,
                        acceptance,
                        clock.GetUtcNow(),
                        cancellation);
            }
    }

    /// <summary>Whether a change of this mission waits to be confirmed, or is about to be in use.</summary>
    private async Task<bool> IsComing(string missionId, CancellationToken cancellation) =>
        await registers.Uploaded(cancellation)
            is { State: UploadedRegisterState.Waits or UploadedRegisterState.Due, EditedMission: { } edited }
        && edited == missionId;

    /// <returns>The proposed cells that were changed since, and not to what is proposed.</returns>
    public static IReadOnlyList<(ProposedCell Cell, string Now)> Changed(MissionProposal proposal, MissionRow row) =>
        [
            .. proposal.Cells.Select(cell => (cell, row.Cells[cell.Column]))
                .Where(found => found.Item2 != found.cell.Before && found.Item2 != found.cell.After),
        ];

    private Task End(
        string missionId,
        string proposalId,
        ProposalAcceptance acceptance,
        CancellationToken cancellation) =>
        proposals.Change(
            missionId,
            proposalId,
            // By this very acceptance: it may have been given back and accepted by another person since.
            now => Decision.Of(now.End is null && now.Accepted == acceptance
                ? now with { End = new(ProposalOutcome.Accepted, clock.GetUtcNow(), acceptance.By, "") }
                : null),
            cancellation);
}
