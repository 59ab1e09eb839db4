using System.Net;
using System.Net.Sockets;

namespace Distribution.Local.Servers;

/// <summary>Ports on 127.0.0.1.</summary>
internal static class Ports
{
    /// <summary>
    /// Different ports that nothing listens on at this moment. Another program may still take one before it is used.
    /// </summary>
    public static IReadOnlyList<int> Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            // All of them at once: a port that is let go before the next is asked for could come twice.
            listeners.ForEach(listener => listener.Start());
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    /// <returns>Whether this process could listen there at this moment.</returns>
    public static bool IsFree(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
