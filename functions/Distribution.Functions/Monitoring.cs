using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Distribution.Common;
using Distribution.Sending;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace Distribution.Functions;

/// <summary>
/// Where counts, traces and logs go: to Azure Monitor and to whatever takes OpenTelemetry's own protocol, each only
/// where it is set.
/// </summary>
internal static class Monitoring
{
    private const string AzureMonitor = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static IServiceCollection AddMonitoring(this IServiceCollection services, IConfiguration configuration)
    {
        var telemetry = services
            .AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithMetrics(metrics => metrics.AddMeter(Telemetry.Name));
        if (configuration[AzureMonitor] is { Length: > 0 })
            telemetry.UseAzureMonitorExporter(exporter =>
            {
                // The workspace takes nothing that is not signed by an identity.
                if (configuration[$"{ResourceNames.Storage}:clientId"] is { Length: > 0 } identity)
                    exporter.Credential = new ManagedIdentityCredential(
                        ManagedIdentityId.FromUserAssignedClientId(identity));
            });
        if (configuration[Collector] is { Length: > 0 })
            telemetry.UseOtlpExporter();
        return services;
    }
}
