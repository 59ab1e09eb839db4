using Distribution.Storage;
using Microsoft.Extensions.Configuration;

namespace Distribution.Hosting;

/// <summary>
/// Tells the secretariat where the Functions host is given an exporter: it then sends the whole address of every
/// request, the links that let missions in included, to whoever reads the monitoring.
/// </summary>
internal sealed class HostTelemetry(IConfiguration configuration, Notices notices, TimeProvider clock)
{
    /// <summary>The names under which the host looks for an exporter.</summary>
    public static readonly string[] Names =
    [
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "APPINSIGHTS_INSTRUMENTATIONKEY",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    ];

    /// <summary>Set on Azure and nowhere else: on one machine no host stands between.</summary>
    private const string OnAzure = "WEBSITE_SITE_NAME";

    /// <summary>
    /// Leaves one notice for each setting that gives the host an exporter. Does nothing elsewhere than on Azure.
    /// </summary>
    public async Task Tell(CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(configuration[OnAzure]))
            return;
        foreach (var name in Names.Where(name => !string.IsNullOrWhiteSpace(configuration[name])))
            await notices.Add(
                new(
                    // One id for each setting: every start says it anew, and the notice stands once.
                    $"host-telemetry-{name}",
                    clock.GetUtcNow(),
                    null,
                    $"The app setting {name} makes the platform keep the address of every request, missions' links included: whoever reads the monitoring can acknowledge for them. Have it removed; what the service itself counts and logs goes where Monitoring:ConnectionString or Monitoring:Collector says."),
                cancellation);
    }
}
