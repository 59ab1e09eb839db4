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
/// Signs in the person at this machine under their name on it, and nobody who comes from elsewhere. The address asked
/// for must be a loopback one too, so that a page elsewhere that points its own name at this machine is not let in.
/// </summary>
internal sealed class LocalSignIn(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "ThisMachine";

    /// <summary>Whom this machine's pages take whoever opens them for.</summary>
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
