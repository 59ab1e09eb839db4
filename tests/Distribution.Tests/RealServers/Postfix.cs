using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Distribution.Tests.RealServers;

/// <summary>
/// A real mail server with settings, queue and log of its own; the one that the machine may have is neither needed nor
/// touched. It lives as long as the test.
/// </summary>
internal sealed class Postfix : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);

    private static readonly string? Programs = (
        (string[])["/usr/lib/postfix/sbin", "/usr/libexec/postfix", "/usr/lib/postfix"]
    ).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "master")));

    private readonly DirectoryInfo folder;
    private Process? master;

    private Postfix(DirectoryInfo folder) => this.folder = folder;

    /// <summary>Why none can be started here; null where one can.</summary>
    public static string? Lacking =>
        Programs is null ? "Postfix is not installed (Debian: postfix)."
        : !Environment.IsPrivilegedProcess ? "Postfix is started by root alone, and root does not run these tests."
        : null;

    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    private string LogFile => Path.Combine(folder.FullName, "log");

    private string Settings => Path.Combine(folder.FullName, "etc", "main.cf");

    /// <param name="settings">Lines of its <c>main.cf</c>, after the usual ones.</param>
    /// <param name="listeners">Lines of its <c>master.cf</c> for its ports.</param>
    /// <param name="port">One of these ports.</param>
    public static async Task<Postfix> Start(
        string settings,
        string listeners,
        int port,
        CancellationToken cancellation)
    {
        // Its sockets have long names, and the system takes only short ones.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"pf-{Guid.NewGuid():n}"[..11]));
        var server = new Postfix(folder);
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "etc"));
            await File.WriteAllTextAsync(server.Settings, $"{Usual(folder.FullName)}\n{settings}\n", cancellation);
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "etc", "master.cf"),
                $"{Services}\n{listeners}\n",
                cancellation);
            await server.MakeQueue();
            await server.Start(port, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Starts it anew with another setting. Told to read its settings anew while it runs, it may put off for minutes what
    /// it was delivering at that moment.
    /// </summary>
    public async Task Restart(string setting, int port, CancellationToken cancellation)
    {
        await Stop();
        await File.AppendAllTextAsync(Settings, $"{setting}\n", cancellation);
        await Start(port, cancellation);
    }

    /// <summary>Stops it, as a restart does; what is in its queue stays there.</summary>
    public async Task Stop()
    {
        if (master is not { HasExited: false })
            return;
        await Run("kill", "-TERM", master.Id.ToString(CultureInfo.InvariantCulture));
        await master.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async Task Start(int port, CancellationToken cancellation)
    {
        master?.Dispose();
        master = Process.Start(
            new ProcessStartInfo(
                Path.Combine(Programs!, "master"),
                // A session of its own: it ends its children by their group.
                ["-c", Path.Combine(folder.FullName, "etc"), "-s"])
            {
                RedirectStandardError = true,
            })!;
        for (var waited = Stopwatch.StartNew(); !await Greets(port, cancellation); await Task.Delay(50, cancellation))
            if (master.HasExited || waited.Elapsed > StartsWithin)
                throw new InvalidOperationException(
                    $"Postfix did not start: {(master.HasExited ? await master.StandardError.ReadToEndAsync(cancellation) : "it does not answer.")}{Log}");
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        master?.Dispose();
        folder.Delete(recursive: true);
    }

    /// <summary>The folders that its own installation makes, with the owners it insists on.</summary>
    private async Task MakeQueue()
    {
        var queue = Path.Combine(folder.FullName, "queue");
        await Run("install", "-d", "-m", "0755", folder.FullName, queue, Path.Combine(queue, "pid"));
        await Run(
            "install",
            [
                "-d",
                "-o",
                "postfix",
                "-m",
                "0700",
                Path.Combine(folder.FullName, "data"),
                .. new[] { "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace" }
                    .Select(name => Path.Combine(queue, name)),
            ]);
        await Run("install", "-d", "-o", "postfix", "-g", "postdrop", "-m", "0710", Path.Combine(queue, "public"));
        await Run("install", "-d", "-o", "postfix", "-g", "postdrop", "-m", "0730", Path.Combine(queue, "maildrop"));
    }

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var words = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {words}");
    }

    private static string Usual(string folder) =>
        $"""
        compatibility_level = 3.6
        queue_directory = {folder}/queue
        data_directory = {folder}/data
        daemon_directory = {Programs}
        command_directory = /usr/sbin
        mail_owner = postfix
        setgid_group = postdrop
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mydestination =
        mynetworks =
        alias_maps =
        alias_database =
        maillog_file = {folder}/log
        maillog_file_prefixes = {folder}
        smtp_dns_support_level = disabled
        notify_classes =
        """;

    /// <summary>Debian's, without those that listen or that nothing here uses, and none in a chroot.</summary>
    private const string Services = """
        pickup    unix  n  -  n  60    1  pickup
        cleanup   unix  n  -  n  -     0  cleanup
        qmgr      unix  n  -  n  300   1  qmgr
        tlsmgr    unix  -  -  n  1000? 1  tlsmgr
        rewrite   unix  -  -  n  -     -  trivial-rewrite
        bounce    unix  -  -  n  -     0  bounce
        defer     unix  -  -  n  -     0  bounce
        trace     unix  -  -  n  -     0  bounce
        verify    unix  -  -  n  -     1  verify
        flush     unix  n  -  n  1000? 0  flush
        proxymap  unix  -  -  n  -     -  proxymap
        proxywrite unix -  -  n  -     1  proxymap
        smtp      unix  -  -  n  -     -  smtp
        relay     unix  -  -  n  -     -  smtp
        error     unix  -  -  n  -     -  error
        retry     unix  -  -  n  -     -  error
        lmtp      unix  -  -  n  -     -  lmtp
        anvil     unix  -  -  n  -     1  anvil
        scache    unix  -  -  n  -     1  scache
        postlog   unix-dgram n - n  -     1  postlogd
        """;

    private static async Task<bool> Greets(int port, CancellationToken cancellation)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(IPAddress.Loopback, port, cancellation);
            using var reader = new StreamReader(connection.GetStream());
            return (await reader.ReadLineAsync(cancellation))?.StartsWith("220 ", StringComparison.Ordinal) is true;
        }
        catch (Exception absent) when (absent is SocketException or IOException)
        {
            return false;
        }
    }
}
