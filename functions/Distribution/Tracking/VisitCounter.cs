using Microsoft.Extensions.Logging;

namespace Distribution.Tracking;

/// <summary>
/// Counts visits as far as possible. A visit that cannot be counted delays nobody and causes no error on the page.
/// </summary>
internal sealed class VisitCounter(Visits visits, TimeProvider clock, ILogger<VisitCounter> logger) : IDisposable
{
    /// <summary>
    /// The most visits counted at the same time. A scanner that opens a link a thousand times at once must not fill the
    /// server with waiting requests.
    /// </summary>
    private const int AtOnce = 16;

    private const string Uncounted =
        "A visit ({Kind}) to the link of {Distribution}, {Mission} was not counted: {Reason}";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim places = new(AtOnce);

    /// <param name="agent">The User-Agent value of the visiting program; may be empty.</param>
    public Task Count(string distributionId, string missionId, VisitKind kind, string agent) =>
        Count(distributionId, missionId, kind, agent, isFurther: false);

    /// <summary>Counts a visit beside earlier ones. Where none is on record, it begins no count.</summary>
    /// <returns>Whether it was counted.</returns>
    /// <inheritdoc cref="Count(string, string, VisitKind, string)"/>
    public Task<bool> CountFurther(string distributionId, string missionId, VisitKind kind, string agent) =>
        Count(distributionId, missionId, kind, agent, isFurther: true);

    private async Task<bool> Count(
        string distributionId,
        string missionId,
        VisitKind kind,
        string agent,
        bool isFurther)
    {
        // Without waiting: a visit that finds no place is not counted, and its page opens at once.
        if (!places.Wait(0))
        {
            logger.LogInformation(Uncounted, kind, distributionId, missionId, "too many came at once");
            return false;
        }

        try
        {
            using var time = new CancellationTokenSource(Longest, clock);
            return await visits.Add(distributionId, missionId, kind, agent, clock.GetUtcNow(), time.Token, isFurther);
        }
        // Ignore every failure: counting must not affect the reader of the page.
        catch (Exception failure)
        {
            logger.LogWarning(failure, Uncounted, kind, distributionId, missionId, "storage did not take it");
            return false;
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();
}
