using System.Net;
using Distribution.Local.Servers;

namespace Distribution.Local;

/// <summary>The address the pages are served on.</summary>
internal static class ServedAddress
{
    /// <summary>So many addresses, from this one on; the ports after it, or any free ones in place of port 0.</summary>
    /// <exception cref="LocalFaultException">A port is in use.</exception>
    public static IReadOnlyList<Uri> Settle(Uri address, int count) =>
        [
            .. Enumerable.Range(0, count).Select(place =>
                Settle(address.Port == 0 ? address : new UriBuilder(address) { Port = address.Port + place }.Uri)),
        ];

    /// <summary>The address itself, with a free port in place of port 0.</summary>
    /// <exception cref="LocalFaultException">The port is in use.</exception>
    public static Uri Settle(Uri address)
    {
        if (address.Port == 0)
            return new UriBuilder(address) { Port = Ports.Free(1)[0] }.Uri;
        // What is no number is localhost: the option takes nothing else.
        var ip = IPAddress.TryParse(address.Host.Trim('[', ']'), out var given) ? given : IPAddress.Loopback;
        return Ports.IsFree(ip, address.Port) ? address : throw Taken(address);
    }

    /// <summary>The fault of a port that another program has.</summary>
    public static LocalFaultException Taken(Uri address) =>
        new(
            $"Port {address.Port} on this machine is taken by another program.",
            $"Stop it, or give another address, such as --urls http://127.0.0.1:{(address.Port < 65535 ? address.Port + 1 : 5080)}."
        );
}
