using System.Collections.Concurrent;
using Distribution.Common;

namespace Distribution.Intake;

/// <summary>
/// The current step of each examination in this process, shown to the person who waits. Other instances are not
/// covered.
/// </summary>
internal sealed class ExaminationProgress
{
    private readonly ConcurrentDictionary<UploadFolder, Phrase> steps = new();

    /// <param name="step">In words: "Reading the files".</param>
    public void Report(UploadFolder folder, Phrase step) => steps[folder] = step;

    public void End(UploadFolder folder) => steps.TryRemove(folder, out _);

    /// <returns>The current step in words; null if no examination of the folder runs in this process.</returns>
    public Phrase? Of(UploadFolder folder) => steps.GetValueOrDefault(folder);
}
