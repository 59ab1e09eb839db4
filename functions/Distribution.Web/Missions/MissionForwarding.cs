using System.Globalization;
using Distribution.Common;
using Distribution.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Forwarding;

namespace Distribution.Web.Missions;

/// <summary>
/// Lets somebody at a mission have its letter sent to a colleague. Mail gateways open links, fill in forms and submit
/// them; so, as for acknowledging, only a form that took as long as a person needs, and was confirmed, counts.
/// </summary>
internal sealed class MissionForwarding(
    OpenLinks links,
    OwnDomains domains,
    Forwards forwards,
    VisitCounter visits,
    FormSeals seals,
    TimeProvider clock)
{
    private const string Purpose = "forward";

    /// <param name="sent">The id of what was just forwarded, to say what became of it; null to show the form.</param>
    /// <param name="step">What was filled in, to be confirmed or changed; null for none.</param>
    /// <returns>What the link shows; null where it leads nowhere, as <see cref="OpenLinks.Open"/> says.</returns>
    public async Task<ForwardView?> Show(
        string distributionId,
        string missionId,
        string token,
        string? sent,
        FormStep? step,
        string? language,
        string agent,
        CancellationToken cancellation)
    {
        if (await Open(distributionId, missionId, token, language, cancellation) is not { } view)
            return null;
        var form = step is null ? null : seals.Open<SealedForward>(step.Seal, Purpose, distributionId, missionId);
        if (form is { Values: { } typed } && !form.IsExpired(clock.GetUtcNow()) && view.Bar is null && view.Record.Find(form.Id) is null)
            return (step!.IsBack ? Ask(view, form with { Values = null }, typed) : Confirm(view, form with { At = clock.GetUtcNow() })) with { IsAnswer = true };
        await visits.Count(distributionId, missionId, VisitKind.Opened, agent);
        // Back at a step whose letter was forwarded since: what became of it.
        sent ??= form?.Id;
        return sent is not null && view.Record.Find(sent) is { } done && done.To != PersonalValue.Erased ? view with { Stage = ForwardStage.Done, Done = done }
            : view.Bar is not null ? view
            : Ask(view, Fresh(), ForwardForm.Blank);
    }

    /// <summary>Handles a submitted form. Only the second of its two steps, confirming, records anything.</summary>
    public async Task<ForwardAnswer?> Handle(
        string distributionId,
        string missionId,
        string token,
        ForwardPost post,
        string? language,
        string agent,
        CancellationToken cancellation)
    {
        if (await Open(distributionId, missionId, token, language, cancellation) is not { } view)
            return null;
        var form = seals.Open<SealedForward>(post.Seal, Purpose, distributionId, missionId);
        // Idempotent: a form that comes twice is recorded once, whatever has changed since.
        if (form is not null && view.Record.Find(form.Id) is not null)
        {
            await visits.Count(distributionId, missionId, VisitKind.Replayed, agent);
            return new(null, form.Id, IsTaken: true);
        }

        if (view.Bar is not null)
            return new(view, null, IsTaken: false);
        // What was typed first is checked once more when it is confirmed: the register may have changed.
        var typed = ForwardForm.Check(
            form?.Values?.Name ?? post.Name,
            form?.Values?.Address ?? post.Address,
            view.Domains,
            view.Link,
            view.Words);
        switch (seals.Press(form, post.Hidden, post.IsBack))
        {
            case FormPress.HiddenFieldFilled:
                return await Again(VisitKind.HiddenFieldFilled, view.Words["once_more"]);
            case FormPress.Expired:
                return await Again(VisitKind.Replayed, view.Words["expired"]);
            case FormPress.FilledInTooSoon:
                return await Again(VisitKind.SubmittedTooSoon, typed.IsSound ? view.Words["once_more"] : null);
            case var _ when !typed.IsSound:
                return await Again(null, null);
            case FormPress.FilledIn:
                await visits.Count(distributionId, missionId, VisitKind.FilledIn, agent);
                return new(
                    Confirm(view, form! with { At = clock.GetUtcNow(), Values = typed, IsRead = true }),
                    null,
                    IsTaken: true);
            case FormPress.Back:
                return new(Ask(view, form! with { Values = null }, typed), null, IsTaken: true);
            case FormPress.ConfirmedTooSoon:
                await visits.Count(distributionId, missionId, VisitKind.SubmittedTooSoon, agent);
                return new(Confirm(view, form!) with { Remark = view.Words["once_more"] }, null, IsTaken: false);
        }

        var asked = new Forward(form!.Id, clock.GetUtcNow(), typed.Name, typed.Address);
        return await forwards.Add(distributionId, missionId, asked, cancellation) == ForwardResult.TooMany
            ? await Again(
                null,
                view.Link.PageWords.Fill(
                    "forward_too_many",
                    ("most", MissionForwards.MostADay.ToString(CultureInfo.InvariantCulture)),
                    ("contact", ForwardSentences.Contact(view.Link))))
            : new(null, form.Id, IsTaken: true);

        // Keeps the form that was served: by the time a person presses again, they have been on its page long enough.
        async Task<ForwardAnswer> Again(VisitKind? visit, string? remark)
        {
            if (visit is { } kind)
                await visits.Count(distributionId, missionId, kind, agent);
            return new(
                Ask(
                    view,
                    // A page of ours that was open for long has been read.
                    form is null || form.IsExpired(clock.GetUtcNow())
                        ? Fresh() with { IsRead = form is not null }
                        : form with { Values = null },
                    remark is null ? typed : typed with { NameProblem = null, AddressProblem = null }) with
                {
                    Remark = remark,
                },
                null,
                IsTaken: false);
        }
    }

    private async Task<ForwardView?> Open(
        string distributionId,
        string missionId,
        string token,
        string? language,
        CancellationToken cancellation)
    {
        if (await links.Open(distributionId, missionId, token, language, cancellation) is not { } link)
            return null;
        var own = await domains.Of(distributionId, missionId, cancellation);
        return new(
            link,
            link.Words(new("", "")),
            Bar(link, own),
            own,
            await forwards.Find(distributionId, missionId, cancellation) ?? new(distributionId, missionId, []),
            ForwardStage.Barred,
            ForwardForm.Blank);
    }

    /// <returns>Why the letter is not forwarded from here, in a sentence; null where it is.</returns>
    private string? Bar(OpenLink link, IReadOnlyList<string> own)
    {
        var words = link.PageWords;
        var letter = link.Content.Letter;
        return link.Standing switch
        {
            LetterStanding.Withdrawn => words["forward_withdrawn"],
            LetterStanding.Replaced => words["forward_replaced"],
            _ when letter.Restraints is { Count: > 0 } restraints => words.Fill(
                "forward_marked",
                (
                    "marking",
                    string.Join(
                        words["comma"],
                        link.InWords.Markings(letter with { MarkedAs = restraints, EmbargoedUntil = null }))),
                ("contact", ForwardSentences.Contact(link))),
            _ when letter.EmbargoedUntil is { } until && clock.GetUtcNow() < until => words.Fill(
                "forward_embargo",
                ("date", link.InWords.DateAndTime(NewYorkTime.At(until).DateTime))),
            _ when own is [] => words.Fill("forward_no_domain", ("contact", ForwardSentences.Contact(link))),
            _ => null,
        };
    }

    private SealedForward Fresh() => new(SealedForward.NewId(), clock.GetUtcNow());

    private ForwardView Ask(ForwardView view, SealedForward form, ForwardForm typed) =>
        view with
        {
            Stage = ForwardStage.Form,
            Form = typed,
            Seal = seals.Seal(form, Purpose, view.Link.Distribution.Id, view.Link.Mission.Id),
        };

    private ForwardView Confirm(ForwardView view, SealedForward form) =>
        Ask(view, form, form.Values!) with
        {
            Stage = ForwardStage.Confirm,
        };
}
