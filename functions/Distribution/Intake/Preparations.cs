using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>
/// What is kept while an upload's letters are typeset in the queue, beside the files of the distribution it becomes:
/// the checked letter, and what came of each part. Removed at the end.
/// </summary>
internal sealed class Preparations(StorageAccount account, WorkQueues queues)
{
    private const int AtOnce = 8;

    private const string Letter = "letter";

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Distributions);

    // One letter is worked on at a time, by many messages. One object, so that a reader sees one letter or the other
    // while it is replaced, and never parts of both.
    private Known? last;

    public async Task Begin(Preparation preparation, CheckedLetter letter, CancellationToken cancellation) =>
        await container
            .GetBlobClient(Name(preparation, Letter))
            .UploadAsync(BinaryData.FromString(Json.Write(letter)), overwrite: true, cancellation);

    public Task Queue(UploadFolder folder, Preparation preparation, int part, CancellationToken cancellation) =>
        queues.Add(
            ResourceNames.PrepareQueue,
            Json.Write(
                new PreparationMessage(
                    folder,
                    preparation.DistributionId,
                    preparation.Attempt,
                    part,
                    RecordFormat.Written)),
            TimeSpan.Zero,
            cancellation);

    /// <exception cref="RequestFailedException">There is none, or storage failed.</exception>
    public async Task<CheckedLetter> Find(Preparation preparation, CancellationToken cancellation)
    {
        if (last is { } known && known.Attempt == preparation.Attempt)
            return known.Letter;
        var letter = await Read<CheckedLetter>(Name(preparation, Letter), cancellation);
        last = new(preparation.Attempt, letter);
        return letter;
    }

    /// <summary>
    /// Writes what came of a part. The part may be written again by another worker; the last one counts.
    /// </summary>
    public async Task Add(Preparation preparation, int part, PreparedPart made, CancellationToken cancellation) =>
        await container
            .GetBlobClient(Name(preparation, NameOf(part)))
            .UploadAsync(BinaryData.FromString(Json.Write(made)), overwrite: true, cancellation);

    /// <summary>The parts that are made.</summary>
    public async Task<IReadOnlySet<int>> Made(Preparation preparation, CancellationToken cancellation)
    {
        HashSet<int> made = [];
        var prefix = Name(preparation, "");
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellation))
            // The checked letter lies beside the parts, under a name that is no number.
            if (int.TryParse(
                    blob.Name.AsSpan(prefix.Length),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var part))
                made.Add(part);
        return made;
    }

    /// <returns>In the order of the parts.</returns>
    public async Task<IReadOnlyList<PreparedPart>> Parts(Preparation preparation, CancellationToken cancellation)
    {
        var numbers = preparation.Parts.ToList();
        var parts = new PreparedPart[numbers.Count];
        await Parallel.ForAsync(
            0,
            numbers.Count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (place, stop) =>
                parts[place] = await Read<PreparedPart>(Name(preparation, NameOf(numbers[place])), stop));
        return parts;
    }

    /// <summary>Removes all of an attempt; the typeset letters stay with the distribution.</summary>
    public Task Remove(string distributionId, string attempt, CancellationToken cancellation) =>
        container.RemoveAll(Folder(distributionId, attempt), cancellation);

    private async Task<T> Read<T>(string name, CancellationToken cancellation) =>
        Json.Read<T>(
            (await container.GetBlobClient(name).DownloadContentAsync(cancellation)).Value.Content.ToString());

    private static string Name(Preparation preparation, string name) =>
        Folder(preparation.DistributionId, preparation.Attempt) + name;

    private static string NameOf(int part) => part.ToString("d7", CultureInfo.InvariantCulture);

    private static string Folder(string distributionId, string attempt) => $"{distributionId}/preparing/{attempt}/";

    private sealed record Known(string Attempt, CheckedLetter Letter);
}
