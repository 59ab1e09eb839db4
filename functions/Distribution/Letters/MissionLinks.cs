using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Distribution.Common;
using Microsoft.Extensions.Options;

namespace Distribution.Letters;

/// <summary>
/// Creates and verifies the link with which one mission acknowledges one distribution:
/// <c>/acknowledge/DISTRIBUTION/MISSION/KEY-SIGNATURE</c>, signed with HMAC-SHA-256. The first key signs; every key
/// verifies.
/// </summary>
internal sealed class MissionLinks
{
    private readonly string start;
    private readonly IReadOnlyList<(string Id, byte[] Secret)> keys;

    public MissionLinks(IOptions<LinkSettings> links, IOptions<SiteSettings> site)
    {
        start = site.Value.PublicUrl.TrimEnd('/');
        keys = [.. links.Value.Keys.Select(LinkKeys.Read)];
    }

    /// <summary>The placeholder in a proof for a mission's own link.</summary>
    public string Proof => $"{start}/acknowledge/proof";

    /// <summary>The URL of the page where anyone who has a letter can verify it.</summary>
    /// <param name="reference">As <see cref="VerificationReference.For"/> makes it.</param>
    public string Verification(string reference) => $"{start}/verify?reference={reference}";

    public string For(string distributionId, string missionId) =>
        $"{start}/acknowledge/{Uri.EscapeDataString(distributionId)}/{Uri.EscapeDataString(missionId)}/{Token(keys[0], distributionId, missionId)}";

    /// <returns>True if one of the keys signed the token for exactly this distribution and mission.</returns>
    public bool Verify(string distributionId, string missionId, string token)
    {
        var given = Encoding.UTF8.GetBytes(token);
        // Constant-time comparison, so that timing reveals nothing about the right token.
        return keys.Any(key =>
            CryptographicOperations.FixedTimeEquals(
                given,
                Encoding.UTF8.GetBytes(Token(key, distributionId, missionId))));
    }

    private static string Token((string Id, byte[] Secret) key, string distributionId, string missionId) =>
        $"{key.Id}-{Base64Url.EncodeToString(HMACSHA256.HashData(key.Secret, Encoding.UTF8.GetBytes($"acknowledge\n{distributionId}\n{missionId}")))}";
}
