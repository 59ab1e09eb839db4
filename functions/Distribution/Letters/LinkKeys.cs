using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Distribution.Letters;

/// <summary>Parses, validates and creates the keys that sign missions' links.</summary>
internal sealed class LinkKeys : IValidateOptions<LinkSettings>
{
    private const int Bytes = 32;

    public ValidateOptionsResult Validate(string? name, LinkSettings settings)
    {
        if (settings.Keys.Count == 0)
            return ValidateOptionsResult.Fail(
                "The setting Links:Keys:0 is missing. Give it a name and at least 32 random bytes in base64, such as 2026a:… (openssl rand -base64 32)."
            );
        var unreadable = settings
            .Keys.Select((key, place) => (key, place))
            .Where(entry => !IsReadable(entry.key))
            .Select(entry => entry.place)
            .ToList();
        if (unreadable is not [])
            return ValidateOptionsResult.Fail(
                $"The setting Links:Keys:{unreadable[0]} cannot be read. Write a short name of letters and digits, a colon, and at least 32 random bytes in base64."
            );
        return settings.Keys.Select(key => Read(key).Id).Distinct().Count() == settings.Keys.Count
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                "Two of the settings Links:Keys have the same name. Give each key a name of its own.");
    }

    /// <returns>A new random key with this name, in the form of the settings.</returns>
    public static string Create(string id) => $"{id}:{Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes))}";

    /// <exception cref="FormatException">The text is not <c>id:base64</c>.</exception>
    public static (string Id, byte[] Secret) Read(string key) =>
        key.Split(':', 2) is [var id, var secret]
            ? (id, Convert.FromBase64String(secret))
            : throw new FormatException("No colon.");

    private static bool IsReadable(string key)
    {
        var secret = new byte[key.Length];
        return key.Split(':', 2) is [{ Length: > 0 and <= 20 } id, var encoded]
            // A hyphen ends the name in a link.
            && id.All(char.IsAsciiLetterOrDigit)
            && Convert.TryFromBase64String(encoded, secret, out var written)
            && written >= Bytes;
    }
}
