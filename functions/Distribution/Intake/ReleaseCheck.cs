using Distribution.Common;
using Distribution.Letters;
using Microsoft.Extensions.Options;

namespace Distribution.Intake;

/// <summary>Checks that the letter may be released in the way it asks for.</summary>
internal sealed class ReleaseCheck(IOptions<ReleaseSettings> settings) : IPreflightCheck
{
    public IEnumerable<Finding> Check(Preflight preflight)
    {
        if (preflight.Letter.Release == ReleaseRule.Automatic && !settings.Value.AllowAutomatic)
            yield return IntakeFaults.AutomaticNotAllowed(preflight.Letter.File);
        if (preflight.Letter is { Release: ReleaseRule.Automatic, Proof.Count: > 0 })
            yield return IntakeFaults.ProofWithAutomatic(preflight.Letter.File);
    }
}
