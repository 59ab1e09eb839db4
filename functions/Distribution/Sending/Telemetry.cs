using System.Diagnostics.Metrics;

namespace Distribution.Sending;

/// <summary>
/// Metrics for operators. No metric names a mission, a mailbox or a person, because other people read the monitoring
/// than the desk.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the meter, and the prefix of its metrics (there in lower case).</summary>
    public const string Name = "Distribution";

    internal const string Deliveries = "distribution.deliveries";
    internal const string UnknownOutcomes = "distribution.unknown_outcomes";
    internal const string OnHold = "distribution.on_hold";
    internal const string GivenUp = "distribution.given_up";
    internal const string TurnedAway = "distribution.turned_away";
    internal const string Heartbeat = "distribution.heartbeat";
    internal const string JobFailures = "distribution.job_failures";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> DeliveryCounter = Meter.CreateCounter<long>(
        Deliveries,
        description: "What became of messages to mailboxes, by kind");
    private static readonly Gauge<int> UnknownGauge = Meter.CreateGauge<int>(
        UnknownOutcomes,
        description: "Letters of which it is not known whether they were sent");
    private static readonly Gauge<int> OnHoldGauge = Meter.CreateGauge<int>(
        OnHold,
        description: "Letters, with their enclosures, that are on hold");
    private static readonly Counter<long> GivenUpCounter = Meter.CreateCounter<long>(
        GivenUp,
        description: "Queue messages that were given up");
    private static readonly Counter<long> TurnedAwayCounter = Meter.CreateCounter<long>(
        TurnedAway,
        description: "Requests to webhooks that were turned away: not rightly signed, or too large, by route");
    private static readonly Counter<long> HeartbeatCounter = Meter.CreateCounter<long>(
        Heartbeat,
        description: "Runs of the timer's jobs that succeeded, by job");
    private static readonly Counter<long> JobFailureCounter = Meter.CreateCounter<long>(
        JobFailures,
        description: "Runs of the timer's jobs that failed, or were cancelled because their time was over, by job");

    internal static void RecordDelivery(DeliveryEventKind kind) =>
        DeliveryCounter.Add(1, new KeyValuePair<string, object?>("kind", kind.ToString()));

    internal static void RecordUnknownOutcomes(int letters) => UnknownGauge.Record(letters);

    internal static void RecordOnHold(int distributions) => OnHoldGauge.Record(distributions);

    internal static void RecordGivenUp() => GivenUpCounter.Add(1);

    /// <param name="route">The route's pattern, never the path: a path may contain a mission's link.</param>
    internal static void RecordTurnedAway(string route) =>
        TurnedAwayCounter.Add(1, new KeyValuePair<string, object?>("route", route));

    /// <param name="job">The job's name. One that fails has no heartbeat, however often the timer runs.</param>
    internal static void RecordHeartbeat(string job) =>
        HeartbeatCounter.Add(1, new KeyValuePair<string, object?>("job", job));

    /// <param name="job">The job's name.</param>
    internal static void RecordJobFailure(string job) =>
        JobFailureCounter.Add(1, new KeyValuePair<string, object?>("job", job));
}
