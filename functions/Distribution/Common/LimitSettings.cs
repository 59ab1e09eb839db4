namespace Distribution.Common;

/// <summary>
/// Settings under <c>Limits</c>: what someone who is not signed in may ask of one instance. Another instance counts for
/// itself.
/// </summary>
internal sealed class LimitSettings
{
    /// <summary>The most requests from one address in a minute. A whole building may share an address.</summary>
    public int PagesPerMinute { get; set; } = 1_200;

    /// <summary>The most forms sent to one mission's link in a minute.</summary>
    public int AnswersPerMinute { get; set; } = 30;

    /// <summary>The most deliveries of events or mail from one address at work at once.</summary>
    public int WebhooksAtOnce { get; set; } = 8;

    /// <summary>How many more of them may wait for their turn; a further one is asked to come again.</summary>
    public int WebhooksWaiting { get; set; } = 200;

    /// <summary>How long one request may take, the time its sender takes to send it included.</summary>
    public TimeSpan RequestTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The header in which a proxy before the service says who its client is, such as <c>X-Azure-ClientIP</c>; empty
    /// where none stands there.
    /// Anyone can send it who can pass by the proxy.
    /// </summary>
    public string ClientAddressHeader { get; set; } = "";
}
