using Distribution.Common;

namespace Distribution.Local;

/// <summary>Someone who is played at the desk of this machine.</summary>
/// <param name="Roles">As the directory would assign them.</param>
internal sealed record LocalPerson(string Name, IReadOnlyList<string> Roles)
{
    private const int LongestName = 60;

    /// <summary>The user of this machine, with every role.</summary>
    public static LocalPerson User { get; } = new($"{Environment.UserName} (this machine)", Web.Roles.All);

    /// <param name="written"><c>NAME</c> for someone with every role, or <c>NAME:ROLE</c>.</param>
    /// <returns>Null where it cannot be a name, or there is no such role.</returns>
    public static LocalPerson? Read(string written)
    {
        // The last colon: a name may have one, a role has none.
        var (name, role) = written.LastIndexOf(':') is >= 0 and var colon
            ? (written[..colon].Trim(), written[(colon + 1)..].Trim().ToLowerInvariant())
            : (written.Trim(), null);
        return name.Length is > 0 and <= LongestName
            // It stands on pages, in the log and in records, as what a directory gives would.
            && SingleLine.Of(name) == name
            && (role is null || Web.Roles.All.Contains(role))
            ? new(name, role is null ? Web.Roles.All : [role])
            : null;
    }
}

/// <summary>
/// Who is played, each on a port of their own: so two people can press two buttons of one letter, in one browser.
/// </summary>
/// <param name="ByPort">Empty where everybody is the user of this machine.</param>
internal sealed record LocalPeople(IReadOnlyDictionary<int, LocalPerson> ByPort)
{
    public static readonly LocalPeople None = new(new Dictionary<int, LocalPerson>());

    /// <param name="port">The port on which a request arrived.</param>
    /// <returns>The person played there; the user of this machine at any other port.</returns>
    public LocalPerson At(int port) => ByPort.GetValueOrDefault(port) ?? LocalPerson.User;
}
