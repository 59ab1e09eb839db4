using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Distribution.Web.Health;

internal static class HealthEndpoint
{
    private static readonly Dictionary<string, string> Sentences = new()
    {
        [StorageHealth.Part] = "The storage account cannot be reached.",
        [MailHealth.Part] = "No mail can be sent: its server does not answer, or refuses.",
        [TypesettingHealth.Part] = "No letter can be typeset.",
    };

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<StorageHealth>(StorageHealth.Part)
            .AddCheck<MailHealth>(MailHealth.Part)
            .AddCheck<TypesettingHealth>(TypesettingHealth.Part);
        // Singletons, because each caches its last result.
        return services.AddSingleton<StorageHealth>().AddSingleton<MailHealth>().AddSingleton<TypesettingHealth>();
    }

    // Open to everyone on purpose: a monitoring service has no account here. The answer says only which part fails; the
    // log says why.
    public static void MapHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints
            .MapHealthChecks(
                "/health",
                new HealthCheckOptions
                {
                    ResponseWriter = (context, report) =>
                        context.Response.WriteAsync(
                            report.Status == HealthStatus.Healthy
                                ? "ok"
                                : string.Join(
                                    '\n',
                                    report
                                        .Entries.Where(part => part.Value.Status != HealthStatus.Healthy)
                                        .Select(part => Sentences[part.Key])),
                            context.RequestAborted),
                })
            .AllowAnonymous()
            .WithRequestTimeout(RateLimits.Time);
}
