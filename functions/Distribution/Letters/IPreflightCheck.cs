using Distribution.Common;

namespace Distribution.Letters;

/// <summary>One of the checks made before anything is sent; each lives in the step that knows its matter.</summary>
internal interface IPreflightCheck
{
    /// <returns>Every fault found, not only the first; none when all is well.</returns>
    IEnumerable<Fault> Check(Preflight preflight);
}
