using System.Net;
using System.Net.Sockets;
using Distribution.Common;
using DnsClient;
using DnsClient.Protocol;

namespace Distribution.Local.DomainCheck;

/// <summary>What the DNS says about a name.</summary>
/// <param name="Values">The records of the requested type, as text; the strings of a TXT record are joined.</param>
/// <param name="Exists">False where there is no such name at all (NXDOMAIN).</param>
/// <param name="Failure">Why nothing is known, in words; null where the DNS answered.</param>
internal sealed record DnsAnswer(IReadOnlyList<string> Values, bool Exists, string? Failure)
{
    /// <summary>Why there is no record, in words: there is no such name, or it has none of that type.</summary>
    public string Absence(string name) => Exists ? $"{name} has no such record" : $"there is no {name}";
}

/// <summary>Queries the DNS, and caches answers for the length of one check.</summary>
internal sealed class DnsAnswers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly LookupClient client;
    private readonly Dictionary<(string, QueryType), DnsAnswer> known = [];

    /// <param name="server">The DNS server; null for this machine's own.</param>
    /// <param name="patience">The timeout of a query; null for the usual one.</param>
    /// <exception cref="LocalFaultException">This machine has no DNS server set.</exception>
    public DnsAnswers(IPEndPoint? server, TimeSpan? patience)
    {
        try
        {
            var options = server is null ? new LookupClientOptions() : new LookupClientOptions(server);
            // That a name does not exist is an answer here, and no exception.
            (options.Timeout, options.Retries, options.UseCache, options.ThrowDnsErrors) = (
                patience ?? Patience,
                1,
                false,
                false);
            client = new(options);
        }
        catch (InvalidOperationException)
        {
            throw new LocalFaultException(
                "This machine has no DNS server set.",
                "Name one with --dns, such as --dns 9.9.9.9:53.");
        }
    }

    /// <summary>The TXT records, each as one text.</summary>
    public Task<DnsAnswer> Texts(string name, CancellationToken cancellation) =>
        Ask(name, QueryType.TXT, record => record is TxtRecord text ? string.Concat(text.Text) : null, cancellation);

    /// <summary>The MX records, the preferred server first; <c>.</c> for a domain that accepts no mail.</summary>
    public Task<DnsAnswer> MailServers(string name, CancellationToken cancellation) =>
        Ask(
            name,
            QueryType.MX,
            // With five digits, so that the order of the texts is the order of the preferences, which go to 65535.
            record => record is MxRecord mx ? $"{mx.Preference:00000} {mx.Exchange.Value}" : null,
            cancellation);

    /// <summary>The IPv4 addresses (A records).</summary>
    public Task<DnsAnswer> Addresses(string name, CancellationToken cancellation) =>
        Ask(name, QueryType.A, record => (record as ARecord)?.Address.ToString(), cancellation);

    /// <summary>The IPv6 addresses (AAAA records).</summary>
    public Task<DnsAnswer> Addresses6(string name, CancellationToken cancellation) =>
        Ask(name, QueryType.AAAA, record => (record as AaaaRecord)?.Address.ToString(), cancellation);

    private async Task<DnsAnswer> Ask(
        string name,
        QueryType type,
        Func<DnsResourceRecord, string?> read,
        CancellationToken cancellation)
    {
        if (known.TryGetValue((name, type), out var before))
            return before;
        return known[(name, type)] = await Ask();

        async Task<DnsAnswer> Ask()
        {
            try
            {
                var answer = await client.QueryAsync(name, type, cancellationToken: cancellation);
                return answer.Header.ResponseCode switch
                {
                    DnsHeaderResponseCode.NoError => new(
                        // Servers turn the order from answer to answer. What was not asked for, such as the alias on
                        // the way, is left out.
                        [.. answer.Answers.Select(read).OfType<string>().Order(StringComparer.Ordinal)],
                        true,
                        null),
                    DnsHeaderResponseCode.NotExistentDomain => new([], false, null),
                    DnsHeaderResponseCode.ServerFailure => new(
                        [],
                        true,
                        $"the DNS server failed when asked for {name} (SERVFAIL): the domain's own servers may be down, or their signatures broken"
                    ),
                    var code => new([], true, $"the DNS server would not answer for {name} ({code})"),
                };
            }
            catch (Exception silent)
                when (!cancellation.IsCancellationRequested
                    && silent is OperationCanceledException or DnsResponseException or SocketException)
            {
                return new([], true, silent is DnsResponseException { Code: not DnsResponseCode.ConnectionTimeout } told
                    ? $"the DNS server could not be asked for {name}: {SingleLine.Of(told.Message).TrimEnd('.')}"
                    : $"the DNS server did not answer in time when asked for {name}");
            }
            // A label of more than 63 characters or the like: such a name is in no zone.
            catch (Exception unwritable) when (unwritable is ArgumentException)
            {
                return new([], false, null);
            }
        }
    }
}
