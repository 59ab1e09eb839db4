using System.Text.RegularExpressions;
using Distribution.Common;

namespace Distribution.Mail;

/// <summary>
/// The parts of the Message-ID of a letter that a mission forwarded: <c>forward-MARK-HASH.MISSION.1@domain</c>. It has
/// the form of a letter's, so that a report on one is read as a report on something of ours, and names no letter. The
/// hash is of what was asked for, whose id is random: only who asked for it, or who got the mail, can know it.
/// </summary>
/// <param name="Mark">That of the letter, as <see cref="MessageTokens.Mark"/> has it.</param>
internal sealed partial record ForwardedMessageId(string Mark, string MissionId, string Hash)
{
    /// <summary>The beginning of all of them.</summary>
    public const string Start = "forward-";

    private const int HashLength = 32;

    /// <param name="id">Of what was asked for.</param>
    public static ForwardedMessageId Of(string distributionId, string missionId, string id) =>
        new(
            MessageTokens.Mark(distributionId),
            missionId,
            Sha256Hex.Of($"{distributionId}!{missionId}!{id}")[..HashLength]);

    /// <inheritdoc cref="SentMessageId.MessageId"/>
    public string MessageId(string domain) => $"{Start}{Mark}-{Hash}.{MissionId}.1@{domain}";

    /// <param name="messageId">With or without angle brackets, in whatever case it came.</param>
    /// <returns>Null where it has another form.</returns>
    public static ForwardedMessageId? Read(string messageId) =>
        Form().Match(messageId) is { Success: true } found
        && MessageTokens.Read(found.Groups[1].Value, MessageTokens.MarkLength) is { } mark
            ? new(mark, found.Groups[3].Value, found.Groups[2].Value.ToLowerInvariant())
            : null;

    [GeneratedRegex(
        @"^<?forward-([a-z2-7]{8})-([0-9a-f]{32})\.([a-z0-9-]{1,60})\.1@[^@<>\s]+>?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
