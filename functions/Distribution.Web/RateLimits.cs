using System.Globalization;
using System.Threading.RateLimiting;
using Distribution.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Distribution.Web;

/// <summary>
/// Rate limits for clients that are not signed in, counted by each instance alone. Requests are counted by client
/// address. Forms sent to a mission's link are counted by that link too, so that many missions behind one address do
/// not block each other. Webhooks (deliveries of events and mail) are never counted; only how many run at once is
/// limited: a provider sends them in bursts, and retries where it is asked to.
/// </summary>
/// <remarks>
/// The framework's own middleware is not used: it makes its limiters when a program starts and never disposes of them,
/// and each wakes the program ten times a second. Here one is made when it is first needed.
/// </remarks>
internal sealed class RateLimits(IOptions<LimitSettings> settings) : IDisposable
{
    /// <summary>The rate limit policy of forms sent to a mission's link.</summary>
    public const string Answers = "answers";

    /// <summary>The rate limit policy of webhooks: deliveries of events and mail.</summary>
    public const string Webhooks = "webhooks";

    /// <summary>The timeout policy: how long one request may take.</summary>
    public const string Time = "anyone";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The <c>Retry-After</c> of a rejection whose limiter gives none.</summary>
    private static readonly TimeSpan WhenCrowded = TimeSpan.FromSeconds(10);

    private readonly Lazy<PartitionedRateLimiter<HttpContext>> pages = Each(
        context =>
            PerMinute(
                ClientAddress.Of(context, settings.Value.ClientAddressHeader),
                settings.Value.PagesPerMinute));

    private readonly Lazy<PartitionedRateLimiter<HttpContext>> answers = Each(
        context =>
            PerMinute(
                // By the link as it was written: a wrong token counts for itself, and takes nothing from the mission's
                // own.
                $"{context.GetRouteValue("distribution")}/{context.GetRouteValue("mission")}/{context.GetRouteValue("token")}",
                settings.Value.AnswersPerMinute));

    private readonly Lazy<PartitionedRateLimiter<HttpContext>> webhooks = Each(
        context =>
            RateLimitPartition.GetConcurrencyLimiter(
                ClientAddress.Of(context, settings.Value.ClientAddressHeader),
                _ =>
                    new()
                    {
                        PermitLimit = settings.Value.WebhooksAtOnce,
                        QueueLimit = settings.Value.WebhooksWaiting,
                        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
                    }));

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<RateLimits>().AddRequestTimeouts();
        services
            .AddOptions<RequestTimeoutOptions>()
            .Configure<IOptions<LimitSettings>>(
                (options, settings) => options.AddPolicy(Time, settings.Value.RequestTime));
    }

    /// <summary>
    /// A middleware, behind routing and authentication: lets a request on, has it wait, or turns it away.
    /// </summary>
    public async Task Limit(HttpContext context, RequestDelegate next)
    {
        List<RateLimitLease> held = [];
        try
        {
            foreach (var limiter in Limiters(context))
            {
                // Kept until the request has ended: for webhooks it is the number at work that is limited.
                held.Add(await limiter.Value.AcquireAsync(context, 1, context.RequestAborted));
                if (held[^1] is { IsAcquired: false } refused)
                {
                    await TurnAway(context, refused);
                    return;
                }
            }

            await next(context);
        }
        finally
        {
            foreach (var lease in held)
                lease.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var limiter in (Lazy<PartitionedRateLimiter<HttpContext>>[])[pages, answers, webhooks])
            if (limiter.IsValueCreated)
                limiter.Value.Dispose();
    }

    private IEnumerable<Lazy<PartitionedRateLimiter<HttpContext>>> Limiters(HttpContext context)
    {
        var policy = PolicyOf(context);
        if (policy == Webhooks)
        {
            yield return webhooks;
            yield break;
        }

        // People of the desk are known by name, and may share their address with a stranger who asks too often.
        if (context.User.Identity is not { IsAuthenticated: true })
            yield return pages;
        if (policy == Answers)
            yield return answers;
    }

    private static string? PolicyOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName;

    private static Lazy<PartitionedRateLimiter<HttpContext>> Each(
        Func<HttpContext, RateLimitPartition<string>> partition) =>
        new(() => PartitionedRateLimiter.Create(partition));

    private static RateLimitPartition<string> PerMinute(string of, int most) =>
        RateLimitPartition.GetFixedWindowLimiter(of, _ => new() { PermitLimit = most, Window = Minute });

    private static Task TurnAway(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : WhenCrowded;
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))
            .ToString(CultureInfo.InvariantCulture);
        return PolicyOf(context) == Webhooks
            ? Results
                .Text(
                    "Too many deliveries came at once. Send this one again.",
                    // Not 429: SendGrid drops mail that is answered with 4xx, and tries again after 5xx.
                    statusCode: StatusCodes.Status503ServiceUnavailable)
                .ExecuteAsync(context)
            : Pages
                .Show<SixLanguagesPage, SixLanguages>(
                    HttpMethods.IsPost(context.Request.Method) ? TooManyRequests.ForPress : TooManyRequests.Here,
                    StatusCodes.Status429TooManyRequests)
                .ExecuteAsync(context);
    }
}
