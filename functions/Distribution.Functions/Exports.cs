using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Distribution.Sending;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;

namespace Distribution.Functions;

/// <summary>
/// Settings under <c>Monitoring</c>. They are the app's own on purpose: whatever the Functions host finds under its
/// names (<c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>, <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>) it sends the address of
/// every request to, and whoever reads a mission's link can acknowledge for that mission.
/// </summary>
internal sealed class MonitoringSettings
{
    /// <summary>The connection string of Application Insights; empty for none.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// The address of an OpenTelemetry collector (OTLP over gRPC), such as <c>http://collector:4317</c>; empty for
    /// none.
    /// </summary>
    public string Collector { get; set; } = "";
}

/// <summary>
/// Exports what the app itself counts and logs, each only where it is configured. No traces: a trace is made of
/// requests and their addresses, and would hold little but the polling of queues.
/// </summary>
internal static class Exports
{
    /// <param name="identity">The client id of the identity that may send; null where none is needed.</param>
    public static IOpenTelemetryBuilder AddExports(
        this IOpenTelemetryBuilder telemetry,
        IConfiguration configuration,
        string? identity)
    {
        var settings = configuration.GetSection("Monitoring").Get<MonitoringSettings>() ?? new();
        telemetry
            .WithMetrics(metrics => metrics.AddMeter(Telemetry.Name))
            .WithLogging(
                null,
                logging =>
                {
                    logging.IncludeFormattedMessage = true;
                    // Scopes hold the path of the request that is being answered, token included.
                    logging.IncludeScopes = false;
                });
        if (settings.ConnectionString.Length > 0)
            telemetry
                .WithMetrics(metrics => metrics.AddAzureMonitorMetricExporter(Authenticated))
                .WithLogging(logging => logging.AddAzureMonitorLogExporter(Authenticated));
        if (settings.Collector.Length > 0)
            telemetry
                .WithMetrics(metrics => metrics.AddOtlpExporter(Collected))
                .WithLogging(logging => logging.AddOtlpExporter(Collected));
        return telemetry;

        void Authenticated(AzureMonitorExporterOptions exporter)
        {
            exporter.ConnectionString = settings.ConnectionString;
            // The workspace accepts only telemetry that is authenticated by an identity.
            if (identity is { Length: > 0 })
                exporter.Credential = new ManagedIdentityCredential(
                    ManagedIdentityId.FromUserAssignedClientId(identity));
        }

        void Collected(OtlpExporterOptions exporter) => exporter.Endpoint = new(settings.Collector);
    }
}
