using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;

namespace Distribution.Tracking;

internal enum VerifiableKind { Letter, Translation, Enclosure }

/// <summary>
/// A file a distribution carries, or the code its letters bear, by which anyone who holds it may ask whether it is
/// genuine.
/// </summary>
/// <param name="Kind">Null for the code, which stands for the letter whatever its language.</param>
/// <param name="Language">Of a letter or translation; null otherwise.</param>
internal sealed record Verifiable(string DistributionId, VerifiableKind? Kind, string? Language);

/// <summary>
/// What can be verified, by hash (SHA-256, lower-case hexadecimal) or reference. It holds what is frozen but not yet
/// released too:
/// whoever answers looks at the distribution first.
/// </summary>
internal sealed class Verifications(StorageAccount account) : IFreezeStep
{
    private const int AtOnce = 8;

    private readonly Records<Verifiable> records = new(account.Tables.GetTableClient(ResourceNames.VerificationsTable));

    /// <inheritdoc/>
    public Task Freeze(string distributionId, FrozenContent content, CancellationToken cancellation) => Add(
        distributionId,
        [
            (content.Reference, new(distributionId, null, null)),
            .. Letters(distributionId, content.Letter.Language, content.Pdfs),
            .. content.Enclosures.Select(enclosure => (enclosure.Hash, enclosure.Role == EnclosureRole.Letter
                ? new Verifiable(distributionId, VerifiableKind.Letter, content.Letter.Language)
                : new Verifiable(distributionId, VerifiableKind.Enclosure, null))),
        ],
        cancellation);

    /// <summary>
    /// Adds what an addendum has that the letter it follows has not: letters addressed to its own missions.
    /// </summary>
    public Task AddLetters(string distributionId, FrozenContent content, CancellationToken cancellation) =>
        Add(
            distributionId,
            Letters(distributionId, content.Letter.Language, content.Pdfs.Where(pdf => pdf.Mission is not null)),
            cancellation);

    private static IEnumerable<(string Key, Verifiable Verifiable)> Letters(
        string distributionId,
        string authentic,
        IEnumerable<LetterPdf> pdfs) =>
        pdfs.Select(pdf =>
            (
                pdf.Hash,
                new Verifiable(
                    distributionId,
                    pdf.Language == authentic ? VerifiableKind.Letter : VerifiableKind.Translation,
                    pdf.Language)));

    private Task Add(
        string distributionId,
        IEnumerable<(string Key, Verifiable Verifiable)> known,
        CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            known,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (entry, stop) =>
                await records.Add(Records<Verifiable>.Entity(entry.Key, distributionId, entry.Verifiable, []), stop));

    /// <param name="key">A hash or a reference as it is stored: nothing else matches.</param>
    public async Task<IReadOnlyList<Verifiable>> Find(string key, CancellationToken cancellation) =>
        [
            .. (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {key}"), cancellation)).Select(
                stored => stored.Value),
        ];
}
