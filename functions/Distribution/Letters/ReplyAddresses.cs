using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Distribution;

/// <summary>
/// The address by which one mission's reply to one distribution is known: <c>replies+TOKEN@letters.example</c>. Mail servers may change the case of
/// what stands before the @, so the token is hexadecimal: ten characters that find the distribution, and twenty of an HMAC-SHA-256 over distribution
/// and mission. Nothing is stored for it. As with missions' links, the first key signs and every key verifies.
/// </summary>
internal sealed class ReplyAddresses(IOptions<InboundSettings> inbound, IOptions<LinkSettings> links)
{
    /// <summary>The most characters before the <c>+</c>: mail servers take 64 before the @.</summary>
    public const int LongestName = 64 - 1 - TokenLength;

    private const int MarkLength = 10;

    private const int TokenLength = MarkLength + 20;

    private readonly string setting = inbound.Value.ReplyAddress;

    private readonly IReadOnlyList<byte[]> keys = [.. links.Value.Keys.Select(key => LinkKeys.Read(key).Secret)];

    /// <summary>The address without a token; empty where no replies are tracked.</summary>
    public string Own => setting;

    public static bool IsUsable(string address) =>
        EmailAddresses.ReadAlone(address) is { } read && !EmailAddresses.NeedsUtf8(read) && read.Split('@')[0] is { Length: <= LongestName } name && !name.Contains('+');

    /// <returns>Null where there is no address to put a token into.</returns>
    public string? For(string distributionId, string missionId) =>
        setting.Split('@') is [{ Length: > 0 } name, var domain] ? $"{name}+{Mark(distributionId)}{Signature(keys[0], distributionId, missionId)}@{domain}" : null;

    /// <returns>The token in an address of this form, in lower case; null where there is none. It is not verified yet.</returns>
    public string? TokenIn(string address) =>
        setting.Split('@') is [{ Length: > 0 } name, var domain]
        && address.Length == setting.Length + 1 + TokenLength
        && address.StartsWith($"{name}+", StringComparison.OrdinalIgnoreCase)
        && address.EndsWith($"@{domain}", StringComparison.OrdinalIgnoreCase)
        && address.Substring(name.Length + 1, TokenLength).ToLowerInvariant() is var token && token.All(char.IsAsciiHexDigitLower)
            ? token
            : null;

    /// <summary>Whether a token may belong to a distribution: it is then to be verified for each of its missions.</summary>
    public static bool MayBeFor(string token, string distributionId) => token.StartsWith(Mark(distributionId), StringComparison.Ordinal);

    /// <returns>True when the token was signed for exactly this distribution and mission.</returns>
    public bool Verify(string token, string distributionId, string missionId) => keys.Any(key => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Mark(distributionId) + Signature(key, distributionId, missionId))));

    private static string Mark(string distributionId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"reply\n{distributionId}")))[..MarkLength];

    private static string Signature(byte[] key, string distributionId, string missionId) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"reply\n{distributionId}\n{missionId}")))[..(TokenLength - MarkLength)];
}
