using Distribution.Common;
using Distribution.Letters;

namespace Distribution.Intake;

/// <summary>A file the letter was made from: the letter itself, a translation, the image of a signature.</summary>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
internal sealed record SourceFile(string Name, string Hash);

/// <summary>
/// One hash over everything that whoever releases a letter has looked at: another hash is another letter.
/// </summary>
internal static class ReleaseHash
{
    /// <summary>
    /// SHA-256, lower-case hexadecimal, over the files the letter was made from, every file that leaves, the typeset
    /// letters, the template with its words,
    /// the roster with mailboxes and languages, and the address that links and codes lead to.
    /// </summary>
    /// <param name="content">As it was frozen.</param>
    /// <param name="publicUrl">The setting <c>PublicUrl</c>.</param>
    public static string Of(FrozenContent content, IEnumerable<SourceFile> sources, string publicUrl) =>
        FolderListing.Of([
            .. sources
                .OrderBy(source => source.Name, StringComparer.Ordinal)
                .Select(source => $"source {source.Hash} {source.Name}"),
            $"template {content.Templates.Hash}",
            $"address {publicUrl}",
            // Letter, translations, enclosures, roster, typeset letters: each enclosure and each PDF with its hash.
            Json.Write(content with { Templates = new(content.Templates.Name, new Dictionary<string, string>()) }),
        ]);
}
