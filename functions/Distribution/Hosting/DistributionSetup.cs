using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Distribution.Hosting;

/// <summary>Puts the workflow together for a host.</summary>
public static class DistributionSetup
{
    /// <summary>
    /// Adds the whole workflow. Settings are checked when the host starts; a message names the setting at fault.
    /// </summary>
    public static IServiceCollection AddDistribution(this IServiceCollection services, IConfiguration configuration)
    {
        // Mail comes in the charsets of many decades; without this, which of them can be read depends on what was read
        // first.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        services.AddOptions<SiteSettings>().Bind(configuration).ValidateOnStart();
        services.AddOptions<LimitSettings>().Bind(configuration.GetSection("Limits")).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);

        // Intake before Letters and Mail: findings are reported in the order their checks are added, what concerns the
        // uploaded files first.
        return services
            .AddSingleton<IValidateOptions<SiteSettings>, SiteSettingsValidation>()
            .AddSingleton<IValidateOptions<LimitSettings>, LimitSettingsValidation>()
            .AddStorage(configuration)
            .AddRegister()
            .AddIntake(configuration)
            .AddLetters(configuration)
            .AddMail(configuration)
            .AddSending(configuration)
            .AddTracking(configuration)
            .AddSingleton<StorageSetup>()
            .AddSingleton<DraftUploads>()
            .AddSingleton<Reconciler>()
            .AddSingleton<IWorkflow, Workflow>();
    }
}
