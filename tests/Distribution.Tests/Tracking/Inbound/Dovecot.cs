using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Distribution.Local.Servers;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>
/// A real IMAP server with one mailbox, on a free port of this machine; it lives as long as the test. Told so, it has
/// more mailboxes and other services.
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

    private string Inbox => Folder(User);

    /// <summary>The program, or null where it is not installed.</summary>
    public static string? Program { get; } =
        ((string[])["/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/opt/homebrew/sbin/dovecot"]).FirstOrDefault(
            File.Exists);

    public static Task<Dovecot> Start(CancellationToken cancellation) => Start("", [], cancellation);

    /// <param name="settings">More lines of its configuration, which outweigh the usual ones.</param>
    /// <param name="users">Its other mailboxes, each as <c>NAME</c> or <c>NAME SETTING=VALUE</c>.</param>
    public static async Task<Dovecot> Start(
        string settings,
        IReadOnlyList<string> users,
        CancellationToken cancellation)
    {
        // Its sockets have long names, and the system takes only short ones.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"dc-{Guid.NewGuid():n}"[..11]));
        foreach (
            var made in (string[])
                [
                    "mail",
                    .. new[] { "", "new", "cur", "tmp" }.Select(name => Path.Combine("mail", User, name)),
                    .. users.Select(user => Path.Combine("mail", user.Split(' ')[0])),
                ])
            MakeOpen(Path.Combine(folder.FullName, made));

        var port = Ports.Free(1)[0];
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "users"),
            string.Concat(
                users
                    .Prepend(User)
                    .Select(user => user.Split(' ', 2))
                    .Select(user => $"{user[0]}:{{PLAIN}}{Password}::::::{user.ElementAtOrDefault(1)}\n")),
            cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "dovecot.conf"),
            $"{Configuration(folder.FullName, port)}\n{settings}\n",
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

    /// <returns>The messages in one mailbox, as it keeps them.</returns>
    public IReadOnlyList<byte[]> Mail(string user) =>
        [
            .. new[] { "new", "cur" }
                .Select(name => Path.Combine(Folder(user), name))
                .Where(Directory.Exists)
                .SelectMany(Directory.EnumerateFiles)
                .Order()
                .Select(File.ReadAllBytes),
        ];

    /// <summary>Gives a mailbox a script that looks at each message as it comes.</summary>
    public void Sieve(string user, string script) =>
        File.WriteAllText(Path.Combine(Folder(user), ".dovecot.sieve"), script);

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

    private string Folder(string user) => Path.Combine(folder.FullName, "mail", user);

    /// <summary>A folder open to whichever user the server reads mail as.</summary>
    private static void MakeOpen(string path)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, Everyone);
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
            mail_location = maildir:{{folder}}/mail/%u
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
              driver = passwd-file
              args = {{folder}}/users
              default_fields = uid={{within}} gid={{within}} home={{folder}}/mail/%u
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
