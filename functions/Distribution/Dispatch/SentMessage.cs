using System.Globalization;
using System.Text.RegularExpressions;

namespace Distribution;

/// <summary>What a Message-ID of ours says: distribution, mission, and the number of the attempt.</summary>
internal sealed partial record SentMessage(string DistributionId, string MissionId, int Attempt)
{
    public string MessageId(string domain) => string.Create(CultureInfo.InvariantCulture, $"{DistributionId}.{MissionId}.{Attempt}@{domain}");

    /// <returns>Null where the Message-ID, with or without angle brackets, is not one of ours by its form.</returns>
    public static SentMessage? Read(string messageId) =>
        Form().Match(messageId) is { Success: true } found && int.TryParse(found.Groups[3].ValueSpan, CultureInfo.InvariantCulture, out var attempt)
            ? new(found.Groups[1].Value, found.Groups[2].Value, attempt)
            : null;

    [GeneratedRegex(@"^<?([A-Za-z0-9-]{1,200})\.([A-Za-z0-9-]{1,60})\.([1-9][0-9]{0,4})@[^@<>\s]+>?$")]
    private static partial Regex Form();
}
