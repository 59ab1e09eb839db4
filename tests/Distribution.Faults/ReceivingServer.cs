using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Distribution.FaultSuite;

/// <summary>Where a letter is on its way in.</summary>
internal enum Moment { Greeted, Envelope, WithinData, TheDot, Answered }

/// <summary>
/// The missions' own mail server, as far as the suite is concerned: it keeps what it has read to the final dot, and
/// does to some letters what servers do on bad days. It lives in another process than the worker, so what it has got it
/// has got.
/// </summary>
internal sealed class ReceivingServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<int, Task> sessions = new();
    private readonly Arrivals arrivals;
    private readonly MailFaults faults;
    private readonly Task accepting;

    public ReceivingServer(Arrivals arrivals, MailFaults faults)
    {
        (this.arrivals, this.faults) = (arrivals, faults);
        listener.Start(512);
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Called before the server goes on, so that a worker can be killed at that very moment.</summary>
    public Action<Moment>? Passing { get; set; }

    /// <summary>Awaited between the final dot and the answer.</summary>
    public Func<Task> BeforeAnswer { get; set; } = () => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await Task.WhenAll([accepting, .. sessions.Values]);
        stop.Dispose();
    }

    private async Task Accept()
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
            try
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                var session = number;
                sessions[session] = Task.Run(async () =>
                {
                    await Serve(client);
                    sessions.TryRemove(session, out _);
                });
            }
            catch (Exception ended)
                when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
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
                await Converse(client, new(client.GetStream(), stop.Token));
            }
            catch (Exception ended)
                when (ended is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // The worker was killed, or the suite is over.
            }
    }

    private async Task Converse(TcpClient client, Line line)
    {
        Passing?.Invoke(Moment.Greeted);
        if (faults.OnGreeting())
        {
            Drop(client);
            return;
        }

        await line.Say("220 missions.example ready");
        List<string> mailboxes = [];
        var fault = MailFault.None;
        while (await line.Hear("\r\n"u8.ToArray()) is { } heard)
        {
            var command = Encoding.ASCII.GetString(heard).TrimEnd();
            switch (command.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await line.Say("250-missions.example\r\n250-8BITMIME\r\n250 SIZE 30000000");
                    break;
                case "MAIL":
                    mailboxes = [];
                    fault = faults.OnLetter();
                    if (fault == MailFault.Busy)
                    {
                        faults.Count("smtp: 421");
                        await line.Say("421 4.3.2 Too busy, come back");
                        return;
                    }

                    await line.Say("250 2.1.0 OK");
                    break;
                case "RCPT":
                    var mailbox = command[(command.IndexOf('<') + 1)..command.IndexOf('>')];
                    await line.Say(Recipient(mailbox, fault, mailboxes));
                    break;
                case "DATA":
                    if (!await Data(client, line, mailboxes, fault))
                        return;
                    break;
                case "QUIT":
                    await line.Say("221 2.0.0 Bye");
                    return;
                default:
                    await line.Say("250 2.0.0 OK");
                    break;
            }
        }
    }

    private string Recipient(string mailbox, MailFault fault, List<string> mailboxes)
    {
        Passing?.Invoke(Moment.Envelope);
        if (faults.IsAbsent(mailbox))
        {
            faults.Count("smtp: 550");
            arrivals.Refuse(mailbox);
            return "550 5.1.1 No such mailbox";
        }

        switch (fault)
        {
            case MailFault.LaterAtRecipient:
                faults.Count("smtp: 451 to the recipient");
                return "451 4.7.1 Come back later";
            case MailFault.FullAtRecipient:
                faults.Count("smtp: 452 to the recipient");
                return "452 4.2.2 The mailbox is full";
            default:
                mailboxes.Add(mailbox);
                return "250 2.1.5 OK";
        }
    }

    /// <returns>False where the connection is at its end.</returns>
    private async Task<bool> Data(TcpClient client, Line line, List<string> mailboxes, MailFault fault)
    {
        if (mailboxes is [])
        {
            await line.Say("503 5.5.1 Nobody to send it to");
            return true;
        }

        switch (fault)
        {
            case MailFault.DroppedBeforeData:
                faults.Count("smtp: dropped before DATA");
                Drop(client);
                return false;
            case MailFault.SilentBeforeData:
                faults.Count("smtp: silent before DATA");
                await line.Hear("never"u8.ToArray());
                return false;
        }

        await line.Say("354 Go on");
        if (fault == MailFault.DroppedWithinData)
        {
            faults.Count("smtp: dropped within DATA");
            await line.HearSome();
            Drop(client);
            return false;
        }

        if (Passing is { } passing)
        {
            await line.HearSome();
            passing(Moment.WithinData);
        }

        if (await line.Hear("\r\n.\r\n"u8.ToArray()) is not { } data)
            return false;
        switch (fault)
        {
            case MailFault.LaterAfterTheDot:
                faults.Count("smtp: 451 after the dot");
                await line.Say("451 4.3.0 Come back later");
                return true;
            case MailFault.DroppedAndLost:
                faults.Count("smtp: dropped after the dot, letter lost");
                Drop(client);
                return false;
        }

        var (messageId, whole) = await Read(data);
        arrivals.Keep(
            messageId,
            mailboxes,
            answerLost: fault is MailFault.DroppedButKept or MailFault.SilentButKept,
            whole);
        Passing?.Invoke(Moment.TheDot);
        switch (fault)
        {
            case MailFault.DroppedButKept:
                faults.Count("smtp: dropped after the dot, letter kept");
                Drop(client);
                return false;
            case MailFault.SilentButKept:
                faults.Count("smtp: silent after the dot, letter kept");
                await line.Hear("never"u8.ToArray());
                return false;
        }

        await BeforeAnswer();
        await line.Say("250 2.0.0 Taken");
        Passing?.Invoke(Moment.Answered);
        return true;
    }

    private static async Task<(string MessageId, bool Whole)> Read(byte[] data)
    {
        using var message = await MimeMessage.LoadAsync(new MemoryStream(data));
        var files = message.Attachments.OfType<MimePart>().ToList();
        return (
            message.MessageId ?? "",
            message.TextBody is { Length: > 0 }
                && message.HtmlBody is { Length: > 0 }
                && files.Count >= 2
                && files.All(EndsWell));
    }

    /// <summary>PDFs end with a mark of their own.</summary>
    private static bool EndsWell(MimePart file)
    {
        using var bytes = new MemoryStream();
        file.Content?.DecodeTo(bytes);
        return bytes.Length > 1_000
            && Encoding
                .ASCII.GetString(bytes.GetBuffer(), (int)bytes.Length - 32, 32)
                .Contains("%%EOF", StringComparison.Ordinal);
    }

    /// <summary>Ends the connection as a crash does, without a farewell.</summary>
    private static void Drop(TcpClient client)
    {
        client.LingerState = new(true, 0);
        client.Close();
    }

    /// <summary>
    /// A conversation in which each side waits for the other, so that what is heard ends where a turn ends.
    /// </summary>
    private sealed class Line(NetworkStream stream, CancellationToken stop)
    {
        private byte[] buffer = new byte[1 << 16];
        private int length;

        public ValueTask Say(string answer) => stream.WriteAsync(Encoding.ASCII.GetBytes(answer + "\r\n"), stop);

        /// <returns>All that was said up to this ending; null where the other side left before.</returns>
        public async Task<byte[]?> Hear(byte[] ending)
        {
            while (!buffer.AsSpan(0, length).EndsWith(ending))
                if (!await HearSome())
                    return null;
            var heard = buffer[..length];
            length = 0;
            return heard;
        }

        /// <returns>False where the other side has left.</returns>
        public async Task<bool> HearSome()
        {
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var read = await stream.ReadAsync(buffer.AsMemory(length), stop);
            length += read;
            return read > 0;
        }
    }
}
