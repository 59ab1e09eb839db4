using System.Globalization;
using System.Security.Cryptography;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Tracking;
using Distribution.Tracking.Proposals;
using Microsoft.AspNetCore.DataProtection;

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
    IDataProtectionProvider protection,
    TimeProvider clock)
{
    private const int MostShown = 5;

    /// <returns>Null where the link leads nowhere, as <see cref="OpenLinks.Open"/> says.</returns>
    public async Task<ProposalView?> Show(
        string distributionId,
        string missionId,
        string token,
        string? chosen,
        string agent,
        CancellationToken cancellation)
    {
        if (await Find(distributionId, missionId, token, chosen, cancellation) is not var (view, all))
            return null;
        await visits.Count(distributionId, missionId, VisitKind.Opened, agent);
        return Ask(view, Fresh(all), ProposalForm.Empty);
    }

    /// <summary>Handles a submitted form. Only the second of its two steps, confirming, records anything.</summary>
    /// <inheritdoc cref="Show"/>
    public async Task<ProposalAnswer?> Handle(
        string distributionId,
        string missionId,
        string token,
        ProposalPost post,
        string? chosen,
        string agent,
        CancellationToken cancellation)
    {
        if (await Find(distributionId, missionId, token, chosen, cancellation) is not var (view, all))
            return null;
        var sealedForm = Opened(distributionId, missionId, post.Seal);
        // Idempotent: a form that comes twice is recorded once.
        if (sealedForm is not null && all.Find(sealedForm.Id) is not null)
            return new(null, IsTaken: true);
        if (view.Row is not { } row || view.Closed is not null)
            return new(view, IsTaken: false);
        var isExpired = sealedForm is null || clock.GetUtcNow() - sealedForm.At > MissionLinkHandler.Longest;
        var typed = sealedForm?.Values ?? ProposalForm.Check(post.Typed, row, view.Words, view.PageWords);
        if (post.Hidden is not "")
            return await Again(VisitKind.HiddenFieldFilled, "once_more");
        if (isExpired)
            return await Again(VisitKind.Replayed, "expired");

        var elapsed = clock.GetUtcNow() - sealedForm!.At;
        if (sealedForm.Values is null)
        {
            if (!sealedForm.IsRead && elapsed < MissionLinkHandler.TimeToFillIn)
                return await Again(VisitKind.SubmittedTooSoon, typed.IsSound ? "once_more" : null);
            if (!typed.IsSound)
                return await Again(null, null);
            var wanted = typed.Cells(row);
            if (wanted.Count == 0)
                return new(
                    Ask(view, sealedForm, typed) with { Remark = view.PageWords["proposal_same"] },
                    IsTaken: false);
            if (await registers.FaultsOf(With(row, wanted), missionId, cancellation) is { Count: > 0 } faults)
                return new(Ask(view, sealedForm, typed.With(faults, view.PageWords)), IsTaken: false);
            return new(
                Confirm(view, sealedForm with { At = clock.GetUtcNow(), Values = typed, IsRead = true }, row),
                IsTaken: true);
        }

        if (post.IsBack)
            return new(Ask(view, sealedForm with { Values = null }, typed), IsTaken: true);
        if (elapsed < MissionLinkHandler.TimeToConfirm)
        {
            await visits.Count(distributionId, missionId, VisitKind.SubmittedTooSoon, agent);
            return new(Confirm(view, sealedForm, row) with { Remark = view.Words["once_more"] }, IsTaken: false);
        }

        var cells = typed.Cells(row);
        if (cells.Count == 0)
            return new(null, IsTaken: true);
        return await proposals.Record(
            missionId,
            Proposal(view.Link, sealedForm.Id, typed, cells, row),
            sealedForm.After,
            cancellation) switch
        {
            ProposalRecording.Recorded or ProposalRecording.RecordedBefore => new(null, IsTaken: true),
            // The page says that it is full.
            ProposalRecording.TooMany => new((await Find(distributionId, missionId, token, chosen, cancellation))?.View, IsTaken: false),
            _ when await Find(distributionId, missionId, token, chosen, cancellation) is var (now, after) => new(
                Confirm(now, sealedForm with { After = after.LastId, At = clock.GetUtcNow() }, row) with
                {
                    Remark = now.PageWords["proposal_meanwhile"],
                },
                IsTaken: false),
            _ => null,
        };

        async Task<ProposalAnswer?> Again(VisitKind? visit, string? remark)
        {
            if (visit is { } kind)
                await visits.Count(distributionId, missionId, kind, agent);
            // Keeps the form that was served: by the time a person presses again, they have been on its page long enough.
            var again = isExpired ? Fresh(all) with { IsRead = sealedForm is not null } : sealedForm! with { Values = null };
            var asked = Ask(view, again, remark is null ? typed : typed with { Problems = ProposalForm.Empty.Problems });
            return new(asked with { Remark = remark is null ? null : view.Words[remark] }, IsTaken: false);
        }
    }

    private MissionProposal Proposal(
        OpenLink link,
        string id,
        ProposalForm typed,
        IReadOnlyList<ProposedCell> cells,
        MissionRow row) =>
        new(
            id,
            link.Distribution.Id,
            link.Language,
            clock.GetUtcNow(),
            typed.Name,
            typed.Function is "" ? null : typed.Function,
            [.. cells],
            [.. ProposalForm.NewMailboxes(cells, row).Select(address => new NewMailbox(address, ProposalMail.For(address)))],
            ProposalMail.For([.. ProposalForm.Mailboxes(row)]));

    private async Task<(ProposalView View, ProposalsOfMission All)?> Find(
        string distributionId,
        string missionId,
        string token,
        string? chosen,
        CancellationToken cancellation)
    {
        if (await links.Open(distributionId, missionId, token, chosen, cancellation) is not { } link)
            return null;
        var all = await proposals.Of(missionId, cancellation);
        var row = MissionRow.Find(
            (await registers.Stored(cancellation))?.Content ?? RegisterCsv.SeedContent,
            missionId);
        var now = clock.GetUtcNow();
        var closed =
            row is null ? "proposal_gone"
            : await links.IsWithdrawn(link.Distribution, cancellation) ? "proposal_withdrawn"
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
                        ("contact", OpenLink.Isolated(link.Letter.Contact.Address)),
                        ("most", MissionProposals.MostADay.ToString(CultureInfo.InvariantCulture))),
                now),
            all);
    }

    private static MissionRow With(MissionRow row, IReadOnlyList<ProposedCell> cells)
    {
        var wanted = new Dictionary<string, string>(row.Cells);
        foreach (var cell in cells)
            wanted[cell.Column] = cell.After;
        return new(wanted);
    }

    private SealedProposal Fresh(ProposalsOfMission all) =>
        new(Guid.NewGuid().ToString("n"), clock.GetUtcNow(), all.LastId);

    private ProposalView Ask(ProposalView view, SealedProposal form, ProposalForm typed) =>
        view with
        {
            Form = typed,
            Seal = Protector(view.Link.Distribution.Id, view.Link.Mission.Id).Protect(Json.Write(form)),
        };

    private ProposalView Confirm(ProposalView view, SealedProposal form, MissionRow row) =>
        Ask(view, form, form.Values!) with { Cells = form.Values!.Cells(row) };

    /// <returns>Null where the form was not sealed for this link.</returns>
    private SealedProposal? Opened(string distributionId, string missionId, string seal)
    {
        try
        {
            return Json.Read<SealedProposal>(Protector(distributionId, missionId).Unprotect(seal));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Protector(string distributionId, string missionId) =>
        protection.CreateProtector("proposal", distributionId, missionId);

    /// <inheritdoc cref="SealedForm"/>
    private sealed record SealedProposal(
        string Id,
        DateTimeOffset At,
        string? After,
        ProposalForm? Values = null,
        bool IsRead = false);
}
