using System.Globalization;
using System.Text.RegularExpressions;

namespace Distribution.Mail;

/// <summary>
/// The parts of our Message-IDs: <c>MARK.MISSION.ATTEMPT.TOKEN@domain</c>, or, in letters sent before there were
/// tokens, <c>DISTRIBUTION.MISSION.ATTEMPT@domain</c>. Anyone can forge either; <see cref="MessageTokens"/> verifies
/// the token.
/// </summary>
/// <param name="Distribution">Its mark, or its id where there is no token.</param>
/// <param name="Token">In lower case; null in letters sent before there were tokens.</param>
internal sealed partial record SentMessageId(string Distribution, string MissionId, int Attempt, string? Token = null)
{
    /// <summary>
    /// The longest domain, in characters, with which a Message-ID has at most 160 characters with its angle brackets.
    /// </summary>
    // Brackets, mark, dot, mission (60), dot, attempt (5), dot, token, @.
    public const int LongestDomain = 160 - 2 - MessageTokens.MarkLength - 1 - 60 - 1 - 5 - 1 - MessageTokens.Length - 1;

    /// <param name="domain">In ASCII.</param>
    /// <returns>Without angle brackets.</returns>
    public string MessageId(string domain) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Distribution}.{MissionId}.{Attempt}{(Token is null ? "" : $".{Token}")}@{domain}");

    /// <returns>Null where the Message-ID, with or without angle brackets, is not one of ours by its form.</returns>
    public static SentMessageId? Read(string messageId) =>
        Form().Match(messageId) is not { Success: true } found
        || !int.TryParse(found.Groups[3].ValueSpan, CultureInfo.InvariantCulture, out var attempt)
            ? null
        : !found.Groups[4].Success ? new(found.Groups[1].Value, found.Groups[2].Value, attempt)
        : MessageTokens.Read(found.Groups[1].Value, MessageTokens.MarkLength) is { } mark
        && MessageTokens.Read(found.Groups[4].Value, MessageTokens.Length) is { } token
            ? new(mark, found.Groups[2].Value, attempt, token)
        : null;

    /// <summary>
    /// A text without the tokens of the Message-IDs in it, for what is handed on: <c>MARK.MISSION.ATTEMPT.…@domain</c>.
    /// Some servers give a Message-ID back in their answer.
    /// </summary>
    public static string WithoutTokens(string text) => TokenWithin().Replace(text, "…");

    [GeneratedRegex(@"(?<=\.[1-9][0-9]{0,4}\.)[A-Za-z2-7]{24}(?=@)")]
    private static partial Regex TokenWithin();

    [GeneratedRegex(
        @"^<?([A-Za-z0-9-]{1,200})\.([A-Za-z0-9-]{1,60})\.([1-9][0-9]{0,4})(?:\.([A-Za-z2-7]{24}))?@[^@<>\s]+>?$")]
    private static partial Regex Form();
}
