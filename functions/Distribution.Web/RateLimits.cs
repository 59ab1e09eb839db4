using System.Globalization;
using System.Threading.RateLimiting;
using Distribution.Common;
using Microsoft.AspNetCore.Builder;
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
internal static class RateLimits
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

    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddRateLimiter(_ => { }).AddRequestTimeouts();
        services
            .AddOptions<RateLimiterOptions>()
            .Configure<IOptions<LimitSettings>>((options, settings) => Configure(options, settings.Value));
        services
            .AddOptions<RequestTimeoutOptions>()
            .Configure<IOptions<LimitSettings>>(
                (options, settings) => options.AddPolicy(Time, settings.Value.RequestTime));
        return services;
    }

    private static void Configure(RateLimiterOptions options, LimitSettings settings)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            context.User.Identity is { IsAuthenticated: true } || IsWebhook(context)
                ? RateLimitPartition.GetNoLimiter("")
                : PerMinute(ClientAddress.Of(context, settings.ClientAddressHeader), settings.PagesPerMinute));
        options.AddPolicy(
            Answers,
            context =>
                PerMinute(
                    $"{context.GetRouteValue("distribution")}/{context.GetRouteValue("mission")}/{context.GetRouteValue("token")}",
                    settings.AnswersPerMinute));
        options.AddPolicy(
            Webhooks,
            context =>
                RateLimitPartition.GetConcurrencyLimiter(
                    ClientAddress.Of(context, settings.ClientAddressHeader),
                    _ =>
                        new()
                        {
                            PermitLimit = settings.WebhooksAtOnce,
                            QueueLimit = settings.WebhooksWaiting,
                            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
                        })
        );
        options.OnRejected = (rejected, _) => new(Write(rejected.HttpContext, rejected.Lease));
    }

    private static RateLimitPartition<string> PerMinute(string of, int most) =>
        RateLimitPartition.GetFixedWindowLimiter(of, _ => new() { PermitLimit = most, Window = Minute });

    private static bool IsWebhook(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName == Webhooks;

    private static Task Write(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : WhenCrowded;
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))
            .ToString(CultureInfo.InvariantCulture);
        return IsWebhook(context)
            ? Results
                .Text(
                    "Too many deliveries came at once. Send this one again.",
                    statusCode: StatusCodes.Status503ServiceUnavailable)
                .ExecuteAsync(context)
            : Pages
                .Show<SixLanguagesPage, SixLanguages>(TooManyRequests.Here, StatusCodes.Status429TooManyRequests)
                .ExecuteAsync(context);
    }
}
