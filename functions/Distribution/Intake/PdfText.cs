using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Exceptions;

namespace Distribution.Intake;

/// <summary>The text of a PDF.</summary>
/// <param name="Pages">
/// The words of each page with spaces between them, empty for a scanned image; null if it could not be read.
/// </param>
/// <param name="IsEncrypted">True if it is protected, whether it opens without a password or not.</param>
internal sealed record PdfText(IReadOnlyList<string>? Pages, bool IsEncrypted, PdfState State)
{
    private const int MaxBytes = 50_000_000;

    /// <summary>How many pages it has, read or not; null if it could not be opened.</summary>
    public int? PageCount { get; init; }

    /// <param name="pages">How many of the first pages are read.</param>
    public static PdfText Read(ReadOnlyMemory<byte> pdf, int pages = int.MaxValue)
    {
        if (pdf.Length > MaxBytes)
            return new PdfText(null, false, PdfState.Unread);
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
            return new PdfText(
                texts,
                isEncrypted,
                texts[0].Length == 0 && filters.MetDamage ? PdfState.Damaged : PdfState.Read)
            {
                PageCount = document.NumberOfPages,
            };
        }
        catch (PdfDocumentEncryptedException)
        {
            return new PdfText(null, true, PdfState.Locked);
        }
        // A broken PDF can make the library throw any exception, and a sound one of a rare kind some: that a page was
        // not read does not make it a damaged one.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Of some kinds of lock the library knows no more than their mark.
            if (!isOpen && pdf.Span.IndexOf("/Encrypt"u8) >= 0)
                return new PdfText(null, true, PdfState.Locked);
            return new PdfText(
                null,
                isEncrypted,
                filters.AreSpent ? PdfState.Unread
                : !isOpen || filters.MetDamage || exception is PdfDocumentFormatException ? PdfState.Damaged
                : PdfState.Unread);
        }
    }

    /// <summary>Opens a PDF so that no packed stream of it takes more memory than a document needs.</summary>
    public static PdfDocument Open(ReadOnlyMemory<byte> pdf, PdfFilters filters) => PdfDocument.Open(
        pdf,
        new ParsingOptions
        {
            UseLenientParsing = true,
            SkipMissingFonts = true,
            // Parts within parts without end would exhaust the stack, which nothing catches.
            MaxStackDepth = 64,
            FilterProvider = filters,
        });
}

/// <summary>How far a PDF could be read.</summary>
internal enum PdfState
{
    Read,

    /// <summary>It is beyond what is read here, which says nothing against it.</summary>
    Unread,

    /// <summary>It cannot be opened, or its first page is broken.</summary>
    Damaged,

    /// <summary>It opens with a password only.</summary>
    Locked,
}
