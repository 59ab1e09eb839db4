using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Exceptions;

namespace Distribution.Intake;

/// <summary>The text of a PDF.</summary>
/// <param name="Pages">
/// The words of each page with spaces between them, empty for a scanned image; null if it could not be read.
/// </param>
/// <param name="IsDamaged">
/// True if it cannot be opened, or its first page is broken; false if it is merely beyond what is read here.
/// </param>
internal sealed record PdfText(IReadOnlyList<string>? Pages, bool IsEncrypted, bool IsDamaged = false)
{
    private const int MaxBytes = 50_000_000;

    /// <param name="pages">How many of the first pages are read.</param>
    public static PdfText Read(ReadOnlyMemory<byte> pdf, int pages = int.MaxValue)
    {
        if (pdf.Length > MaxBytes)
            return new PdfText(null, false);
        var (isEncrypted, isOpen, filters) = (false, false, new PdfFilters());
        try
        {
            using var document = Open(pdf, filters);
            isEncrypted = document.IsEncrypted;
            // A document of no pages has none that can be read.
            isOpen = document.NumberOfPages > 0;
            string[] texts =
            [
                .. Enumerable
                    .Range(1, Math.Clamp(pages, 1, Math.Max(1, document.NumberOfPages)))
                    .Select(page => string.Join(' ', document.GetPage(page).GetWords().Select(word => word.Text))),
            ];
            return new PdfText(texts, isEncrypted, texts[0].Length == 0 && filters.MetDamage);
        }
        catch (PdfDocumentEncryptedException)
        {
            return new PdfText(null, true);
        }
        // A broken PDF can make the library throw any exception, and a sound one of a rare kind some: that a page was
        // not read does not make it a damaged one.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new PdfText(
                null,
                isEncrypted,
                !filters.AreSpent && (!isOpen || filters.MetDamage || exception is PdfDocumentFormatException));
        }
    }

    /// <summary>Opens a PDF so that no packed stream of it takes more memory than a document needs.</summary>
    public static PdfDocument Open(ReadOnlyMemory<byte> pdf, PdfFilters filters) => PdfDocument.Open(
        pdf,
        new ParsingOptions
        {
            UseLenientParsing = true,
            SkipMissingFonts = true,
            MaxStackDepth = 64,
            FilterProvider = filters,
        });
}
