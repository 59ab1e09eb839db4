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

    /// <summary>
    /// At most 74 characters of <c>a-z</c>, <c>0-9</c> and <c>-</c>: safe in addresses, blob names and table keys.
    /// Ends in 12 hexadecimal digits over process, revision and content.
    /// </summary>
    public static string For(UploadFolder folder, string contentHash)
    {
        var identity = string.Join(
            '\n',
            folder.Process,
            folder.Revision,
            folder.IsStanding ? "standing" : "folder",
            contentHash);
        var digest = Sha256Hex.Of(identity);
        return string.Join(
            '-',
            ((string[])[Slug(folder.Process), Slug(folder.Revision), digest[..12]]).Where(part => part.Length > 0));
    }

    private static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (
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
