using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Tracking.Inbound;

namespace Distribution.Tracking.Forwarding;

/// <summary>
/// The mail domains that are a mission's own: it has a mailbox there in the register in use, no other mission has one
/// there, in the register or on the letter's roster, and not everybody can have one. Addresses are compared by their
/// whole domain, in ASCII: one below it, or above it, is another.
/// </summary>
internal sealed class OwnDomains(RegisterInUse registers, FrozenRosters rosters)
{
    /// <returns>In ASCII and lower case; none where the register in use cannot be read.</returns>
    public async Task<IReadOnlyList<string>> Of(
        string distributionId,
        string missionId,
        CancellationToken cancellation)
    {
        // While it cannot be read, nobody knows whose domain is whose.
        if (await registers.TryCurrent(cancellation) is not { Missions: var register })
            return [];
        var others = register
            // A mission that the register no longer has may still read mail at that domain.
            .Concat((await rosters.Find(distributionId, cancellation)).Missions)
            .Where(mission => mission.Id != missionId)
            .SelectMany(Domains)
            .ToHashSet();
        return
        [
            .. register
                .Where(mission => mission.Id == missionId)
                .SelectMany(Domains)
                .Distinct()
                .Where(domain => !others.Contains(domain) && !PublicProviders.Has(domain)),
        ];
    }

    private static IEnumerable<string> Domains(Mission mission) =>
        mission.Mailboxes.Select(mailbox => EmailAddresses.Domain(mailbox.Address).ToLowerInvariant());
}
