using Distribution.Tracking.Forwarding;

namespace Distribution.Hosting.Jobs;

/// <summary>Sends letters on that somebody at a mission forwarded to a colleague.</summary>
internal sealed class ForwardMailJob(ForwardMailer mailer) : ITimerJob
{
    public string Name => "forwarded letters";

    public string Undone => "letters that missions forwarded to a colleague do not leave";

    public TimeSpan Budget => TimeSpan.FromMinutes(2);

    public Task Run(TimerTick tick, CancellationToken cancellation) => mailer.Run(cancellation);
}
