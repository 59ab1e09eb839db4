using UglyToad.PdfPig;
using UglyToad.PdfPig.Exceptions;
using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace Distribution.Intake;

/// <summary>The text of a PDF.</summary>
/// <param name="Pages">
/// The words of each page with spaces between them, empty for a scanned image; null if it could not be read.
/// </param>
internal sealed record PdfText(IReadOnlyList<string>? Pages, bool IsEncrypted)
{
    private const int MaxBytes = 50_000_000;
    private const int MaxDecodedBytes = 100_000_000;

    /// <param name="pages">How many of the first pages are read.</param>
    public static PdfText Read(ReadOnlyMemory<byte> pdf, int pages = int.MaxValue)
    {
        if (pdf.Length > MaxBytes)
            return new PdfText(null, false);
        var isEncrypted = false;
        try
        {
            using var document = PdfDocument.Open(pdf.ToArray(), new ParsingOptions
            {
                UseLenientParsing = true,
                SkipMissingFonts = true,
                MaxStackDepth = 64,
                FilterProvider = new BoundedFilters(),
            });
            isEncrypted = document.IsEncrypted;
            // A document of no pages has none that can be read.
            return new PdfText(
                [
                    .. Enumerable
                        .Range(1, Math.Clamp(pages, 1, Math.Max(1, document.NumberOfPages)))
                        .Select(page => string.Join(' ', document.GetPage(page).GetWords().Select(word => word.Text))),
                ],
                isEncrypted);
        }
        catch (PdfDocumentEncryptedException)
        {
            return new PdfText(null, true);
        }
        // A broken PDF can make the library throw any exception; the caller reports that the page was not read.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return new PdfText(null, isEncrypted);
        }
    }

    /// <summary>
    /// The library's decoders with one size limit for the whole document, against decompression bombs.
    /// </summary>
    private sealed class BoundedFilters : IFilterProvider
    {
        private long left = MaxDecodedBytes;

        public IReadOnlyList<IFilter> GetFilters(DictionaryToken dictionary) =>
            [.. DefaultFilterProvider.Instance.GetFilters(dictionary).Select(Bound)];

        public IReadOnlyList<IFilter> GetNamedFilters(IReadOnlyList<NameToken> names) =>
            [.. DefaultFilterProvider.Instance.GetNamedFilters(names).Select(Bound)];

        public IReadOnlyList<IFilter> GetAllFilters() =>
            [.. DefaultFilterProvider.Instance.GetAllFilters().Select(Bound)];

        private IFilter Bound(IFilter filter) => new BoundedFilter(filter, this);

        private void Spend(long bytes)
        {
            if ((left -= bytes) < 0)
                throw new InvalidDataException("The document unpacks to more than is read.");
        }

        private sealed class BoundedFilter(IFilter filter, BoundedFilters budget) : IFilter
        {
            public bool IsSupported => filter.IsSupported;

            public Memory<byte> Decode(
                Memory<byte> input,
                DictionaryToken streamDictionary,
                IFilterProvider filterProvider,
                int filterIndex)
            {
                if (filter is FlateFilter)
                    budget.Spend(Unpacked(input));
                else
                    budget.Spend(filter is LzwFilter ? input.Length * 2000L : input.Length);
                return filter.Decode(input, streamDictionary, filterProvider, filterIndex);
            }

            private long Unpacked(Memory<byte> input)
            {
                var unpacked = 0L;
                var buffer = new byte[81920];
                using var stream = new System.IO.Compression.ZLibStream(
                    new MemoryStream(input.ToArray(), writable: false),
                    System.IO.Compression.CompressionMode.Decompress);
                try
                {
                    for (int read; unpacked <= budget.left && (read = stream.Read(buffer)) > 0;)
                        unpacked += read;
                }
                catch (InvalidDataException)
                {
                    return unpacked; // Damaged from here on: the decoder uses the part before.
                }

                return unpacked;
            }
        }
    }
}
