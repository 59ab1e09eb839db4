using System.Security.Claims;
using Distribution.Common;

namespace Distribution.Web;

/// <summary>Who is signed in.</summary>
internal static class SignedIn
{
    /// <summary>What the directory knows a person by for good; their name may change, and another may get it.</summary>
    private static readonly string[] Ids = ["http://schemas.microsoft.com/identity/claims/objectidentifier", "oid"];

    /// <exception cref="InvalidOperationException">They have no name, and every act must name who did it.</exception>
    public static string NameOf(ClaimsPrincipal user) =>
        user.Identity?.Name
        ?? throw new InvalidOperationException(
            "Whoever is signed in has no name, and a release must name who gave it.");

    /// <returns>Null where the directory says nothing.</returns>
    public static string? IdOf(ClaimsPrincipal user) =>
        Ids.Select(user.FindFirstValue).FirstOrDefault(id => id is { Length: > 0 });

    public static Person PersonOf(ClaimsPrincipal user) => new(IdOf(user) ?? NameOf(user), NameOf(user));
}
