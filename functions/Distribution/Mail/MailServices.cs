using Distribution.Common;
using Distribution.Letters;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Distribution.Mail;

/// <summary>Registers the services of this folder.</summary>
internal static class MailServices
{
    public static IServiceCollection AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MailSettings>().Bind(configuration.GetSection("Mail")).ValidateOnStart();
        services.AddOptions<InboundSettings>().Bind(configuration.GetSection("Inbound")).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<MailSettings>, MailSettingsValidation>()
            .AddSingleton(provider =>
                MailTransports.Create(
                    provider.GetRequiredService<IOptions<MailSettings>>().Value,
                    provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<IPreflightCheck>(provider => new MailPreflight(
                provider.GetRequiredService<IOptions<MailSettings>>().Value,
                provider.GetRequiredService<IOptions<SiteSettings>>().Value,
                provider.GetRequiredService<IMailTransport>()))
            .AddSingleton<IPreflightCheck, ReplyAddressCheck>()
            .AddSingleton<MessageTokens>()
            .AddSingleton<ReplyAddresses>()
            .AddSingleton<LegacyReplyAddresses>()
            .AddSingleton<ReturnPaths>();
    }
}
