using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Distribution.Common;
using Microsoft.Extensions.Options;

namespace Distribution.Letters;

/// <summary>
/// Creates and verifies the link with which one mission acknowledges one distribution:
/// <c>/acknowledge/DISTRIBUTION/MISSION/KEY-SIGNATURE</c>, signed with HMAC-SHA-256. The first key signs; every key
/// verifies. So does the link with which a mailbox that was proposed for a mission is confirmed.
/// </summary>
internal sealed partial class MissionLinks
{
    /// <summary>The query parameter that names a page's language, by the code of an official one.</summary>
    public const string Language = "lang";

    /// <summary>The signature's 32 bytes, in characters of Base64url.</summary>
    private const int SignatureLength = 43;

    private readonly string start;
    private readonly IReadOnlyList<(string Id, byte[] Secret)> keys;

    public MissionLinks(IOptions<LinkSettings> links, IOptions<SiteSettings> site)
    {
        start = site.Value.PublicUrl.TrimEnd('/');
        keys = [.. links.Value.Keys.Select(LinkKeys.Read)];
    }

    /// <summary>The placeholder in a proof for a mission's own link.</summary>
    public string Proof => $"{start}{MissionRoutes.Acknowledge}/proof";

    /// <summary>The URL of the page where anyone who has a letter can verify it.</summary>
    /// <param name="reference">As <see cref="VerificationReferences.For"/> makes it.</param>
    public string Verification(string reference) => $"{start}{MissionRoutes.Verify}?reference={reference}";

    /// <summary>The full URL of a mission's own link, signed with the first key.</summary>
    public string For(string distributionId, string missionId) =>
        $"{start}{Path(distributionId, missionId, Token(keys[0], Acknowledges(distributionId, missionId)))}";

    /// <summary>The path of a link with a token that was signed.</summary>
    public static string Path(string distributionId, string missionId, string token) =>
        $"{MissionRoutes.Acknowledge}/{Uri.EscapeDataString(distributionId)}/{Uri.EscapeDataString(missionId)}/{token}";

    /// <returns>True if one of the keys signed the token for exactly this distribution and mission.</returns>
    public bool Verify(string distributionId, string missionId, string token) =>
        IsSigned(Acknowledges(distributionId, missionId), token);

    /// <summary>
    /// The URL with which the reader of a mailbox confirms that it is a mission's. It is the same at each try of its
    /// mail, so it need not be stored.
    /// </summary>
    /// <param name="proposalId">What proposed the mailbox.</param>
    /// <param name="language">The language of the page; null for the reader's own.</param>
    public string ForMailbox(string missionId, string proposalId, string address, string? language = null) =>
        $"{start}{MailboxPath(missionId, proposalId, Token(keys[0], Confirms(missionId, proposalId, address)))}{(language is null ? "" : $"?{Language}={language}")}";

    /// <summary>The path of such a link with a token that was signed.</summary>
    public static string MailboxPath(string missionId, string proposalId, string token) =>
        $"{MissionRoutes.Mailbox}/{Uri.EscapeDataString(missionId)}/{Uri.EscapeDataString(proposalId)}/{token}";

    /// <returns>True if one of the keys signed the token for exactly this mailbox of this proposal.</returns>
    public bool VerifyMailbox(string missionId, string proposalId, string address, string token) =>
        IsSigned(Confirms(missionId, proposalId, address), token);

    /// <summary>
    /// Repairs a link that a mail program has changed: signs stuck to its end, a break inside, or both.
    /// </summary>
    /// <param name="path">What stands after <c>/acknowledge/</c>, decoded.</param>
    /// <param name="page">The one page of a link that letters link to as well, such as <c>/documents</c>.</param>
    /// <returns>Its path as it was signed; null where the token is not whole.</returns>
    public string? Whole(string path, string page)
    {
        if (Unbroken(path).Split('/') is not [var distribution, var mission, var rest, .. var more])
            return null;
        // Signs may stick to the page's name as well.
        if (more is [var named, .. var behind] && $"/{named}".StartsWith(page, StringComparison.Ordinal))
            more = behind;
        else
            page = "";
        // Signs may stick to the end, but what follows in words is another address.
        if (more.Any(part => part.Any(char.IsLetterOrDigit)))
            return null;
        // How long the token is follows from the length of the name of its key, which may be any of the keys.
        return keys.Select(key => key.Id.Length + 1 + SignatureLength)
            .Where(length => rest.Length >= length)
            .Select(length => rest[..length])
            .Where(token => Verify(distribution, mission, token))
            .Select(token => Path(distribution, mission, token) + page)
            .FirstOrDefault();
    }

    /// <summary>
    /// Without what a mail program breaks a line with: white space and invisible signs, the = of a soft line break
    /// (quoted-printable, RFC 2045, 6.7), and the > of a quoted line.
    /// </summary>
    private static string Unbroken(string path) =>
        string.Concat(
            Break().Replace(path, "")
                .Where(sign =>
                    !char.IsWhiteSpace(sign)
                    && !char.IsControl(sign)
                    && char.GetUnicodeCategory(sign) is not UnicodeCategory.Format));

    [GeneratedRegex(@"=?[\r\n]+(?:[ \t]*>)*")]
    private static partial Regex Break();

    // The purpose comes first, so that a token for one purpose is good for no other.
    private static string Acknowledges(string distributionId, string missionId) =>
        $"acknowledge\n{distributionId}\n{missionId}";

    private static string Confirms(string missionId, string proposalId, string address) =>
        $"mailbox\n{missionId}\n{proposalId}\n{address}";

    private bool IsSigned(string text, string token)
    {
        var given = Encoding.UTF8.GetBytes(token);
        // Constant-time comparison, so that timing reveals nothing about the right token.
        return keys.Any(key =>
            CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(Token(key, text))));
    }

    private static string Token((string Id, byte[] Secret) key, string text) =>
        $"{key.Id}-{Base64Url.EncodeToString(HMACSHA256.HashData(key.Secret, Encoding.UTF8.GetBytes(text)))}";
}
