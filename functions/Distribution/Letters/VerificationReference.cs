using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Distribution.Letters;

/// <summary>What a person typed or pasted as a reference.</summary>
/// <param name="Meant">The references that it may mean, the likeliest first; none where it cannot be one.</param>
/// <param name="IsMistyped">
/// True if it has the length of a reference with its check sign, and the check sign does not fit the others.
/// </param>
internal sealed record TypedReference(IReadOnlyList<string> Meant, bool IsMistyped);

/// <summary>
/// Makes and parses verification references: twelve characters that a person can read out and type, and in print a
/// check sign behind them. Letters of earlier versions were printed without it.
/// </summary>
internal static class VerificationReference
{
    private const int Length = 12;
    private const int Group = 4;

    // Crockford's base 32 alphabet: no I, L, O and U. If typed, they are read as 1, 1, 0 and V.
    private const string Signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string For(byte[] key, string distributionId) =>
        string.Concat(
            HMACSHA256
                .HashData(key, Encoding.UTF8.GetBytes(distributionId))
                .Take(Length)
                // 256 is a multiple of 32, so no sign is likelier than another.
                .Select(part => Signs[part % Signs.Length]));

    /// <summary>The form that is printed, with its check sign: <c>7QJ4-MX2K-9TWB-X</c>.</summary>
    public static string Shown(string reference) =>
        string.Join('-', reference.Chunk(Group).Select(part => new string(part)).Append($"{CheckSign(reference)}"));

    /// <summary>
    /// Reads what was typed, whatever its case, spaces and hyphens, with the check sign or without. Some programs copy
    /// the groups from an Arabic document in reverse order: those are turned round.
    /// </summary>
    public static TypedReference Read(string typed)
    {
        var signs = string.Concat(
            Visible(typed)
                .Where(sign => !char.IsWhiteSpace(sign) && !IsHyphen(sign))
                .Select(sign =>
                    char.ToUpperInvariant(sign) switch
                    {
                        'O' => '0',
                        'I' or 'L' => '1',
                        'U' => 'V',
                        var other => other,
                    })
        );
        if (!signs.All(Signs.Contains))
            return new([], false);
        // Without a check sign, nothing tells whether the groups were turned round.
        if (signs.Length == Length)
            return new([signs, TurnedRound(signs)], false);
        if (signs.Length != Length + 1)
            return new([], false);
        // With its groups turned round, a reference begins with its check sign.
        (string Reference, char Check)[] ways = [(signs[..Length], signs[Length]), (TurnedRound(signs[1..]), signs[0])];
        List<string> meant = [];
        foreach (var (reference, check) in ways)
            if (CheckSign(reference) == check)
                meant.Add(reference);
        return new(meant, meant is []);
    }

    /// <summary>
    /// A text without the signs that nobody sees and that are copied along: marks of direction, of places where a word
    /// may break, of no width.
    /// </summary>
    public static string Visible(string text) =>
        text.Any(IsUnseen) ? string.Concat(text.Where(sign => !IsUnseen(sign))) : text;

    private static bool IsUnseen(char sign) => char.GetUnicodeCategory(sign) == UnicodeCategory.Format;

    private static bool IsHyphen(char sign) =>
        char.GetUnicodeCategory(sign) == UnicodeCategory.DashPunctuation || sign == '\u2212';

    private static string TurnedRound(string reference) =>
        string.Concat(reference.Chunk(Group).Reverse().Select(part => new string(part)));

    /// <summary>
    /// The sign that makes a reference a word of a code over the field of 32 elements: any one sign that is wrong, and
    /// any two that have changed places, are noticed.
    /// </summary>
    private static char CheckSign(string reference) =>
        Signs[reference.Aggregate(0, (sum, sign) => Doubled(sum ^ Signs.IndexOf(sign, StringComparison.Ordinal)))];

    /// <summary>Multiplies by x, modulo x⁵ + x² + 1.</summary>
    private static int Doubled(int element) => (element << 1) ^ ((element & 0x10) == 0 ? 0 : 0x25);
}
