using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Distribution.Tests.Web;

/// <summary>The headers by which SendGrid signs what it posts. Their names are its own, not the service's.</summary>
internal static class SendGridSigned
{
    public const string Signature = "X-Twilio-Email-Event-Webhook-Signature";

    public const string Timestamp = "X-Twilio-Email-Event-Webhook-Timestamp";

    public static (string Name, string Value)[] Of(byte[] body, DateTimeOffset at, ECDsa key)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = key.SignData(
            [.. Encoding.UTF8.GetBytes(timestamp), .. body],
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence);
        return [(Signature, Convert.ToBase64String(signature)), (Timestamp, timestamp)];
    }
}
