using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Distribution.Letters;

/// <summary>
/// Makes the reference of a letter when it is checked, with a key that is derived (HKDF, RFC 5869) from the key that
/// signs missions' links. A link has the distribution's id in it, and does not give the reference away. A frozen letter
/// keeps its reference, whatever becomes of the key.
/// </summary>
internal sealed class VerificationReferences(IOptions<LinkSettings> links)
{
    /// <summary>Loaded lazily: commands that only read records need no keys.</summary>
    private readonly Lazy<byte[]> key = new(() =>
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            LinkKeys.Read(links.Value.Keys[0]).Secret,
            SHA256.HashSizeInBytes,
            info: "verification-reference"u8.ToArray()));

    /// <summary>The same id gives the same reference, as long as the first key is the same.</summary>
    public string For(string distributionId) => VerificationReference.For(key.Value, distributionId);
}
