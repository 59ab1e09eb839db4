using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;
using Microsoft.Extensions.Caching.Memory;

namespace Distribution.Web.Desk;

/// <summary>What can be told of a file before it is opened.</summary>
/// <param name="Pages">How many pages a PDF has; null where it cannot be read, and for other files.</param>
/// <param name="Begins">
/// The first words of a Word file or a plain text; null for other files, and where it has none.
/// </param>
internal sealed record FirstPage(int? Pages, string? Begins)
{
    /// <summary>
    /// Whether the stored file is missing, or is not the one that was checked: nothing can be sent with it.
    /// </summary>
    public bool IsDamaged { get; init; }
}

/// <summary>
/// Looks at the first pages of frozen files. What it finds is kept: pages that update themselves ask again and again.
/// </summary>
internal sealed class FirstPages(FrozenLetters letters, IMemoryCache cache)
{
    private const int MostCharacters = 280;

    /// <summary>In bytes: larger files would keep the page waiting, and a browser that shows them.</summary>
    public const long MostBytes = 10_000_000;

    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(30);

    /// <summary>Looks at an enclosure. Nothing is known of a file above <see cref="MostBytes"/>.</summary>
    public Task<FirstPage> Of(string distributionId, Enclosure enclosure, CancellationToken cancellation) =>
        Of(
            enclosure.File,
            enclosure.Length,
            enclosure.Hash,
            () => letters.Enclosure(distributionId, enclosure, cancellation));

    /// <summary>Looks at a typeset letter.</summary>
    public Task<FirstPage> Of(string distributionId, LetterPdf pdf, CancellationToken cancellation) =>
        Of(pdf.File, pdf.Length, pdf.Hash, () => letters.Pdf(distributionId, pdf, cancellation));

    private async Task<FirstPage> Of(string file, long length, string hash, Func<Task<ReadOnlyMemory<byte>>> read)
    {
        // Nothing is wrong with such a file: the page shows its name and size without a picture.
        if (length > MostBytes)
            return new(null, null);
        try
        {
            return (await cache.GetOrCreateAsync(
                // By the hash, so that one file under two letters is read once.
                (nameof(FirstPages), hash),
                async entry =>
                {
                    entry.SlidingExpiration = KeepFor;
                    var content = await read();
                    return ContentTypes.Of(file) == ContentTypes.Pdf
                        ? new FirstPage(PdfText.Read(content, pages: 1).PageCount, null)
                        : new FirstPage(null, Beginning(DraftText.OfFirstPage(new(file, content, hash))));
                }))!;
        }
        catch (Exception damaged)
            when (damaged is InvalidDataException or UnreadableRecordException or LaterFormatException)
        {
            return new(null, null) { IsDamaged = true };
        }
    }

    private static string? Beginning(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= MostCharacters ? words
            : $"{(words.LastIndexOf(' ', MostCharacters) is > 0 and var end ? words[..end] : TextStart.Of(words, MostCharacters))} …";
    }
}
