using UglyToad.PdfPig.Filters;
using UglyToad.PdfPig.Tokens;

namespace Distribution.Intake;

/// <summary>
/// The library's decoders with one size limit for the whole document, against decompression bombs.
/// </summary>
internal sealed class PdfFilters : IFilterProvider
{
    private const int MaxDecodedBytes = 100_000_000;

    private long left = MaxDecodedBytes;

    /// <summary>Whether more was to be unpacked than any document holds.</summary>
    public bool AreSpent => left < 0;

    /// <summary>Whether a packed stream broke off or was garbled.</summary>
    public bool MetDamage { get; private set; }

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

    private sealed class BoundedFilter(IFilter filter, PdfFilters budget) : IFilter
    {
        public bool IsSupported => filter.IsSupported;

        public Memory<byte> Decode(
            Memory<byte> input,
            DictionaryToken streamDictionary,
            IFilterProvider filterProvider,
            int filterIndex)
        {
            // Unpacked once to be counted and thrown away: the library unpacks without a limit.
            if (filter is FlateFilter)
                budget.Spend(Unpacked(input));
            else
                // A code of LZW has 9 to 12 bits and stands for up to almost 4,000 bytes.
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
                budget.MetDamage = true;
                return unpacked; // The decoder uses the part before.
            }

            return unpacked;
        }
    }
}
