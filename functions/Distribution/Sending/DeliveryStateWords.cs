using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Sending;

/// <summary>What pages, files and the console call the state of a letter: the one place for these words.</summary>
internal static class DeliveryStateWords
{
    /// <param name="isNotNeeded">
    /// Whether it was not sent because the mission had no need of it; nobody stopped it then.
    /// </param>
    public static Phrase Of(DeliveryState state, bool isNotNeeded) =>
        isNotNeeded ? Say($"Not sent: no need of it") : Of(state);

    /// <returns>A phrase that begins with a capital, without a full stop: <c>Accepted by the mail server</c>.</returns>
    public static Phrase Of(DeliveryState state) => state switch
    {
        DeliveryState.Pending => Say($"Not sent yet"),
        DeliveryState.Sending => Say($"Being handed over"),
        DeliveryState.OutcomeUnknown => Say($"Not known whether it was sent"),
        DeliveryState.Accepted => Say($"Accepted by the mail server"),
        DeliveryState.Deferred => Say($"Delayed on its way"),
        DeliveryState.Delivered => Say($"Delivered"),
        DeliveryState.Bounced => Say($"Came back"),
        DeliveryState.Failed => Say($"Failed"),
        DeliveryState.Withdrawn => Say($"Stopped before it was sent"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
