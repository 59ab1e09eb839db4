using Microsoft.Extensions.Options;

namespace Distribution.Letters.Typesetting;

/// <summary>Checks the settings under <c>Typesetting</c> when the program starts.</summary>
internal sealed class TypesettingSettingsValidation : IValidateOptions<TypesettingSettings>
{
    public ValidateOptionsResult Validate(string? name, TypesettingSettings settings)
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(settings.Folder))
            faults.Add("The setting Typesetting:Folder must name the folder the typesetter is installed in.");
        if (string.IsNullOrWhiteSpace(settings.Node))
            faults.Add("The setting Typesetting:Node must name the program that runs the typesetter, such as node.");
        if (settings.Time <= TimeSpan.Zero)
            faults.Add("The setting Typesetting:Time must be longer than nothing, such as 00:00:05.");
        if (settings.RestartAfter < 1)
            faults.Add("The setting Typesetting:RestartAfter must be at least 1.");
        if (settings.RestartAbove < 1 || settings.MostMemory <= settings.RestartAbove)
            faults.Add("The setting Typesetting:MostMemory must be above Typesetting:RestartAbove, and both above 0.");
        return faults is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
