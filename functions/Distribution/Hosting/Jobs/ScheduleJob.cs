using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tracking;

namespace Distribution.Hosting.Jobs;

/// <summary>
/// Sends what has its hour: scheduled letters, then reminders. A reminder waits until the mail that had come by its
/// hour was heard, so that a mission that has answered is not told that it did not.
/// </summary>
internal sealed class ScheduleJob(Releases releases, ReminderSender reminders, InboundMailJob mail) : ITimerJob
{
    public string Name => "reminders and hours";

    public string Undone => "letters and reminders do not leave at the hour that was set for them";

    public TimeSpan Budget => TimeSpan.FromMinutes(2);

    public Task Run(TimerTick tick, CancellationToken cancellation) =>
        TimerTick.InTurn(
            cancellation,
            () => tick.ForEach(
                async (distribution, stop) =>
                {
                    if (distribution.State == DistributionState.Scheduled)
                        await releases.SendDue(distribution, stop);
                    await releases.TellOfHour(distribution, stop);
                },
                cancellation),
            async () =>
            {
                // Asked only here, so that letters with an hour never wait for mail.
                var heard = await mail.HeardUntil(cancellation);
                await tick.ForEach((distribution, stop) => reminders.SendDue(distribution, heard, stop), cancellation);
            });
}
