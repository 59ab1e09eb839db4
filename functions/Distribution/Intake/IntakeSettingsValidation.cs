using Microsoft.Extensions.Options;

namespace Distribution;

internal sealed class IntakeSettingsValidation : IValidateOptions<IntakeSettings>
{
    public ValidateOptionsResult Validate(string? name, IntakeSettings settings) => settings.WaitFor > TimeSpan.Zero
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail("The setting Intake:WaitFor must be longer than nothing, such as 00:15:00.");
}
