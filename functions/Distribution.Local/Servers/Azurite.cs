namespace Distribution.Local.Servers;

/// <summary>The storage emulator: blobs, queues and tables on 127.0.0.1.</summary>
internal sealed class Azurite : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";

    // The well-known development key that every Azure storage tool has; it gives access to nothing but an emulator.
    private const string Key =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly IReadOnlyList<int> Usual = [10000, 10001, 10002];

    private readonly IReadOnlyList<int> ports;
    private readonly bool keeps;
    private ToolProcess process;
    private bool wasKilled;

    private Azurite(ToolProcess process, IReadOnlyList<int> ports, bool keeps)
    {
        this.process = process;
        this.ports = ports;
        this.keeps = keeps;
    }

    /// <summary>For any Azure storage client or Storage Explorer.</summary>
    public string ConnectionString => ConnectionStringOf(Account);

    public int ProcessId => process.Id;

    /// <summary>Whether something else ended it, so that what it was last told may be lost.</summary>
    public bool WasKilled => wasKilled || process.HasEnded;

    /// <summary>
    /// Starts it with its data in a folder. It uses its usual ports where they are free, so that a connection saved in
    /// a tool keeps working.
    /// </summary>
    /// <exception cref="LocalFaultException">It did not start.</exception>
    public static Task<Azurite> Start(ToolsFolder tools, string folder, CancellationToken cancellation)
    {
        PrivateFolder.Create(folder);
        return Start(tools, ["--location", folder], keeps: true, Usual, [Account], cancellation);
    }

    /// <summary>Starts it on free ports, with its data in memory only.</summary>
    /// <param name="accounts">Names of accounts in addition to the usual one, each with storage of its own.</param>
    /// <exception cref="LocalFaultException">It did not start.</exception>
    public static Task<Azurite> StartInMemory(
        ToolsFolder tools,
        IEnumerable<string> accounts,
        CancellationToken cancellation) =>
        Start(
            tools,
            ["--inMemoryPersistence"],
            keeps: false,
            Ports.Free(Usual.Count),
            [Account, .. accounts],
            cancellation);

    /// <summary>
    /// Starts it again where it has ended, on the same ports and with the data it had stored, as long as it is wanted.
    /// It stores what it holds every few seconds: one that was killed may have lost the last of it.
    /// </summary>
    /// <param name="say">Called with what is going on.</param>
    /// <param name="wanted">Cancelled before it is disposed of.</param>
    public async Task KeepRunning(ToolsFolder tools, string folder, Action<string> say, CancellationToken wanted)
    {
        while (true)
        {
            await process.Ended(wanted);
            wasKilled = true;
            say("The storage emulator has ended. Starting it again …");
            try
            {
                var (started, again) = await Launch(tools, ["--location", folder], ports, [Account], wanted);
                // Other ports are taken where another program has got one of ours meanwhile.
                if (again.SequenceEqual(ports))
                    process = started;
                else
                {
                    // Its address is what everything here goes by: it is tried again when the ports are free.
                    await started.Kill();
                    await Task.Delay(TimeSpan.FromSeconds(1), wanted);
                }
            }
            catch (LocalFaultException fault)
            {
                say(fault.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), wanted);
            }
        }
    }

    /// <summary>The same for one of the accounts it was started with.</summary>
    public string ConnectionStringOf(string account) => string.Join(';',
        "DefaultEndpointsProtocol=http",
        $"AccountName={account}",
        $"AccountKey={Key}",
        $"BlobEndpoint={Address(ports[0], account)}",
        $"QueueEndpoint={Address(ports[1], account)}",
        $"TableEndpoint={Address(ports[2], account)}") + ";";

    // With data in memory only there is nothing to finish writing.
    public async ValueTask DisposeAsync()
    {
        if (keeps)
            await process.DisposeAsync();
        else
            await process.Kill();
    }

    private static async Task<Azurite> Start(
        ToolsFolder tools,
        string[] persistence,
        bool keeps,
        IReadOnlyList<int> preferred,
        IReadOnlyList<string> accounts,
        CancellationToken cancellation)
    {
        var (process, ports) = await Launch(tools, persistence, preferred, accounts, cancellation);
        return new Azurite(process, ports, keeps);
    }

    private static Task<(ToolProcess Process, IReadOnlyList<int> Ports)> Launch(
        ToolsFolder tools,
        string[] persistence,
        IReadOnlyList<int> preferred,
        IReadOnlyList<string> accounts,
        CancellationToken cancellation) =>
        ToolProcess.Start(
            "The storage emulator (Azurite)",
            tools,
            tools.Azurite,
            preferred,
            ports =>
                [
                    "--silent",
                    // The storage clients are newer than the emulator, and ask for versions of the interface that it
                    // does not know by name.
                    "--skipApiVersionCheck",
                    // It would tell its makers how it is used.
                    "--disableTelemetry",
                    .. persistence,
                    "--blobHost",
                    "127.0.0.1",
                    "--blobPort",
                    $"{ports[0]}",
                    "--queueHost",
                    "127.0.0.1",
                    "--queuePort",
                    $"{ports[1]}",
                    "--tableHost",
                    "127.0.0.1",
                    "--tablePort",
                    $"{ports[2]}",
                ],
            Answers,
            new Dictionary<string, string>
            {
                // Once this is set, the emulator knows the accounts named here and no others, its usual one neither.
                ["AZURITE_ACCOUNTS"] = string.Join(';', accounts.Select(account => $"{account}:{Key}")),
            },
            cancellation);

    // Its own output is checked first: another program could be answering on the port.
    private static async Task<bool> Answers(
        ToolProcess process,
        IReadOnlyList<int> ports,
        CancellationToken cancellation)
    {
        if (!process.Said("Table service is successfully listening"))
            return false;
        foreach (var port in ports)
            if (await Loopback.Get(new Uri(Address(port, Account)), cancellation) is null)
                return false;
        return true;
    }

    private static string Address(int port, string account) => $"http://127.0.0.1:{port}/{account}";
}
