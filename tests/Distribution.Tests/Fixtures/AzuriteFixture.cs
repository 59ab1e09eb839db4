using System.Collections.Concurrent;
using Distribution.Local.Servers;
using Distribution.Tests.Fixtures;
using Xunit;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]

namespace Distribution.Tests.Fixtures;

/// <summary>
/// Storage for the whole run, in memory: an account for every test that asks for one. An emulator reads its accounts
/// when it starts, so another one is started when those of the last are used up, and one that nobody needs any more
/// ends.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    // An emulator keeps what all its accounts hold in common lists, and orders them anew with each blob that is deleted:
    // with 400 accounts that took a fifth of its time. Starting one and running its code in takes about three seconds.
    private static readonly string[] Accounts = [.. Enumerable.Range(1, 200).Select(number => $"house{number}")];

    private readonly ConcurrentDictionary<int, Emulator> emulators = new();
    private readonly ConcurrentDictionary<string, Emulator> inUse = new();
    private int given = -1;

    /// <summary>The connection string of an account nobody else uses.</summary>
    public string NewAccount()
    {
        var (number, account) = Math.DivRem(Interlocked.Increment(ref given), Accounts.Length);
        var emulator = Numbered(number);
        var connection = emulator.Started.GetAwaiter().GetResult().ConnectionStringOf(Accounts[account]);
        inUse[connection] = emulator;
        return connection;
    }

    /// <summary>The account is not used any more; who never says so keeps its emulator until the run ends.</summary>
    public async Task Leave(string connection)
    {
        if (inUse.TryRemove(connection, out var emulator))
            await emulator.Leave();
    }

    // Nobody waits for it who does not need it.
    public ValueTask InitializeAsync()
    {
        _ = Numbered(0).Started;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var emulator in emulators.Values)
            await emulator.End();
    }

    private Emulator Numbered(int number) => emulators.GetOrAdd(number, static _ => new());

    private sealed class Emulator
    {
        private readonly Lazy<Task<Azurite>> started = new(() => Task.Run(Start));
        private int needed = Accounts.Length;

        public Task<Azurite> Started => started.Value;

        public Task Leave() => Interlocked.Decrement(ref needed) == 0 ? End() : Task.CompletedTask;

        /// <summary>Does nothing where it has ended.</summary>
        public async Task End()
        {
            if (Interlocked.Exchange(ref needed, -1) != -1)
                await (await Started).DisposeAsync();
        }

        private static async Task<Azurite> Start() =>
            await Azurite.StartInMemory(
                await Tools.Install(Console.Error.WriteLine, CancellationToken.None),
                Accounts,
                CancellationToken.None);
    }
}
