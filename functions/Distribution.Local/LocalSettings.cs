using Distribution.Common;
using Distribution.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Distribution.Local;

/// <summary>The settings that every command of this program reads in the same way.</summary>
internal static class LocalSettings
{
    /// <summary>
    /// Without these, letters would leave that the service does not know as its own. Local has others for its own
    /// letters.
    /// </summary>
    private static readonly string[] Services = ["PublicUrl", "Links:Keys:0", "Mail:From", "Mail:ReturnPath"];

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

    /// <param name="settings">Those that were given, without Local's own.</param>
    /// <exception cref="LocalFaultException">A letter of the service could not leave in its name.</exception>
    public static void CheckService(IConfiguration settings)
    {
        var missing = Services.Where(name => string.IsNullOrEmpty(settings[name])).ToList();
        if (missing is not [])
            throw new LocalFaultException(
                $"Letters of the service leave in its name, and {EnglishText.Listed(missing)} {(missing.Count == 1 ? "is" : "are")} not set.",
                "Give the service's own settings as environment variables, with __ for the colon: PublicUrl, Links__Keys__0, Mail__From, Mail__ReturnPath, those of letters' signatures where it has them (Mail__DkimKey, Mail__DkimSelector), and the sign-in of the mail server.");
    }

    /// <summary>Finds every wrong setting before anything else is done.</summary>
    /// <exception cref="LocalFaultException">A setting is wrong; the message names each.</exception>
    public static IMailTransport Settled(IServiceProvider services)
    {
        try
        {
            // As a host does when it starts; a command that starts no host has to ask for it.
            services.GetRequiredService<IStartupValidator>().Validate();
            return services.GetRequiredService<IMailTransport>();
        }
        catch (OptionsValidationException invalid)
        {
            throw Unset([invalid], invalid);
        }
        // Several sections with faults come as one exception, which holds one of each.
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
