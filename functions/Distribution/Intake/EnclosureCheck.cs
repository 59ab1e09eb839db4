using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml;
using Distribution.Common;
using Distribution.Letters;

namespace Distribution.Intake;

/// <summary>
/// Checks that the enclosures are complete, have the type that their names say, and will not be blocked by the
/// missions' mail servers.
/// </summary>
internal sealed class EnclosureCheck : IPreflightCheck
{
    /// <summary>Many more parts than any document has: a limit, because the zip's directory is read whole.</summary>
    private const int MostParts = 20_000;

    private static ReadOnlySpan<byte> ZipStart => "PK\u0003\u0004"u8;

    private static ReadOnlySpan<byte> OleStart => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    /// <summary>In bytes; the least that files of that time have.</summary>
    private const int OldSector = 512;

    public IEnumerable<Finding> Check(Preflight preflight) =>
        Joined(
            preflight
                .Letter.Enclosures.Zip(preflight.Files)
                .SelectMany(pair => Check(preflight.Letter, pair.First, pair.Second)));

    /// <summary>
    /// What is asked or noted of several files alike is asked once, with all of them: nobody reads a page of the same
    /// question.
    /// </summary>
    private static IEnumerable<Finding> Joined(IEnumerable<Finding> findings) =>
        findings
            .GroupBy(finding => finding.Severity is Severity.Tick or Severity.Note ? finding.Code : finding.Key)
            .Select(alike => alike.Count() == 1
                ? alike.First()
                : alike.First() with
                {
                    Words = string.Join(
                        ' ',
                        [
                            .. alike.Take(MostJoined).Select(WithFile),
                            .. alike.Count() > MostJoined
                                ? [$"The same goes for {EnglishText.Counted(alike.Count() - MostJoined, "more file")}."]
                                : (string[])[],
                        ]),
                });

    private static string WithFile(Finding finding) =>
        finding.Words.StartsWith(finding.Place, StringComparison.Ordinal)
            ? finding.Words
            : $"{finding.Place}: {EnglishText.WithinLine(finding.Words)}";

    private const int MostJoined = 6;

    /// <summary>The faults of a file that do not depend on the letter.</summary>
    public static IEnumerable<Finding> OfFile(UploadedFile file) =>
        file.Content.IsEmpty
            ? [IntakeFaults.EnclosureEmpty(file.Name), .. OfName(file.Name)]
            : [.. OfName(file.Name), .. OfContent(file)];

    private static IEnumerable<Finding> Check(LetterSource letter, EnclosureEntry entry, UploadedFile file)
    {
        if (entry.Sha256 is { } announced && announced != file.Hash)
            yield return IntakeFaults.EnclosureHash(
                letter.LocationOf(entry, "sha256"),
                file.Name,
                announced,
                file.Hash);
        foreach (var fault in OfFile(file))
            yield return fault;
    }

    private static IEnumerable<Finding> OfName(string name)
    {
        var extension = FileTypes.ExtensionOf(name);
        if (FileTypes.Blocked.Contains(extension))
            yield return IntakeFaults.EnclosureBlocked(name, extension);
        else if (FileTypes.Shortcuts.Contains(extension))
            yield return IntakeFaults.EnclosureElsewhere(name, extension);
        else if (!FileTypes.Usual.Contains(extension))
            yield return IntakeFaults.EnclosureUnknownType(name, extension);

        if (name.Split('.') is [_, .. var inner, _] && inner.FirstOrDefault(FileTypes.Programs.Contains) is { } hidden)
            yield return IntakeFaults.EnclosureTwoTypes(name, hidden.ToLowerInvariant());
    }

    private static IEnumerable<Finding> OfContent(UploadedFile file)
    {
        var extension = FileTypes.ExtensionOf(file.Name);
        var starts = file.Content.Span;
        // A blocked type is refused by its name, and a text may begin with the letters MZ.
        if (!FileTypes.Blocked.Contains(extension) && IsProgram(starts) && extension is not ("txt" or "csv"))
            return [IntakeFaults.EnclosureProgram(file.Name)];
        return extension == "pdf" ? OfPdf(file)
            : OfficeParts.KindOf(extension) is { } kind ? OfOfficeFile(file, extension, kind)
            : FileTypes.OldOffice.Contains(extension) ? OfOldOfficeFile(file, extension)
            : extension == "zip" ? OfArchive(file)
            : FileTypes.ClosedArchives.Contains(extension)
                ? [IntakeFaults.ArchiveClosed(file.Name, $"a .{extension} is not looked into here")]
            : [];
    }

    // MZ begins a program of Windows; the other one of Linux.
    private static bool IsProgram(ReadOnlySpan<byte> starts) =>
        starts.StartsWith("MZ"u8) || starts.StartsWith("\u007fELF"u8);

    private static IEnumerable<Finding> OfPdf(UploadedFile file)
    {
        if (!file.Content.Span.StartsWith("%PDF-"u8))
            return [IntakeFaults.EnclosureNotItsType(file.Name, "a PDF")];
        var text = PdfText.Read(file.Content, pages: 1);
        if (text.State == PdfState.Locked)
            return [IntakeFaults.EnclosureLocked(file.Name)];
        if (text.State == PdfState.Damaged || !PdfEnd.IsThere(file.Content.Span))
            return [IntakeFaults.EnclosureDamaged(file.Name)];
        return
        [
            .. text.IsEncrypted ? [IntakeFaults.EnclosureEncrypted(file.Name)] : (Finding[])[],
            .. OfPdfParts(file)
        ];
    }

    private static IEnumerable<Finding> OfPdfParts(UploadedFile file)
    {
        if (PdfParts.Of(file.Content) is not { } parts)
        {
            yield return IntakeFaults.PdfNotSearched(file.Name);
            yield break;
        }

        var programs = parts.Embedded.Where(IsProgramsName).ToList();
        if (programs is not [])
            yield return IntakeFaults.ProgramsWithin(file.Name, programs);
        else if (!parts.IsWhole
            || parts.Scripts > 0
            || (parts.Launched, parts.Embedded, parts.Contacted) is not ([], [], []))
            yield return IntakeFaults.PdfActs(file.Name, parts);
        if (parts.Comments > 0)
            yield return IntakeFaults.LeftFromWriting(file.Name, parts);
    }

    private static bool IsProgramsName(string name) => FileTypes.Blocked.Contains(FileTypes.ExtensionOf(name));

    private static IEnumerable<Finding> OfOldOfficeFile(UploadedFile file, string extension)
    {
        var content = file.Content.Span;
        if (!content.StartsWith(OleStart))
            // Word opens and saves RTF under the name of its old files.
            return extension == "doc" && content.StartsWith("{\\rtf"u8)
                ? []
                : [IntakeFaults.EnclosureNotItsType(file.Name, OfficeParts.KindOf($"{extension}x")!)];
        return IsLocked(content) || IsOldLocked(content) ? [IntakeFaults.EnclosureLocked(file.Name)]
            // The stream of a project of macros, named in UTF-16 ([MS-OVBA] 2.3.4.1).
            : content.IndexOf("_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0"u8) >= 0 ? [IntakeFaults.EnclosureMacros(file.Name)]
            : [];
    }

    // By the name, in UTF-16, of the part that holds the document under its password.
    private static bool IsLocked(ReadOnlySpan<byte> content) =>
        content.StartsWith(OleStart) && content.IndexOf("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"u8) >= 0;

    /// <summary>
    /// Whether a file of Office 97 to 2003 opens only with a password. Its parts begin at multiples of a sector: a Word
    /// document with its mark and a flag, a workbook with a record that says how it is locked; a presentation has a
    /// part.
    /// </summary>
    private static bool IsOldLocked(ReadOnlySpan<byte> content)
    {
        for (var start = OldSector; start + OldSector <= content.Length; start += OldSector)
            if (IsLockedDocument(content[start..]) || IsLockedWorkbook(content[start..]))
                return true;
        // The stream, named in UTF-16, that only a locked presentation has.
        return content.IndexOf("E\0n\0c\0r\0y\0p\0t\0e\0d\0S\0u\0m\0m\0a\0r\0y\0"u8) >= 0;
    }

    // The mark of a Word document, the version that wrote it, and among the flags behind them fEncrypted ([MS-DOC]
    // 2.5.2).
    private static bool IsLockedDocument(ReadOnlySpan<byte> part) =>
        part.StartsWith((ReadOnlySpan<byte>)[0xEC, 0xA5])
        && BinaryPrimitives.ReadUInt16LittleEndian(part[2..]) is >= 0x00C0 and <= 0x0112
        && (part[11] & 1) == 1;

    // The record that begins a workbook of BIFF5 or 8, and behind it FilePass ([MS-XLS] 2.4.21, 2.4.117).
    private static bool IsLockedWorkbook(ReadOnlySpan<byte> part) =>
        part.StartsWith((ReadOnlySpan<byte>)[0x09, 0x08])
        && part[4] == 0
        && part[5] is 5 or 6
        && 4 + BinaryPrimitives.ReadUInt16LittleEndian(part[2..]) is var next
        && next + 2 <= part.Length
        && part[next..].StartsWith((ReadOnlySpan<byte>)[0x2F, 0x00]);

    private static IReadOnlyList<Finding> OfOfficeFile(UploadedFile file, string extension, string kind) =>
        IsLocked(file.Content.Span)
            ? [IntakeFaults.EnclosureLocked(file.Name)]
            : Opened(file, kind, archive => OfficeFindings(file, extension, kind, archive));

    private static IReadOnlyList<Finding> OfficeFindings(
        UploadedFile file,
        string extension,
        string kind,
        ZipArchive archive)
    {
        if (archive.Entries.Any(entry => entry.Name.Equals("vbaProject.bin", StringComparison.OrdinalIgnoreCase)))
            return [IntakeFaults.EnclosureMacros(file.Name)];
        if (!OfficeParts.IsOfType(archive, extension))
            return [IntakeFaults.EnclosureNotItsType(file.Name, kind)];
        // Word keeps a picture of the screen as image1.tmp.
        var programs = archive.Entries
            .Where(entry =>
                !(FileTypes.ExtensionOf(entry.Name) == "tmp"
                    && entry.FullName.Contains("/media/", StringComparison.Ordinal)))
            .Select(entry => entry.Name)
            .Where(IsProgramsName)
            .ToList();
        if (programs is not [])
            return [IntakeFaults.ProgramsWithin(file.Name, programs)];
        var parts = OfficeParts.Of(archive, new());
        return parts.IsEncrypted
            ? [IntakeFaults.EnclosureLocked(file.Name)]
            :
            [
                .. parts.IsClean ? (Finding[])[] : [IntakeFaults.LeftFromWriting(file.Name, parts)],
                .. parts.Authors.Any() ? [IntakeFaults.AuthorsNamed(file.Name, parts.Authors)] : (Finding[])[],
            ];
    }

    private static IReadOnlyList<Finding> OfArchive(UploadedFile file) =>
        Opened(file, "a zip archive", archive => ArchiveFindings(file, archive));

    private static IReadOnlyList<Finding> ArchiveFindings(UploadedFile file, ZipArchive archive)
    {
        // A Mac packs a folder __MACOSX beside what it packs.
        var entries = archive.Entries.Where(entry => entry.Name.Length > 0 && !ToolFiles.Is(entry.FullName)).ToList();
        var programs = entries.Select(entry => entry.FullName).Where(IsProgramsName).ToList();
        if (programs is not [])
            return [IntakeFaults.ProgramsWithin(file.Name, programs)];
        if (entries.Exists(entry => entry.IsEncrypted))
            return [IntakeFaults.ArchiveClosed(file.Name, "it is locked with a password")];
        var budget = new ArchiveBudget();
        List<Finding> findings = [];
        foreach (var entry in entries)
        {
            using var unpacked = new MemoryStream();
            using (var stream = budget.Bound(entry.Open()))
                stream.CopyTo(unpacked);
            var content = unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length);
            var extension = FileTypes.ExtensionOf(entry.Name);
            if (FileTypes.ClosedArchives.Contains(extension)
                || (OfficeParts.KindOf(extension) is null && content.Span.StartsWith(ZipStart)))
                return
                [
                    IntakeFaults.ArchiveClosed(
                        file.Name,
                        $"it holds another archive, {UnsafeCharacters.Briefly(entry.Name)}")
                ];
            if (content.Length > 0)
                findings.AddRange(OfContent(new($"{file.Name}, {NameWithin(entry)}", content, "")));
        }

        return findings;
    }

    // Cut where it is long, but with its type, by which it is looked into.
    private static string NameWithin(ZipArchiveEntry entry) => UnsafeCharacters.Briefly(entry.Name) is var name
        && FileTypes.ExtensionOf(name) == FileTypes.ExtensionOf(entry.Name)
            ? name
            : $"{name}.{FileTypes.ExtensionOf(entry.Name)}";

    /// <summary>What is found in an archive, or what keeps it from being looked into.</summary>
    private static IReadOnlyList<Finding> Opened(
        UploadedFile file,
        string kind,
        Func<ZipArchive, IReadOnlyList<Finding>> look)
    {
        // Each part has such a flag in the zip's central directory, which is read whole.
        if (!file.Content.Span.StartsWith(ZipStart) || file.Content.Span.Count("PK\u0001\u0002"u8) > MostParts)
            return [IntakeFaults.EnclosureNotItsType(file.Name, kind)];
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file.Content.ToArray(), writable: false));
            return look(archive);
        }
        catch (ArchiveBudget.ExceededException)
        {
            return [IntakeFaults.ArchiveClosed(file.Name, "it unpacks to more than any letter carries")];
        }
        catch (Exception damaged) when (damaged
            is InvalidDataException
                or XmlException
                or IOException
                or NotSupportedException)
        {
            return [IntakeFaults.EnclosureDamaged(file.Name)];
        }
    }
}
