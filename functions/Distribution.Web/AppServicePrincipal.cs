using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Primitives;

namespace Distribution.Web;

/// <summary>Reads who is signed in from what Azure App Service's built-in authentication sends.</summary>
public static class AppServicePrincipal
{
    /// <summary>The environment variable in which the platform says that its authentication is on.</summary>
    public const string Switch = "WEBSITE_AUTH_ENABLED";

    /// <summary>
    /// The request header in which the platform says who is signed in. While its authentication is on, the platform
    /// lets no client set this header.
    /// </summary>
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    private const string EntraRole = "roles";

    // A header with null for a claim's name or value names nobody properly, and is taken for nobody.
    private static readonly JsonSerializerOptions Strictly = new() { RespectNullableAnnotations = true };

    /// <summary>Where a person signs out.</summary>
    public const string SignOut = "/.auth/logout";

    /// <param name="platformSwitch">What <see cref="Switch"/> says: only <c>True</c>, in any case, means on.</param>
    public static bool IsOn(string? platformSwitch) => bool.TryParse(platformSwitch, out var on) && on;

    /// <summary>
    /// Reads the header. Roles become <see cref="ClaimTypes.Role"/>, whatever the provider calls them.
    /// </summary>
    /// <param name="platformSwitch">What <see cref="Switch"/> says.</param>
    /// <param name="header">Exactly one value: JSON in Base64.</param>
    /// <returns>
    /// Null (nobody is signed in) where the platform's authentication is off, and where the header is missing,
    /// malformed or has no name.
    /// </returns>
    public static ClaimsPrincipal? Read(string? platformSwitch, StringValues header) =>
        IsOn(platformSwitch)
        && header is [{ } value]
        && Parse(value) is { Provider: { Length: > 0 } provider } said
        && NameType(said) is { } nameType
            ? new ClaimsPrincipal(Identity(said, provider, nameType))
            : null;

    /// <summary>
    /// The address where a person signs in. The browser is then redirected back to a page of this site.
    /// </summary>
    /// <param name="page">
    /// Path and query of the page. Anything that could lead to another site becomes the front page.
    /// </param>
    public static string SignIn(string page) =>
        "/.auth/login/aad?post_login_redirect_uri="
        // Browsers take //host and /\host for another site.
        + Uri.EscapeDataString(page is ['/', not ('/' or '\\'), ..] ? page : "/");

    private static Said? Parse(string value)
    {
        // Base64 never becomes longer by being read.
        var bytes = new byte[value.Length];
        if (!Convert.TryFromBase64String(value, bytes, out var length))
            return null;
        try
        {
            return JsonSerializer.Deserialize<Said>(bytes.AsSpan(0, length), Strictly);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? NameType(Said said) =>
        // The announced claim first; the header may announce one that it does not hold.
        new[] { said.NameType, "preferred_username", "name", ClaimTypes.NameIdentifier }.FirstOrDefault(type =>
            said.Claims.Any(claim => claim is not null && claim.Type == type && !string.IsNullOrWhiteSpace(claim.Value))
        );

    private static ClaimsIdentity Identity(Said said, string provider, string nameType)
    {
        var identity = new ClaimsIdentity(provider, nameType, ClaimTypes.Role);
        foreach (var claim in said.Claims.OfType<SaidClaim>())
            identity.AddClaim(
                // Entra ID sends app roles as “roles”, although the header announces another type for them.
                new(claim.Type == said.RoleType || claim.Type == EntraRole ? ClaimTypes.Role : claim.Type, claim.Value)
            );
        return identity;
    }

    private sealed class Said
    {
        [JsonPropertyName("auth_typ")]
        public string? Provider { get; init; }

        [JsonPropertyName("name_typ")]
        public string? NameType { get; init; }

        [JsonPropertyName("role_typ")]
        public string? RoleType { get; init; }

        [JsonPropertyName("claims")]
        public SaidClaim?[] Claims { get; init; } = [];
    }

    private sealed class SaidClaim
    {
        [JsonPropertyName("typ")]
        public required string Type { get; init; }

        [JsonPropertyName("val")]
        public required string Value { get; init; }
    }
}
