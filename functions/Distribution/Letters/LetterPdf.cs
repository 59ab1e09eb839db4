using System.Text.RegularExpressions;

namespace Distribution.Letters;

/// <summary>A letter as a PDF that is attached to the email.</summary>
/// <param name="File">The attachment's name: <c>letter.en.pdf</c>, <c>letter.fr.unofficial-translation.pdf</c>.</param>
/// <param name="Mission">The id of the mission it is addressed to; null if all missions get the same PDF.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
internal sealed partial record LetterPdf(string File, string Language, string? Mission, long Length, string Hash)
{
    public static string NameOf(LetterSource letter) =>
        letter.TranslationOf is null
            ? $"letter.{letter.Language}.pdf"
            : $"letter.{letter.Language}.unofficial-translation.pdf";

    /// <summary>True if a file's name could be mistaken for the name of a typeset letter.</summary>
    /// <param name="isScan">
    /// True if the file is the signed scan: it replaces the authentic letter and may have its name.
    /// </param>
    public static bool IsName(string file, bool isScan) =>
        Name().Match(file) is { Success: true } found && (!isScan || found.Groups[1].Success);

    [GeneratedRegex(@"^letter\.[a-z]{2}(\.unofficial-translation)?\.pdf$", RegexOptions.IgnoreCase)]
    private static partial Regex Name();
}
