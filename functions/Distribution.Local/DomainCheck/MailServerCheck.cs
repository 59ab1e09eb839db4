using Distribution.Common;

namespace Distribution.Local.DomainCheck;

/// <summary>Checks that bounces and replies can come back: their domains must have mail servers (MX).</summary>
internal sealed class MailServerCheck(DnsAnswers dns, SendingSetup setup)
{
    private const string About = "MX";

    /// <param name="domain">Where bounces go when no return path is set; in ASCII and lower case.</param>
    /// <returns>One finding for bounces, and one for tracked replies where they have an address.</returns>
    public async Task<IReadOnlyList<DomainFinding>> Check(string domain, CancellationToken cancellation)
    {
        List<DomainFinding> findings = [];
        foreach (
            var (receiver, what) in ((string, string)[])
                [
                    (setup.ReturnDomain ?? domain, "Bounces"),
                    .. setup.ReplyDomain is { } replies
                        ? [(replies, "Tracked replies")]
                        : Array.Empty<(string, string)>(),
                ])
            findings.Add(await Check(receiver, what, cancellation));
        return findings;
    }

    private async Task<DomainFinding> Check(string domain, string what, CancellationToken cancellation)
    {
        var found = await dns.MailServers(domain, cancellation);
        if (found.Failure is { } failure)
            return new(Grade.Unknown, About, $"Not known: {failure}. Try again.");
        // Without an MX record, mail goes to the address of the domain itself (RFC 5321, section 5.1).
        if (found.Values is [])
            return (await dns.Addresses(domain, cancellation))
                .Values.Concat((await dns.Addresses6(domain, cancellation)).Values)
                .Any()
                ? new(
                    Grade.Look,
                    About,
                    $"{what} reach {domain} by its address alone. Publish: {domain} MX 10 MAIL-SERVER.")
                : new(
                    Grade.Missing,
                    About,
                    $"{what} cannot reach {domain}: {found.Absence(domain)}. Publish: {domain} MX 10 MAIL-SERVER.");
        var servers = found
            .Values.Select(value => value[(value.IndexOf(' ', StringComparison.Ordinal) + 1)..].TrimEnd('.'))
            .ToList();
        // A null MX (RFC 7505): the domain says that it takes no mail.
        if (servers.TrueForAll(server => server.Length == 0))
            return new(
                Grade.Missing,
                About,
                $"{what} cannot reach {domain}, which says that it takes no mail (MX 0 .). Publish: {domain} MX 10 MAIL-SERVER."
            );
        // One server without an address is enough to be told: a sender may try that one first.
        foreach (var server in servers)
            if ((await dns.Addresses(server, cancellation)) is { Failure: null, Values: [] }
                && (await dns.Addresses6(server, cancellation)) is { Failure: null, Values: [] })
                return new(
                    Grade.Missing,
                    About,
                    $"{what} cannot reach {domain}: its mail server {server} has no address. Correct the MX record.");
        return new(Grade.Good, About, $"{what} reach {domain} at {EnglishText.Listed(servers)}.");
    }
}
