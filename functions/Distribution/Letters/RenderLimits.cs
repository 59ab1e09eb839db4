namespace Distribution.Letters;

/// <summary>What making one letter may cost before it is given up.</summary>
/// <param name="Steps">Turns of all loops nested in one another, together.</param>
/// <param name="Depth">Calls inside calls.</param>
/// <param name="Characters">Length of each part: subject, HTML, text.</param>
/// <param name="Time">For one mission's whole letter.</param>
/// <param name="Together">For the letters to all missions, when they are tried before any is sent.</param>
internal sealed record RenderLimits(int Steps, int Depth, int Characters, TimeSpan Time, TimeSpan Together)
{
    public static readonly RenderLimits Default = new(
        1_000,
        50,
        512 * 1024,
        TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(60));
}
