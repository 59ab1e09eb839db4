using Distribution.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Distribution.Local;

/// <summary>The settings that every command of this program reads in the same way.</summary>
internal static class LocalSettings
{
    /// <summary>What a host of the workflow reads: <c>appsettings.json</c> and environment variables.</summary>
    public static IConfiguration Read() => WebApplication.CreateBuilder(Host).Configuration;

    public static WebApplicationOptions Host => new() { ContentRootPath = AppContext.BaseDirectory };

    /// <summary>Used where nothing else is set: addresses that are reserved for examples.</summary>
    public static IReadOnlyDictionary<string, string?> Defaults { get; } = new Dictionary<string, string?>
    {
        ["Mail:From"] = "Secretariat <letters@secretariat.example>",
        ["Mail:ReturnPath"] = "bounces@secretariat.example",
        ["Inbound:ReplyAddress"] = "replies@secretariat.example",
    };

    /// <summary>Finds every wrong setting before anything else is done.</summary>
    /// <exception cref="LocalFaultException">A setting is wrong; the message names each.</exception>
    public static IMailTransport Settled(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return services.GetRequiredService<IMailTransport>();
        }
        catch (OptionsValidationException invalid)
        {
            throw Unset([invalid], invalid);
        }
        catch (AggregateException several)
            when (several.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            throw Unset(several.InnerExceptions.Cast<OptionsValidationException>(), several);
        }

        static LocalFaultException Unset(IEnumerable<OptionsValidationException> invalid, Exception cause) => new(
            string.Join(Environment.NewLine, invalid.SelectMany(settings => settings.Failures)),
            "Settings are given as environment variables, with __ for the colon.", cause);
    }
}
