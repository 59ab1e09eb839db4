using System.Text.Encodings.Web;
using Distribution.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Functions;

/// <summary>
/// Trusts the platform about who is signed in, and only while the platform says that its authentication is on.
/// </summary>
internal sealed class AppServiceAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "AppService";

    private static string? PlatformSwitch => Environment.GetEnvironmentVariable(AppServicePrincipal.Switch);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(
            AppServicePrincipal.Read(PlatformSwitch, Request.Headers[AppServicePrincipal.Header]) is { } principal
                ? AuthenticateResult.Success(new AuthenticationTicket(principal, Name))
                // No result and no failure: open pages are for people who are not signed in, too.
                : AuthenticateResult.NoResult());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        // Only a GET is redirected to sign in: the browser comes back with a GET, which would lose what a form sent.
        if (!AppServicePrincipal.IsOn(PlatformSwitch) || !HttpMethods.IsGet(Request.Method))
            return base.HandleChallengeAsync(properties);
        Response.Redirect(AppServicePrincipal.SignIn(Request.PathBase + Request.Path + Request.QueryString));
        return Task.CompletedTask;
    }
}
