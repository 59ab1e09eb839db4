using Distribution.Intake;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Distribution.Sending;

/// <summary>Registers the services of this folder.</summary>
internal static class SendingServices
{
    public static IServiceCollection AddSending(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DispatchSettings>().Bind(configuration.GetSection("Dispatch")).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<DispatchSettings>, DispatchSettingsValidation>()
            .AddSingleton<ISendingPlan, SendingPlan>()
            .AddSingleton<SendingJournals>()
            .AddSingleton<SendingProgresses>()
            .AddSingleton<MissionEntries>()
            .AddSingleton<EntryStates>()
            .AddSingleton<IFreezeStep>(provider => provider.GetRequiredService<MissionEntries>())
            .AddSingleton<LogSegments>()
            .AddSingleton<IActLog>(provider => provider.GetRequiredService<LogSegments>())
            .AddSingleton<BatchQueue>()
            .AddSingleton<MessageIds>()
            .AddSingleton<PreparedLettersCache>()
            .AddSingleton<LetterWriter>()
            .AddSingleton<UnknownOutcomePolicy>()
            .AddSingleton<SharedLimits>()
            .AddSingleton<SendRateLimiter>()
            .AddSingleton<ConnectionShare>()
            .AddSingleton<LetterSender>()
            .AddSingleton<BatchSender>()
            .AddSingleton<BatchesInHand>()
            .AddSingleton<IHostedService>(provider => provider.GetRequiredService<BatchesInHand>())
            .AddSingleton<BatchHandler>()
            .AddSingleton<DeadLetterHandler>()
            .AddSingleton<ProofReaders>()
            .AddSingleton<ProofSender>()
            .AddSingleton<Stops>()
            .AddSingleton<Holds>()
            .AddSingleton<LetterQueue>()
            .AddSingleton<Releases>();
    }
}
