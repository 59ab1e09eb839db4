using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>Settings under <c>Dispatch</c>, checked when the program starts; each message names the setting.</summary>
internal sealed class DispatchSettingsValidation : IValidateOptions<DispatchSettings>
{
    /// <summary>
    /// How long a message can stay invisible in a queue at the most (Azure Queue Storage, Put Message).
    /// </summary>
    private static readonly TimeSpan LongestQueueDelay = TimeSpan.FromDays(7);

    /// <summary>Shorter: up to 20 % is added to a pause, so that not all letters are tried again at once.</summary>
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromDays(5);

    public ValidateOptionsResult Validate(string? name, DispatchSettings settings)
    {
        List<string> faults = [];
        if (settings.BatchSize is < 1 or > DispatchSettings.MostInBatch)
            faults.Add($"The setting Dispatch:BatchSize must be from 1 to {DispatchSettings.MostInBatch}.");
        if (settings.Concurrency is < 1 or > 100)
            faults.Add("The setting Dispatch:Concurrency must be from 1 to 100.");
        if (settings.ClaimFor <= TimeSpan.Zero)
            faults.Add("The setting Dispatch:ClaimFor must be longer than nothing, such as 00:00:20.");
        if (settings.ProbeEvery <= TimeSpan.Zero)
            faults.Add("The setting Dispatch:ProbeEvery must be longer than nothing, such as 00:01:00.");
        if (settings.Delays.Any(delay => delay < TimeSpan.Zero || delay > LongestRetryDelay))
            faults.Add("Every entry of the setting Dispatch:RetryDelays must be from 00:00:00 to 5 days.");
        if (settings.LettersPerMinute < 0)
            faults.Add("The setting Dispatch:LettersPerMinute must be 0, for no limit, or above.");
        if (settings.UnknownOutcome is not (DispatchSettings.ResendUnknown or DispatchSettings.AskUnknown))
            faults.Add(
                $"The setting Dispatch:UnknownOutcome must be {DispatchSettings.ResendUnknown} or {DispatchSettings.AskUnknown}."
            );
        if (settings.SettleAfter < TimeSpan.Zero || settings.SettleAfter >= LongestQueueDelay)
            faults.Add("The setting Dispatch:SettleAfter must be from 00:00:00 to less than 7 days.");
        if (settings.LateBy < TimeSpan.Zero)
            faults.Add("The setting Dispatch:LateBy must be 00:00:00 or longer.");
        return faults is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
