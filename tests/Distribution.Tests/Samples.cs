using System.Collections.Concurrent;
using Distribution.Tests.Intake;

namespace Distribution.Tests;

/// <summary>A letter and a draft as a secretariat would upload them, small enough for many tests.</summary>
internal static class Samples
{
    public const string FrontMatter = """
        process: Global Compact for Safe, Orderly and Regular Migration
        draft: Draft Rev 1
        sequence: 3
        date: 2018-03-26
        subject: "Draft Rev 1 of the Global Compact for Safe, Orderly and Regular Migration"
        signatories:
          - name: Juan José Gómez Camacho
            title: Ambassador and Permanent Representative of Mexico to the United Nations
            letterhead: Permanent Mission of Mexico to the United Nations
          - name: Jürg Lauber
            title: Ambassador and Permanent Representative of Switzerland to the United Nations
            letterhead: Permanent Mission of Switzerland to the United Nations
        contact: Support team <compact@secretariat.example>
        enclosures:
          - file: draft-rev-1.pdf
            title: Draft Rev 1 of the Global Compact
            role: draft
        """;

    /// <summary>The name under which the letter, typeset, is attached.</summary>
    public const string LetterPdf = "2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - letter (en).pdf";

    public const string FrenchPdf =
        "2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - letter (fr, unofficial translation).pdf";

    public const string Body = "Draft Rev 1 is enclosed for the attention of the Permanent and Observer Missions.";

    public static string Letter(string? frontMatter = null, string? body = null) =>
        $"---\n{frontMatter ?? FrontMatter}\n---\n{body ?? Body}\n";

    /// <summary>The letter with more lines of front matter.</summary>
    public static string LetterWith(string lines, string? body = null) => Letter($"{FrontMatter}\n{lines}", body);

    private static readonly ConcurrentDictionary<string, byte[]> Pdfs = new();

    /// <summary>A one-page PDF with this line of text, the same bytes each time.</summary>
    public static byte[] Pdf(string text = "Draft Rev 1") =>
        [.. Pdfs.GetOrAdd(text, line => SampleUpload.Pdf(line))];

    public static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
