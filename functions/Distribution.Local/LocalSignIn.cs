using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Distribution.Common;
using Distribution.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Local;

/// <summary>
/// Signs in the person at this machine under their user name, and nobody who connects from elsewhere. The host name in
/// the request must be a loopback one too, so that a website that points its own name at this machine (DNS rebinding)
/// is not let in.
/// </summary>
internal sealed class LocalSignIn(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "ThisMachine";

    /// <summary>The name under which everyone who opens this machine's pages is signed in.</summary>
    public static string Person => $"{Environment.UserName} (this machine)";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(
            Context.Connection.RemoteIpAddress is { } peer
            && IPAddress.IsLoopback(peer)
            && LoopbackNames.IsLoopback(Request.Host.Host)
                ? AuthenticateResult.Success(
                    new(
                        new(
                            new ClaimsIdentity(
                                [
                                    new(ClaimTypes.Name, Person),
                                    .. Roles.All.Select(role => new System.Security.Claims.Claim(
                                        ClaimTypes.Role,
                                        role)),
                                ],
                                Name)),
                        Name))
                : AuthenticateResult.NoResult());
}

internal static class LocalSignInSetup
{
    public static IServiceCollection AddLocalSignIn(this IServiceCollection services)
    {
        services
            .AddAuthentication(LocalSignIn.Name)
            .AddScheme<AuthenticationSchemeOptions, LocalSignIn>(LocalSignIn.Name, null);
        return services;
    }
}
