using System.Collections.Concurrent;
using Distribution.Local.Servers;
using Distribution.Tests.Fixtures;
using Xunit;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace Distribution.Tests.Fixtures;

/// <summary>
/// Storage for the whole run, in memory: an account for every test that asks for one. An emulator reads its accounts
/// when it starts, so another one is started when those of the last are used up.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    // More accounts make an emulator slower, and starting one takes about a second.
    private static readonly string[] Accounts = [.. Enumerable.Range(1, 400).Select(number => $"house{number}")];

    private readonly ConcurrentDictionary<int, Lazy<Task<Azurite>>> emulators = new();
    private int given = -1;

    /// <summary>The connection string of an account nobody else uses.</summary>
    public string NewAccount()
    {
        var (emulator, account) = Math.DivRem(Interlocked.Increment(ref given), Accounts.Length);
        return Started(emulator).GetAwaiter().GetResult().ConnectionStringOf(Accounts[account]);
    }

    public async ValueTask InitializeAsync() => await Started(0);

    public async ValueTask DisposeAsync()
    {
        foreach (var emulator in emulators.Values)
            await (await emulator.Value).DisposeAsync();
    }

    private Task<Azurite> Started(int number) =>
        emulators.GetOrAdd(number, static _ => new(() => Task.Run(Start))).Value;

    private static async Task<Azurite> Start() =>
        await Azurite.StartInMemory(
            await Tools.Install(Console.Error.WriteLine, CancellationToken.None),
            Accounts,
            CancellationToken.None);
}
