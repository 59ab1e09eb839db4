using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Distribution.Tests.Mail;

/// <summary>
/// An SMTP server that does as it is told: for each command an answer, a dropped connection or silence. What is not
/// told it does as a friendly server would. <c>CONNECT</c> stands for the greeting and <c>.</c> for the end of DATA.
/// </summary>
internal sealed class ScriptedSmtpServer : IAsyncDisposable
{
    public const string Drop = "drop";
    public const string Silence = "silence";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> script = new();
    private readonly ConcurrentBag<Task> sessions = [];
    private readonly ConcurrentDictionary<int, TcpClient> open = new();
    private readonly Task accepting;
    private int connections;

    public ScriptedSmtpServer()
    {
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What EHLO offers.</summary>
    public string[] Extensions { get; set; } = ["8BITMIME"];

    /// <summary>The connection is dropped once this many bytes of a message have come.</summary>
    public int? DropWithinData { get; set; }

    /// <summary>Every command as it came, in order.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Every message that came whole, with its envelope, whatever was answered.</summary>
    public ConcurrentQueue<ScriptedMail> Mails { get; } = new();

    public int Connections => Volatile.Read(ref connections);

    /// <summary>
    /// Answers for commands that start like this, one after the other; then the friendly answer again.
    /// </summary>
    public ScriptedSmtpServer On(string command, params string[] answers)
    {
        var queue = script.GetOrAdd(command, _ => new());
        foreach (var answer in answers)
            queue.Enqueue(answer);
        return this;
    }

    /// <summary>Ends every open connection, as a server does with idle ones.</summary>
    public void HangUp()
    {
        foreach (var client in open.Values)
            client.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        HangUp();
        await Task.WhenAll([accepting, .. sessions]);
        stop.Dispose();
    }

    private async Task Accept()
    {
        while (!stop.IsCancellationRequested)
            try
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                var number = Interlocked.Increment(ref connections);
                open[number] = client;
                sessions.Add(Serve(client, number));
            }
            catch (Exception exception)
                when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
    }

    private async Task Serve(TcpClient client, int number)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                var lines = new LineReader(stream);
                var mail = new ScriptedMail("", [], "");
                if (!await Answer(stream, "CONNECT", "220 ready"))
                    return;
                while (await lines.Next(stop.Token) is { } command)
                {
                    Commands.Enqueue(command);
                    var verb = command.Split(' ', ':')[0].ToUpperInvariant();
                    if (verb == "MAIL")
                        mail = new ScriptedMail(command, [], "");
                    if (verb == "RCPT")
                        mail.Recipients.Add(command);
                    var friendly = verb switch
                    {
                        "EHLO" => string.Join(
                            "\r\n",
                            ["250-scripted", .. Extensions.Select(extension => $"250-{extension}"), "250 OK"]),
                        "DATA" => "354 go on",
                        "QUIT" => "221 bye",
                        "AUTH" => "235 welcome",
                        _ => "250 2.0.0 OK",
                    };
                    var (kept, code) = await Exchange(stream, command, friendly);
                    if (!kept || verb == "QUIT")
                        return;
                    if (code == "354")
                    {
                        if (await lines.Data(DropWithinData, stop.Token) is not { } data)
                            return;
                        Commands.Enqueue(".");
                        Mails.Enqueue(mail with { Data = data });
                        if (!await Answer(stream, ".", $"250 2.0.0 queued as {Mails.Count}"))
                            return;
                    }
                }
            }
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The other side, or the test, ended it.
        }
        finally
        {
            open.TryRemove(number, out _);
        }
    }

    private async Task<bool> Answer(NetworkStream stream, string command, string friendly) =>
        (await Exchange(stream, command, friendly)).Kept;

    private async Task<(bool Kept, string Code)> Exchange(NetworkStream stream, string command, string friendly)
    {
        var told = script
            .Where(entry => command.StartsWith(entry.Key, StringComparison.OrdinalIgnoreCase))
            .Select(entry => entry.Value)
            .FirstOrDefault(queue => !queue.IsEmpty);
        var answer = told is not null && told.TryDequeue(out var next) ? next : friendly;
        if (answer == Drop)
            return (false, "");
        if (answer == Silence)
            await Task.Delay(System.Threading.Timeout.Infinite, stop.Token);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer + "\r\n"), stop.Token);
        return (true, answer[..3]);
    }

    private sealed class LineReader(NetworkStream stream)
    {
        private readonly byte[] buffer = new byte[1 << 16];
        private int start;
        private int end;

        public async Task<string?> Next(CancellationToken cancellation)
        {
            var line = new List<byte>();
            while (await Byte(cancellation) is { } next)
            {
                if (next == '\n')
                    return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
                line.Add(next);
            }
            return null;
        }

        /// <summary>The message up to its final dot, dots undoubled; null where it was dropped or cut short.</summary>
        public async Task<string?> Data(int? dropAfter, CancellationToken cancellation)
        {
            var data = new StringBuilder();
            var bytes = 0;
            while (await Next(cancellation) is { } line)
            {
                if (line == ".")
                    return data.ToString();
                data.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
                if ((bytes += line.Length + 2) >= dropAfter)
                    return null;
            }
            return null;
        }

        private async Task<byte?> Byte(CancellationToken cancellation)
        {
            if (start == end)
            {
                start = 0;
                end = await stream.ReadAsync(buffer, cancellation);
                if (end == 0)
                    return null;
            }
            return buffer[start++];
        }
    }
}

/// <param name="Sender">The MAIL FROM command.</param>
/// <param name="Recipients">The RCPT TO commands.</param>
internal sealed record ScriptedMail(string Sender, List<string> Recipients, string Data);
