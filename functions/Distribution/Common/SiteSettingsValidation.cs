using Microsoft.Extensions.Options;

namespace Distribution.Common;

/// <summary>Checks the base URL of missions' links when the program starts.</summary>
internal sealed class SiteSettingsValidation : IValidateOptions<SiteSettings>
{
    public ValidateOptionsResult Validate(string? name, SiteSettings options) =>
        Check(options) is { } fault ? ValidateOptionsResult.Fail(fault.ToString()) : ValidateOptionsResult.Success;

    /// <returns>What is wrong with <c>PublicUrl</c>; null where nothing is.</returns>
    public static Finding? Check(SiteSettings settings) =>
        string.IsNullOrWhiteSpace(settings.PublicUrl)
            ? SettingFaults.MissingSetting("PublicUrl", "The address missions' links start with")
        : Uri.TryCreate(settings.PublicUrl, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        // The path of a link is put behind it, which a query or a fragment would swallow.
        && url.Query.Length == 0
        && url.Fragment.Length == 0
            ? null
        : SettingFaults.PublicUrlNotAbsolute(settings.PublicUrl);
}
