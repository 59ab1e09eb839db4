using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;

namespace Distribution.Web;

/// <summary>
/// The cookie of the desk's forms. Over an encrypted connection it is <c>Secure</c>, and its name begins with
/// <c>__Host-</c>: browsers then take it from this very host alone, so that no neighbouring domain can put one of its
/// own in its place. On this machine, without encryption, browsers would refuse such a cookie.
/// </summary>
/// <remarks>
/// <c>SameSite=Lax</c> and not <c>Strict</c>: whoever signs in through another site, or follows a link in a mail, comes
/// without a strict cookie. They would be given a new one, and every form that is open in another tab would be refused.
/// No other site gains by it: a form that another site sends still comes without the cookie, and nobody but this site's
/// pages has the token that goes with it.
/// </remarks>
internal sealed class FormCookie : CookieBuilder
{
    public const string OnThisMachine = "distribution-form";

    public const string Encrypted = $"__Host-{OnThisMachine}";

    private readonly IHttpContextAccessor accessor;

    public FormCookie(IHttpContextAccessor accessor)
    {
        this.accessor = accessor;
        (Path, HttpOnly, IsEssential) = ("/", true, true);
        // As the request: on this machine there is no encryption, and some browsers would drop a secure cookie.
        (SameSite, SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
    }

    /// <summary>
    /// On Azure the platform ends encryption, and says with each request whether its client used it. Nothing else it
    /// forwards is believed. Whoever forges the header changes what they themselves are answered, and nothing more.
    /// </summary>
    public static ForwardedHeadersOptions Scheme { get; } = Forwarded();

    public override string? Name
    {
        get => accessor.HttpContext?.Request.IsHttps is true ? Encrypted : OnThisMachine;
        set => throw new NotSupportedException("The name follows from the connection.");
    }

    private static ForwardedHeadersOptions Forwarded()
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedProto };
        // The platform's addresses are not known beforehand.
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        return options;
    }
}
