using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tracking.Archive;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.Log;
using Distribution.Tracking.NoticeMails;
using Distribution.Tracking.Proposals;
using Distribution.Tracking.Receipts;
using Distribution.Tracking.Reports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Distribution.Tracking;

/// <summary>Registers the services of this room.</summary>
internal static class TrackingServices
{
    public static IServiceCollection AddTracking(this IServiceCollection services, IConfiguration configuration)
    {
        services
            .AddOptions<ReminderSettings>()
            .Bind(configuration.GetSection("Reminders"))
            .Validate(
                settings => settings.LateBy >= TimeSpan.Zero,
                "The setting Reminders:LateBy must be 00:00:00 or longer.")
            .ValidateOnStart();
        services.AddOptions<ReceiptSettings>().Bind(configuration.GetSection("Receipts"));
        services.AddOptions<RetentionSettings>().Bind(configuration.GetSection("Retention"))
            .Validate(
                settings => settings.EraseAfter == TimeSpan.Zero || settings.EraseAfter >= TimeSpan.FromDays(30),
                "The setting Retention:EraseAfter must be 30.00:00:00 (thirty days) or longer, or 00:00:00 for never.")
            .ValidateOnStart();
        return services
            .AddEvidence()
            .AddInbound()
            .AddFollowUps()
            .AddLog()
            .AddReports()
            .AddProposals()
            .AddNoticeMails();
    }

    private static IServiceCollection AddEvidence(this IServiceCollection services) => services
        .AddSingleton<Verifications>()
        .AddSingleton<IFreezeStep>(provider => provider.GetRequiredService<Verifications>())
        .AddSingleton<Acknowledgements>()
        .AddSingleton<RecordedAcknowledgements>()
        .AddSingleton<MailHandOver>()
        .AddSingleton<ReceiptsDue>()
        .AddSingleton<ReceiptMailer>()
        .AddSingleton<LetterStandings>()
        .AddSingleton<OwnDomains>()
        .AddSingleton<Forwards>()
        .AddSingleton<ForwardMailer>()
        .AddSingleton<Visits>()
        .AddSingleton<VisitCounter>()
        .AddSingleton<DeskActs>()
        .AddSingleton<DeliveryEvidence>()
        .AddSingleton<RecentLetters>()
        .AddSingleton<SendGridEventHandler>()
        .AddSingleton<ReachReader>()
        .AddSingleton<MailboxTroubles>()
        .AddSingleton<MissionNotes>()
        .AddSingleton<TestMessages>()
        .AddSingleton<ReturnedMails>()
        .AddSingleton<MissionHistory>();

    private static IServiceCollection AddInbound(this IServiceCollection services) => services
        .AddSingleton<IValidateOptions<InboundSettings>, InboundSettingsValidation>()
        .AddSingleton<InboundFiles>()
        .AddSingleton<Replies>()
        .AddSingleton<LetterFinder>()
        .AddSingleton<ReplyMatching>()
        .AddSingleton<ReplyFiling>()
        .AddSingleton<ReplyScan>()
        .AddSingleton<InboundNotices>()
        .AddSingleton<InboundMailHandler>()
        .AddSingleton<InboundUploads>()
        .AddSingleton<ReturnMailbox>();

    private static IServiceCollection AddFollowUps(this IServiceCollection services) => services
        .AddSingleton<ISendGuard, FollowUpSendGuard>()
        .AddSingleton<Addenda>()
        .AddSingleton<Resends>()
        .AddSingleton<ReminderSender>();

    private static IServiceCollection AddLog(this IServiceCollection services) => services
        .AddSingleton<LogChains>()
        .AddSingleton<NamesBesideLog>()
        .AddSingleton<LogSealer>()
        .AddSingleton<LogKeeper>()
        .AddSingleton<LogExport>()
        .AddSingleton<DistributionAudit>()
        .AddSingleton<RebuiltRecords>()
        .AddSingleton(provider => new Lazy<LetterWriter>(provider.GetRequiredService<LetterWriter>))
        .AddSingleton<DistributionRebuild>();

    private static IServiceCollection AddProposals(this IServiceCollection services) => services
        .AddSingleton<MissionProposals>()
        .AddSingleton<ProposalDecisions>()
        .AddSingleton<ProposalMailer>();

    private static IServiceCollection AddNoticeMails(this IServiceCollection services) => services
        .AddSingleton<PendingMatters>()
        .AddSingleton<ToldMatters>()
        .AddSingleton<NoticeMailer>();

    private static IServiceCollection AddReports(this IServiceCollection services) => services
        .AddSingleton<ReportReader>()
        .AddSingleton<BriefingReader>()
        .AddSingleton<ListTypesetter>()
        .AddSingleton<DistributionArchive>()
        .AddSingleton<Continuation>()
        .AddSingleton<BringBack>()
        .AddSingleton<Erasures>()
        .AddSingleton<Eraser>()
        .AddSingleton<RetentionPolicy>();
}
