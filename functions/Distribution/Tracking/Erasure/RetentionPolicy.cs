using System.Globalization;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters.Settings;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Log;
using Distribution.Tracking.Proposals;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Tracking.Erasure;

/// <summary>
/// Erases letters whose retention time has ended, after a notice on the desk, and one mission's personal names on
/// request.
/// </summary>
internal sealed class RetentionPolicy(
    DistributionRecords distributions,
    Eraser eraser,
    Erasures erasures,
    Acknowledgements acknowledgements,
    Forwards forwards,
    LogSealer sealer,
    RegisterHistory registerHistory,
    MissionNotes notes,
    TestMessages tests,
    MissionProposals proposals,
    DeskSettings deskSettings,
    Notices notices,
    IOptions<RetentionSettings> settings,
    TimeProvider clock,
    ILogger<RetentionPolicy> logger)
{
    private static readonly TimeSpan SaidBefore = TimeSpan.FromDays(30);

    /// <summary>Idempotent; any number of workers may run it at any time.</summary>
    /// <param name="all">Every distribution on record.</param>
    public async Task Run(IReadOnlyList<DistributionRecord> all, CancellationToken cancellation)
    {
        await eraser.Resume(cancellation);
        if (settings.Value.EraseAfter <= TimeSpan.Zero)
            return;
        var now = clock.GetUtcNow();
        HashSet<string> seen = [];
        var families = new Families(all);
        IReadOnlyList<Notice>? told = null;
        // Follow-ups are met with the letter that they follow.
        foreach (var distribution in all.Where(distribution => distribution.Follows is null))
        {
            var family = families.Of(distribution.Id);
            // A family with several letters of its own is looked at once.
            if (!family.All(member => seen.Add(member.Id)) || !Eraser.IsAtRest(family))
                continue;
            var due = family.Max(LastHappened) + settings.Value.EraseAfter;
            // What happened since it was said may have put it off: then another day was said.
            if (distribution.ErasureSaidAt is not { } said || said + SaidBefore < due)
            {
                if (due - SaidBefore <= now)
                    await Notify(
                        distribution,
                        // Never sooner than thirty days from now, also where the setting was made shorter.
                        due > now + SaidBefore ? due : now + SaidBefore,
                        told ??= await notices.All(cancellation),
                        cancellation);
            }
            else if (said + SaidBefore <= now)
                await eraser.Erase(distribution.Id, by: null, cancellation);
        }

        await erasures.ClearInbound(now - settings.Value.EraseAfter, cancellation);
        await registerHistory.Clear(now - settings.Value.EraseAfter, cancellation);
        await notes.Clear(now - settings.Value.EraseAfter, cancellation);
        await tests.Clear(now - settings.Value.EraseAfter, cancellation);
        await deskSettings.Clear(now - settings.Value.EraseAfter, cancellation);
    }

    /// <summary>
    /// Erases the names of one mission's people, and what they wrote, from the record and from beside the log. That the
    /// mission acknowledged, when and how, stays.
    /// </summary>
    /// <returns>False where there is no such letter.</returns>
    public async Task<bool> EraseNames(
        string distributionId,
        string missionId,
        string by,
        CancellationToken cancellation)
    {
        if (await distributions.Find(distributionId, cancellation) is not { } letter)
            return false;
        // The rows first and the act after them: once the act is there, the log is rid of the values that the rows no
        // longer have.
        await acknowledgements.Change(
            distributionId,
            missionId,
            record => Decision.Of(record.Steps.IsEmpty ? null : WithoutNames(record)),
            cancellation);
        await forwards.Change(
            distributionId,
            missionId,
            record => Decision.Of(record.All.IsEmpty ? null : WithoutNames(record, clock.GetUtcNow())),
            cancellation);
        await erasures.ClearReplies(distributionId, missionId, cancellation);
        await proposals.EraseNames(distributionId, missionId, cancellation);
        await distributions.Change(
            distributionId,
            distribution => distribution.With(new(clock.GetUtcNow(), Act.NamesErased, by, missionId)),
            cancellation);
        if (letter.ReleasedAt is not null)
            await EraseBesideLog(distributionId, cancellation);
        return true;
    }

    private static MissionAcknowledgement WithoutNames(MissionAcknowledgement record) =>
        record with
        {
            Steps =
            [
                .. record.Steps.Select(step =>
                    step with
                    {
                        By = PersonalValue.Erased,
                        Words = "",
                        Stands = step.Stands is { } stands
                            ? stands with
                            {
                                By = PersonalValue.Erased,
                                Function = null,
                            }
                            : null,
                    }),
            ],
        };

    /// <summary>What still waits cannot leave any more.</summary>
    private static MissionForwards WithoutNames(MissionForwards record, DateTimeOffset now) =>
        record with
        {
            All =
            [
                .. record
                    .All.Select(forward =>
                        forward.State == ForwardState.Waiting ? forward.Ended(ForwardState.NotSent, now, "") : forward)
                    .Select(forward =>
                        forward with
                        {
                            By = PersonalValue.Erased,
                            To = PersonalValue.Erased,
                            Words = forward.Words is "" ? "" : PersonalValue.Erased,
                            Returned = forward.Returned is { Words: not "" } returned
                                ? returned with { Words = PersonalValue.Erased }
                                : forward.Returned,
                        }),
            ],
        };

    private async Task EraseBesideLog(string distributionId, CancellationToken cancellation)
    {
        try
        {
            // Where another worker is sealing this log at the moment, the timer does it in its next run.
            await sealer.Seal(distributionId, makeUp: false, cancellation);
        }
        catch (InvalidDataException broken)
        {
            logger.LogError(
                broken,
                "Names were erased beside the log of {Distribution}, which is broken",
                distributionId);
        }
    }

    /// <summary>
    /// The time of the last act, without the beginning of an erasure: one that was interrupted must not count as new
    /// activity.
    /// </summary>
    private static DateTimeOffset LastHappened(DistributionRecord distribution) =>
        distribution.Acts.FindLast(entry => entry.Act != Act.Erased) is { } last && last.At > distribution.PreparedAt
            ? last.At
            : distribution.PreparedAt;

    /// <summary>
    /// Announces an erasure. Nothing is erased unless the desk was told thirty days before, so a shorter setting does
    /// not erase anything at once.
    /// </summary>
    /// <param name="told">
    /// The notices as this run read them, before it added any: those of a letter's erasure come from here alone.
    /// </param>
    private async Task Notify(
        DistributionRecord distribution,
        DateTimeOffset due,
        IReadOnlyList<Notice> told,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var notice = $"erase-{distribution.Id}-";
        // One notice a letter: a day that was said before no longer holds.
        foreach (
            var earlier in told.Where(other =>
                other.Id.StartsWith(notice, StringComparison.Ordinal)))
            await notices.Remove(earlier.Id, cancellation);
        await notices.Add(
            new(
                $"{notice}{due.UtcTicks}",
                now,
                distribution.Id,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{distribution.DraftLabel} of {distribution.Date:d MMMM yyyy}, with its reminders, addenda and corrections, will be erased on {NewYorkTime.Words(due)} (New York time), as Retention:EraseAfter says. If it is to be kept, save its archive before."
                )),
            cancellation);
        // After the notice: a run that breaks off in between says it once more. The other way round nobody would be
        // told.
        await distributions.Change(distribution.Id, current => current with { ErasureSaidAt = now }, cancellation);
    }
}
