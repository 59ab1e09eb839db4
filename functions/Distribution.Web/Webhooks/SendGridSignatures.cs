using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Distribution.Common;
using Distribution.Mail;
using Microsoft.AspNetCore.Http;

namespace Distribution.Web.Webhooks;

/// <summary>
/// Verifies that a request comes from SendGrid: ECDSA with SHA-256 over the timestamp and the raw body. A request may
/// be as old as SendGrid retries one that was not accepted, a day or more. A replayed request changes nothing the
/// second time.
/// </summary>
internal sealed class SendGridSignatures(TimeProvider clock)
{
    public const string SignatureHeader = "X-Twilio-Email-Event-Webhook-Signature";

    public const string TimestampHeader = "X-Twilio-Email-Event-Webhook-Timestamp";

    /// <summary>How far SendGrid's clock may be ahead of ours.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <param name="oldest">The oldest age accepted: how long SendGrid retries a request of this kind.</param>
    /// <returns>What is wrong with the headers, in words; null where the body is worth reading.</returns>
    public string? Fault(IHeaderDictionary headers, TimeSpan oldest)
    {
        // Exactly one of each: with two, it would be open which one was signed.
        if (headers[SignatureHeader] is not [{ Length: > 0 }]
            || headers[TimestampHeader] is not [{ Length: > 0 } timestamp])
            return "It is not signed";
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return "Its timestamp is no number of seconds";
        var now = clock.GetUtcNow();
        return seconds < (now - oldest).ToUnixTimeSeconds() ? $"It is more than {EnglishText.Span(oldest)} old"
            : seconds > (now + Ahead).ToUnixTimeSeconds() ? "Its timestamp is in the future"
            : null;
    }

    /// <summary>Starts the hash of what is signed; the caller appends the body as it arrives.</summary>
    /// <param name="headers">Headers in which no fault was found.</param>
    public static IncrementalHash Begin(IHeaderDictionary headers)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The timestamp as it was sent, byte for byte, and then the body.
        hash.AppendData(Encoding.UTF8.GetBytes(headers[TimestampHeader].ToString()));
        return hash;
    }

    /// <summary>Whether the signature was made over this hash with one of the keys.</summary>
    /// <param name="keys">The public keys, as the setting has them.</param>
    /// <param name="headers">Headers in which no fault was found.</param>
    /// <param name="hash">The SHA-256 hash of all that is signed.</param>
    public static bool Fit(string keys, IHeaderDictionary headers, ReadOnlySpan<byte> hash)
    {
        var signature = new byte[headers[SignatureHeader].ToString().Length];
        return Convert.TryFromBase64String(headers[SignatureHeader].ToString(), signature, out var length)
            && SendGridEventKeys.Fit(keys, hash, signature.AsSpan(0, length));
    }
}
