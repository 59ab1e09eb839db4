using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Distribution.Letters;
using Distribution.Tests.Letters.Reading;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace Distribution.Tests.Intake;

/// <summary>Uploads and files to examine.</summary>
internal static class SampleUpload
{
    public static Preflight Of(LetterSource letter, params UploadedFile[] files) =>
        new(IsStanding: false, letter, new("", new Dictionary<string, string>()), files, []);

    /// <summary>A letter marked Draft Rev 1 with one enclosure, the draft.</summary>
    public static LetterSource Letter(
        string file,
        string title = "The draft",
        string? label = null,
        string body = "We share the Draft Rev 1.") =>
        WrittenLetter.Source() with
        {
            Enclosures = [new EnclosureEntry(file, title, EnclosureRole.Draft, label, null, 19)],
            Body = body,
        };

    public static UploadedFile File(string name, byte[] content) =>
        new(name, content, Convert.ToHexStringLower(SHA256.HashData(content)));

    public static UploadedFile File(string name, string content) => File(name, Encoding.Latin1.GetBytes(content));

    public static byte[] Pdf(params string[] lines)
    {
        using var builder = new PdfDocumentBuilder();
        var font = builder.AddStandard14Font(Standard14Font.Helvetica);
        var page = builder.AddPage(PageSize.A4);
        foreach (var (index, line) in lines.Index())
            page.AddText(line, 12, new PdfPoint(50, 780 - (20 * index)), font);
        return builder.Build();
    }

    /// <summary>A PDF of one page with the given content stream, as it stands in the file.</summary>
    public static byte[] Pdf(byte[] content, string filter = "", string trailer = "")
    {
        var head =
            $"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>\nendobj\n4 0 obj\n<</Length {content.Length}{filter}>>\nstream\n";
        var tail = $"\nendstream\nendobj\ntrailer\n<</Root 1 0 R/Size 5{trailer}>>\nstartxref\n0\n%%EOF\n";
        return [.. Encoding.ASCII.GetBytes(head), .. content, .. Encoding.ASCII.GetBytes(tail)];
    }

    public static byte[] LockedPdf()
    {
        var key = string.Concat(Enumerable.Repeat("5A", 32));
        return Pdf(
            "BT ET"u8.ToArray(),
            trailer: $"/ID[<{key[..32]}><{key[..32]}>]/Encrypt<</Filter/Standard/V 1/R 2/O<{key}>/U<{key}>/P -4>>");
    }

    /// <summary>A Word file of these paragraphs.</summary>
    /// <param name="header">The text at the head of its pages.</param>
    public static byte[] Word(string paragraphs, string header = "")
    {
        const string space = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
        return Zip(
            ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
            ("word/document.xml", $"<w:document {space}><w:body>{paragraphs}</w:body></w:document>"),
            ("word/header1.xml", $"<w:hdr {space}>{WordParagraph(header)}</w:hdr>"));
    }

    public static string WordParagraph(string text) => $"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>";

    public static byte[] Zip(params (string Name, string Text)[] parts)
    {
        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in parts)
            {
                using var writer = new StreamWriter(archive.CreateEntry(name).Open());
                writer.Write(text);
            }
        }

        return bytes.ToArray();
    }

    public static byte[] Zip(params string[] names) => Zip([.. names.Select(name => (name, ""))]);
}
