using System.Net;
using System.Net.Sockets;

namespace Distribution.FaultSuite;

/// <summary>A cable between a worker and a server on this machine that is pulled now and then.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly int target;
    private readonly Func<bool> cutsUp;
    private readonly Func<bool> cutsDown;
    private readonly Task accepting;
    private readonly List<Task> connections = [];

    /// <param name="cutsUp">
    /// Asked at each piece on its way to the server: true resets the connection before the piece has arrived.
    /// </param>
    /// <param name="cutsDown">
    /// Asked at each piece on its way back: true resets the connection, and what the server had done is done.
    /// </param>
    public Relay(int target, Func<bool> cutsUp, Func<bool> cutsDown)
    {
        (this.target, this.cutsUp, this.cutsDown) = (target, cutsUp, cutsDown);
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(connections);
        stop.Dispose();
    }

    private async Task Accept()
    {
        while (!stop.IsCancellationRequested)
            try
            {
                connections.Add(Join(await listener.AcceptTcpClientAsync(stop.Token)));
            }
            catch (Exception ended)
                when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
    }

    private async Task Join(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
            try
            {
                client.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, target, stop.Token);
                await Task.WhenAny(Carry(client, server, cutsUp), Carry(server, client, cutsDown));
            }
            catch (Exception ended) when (IsEnd(ended))
            {
                // One of the two has gone.
            }
    }

    private async Task Carry(TcpClient from, TcpClient to, Func<bool> cuts)
    {
        try
        {
            var buffer = new byte[1 << 14];
            var (source, target) = (from.GetStream(), to.GetStream());
            while (await source.ReadAsync(buffer, stop.Token) is > 0 and var read)
            {
                if (cuts())
                {
                    from.LingerState = to.LingerState = new(true, 0);
                    return;
                }

                await target.WriteAsync(buffer.AsMemory(0, read), stop.Token);
            }
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            // One of the two has gone.
        }
    }

    private static bool IsEnd(Exception ended) =>
        ended
            is IOException
                or SocketException
                or OperationCanceledException
                or ObjectDisposedException
                or InvalidOperationException;
}
