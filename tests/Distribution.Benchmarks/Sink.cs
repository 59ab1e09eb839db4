using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Distribution.Local.Servers;

namespace Distribution.Benchmarks;

/// <summary>
/// A mail server that takes every letter and keeps none: postfix's <c>smtp-sink</c> where it is installed, in a process
/// of its own, which writes its count into a file; else one in this process.
/// </summary>
internal sealed partial class Sink : IDestination
{
    private readonly Process? process;
    private readonly TcpListener? listener;
    private readonly string? counts;
    private readonly CancellationTokenSource stop = new();
    private int taken;

    private Sink(int port, Process process, string counts) =>
        (Port, this.process, this.counts) = (port, process, counts);

    private Sink(TcpListener listener) =>
        (Port, this.listener) = (((IPEndPoint)listener.LocalEndpoint).Port, listener);

    public int Port { get; }

    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Mail:Transport"] = string.Create(CultureInfo.InvariantCulture, $"smtp://127.0.0.1:{Port}"),
    };

    public string Name => process is null ? "a sink of this program's own" : "smtp-sink";

    /// <summary>Processor time it has used; none where it is a part of this process.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process?.Refresh();
            return process?.TotalProcessorTime ?? TimeSpan.Zero;
        }
    }

    public static async Task<Sink> Start()
    {
        if (Programs.Find("smtp-sink") is not { } program)
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start(512);
            var own = new Sink(listener);
            _ = own.Accept();
            return own;
        }

        var port = Ports.Free(1)[0];
        // It refuses to run as the administrator unless it is told whom to become.
        string[] user = Environment.UserName == "root" ? ["-u", "postfix"] : [];
        // It counts on its standard output, for every letter: into a file, where that costs this process nothing.
        var counts = Path.GetTempFileName();
        string[] command = [program, "-c", .. user, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "512"];
        var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$@\" > \"$0\"", counts, .. command]))!;
        for (var tries = 0; tries < 100; tries++)
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return new(port, process, counts);
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }

        throw new InvalidOperationException("smtp-sink does not answer.");
    }

    public async Task<int> Taken()
    {
        if (counts is null)
            return Volatile.Read(ref taken);
        await using var file = new FileStream(counts, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        // The last count is among the last bytes.
        file.Seek(-Math.Min(file.Length, 1_000), SeekOrigin.End);
        using var reader = new StreamReader(file);
        return Count().Matches(await reader.ReadToEndAsync()) is [.., var last]
            ? int.Parse(last.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : 0;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener?.Stop();
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            File.Delete(counts!);
        }

        stop.Dispose();
    }

    // One that is still being written has no carriage return yet.
    [GeneratedRegex("mesg=([0-9]+)\r")]
    private static partial Regex Count();

    private async Task Accept()
    {
        while (!stop.IsCancellationRequested)
            try
            {
                var client = await listener!.AcceptTcpClientAsync(stop.Token);
                _ = Task.Run(() => Serve(client));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
    }

    private async Task Serve(TcpClient client)
    {
        using (client)
            try
            {
                client.NoDelay = true;
                var stream = client.GetStream();
                var buffer = new byte[128 * 1024];
                await stream.WriteAsync("220 sink\r\n"u8.ToArray(), stop.Token);
                var (held, isData) = (0, false);
                while (true)
                {
                    var read = await stream.ReadAsync(buffer.AsMemory(held), stop.Token);
                    if (read == 0)
                        return;
                    held += read;
                    if (isData)
                    {
                        if (!buffer.AsSpan(0, held).EndsWith("\r\n.\r\n"u8))
                        {
                            // Only what may be the beginning of the end is kept.
                            var keep = Math.Min(held, 4);
                            buffer.AsSpan(held - keep, keep).CopyTo(buffer);
                            held = keep;
                            continue;
                        }

                        (held, isData) = (0, false);
                        Interlocked.Increment(ref taken);
                        await stream.WriteAsync("250 2.0.0 Ok\r\n"u8.ToArray(), stop.Token);
                        continue;
                    }

                    if (buffer[held - 1] != '\n')
                        continue;
                    var answers = new List<byte>();
                    foreach (var line in buffer.AsSpan(0, held).Split("\r\n"u8))
                    {
                        var command = buffer.AsSpan(0, held)[line];
                        if (command.IsEmpty)
                            continue;
                        isData = command.StartsWith("DATA"u8);
                        answers.AddRange(isData ? "354 Go\r\n"u8
                            : command.StartsWith("EHLO"u8) ? "250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"u8
                            : command.StartsWith("QUIT"u8) ? "221 Bye\r\n"u8
                            : "250 2.0.0 Ok\r\n"u8);
                    }

                    held = 0;
                    await stream.WriteAsync(answers.ToArray(), stop.Token);
                }
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException or SocketException)
            {
                // The other side is gone, or the benchmark is over.
            }
    }
}
