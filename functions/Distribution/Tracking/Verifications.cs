using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Storage;

namespace Distribution.Tracking;

/// <summary>What kind of file a hash stands for.</summary>
internal enum VerifiableKind { Letter, Translation, Enclosure }

/// <summary>
/// What a hash or reference stands for, so that anyone who has a letter or file can ask whether it is genuine: a file
/// of a distribution, or the reference code printed in its letters.
/// </summary>
/// <param name="Kind">Null for the reference code, which stands for the letter in every language.</param>
/// <param name="Language">Of a letter or translation; null otherwise.</param>
internal sealed record Verifiable(string DistributionId, VerifiableKind? Kind, string? Language);

/// <summary>
/// The store of everything that can be verified, by hash (SHA-256, lower-case hexadecimal) or reference. It also has
/// what is frozen but not released, so callers must check the distribution before they answer.
/// </summary>
internal sealed class Verifications(StorageAccount account) : IFreezeStep
{
    /// <summary>
    /// Of all rows, so that those of a distribution are written together. Earlier versions put each into a partition of
    /// its own, named by the key.
    /// </summary>
    private const string Partition = "verifiable";

    /// <summary>Stands in a row's key between what can be verified and its distribution: neither has one.</summary>
    private const char Between = '!';

    private readonly Records<Verifiable> records = new(account, ResourceNames.VerificationsTable);

    /// <inheritdoc/>
    public Task Freeze(string distributionId, FrozenContent content, bool isNew, CancellationToken cancellation) =>
        Add(distributionId, Of(distributionId, content), cancellation);

    /// <summary>Adds what is missing of a distribution's rows, whatever kind of distribution it is.</summary>
    /// <returns>How many were missing.</returns>
    public async Task<int> Restore(string distributionId, FrozenContent content, CancellationToken cancellation)
    {
        IEnumerable<(string Key, Verifiable Verifiable)> all = content.Follows?.Kind switch
        {
            FollowUpKind.Reminder => [],
            FollowUpKind.Addendum => OwnLetters(distributionId, content),
            _ => Of(distributionId, content),
        };
        List<(string Key, Verifiable Verifiable)> missing = [];
        foreach (var entry in all)
            // In either place, so that what an earlier version wrote is not written a second time.
            if (await records.Find(Partition, Row(entry.Key, distributionId), cancellation) is null
                && await records.Find(entry.Key, distributionId, cancellation) is null)
                missing.Add(entry);
        await Add(distributionId, missing, cancellation);
        return missing.Count;
    }

    private static IEnumerable<(string Key, Verifiable Verifiable)> Of(string distributionId, FrozenContent content) =>
        [
            (content.Reference, new(distributionId, null, null)),
            .. Letters(distributionId, content.Letter.Language, content.Pdfs),
            .. content.Enclosures.Select(enclosure => (enclosure.Hash, enclosure.Role == EnclosureRole.Letter
                ? new Verifiable(distributionId, VerifiableKind.Letter, content.Letter.Language)
                : new Verifiable(distributionId, VerifiableKind.Enclosure, null))),
        ];

    /// <summary>
    /// Adds what an addendum has and the letter it follows does not: letters addressed to its own missions.
    /// </summary>
    public Task AddLetters(string distributionId, FrozenContent content, CancellationToken cancellation) =>
        Add(distributionId, OwnLetters(distributionId, content), cancellation);

    private static IEnumerable<(string Key, Verifiable Verifiable)> OwnLetters(
        string distributionId,
        FrozenContent content) =>
        Letters(distributionId, content.Letter.Language, content.Pdfs.Where(pdf => pdf.Mission is not null));

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

    /// <summary>What a row says follows from its key, so that writing it once more changes nothing.</summary>
    private async Task Add(
        string distributionId,
        IEnumerable<(string Key, Verifiable Verifiable)> known,
        CancellationToken cancellation)
    {
        foreach (var together in known.DistinctBy(entry => entry.Key).Chunk(MissionEntries.MostInOneTransaction))
            await records.Table.SubmitTransactionAsync(
                together.Select(entry => new TableTransactionAction(
                    TableTransactionActionType.UpsertReplace,
                    records.Entity(Partition, Row(entry.Key, distributionId), entry.Verifiable))),
                cancellation);
    }

    private static string Row(string key, string distributionId) => $"{key}{Between}{distributionId}";

    /// <param name="key">A hash or a reference exactly as it is stored; nothing else matches.</param>
    /// <exception cref="UnreadableRecordException">
    /// What it stands for is on record and cannot be read, so the answer must not be that it is not known.
    /// </exception>
    public async Task<IReadOnlyList<Verifiable>> Find(string key, CancellationToken cancellation)
    {
        // Every key that begins with this one and the sign between: the upper end has the next sign in its place.
        var (from, to) = ($"{key}{Between}", $"{key}{(char)(Between + 1)}");
        var here = records.Listed(
            TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {from} and RowKey lt {to}"),
            cancellation);
        var byEarlierVersions = records.Listed(TableClient.CreateQueryFilter($"PartitionKey eq {key}"), cancellation);
        var (found, leftOut) = await here;
        var (earlier, alsoLeftOut) = await byEarlierVersions;
        if (found is [] && earlier is [])
        {
            // Read by itself, such a row throws, which is the answer here.
            foreach (var row in leftOut)
                await records.Find(Partition, row, cancellation);
            foreach (var row in alsoLeftOut)
                await records.Find(key, row, cancellation);
        }

        return [.. earlier.Concat(found).Select(stored => stored.Value).Distinct()];
    }
}
