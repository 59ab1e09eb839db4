using Distribution.Common;

namespace Distribution.Hosting.Jobs;

/// <summary>Whether a job of the timer does its work, and what people of the desk are told of it.</summary>
/// <param name="IsWell">False where it has not ended well for longer than it may take.</param>
/// <param name="Words">A line: <c>inbound mail: last ended well on 26 March 2018, 12.00 p.m. New York time.</c></param>
internal sealed record JobStanding(bool IsWell, string Words)
{
    /// <summary>
    /// The longest pause of a job, whose next run must wait where another one takes all the time of a tick.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <param name="state">Null if it has never ended.</param>
    /// <param name="firstStart">When the service first started with this storage; null if that is not known.</param>
    public static JobStanding Of(ITimerJob job, JobState? state, DateTimeOffset? firstStart, DateTimeOffset now)
    {
        // From the first start and not from the latest: a service that is started again and again would otherwise seem
        // well.
        var last = state?.Succeeded ?? firstStart;
        // The absolute difference: a success that is still to come tells of a wrong clock and of nothing else.
        var isWell = last is { } then && (now - then).Duration() <= JobStates.Lag + job.Budget + Pause;
        var well = state?.Succeeded is not { } success
            ? "has never ended well."
            : $"last ended well on {NewYorkTime.Words(success)} New York time{(success > now + Pause ? ", which is still to come: one of the clocks is wrong" : "")}.";
        var words = state is { Failure: { } failure, Ended: { } ended }
            ? $"failed on {NewYorkTime.Words(ended)} New York time: {failure} It {well}"
            : state is null ? "has not run yet." : well;
        return new(isWell, $"{job.Name}: {words}{(isWell ? "" : $" While that is so, {job.Undone}.")}");
    }
}
