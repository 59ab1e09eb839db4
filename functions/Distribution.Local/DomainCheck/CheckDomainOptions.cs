using System.Net;

namespace Distribution.Local.DomainCheck;

/// <summary>The checked options of the command <c>check-domain</c>.</summary>
/// <param name="Domain">In ASCII and lower case.</param>
/// <param name="Selectors">Selectors of DKIM keys; empty for those that the settings use.</param>
/// <param name="Dns">The DNS server to ask; null for this machine's own.</param>
internal sealed record CheckDomainOptions(string Domain, IReadOnlyList<string> Selectors, IPEndPoint? Dns);
