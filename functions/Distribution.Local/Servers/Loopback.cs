using System.Net.Sockets;

namespace Distribution.Local.Servers;

/// <summary>Checks whether servers on this machine answer; never through a proxy.</summary>
internal static class Loopback
{
    private static readonly HttpClient Client = new(
        // No connection is kept: a server that was ended and started again on its port would be asked over a dead one.
        new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>The body of any answer, or null where nothing answers yet.</summary>
    public static async Task<string?> Get(Uri address, CancellationToken cancellation)
    {
        try
        {
            using var answer = await Client.GetAsync(address, cancellation);
            return await answer.Content.ReadAsStringAsync(cancellation);
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Whether a mail server greets on the port (SMTP 220).</summary>
    public static async Task<bool> Greets(int port, CancellationToken cancellation)
    {
        try
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync("127.0.0.1", port, cancellation);
            using var reader = new StreamReader(connection.GetStream());
            var greeting = await reader
                .ReadLineAsync(cancellation)
                .AsTask()
                .WaitAsync(TimeSpan.FromSeconds(5), cancellation);
            // So that the server does not note a client that broke off.
            await connection.GetStream().WriteAsync("QUIT\r\n"u8.ToArray(), cancellation);
            return greeting?.StartsWith("220", StringComparison.Ordinal) is true;
        }
        catch (Exception absent) when (absent is SocketException or IOException or TimeoutException)
        {
            return false;
        }
    }
}
