using Distribution.Intake;

namespace Distribution.Web.Health;

/// <summary>Whether the tables of the storage account answer.</summary>
internal sealed class StorageHealth(DistributionRecords distributions, TimeProvider clock) : RememberedHealth(clock)
{
    public const string Part = "storage";

    protected override TimeSpan Patience => TimeSpan.FromSeconds(5);

    // Any read will do: there is no such distribution.
    protected override Task Try(CancellationToken cancellation) => distributions.Find("health", cancellation);
}
