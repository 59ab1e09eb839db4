using Distribution.Storage;
using Distribution.Web.Desk;
using Distribution.Web.Health;
using Distribution.Web.Missions;
using Distribution.Web.Webhooks;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Distribution.Web;

/// <summary>
/// Every page and endpoint, the same under every host. A host adds the authentication scheme that knows who is signed
/// in.
/// </summary>
public static class WebSetup
{
    /// <summary>Adds what the pages need beside the workflow itself.</summary>
    public static IServiceCollection AddDistributionWeb(this IServiceCollection services)
    {
        services.AddRouting();
        services.AddRazorComponents();
        services.AddMemoryCache();
        services.AddAuthentication();
        Roles.Add(services);
        services.AddAntiforgery(options => options.Cookie.Name = "distribution-form");
        services.AddDataProtection().SetApplicationName("Distribution");
        services.AddOptions<KeyManagementOptions>()
            .Configure<StorageAccount>((options, account) => options.XmlRepository = new ProtectionKeys(account));
        services.AddHealth();
        // At its lower levels the framework logs the address of every request, and a mission's link lets in whoever
        // reads it.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning));
        services.AddLimits();
        return services
            .AddSingleton<FrozenLetters>()
            .AddSingleton<ActRecorder>()
            .AddSingleton<IAuthorizationMiddlewareResultHandler>(provider => provider.GetRequiredService<ActRecorder>())
            .AddSingleton<DeskReader>()
            .AddSingleton<RepliesReader>()
            .AddSingleton<InboundParse>()
            .AddSingleton<FormSeals>()
            .AddSingleton<MissionLinkHandler>()
            .AddSingleton<VerificationLookup>()
            .AddSingleton<SendGridSignatures>();
    }

    /// <summary>The whole pipeline. Nothing needs to come before or after it.</summary>
    public static IApplicationBuilder UseDistributionWeb(this IApplicationBuilder app) =>
        app.UseMiddleware<SecurityHeaders>()
            // A scope of its own, since the page that failed may have left the request's in pieces.
            .UseExceptionHandler(
                new ExceptionHandlerOptions { ExceptionHandler = FailurePages.Write, CreateScopeForErrors = true })
            .UseStatusCodePages(context => FailurePages.WriteStatus(context.HttpContext))
            .UseRouting()
            .UseAuthentication()
            .UseRateLimiter()
            // Only from here on: a delivery that waits for its turn must not be cut short, for that would be answered
            // as if it had been taken.
            .UseRequestTimeouts()
            .UseAuthorization()
            .UseAntiforgery()
            .Use((http, next) => http.RequestServices.GetRequiredService<ActRecorder>().Record(http, next))
            .UseEndpoints(endpoints =>
            {
                endpoints.MapDesk();
                endpoints.MapReports();
                endpoints.MapMissions();
                endpoints.MapWebhooks();
                endpoints.MapAssets();
                endpoints.MapHealth();
            });
}
