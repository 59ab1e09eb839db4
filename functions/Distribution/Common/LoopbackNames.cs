using System.Net;

namespace Distribution.Common;

/// <summary>Recognizes host names and addresses of this machine (loopback).</summary>
internal static class LoopbackNames
{
    /// <summary>True for <c>localhost</c>, <c>127.0.0.0/8</c> and <c>::1</c>, with brackets or without.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
