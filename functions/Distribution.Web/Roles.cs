using System.Security.Claims;
using Distribution.Common;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Distribution.Web;

/// <summary>
/// The roles people of the secretariat have, as the directory assigns them, and what each may do. Stopping is allowed
/// to more people than sending: a letter held back can be sent later, a letter sent cannot be called back.
/// </summary>
internal static class Roles
{
    /// <summary>
    /// Prepares letters and looks after them: uploads, proofs, acknowledgements, replies, and stopping. Cannot send a
    /// letter.
    /// </summary>
    public const string Drafter = "drafter";

    /// <summary>May do all that a drafter may, and sends letters.</summary>
    public const string Releaser = "releaser";

    /// <summary>Sees everything and changes nothing.</summary>
    public const string Reader = "reader";

    /// <summary>Every role.</summary>
    public static IReadOnlyList<string> All { get; } = [Drafter, Releaser, Reader];

    /// <summary>The policy of pages: any of the roles.</summary>
    internal const string Read = nameof(Read);

    /// <summary>The policy of acts that look after letters: a drafter or a releaser.</summary>
    internal const string Keep = nameof(Keep);

    /// <summary>The policy of acts that send letters or remove what is on record: a releaser.</summary>
    internal const string Send = nameof(Send);

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Read] = [Drafter, Releaser, Reader],
        [Keep] = [Drafter, Releaser],
        [Send] = [Releaser],
    };

    internal static void Add(IServiceCollection services)
    {
        var builder = services.AddAuthorizationBuilder();
        foreach (var (policy, roles) in Allowed)
            builder.AddPolicy(
                policy,
                new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireRole(roles).Build());
        // An endpoint that names no policy is open to people with any role, and to nobody else.
        builder.SetFallbackPolicy(
            new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireRole(Allowed[Read]).Build());
    }

    /// <param name="policy"><see cref="Read"/>, <see cref="Keep"/> or <see cref="Send"/>.</param>
    /// <returns>Whether one of the person's roles allows it.</returns>
    internal static bool May(ClaimsPrincipal user, string policy) => Allowed[policy].Any(user.IsInRole);

    /// <summary>The roles of a person, in words: "drafter and reader"; null where they have none.</summary>
    internal static Phrase? Of(ClaimsPrincipal user) =>
        All.Where(user.IsInRole).ToList() is { Count: > 0 } roles ? Phrase.Listed(roles.Select(Called)) : null;

    /// <summary>What <see cref="Of"/> said of a person when it was recorded in English.</summary>
    internal static Phrase Recorded(string english)
    {
        var roles = Phrase.Listed(All.Where(role => english.Contains(role, StringComparison.Ordinal)).Select(Called));
        return roles.In(DeskLanguage.English) == english ? roles : Phrase.Plain(english);
    }

    internal static Phrase Called(string role) => role switch
    {
        Drafter => Phrase.Say($"drafter"),
        Releaser => Phrase.Say($"releaser"),
        _ => Phrase.Say($"reader"),
    };

    /// <summary>Who may do what a policy guards: "a drafter or a releaser".</summary>
    internal static Phrase Who(string policy) =>
        Phrase.Either(Allowed[policy].Select(role => Phrase.Say($"a {Called(role)}")));
}
