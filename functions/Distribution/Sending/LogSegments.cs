using System.Runtime.CompilerServices;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Storage;
using Microsoft.Extensions.Logging;

namespace Distribution.Sending;

/// <summary>One segment of a log that waits to be sealed.</summary>
/// <param name="Name">Sorts by the time it was written.</param>
/// <param name="Lines">Facts, one a line.</param>
/// <param name="Values">What the hashes in the lines stand for, one a line.</param>
internal sealed record LogSegment(string Name, IReadOnlyList<string> Lines, IReadOnlyList<string> Values);

/// <summary>
/// Log facts that workers have written and that are not sealed yet, one blob per batch or call: its lines, and the
/// values that their hashes stand for. The tables hold every fact first; a fact that is missing here, because the write
/// failed or the worker stopped, is restored from the tables when the records are next searched for such facts, as
/// <c>LogKeeper</c> says: within the hour at first, and in later weeks once a week.
/// </summary>
/// <remarks>
/// Earlier versions wrote two blobs, the lines in <c>waiting/</c> and the values in <c>waiting-people/</c>. A segment
/// is kept in the latter, under a name of its own. An earlier version that still runs during an upgrade does not look
/// for lines there, and so does not seal values as facts; but what it erases, it erases there too.
/// </remarks>
internal sealed class LogSegments(StorageAccount account, TimeProvider clock, ILogger<LogSegments> logger) : IActLog
{
    private const string Segments = "waiting-people/";

    private const string EarlierLines = "waiting/";

    private const string BothFolders = "waiting";

    /// <summary>The end of a segment's name; in the same folder are values of earlier versions by themselves.</summary>
    private const string Whole = ".segment";

    /// <summary>How a line with a value begins, and no fact does.</summary>
    private const string Value = "{\"hash\":";

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Log);

    private readonly Lock gate = new();

    private readonly Dictionary<string, List<LoggedFact>> noted = [];

    /// <summary>Segments are sealed soon: mostly none waits but those this process has just written.</summary>
    public SeldomLook Look { get; } = new(clock);

    /// <summary>Buffers facts, already recorded in the tables, for the next segment. Thread-safe.</summary>
    public void Buffer(string distributionId, IEnumerable<LoggedFact> facts)
    {
        lock (gate)
            (noted.TryGetValue(distributionId, out var known) ? known : noted[distributionId] = []).AddRange(facts);
    }

    /// <summary>
    /// Writes the buffered facts as one segment. A failure is only logged: it must not delay a letter, and sealing
    /// restores the facts.
    /// </summary>
    public async Task Flush(string distributionId)
    {
        List<LoggedFact>? facts;
        lock (gate)
            noted.Remove(distributionId, out facts);
        if (facts is not { Count: > 0 })
            return;
        try
        {
            await Write(distributionId, facts, CancellationToken.None);
        }
        catch (Exception failure)
            when (StorageFailures.IsStorages(failure) || failure is OperationCanceledException)
        {
            logger.LogWarning(
                failure,
                "{Facts} facts of {Distribution} could not be written into its log; they are made up from the record when it is sealed",
                facts.Count,
                distributionId);
        }
    }

    /// <inheritdoc/>
    public Task Append(DistributionRecord distribution, int known)
    {
        Buffer(distribution.Id, LoggedFacts.Acts(distribution).Skip(known).Concat(LoggedFacts.Record(distribution)));
        return Flush(distribution.Id);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> Sealed(string idsBeginWith, CancellationToken cancellation)
    {
        List<string> found = [];
        await foreach (
            var item in container.GetBlobsByHierarchyAsync(
                new GetBlobsByHierarchyOptions { Prefix = idsBeginWith, Delimiter = "/" },
                cancellation))
            if (item.IsPrefix && !IsWaiting(item.Prefix))
                found.Add(item.Prefix[..^1]);
        return found;
    }

    /// <summary>
    /// Whether a folder of the container holds segments that wait, and not the log of a distribution.
    /// </summary>
    public static bool IsWaiting(string folder) => folder is Segments or EarlierLines;

    /// <returns>The ids of the distributions that have segments here.</returns>
    public async Task<IReadOnlySet<string>> Distributions(CancellationToken cancellation)
    {
        HashSet<string> found = [];
        await foreach (
            var item in container.GetBlobsAsync(new GetBlobsOptions { Prefix = BothFolders }, cancellation))
            if (item.Name.StartsWith(EarlierLines, StringComparison.Ordinal)
                || (item.Name.StartsWith(Segments, StringComparison.Ordinal) && IsWhole(item.Name)))
                found.Add(item.Name.Split('/')[1]);
        return found;
    }

    /// <returns>The segments of one distribution, the oldest first, read one after the other.</returns>
    public async IAsyncEnumerable<LogSegment> Of(
        string distributionId,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        // It may be gone: another sealer can have sealed and removed it meanwhile.
        await foreach (var name in Names(EarlierLines, distributionId, cancellation))
            if (await Lines($"{EarlierLines}{distributionId}/{name}", cancellation) is { } lines)
                yield return new(
                    name,
                    lines,
                    await Lines($"{Segments}{distributionId}/{name}", cancellation) ?? []);
        await foreach (var name in Names(Segments, distributionId, cancellation))
            if (IsWhole(name) && await Lines($"{Segments}{distributionId}/{name}", cancellation) is { } all)
            {
                var isValue = all.ToLookup(line => line.StartsWith(Value, StringComparison.Ordinal));
                yield return new(name, [.. isValue[false]], [.. isValue[true]]);
            }
    }

    /// <summary>
    /// Removes a segment; call it only when its lines are in the chain. Of an earlier version's the lines are deleted
    /// first: a crash in between leaves values that no segment names, never a segment without its values.
    /// </summary>
    public async Task Remove(string distributionId, string name, CancellationToken cancellation)
    {
        if (!IsWhole(name))
            await container
                .GetBlobClient($"{EarlierLines}{distributionId}/{name}")
                .DeleteIfExistsAsync(cancellationToken: cancellation);
        await container
            .GetBlobClient($"{Segments}{distributionId}/{name}")
            .DeleteIfExistsAsync(cancellationToken: cancellation);
    }

    private async Task Write(string distributionId, IReadOnlyList<LoggedFact> facts, CancellationToken cancellation)
    {
        var name = $"{clock.GetUtcNow().UtcTicks:d19}-{Guid.NewGuid():n}{Whole}";
        var salted = facts.Select(fact => fact.Salted()).ToList();
        var lines = salted
            .Select(fact => fact.Line)
            .Concat(salted.SelectMany(fact => fact.Values).Select(Json.Write));
        using var segment = new MemoryStream();
        await using (var writer = new StreamWriter(segment, leaveOpen: true) { NewLine = "\n" })
            foreach (var line in lines)
                writer.WriteLine(line);
        segment.Position = 0;
        await container
            .GetBlobClient($"{Segments}{distributionId}/{name}")
            // The name is new, so it can only overwrite an earlier try of this very write.
            .UploadAsync(segment, overwrite: true, cancellation);
        Look.Expect();
    }

    private static bool IsWhole(string name) => name.EndsWith(Whole, StringComparison.Ordinal);

    private async IAsyncEnumerable<string> Names(
        string folder,
        string distributionId,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var prefix = $"{folder}{distributionId}/";
        await foreach (var item in container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellation))
            yield return item.Name[prefix.Length..];
    }

    private async Task<IReadOnlyList<string>?> Lines(string name, CancellationToken cancellation) =>
        (await container.GetBlobClient(name).TryRead(cancellation))?.Content.ToString()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
