using Distribution.Common;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Distribution.Functions;

/// <summary>Exports counts and logs; which host and function they come from is told by the worker.</summary>
internal static class Monitoring
{
    public static IServiceCollection AddMonitoring(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .AddExports(configuration, configuration[$"{ResourceNames.Storage}:clientId"]);
        return services;
    }
}
