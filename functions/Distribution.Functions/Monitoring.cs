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
/// Exports metrics, traces and logs to Azure Monitor and to an OpenTelemetry collector (OTLP), each only where it is
/// configured.
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
                // The workspace accepts only telemetry that is authenticated by an identity.
                if (configuration[$"{ResourceNames.Storage}:clientId"] is { Length: > 0 } identity)
                    exporter.Credential = new ManagedIdentityCredential(
                        ManagedIdentityId.FromUserAssignedClientId(identity));
            });
        if (configuration[Collector] is { Length: > 0 })
            telemetry.UseOtlpExporter();
        return services;
    }
}
