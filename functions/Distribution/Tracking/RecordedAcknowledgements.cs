using Distribution.Common;
using Distribution.Intake;

namespace Distribution.Tracking;

/// <summary>
/// Records what a person of the secretariat enters about a mission's acknowledgement, in the name of the signed-in
/// person.
/// </summary>
internal sealed class RecordedAcknowledgements(
    Acknowledgements acknowledgements,
    DistributionRecords distributions,
    FrozenRosters rosters,
    TimeProvider clock)
{
    /// <summary>Records a new acknowledgement, or corrects the valid one.</summary>
    /// <param name="form">The form's own id: the same form is recorded once (idempotent).</param>
    /// <param name="after">
    /// The id of the last step on record when the form was shown; null where there was none.
    /// </param>
    /// <param name="recorder">The signed-in person.</param>
    public async Task<AcknowledgementOutcome> Record(
        string distributionId,
        string missionId,
        string form,
        string? after,
        AcknowledgementEntry entry,
        string recorder,
        CancellationToken cancellation)
    {
        if (await ReleasedAt(distributionId, missionId, cancellation) is not { } releasedAt)
            return AcknowledgementOutcome.TooLate;
        var record = await acknowledgements.Find(distributionId, missionId, cancellation);
        // Before the fields are checked: a form pressed twice is told that it is recorded, whatever was typed since.
        if (Settled(record, form, after) is { } settled)
            return settled;
        var (acknowledgement, problems) = entry.Read(releasedAt, clock.GetUtcNow(), record?.Stands is not null);
        if (acknowledgement is null)
            return new(null, problems);
        // A corrected acknowledgement from the mission's page has no recorder: the mission stated it itself.
        var recorded = acknowledgement with
        {
            Recorder = acknowledgement.Channel == AcknowledgementChannel.Page ? null : recorder,
            // The form shows no seconds, and not which of two hours it was: who corrects a name does not change the
            // time.
            At = record?.Stands is { } stands && entry.IsAtTimeOf(stands) ? stands.At : acknowledgement.At,
        };
        return new(
            await Append(distributionId, missionId, form, after, recorded, entry.Words, recorder, cancellation),
            []);
    }

    /// <summary>Withdraws the valid acknowledgement. The history stays.</summary>
    /// <inheritdoc cref="Record"/>
    /// <param name="words">Why.</param>
    public async Task<AcknowledgementOutcome> Withdraw(
        string distributionId,
        string missionId,
        string form,
        string? after,
        string words,
        string recorder,
        CancellationToken cancellation)
    {
        if (await ReleasedAt(distributionId, missionId, cancellation) is null
            || await acknowledgements.Find(distributionId, missionId, cancellation) is not { } record)
            return AcknowledgementOutcome.TooLate;
        if (Settled(record, form, after) is { } settled)
            return settled;
        if (record.Stands is null)
            return AcknowledgementOutcome.TooLate;
        return AcknowledgementEntry.Reason(words) is not [] and var problems
            ? new(null, problems)
            : new(await Append(distributionId, missionId, form, after, null, words, recorder, cancellation), []);
    }

    /// <summary>
    /// The result that is known before the fields are checked: a form submitted twice is fine, and a form that another
    /// change has overtaken is too late whatever its fields say. Null where the fields must be checked.
    /// </summary>
    private static AcknowledgementOutcome? Settled(MissionAcknowledgement? record, string form, string? after) =>
        record?.Has(form) is true ? new(RecordingResult.Before, [])
        : record?.LastId != after ? AcknowledgementOutcome.TooLate
        : null;

    private Task<RecordingResult> Append(
        string distributionId,
        string missionId,
        string form,
        string? after,
        Acknowledgement? stands,
        string words,
        string recorder,
        CancellationToken cancellation) =>
        acknowledgements.Record(
            distributionId,
            missionId,
            after,
            new(form, clock.GetUtcNow(), recorder, stands, SingleLine.Of(words)) { IsSecretariats = true },
            cancellation);

    /// <returns>
    /// When the letter was released. Null where there is no such letter, it was not released, the mission is not on its
    /// roster, or it is a reminder: then the letter it reminds of is acknowledged instead.
    /// </returns>
    private async Task<DateTimeOffset?> ReleasedAt(
        string distributionId,
        string missionId,
        CancellationToken cancellation) =>
        await distributions.Find(distributionId, cancellation) is { ReleasedAt: { } at } letter
        && letter.AcknowledgedUnder == letter.Id
        && await rosters.Has(distributionId, missionId, cancellation)
            ? at
            : null;
}

/// <summary>The result of an entry.</summary>
/// <param name="Taken">The result of recording; null where problems stopped it.</param>
internal sealed record AcknowledgementOutcome(RecordingResult? Taken, IReadOnlyList<EntryProblem> Problems)
{
    public static readonly AcknowledgementOutcome TooLate = new(RecordingResult.TooLate, []);
}
