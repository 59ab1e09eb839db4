using Distribution.Common;

namespace Distribution.Mail;

/// <summary>
/// An address with a tag (subaddressing): <c>NAME+TAG@domain</c>, where the tag is the mark of a distribution and a
/// token. Mail servers take 64 characters before the @ (RFC 5321, 4.5.3.1.1), so <c>NAME</c> has at most 31.
/// </summary>
internal static class TokenAddress
{
    public const int TagLength = MessageTokens.MarkLength + MessageTokens.Length;

    /// <summary>The most characters before the <c>+</c>.</summary>
    public const int LongestName = 64 - 1 - TagLength;

    public static bool IsUsable(string address) =>
        EmailAddresses.ReadAlone(address) is { } read
        && !EmailAddresses.NeedsUtf8(read)
        && read.Split('@')[0] is { Length: <= LongestName } name
        && !name.Contains('+');

    /// <param name="own">The address without a tag.</param>
    /// <returns>Null if the address is empty or malformed.</returns>
    public static string? With(string own, string tag) =>
        own.Split('@') is [{ Length: > 0 } name, var domain] ? $"{name}+{tag}@{domain}" : null;

    /// <returns>
    /// Mark and token in an address of this form, in lower case; null for other addresses. The token is not verified
    /// yet.
    /// </returns>
    public static (string Mark, string Token)? Read(string own, string address) =>
        own.Split('@') is [{ Length: > 0 } name, var domain]
        && address.Length == own.Length + 1 + TagLength
        && address.StartsWith($"{name}+", StringComparison.OrdinalIgnoreCase)
        && address.EndsWith($"@{domain}", StringComparison.OrdinalIgnoreCase)
        && MessageTokens.Read(address.Substring(name.Length + 1, TagLength), TagLength) is { } tag
            ? (tag[..MessageTokens.MarkLength], tag[MessageTokens.MarkLength..])
            : null;
}
