using Distribution.Intake.Malware;
using Distribution.Intake.Unfinished;
using Distribution.Letters;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Distribution.Intake;

/// <summary>Registers the services of this folder.</summary>
internal static class IntakeServices
{
    public static IServiceCollection AddIntake(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IntakeSettings>().Bind(configuration.GetSection("Intake")).ValidateOnStart();
        services
            .AddOptions<ReleaseSettings>()
            .Bind(configuration.GetSection("Release"))
            .Validate(
                settings => settings.People is 1 or 2,
                "The setting Release:People must be 1 or 2: how many different people a release needs.")
            .Validate(
                settings => settings.UndoFor >= TimeSpan.Zero && settings.UndoFor <= ReleaseSettings.LongestUndo,
                "The setting Release:UndoFor must be from 00:00:00, for no time to undo a release, to 00:10:00.")
            .Validate(
                settings => ReleaseSettings.Read(settings.ProofDomains).All(domain => domain is not null),
                "The setting Release:ProofDomains must be domains with commas between, such as secretariat.example, or empty for the domain of Mail:From.")
            .Validate(
                settings => !settings.AllowAutomatic || settings.People == 1,
                "The setting Release:AllowAutomatic lets letters leave that nobody has released, and Release:People asks for two people. "
                    + "Set Release:AllowAutomatic to false, or Release:People to 1.")
            .ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<IntakeSettings>, IntakeSettingsValidation>()
            .AddStores()
            .AddSingleton<IPreflightCheck, EnclosureCheck>()
            .AddSingleton<IPreflightCheck, DraftLabelCheck>()
            .AddSingleton<IPreflightCheck, ReleaseCheck>()
            .AddSingleton(provider => ScannerRoute.Create(
                provider.GetRequiredService<IOptions<IntakeSettings>>().Value,
                provider.GetRequiredService<Drafts>,
                provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<MalwareCheck>()
            .AddSingleton<RegisterNotices>()
            .AddSingleton<RegisterInUse>()
            .AddSingleton<EarlierLetters>()
            .AddSingleton<ExaminationProgress>()
            .AddSingleton<ExaminationInputs>()
            .AddSingleton<ReleaseHash>()
            .AddSingleton<ExaminationTurns>()
            .AddSingleton<LetterCheck>()
            .AddSingleton<VersionReplacement>()
            .AddSingleton<SentAlready>()
            .AddSingleton<DistributionFreezer>()
            .AddSingleton<ExaminationRecorder>()
            .AddSingleton<LetterPreparation>()
            .AddSingleton<Examination>()
            .AddSingleton<ReleaseReviews>()
            .AddSingleton<Discards>()
            .AddSingleton<LetterBeginnings>()
            .AddSingleton<UnfinishedLetterCheck>()
            .AddSingleton<LetterPreviews>()
            .AddSingleton<UnfinishedRetention>()
            .AddSingleton<AddressBook>();
    }

    private static IServiceCollection AddStores(this IServiceCollection services) => services
        .AddSingleton<Drafts>()
        .AddSingleton<StagedFiles>()
        .AddSingleton<UnfinishedLetters>()
        .AddSingleton<Uploads>()
        .AddSingleton<UploadReports>()
        .AddSingleton<ExaminationClaims>()
        .AddSingleton<Preparations>()
        .AddSingleton<DeskUploads>()
        .AddSingleton<DistributionRecords>()
        .AddSingleton<FrozenContents>()
        .AddSingleton<FrozenRosters>();
}
