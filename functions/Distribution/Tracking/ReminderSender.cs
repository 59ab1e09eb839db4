using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Inbound;
using Microsoft.Extensions.Options;

namespace Distribution.Tracking;

/// <summary>
/// Reminds missions that have the letter and have not acknowledged it. Each reminder is a distribution of its own that
/// follows the letter: it is claimed, sent, recorded and counted like any other.
/// </summary>
internal sealed class ReminderSender(
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenContents contents,
    FrozenRosters rosters,
    Acknowledgements acknowledgements,
    Replies replies,
    LetterQueue letterQueue,
    Stops stops,
    Notices notices,
    IOptions<ReminderSettings> settings,
    ISendingPlan plan,
    TimeProvider clock)
{
    /// <summary>The largest letter that is attached again to a reminder, in bytes.</summary>
    private const long AttachedAgain = 1_000_000;

    /// <summary>
    /// Sends a distribution's reminders that are due. One that could not leave in time, and is now too late, does not
    /// leave: a person gets a notice instead.
    /// </summary>
    /// <param name="heardUntil">
    /// Mail that had come by this moment was read. A reminder of a later hour waits: a mission may have answered.
    /// </param>
    public async Task SendDue(
        DistributionRecord distribution,
        DateTimeOffset heardUntil,
        CancellationToken cancellation)
    {
        if (!distribution.StandsFirm)
            return;
        var now = clock.GetUtcNow();
        foreach (
            // The record as it was read at the beginning of the run is enough: each step below asks for the state in
            // storage again.
            var reminder in distribution.Reminders.Where(reminder =>
                reminder.State == ReminderState.Planned && reminder.At <= now))
            if (now <= reminder.At + settings.Value.LateBy)
            {
                if (reminder.At <= heardUntil)
                    await Create(distribution, reminder, by: null, cancellation);
            }
            else if (await SetState(
                    distribution.Id,
                    reminder.Number,
                    ReminderState.Planned,
                    ReminderState.Missed,
                    new(now, Act.ReminderMissed, null, $"due on {NewYorkTime.Words(reminder.At)} New York time"),
                    cancellation))
                await notices.Add(
                    new(
                        $"reminder-{distribution.Id}-{reminder.Number}",
                        now,
                        distribution.Id,
                        $"The reminder of {distribution.DraftLabel} that was due on {NewYorkTime.Words(reminder.At)} New York time was not sent: the service could not send it within {EnglishText.Span(settings.Value.LateBy)} of that time. If it shall still leave, send it from the letter's page."
                    ),
                    cancellation);
    }

    /// <summary>Reminds the missions that have not acknowledged by now.</summary>
    /// <param name="by">Who asks for it, for the record.</param>
    /// <param name="reminders">
    /// How many reminders of the letter the person knew of: where there are others by now, no further one is sent.
    /// </param>
    /// <returns>
    /// False where no mission that has the letter is without an acknowledgement, the letter was stopped, superseded or
    /// never released, or has other reminders by now.
    /// </returns>
    public async Task<bool> RemindNow(
        string distributionId,
        string by,
        int reminders,
        CancellationToken cancellation)
    {
        if (await distributions.Find(distributionId, cancellation)
                is not { StandsFirm: true, IsReminder: false } distribution
            || (await Silent(distribution, cancellation)).Count == 0)
            return false;
        var now = clock.GetUtcNow();
        var asked = await distributions.Change(
            distributionId,
            found =>
                // The number that the page showed: a second press, or somebody else meanwhile, made another one, and is
                // not added to.
                found.Reminders.Count == reminders
                    ? found with { Reminders = found.Reminders.Add(new(found.Reminders.Count + 1, now)) }
                    : null,
            cancellation);
        return asked is not null && await Create(asked, asked.Reminders[^1], by, cancellation);
    }

    /// <summary>Stops every reminder of a letter, including those being sent.</summary>
    /// <returns>False where there was nothing to stop.</returns>
    public async Task<bool> Stop(string distributionId, string by, CancellationToken cancellation)
    {
        var stopped =
            await distributions.Change(
                distributionId,
                distribution =>
                    distribution.Reminders.Exists(reminder =>
                        reminder.State is ReminderState.Planned or ReminderState.Missed)
                        ? (distribution with { Reminders = Stops.Stopped(distribution.Reminders) }).With(
                            new(clock.GetUtcNow(), Act.RemindersStopped, by, ""))
                        : null,
                cancellation)
            is not null;
        // After the plan, so that none is made from it while those that were made are stopped.
        foreach (
            var reminder in (await distributions.Following(distributionId, cancellation)).Where(other =>
                other.IsReminder))
            stopped |= await stops.Withdraw(reminder.Id, by, cancellation);
        return stopped;
    }

    /// <returns>Whether the reminder is sent: false where no mission needs it, or it was stopped.</returns>
    private async Task<bool> Create(
        DistributionRecord letter,
        PlannedReminder reminder,
        string? by,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var silent = await Silent(letter, cancellation);
        if (silent.Count == 0)
        {
            await SetState(
                letter.Id,
                reminder.Number,
                ReminderState.Planned,
                ReminderState.NotNeeded,
                new(now, Act.Reminded, by, "no mission that has the letter is silent"),
                cancellation);
            return false;
        }

        var id = letter.IdOf(reminder);
        var content = await contents.Find(letter.Id, cancellation);
        var reminded = silent.Select(entry => entry.Mission.Id).ToHashSet();
        var pdfs = content
            .Pdfs.Where(pdf => pdf.Length <= AttachedAgain && (pdf.Mission is null || reminded.Contains(pdf.Mission)))
            .ToList();
        // Before the content that names them is frozen: frozen content never names a file that is not there.
        await contents.CopyPdfs(letter.Id, id, pdfs, cancellation);
        var (frozen, isNew) = await contents.Freeze(
            id,
            content with
            {
                Enclosures = [],
                Roster = [.. silent.Select(entry => entry.Mission)],
                Pdfs = pdfs,
                Follows = new(FollowUpKind.Reminder, letter.Id),
                Reminder = new(
                    NewYorkTime.Day(now),
                    silent.ToDictionary(entry => entry.Mission.Id, entry => entry.MessageId)),
            },
            LetterFiles.None,
            cancellation);
        await entries.Freeze(id, frozen, isNew, cancellation);
        // The letter was read before all that: a person may have stopped its reminders since, or a correction has.
        if (await IsStopped(letter.Id, reminder.Number, cancellation))
            return false;
        await distributions.Add(
            letter.FollowedBy(
                FollowUpKind.Reminder,
                id,
                frozen,
                new(now, Act.Prepared, null, $"reminder {reminder.Number} of {letter.Id}")) with
            {
                State = DistributionState.Released,
                ReleasedBy = by ?? Phrase.Say($"the letter's schedule").ForRecord,
                ReleasedAt = now,
                SlotSize = plan.SlotSize(frozen.Roster.Count),
            },
            cancellation);
        // Mark it as made only after the distribution is stored: a crash in between repeats these steps, and they are
        // idempotent.
        if (!await SetState(
                letter.Id,
                reminder.Number,
                ReminderState.Planned,
                ReminderState.Made,
                new(now, Act.Reminded, by, $"{id}, to {EnglishText.Counted(frozen.Roster.Count, "mission")}"),
                cancellation)
            && await IsStopped(letter.Id, reminder.Number, cancellation))
        {
            // Whoever stopped it between the two may not have found the distribution yet.
            await stops.Withdraw(id, await StoppedBy(letter.Id, cancellation), cancellation);
            return false;
        }

        // Another worker may have made the same reminder and queued it already.
        if (await distributions.Find(id, cancellation) is { State: DistributionState.Released } made)
            await letterQueue.QueueSoon(made, cancellation);
        return true;
    }

    /// <summary>
    /// The missions that have the letter, have not acknowledged it and have no answer waiting, each with the mailboxes
    /// that accepted it and the Message-ID that the reminder replies to. A mission that got an addendum is reminded of
    /// the addendum instead.
    /// </summary>
    private async Task<IReadOnlyList<(Mission Mission, string MessageId)>> Silent(
        DistributionRecord letter,
        CancellationToken cancellation)
    {
        var acknowledged = await acknowledgements.Of(letter.Id, cancellation);
        // A mission whose answer waits to be read must not be told that it did not answer.
        var answered = await replies.Answered(letter.Id, cancellation);
        HashSet<string> elsewhere = [];
        foreach (var addendum in await distributions.Addenda(letter.Id, cancellation))
            elsewhere.UnionWith((await rosters.Find(addendum.Id, cancellation)).Missions.Select(mission => mission.Id));
        var roster = await rosters.Find(letter.Id, cancellation);
        List<(Mission, string)> silent = [];
        // A record of an acknowledgement that cannot be read may hold one: that mission is not reminded.
        foreach (var dispatch in (await entries.All(letter.Id, cancellation)).Select(stored => stored.Value))
            if (acknowledged.GetValueOrDefault(dispatch.MissionId) is null or { IsLeftOut: false }
                && new MissionReach(
                    roster.Mission(dispatch.MissionId),
                    dispatch.ToldState,
                    acknowledged.GetValueOrDefault(dispatch.MissionId)?.Stands is not null)
                    .IsSilent(answered.Contains(dispatch.MissionId))
                && !elsewhere.Contains(dispatch.MissionId)
                && dispatch.Taken is { } taken)
                silent.Add((roster.Mission(dispatch.MissionId) with { Mailboxes = taken.By }, taken.MessageId));
        return silent;
    }

    private async Task<bool> IsStopped(string distributionId, int number, CancellationToken cancellation) =>
        (await distributions.Find(distributionId, cancellation))?.Reminders.Find(reminder => reminder.Number == number)
            is { State: ReminderState.Stopped };

    private async Task<string> StoppedBy(string distributionId, CancellationToken cancellation) =>
        (await distributions.Find(distributionId, cancellation))?.Acts.FindLast(act =>
            act.Act is Act.RemindersStopped or Act.Withdrawn or Act.Superseded)?.By ?? "";

    private async Task<bool> SetState(
        string distributionId,
        int number,
        ReminderState from,
        ReminderState to,
        AuditEntry act,
        CancellationToken cancellation) =>
        await distributions.Change(
            distributionId,
            distribution =>
                distribution.Reminders.Find(reminder => reminder.Number == number) is { } planned
                && planned.State == from
                    ? (
                        distribution with
                        {
                            Reminders = distribution.Reminders.Replace(planned, planned with { State = to }),
                        }).With(act)
                    : null,
            cancellation)
            is not null;
}
