namespace Distribution.Hosting.Jobs;

/// <summary>Takes over an uploaded register, and examines the folders that have changed or still wait.</summary>
internal sealed class ExaminationJob(DraftUploads uploads) : ITimerJob
{
    public string Name => "examination";

    public string Undone => "uploads that no event has told of are not examined";

    // Many letters may have come at once, each with a PDF for every mission.
    public TimeSpan Budget => TimeSpan.FromMinutes(7);

    public Task Run(TimerTick tick, CancellationToken cancellation) => uploads.ExamineAll(cancellation);
}
