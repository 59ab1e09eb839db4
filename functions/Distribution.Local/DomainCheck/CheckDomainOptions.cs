using System.Net;

namespace Distribution.Local.DomainCheck;

/// <summary>What the command line of <c>check-domain</c> asks for, checked.</summary>
/// <param name="Domain">In ASCII and lower case.</param>
/// <param name="Selectors">Of DKIM keys; empty for those the way out uses.</param>
/// <param name="Dns">The server to ask; null for this machine's own.</param>
internal sealed record CheckDomainOptions(string Domain, IReadOnlyList<string> Selectors, IPEndPoint? Dns);
