using Microsoft.Extensions.DependencyInjection;

namespace Distribution.Register;

/// <summary>Registers the services of this room with the service container.</summary>
internal static class RegisterServices
{
    public static IServiceCollection AddRegister(this IServiceCollection services) => services
        .AddSingleton<RegisterContainer>()
        .AddSingleton<RegisterHistory>();
}
