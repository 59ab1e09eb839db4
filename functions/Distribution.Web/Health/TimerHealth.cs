using Azure;
using Distribution.Hosting.Jobs;
using Distribution.Storage;

namespace Distribution.Web.Health;

/// <summary>
/// Whether the timer's jobs end well, in whichever process they run: by what they stored of themselves.
/// </summary>
internal sealed class TimerHealth(JobStates states, IEnumerable<ITimerJob> jobs, TimeProvider clock)
    : RememberedHealth(clock)
{
    public const string Part = "timer";

    // Shorter than the whole check may take, so that a storage that hangs is told as such and not as a timer that
    // fails.
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(4);

    private string? details;

    protected override TimeSpan Patience => TimeSpan.FromSeconds(5);

    protected override string? Details => details;

    protected override async Task Try(CancellationToken cancellation)
    {
        details = null;
        try
        {
            var (firstStart, known) = await states.Read(cancellation).WaitAsync(Answer, cancellation);
            var all = jobs
                .Select(job => JobStanding.Of(job, known.GetValueOrDefault(job.Name), firstStart, Now))
                .ToList();
            details = string.Join(
                '\n',
                all.Select(job => job.Words)
                    .Prepend("The timer's jobs; what ends well is noted every few minutes:"));
            if (all.Exists(job => !job.IsWell))
                throw new InvalidOperationException("A job of the timer has not ended well for longer than it may take.");
        }
        catch (Exception storage)
            when (StorageFailures.Pass(storage) || storage is RequestFailedException { Status: 401 or 403 })
        {
            // That storage cannot be reached is for its own check to say; what the jobs do is not known.
            details = "What the timer's jobs do is not known, because storage cannot be reached.";
        }
    }
}
