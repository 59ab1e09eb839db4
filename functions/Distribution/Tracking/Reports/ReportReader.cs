using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;

namespace Distribution.Tracking.Reports;

/// <summary>Reads the data that reports are made of.</summary>
internal sealed class ReportReader(
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenContents contents,
    Acknowledgements acknowledgements,
    RegisterInUse register,
    TimeProvider clock)
{
    /// <returns>Null where there is no such distribution.</returns>
    public async Task<ReportedDistribution?> Of(string distributionId, CancellationToken cancellation)
    {
        if (await distributions.Find(distributionId, cancellation) is not { } distribution)
            return null;
        var reading = Roster(distribution, cancellation);
        var following = distributions.Following(distributionId, cancellation);
        await Task.WhenAll(reading, following);
        List<ReportedRoster> addenda = [];
        foreach (
            var addendum in (await following).Where(other =>
                other is { Follows.Kind: FollowUpKind.Addendum, ReleasedAt: not null }))
            addenda.Add(await Roster(addendum, cancellation));
        return ReportedDistribution.Of(
            distribution,
            (await contents.Find(distributionId, cancellation)).Letter,
            await reading,
            addenda,
            clock.GetUtcNow());
    }

    /// <returns>Null where there is no such distribution.</returns>
    public async Task<UnreachableList?> Unreachable(string distributionId, CancellationToken cancellation) =>
        await Of(distributionId, cancellation) is { } reported
            ? UnreachableList.Of(reported, (await register.Current(cancellation)).Missions)
            : null;

    /// <returns>Every step of every mission's acknowledgement; null where there is no such distribution.</returns>
    public async Task<IReadOnlyList<(Mission Mission, MissionAcknowledgement Record)>?> Acknowledged(
        string distributionId,
        CancellationToken cancellation)
    {
        if (await distributions.Find(distributionId, cancellation) is not { } distribution)
            return null;
        var records = await acknowledgements.Of(distribution.AcknowledgedUnder, cancellation);
        return [.. (await contents.Find(distributionId, cancellation)).Roster
            .Where(mission => records.ContainsKey(mission.Id))
            .Select(mission => (mission, records[mission.Id]))];
    }

    private async Task<ReportedRoster> Roster(DistributionRecord distribution, CancellationToken cancellation) =>
        await ReportedRoster.Read(
            distribution,
            (await contents.Find(distribution.Id, cancellation)).Roster,
            entries,
            acknowledgements,
            cancellation);
}
