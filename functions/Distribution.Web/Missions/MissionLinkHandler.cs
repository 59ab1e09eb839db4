using Distribution.Letters;
using Distribution.Storage;
using Distribution.Tracking;

namespace Distribution.Web.Missions;

/// <summary>
/// Opens a mission's link and records who acknowledges. Mail gateways open links, fill in forms and submit them. So
/// only a form that took as long as a person needs, and was confirmed, counts; everything else is counted as a visit.
/// </summary>
internal sealed class MissionLinkHandler(
    OpenLinks links,
    Acknowledgements acknowledgements,
    VisitCounter visits,
    FormSeals seals,
    Notices notices,
    TimeProvider clock)
{
    private const string Purpose = "acknowledge";

    /// <param name="wished">
    /// The form to show where an acknowledgement is on record: to correct or to withdraw it; null to show the
    /// acknowledgement.
    /// </param>
    /// <param name="isLate">Whether a form led here of which nothing was recorded, as it came too late.</param>
    /// <param name="step">What was filled in, to be confirmed or changed; null for none.</param>
    /// <returns>What the link shows; null where it leads nowhere, as <see cref="OpenLinks.Open"/> says.</returns>
    public async Task<AcknowledgeView?> Show(
        LinkVisit visit,
        MissionAct? wished,
        FormStep? step,
        bool isLate,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var form = step is null ? null : seals.Open<SealedAcknowledgement>(step.Seal, Purpose, visit.Sealed);
        // Our own redirect leads here, and nothing was on record a moment ago. What somebody else has recorded since is
        // found when this form is confirmed.
        if (form is { Values: not null, After: null }
            && !step!.IsBack
            && (now - form.At).Duration() < PersonsTime.ToConfirm
            && await links.Reopen(visit, form.Letter, cancellation) is { } known)
            return Confirm(known, NothingFor(visit), form with { At = now }).AsAnswer();
        if (await links.Open(visit, cancellation) is not { } link)
            return null;
        var record = await links.Record(link, cancellation);
        // What was recorded meanwhile counts, and is shown as without a step.
        if (form is { Values: { } typed } && !form.IsExpired(now) && form.After == record.LastId)
            return (step!.IsBack
                ? Ask(link, record, form with { Values = null }, typed)
                : Confirm(link, record, form with { At = now })).AsAnswer();
        await visits.Count(visit, VisitKind.Opened);
        if (record.Stands is { } stands && wished is not (MissionAct.Correct or MissionAct.Withdraw))
            return View(link, stands) with { IsLate = isLate };
        var act = record.Stands is null ? MissionAct.Give : wished!.Value;
        return Ask(link, record, Fresh(record, act), new("", "")) with { IsLate = isLate };
    }

    /// <summary>Handles a submitted form. Only the second of its two steps, confirming, records anything.</summary>
    public async Task<FormAnswer<AcknowledgeView>?> Handle(
        LinkVisit visit,
        MissionPost post,
        CancellationToken cancellation)
    {
        var form = seals.Open<SealedAcknowledgement>(post.Seal, Purpose, visit.Sealed);
        var press = seals.Press(form, post.Hidden, post.IsBack);
        if (press == FormPress.FilledIn && await FilledInAtOneGo(visit, form!, post, cancellation) is { } next)
            return next;
        if (await links.Open(visit, cancellation) is not { } link)
            return null;
        // Where nothing was on record when the form was served, recording it says whether something is by now.
        var record = press == FormPress.Confirmed && form!.After is null
            ? NothingFor(visit)
            : await links.Record(link, cancellation);
        var came = new Submitted(visit, link, record, form, form?.Values ?? Typed(link, post));
        if (press != FormPress.HiddenFieldFilled)
        {
            // Idempotent: a form that comes twice is recorded once.
            if (form is not null && record.Has(form.Id))
                return await Standing(visit, VisitKind.Replayed);
            if (press == FormPress.Expired && record.Stands is not null)
                return await Standing(visit, VisitKind.Replayed, isLate: true);
            // Optimistic concurrency: something else was recorded after the page was served. Show that instead.
            if (press != FormPress.Expired && form!.After != record.LastId)
                return await Standing(visit, null, isLate: true);
        }

        if (press.Refusal(came.Typed.IsSound) is { } refused)
            return await Again(came, refused.Visit, refused.Remark);
        switch (press)
        {
            case FormPress.FilledIn when !came.Typed.IsSound:
                return await Again(came, null, null);
            case FormPress.FilledIn:
                await visits.Count(visit, VisitKind.FilledIn);
                return FilledIn(link, record, form!, came.Typed);
            case FormPress.Back:
                return new(
                    Ask(link, record, form! with { Values = null }, came.Typed),
                    IsTaken: true,
                    new(post.Seal, IsBack: true));
            case FormPress.ConfirmedTooSoon:
                await visits.Count(visit, VisitKind.SubmittedTooSoon);
                var soon = Confirm(link, record, form!);
                return new(soon with { Remark = soon.Words["once_more"] }, IsTaken: false);
            default:
                return await Confirmed(came, cancellation);
        }
    }

    /// <summary>Records what a person confirmed.</summary>
    private async Task<FormAnswer<AcknowledgeView>> Confirmed(Submitted came, CancellationToken cancellation)
    {
        switch (await Record(came.Link, came.Form!, came.Typed, cancellation))
        {
            case RecordingResult.Before:
                return await Standing(came.Visit, VisitKind.Replayed);
            case RecordingResult.TooLate:
                return await Standing(came.Visit, null, isLate: true);
            case RecordingResult.Full:
                await NotifyFull(came.Link, cancellation);
                return await Again(came, null, "full");
            default:
                return await Standing(came.Visit, null);
        }
    }

    /// <summary>
    /// Shows the form once more. Keeps the form that was served: by the time a person presses again, they have been on
    /// its page long enough.
    /// </summary>
    private async Task<FormAnswer<AcknowledgeView>> Again(Submitted came, VisitKind? counted, string? remark)
    {
        if (counted is { } kind)
            await visits.Count(came.Visit, kind);
        var (form, record) = (came.Form, came.Record);
        var expired = form?.IsExpired(clock.GetUtcNow()) != false;
        var again =
            !expired && form!.After == record.LastId
                ? form with
                {
                    Values = null,
                }
                : Fresh(
                    record,
                    record.Stands is null ? MissionAct.Give
                        : form?.Act is MissionAct.Withdraw ? MissionAct.Withdraw
                        : MissionAct.Correct) with
                {
                    // A page of ours that was open for long has been read.
                    IsRead = expired && form is not null,
                };
        var view = Ask(
            came.Link,
            record,
            again,
            remark is null
                ? came.Typed
                : came.Typed with
                {
                    NameProblem = null,
                    FunctionProblem = null,
                    ReferenceProblem = null,
                });
        return new(view with { Remark = remark is null ? null : view.Words[remark] }, IsTaken: false);
    }

    /// <summary>Leads to what is on record.</summary>
    /// <param name="isLate">Whether nothing was recorded of the form, as it came too late.</param>
    private async Task<FormAnswer<AcknowledgeView>> Standing(LinkVisit visit, VisitKind? counted, bool isLate = false)
    {
        if (counted is { } kind)
            await visits.Count(visit, kind);
        return new(null, IsTaken: true, IsLate: isLate);
    }

    /// <summary>
    /// Leads from a form that has nothing against it to the page that asks to confirm it, by what was read of the
    /// letter when the form was served. The letter is read again when it is confirmed.
    /// </summary>
    /// <returns>
    /// Null where there may be more to say; also where the visit is not counted beside an earlier one, since the letter
    /// may have been erased.
    /// </returns>
    private async Task<FormAnswer<AcknowledgeView>?> FilledInAtOneGo(
        LinkVisit visit,
        SealedAcknowledgement form,
        MissionPost post,
        CancellationToken cancellation) =>
        await links.Reopen(visit, form.Letter, cancellation) is { } link
        && Typed(link, post) is { IsSound: true } typed
        && await links.Record(link, cancellation) is var record
        && form.After == record.LastId
        && await visits.CountFurther(visit, VisitKind.FilledIn)
            ? FilledIn(link, record, form, typed)
            : null;

    private FormAnswer<AcknowledgeView> FilledIn(
        OpenLink link,
        MissionAcknowledgement record,
        SealedAcknowledgement form,
        AcknowledgeForm typed)
    {
        var filled = Confirm(link, record, form with { At = clock.GetUtcNow(), Values = typed, IsRead = true });
        return new(filled, IsTaken: true, new(filled.Seal, IsBack: false));
    }

    private static AcknowledgeForm Typed(OpenLink link, MissionPost post) =>
        AcknowledgeForm.Check(post, link.Reference, link.Words(new("", "")), link.PageWords);

    private Task<RecordingResult> Record(
        OpenLink link,
        SealedAcknowledgement form,
        AcknowledgeForm typed,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var stands =
            form.Act == MissionAct.Withdraw
                ? null
                : new Acknowledgement(
                    typed.Name,
                    typed.Function is "" ? null : typed.Function,
                    AcknowledgementChannel.Page,
                    now);
        return acknowledgements.Record(
            link.DistributionId,
            link.Mission.Id,
            form.After,
            new(form.Id, now, link.PageWords.Person(typed.Name, typed.Function), stands),
            cancellation);
    }

    private Task NotifyFull(OpenLink link, CancellationToken cancellation) =>
        notices.Add(
            new(
                $"full-{link.DistributionId}-{link.Mission.Id}",
                clock.GetUtcNow(),
                link.DistributionId,
                $"The link of {link.Mission.Name} for {link.Content.Letter.DraftLabel} was used so often that no further change is taken on its page. Ask the mission who has the link, and record on the mission's page here what holds."
            ),
            cancellation);

    private static MissionAcknowledgement NothingFor(LinkVisit visit) =>
        MissionAcknowledgement.None(visit.Distribution, visit.Mission);

    private SealedAcknowledgement Fresh(MissionAcknowledgement record, MissionAct act) =>
        new(SealedAcknowledgement.NewId(), clock.GetUtcNow(), act, record.LastId);

    private AcknowledgeView Ask(
        OpenLink link,
        MissionAcknowledgement record,
        SealedAcknowledgement form,
        AcknowledgeForm typed) =>
        View(link, record.Stands) with
        {
            Stage = MissionStage.Form,
            Act = form.Act,
            Form = typed,
            Seal = seals.Seal(form with { Letter = link.Seen }, Purpose, link.DistributionId, link.Mission.Id),
        };

    private AcknowledgeView Confirm(OpenLink link, MissionAcknowledgement record, SealedAcknowledgement form) =>
        Ask(link, record, form, form.Values!) with
        {
            Stage = MissionStage.Confirm,
        };

    private static AcknowledgeView View(OpenLink link, Acknowledgement? stands)
    {
        var titles = LetterFields
            .Listed(link.Content.Enclosures.Select(enclosure => enclosure.NamedIn(link.Letter)), link.InWords)
            .Titles;
        return new(
            link.Summary,
            link.InWords.Enclosures(titles.Count).TrimEnd(':', '：', ' ', '\u00a0'),
            titles,
            stands,
            link.Language,
            link.Words(stands is null ? new("", "") : new(stands.ByIn(link.Language, link.Mission), stands.Function ?? ""), stands?.At),
            link.Reference is not null,
            MissionStage.Done,
            MissionAct.Give,
            new("", ""))
        {
            Chosen = link.Chosen,
            Warning = link.Warning,
            ReceiptAddress = link.Address(ReceiptView.Page),
            ProposalsAddress = link.Address(ProposalView.Page),
            DocumentsAddress = link.Content.Letter.OffersDocuments ? link.Address(MissionDocuments.Page) : null,
            ForwardAddress = link.Content.Letter.Restraints is [] ? link.Address(ForwardView.Page) : null,
        };
    }

    /// <summary>A form that was submitted, and what it meets.</summary>
    /// <param name="Record">What was on record when it came.</param>
    /// <param name="Form">The form as it was served; null where it is none of ours.</param>
    private sealed record Submitted(
        LinkVisit Visit,
        OpenLink Link,
        MissionAcknowledgement Record,
        SealedAcknowledgement? Form,
        AcknowledgeForm Typed);
}
