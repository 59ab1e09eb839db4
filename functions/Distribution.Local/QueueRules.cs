using System.Text.Json;

namespace Distribution.Local;

/// <summary>The rules that host.json gives queue triggers, so that this machine follows the same ones.</summary>
/// <param name="BatchSize">The number of messages received at once.</param>
/// <param name="NewBatchThreshold">More messages are received when this many or fewer are being processed.</param>
/// <param name="MaxDequeueCount">The number of tries before a message is moved to the poison queue.</param>
/// <param name="VisibilityTimeout">How long to wait before a failed message is retried.</param>
internal sealed record QueueRules(int BatchSize, int NewBatchThreshold, int MaxDequeueCount, TimeSpan VisibilityTimeout)
{
    /// <param name="hostJson">Full path of the <c>host.json</c> of the Functions app.</param>
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
