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
    public async Task Count(string distributionId, string missionId, VisitKind kind, string agent)
    {
        // Without waiting: a visit that finds no place is not counted, and its page opens at once.
        if (!places.Wait(0))
        {
            logger.LogInformation(Uncounted, kind, distributionId, missionId, "too many came at once");
            return;
        }

        try
        {
            using var time = new CancellationTokenSource(Longest, clock);
            await visits.Add(distributionId, missionId, kind, agent, clock.GetUtcNow(), time.Token);
        }
        // Ignore every failure: counting must not affect the reader of the page.
        catch (Exception failure)
        {
            logger.LogWarning(failure, Uncounted, kind, distributionId, missionId, "storage did not take it");
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();
}
