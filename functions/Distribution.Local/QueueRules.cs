using System.Text.Json;

namespace Distribution.Local;

/// <summary>The rules host.json gives queue triggers, so that this machine keeps the same ones.</summary>
/// <param name="BatchSize">Messages taken at once.</param>
/// <param name="NewBatchThreshold">More are taken when this few are left at work.</param>
/// <param name="MaxDequeueCount">Tries before a message is put aside.</param>
/// <param name="VisibilityTimeout">Pause before a failed message is tried again.</param>
internal sealed record QueueRules(int BatchSize, int NewBatchThreshold, int MaxDequeueCount, TimeSpan VisibilityTimeout)
{
    public static QueueRules Read(string hostJson)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(hostJson));
        var queues = document.RootElement.GetProperty("extensions").GetProperty("queues");
        return new(
            queues.GetProperty("batchSize").GetInt32(),
            queues.GetProperty("newBatchThreshold").GetInt32(),
            queues.GetProperty("maxDequeueCount").GetInt32(),
            TimeSpan.Parse(
                queues.GetProperty("visibilityTimeout").GetString()!,
                System.Globalization.CultureInfo.InvariantCulture));
    }
}
