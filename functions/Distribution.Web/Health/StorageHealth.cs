namespace Distribution.Web;

internal sealed class StorageHealth(Distributions distributions, TimeProvider clock) : RememberedHealth(clock)
{
    public const string Part = "storage";

    protected override TimeSpan Patience => TimeSpan.FromSeconds(5);

    protected override Task Try(CancellationToken cancellation) => distributions.Find("health", cancellation);
}
