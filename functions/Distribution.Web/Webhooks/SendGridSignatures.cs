using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Distribution.Web;

/// <summary>
/// Tells SendGrid's own requests from others: ECDSA with SHA-256 over the timestamp and the body as it came. A request may be a day old,
/// for SendGrid repeats one that was not taken for so long; one that comes twice changes nothing the second time.
/// </summary>
internal sealed class SendGridSignatures(IOptions<MailSettings> mail, TimeProvider clock)
{
    public const string SignatureHeader = "X-Twilio-Email-Event-Webhook-Signature";

    public const string TimestampHeader = "X-Twilio-Email-Event-Webhook-Timestamp";

    private static readonly TimeSpan Oldest = TimeSpan.FromHours(25);

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    private readonly string keys = mail.Value.SendGridEventKey;

    /// <summary>Whether there is a key to check with.</summary>
    public bool AreChecked => !string.IsNullOrWhiteSpace(keys);

    /// <returns>What is wrong with the headers, in words; null where the body is worth reading.</returns>
    public string? Fault(IHeaderDictionary headers)
    {
        if (headers[SignatureHeader] is not [{ Length: > 0 }] || headers[TimestampHeader] is not [{ Length: > 0 } timestamp])
            return "It is not signed";
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return "Its timestamp is no number of seconds";
        var now = clock.GetUtcNow();
        return seconds < (now - Oldest).ToUnixTimeSeconds() ? "It is more than 25 hours old"
            : seconds > (now + Ahead).ToUnixTimeSeconds() ? "Its timestamp is in the future"
            : null;
    }

    /// <param name="headers">Those in which no fault was found.</param>
    public bool Fit(IHeaderDictionary headers, ReadOnlySpan<byte> body)
    {
        var signature = new byte[headers[SignatureHeader].ToString().Length];
        if (!Convert.TryFromBase64String(headers[SignatureHeader].ToString(), signature, out var length))
            return false;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(headers[TimestampHeader].ToString()));
        hash.AppendData(body);
        return SendGridEventKeys.Fit(keys, hash.GetHashAndReset(), signature.AsSpan(0, length));
    }
}
