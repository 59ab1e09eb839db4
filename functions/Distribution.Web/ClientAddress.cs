using System.Net;
using System.Net.Sockets;
using Distribution.Common;
using Microsoft.AspNetCore.Http;

namespace Distribution.Web;

/// <summary>
/// Finds the client address that rate limits count a request under. Under Functions, the connection's address is the
/// address that called the platform's front end. Of the headers only the one the settings name is read: any client can
/// start <c>X-Forwarded-For</c> with whatever it likes.
/// </summary>
internal static class ClientAddress
{
    /// <summary>
    /// In bytes (a /64). A client with one IPv6 address has the others of its network too, so they are counted
    /// together.
    /// </summary>
    private const int NetworkBytes = 8;

    /// <param name="header">As <see cref="LimitSettings.ClientAddressHeader"/> has it; empty for none.</param>
    /// <returns>
    /// An IPv4 address; the first 8 bytes of an IPv6 address in hexadecimal; empty where no address is known.
    /// </returns>
    public static string Of(HttpContext context, string header)
    {
        var address =
            header.Length > 0
            && context.Request.Headers[header] is [{ } value]
            && IPAddress.TryParse(value.Trim(), out var said)
                ? said
                : context.Connection.RemoteIpAddress;
        return address switch
        {
            null => "",
            // A socket for both families gives an IPv4 client as ::ffff:192.0.2.1; as IPv6, all of them would be one
            // network.
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
            { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(
                address.GetAddressBytes().AsSpan(0, NetworkBytes)),
            _ => address.ToString(),
        };
    }
}
