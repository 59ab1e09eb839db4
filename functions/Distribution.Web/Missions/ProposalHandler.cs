using System.Globalization;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Tracking;
using Distribution.Tracking.Proposals;

namespace Distribution.Web.Missions;

/// <summary>
/// Takes in what somebody proposes by a mission's link. As with an acknowledgement, only a form that took as long as a
/// person needs, and was confirmed, is recorded. It changes nothing in the register.
/// </summary>
internal sealed class ProposalHandler(
    OpenLinks links,
    MissionProposals proposals,
    RegisterInUse registers,
    VisitCounter visits,
    FormSeals seals,
    TimeProvider clock)
{
    private const string Purpose = "proposal";

    private const int MostShown = 5;

    /// <param name="step">What was filled in, to be confirmed or changed; null for none.</param>
    /// <returns>Null where the link leads nowhere, as <see cref="OpenLinks.Open"/> says.</returns>
    public async Task<ProposalView?> Show(LinkVisit visit, FormStep? step, CancellationToken cancellation)
    {
        if (await Find(visit, cancellation) is not var (view, all))
            return null;
        if (step is not null
            && seals.Open<SealedProposal>(step.Seal, Purpose, visit.Sealed) is { Values: { } typed } form
            && !form.IsExpired(clock.GetUtcNow())
            && view is { Row: { } row, Closed: null }
            && all.Find(form.Id) is null
            && typed.Cells(row).Count > 0)
            return (step.IsBack
                ? Ask(view, form with { Values = null }, typed)
                : Confirm(view, form with { At = clock.GetUtcNow() }, row)).AsAnswer();
        await visits.Count(visit, VisitKind.Opened);
        return Ask(view, Fresh(all), ProposalForm.Empty);
    }

    /// <summary>Handles a submitted form. Only the second of its two steps, confirming, records anything.</summary>
    /// <inheritdoc cref="Show"/>
    public async Task<FormAnswer<ProposalView>?> Handle(
        LinkVisit visit,
        ProposalPost post,
        CancellationToken cancellation)
    {
        if (await Find(visit, cancellation) is not var (view, all))
            return null;
        var form = seals.Open<SealedProposal>(post.Seal, Purpose, visit.Sealed);
        // Idempotent: a form that comes twice is recorded once.
        if (form is not null && all.Find(form.Id) is not null)
            return new(null, IsTaken: true);
        if (view.Row is not { } row || view.Closed is not null)
            return new(view, IsTaken: false);
        var typed = form?.Values ?? ProposalForm.Check(post.Typed, row, view.Words, view.PageWords);
        var press = seals.Press(form, post.Hidden, post.IsBack);
        if (press.Refusal(typed.IsSound) is { } refused)
            return await Again(refused.Visit, refused.Remark);
        switch (press)
        {
            case FormPress.FilledIn when !typed.IsSound:
                return await Again(null, null);
            case FormPress.FilledIn:
                return await FilledIn(view, form!, typed, row, cancellation);
            case FormPress.Back:
                return new(Ask(view, form! with { Values = null }, typed), IsTaken: true, new(post.Seal, IsBack: true));
            case FormPress.ConfirmedTooSoon:
                await visits.Count(visit, VisitKind.SubmittedTooSoon);
                return new(Confirm(view, form!, row) with { Remark = view.Words["once_more"] }, IsTaken: false);
        }

        var cells = typed.Cells(row);
        if (cells.Count == 0)
            return new(null, IsTaken: true);
        return await proposals.Record(
            visit.Mission,
            Proposal(view.Link, form!.Id, typed, cells, row),
            form.After,
            cancellation) switch
        {
            ProposalRecording.Recorded or ProposalRecording.RecordedBefore => new(null, IsTaken: true),
            // The page says that it is full.
            ProposalRecording.TooMany => new((await Find(visit, cancellation))?.View, IsTaken: false),
            _ when await Find(visit, cancellation) is var (now, after) => new(
                Confirm(now, form with { After = after.LastId, At = clock.GetUtcNow() }, row) with
                {
                    Remark = now.PageWords["proposal_meanwhile"],
                },
                IsTaken: false),
            _ => null,
        };

        async Task<FormAnswer<ProposalView>> Again(VisitKind? counted, string? remark)
        {
            if (counted is { } kind)
                await visits.Count(visit, kind);
            // Keeps the form that was served: by the time a person presses again, they have been on its page long
            // enough.
            var again =
                form is null || form.IsExpired(clock.GetUtcNow())
                    ? Fresh(all) with { IsRead = form is not null }
                    : form with { Values = null };
            var asked = Ask(view, again, remark is null ? typed : typed with { Problems = ProposalForm.Empty.Problems });
            return new(asked with { Remark = remark is null ? null : view.Words[remark] }, IsTaken: false);
        }
    }

    /// <summary>Shows what was filled in once more, to be confirmed, or says why it cannot be.</summary>
    private async Task<FormAnswer<ProposalView>> FilledIn(
        ProposalView view,
        SealedProposal form,
        ProposalForm typed,
        MissionRow row,
        CancellationToken cancellation)
    {
        var wanted = typed.Cells(row);
        if (wanted.Count == 0)
            return new(Ask(view, form, typed) with { Remark = view.PageWords["proposal_same"] }, IsTaken: false);
        if (await registers.FaultsOf(row.With(wanted.Select(cell => (cell.Column, cell.After))), view.Link.Mission.Id, cancellation) is { Count: > 0 } faults)
            return new(Ask(view, form, typed.With(faults, view.PageWords)), IsTaken: false);
        var filled = Confirm(view, form with { At = clock.GetUtcNow(), Values = typed, IsRead = true }, row);
        return new(filled, IsTaken: true, new(filled.Seal, IsBack: false));
    }

    private MissionProposal Proposal(
        OpenLink link,
        string id,
        ProposalForm typed,
        IReadOnlyList<ProposedCell> cells,
        MissionRow row) =>
        new(
            id,
            link.DistributionId,
            link.Language,
            clock.GetUtcNow(),
            typed.Name,
            typed.Function is "" ? null : typed.Function,
            [.. cells],
            [.. ProposalForm.NewMailboxes(cells, row).Select(address => new NewMailbox(address, ProposalMail.For(address)))],
            ProposalMail.For([.. ProposalForm.Mailboxes(row)]));

    private async Task<(ProposalView View, ProposalsOfMission All)?> Find(
        LinkVisit visit,
        CancellationToken cancellation)
    {
        if (await links.Open(visit, cancellation) is not { } link)
            return null;
        var all = await proposals.Of(visit.Mission, cancellation);
        var row = await registers.Row(visit.Mission, cancellation);
        var now = clock.GetUtcNow();
        var closed =
            row is null ? "proposal_gone"
            : link.Standing == LetterStanding.Withdrawn ? "proposal_withdrawn"
            : MissionProposals.IsFull(all, now) ? "proposal_full"
            : null;
        return (
            new(
                link,
                link.Words(new("", "")),
                row,
                [.. all.All.Reverse().Take(MostShown)],
                closed is null
                    ? null
                    : link.PageWords.Fill(
                        closed,
                        ("contact", Isolated.Text(link.Letter.Contact.Address)),
                        ("most", MissionProposals.MostADay.ToString(CultureInfo.InvariantCulture))),
                now),
            all);
    }

    private SealedProposal Fresh(ProposalsOfMission all) =>
        new(SealedProposal.NewId(), clock.GetUtcNow(), all.LastId);

    private ProposalView Ask(ProposalView view, SealedProposal form, ProposalForm typed) =>
        view with
        {
            Form = typed,
            Seal = seals.Seal(form, Purpose, view.Link.DistributionId, view.Link.Mission.Id),
        };

    private ProposalView Confirm(ProposalView view, SealedProposal form, MissionRow row) =>
        Ask(view, form, form.Values!) with { Cells = form.Values!.Cells(row) };

    /// <inheritdoc cref="SealedForm{T}"/>
    private sealed record SealedProposal(
        string Id,
        DateTimeOffset At,
        string? After,
        ProposalForm? Values = null,
        bool IsRead = false)
        : SealedForm<ProposalForm>(Id, At, After, Values, IsRead);
}
