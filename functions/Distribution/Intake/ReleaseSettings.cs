using Distribution.Common;

namespace Distribution.Intake;

/// <summary>Settings under <c>Release</c>.</summary>
internal sealed class ReleaseSettings
{
    /// <summary>
    /// Whether <c>release: automatic</c> in a letter is allowed. Off by default; on requires <see cref="People"/> 1.
    /// </summary>
    public bool AllowAutomatic { get; set; }

    /// <summary>
    /// How many different people a letter needs before it is sent: 2, or 1. The person who uploaded it at the desk is
    /// one of them.
    /// </summary>
    public int People { get; set; } = 2;

    /// <summary>
    /// How long after the press a release can be undone, before the first letter leaves; at most
    /// <see cref="LongestUndo"/>, zero for not at all. It does not hold for letters that leave by themselves.
    /// </summary>
    public TimeSpan UndoFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The domains at which a proof may be sent to people who are named at the desk, with commas between; empty for
    /// that of <c>Mail:From</c>.
    /// </summary>
    public string ProofDomains { get; set; } = "";

    /// <returns>The domains of a list as typed, in ASCII and lower case; null for one that is none.</returns>
    internal static IReadOnlyList<string?> Read(string domains) =>
        [
            .. domains.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(domain => EmailAddresses.ReadAlone($"name@{domain}"))
                .Select(address => address is null ? null : EmailAddresses.Domain(address)),
        ];

    internal static IReadOnlyList<string> Domains(string domains) => [.. Read(domains).OfType<string>()];

    internal static readonly TimeSpan LongestUndo = TimeSpan.FromMinutes(10);
}
