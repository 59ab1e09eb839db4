using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Distribution.Intake;

/// <summary>The text of a Word file, as it prints: with its headers, without what was deleted.</summary>
internal static class WordText
{
    private const string Namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

    // The namespace of the strict form of the format.
    private const string Strict = "http://purl.oclc.org/ooxml/wordprocessingml/main";

    private const int MaxBytes = 50_000_000;

    /// <summary>In characters: no page holds more, and few files say where their first page ends.</summary>
    private const int FirstPage = 4_000;

    /// <summary>A limit, in characters, against decompression bombs.</summary>
    private const int MostCharacters = 50_000_000;

    /// <summary>The text of the first page, or what comes near to it, and of the headers.</summary>
    /// <returns>Null if it cannot be read.</returns>
    public static string? OfFirstPage(ReadOnlyMemory<byte> file) => Read(file, FirstPage);

    /// <summary>The whole text, without headers.</summary>
    /// <inheritdoc cref="OfFirstPage"/>
    public static string? Read(ReadOnlyMemory<byte> file) => Read(file, firstPage: null);

    private static string? Read(ReadOnlyMemory<byte> file, int? firstPage)
    {
        if (file.Length > MaxBytes)
            return null;
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file.ToArray(), writable: false));
            if (OfficeParts.Document(archive) is not { } document)
                return null;
            var text = Read(document, firstPage);
            var headers = firstPage is null
                ? []
                : archive.Entries.Where(entry => entry.FullName.StartsWith("word/header", StringComparison.Ordinal)
                    && entry.FullName.EndsWith(".xml", StringComparison.Ordinal));
            // As many as one section has: of first, even and other pages. A limit is needed, since each section may
            // have its own.
            return string.Join(' ', headers.Take(3).Select(header => Read(header, firstPage)).Prepend(text));
        }
        catch (Exception broken) when (broken is InvalidDataException or XmlException or IOException)
        {
            return null;
        }
    }

    private static string Read(ZipArchiveEntry part, int? firstPage)
    {
        using var stream = part.Open();
        using var reader = XmlReader.Create(
            stream,
            new() { DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = MostCharacters });
        var text = new StringBuilder();
        var isText = false;
        reader.Read();
        while (!reader.EOF)
        {
            if (reader.NodeType is XmlNodeType.Element && reader.NamespaceURI is Namespace or Strict)
            {
                // Text that was moved away or deleted does not print, and the fallback of a drawing repeats its text.
                if (reader.LocalName is "moveFrom" or "del" or "delText" or "instrText")
                {
                    reader.Skip();
                    continue;
                }

                if (firstPage is not null && text.Length > 0 && EndsPage(reader))
                    return text.ToString();
                if (reader.LocalName is "p" or "br" or "tab" or "cr" or "tc")
                    text.Append(' ');
                isText = reader.LocalName is "t" && !reader.IsEmptyElement;
            }
            else if (reader is { NodeType: XmlNodeType.Element, LocalName: "Fallback" })
            {
                reader.Skip();
                continue;
            }
            else if (isText && reader.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace)
                text.Append(reader.Value);
            else if (reader.NodeType is XmlNodeType.EndElement)
                isText = false;
            if (text.Length > firstPage)
                return text.ToString();
            reader.Read();
        }

        return text.ToString();
    }

    private static bool EndsPage(XmlReader reader) =>
        // Where Word broke the page when it saved the file.
        reader.LocalName is "lastRenderedPageBreak"
        || (reader.LocalName is "br"
            && (reader.GetAttribute("type", Namespace) ?? reader.GetAttribute("type", Strict)) == "page");
}
