using System.Collections.Concurrent;

namespace Distribution.Intake;

/// <summary>
/// What the examinations of this process are at, for whoever waits for one. Another instance's are not known here.
/// </summary>
internal sealed class ExaminationProgress
{
    private readonly ConcurrentDictionary<UploadFolder, string> steps = new();

    /// <param name="step">In words: "Reading the files".</param>
    public void Report(UploadFolder folder, string step) => steps[folder] = step;

    public void End(UploadFolder folder) => steps.TryRemove(folder, out _);

    /// <returns>Null where none is under way here.</returns>
    public string? Of(UploadFolder folder) => steps.GetValueOrDefault(folder);
}
