using Microsoft.Extensions.Options;

namespace Distribution.Common;

/// <summary>
/// Checks the settings under <c>Limits</c> when the program starts. Each message names the setting and what to write.
/// </summary>
internal sealed class LimitSettingsValidation : IValidateOptions<LimitSettings>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, LimitSettings settings) =>
        Check(settings).ToList() is { Count: > 0 } faults
            ? ValidateOptionsResult.Fail(faults)
            : ValidateOptionsResult.Success;

    private static IEnumerable<string> Check(LimitSettings settings)
    {
        if (settings.PagesPerMinute < 1)
            yield return AtLeast("PagesPerMinute", 1);
        if (settings.AnswersPerMinute < 1)
            yield return AtLeast("AnswersPerMinute", 1);
        if (settings.WebhooksAtOnce < 1)
            yield return AtLeast("WebhooksAtOnce", 1);
        if (settings.WebhooksWaiting < 0)
            yield return AtLeast("WebhooksWaiting", 0);
        if (settings.RequestTime < Shortest || settings.RequestTime > Longest)
            yield return "The setting Limits:RequestTime must lie between 00:00:01 and 00:10:00.";
        if (!settings.ClientAddressHeader.All(sign => char.IsAsciiLetterOrDigit(sign) || sign == '-'))
            yield return "The setting Limits:ClientAddressHeader must be the name of one header, such as X-Azure-ClientIP, or empty.";
    }

    private static string AtLeast(string setting, int least) =>
        $"The setting Limits:{setting} must be {least} or more.";
}
