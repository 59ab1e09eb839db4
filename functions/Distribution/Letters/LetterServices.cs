using Distribution.Letters.Settings;
using Distribution.Letters.Slips;
using Distribution.Letters.Typesetting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Distribution.Letters;

/// <summary>Registers the services of this room with the service container.</summary>
internal static class LetterServices
{
    public static IServiceCollection AddLetters(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LinkSettings>().Bind(configuration.GetSection("Links")).ValidateOnStart();
        services.AddOptions<TypesettingSettings>().Bind(configuration.GetSection("Typesetting")).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<LinkSettings>, LinkKeys>()
            .AddSingleton<IValidateOptions<TypesettingSettings>, TypesettingSettingsValidation>()
            .AddSingleton<IPreflightCheck, LetterPreflight>()
            .AddSingleton<IPreflightCheck, SlipCheck>()
            .AddSingleton<IPreflightCheck, HolidayCheck>()
            .AddSingleton<DeskSettings>()
            .AddSingleton<SettingImages>()
            .AddSingleton<SettingCheck>()
            .AddSingleton<DeskHolidays>()
            .AddSingleton<WordConfirmations>()
            .AddSingleton<Templates>()
            .AddSingleton<Typesetter>()
            .AddSingleton<LetterTypesetter>()
            .AddSingleton<MissionLinks>()
            .AddSingleton<VerificationReferences>();
    }
}
