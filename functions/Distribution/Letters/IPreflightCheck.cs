using Distribution.Common;

namespace Distribution.Letters;

/// <summary>
/// One of the pre-flight checks, which run before anything is sent. Each room implements the checks for what it knows.
/// </summary>
internal interface IPreflightCheck
{
    /// <returns>All faults, not only the first; empty if there is none.</returns>
    IEnumerable<Finding> Check(Preflight preflight);
}
