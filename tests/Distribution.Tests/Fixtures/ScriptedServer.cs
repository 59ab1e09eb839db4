using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Distribution.Tests.Fixtures;

/// <summary>
/// A TCP server on loopback for what no well-behaved server does: it does to each connection what it is told, and
/// answers commands by a script. The protocols are spoken by those who make one.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    /// <summary>For an answer: the connection is closed instead.</summary>
    public const string Drop = "drop";

    /// <summary>For an answer: none comes for as long as the server lives.</summary>
    public const string Silence = "silence";

    /// <summary>For the beginning of an answer: the rest of it is said again and again, without end.</summary>
    public const string Forever = "forever ";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> script = new();
    private readonly ConcurrentBag<Task> sessions = [];
    private readonly ConcurrentDictionary<int, TcpClient> open = new();
    private readonly Func<NetworkStream, CancellationToken, Task> serve;
    private readonly Task accepting;
    private int connections;

    /// <param name="serve">
    /// What is done to one connection, which is closed when that ends. An end by the other side, or with the test, need
    /// not be caught.
    /// </param>
    public ScriptedServer(Func<NetworkStream, CancellationToken, Task> serve)
    {
        this.serve = serve;
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What happens before a command is answered, such as that the server takes its time.</summary>
    public Func<string, Task> BeforeAnswer { get; set; } = _ => Task.CompletedTask;

    /// <summary>How many connections there have been.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>Answers for commands that start like this, one after the other; then the usual answer again.</summary>
    public void On(string command, params string[] answers)
    {
        var queue = script.GetOrAdd(command, _ => new());
        foreach (var answer in answers)
            queue.Enqueue(answer);
    }

    /// <summary>From now on every command has its usual answer.</summary>
    public void Forget() => script.Clear();

    /// <returns>
    /// What to answer: what the script says, else what is usual; null where the connection is to be closed.
    /// </returns>
    public async Task<string?> AnswerTo(string command, string usual)
    {
        await BeforeAnswer(command);
        var told = script
            .Where(entry => command.StartsWith(entry.Key, StringComparison.OrdinalIgnoreCase))
            .Select(entry => entry.Value)
            .FirstOrDefault(queue => !queue.IsEmpty);
        var answer = told is not null && told.TryDequeue(out var next) ? next : usual;
        if (answer == Silence)
            await Task.Delay(Timeout.Infinite, stop.Token);
        return answer == Drop ? null : answer;
    }

    /// <summary>Says something over and over until the other side hangs up, or the test ends.</summary>
    public static async Task Flood(Stream stream, string words, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(words, 65_536 / words.Length + 1)));
        while (true)
            await stream.WriteAsync(bytes, cancellation);
    }

    /// <summary>Ends every open connection, as a server does with idle ones.</summary>
    public void HangUp()
    {
        foreach (var client in open.Values)
            client.Close();
    }

    /// <summary>Ends it; once it has ended this does nothing, so that a test may end it before its time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stop.IsCancellationRequested)
            return;
        await stop.CancelAsync();
        listener.Stop();
        HangUp();
        await Task.WhenAll([accepting, .. sessions]);
        stop.Dispose();
    }

    private static bool IsAnEnd(Exception exception) =>
        exception is IOException or OperationCanceledException or ObjectDisposedException or SocketException;

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stop.Token);
                var number = Interlocked.Increment(ref connections);
                open[number] = client;
                sessions.Add(Serve(client, number));
            }
        }
        catch (Exception exception) when (IsAnEnd(exception) || stop.IsCancellationRequested)
        {
            // The test is over; the listener may say so as an invalid operation.
        }
    }

    private async Task Serve(TcpClient client, int number)
    {
        try
        {
            using (client)
                await serve(client.GetStream(), stop.Token);
        }
        catch (Exception exception) when (IsAnEnd(exception))
        {
            // The other side, or the test, ended it.
        }
        finally
        {
            open.TryRemove(number, out _);
        }
    }
}
