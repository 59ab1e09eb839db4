using Distribution.Intake.Malware;
using Microsoft.Extensions.Options;

namespace Distribution.Intake;

internal sealed class IntakeSettingsValidation : IValidateOptions<IntakeSettings>
{
    public const string UnknownScanner =
        "The setting Intake:Scanner names no malware scanner. Write clamd://HOST:PORT, clamd:/path/to.sock or defender, or leave it empty.";

    public ValidateOptionsResult Validate(string? name, IntakeSettings settings) =>
        Check(settings).ToList() is { Count: > 0 } faults
            ? ValidateOptionsResult.Fail(faults)
            : ValidateOptionsResult.Success;

    private static IEnumerable<string> Check(IntakeSettings settings)
    {
        if (settings.WaitFor <= TimeSpan.Zero)
            yield return "The setting Intake:WaitFor must be longer than nothing, such as 00:15:00.";
        if (settings.TypesetAtOnce is < 1 or > 2_000)
            yield return "The setting Intake:TypesetAtOnce must be a number from 1 to 2000, such as 250.";
        if (ScannerRoute.Parse(settings.Scanner) is null)
            yield return UnknownScanner;
        if (settings.ScanWithin <= TimeSpan.Zero || settings.ScanWithin > TimeSpan.FromHours(1))
            yield return "The setting Intake:ScanWithin must be longer than nothing and at most an hour, such as 00:01:00.";
    }
}
