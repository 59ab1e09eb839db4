using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Storage;
using Microsoft.Extensions.Caching.Memory;

namespace Distribution.Web;

/// <summary>
/// What pages show of a frozen letter. What is made from its content is kept for pages that are requested again and
/// again; it never changes.
/// </summary>
internal sealed class FrozenLetters(FrozenContents contents, MissionLinks links, IMemoryCache cache)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(10);

    /// <exception cref="UnreadableRecordException">It is missing, or is not what was frozen.</exception>
    public Task<FrozenContent> Content(string distributionId, CancellationToken cancellation) =>
        contents.Find(distributionId, cancellation);

    /// <returns>The same; null where it is missing or is not what was frozen.</returns>
    public Task<FrozenContent?> TryContent(string distributionId, CancellationToken cancellation) =>
        contents.TryFind(distributionId, cancellation);

    /// <summary>
    /// The words of one language, as they were frozen with the letter; this version's where its template had none.
    /// </summary>
    public static LanguageWords Words(FrozenContent content, string language)
    {
        var file = TemplateFiles.Words(language);
        return content.Templates.Files.TryGetValue(file, out var frozen)
            ? LanguageWords.Read(file, frozen)
            : BuiltInWords.Of(language);
    }

    /// <exception cref="InvalidDataException">The stored bytes are not those that were frozen.</exception>
    public Task<ReadOnlyMemory<byte>> Pdf(string distributionId, LetterPdf pdf, CancellationToken cancellation) =>
        contents.ReadPdf(distributionId, pdf, cancellation);

    /// <exception cref="InvalidDataException">The stored bytes are not those that were frozen.</exception>
    public Task<ReadOnlyMemory<byte>> Enclosure(
        string distributionId,
        Enclosure enclosure,
        CancellationToken cancellation) => contents.ReadEnclosure(distributionId, enclosure, cancellation);

    /// <summary>
    /// A mission's letter as it will be sent, except for its link: whoever has the real link can acknowledge in the
    /// mission's name.
    /// </summary>
    public async Task<Letter> Preview(string distributionId, Mission mission, CancellationToken cancellation)
    {
        var content = await Content(distributionId, cancellation);
        var letters = cache.GetOrCreate((nameof(MissionLetters), distributionId), entry =>
        {
            entry.SlidingExpiration = KeepFor;
            return new MissionLetters(content);
        });
        // The link of a proof: it says that it acknowledges nothing.
        return letters!.Render(mission, links.Proof);
    }
}
