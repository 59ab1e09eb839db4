using System.Collections.Concurrent;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;

namespace Distribution.Sending;

/// <summary>
/// A distribution ready for sending: its letter is parsed once; files that all missions get are read and encoded once.
/// </summary>
/// <param name="KeyId">
/// The id of the key that signs its tokens; null for distributions made before key ids were stored.
/// </param>
/// <param name="Scans">The signed letter, where there is one.</param>
/// <param name="Pdf">Gets a typeset letter: from memory if all missions get the same, else from storage.</param>
internal sealed record PreparedLetters(
    FrozenContent Content,
    FrozenRoster Roster,
    string? KeyId,
    MissionLetters Letters,
    IReadOnlyList<EncodedEnclosure> Scans,
    IReadOnlyList<EncodedEnclosure> Enclosures,
    Func<LetterPdf, CancellationToken, Task<EncodedEnclosure>> Pdf)
{
    public Mission Mission(MissionEntry entry) => Roster.Mission(entry.MissionId);

    /// <summary>The files one mission gets: its letters first, then the enclosures.</summary>
    /// <exception cref="InvalidDataException">The stored bytes are not those that were checked and frozen.</exception>
    public async Task<IReadOnlyList<EncodedEnclosure>> Attachments(Mission mission, CancellationToken cancellation)
    {
        List<EncodedEnclosure> attachments = [.. Scans];
        foreach (var pdf in Content.PdfsOf(mission))
            attachments.Add(await Pdf(pdf, cancellation));
        return [.. attachments, .. Enclosures];
    }
}

/// <summary>A cache of prepared distributions: the last few are kept in memory (first in, first out).</summary>
internal sealed class PreparedLettersCache(FrozenContents contents, FrozenRosters rosters)
{
    private const int AtHand = 3;

    private readonly ConcurrentDictionary<string, Lazy<Task<PreparedLetters>>> prepared = new();
    private readonly ConcurrentQueue<string> order = new();

    /// <exception cref="InvalidDataException">The stored bytes are not those that were checked and frozen.</exception>
    public async Task<PreparedLetters> Prepare(DistributionRecord distribution, CancellationToken cancellation)
    {
        var letters = prepared.GetOrAdd(distribution.Id, id =>
        {
            // Two at once may both queue the id. The second then finds nothing to remove, or has the letters read once
            // more.
            order.Enqueue(id);
            return new(() => Read(id, distribution.KeyId));
        });
        while (prepared.Count > AtHand && order.TryDequeue(out var oldest))
            prepared.TryRemove(oldest, out _);
        try
        {
            return await letters.Value.WaitAsync(cancellation);
        }
        catch (Exception) when (letters.Value.IsFaulted)
        {
            // A failed load is not cached: the next batch tries again.
            prepared.TryRemove(new(distribution.Id, letters));
            throw;
        }
    }

    private async Task<PreparedLetters> Read(string distributionId, string? keyId)
    {
        // Others wait for the same reading, so that no single batch may cancel it.
        var content = await contents.Find(distributionId, CancellationToken.None);
        List<EncodedEnclosure> scans = [];
        List<EncodedEnclosure> enclosures = [];
        foreach (var enclosure in content.Enclosures.Where(enclosure => !content.Linked.Contains(enclosure.File)))
            (enclosure.Role == EnclosureRole.Letter ? scans : enclosures).Add(
                new(
                    enclosure.File,
                    enclosure.ContentType,
                    await contents.ReadEnclosure(distributionId, enclosure, CancellationToken.None)));
        Dictionary<LetterPdf, EncodedEnclosure> shared = [];
        foreach (var pdf in content.Pdfs.Where(pdf => pdf.Mission is null))
            shared[pdf] = await Encoded(pdf, CancellationToken.None);
        return new(
            content,
            await rosters.Find(distributionId, CancellationToken.None),
            keyId,
            new(content),
            scans,
            enclosures,
            async (pdf, cancellation) => shared.GetValueOrDefault(pdf) ?? await Encoded(pdf, cancellation));

        async Task<EncodedEnclosure> Encoded(LetterPdf pdf, CancellationToken cancellation) =>
            new(pdf.File, ContentTypes.Pdf, await contents.ReadPdf(distributionId, pdf, cancellation));
    }
}
