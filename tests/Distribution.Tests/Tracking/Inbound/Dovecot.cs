using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Distribution.Local.Servers;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>
/// A real IMAP server with one mailbox, on a free port of this machine; it lives as long as the test.
/// </summary>
internal sealed class Dovecot : IAsyncDisposable
{
    public const string User = "bounces@secretariat.example";

    public const string Password = "open sesame";

    private const UnixFileMode Everyone = (UnixFileMode)0b111_111_111;

    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo folder;
    private readonly Process process;

    private Dovecot(DirectoryInfo folder, Process process, int port) =>
        (this.folder, this.process, Port) = (folder, process, port);

    public int Port { get; }

    private string Inbox => Path.Combine(folder.FullName, "mail");

    /// <summary>The program, or null where it is not installed.</summary>
    public static string? Program { get; } =
        ((string[])["/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/opt/homebrew/sbin/dovecot"]).FirstOrDefault(
            File.Exists);

    public static async Task<Dovecot> Start(CancellationToken cancellation)
    {
        // Its sockets have long names, and the system takes only short ones.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"dc-{Guid.NewGuid():n}"[..11]));
        foreach (var name in (string[])["", "new", "cur", "tmp"])
        {
            var made = Directory.CreateDirectory(Path.Combine(folder.FullName, "mail", name)).FullName;
            // Open to whichever user the server reads mail as.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(made, Everyone);
        }

        var port = Ports.Free(1)[0];
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "users"),
            $"{User}:{{PLAIN}}{Password}::::::\n",
            cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "dovecot.conf"),
            Configuration(folder.FullName, port),
            cancellation);
        var process = Process.Start(
            new ProcessStartInfo(Program!, ["-F", "-c", Path.Combine(folder.FullName, "dovecot.conf")])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
        var server = new Dovecot(folder, process, port);
        for (var waited = Stopwatch.StartNew(); !await Greets(port, cancellation); await Task.Delay(50, cancellation))
            if (process.HasExited || waited.Elapsed > StartsWithin)
            {
                var words = process.HasExited
                    ? await process.StandardError.ReadToEndAsync(cancellation)
                    : "It does not answer.";
                await server.DisposeAsync();
                throw new InvalidOperationException($"dovecot did not start: {words}");
            }

        return server;
    }

    /// <summary>Puts a message into the mailbox, as a mail server delivers it.</summary>
    /// <param name="at">When the mailbox takes it; null for now.</param>
    public void Deliver(string name, byte[] message, DateTimeOffset? at = null)
    {
        File.WriteAllBytes(Path.Combine(Inbox, "tmp", name), message);
        if (at is { } taken)
            File.SetLastWriteTimeUtc(Path.Combine(Inbox, "tmp", name), taken.UtcDateTime);
        File.Move(Path.Combine(Inbox, "tmp", name), Path.Combine(Inbox, "new", name));
    }

    /// <returns>How many messages lie in the mailbox, and how many of them are marked as read.</returns>
    public (int All, int Seen) Count()
    {
        var all = Directory
            .EnumerateFiles(Path.Combine(Inbox, "new"))
            .Concat(Directory.EnumerateFiles(Path.Combine(Inbox, "cur")))
            .Select(file => Path.GetFileName(file))
            .ToList();
        return (
            all.Count,
            all.Count(name => name.Split(":2,") is [_, var flags] && flags.Contains('S', StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        // Asked to leave it takes its children with it; killed it would leave them.
        if (!process.HasExited)
            using (
                var kill = Process.Start(
                    "kill",
                    ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static string Configuration(string folder, int port)
    {
        var user = Environment.UserName;
        // It refuses to let anybody sign in to a process of root's, or read mail as root; where root starts it, the
        // users it was installed with do that.
        var (within, signIn) = user == "root" ? ("dovecot", "dovenull") : (user, user);
        return $$"""
            base_dir = {{folder}}/run
            state_dir = {{folder}}/run
            log_path = {{folder}}/log
            protocols = imap
            listen = 127.0.0.1
            ssl = no
            disable_plaintext_auth = no
            auth_failure_delay = 0
            mail_location = maildir:{{folder}}/mail
            first_valid_uid = 0
            first_valid_gid = 0
            default_internal_user = {{within}}
            default_internal_group = {{within}}
            default_login_user = {{signIn}}
            mail_uid = {{within}}
            mail_gid = {{within}}
            passdb {
              driver = passwd-file
              args = {{folder}}/users
            }
            userdb {
              driver = static
              args = uid={{within}} gid={{within}} home={{folder}}/mail
            }
            service imap-login {
              chroot =
              inet_listener imap {
                port = {{port}}
              }
              inet_listener imaps {
                port = 0
              }
            }
            service anvil {
              chroot =
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }
            service stats {
              chroot =
            }

            """;
    }

    private static async Task<bool> Greets(int port, CancellationToken cancellation)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(IPAddress.Loopback, port, cancellation);
            using var reader = new StreamReader(connection.GetStream());
            return (await reader.ReadLineAsync(cancellation))?.StartsWith("* OK", StringComparison.Ordinal) is true;
        }
        catch (Exception absent) when (absent is SocketException or IOException)
        {
            return false;
        }
    }
}
