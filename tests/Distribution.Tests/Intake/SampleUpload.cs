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

    /// <summary>A PDF of one page with more objects, numbered from 5.</summary>
    /// <param name="catalog">More entries of the catalogue.</param>
    /// <param name="page">More entries of the page.</param>
    public static byte[] PdfWith(string catalog, string page = "", params string[] objects) => Encoding.Latin1.GetBytes(
        $"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R{catalog}>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>{page}>>\nendobj\n4 0 obj\n<</Length 5>>\nstream\nBT ET\nendstream\nendobj\n{string.Concat(objects.Select((text, index) => $"{index + 5} 0 obj\n{text}\nendobj\n"))}trailer\n<</Root 1 0 R/Size {5 + objects.Length}>>\nstartxref\n0\n%%EOF\n");

    /// <summary>A PDF whose catalogue and another object are packed into an object stream, as programs write them today.</summary>
    public static byte[] PackedPdf(string catalog, string packed)
    {
        string[] inside = [$"<</Type/Catalog/Pages 2 0 R{catalog}>>", packed];
        var head = $"1 0 6 {inside[0].Length + 1} ";
        using var deflated = new MemoryStream();
        using (var zlib = new ZLibStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(Encoding.Latin1.GetBytes($"{head}{inside[0]} {inside[1]}"));
        using var file = new MemoryStream();
        var offsets = new long[8];
        Write("%PDF-1.7\n");
        Start(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n");
        Start(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>\nendobj\n");
        Start(4, "<</Length 5>>\nstream\nBT ET\nendstream\nendobj\n");
        Start(5, $"<</Type/ObjStm/N 2/First {head.Length}/Filter/FlateDecode/Length {deflated.Length}>>\nstream\n");
        file.Write(deflated.ToArray());
        Write("\nendstream\nendobj\n");
        Start(7, "<</Type/XRef/Size 8/W[1 4 2]/Root 1 0 R/Length 56>>\nstream\n");
        foreach (var (number, offset) in offsets.Index())
        {
            var isPacked = number is 1 or 6;
            byte[] row = [(byte)(isPacked ? 2 : number == 0 ? 0 : 1), 0, 0, 0, 0, 0, (byte)(number == 6 ? 1 : 0)];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(row.AsSpan(1), isPacked ? 5 : (int)offset);
            file.Write(row);
        }

        Write($"\nendstream\nendobj\nstartxref\n{offsets[7]}\n%%EOF\n");
        return file.ToArray();

        void Write(string text) => file.Write(Encoding.Latin1.GetBytes(text));

        void Start(int number, string text)
        {
            offsets[number] = file.Position;
            Write($"{number} 0 obj\n{text}");
        }
    }

    /// <summary>
    /// A PDF that opens without a password, and is protected against printing and copying by one. Its keys were computed
    /// once, by the oldest way that PDFs have, for the password “owner”.
    /// </summary>
    public static byte[] ProtectedPdf() => Pdf(
        [0xF0, 0x61, 0x68, 0x20, 0x6B],
        trailer: $"/ID[<{new string('0', 32)}><{new string('0', 32)}>]/Encrypt<</Filter/Standard/V 1/R 2"
            + "/O<C92422687FACEE686E373F10B5C7D04738053152F7E2EE30E11C69EC442576AB>"
            + "/U<FEE34B37E80DD5BD419E3DBED867DDFF4914924D510BD2A05252BF723FB20117>/P -64>>");

    public static byte[] LockedPdf()
    {
        var key = string.Concat(Enumerable.Repeat("5A", 32));
        return Pdf(
            "BT ET"u8.ToArray(),
            trailer: $"/ID[<{key[..32]}><{key[..32]}>]/Encrypt<</Filter/Standard/V 1/R 2/O<{key}>/U<{key}>/P -4>>");
    }

    /// <summary>A Word file of these paragraphs.</summary>
    /// <param name="header">The text at the head of its pages.</param>
    /// <param name="more">More parts, which may use the prefix <c>w</c> where they begin with <c>&lt;w:</c>.</param>
    public static byte[] Word(string paragraphs, string header = "", params (string Name, string Text)[] more) => Zip(
    [
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
        ("word/document.xml", $"<w:document {WordSpace}><w:body>{paragraphs}</w:body></w:document>"),
        ("word/header1.xml", $"<w:hdr {WordSpace}>{WordParagraph(header)}</w:hdr>"),
        .. more.Select(part => (part.Name, new System.Text.RegularExpressions.Regex(@"^<w:\w+").Replace(part.Text, $"$0 {WordSpace}"))),
    ]);

    private const string WordSpace = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

    /// <summary>A file of Excel, PowerPoint or LibreOffice, of these parts.</summary>
    public static byte[] Office(params (string Name, string Text)[] parts) => Zip(
        [("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"), .. parts]);

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
