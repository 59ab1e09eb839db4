using System.Security.Cryptography;

namespace Distribution.Mail;

/// <summary>
/// The public keys SendGrid signs its events with: ECDSA over P-256, each as SendGrid's page shows it
/// (SubjectPublicKeyInfo in base64), a space between two.
/// </summary>
internal static class SendGridEventKeys
{
    private const string P256 = "1.2.840.10045.3.1.7";

    public static bool AreReadable(string setting)
    {
        try
        {
            foreach (var key in Parts(setting))
                Read(key).Dispose();
            return true;
        }
        catch (Exception unreadable) when (unreadable is FormatException or CryptographicException)
        {
            return false;
        }
    }

    /// <param name="setting">Keys for which <see cref="AreReadable"/> is true.</param>
    /// <param name="hash">SHA-256 of what was signed.</param>
    /// <param name="signature">In DER, as SendGrid writes it; any other bytes match no key.</param>
    /// <returns>Whether one of the keys made the signature.</returns>
    // SendGrid's own package can do this too, but takes the body as text and decodes signatures with another library.
    // The platform's ECDsa takes bytes, exactly as they were signed.
    public static bool Fit(string setting, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        foreach (var text in Parts(setting))
        {
            using var key = Read(text);
            if (key.VerifyHash(hash, signature, DSASignatureFormat.Rfc3279DerSequence))
                return true;
        }

        return false;
    }

    private static string[] Parts(string setting) =>
        setting.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static ECDsa Read(string text)
    {
        var bytes = Convert.FromBase64String(text);
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(bytes, out var read);
            return
                read == bytes.Length && key.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value == P256
                ? key
                : throw new CryptographicException("Not one public key on the curve P-256.");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
