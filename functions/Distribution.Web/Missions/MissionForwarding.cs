using System.Globalization;
using Distribution.Common;
using Distribution.Letters;
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
        LinkVisit visit,
        string? sent,
        FormStep? step,
        CancellationToken cancellation)
    {
        if (await Open(visit, cancellation) is not { } view)
            return null;
        var form = step is null ? null : seals.Open<SealedForward>(step.Seal, Purpose, visit.Sealed);
        if (form is { Values: { } typed } && !form.IsExpired(clock.GetUtcNow()) && view.Bar is null && view.Record.Find(form.Id) is null)
            return (step!.IsBack
                ? Ask(view, form with { Values = null }, typed)
                : Confirm(view, form with { At = clock.GetUtcNow() })).AsAnswer();
        await visits.Count(visit, VisitKind.Opened);
        // Back at a step whose letter was forwarded since: what became of it.
        sent ??= form?.Id;
        return sent is not null && view.Record.Find(sent) is { } done && done.To != PersonalValue.Erased ? view with { Stage = ForwardStage.Done, Done = done }
            : view.Bar is not null ? view
            : Ask(view, Fresh(), ForwardForm.Blank);
    }

    /// <summary>Handles a submitted form. Only the second of its two steps, confirming, records anything.</summary>
    public async Task<FormAnswer<ForwardView>?> Handle(
        LinkVisit visit,
        ForwardPost post,
        CancellationToken cancellation)
    {
        if (await Open(visit, cancellation) is not { } view)
            return null;
        var form = seals.Open<SealedForward>(post.Seal, Purpose, visit.Sealed);
        // Idempotent: a form that comes twice is recorded once, whatever has changed since.
        if (form is not null && view.Record.Find(form.Id) is not null)
        {
            await visits.Count(visit, VisitKind.Replayed);
            return new(null, IsTaken: true, Recorded: form.Id);
        }

        if (view.Bar is not null)
            return new(view, IsTaken: false);
        // What was typed first is checked once more when it is confirmed: the register may have changed.
        var typed = ForwardForm.Check(
            form?.Values?.Name ?? post.Name,
            form?.Values?.Address ?? post.Address,
            view.Domains,
            view.Link,
            view.Words);
        var press = seals.Press(form, post.Hidden, post.IsBack);
        if (press.Refusal(typed.IsSound) is { } refused)
            return await Again(refused.Visit, refused.Remark is { } key ? view.Words[key] : null);
        switch (press)
        {
            case var _ when !typed.IsSound:
                return await Again(null, null);
            case FormPress.FilledIn:
                await visits.Count(visit, VisitKind.FilledIn);
                var filled = Confirm(view, form! with { At = clock.GetUtcNow(), Values = typed, IsRead = true });
                return new(filled, IsTaken: true, new(filled.Seal, IsBack: false));
            case FormPress.Back:
                return new(Ask(view, form! with { Values = null }, typed), IsTaken: true, new(post.Seal, IsBack: true));
            case FormPress.ConfirmedTooSoon:
                await visits.Count(visit, VisitKind.SubmittedTooSoon);
                return new(Confirm(view, form!) with { Remark = view.Words["once_more"] }, IsTaken: false);
        }

        var asked = new Forward(form!.Id, clock.GetUtcNow(), typed.Name, typed.Address);
        return await forwards.Add(visit.Distribution, visit.Mission, asked, cancellation) == ForwardResult.TooMany
            ? await Again(
                null,
                view.Link.PageWords.Fill(
                    "forward_too_many",
                    ("most", MissionForwards.MostADay.ToString(CultureInfo.InvariantCulture)),
                    ("contact", ForwardSentences.Contact(view.Link))))
            : new(null, IsTaken: true, Recorded: form.Id);

        // Keeps the form that was served: by the time a person presses again, they have been on its page long enough.
        async Task<FormAnswer<ForwardView>> Again(VisitKind? counted, string? remark)
        {
            if (counted is { } kind)
                await visits.Count(visit, kind);
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
                IsTaken: false);
        }
    }

    private async Task<ForwardView?> Open(LinkVisit visit, CancellationToken cancellation)
    {
        if (await links.Open(visit, cancellation) is not { } link)
            return null;
        var own = await domains.Of(visit.Distribution, visit.Mission, cancellation);
        return new(
            link,
            link.Words(new("", "")),
            Bar(link, own),
            own,
            await forwards.Find(visit.Distribution, visit.Mission, cancellation)
                ?? new(visit.Distribution, visit.Mission, []),
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
                        Joining.Comma(words, areQuoted: true),
                        link.InWords.Markings(letter with { MarkedAs = restraints, EmbargoedUntil = null })
                            .Select(marking => words.Fill("forward_marking", ("marking", marking))))),
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
            Seal = seals.Seal(form, Purpose, view.Link.DistributionId, view.Link.Mission.Id),
        };

    private ForwardView Confirm(ForwardView view, SealedForward form) =>
        Ask(view, form, form.Values!) with
        {
            Stage = ForwardStage.Confirm,
        };
}
