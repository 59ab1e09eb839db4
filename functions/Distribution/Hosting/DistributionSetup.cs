using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Intake.Malware;
using Distribution.Letters;
using Distribution.Letters.Typesetting;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking;
using Distribution.Tracking.Archive;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.Log;
using Distribution.Tracking.Reports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Hosting;

/// <summary>Puts the workflow together for a host.</summary>
public static class DistributionSetup
{
    /// <summary>Adds the whole workflow. Settings are checked when the host starts; a message names the setting at fault.</summary>
    public static IServiceCollection AddDistribution(this IServiceCollection services, IConfiguration configuration)
    {
        // Mail comes in the charsets of many decades; without this, which of them can be read depends on what was read first.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        AddSettings(services, configuration);
        services.TryAddSingleton(TimeProvider.System);
        AddStorage(services, configuration);
        AddSteps(services);
        return services;
    }

    private static void AddSettings(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SiteSettings>().Bind(configuration).ValidateOnStart();
        services.AddOptions<MailSettings>().Bind(configuration.GetSection("Mail")).ValidateOnStart();
        services.AddOptions<ReleaseSettings>().Bind(configuration.GetSection("Release"))
            .Validate(settings => settings.People is 1 or 2, "The setting Release:People must be 1 or 2: how many different people a release needs.")
            .Validate(
                settings => !settings.AllowAutomatic || settings.People == 1,
                "The setting Release:AllowAutomatic lets letters leave that nobody has released, and Release:People asks for two people. Set Release:AllowAutomatic to false, or Release:People to 1.")
            .ValidateOnStart();
        services.AddOptions<IntakeSettings>().Bind(configuration.GetSection("Intake")).ValidateOnStart();
        services.AddOptions<DispatchSettings>().Bind(configuration.GetSection("Dispatch")).ValidateOnStart();
        services.AddOptions<TypesettingSettings>().Bind(configuration.GetSection("Typesetting")).ValidateOnStart();
        services.AddOptions<ReminderSettings>().Bind(configuration.GetSection("Reminders")).Validate(
            settings => settings.LateBy >= TimeSpan.Zero, "The setting Reminders:LateBy must be 00:00:00 or longer.").ValidateOnStart();
        services.AddOptions<RetentionSettings>().Bind(configuration.GetSection("Retention")).Validate(
            settings => settings.EraseAfter == TimeSpan.Zero || settings.EraseAfter >= TimeSpan.FromDays(30),
            "The setting Retention:EraseAfter must be 30.00:00:00 (thirty days) or longer, or 00:00:00 for never.").ValidateOnStart();
        services.AddOptions<InboundSettings>().Bind(configuration.GetSection("Inbound")).ValidateOnStart();
        services.AddOptions<LinkSettings>().Bind(configuration.GetSection("Links")).ValidateOnStart();
        services.AddOptions<LimitSettings>().Bind(configuration.GetSection("Limits")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SiteSettings>, SiteSettingsValidation>();
        services.AddSingleton<IValidateOptions<MailSettings>, MailSettingsValidation>();
        services.AddSingleton<IValidateOptions<LinkSettings>, LinkKeys>();
        services.AddSingleton<IValidateOptions<IntakeSettings>, IntakeSettingsValidation>();
        services.AddSingleton<IValidateOptions<TypesettingSettings>, TypesettingSettingsValidation>();
        services.AddSingleton<IValidateOptions<DispatchSettings>, DispatchSettingsValidation>();
        services.AddSingleton<IValidateOptions<InboundSettings>, InboundSettingsValidation>();
        services.AddSingleton<IValidateOptions<LimitSettings>, LimitSettingsValidation>();
    }

    private static void AddStorage(IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(_ => StorageAccount.From(configuration))
        .AddSingleton(provider => new StorageSetup(provider.GetRequiredService<StorageAccount>()))
        .AddSingleton<Drafts>()
        .AddSingleton<UploadReports>()
        .AddSingleton<RegisterContainer>()
        .AddSingleton<FrozenContents>()
        .AddSingleton<FrozenRosters>()
        .AddSingleton<Uploads>()
        .AddSingleton<DistributionRecords>()
        .AddSingleton<MissionEntries>()
        .AddSingleton<IFreezeStep>(provider => provider.GetRequiredService<MissionEntries>())
        .AddSingleton<LogSegments>()
        .AddSingleton<IActLog>(provider => provider.GetRequiredService<LogSegments>())
        .AddSingleton<LogChains>()
        .AddSingleton<Acknowledgements>()
        .AddSingleton<Visits>()
        .AddSingleton<Notices>()
        .AddSingleton<Verifications>()
        .AddSingleton<IFreezeStep>(provider => provider.GetRequiredService<Verifications>())
        .AddSingleton<InboundFiles>()
        .AddSingleton<Replies>()
        .AddSingleton<Erasures>()
        .AddSingleton<DeskActs>()
        .AddSingleton<DeskUploads>()
        .AddSingleton<BatchQueue>();

    private static void AddSteps(IServiceCollection services)
    {
        services
            .AddSingleton<RegisterInUse>()
            .AddSingleton<Templates>()
            .AddSingleton<IPreflightCheck, EnclosureCheck>()
            .AddSingleton<IPreflightCheck, DraftLabelCheck>()
            .AddSingleton<IPreflightCheck, ReleaseCheck>()
            .AddSingleton<IPreflightCheck, LetterPreflight>()
            .AddSingleton<IPreflightCheck>(provider => new MailPreflight(
                provider.GetRequiredService<IOptions<MailSettings>>().Value, provider.GetRequiredService<IOptions<SiteSettings>>().Value,
                provider.GetRequiredService<IMailTransport>()))
            .AddSingleton<IPreflightCheck, ReplyAddressCheck>()
            .AddSingleton(provider => MailTransports.Create(
                provider.GetRequiredService<IOptions<MailSettings>>().Value, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<Typesetter>()
            .AddSingleton<LetterTypesetter>()
            .AddSingleton<EarlierLetters>()
            .AddSingleton(provider => ScannerRoute.Create(
                provider.GetRequiredService<IOptions<IntakeSettings>>().Value, provider.GetRequiredService<Drafts>(), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<MalwareCheck>()
            .AddSingleton<ExaminationProgress>()
            .AddSingleton<ExaminationInputs>()
            .AddSingleton<Examination>()
            .AddSingleton<ReleaseReviews>()
            .AddSingleton<Discards>()
            .AddSingleton<Addenda>()
            .AddSingleton<MissionLinks>()
            .AddSingleton<MessageTokens>()
            .AddSingleton<MessageIds>()
            .AddSingleton<ReplyAddresses>()
            .AddSingleton<LegacyReplyAddresses>()
            .AddSingleton<ReturnPaths>()
            .AddSingleton<PreparedLettersCache>()
            .AddSingleton<LetterWriter>()
            .AddSingleton<UnknownOutcomePolicy>()
            .AddSingleton<SendRateLimiter>()
            .AddSingleton<ISendGuard, FollowUpSendGuard>()
            .AddSingleton<BatchSender>()
            .AddSingleton<ProofSender>()
            .AddSingleton<Releases>()
            .AddSingleton<Resends>()
            .AddSingleton<ReminderSender>()
            .AddSingleton<DeliveryEvidence>()
            .AddSingleton<RecordedAcknowledgements>()
            .AddSingleton<VisitCounter>()
            .AddSingleton<LogSealer>()
            .AddSingleton<LogKeeper>()
            .AddSingleton<LogExport>()
            .AddSingleton<ReachReader>()
            .AddSingleton<DistributionAudit>()
            .AddSingleton<ReportReader>()
            .AddSingleton<ListTypesetter>()
            .AddSingleton<DistributionArchive>()
            .AddSingleton<Eraser>()
            .AddSingleton<RetentionPolicy>()
            .AddSingleton<SendGridEventHandler>()
            .AddSingleton<LetterFinder>()
            .AddSingleton<ReplyMatching>()
            .AddSingleton<ReplyFiling>()
            .AddSingleton<ReplyScan>()
            .AddSingleton<InboundMailHandler>()
            .AddSingleton<ReturnMailbox>()
            .AddSingleton<DeadLetterHandler>();

        // The ways in are public and made here, since their constructors are not.
        services
            .AddSingleton(provider => new DraftUploads(
                provider.GetRequiredService<Drafts>(), provider.GetRequiredService<Uploads>(), provider.GetRequiredService<RegisterInUse>(),
                provider.GetRequiredService<Examination>(), provider.GetRequiredService<Releases>(), provider.GetRequiredService<ProofSender>(),
                provider.GetRequiredService<ExaminationProgress>(),
                provider.GetRequiredService<ILogger<DraftUploads>>()))
            .AddSingleton(provider => new BatchHandler(
                provider.GetRequiredService<DistributionRecords>(), provider.GetRequiredService<PreparedLettersCache>(), provider.GetRequiredService<BatchSender>(),
                provider.GetRequiredService<ProofSender>(), provider.GetRequiredService<Releases>(), provider.GetRequiredService<DeadLetterHandler>()))
            .AddSingleton(provider => new InboundUploads(
                provider.GetRequiredService<InboundFiles>(), provider.GetRequiredService<InboundMailHandler>(), provider.GetRequiredService<ILogger<InboundUploads>>()))
            .AddSingleton(provider => new Reconciler(
                provider.GetRequiredService<RegisterInUse>(), provider.GetRequiredService<DraftUploads>(), provider.GetRequiredService<InboundUploads>(),
                provider.GetRequiredService<ReturnMailbox>(), provider.GetRequiredService<DistributionRecords>(), provider.GetRequiredService<MissionEntries>(),
                provider.GetRequiredService<Releases>(), provider.GetRequiredService<ReminderSender>(), provider.GetRequiredService<ProofSender>(), provider.GetRequiredService<IMailTransport>(),
                provider.GetRequiredService<LogKeeper>(), provider.GetRequiredService<RetentionPolicy>(),
                provider.GetRequiredService<IOptions<DispatchSettings>>(), provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<Reconciler>>()));
    }
}
