using System.Security.Cryptography;
using System.Text;
using Distribution.Common;
using Distribution.Letters;
using Microsoft.Extensions.Options;

namespace Distribution.Mail;

/// <summary>
/// The reply addresses in letters of earlier versions: thirty hexadecimal digits after the <c>+</c>, ten that find the
/// distribution and twenty of an HMAC. They still show which letter a reply answers; alone they change nothing.
/// </summary>
internal sealed class LegacyReplyAddresses(IOptions<InboundSettings> inbound, IOptions<LinkSettings> links)
{
    private const int MarkLength = 10;

    private const int TokenLength = MarkLength + 20;

    private readonly string setting = inbound.Value.ReplyAddress;

    private readonly IReadOnlyList<byte[]> keys = [.. links.Value.Keys.Select(key => LinkKeys.Read(key).Secret)];

    /// <returns>
    /// The token in an address of this form, in lower case; null where there is none. It is not verified yet.
    /// </returns>
    public string? TokenIn(string address) =>
        setting.Split('@') is [{ Length: > 0 } name, var domain]
        && address.Length == setting.Length + 1 + TokenLength
        && address.StartsWith($"{name}+", StringComparison.OrdinalIgnoreCase)
        && address.EndsWith($"@{domain}", StringComparison.OrdinalIgnoreCase)
        && address.Substring(name.Length + 1, TokenLength).ToLowerInvariant() is var token
        && token.All(char.IsAsciiHexDigitLower)
            ? token
            : null;

    /// <summary>Whether a token may belong to a distribution. If so, verify it for each of its missions.</summary>
    public static bool MayBeFor(string token, string distributionId) =>
        token.StartsWith(Mark(distributionId), StringComparison.Ordinal);

    public bool Verify(string token, string distributionId, string missionId) =>
        // Distributions of those versions do not say which key they were made with, so each is tried.
        keys.Any(key => MessageTokens.AreSame(Mark(distributionId) + Signature(key, distributionId, missionId), token));

    private static string Mark(string distributionId) =>
        Sha256Hex.Of($"reply\n{distributionId}")[..MarkLength];

    private static string Signature(byte[] key, string distributionId, string missionId) =>
        Convert.ToHexStringLower(
            HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"reply\n{distributionId}\n{missionId}"))
        )[..(TokenLength - MarkLength)];
}
