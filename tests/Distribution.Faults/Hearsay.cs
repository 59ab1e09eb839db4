using Distribution.Sending;
using Distribution.Tracking;

namespace Distribution.FaultSuite;

/// <summary>
/// Tells of what has arrived as a provider's events do: late, more than once, in any order, and not of everything.
/// </summary>
internal sealed class Hearsay(FaultRun stage, int seed, Figures figures)
{
    private const double Told = 0.7;

    private const double Again = 0.3;

    private readonly Random random = new(seed);

    public async Task Run(CancellationToken cancellation)
    {
        var seen = 0;
        List<Evidence> waiting = [];
        try
        {
            while (true)
            {
                await Task.Delay(random.Next(200, 900), cancellation);
                foreach (var arrival in stage.Arrivals.Kept.Skip(seen).ToList())
                {
                    seen++;
                    if (random.NextDouble() < Told)
                        waiting.AddRange(Of(arrival));
                }

                var heard = waiting.Where(_ => random.NextDouble() < 0.5).ToArray();
                random.Shuffle(heard);
                await stage.Get<DeliveryEvidence>().Record(heard, cancellation);
                // What is told again was not taken off the list.
                waiting.RemoveAll(item => heard.Contains(item) && random.NextDouble() >= Again);
                foreach (var _ in heard)
                    figures.Fault("sendgrid: event out of order, some twice");
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private static IEnumerable<Evidence> Of(Arrival arrival)
    {
        foreach (
            var kind in (DeliveryEventKind[])
                [DeliveryEventKind.Accepted, DeliveryEventKind.Deferred, DeliveryEventKind.Delivered])
            yield return new(
                arrival.MessageId,
                arrival.Mailbox,
                new(DateTimeOffset.UtcNow, kind, "", Source: "sendgrid", Id: Guid.NewGuid().ToString("n")));
    }
}
