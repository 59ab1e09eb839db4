namespace Distribution.Common;

/// <summary>
/// Settings under <c>Limits</c>: rate limits and timeouts for requests without a sign-in. Each instance counts
/// separately; there is no shared counter.
/// </summary>
internal sealed class LimitSettings
{
    /// <summary>
    /// Rate limit: the most requests per minute from one client address. High, because a whole building may share one
    /// address.
    /// </summary>
    public int PagesPerMinute { get; set; } = 1_200;

    /// <summary>Rate limit: the most forms submitted to one mission's link per minute.</summary>
    public int AnswersPerMinute { get; set; } = 30;

    /// <summary>
    /// The most webhook calls (events or mail) from one client address that are processed at the same time.
    /// </summary>
    public int WebhooksAtOnce { get; set; } = 8;

    /// <summary>
    /// How many more webhook calls may wait in the queue. A further call is rejected with a <c>Retry-After</c> header.
    /// </summary>
    public int WebhooksWaiting { get; set; } = 200;

    /// <summary>Timeout of one request, including the time the client needs to send it.</summary>
    public TimeSpan RequestTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The header in which a proxy in front of the service passes the client's address, such as
    /// <c>X-Azure-ClientIP</c>. Empty if there is no proxy. Set it only if every request goes through the proxy: anyone
    /// who can bypass the proxy can forge this header.
    /// </summary>
    public string ClientAddressHeader { get; set; } = "";
}
