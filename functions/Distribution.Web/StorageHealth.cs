using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Distribution.Web;

/// <summary>Healthy while the storage account answers.</summary>
internal sealed class StorageHealth(Distributions distributions) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await distributions.Find("health", cancellationToken);
        return HealthCheckResult.Healthy();
    }
}

internal static class HealthEndpoint
{
    // Open to everyone on purpose: whoever watches the service has no account, and the answer says nothing else.
    public static void MapHealth(this IEndpointRouteBuilder endpoints) => endpoints
        .MapHealthChecks("/health", new HealthCheckOptions
        {
            ResponseWriter = (context, report) => context.Response.WriteAsync(
                report.Status == HealthStatus.Healthy ? "ok" : "The storage account cannot be reached.", context.RequestAborted),
        })
        .AllowAnonymous()
        .WithRequestTimeout(Limits.Time);
}
