namespace Distribution.Local.Servers;

/// <summary>The test post office: accepts every mail, delivers none, and shows them on a page. On 127.0.0.1.</summary>
internal sealed class PostOffice : IAsyncDisposable
{
    private static readonly IReadOnlyList<int> Usual = [1025, 1080];

    private readonly ToolProcess process;
    private readonly string folder;

    private PostOffice(ToolProcess process, IReadOnlyList<int> ports, string folder)
    {
        this.process = process;
        this.folder = folder;
        SmtpUri = new Uri($"smtp://127.0.0.1:{ports[0]}");
        WebUri = Web(ports[1]);
    }

    public Uri SmtpUri { get; }

    /// <summary>The page that shows what arrived.</summary>
    public Uri WebUri { get; }

    public int ProcessId => process.Id;

    /// <summary>Starts it with an empty inbox, on its usual ports where they are free.</summary>
    /// <param name="folder">
    /// Where mail is stored while it runs; emptied first, because it reads all old mail into memory at once.
    /// </param>
    /// <exception cref="LocalFaultException">It did not start.</exception>
    public static Task<PostOffice> Start(ToolsFolder tools, string folder, CancellationToken cancellation) =>
        Start(tools, folder, Usual, cancellation);

    /// <summary>Starts it with an empty inbox on free ports.</summary>
    /// <inheritdoc cref="Start(ToolsFolder, string, CancellationToken)"/>
    public static Task<PostOffice> StartAnywhere(ToolsFolder tools, string folder, CancellationToken cancellation) =>
        Start(tools, folder, Ports.Free(Usual.Count), cancellation);

    public async ValueTask DisposeAsync()
    {
        await process.Kill();
        Empty(folder);
    }

    private static async Task<PostOffice> Start(
        ToolsFolder tools,
        string folder,
        IReadOnlyList<int> preferred,
        CancellationToken cancellation)
    {
        Empty(folder);
        PrivateFolder.Create(folder);
        var (process, ports) = await ToolProcess.Start(
            "The test post office (MailDev)", tools, tools.MailDev, preferred,
            ports =>
                [
                    // An empty one: it would else take one that lies in a folder above, which may have mail relayed.
                    "--config",
                    Path.Combine(AppContext.BaseDirectory, "tools", "maildev.json"),
                    "--ip",
                    "127.0.0.1",
                    "--smtp",
                    $"{ports[0]}",
                    "--web-ip",
                    "127.0.0.1",
                    "--web",
                    $"{ports[1]}",
                    // 0 is no limit: how large a letter may be is for the settings of the service to say.
                    "--max-message-size",
                    "0",
                    "--mail-directory",
                    folder,
                ],
            Answers, new Dictionary<string, string>(), cancellation);
        return new PostOffice(process, ports, folder);
    }

    // The line comes from the process itself, once it listens on both ports, so no other program is mistaken for it.
    private static async Task<bool> Answers(
        ToolProcess process,
        IReadOnlyList<int> ports,
        CancellationToken cancellation) =>
        process.Said($"MailDev API running at http://127.0.0.1:{ports[1]}")
        && await Loopback.Greets(ports[0], cancellation)
        && await Loopback.Get(new Uri(Web(ports[1]), "api/config"), cancellation) is ['{', ..];

    private static void Empty(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static Uri Web(int port) => new($"http://127.0.0.1:{port}/");
}
