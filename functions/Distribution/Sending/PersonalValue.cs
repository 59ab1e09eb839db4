using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Distribution.Common;

namespace Distribution.Sending;

/// <summary>
/// A personal value, stored beside the log and not in it, so that it can be erased without breaking the hash chain. The
/// salt prevents anyone from guessing an erased value by hashing all likely values.
/// </summary>
/// <param name="Hash">SHA-256 over the salt's bytes and then the value in UTF-8, lower-case hexadecimal.</param>
/// <param name="Salt">16 random bytes, lower-case hexadecimal.</param>
internal sealed record PersonalValue(string Hash, string Salt, string Value)
{
    /// <summary>What records hold in the place of a name that was erased.</summary>
    public const string Erased = "(erased)";

    private const int SaltLength = 16;

    public static PersonalValue Of(string value)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        return new(HashOf(salt, value), Convert.ToHexStringLower(salt), value);
    }

    /// <returns>Null where the line is no such value.</returns>
    public static PersonalValue? Read(string line)
    {
        try
        {
            return Json.Read<PersonalValue>(line) is { Hash: not null } value ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the hash is that of a value under this salt.</summary>
    /// <exception cref="FormatException">The salt is not hexadecimal.</exception>
    public bool StandsFor(string value) => Hash == HashOf(Convert.FromHexString(Salt), value);

    /// <summary>
    /// Whether it is what was stored under its hash, and was not changed since. Salts of all versions are of one
    /// length: else the beginning of a value could be moved into its salt under the same hash.
    /// </summary>
    [JsonIgnore]
    public bool IsSound
    {
        get
        {
            try
            {
                return Salt is { Length: 2 * SaltLength } && StandsFor(Value);
            }
            catch (FormatException)
            {
                return false;
            }
        }
    }

    private static string HashOf(byte[] salt, string value) =>
        Sha256Hex.Of([.. salt, .. Encoding.UTF8.GetBytes(value)]);
}
