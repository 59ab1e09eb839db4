using System.Security.Cryptography;
using System.Text;
using Distribution.Letters;
using Microsoft.Extensions.Options;

namespace Distribution.Mail;

/// <summary>
/// Where a token is used. Each purpose has its own key, so a token from one place is worthless in another.
/// </summary>
internal enum TokenPurpose
{
    MessageId,

    ReturnPath,

    Reply,
}

/// <summary>
/// The unguessable tokens in reply addresses, return paths and Message-IDs: the first 120 bits of an HMAC-SHA-256 over
/// distribution, mission and attempt, in base32, under a key derived (HKDF) from those that sign missions' links. Case
/// is ignored, because mail servers change it.
/// </summary>
internal sealed class MessageTokens(IOptions<LinkSettings> links)
{
    /// <summary>The length of a token, in characters.</summary>
    public const int Length = 24;

    /// <summary>The length of a mark, in characters.</summary>
    public const int MarkLength = 8;

    /// <summary>The attempt number of tokens that are the same for all attempts to one mission.</summary>
    public const int EveryAttempt = 0;

    private const string Signs = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Loaded lazily: commands that only read records need no keys.</summary>
    private readonly Lazy<IReadOnlyList<(string Id, IReadOnlyDictionary<TokenPurpose, byte[]> Secrets)>> keys = new(
        () =>
            [
                .. links
                    .Value.Keys.Select(LinkKeys.Read)
                    .Select(key =>
                        (
                            key.Id,
                            (IReadOnlyDictionary<TokenPurpose, byte[]>)
                                Enum.GetValues<TokenPurpose>()
                                    .ToDictionary(
                                        purpose => purpose,
                                        purpose =>
                                            HKDF.DeriveKey(
                                                HashAlgorithmName.SHA256,
                                                key.Secret,
                                                SHA256.HashSizeInBytes,
                                                info: Encoding.UTF8.GetBytes(NameOf(purpose)))))),
            ]);

    /// <summary>The id of the key for new distributions; each distribution's record stores the id of its key.</summary>
    public string Current => keys.Value[0].Id;

    /// <returns>Whether the settings have a key of this id.</returns>
    public bool Knows(string key) => keys.Value.Any(known => known.Id == key);

    /// <summary>
    /// The mark: eight base32 characters that find a distribution. It is not secret and proves nothing.
    /// </summary>
    public static string Mark(string distributionId) =>
        Base32(SHA256.HashData(Encoding.UTF8.GetBytes($"mark\n{distributionId}")).AsSpan(0, MarkLength * 5 / 8));

    /// <returns>The text in lower case; null if it is not base32 of this length.</returns>
    public static string? Read(string text, int length) =>
        text.Length == length && text.ToLowerInvariant() is var read && read.All(Signs.Contains) ? read : null;

    /// <param name="key">
    /// The id of the distribution's key; null for distributions made before key ids were stored.
    /// </param>
    /// <returns>In lower case, <see cref="Length"/> characters long.</returns>
    public string Create(
        TokenPurpose purpose,
        string? key,
        string distributionId,
        string missionId,
        int attempt = EveryAttempt) => Sign(KeysOf(key)[0].Secrets[purpose], distributionId, missionId, attempt);

    /// <returns>True if the token was made for exactly these values. Case is ignored.</returns>
    /// <inheritdoc cref="Create"/>
    public bool Verify(
        TokenPurpose purpose,
        string? key,
        string distributionId,
        string missionId,
        int attempt,
        string token) =>
        KeysOf(key)
            .Any(candidate => AreSame(Sign(candidate.Secrets[purpose], distributionId, missionId, attempt), token));

    /// <summary>Compares tokens in constant time, against timing attacks. Case is ignored.</summary>
    public static bool AreSame(string known, string given) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(known.ToLowerInvariant()), Encoding.UTF8.GetBytes(given.ToLowerInvariant()));

    /// <summary>The key of a distribution. If it is not known, or was removed from the settings: all keys.</summary>
    private IReadOnlyList<(string Id, IReadOnlyDictionary<TokenPurpose, byte[]> Secrets)> KeysOf(string? key) =>
        keys.Value.Where(candidate => candidate.Id == key).ToList() is { Count: > 0 } own ? own : keys.Value;

    private static string NameOf(TokenPurpose purpose) => purpose switch
    {
        TokenPurpose.MessageId => "message-id",
        TokenPurpose.ReturnPath => "return-path",
        TokenPurpose.Reply => "reply",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, null),
    };

    private static string Sign(byte[] secret, string distributionId, string missionId, int attempt) =>
        Base32(
            HMACSHA256
                .HashData(
                    secret,
                    // No id holds a line feed, so two different triples never give the same text.
                    Encoding.UTF8.GetBytes(FormattableString.Invariant($"{distributionId}\n{missionId}\n{attempt}")))
                .AsSpan(0, Length * 5 / 8));

    /// <param name="bytes">The length must be a multiple of five.</param>
    private static string Base32(ReadOnlySpan<byte> bytes)
    {
        var signs = new StringBuilder(bytes.Length * 8 / 5);
        for (var group = 0; group < bytes.Length; group += 5)
        {
            var bits = 0L;
            foreach (var part in bytes.Slice(group, 5))
                bits = (bits << 8) | part;
            for (var place = 35; place >= 0; place -= 5)
                signs.Append(Signs[(int)(bits >> place) & 31]);
        }

        return signs.ToString();
    }
}
