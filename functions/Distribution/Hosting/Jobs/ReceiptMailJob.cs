using Distribution.Tracking.Receipts;

namespace Distribution.Hosting.Jobs;

/// <summary>Tells missions by mail what was recorded of their acknowledgements.</summary>
internal sealed class ReceiptMailJob(ReceiptMailer mailer) : ITimerJob
{
    public string Name => "receipts";

    public string Undone => "missions are not told by mail that their acknowledgement is on record";

    public TimeSpan Budget => TimeSpan.FromMinutes(2);

    public Task Run(TimerTick tick, CancellationToken cancellation) => mailer.Run(cancellation);
}
