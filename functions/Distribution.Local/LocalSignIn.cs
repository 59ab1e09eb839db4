using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Distribution.Common;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Local;

/// <summary>
/// Signs in the person at this machine under their user name, or as whom they play, and nobody who connects from
/// elsewhere. The host name in the request must be a loopback one too, so that a website that points its own name at
/// this machine (DNS rebinding) is not let in.
/// </summary>
internal sealed class LocalSignIn(
    LocalPeople people,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "ThisMachine";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var person = people.At(Context.Connection.LocalPort);
        return Task.FromResult(
            Context.Connection.RemoteIpAddress is { } peer
            && IPAddress.IsLoopback(peer)
            && LoopbackNames.IsLoopback(Request.Host.Host)
                ? AuthenticateResult.Success(
                    new(
                        new(
                            new ClaimsIdentity(
                                [
                                    new(ClaimTypes.Name, person.Name),
                                    .. person.Roles.Select(role => new System.Security.Claims.Claim(
                                        ClaimTypes.Role,
                                        role)),
                                ],
                                Name)),
                        Name))
                : AuthenticateResult.NoResult());
    }
}

/// <summary>Registers the sign-in of this machine as the only one.</summary>
internal static class LocalSignInSetup
{
    /// <param name="people">Who is played; null for the user of this machine alone.</param>
    public static IServiceCollection AddLocalSignIn(this IServiceCollection services, LocalPeople? people = null)
    {
        services.AddSingleton(people ?? LocalPeople.None);
        services
            .AddAuthentication(LocalSignIn.Name)
            .AddScheme<AuthenticationSchemeOptions, LocalSignIn>(LocalSignIn.Name, null);
        return services;
    }
}
