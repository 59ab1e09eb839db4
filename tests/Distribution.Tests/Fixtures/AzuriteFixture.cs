using Distribution.Local.Servers;
using Distribution.Tests.Fixtures;
using Xunit;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace Distribution.Tests.Fixtures;

/// <summary>One storage emulator for the whole run, in memory. Tests stay apart by names of their own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    // More than there are tests; the emulator reads its accounts when it starts.
    private static readonly string[] Accounts = [.. Enumerable.Range(1, 1_000).Select(number => $"house{number}")];

    private Azurite? azurite;
    private int given;

    public string ConnectionString => azurite!.ConnectionString;

    /// <summary>The connection string of an account nobody else uses.</summary>
    public string NewAccount() => azurite!.ConnectionStringOf(Accounts[Interlocked.Increment(ref given) - 1]);

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        azurite = await Azurite.StartInMemory(
            await Tools.Install(Console.Error.WriteLine, cancellation),
            Accounts,
            cancellation);
    }

    public ValueTask DisposeAsync() => azurite?.DisposeAsync() ?? ValueTask.CompletedTask;
}
