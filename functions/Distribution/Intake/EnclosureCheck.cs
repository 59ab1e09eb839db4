using System.IO.Compression;
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

    public IEnumerable<Finding> Check(Preflight preflight) =>
        preflight
            .Letter.Enclosures.Zip(preflight.Files)
            .SelectMany(pair => Check(preflight.Letter, pair.First, pair.Second));

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
        else if (!FileTypes.Usual.Contains(extension))
            yield return IntakeFaults.EnclosureUnknownType(name, extension);

        if (name.Split('.') is [_, .. var inner, _] && inner.FirstOrDefault(FileTypes.Programs.Contains) is { } hidden)
            yield return IntakeFaults.EnclosureTwoTypes(name, hidden.ToLowerInvariant());
    }

    private static IEnumerable<Finding> OfContent(UploadedFile file)
    {
        var extension = FileTypes.ExtensionOf(file.Name);
        var starts = file.Content.Span;
        if (starts.StartsWith("MZ"u8) && !FileTypes.Blocked.Contains(extension) && extension is not ("txt" or "csv"))
            return [IntakeFaults.EnclosureProgram(file.Name)];
        if (extension == "pdf")
            return !starts.StartsWith("%PDF-"u8) ? [IntakeFaults.EnclosureNotItsType(file.Name, "a PDF")]
                : PdfText.Read(file.Content, pages: 1).IsEncrypted ? [IntakeFaults.EnclosureEncrypted(file.Name)]
                : [];
        return FileTypes.Zipped.Contains(extension) ? OfOfficeFile(file, extension) : [];
    }

    private static IEnumerable<Finding> OfOfficeFile(UploadedFile file, string extension)
    {
        var kind = extension switch { "docx" => "a Word file", "xlsx" => "an Excel file", _ => "a PowerPoint file" };
        // Each part has such a flag in the zip's central directory. No part is unpacked, so a zip bomb does no harm
        // here.
        if (!file.Content.Span.StartsWith("PK\u0003\u0004"u8)
            || file.Content.Span.Count("PK\u0001\u0002"u8) > MostParts)
            return [IntakeFaults.EnclosureNotItsType(file.Name, kind)];
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file.Content.ToArray(), writable: false));
            return archive.Entries.Any(entry => entry.Name.Equals("vbaProject.bin", StringComparison.OrdinalIgnoreCase))
                ? [IntakeFaults.EnclosureMacros(file.Name)]
                : [];
        }
        catch (InvalidDataException)
        {
            return [IntakeFaults.EnclosureNotItsType(file.Name, kind)];
        }
    }
}
