using System.Text.Encodings.Web;
using System.Text.Unicode;
using Distribution.Hosting;
using Distribution.Storage;
using Distribution.Web.Desk;
using Distribution.Web.Health;
using Distribution.Web.Missions;
using Distribution.Web.Webhooks;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Distribution.Web;

/// <summary>
/// Every page and endpoint, the same under every host. The host adds the authentication scheme that knows who is signed
/// in.
/// </summary>
public static class WebSetup
{
    /// <summary>Adds the services that the pages need in addition to the workflow, which is added before.</summary>
    public static IServiceCollection AddDistributionWeb(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(UnresolvedSecrets)))
            return services;
        services.AddRouting();
        services.AddRazorComponents();
        // Letters of every script as they are, and not as numbers of six signs and more: pages are in UTF-8, and what
        // means something in HTML is encoded as before.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddMemoryCache();
        services.AddAuthentication();
        Roles.Add(services);
        ReaderLanguage.Add(services);
        services.AddHttpContextAccessor().AddAntiforgery();
        services.AddOptions<AntiforgeryOptions>()
            .Configure<IHttpContextAccessor>((options, accessor) => options.Cookie = new FormCookie(accessor));
        services.AddDataProtection().SetApplicationName("Distribution");
        services.AddOptions<KeyManagementOptions>()
            .Configure<StorageAccount>((options, account) => options.XmlRepository = new ProtectionKeys(account));
        services.AddHealth();
        // Below warnings the framework logs the address of every request, and whoever reads a mission's link could use
        // it.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning));
        RateLimits.Add(services);
        services.AddCompressedPages();
        return services
            .AddSingleton<FrozenLetters>()
            .AddSingleton<FirstPages>()
            .AddSingleton<LetterComparisons>()
            .AddSingleton<ActRecorder>()
            .AddSingleton<IAuthorizationMiddlewareResultHandler>(provider => provider.GetRequiredService<ActRecorder>())
            .AddSingleton<FrontReader>()
            .AddSingleton<FolderReader>()
            .AddSingleton<StatusReader>()
            .AddSingleton<MissionLetterReader>()
            .AddSingleton<SignedOffFiles>()
            .AddSingleton<LetterPlacing>()
            .AddSingleton<LetterSaving>()
            .AddSingleton<UploadSaving>()
            .AddSingleton<RepliesReader>()
            .AddSingleton<MissionPages>()
            .AddSingleton<ProposalsReader>()
            .AddSingleton<InboundParse>()
            .AddSingleton<OpenLinks>()
            .AddSingleton<FormSeals>()
            .AddSingleton<MissionDocuments>()
            .AddSingleton<MissionForwarding>()
            .AddSingleton<ProposalHandler>()
            .AddSingleton<MailboxConfirmation>()
            .AddSingleton<MissionLinkHandler>()
            .AddSingleton<VerificationLookup>()
            .AddSingleton<SendGridSignatures>()
            .AddSingleton<TurnedAwayLog>();
    }

    /// <summary>The whole pipeline. Nothing needs to come before or after it.</summary>
    public static IApplicationBuilder UseDistributionWeb(this IApplicationBuilder app)
    {
        app.UseForwardedHeaders(FormCookie.Scheme).UseMiddleware<SecurityHeaders>().UseRequestLocalization();
        if (app.ApplicationServices.GetService<UnresolvedSecrets>() is not { } unresolved)
            return app.UsePages();
        app.Run(context => SuspendedPages.Write(context, unresolved));
        return app;
    }

    private static IApplicationBuilder UsePages(this IApplicationBuilder app) =>
        app
            .UseCompressedPages()
            // A dependency injection scope of its own: the failed page may have left the request's scope in a broken
            // state.
            .UseExceptionHandler(
                new ExceptionHandlerOptions { ExceptionHandler = FailurePages.Write, CreateScopeForErrors = true })
            .UseStatusCodePages(context => FailurePages.WriteStatus(context.HttpContext))
            .UseRouting()
            .UseMiddleware<BodyLimits>()
            .UseAuthentication()
            .Use((http, next) => http.RequestServices.GetRequiredService<RateLimits>().Limit(http, next))
            // Only after the rate limiter: a webhook that waits there for its turn must not be cancelled. A cancelled
            // one is answered as if it had been accepted, and the provider would not retry it.
            .UseRequestTimeouts()
            .UseAuthorization()
            .UseAntiforgery()
            // First: what another site sends in a person's name is no act of theirs.
            .Use(DeskForms.OnlyFromOurPages)
            .Use((http, next) => http.RequestServices.GetRequiredService<ActRecorder>().Record(http, next))
            .UseEndpoints(endpoints =>
            {
                endpoints.MapDesk();
                endpoints.MapReports();
                endpoints.MapBriefings();
                endpoints.MapMissionPages();
                endpoints.MapMissions();
                endpoints.MapMissionDocuments();
                endpoints.MapMissionForwarding();
                endpoints.MapProposals();
                endpoints.MapWebhooks();
                endpoints.MapAssets();
                endpoints.MapHealth();
            });
}
