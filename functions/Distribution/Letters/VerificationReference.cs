using System.Security.Cryptography;
using System.Text;

namespace Distribution.Letters;

/// <summary>Makes and parses verification references: twelve characters that a person can read out and type.</summary>
internal static class VerificationReference
{
    private const int Length = 12;

    // Crockford's base 32 alphabet: no I, L, O and U. If typed, they are read as 1, 1, 0 and V.
    private const string Signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>
    /// The reference of a distribution, computed from its id: the same id always gives the same reference.
    /// </summary>
    public static string For(string distributionId) =>
        string.Concat(
            SHA256
                .HashData(Encoding.UTF8.GetBytes($"verify\n{distributionId}"))
                .Take(Length)
                .Select(part => Signs[part % Signs.Length]));

    /// <summary>The form that is printed: <c>7QJ4-MX2K-9TWB</c>.</summary>
    public static string Shown(string reference) =>
        string.Join('-', reference.Chunk(4).Select(part => new string(part)));

    /// <returns>
    /// The normalized reference, or null if the typed text cannot be one. Ignores case, spaces and hyphens.
    /// </returns>
    public static string? Read(string typed)
    {
        var signs = string.Concat(
            typed
                .Where(sign => !char.IsWhiteSpace(sign) && sign is not ('-' or '–'))
                .Select(sign =>
                    char.ToUpperInvariant(sign) switch
                    {
                        'O' => '0',
                        'I' or 'L' => '1',
                        'U' => 'V',
                        var other => other,
                    })
        );
        return signs.Length == Length && signs.All(Signs.Contains) ? signs : null;
    }
}
