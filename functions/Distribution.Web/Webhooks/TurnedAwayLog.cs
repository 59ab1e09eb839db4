using Distribution.Sending;
using Microsoft.Extensions.Logging;

namespace Distribution.Web.Webhooks;

/// <summary>
/// Logs requests to webhooks that were turned away: the first at once, and how many more came once a minute. Anyone can
/// send such requests, and each line costs money and hides others. The metric counts every one.
/// </summary>
internal sealed class TurnedAwayLog(TimeProvider clock, ILogger<TurnedAwayLog> logger) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Route> routes = [];

    /// <param name="route">The route's pattern.</param>
    /// <param name="problem">What is wrong with the request, and what to do, in sentences.</param>
    public void Add(string route, string problem)
    {
        Telemetry.RecordTurnedAway(route);
        lock (gate)
        {
            if (routes.TryGetValue(route, out var busy))
            {
                routes[route] = busy with { More = busy.More + 1, Problem = problem };
                return;
            }

            routes[route] = new(clock.CreateTimer(_ => Sum(route), null, Pause, Pause), 0, problem);
        }

        // Outside the lock, since a log may be slow.
        logger.LogWarning("A request to {Route} was turned away. {Problem}", route, problem);
    }

    public void Dispose()
    {
        lock (gate)
            foreach (var route in routes.Values)
                route.Timer.Dispose();
    }

    private void Sum(string name)
    {
        Route route;
        lock (gate)
        {
            if (!routes.TryGetValue(name, out route!))
                return;
            if (route.More == 0)
            {
                // A quiet minute: the next request is logged at once again.
                routes.Remove(name);
                route.Timer.Dispose();
                return;
            }

            routes[name] = route with { More = 0 };
        }

        logger.LogWarning(
            "{Count} more requests to {Route} were turned away within a minute. The last one: {Problem}",
            route.More,
            name,
            route.Problem);
    }

    /// <param name="More">How many came since the last line.</param>
    private sealed record Route(ITimer Timer, int More, string Problem);
}
