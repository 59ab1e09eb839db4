using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Distribution.Common;
using Distribution.Storage;
using Microsoft.Extensions.Logging;

namespace Distribution.Hosting.Jobs;

/// <summary>How a job of the timer ended last, as whoever ran it noted.</summary>
/// <param name="Ended">When its last run ended, well or not; null if that is not known.</param>
/// <param name="Succeeded">When a run last ended well; null if none did.</param>
/// <param name="Failure">Why the last run failed, as a sentence without secrets; null if it ended well.</param>
internal sealed record JobState(DateTimeOffset? Ended, DateTimeOffset? Succeeded, string? Failure);

/// <summary>
/// Stores how the timer's jobs end: pages and timer may run in different processes, and a process that does not run any
/// more cannot say so itself. An end that is like the one before is stored only every few minutes, and all jobs in one
/// request.
/// </summary>
/// <remarks>
/// Rows of their own in the table of notices, one for each job, written without reading them first: the last end
/// counts, whoever saw it. Nothing is decided by them, they are only shown.
/// </remarks>
internal sealed class JobStates(StorageAccount account, TimeProvider clock, ILogger<JobStates> logger)
{
    /// <summary>How far what is stored may be behind.</summary>
    public static readonly TimeSpan Lag = TimeSpan.FromMinutes(5);

    private const string Partition = "timer";

    /// <summary>The row with the time at which the service first started with this storage.</summary>
    private const string FirstStart = "first start";

    private const int LongestFailure = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TableClient table = account.Tables.GetTableClient(ResourceNames.NoticesTable);

    private readonly Lock gate = new();

    /// <summary>The last end of each job in this process.</summary>
    private readonly Dictionary<string, End> noted = [];

    /// <summary>Those that were stored.</summary>
    private readonly Dictionary<string, End> stored = [];

    private bool isWriting;

    /// <summary>
    /// Stores the time of the first start, if it is not stored: jobs are not expected to have run before it.
    /// </summary>
    public async Task Begin(CancellationToken cancellation)
    {
        try
        {
            // Added and never written over: later starts must not move it.
            await table.AddEntityAsync(Row(FirstStart, (nameof(JobState.Ended), clock.GetUtcNow())), cancellation);
        }
        catch (RequestFailedException failure) when (failure.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            // An earlier start, or another process at this moment.
        }
    }

    /// <summary>Notes the end of a run; <see cref="Write"/> stores it.</summary>
    /// <param name="failure">Why it failed, as a sentence without secrets; null if it ended well.</param>
    public void Note(string job, string? failure)
    {
        lock (gate)
            noted[job] = new(
                clock.GetUtcNow(),
                failure?.Length > LongestFailure ? $"{TextStart.Of(failure, LongestFailure)}…" : failure);
    }

    /// <summary>
    /// Stores what was noted, if it says something new or what is stored has grown old. Never fails: what could not be
    /// stored is tried again the next time.
    /// </summary>
    public async Task Write(CancellationToken cancellation)
    {
        List<KeyValuePair<string, End>> news;
        lock (gate)
        {
            // Two writes at once could end in either order, and the older one would stay.
            if (isWriting || !noted.Any(job => IsNews(job.Key, job.Value)))
                return;
            isWriting = true;
            news = [.. noted.Where(job => stored.GetValueOrDefault(job.Key) != job.Value)];
        }

        using var time = new CancellationTokenSource(Patience, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            // Merged, so that a failure leaves the time of the last success in place.
            await table.SubmitTransactionAsync(
                news.Select(job =>
                    new TableTransactionAction(TableTransactionActionType.UpsertMerge, Row(job.Key, job.Value))),
                stop.Token);
            lock (gate)
                foreach (var (job, end) in news)
                    // What was noted while this write went on differs from it, and is written by the next one.
                    stored[job] = end;
        }
        catch (Exception failure)
        {
            if (!cancellation.IsCancellationRequested)
                logger.LogWarning(failure, "How the timer's jobs ended could not be stored; the next tick tries again");
        }
        finally
        {
            lock (gate)
                isWriting = false;
        }
    }

    /// <returns>
    /// The time of the service's first start with this storage, null if that is not known; and by its name each job
    /// that ever ended.
    /// </returns>
    /// <exception cref="RequestFailedException">Storage failed.</exception>
    public async Task<(DateTimeOffset? FirstStart, IReadOnlyDictionary<string, JobState> Jobs)> Read(
        CancellationToken cancellation)
    {
        Dictionary<string, JobState> found = [];
        await foreach (
            var row in table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {Partition}"),
                cancellationToken: cancellation))
            found[row.RowKey] = new(
                row[nameof(JobState.Ended)] as DateTimeOffset?,
                row[nameof(JobState.Succeeded)] as DateTimeOffset?,
                row[nameof(JobState.Failure)] is string { Length: > 0 } failure ? failure : null);
        // It lies in the same partition, so that one query reads both, and is no job.
        found.Remove(FirstStart, out var first);
        return (first?.Ended, found);
    }

    /// <summary>The absolute difference of times, so that nothing waits for a clock that was set back.</summary>
    private bool IsNews(string job, End end) =>
        stored.GetValueOrDefault(job) is not { } known
        || known.Failure != end.Failure
        || (end.At - known.At).Duration() >= Lag;

    private static TableEntity Row(string job, End end) =>
        end.Failure is null
            ? Row(
                job,
                (nameof(JobState.Ended), end.At),
                (nameof(JobState.Succeeded), end.At),
                // An empty text and not null: a merge leaves out what is null, and the last failure would stay.
                (nameof(JobState.Failure), ""))
            : Row(job, (nameof(JobState.Ended), end.At), (nameof(JobState.Failure), end.Failure));

    private static TableEntity Row(string key, params (string Name, object Value)[] columns)
    {
        var row = new TableEntity(Partition, key) { [RecordFormat.Name] = RecordFormat.Written };
        foreach (var (name, value) in columns)
            row[name] = value;
        return row;
    }

    private sealed record End(DateTimeOffset At, string? Failure);
}
