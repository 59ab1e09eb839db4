using Distribution.Common;
using Distribution.Intake;

namespace Distribution.Tracking;

/// <summary>What a person of the secretariat enters of a mission's acknowledgement, in the name signed in.</summary>
internal sealed class RecordedAcknowledgements(
    Acknowledgements acknowledgements,
    DistributionRecords distributions,
    FrozenRosters rosters,
    TimeProvider clock)
{
    /// <summary>Records what reached the secretariat, or corrects what stands.</summary>
    /// <param name="form">The form's own id: the same form counts once.</param>
    /// <param name="after">
    /// The id of the last step that was on record when the form was given out; null where there was none.
    /// </param>
    /// <param name="recorder">Who is signed in.</param>
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
        if (Settled(record, form, after) is { } settled)
            return settled;
        var (acknowledgement, problems) = entry.Read(releasedAt, clock.GetUtcNow(), record?.Stands is not null);
        if (acknowledgement is null)
            return new(null, problems);
        // Whose page it was given on stays so; what reached the secretariat has someone who wrote it down.
        var recorded = acknowledgement with
        {
            Recorder = acknowledgement.Channel == AcknowledgementChannel.Page ? null : recorder,
        };
        return new(
            await Append(distributionId, missionId, form, after, recorded, entry.Words, recorder, cancellation),
            []);
    }

    /// <summary>Takes back what stands. What was recorded stays in the history.</summary>
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
    /// Before its fields are looked at: a form pressed twice is in order, and one that something else overtook needs no
    /// better words.
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
    /// Null where there is no such letter, it has not been released, or it is a reminder: what it reminds of is
    /// acknowledged.
    /// </returns>
    private async Task<DateTimeOffset?> ReleasedAt(
        string distributionId,
        string missionId,
        CancellationToken cancellation) =>
        await distributions.Find(distributionId, cancellation) is { ReleasedAt: { } at } letter
        && letter.AcknowledgedUnder == letter.Id
        && await rosters.OrderOf(distributionId, missionId, cancellation) is not null
            ? at
            : null;
}

/// <summary>What became of an entry.</summary>
/// <param name="Taken">Null where problems stopped it.</param>
internal sealed record AcknowledgementOutcome(RecordingResult? Taken, IReadOnlyList<EntryProblem> Problems)
{
    public static readonly AcknowledgementOutcome TooLate = new(RecordingResult.TooLate, []);
}
