using Distribution.Intake;
using Distribution.Letters;
using Distribution.Tracking.Proposals;

namespace Distribution.Web.Missions;

/// <summary>
/// Confirms a mailbox that was proposed for a mission. Mail gateways open links and press buttons, so a press counts
/// only after a person's time on the page. It changes nothing in the register.
/// </summary>
internal sealed class MailboxConfirmation(
    MissionLinks links,
    MissionProposals proposals,
    RegisterInUse registers,
    FormSeals seals,
    TimeProvider clock)
{
    private const string Purpose = "mailbox";

    /// <param name="language">That of the page.</param>
    public async Task<MailboxView> Show(
        string missionId,
        string proposalId,
        string token,
        string language,
        CancellationToken cancellation)
    {
        var words = PageWords.Of(language);
        if (await Find(missionId, proposalId, token, cancellation) is not var (proposal, mailbox)
            || (await registers.Current(cancellation)).Missions.FirstOrDefault(known => known.Id == missionId) is not { } mission)
            return new(words, MailboxStage.Cut);
        var now = clock.GetUtcNow();
        return new(
            words,
            mailbox.ConfirmedAt is not null && proposal.End is null ? MailboxStage.Confirmed
            : proposal.End is not null ? MailboxStage.Over
            : now > proposal.ConfirmUntil ? MailboxStage.Late
            : MailboxStage.Asks,
            mission.TitleIn(language),
            mailbox.Address,
            proposal.By,
            proposal.At,
            proposal.ConfirmUntil,
            seals.SealTime(Purpose, missionId, proposalId, mailbox.Address));
    }

    /// <param name="seal">When the page was served, sealed for this mailbox.</param>
    /// <returns>The page, where nothing was confirmed; null to redirect to it.</returns>
    public async Task<MailboxView?> Confirm(
        string missionId,
        string proposalId,
        string token,
        string seal,
        string language,
        CancellationToken cancellation)
    {
        var view = await Show(missionId, proposalId, token, language, cancellation);
        if (view.Stage != MailboxStage.Asks)
            return view.Stage == MailboxStage.Cut ? view : null;
        var press = seals.Press(seal, Purpose, missionId, proposalId, view.Mailbox);
        if (press != PagePress.InTime)
            // The page keeps its time: when a person presses again, they have been on it long enough.
            return view with { Seal = press == PagePress.TooSoon ? seal : view.Seal, IsTooSoon = true };
        await proposals.Confirm(missionId, proposalId, view.Mailbox, clock.GetUtcNow(), cancellation);
        return null;
    }

    private async Task<(MissionProposal Proposal, NewMailbox Mailbox)?> Find(
        string missionId,
        string proposalId,
        string token,
        CancellationToken cancellation) =>
        (await proposals.Of(missionId, cancellation)).Find(proposalId) is { } proposal
        && proposal.NewMailboxes.Find(mailbox => links.VerifyMailbox(missionId, proposalId, mailbox.Address, token))
            is { } mailbox
            ? (proposal, mailbox)
            : null;
}
