namespace Distribution.Sending;

/// <summary>What pages, files and the console call the state of a letter: the one place for these words.</summary>
internal static class DeliveryStateWords
{
    /// <returns>A phrase that begins with a capital, without a full stop: <c>Accepted by the mail server</c>.</returns>
    public static string Of(DeliveryState state) => state switch
    {
        DeliveryState.Pending => "Not sent yet",
        DeliveryState.Sending => "Being handed over",
        DeliveryState.OutcomeUnknown => "Not known whether it was sent",
        DeliveryState.Accepted => "Accepted by the mail server",
        DeliveryState.Deferred => "Delayed on its way",
        DeliveryState.Delivered => "Delivered",
        DeliveryState.Bounced => "Came back",
        DeliveryState.Failed => "Failed",
        DeliveryState.Withdrawn => "Stopped before it was sent",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
