using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Distribution.Storage;

/// <summary>Registers the services of this room with the service container.</summary>
internal static class StorageServices
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration) =>
        services
            .AddSingleton(_ => StorageAccount.From(configuration))
            .AddSingleton<Notices>()
            .AddSingleton<WorkQueues>();
}
