using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Distribution.Mail;

/// <summary>The private key that signs letters (DKIM).</summary>
/// <param name="Algorithm">As a signature names it: <c>rsa-sha256</c> or <c>ed25519-sha256</c>.</param>
/// <param name="Bits">The length of an RSA key; 0 for Ed25519.</param>
/// <param name="Record">
/// The TXT record to publish in the DNS, so that receivers can verify its signatures: <c>v=DKIM1; k=rsa; p=…</c>.
/// </param>
/// <param name="Sign">Signs a SHA-256 hash. Thread-safe.</param>
internal sealed record DkimKey(string Algorithm, int Bits, string Record, Func<byte[], byte[]> Sign)
{
    /// <summary>The shortest RSA key whose signatures receivers accept, in bits (RFC 8301).</summary>
    public const int Shortest = 1024;

    /// <summary>The length of RSA keys that the same RFC recommends, in bits.</summary>
    public const int Recommended = 2048;

    /// <param name="pem">
    /// An RSA or Ed25519 private key without a password; line ends may be written <c>\n</c>, as some app settings need
    /// it.
    /// </param>
    /// <returns>Null if it is not such a key.</returns>
    public static DkimKey? Read(string pem)
    {
        try
        {
            using var text = new StringReader(pem.Replace(@"\n", "\n", StringComparison.Ordinal));
            using var reader = new PemReader(text);
            return reader.ReadObject() switch
            {
                AsymmetricCipherKeyPair pair => Of(pair.Private),
                AsymmetricKeyParameter key => Of(key),
                _ => null,
            };
        }
        catch (Exception)
        {
            // Any parse error means that it is no key. The key's text must not appear in an exception message.
            return null;
        }
    }

    private static DkimKey? Of(AsymmetricKeyParameter key) =>
        key switch
        {
            RsaPrivateCrtKeyParameters rsa => new(
                "rsa-sha256",
                rsa.Modulus.BitLength,
                $"v=DKIM1; k=rsa; p={Convert.ToBase64String(SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(new RsaKeyParameters(false, rsa.Modulus, rsa.PublicExponent)).GetDerEncoded())}",
                ByRsa(RSA.Create(DotNetUtilities.ToRSAParameters(rsa)))),
            Ed25519PrivateKeyParameters edwards => new(
                "ed25519-sha256",
                0,
                $"v=DKIM1; k=ed25519; p={Convert.ToBase64String(edwards.GeneratePublicKey().GetEncoded())}",
                hash => ByEdwards(edwards, hash)),
            _ => null,
        };

    private static Func<byte[], byte[]> ByRsa(RSA rsa) =>
        hash =>
        {
            // It is not said to be thread-safe, and takes less than a millisecond.
            lock (rsa)
                return rsa.SignHash(hash, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        };

    private static byte[] ByEdwards(Ed25519PrivateKeyParameters key, byte[] hash)
    {
        // It gathers what it signs, so each signature needs one of its own.
        var signer = new Ed25519Signer();
        signer.Init(forSigning: true, key);
        signer.BlockUpdate(hash);
        return signer.GenerateSignature();
    }
}
