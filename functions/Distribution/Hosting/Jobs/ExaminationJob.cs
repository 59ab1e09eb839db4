using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters.Settings;
using Distribution.Register;

namespace Distribution.Hosting.Jobs;

/// <summary>
/// Takes over an uploaded register, and examines the folders that have changed or still wait. Where nothing waits, one
/// listing shows that no file has changed; everything else is looked at once a minute, for what other processes and
/// storage tools do.
/// </summary>
internal sealed class ExaminationJob(
    DraftUploads uploads,
    Drafts drafts,
    RegisterContainer register,
    DeskSettings settings,
    TimeProvider clock) : ITimerJob
{
    private readonly SeldomLook look = new(clock);

    /// <summary>What was there when nothing was left to do; null where something was.</summary>
    private Settled? settled;

    public string Name => "examination";

    public string Undone => "uploads that no event has told of are not examined";

    // Many letters may have come at once, each with a PDF for every mission.
    public TimeSpan Budget => TimeSpan.FromMinutes(7);

    public async Task Run(TimerTick tick, CancellationToken cancellation)
    {
        // Counted before anything is read: what changes meanwhile is looked at by the next run.
        var (registers, entries) = (register.Changes, settings.Changes);
        // Asked first, whatever follows: it counts the time since the last look.
        if (!look.Begin()
            && settled is { } last
            && last.Registers == registers
            && last.Settings == entries
            && last.Files == FolderListing.Of(await drafts.List(null, cancellation)))
            return;
        // Until this run has ended: where it fails or is cancelled, the next one looks at everything.
        settled = null;
        if (await uploads.ExamineAll(cancellation) is { } files)
            settled = new(files, registers, entries);
    }

    private sealed record Settled(string Files, long Registers, long Settings);
}
