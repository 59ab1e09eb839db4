using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Distribution.Tests.Fixtures;

namespace Distribution.Tests.Mail;

/// <summary>
/// An SMTP server that does as it is told: for each command an answer, a dropped connection or silence. What is not
/// told it does as a friendly server would. <c>CONNECT</c> stands for the greeting and <c>.</c> for the end of DATA.
/// Where all is to go well, <see cref="SmtpReceiver"/> is the server.
/// </summary>
internal sealed class ScriptedSmtpServer : IAsyncDisposable
{
    private readonly ScriptedServer server;
    private readonly Lock counting = new();
    private int atOnce;
    private int turnedAway;

    public ScriptedSmtpServer() => server = new(Serve);

    public int Port => server.Port;

    public int Connections => server.Connections;

    /// <summary>What EHLO offers.</summary>
    public string[] Extensions { get; set; } = ["8BITMIME"];

    /// <summary>The most connections at once; a further one is turned away.</summary>
    public int MostConnections { get; set; } = int.MaxValue;

    /// <summary>How many connections there were at once that were not turned away.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>How many connections were turned away.</summary>
    public int TurnedAway => turnedAway;

    /// <summary>The connection is dropped once this many bytes of a message have come.</summary>
    public int? DropWithinData { get; set; }

    /// <summary>Every command as it came, in order.</summary>
    public ConcurrentQueue<string> Commands { get; } = new();

    /// <summary>Every message that came whole, with its envelope, whatever was answered.</summary>
    public ConcurrentQueue<ScriptedMail> Mails { get; } = new();

    /// <inheritdoc cref="ScriptedServer.On"/>
    public ScriptedSmtpServer On(string command, params string[] answers)
    {
        server.On(command, answers);
        return this;
    }

    /// <inheritdoc cref="ScriptedServer.Forget"/>
    public void Forget() => server.Forget();

    /// <inheritdoc cref="ScriptedServer.BeforeAnswer"/>
    public Func<string, Task> BeforeAnswer
    {
        set => server.BeforeAnswer = value;
    }

    /// <inheritdoc cref="ScriptedServer.HangUp"/>
    public void HangUp() => server.HangUp();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task Serve(NetworkStream stream, CancellationToken stop)
    {
        bool isOneTooMany;
        lock (counting)
        {
            isOneTooMany = ++atOnce > MostConnections;
            if (!isOneTooMany)
                MostAtOnce = Math.Max(MostAtOnce, atOnce);
        }

        try
        {
            if (isOneTooMany)
            {
                Interlocked.Increment(ref turnedAway);
                await stream.WriteAsync("421 4.7.0 Too many connections from your host\r\n"u8.ToArray(), stop);
            }
            else
                await Converse(stream, stop);
        }
        finally
        {
            lock (counting)
                atOnce--;
        }
    }

    private async Task Converse(NetworkStream stream, CancellationToken stop)
    {
        var lines = new LineReader(stream);
        var mail = new ScriptedMail("", [], "");
        if (await Answer(stream, "CONNECT", "220 ready", stop) is null)
            return;
        while (await lines.Next(stop) is { } command)
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
            var code = await Answer(stream, command, friendly, stop);
            if (code is null || verb == "QUIT")
                return;
            if (code == "354")
            {
                if (await lines.Data(DropWithinData, stop) is not { } data)
                    return;
                Commands.Enqueue(".");
                Mails.Enqueue(mail with { Data = data });
                if (await Answer(stream, ".", $"250 2.0.0 queued as {Mails.Count}", stop) is null)
                    return;
            }
        }
    }

    /// <returns>The code that was answered; null where the connection is to be closed.</returns>
    private async Task<string?> Answer(
        NetworkStream stream,
        string command,
        string friendly,
        CancellationToken cancellation)
    {
        if (await server.AnswerTo(command, friendly) is not { } answer)
            return null;
        if (answer.StartsWith(ScriptedServer.Forever, StringComparison.Ordinal))
            await ScriptedServer.Flood(stream, answer[ScriptedServer.Forever.Length..], cancellation);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer + "\r\n"), cancellation);
        return answer[..3];
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
