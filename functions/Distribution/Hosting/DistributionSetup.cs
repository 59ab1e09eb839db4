using Distribution.Common;
using Distribution.Hosting.Jobs;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Distribution.Hosting;

/// <summary>Registers all services of the workflow for a host.</summary>
public static class DistributionSetup
{
    /// <summary>
    /// Registers the whole workflow. Settings are validated when the host starts; the error names the wrong setting.
    /// Where secrets could not be read, registers a workflow that does nothing: see <see cref="UnresolvedSecrets"/>.
    /// </summary>
    public static IServiceCollection AddDistribution(this IServiceCollection services, IConfiguration configuration)
    {
        if (UnresolvedSecrets.In(configuration) is { } unresolved)
            return services.AddSingleton(unresolved).AddSingleton<IWorkflow, SuspendedWorkflow>();
        // For the whole process, before anything is read: by itself .NET knows ASCII, Latin-1 and UTF alone.
        Charsets.Register();
        services.AddOptions<SiteSettings>().Bind(configuration).ValidateOnStart();
        services.AddOptions<LimitSettings>().Bind(configuration.GetSection("Limits")).ValidateOnStart();
        // Only where there is none: a test registers its own before.
        services.TryAddSingleton(TimeProvider.System);

        // Intake before Letters and Mail: findings are reported in the order in which their checks are registered, and
        // those about the uploaded files must come first.
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
            .AddSingleton(provider => new HostTelemetry(
                configuration,
                provider.GetRequiredService<Notices>(),
                provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<DraftUploads>()
            .AddTimer()
            .AddSingleton<IWorkflow, Workflow>();
    }

    /// <summary>
    /// The jobs in the order in which they start: mail first, because others wait for what it has heard.
    /// </summary>
    private static IServiceCollection AddTimer(this IServiceCollection services) =>
        services
            .AddSingleton<InboundMailJob>()
            // The same instance: other jobs ask the one that the timer runs until when mail was heard.
            .AddSingleton<ITimerJob>(provider => provider.GetRequiredService<InboundMailJob>())
            .AddSingleton<ITimerJob, ScheduleJob>()
            .AddSingleton<ITimerJob, RecoveryJob>()
            .AddSingleton<ITimerJob, ExaminationJob>()
            .AddSingleton<ITimerJob, SealingJob>()
            .AddSingleton<ITimerJob, ErasureJob>()
            .AddSingleton<ITimerJob, NoticeMailJob>()
            .AddSingleton<ITimerJob, ReceiptMailJob>()
            .AddSingleton<ITimerJob, ForwardMailJob>()
            .AddSingleton<ITimerJob, ProposalJob>()
            .AddSingleton<ITimerJob, StagingJob>()
            .AddSingleton<JobStates>()
            .AddSingleton<JobFailures>()
            .AddSingleton<Reconciler>();
}
