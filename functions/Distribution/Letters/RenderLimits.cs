namespace Distribution.Letters;

/// <summary>
/// The limits on making one letter, so that a template or letter with a mistake cannot use up time or memory.
/// </summary>
/// <param name="Steps">The most iterations of all nested loops together.</param>
/// <param name="Depth">The deepest nesting of calls (recursion).</param>
/// <param name="Characters">The longest part (subject, HTML or text), in characters.</param>
/// <param name="Time">Timeout for one mission's whole letter.</param>
/// <param name="Together">
/// Timeout for the letters to all missions together, when they are tried before any is sent.
/// </param>
internal sealed record RenderLimits(int Steps, int Depth, int Characters, TimeSpan Time, TimeSpan Together)
{
    public static readonly RenderLimits Default = new(
        1_000,
        50,
        512 * 1024,
        TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(60));
}
