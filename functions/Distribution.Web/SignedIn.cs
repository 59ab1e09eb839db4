using System.Security.Claims;
using Distribution.Common;

namespace Distribution.Web;

/// <summary>Who is signed in.</summary>
internal static class SignedIn
{
    /// <summary>
    /// The claims with the directory's permanent id of a person. A person's name may change, and another person may get
    /// it.
    /// </summary>
    private static readonly string[] Ids = ["http://schemas.microsoft.com/identity/claims/objectidentifier", "oid"];

    /// <exception cref="InvalidOperationException">
    /// The person has no name, and every act must name who did it.
    /// </exception>
    public static string NameOf(ClaimsPrincipal user) =>
        user.Identity?.Name
        ?? throw new InvalidOperationException(
            "Whoever is signed in has no name, and a release must name who gave it.");

    /// <returns>The directory's id of the person; null where it gives none.</returns>
    public static string? IdOf(ClaimsPrincipal user) =>
        Ids.Select(user.FindFirstValue).FirstOrDefault(id => id is { Length: > 0 });

    /// <exception cref="InvalidOperationException">The person has no name.</exception>
    // By name alone only where the sign-in knows no ids, as on one machine.
    public static Person PersonOf(ClaimsPrincipal user) => new(IdOf(user) ?? NameOf(user), NameOf(user));
}
