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
            budget.Spend(filter switch
            {
                // Unpacked once to be counted and thrown away: the library unpacks without a limit.
                FlateFilter => Unpacked(input),
                // A code of 12 bits stands for up to 3,840 bytes, which is 2,560 for each byte.
                LzwFilter => input.Length * 2_560L,
                // Two bytes stand for up to 128.
                RunLengthFilter => input.Length * 64L,
                // One sign can stand for four bytes.
                Ascii85Filter => input.Length * 4L,
                // Its dictionary alone says how large a fax becomes. It is a picture, and no words are read from those.
                CcittFaxDecodeFilter => throw new NotSupportedException("A picture is not unpacked."),
                _ => input.Length,
            });
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
