using System.Text.RegularExpressions;

namespace Distribution.Letters;

/// <summary>A letter as a PDF that leaves with the email.</summary>
/// <param name="File">The attachment's name: <c>letter.en.pdf</c>, <c>letter.fr.unofficial-translation.pdf</c>.</param>
/// <param name="Mission">The one mission it is addressed to; null where all get the same.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
internal sealed partial record LetterPdf(string File, string Language, string? Mission, long Length, string Hash)
{
    public static string NameOf(LetterSource letter) =>
        letter.TranslationOf is null
            ? $"letter.{letter.Language}.pdf"
            : $"letter.{letter.Language}.unofficial-translation.pdf";

    /// <summary>Whether a file's name could be taken for that of a typeset letter.</summary>
    /// <param name="isScan">
    /// Whether it stands in the place of the authentic letter, and may have that one's name.
    /// </param>
    public static bool IsName(string file, bool isScan) =>
        Name().Match(file) is { Success: true } found && (!isScan || found.Groups[1].Success);

    [GeneratedRegex(@"^letter\.[a-z]{2}(\.unofficial-translation)?\.pdf$", RegexOptions.IgnoreCase)]
    private static partial Regex Name();
}
