using System.Buffers;
using System.Globalization;
using System.Text;
using Distribution.Common;

namespace Distribution.Intake;

/// <summary>
/// Creates the id of a distribution from its folder and its content. Deterministic: same input, same id.
/// </summary>
internal static class DistributionId
{
    private const int LongestSlug = 30;

    private const int DigestLength = 12;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// At most 74 characters of <c>a-z</c>, <c>0-9</c> and <c>-</c>: safe in addresses, blob names and table keys.
    /// Ends in 12 hexadecimal digits over process, revision and content.
    /// </summary>
    /// <param name="contentHash">A hash over all that decides what missions get, and not over the files alone.</param>
    public static string For(UploadFolder folder, string contentHash)
    {
        var identity = string.Join(
            '\n',
            folder.Process,
            folder.Revision,
            // A file of the standing folder and a folder may have one name.
            folder.IsStanding ? "standing" : "folder",
            contentHash);
        var digest = Sha256Hex.Of(identity);
        return $"{Beginning(folder)}{digest[..DigestLength]}";
    }

    /// <summary>
    /// What the ids of all letters of a folder begin with. Other folders may share it: names that differ in other signs
    /// than letters and digits, or that have none of <c>a-z</c> and <c>0-9</c>.
    /// </summary>
    public static string Beginning(UploadFolder folder) =>
        string.Concat(
            ((string[])[Slug(folder.Process), Slug(folder.Revision)])
                .Where(part => part.Length > 0)
                .Select(part => $"{part}-"));

    /// <summary>Whether by its form it is the id of a letter of this folder; not of what follows a letter.</summary>
    public static bool MayBeOf(UploadFolder folder, string id) =>
        Beginning(folder) is var beginning
        && id.StartsWith(beginning, StringComparison.Ordinal)
        && id.Length == beginning.Length + DigestLength
        && !id.AsSpan(beginning.Length).ContainsAnyExcept(Hexadecimal);

    private static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (
            // Compatible forms are taken apart too: full-width letters and digits become plain ones.
            var letter in name.Normalize(NormalizationForm.FormKD)
                .Where(letter => char.GetUnicodeCategory(letter) is not UnicodeCategory.NonSpacingMark))
        {
            if (char.IsAsciiLetterOrDigit(letter))
                slug.Append(char.ToLowerInvariant(letter));
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        return slug.ToString(0, Math.Min(slug.Length, LongestSlug)).Trim('-');
    }
}
