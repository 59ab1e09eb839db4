using Microsoft.Extensions.DependencyInjection;

namespace Distribution.Register;

/// <summary>What this room gives to the service container.</summary>
internal static class RegisterServices
{
    public static IServiceCollection AddRegister(this IServiceCollection services) => services
        .AddSingleton<RegisterContainer>();
}
