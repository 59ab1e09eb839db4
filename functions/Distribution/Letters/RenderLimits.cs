namespace Distribution.Letters;

/// <summary>
/// The limits on making letters, so that a template or letter with a mistake cannot use up time or memory. Times are
/// processor time: see <see cref="RenderBudget"/>.
/// </summary>
/// <param name="Steps">The most iterations of all nested loops together.</param>
/// <param name="Depth">The deepest nesting of calls (recursion).</param>
/// <param name="Characters">The longest part (subject, HTML or text), in characters.</param>
/// <param name="Time">
/// For reading a letter and rendering it once in each of its languages; and for rendering one mission's letter when it
/// is sent.
/// </param>
/// <param name="Each">For each further mission's letter, when all are tried before any is sent.</param>
/// <param name="Typesetting">For each further PDF of a language; the first has <c>Typesetting:Time</c>.</param>
internal sealed record RenderLimits(
    int Steps,
    int Depth,
    int Characters,
    TimeSpan Time,
    TimeSpan Each,
    TimeSpan Typesetting)
{
    // Far above what letters take.
    public static readonly RenderLimits Default = new(
        1_000,
        50,
        512 * 1024,
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMilliseconds(50),
        TimeSpan.FromMilliseconds(250));
}
