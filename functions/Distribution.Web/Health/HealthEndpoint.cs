using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Distribution.Web.Health;

/// <summary><c>/health</c>: 200 with <c>ok</c>, or 503 with a sentence for each part that does not work.</summary>
internal static class HealthEndpoint
{
    private static readonly Dictionary<string, string> Sentences = new()
    {
        [StorageHealth.Part] = "The storage account cannot be reached.",
        [MailHealth.Part] = "No mail can be sent: its server does not answer, or refuses.",
        [TypesettingHealth.Part] = "No letter can be typeset.",
        [TimerHealth.Part] = "The timer, or one of its jobs, has not done its work for some minutes.",
    };

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<StorageHealth>(StorageHealth.Part)
            .AddCheck<MailHealth>(MailHealth.Part)
            .AddCheck<TypesettingHealth>(TypesettingHealth.Part)
            .AddCheck<TimerHealth>(TimerHealth.Part);
        // Singletons, because each caches its last result.
        return services
            .AddSingleton<StorageHealth>()
            .AddSingleton<MailHealth>()
            .AddSingleton<TypesettingHealth>()
            .AddSingleton<TimerHealth>();
    }

    // Open to everyone on purpose: a monitoring service has no account here. To a stranger the answer says only which
    // part fails; people of the desk are told of each job of the timer as well, and the log says why.
    public static void MapHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapHealthChecks(
                "/health",
                new HealthCheckOptions
                {
                    ResponseWriter = (context, report) =>
                        context.Response.WriteAsync(
                            string.Join('\n', Lines(report, Roles.May(context.User, Roles.Read))),
                            context.RequestAborted),
                })
            .AllowAnonymous()
            // Open to everyone, so it has a time limit like every other open endpoint.
            .WithRequestTimeout(RateLimits.Time);

    private static IEnumerable<string> Lines(HealthReport report, bool isOfTheDesk) =>
    [
        .. report.Status == HealthStatus.Healthy
            ? ["ok"]
            : report
                .Entries.Where(part => part.Value.Status != HealthStatus.Healthy)
                .Select(part => Sentences[part.Key]),
        .. isOfTheDesk
            ? report.Entries.Values.Select(part => part.Description).OfType<string>().Select(words => $"\n{words}")
            : [],
    ];
}
