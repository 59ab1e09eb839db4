using System.Text.RegularExpressions;

namespace Distribution.Intake;

/// <summary>
/// Files that systems and programs put beside those of a person, and nobody means to send: a Mac's <c>.DS_Store</c>,
/// Office's <c>~$draft.docx</c>, <c>Thumbs.db</c>. They are no part of an upload.
/// </summary>
internal static partial class ToolFiles
{
    /// <param name="path">A file's name, or its path within its container.</param>
    public static bool Is(string path) =>
        path.Split('/') is var parts && (parts.Any(part => Folder().IsMatch(part)) || File().IsMatch(parts[^1]));

    // Folders of macOS, network drives and version control, wherever they stand.
    [GeneratedRegex(
        @"^(__MACOSX|\.AppleDouble|\.(Spotlight|DocumentRevisions)-V100|\.Trash(es|-\d+)?|\.fseventsd|\.TemporaryItems|"
            + @"@eaDir|\$RECYCLE\.BIN|\.git|\.svn)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Folder();

    // Hidden files (.DS_Store, ._draft.pdf, .~lock.draft.odt#), the index of Windows' pictures and folders, Office's
    // lock and temporary files (~$draft.docx, ~WRL0001.tmp), editors' copies, what is still being downloaded, and what
    // Windows notes beside a file, which becomes a file of its own on other systems (draft.pdf:Zone.Identifier).
    [GeneratedRegex(
        @"^(\.[^.].*|(eh)?thumbs(_vista)?\.db|desktop\.ini|Icon\r|~\$.*|~WR[A-Z].*|.*~|"
            + @".*[:\uF03A](Zone\.Identifier|SmartScreen|encryptable|AFP_(AfpInfo|Resource))(:\$DATA)?|"
            + @".*\.(tmp|temp|crdownload|part|partial|download|swp))$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex File();
}
