using Distribution.Tracking.Inbound;

namespace Distribution.Tests;

internal static class WaitingReplies
{
    /// <summary>The messages that wait, the latest first; tests have no more than stand on one page.</summary>
    public static async Task<IReadOnlyList<ReceivedReply>> Waiting(this Replies replies, CancellationToken cancellation) =>
        (await replies.Waiting([], "", cancellation)).Latest;
}
