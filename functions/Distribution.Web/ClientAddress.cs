using System.Net;
using System.Net.Sockets;
using Distribution.Common;
using Microsoft.AspNetCore.Http;

namespace Distribution.Web;

/// <summary>
/// Whom a request is counted for. Under Functions the connection's address is the one the platform's front end was
/// called from. <c>X-Forwarded-For</c>
/// is never read here: anyone can begin it with what they like.
/// </summary>
internal static class ClientAddress
{
    /// <summary>Whoever has one IPv6 address has the network's other ones too.</summary>
    private const int NetworkBytes = 8;

    /// <param name="header">As <see cref="LimitSettings.ClientAddressHeader"/> has it.</param>
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
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
            { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(
                address.GetAddressBytes().AsSpan(0, NetworkBytes)),
            _ => address.ToString(),
        };
    }
}
