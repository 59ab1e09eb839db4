using System.Net;
using Distribution.Common;

namespace Distribution.Local.DomainCheck;

/// <summary>
/// Checks that the domain says which servers may send for it (SPF, RFC 7208), in a way that receivers can evaluate.
/// </summary>
internal sealed class SpfCheck(DnsAnswers dns, SendingSetup setup)
{
    /// <summary>Receivers treat a record that needs more DNS lookups than this as invalid.</summary>
    private const int MostLookups = 10;

    private const string About = "SPF";
    private const string SendGrid = "sendgrid.net";

    /// <param name="domain">The domain of the envelope's sender, in ASCII and lower case.</param>
    /// <returns>One finding; several where several terms of the record are wrong.</returns>
    public async Task<IReadOnlyList<DomainFinding>> Check(string domain, CancellationToken cancellation)
    {
        var found = await dns.Texts(domain, cancellation);
        if (found.Failure is { } failure)
            return [new(Grade.Unknown, About, $"Not known: {failure}. Try again.")];
        var records = found.Values.Where(IsSpf).ToList();
        if (records.Count == 0)
            return
            [
                Missing(
                    $"{Capital(found.Absence(domain))}. Publish: {domain} TXT \"{Suggested}\"{(setup.UsesSendGrid ? "" : ", with the addresses of your mail servers")}."
                ),
            ];
        // RFC 7208, section 4.5: several records are a permanent error.
        if (records.Count > 1)
            return
            [
                Missing(
                    $"{domain} has {records.Count} SPF records, and receivers then heed none. Make one of them: {string.Join(" and ", records.Select(record => $"\"{SingleLine.Of(record)}\""))}."
                ),
            ];

        var walk = new Walk();
        await Follow(domain, records[0], walk, [domain], cancellation);
        if (walk.Unknown is { } unknown)
            return [new(
                Grade.Unknown,
                About,
                $"\"{SingleLine.Of(records[0])}\" could not be followed: {unknown}. Try again.")];
        if (walk.Faults.Count > 0)
            return [.. walk.Faults.Select(fault => Missing($"\"{SingleLine.Of(records[0])}\": {fault}"))];
        if (walk.Lookups > MostLookups)
            return
            [
                Missing(
                    $"\"{SingleLine.Of(records[0])}\" takes {walk.Lookups} lookups and may take {MostLookups}: receivers void it. Replace some of its includes by addresses (ip4:)."
                ),
            ];
        // Not ?all either: receivers treat neutral as if there were no record (RFC 7208, section 8.2).
        if (walk.End is not ("-all" or "~all"))
            return
            [
                Missing(
                    $"\"{SingleLine.Of(records[0])}\" {(walk.End is null ? "has no end" : $"ends in {walk.End}")}, so every server in the world may send for {domain}. Publish: {domain} TXT \"{Ended(records[0])}\"."
                ),
            ];
        return setup.UsesSendGrid && !walk.Included.Contains(SendGrid)
            ?
            [
                new(
                    Grade.Look,
                    About,
                    $"\"{SingleLine.Of(records[0])}\" does not include {SendGrid}. Where SendGrid shows no return path of its own for {domain} (such as em1234.{domain}), publish: {domain} TXT \"{Including(records[0])}\"."
                ),
            ]
            :
            [
                new(
                    Grade.Good,
                    About,
                    $"One record, which takes {walk.Lookups} of {MostLookups} lookups and ends in {walk.End}: \"{SingleLine.Of(records[0])}\"."
                ),
            ];
    }

    private string Suggested => setup.UsesSendGrid ? $"v=spf1 include:{SendGrid} -all" : "v=spf1 ip4:ADDRESS -all";

    private async Task Follow(
        string domain,
        string record,
        Walk walk,
        IReadOnlyList<string> way,
        CancellationToken cancellation)
    {
        string? redirect = null;
        var ended = false;
        foreach (var term in record.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            // Terms after “all” do not count. Far over the limit, the verdict is known: no more queries.
            if (ended || walk.Lookups > 2 * MostLookups)
                break;
            var qualifier = term[0] is '+' or '-' or '~' or '?' ? term[0] : '+';
            var mechanism = term.TrimStart('+', '-', '~', '?');
            var (name, value) = mechanism.IndexOfAny([':', '=', '/']) is >= 0 and var at
                ? (mechanism[..at].ToLowerInvariant(), mechanism[(mechanism[at] == '/' ? at : at + 1)..])
                : (mechanism.ToLowerInvariant(), "");
            switch (name)
            {
                case "all" when value.Length == 0:
                    ended = true;
                    // An “all” of a record that is included says only whether the include matches (RFC 7208, section
                    // 5.2).
                    if (way.Count == 1)
                        walk.End = $"{qualifier}all";
                    break;
                // These cost no lookup; of those below, each one counts (RFC 7208, section 4.6.4).
                case "ip4" when IsAddress(value, AddressesOf4):
                case "ip6" when IsAddress(value, AddressesOf6):
                case "exp" when value.Length > 0:
                    break;
                case "a" or "mx" or "ptr":
                case "exists" when value.Length > 0:
                    walk.Lookups++;
                    break;
                case "include" when value.Length > 0:
                    walk.Lookups++;
                    walk.Included.Add(value.ToLowerInvariant().TrimEnd('.'));
                    await Include(value, walk, way, cancellation);
                    break;
                case "redirect" when value.Length > 0:
                    redirect = value;
                    break;
                case var unknown when term.Contains('=', StringComparison.Ordinal)
                    && !mechanism.StartsWith(unknown + ":", StringComparison.Ordinal)
                    && unknown is not ("redirect" or "exp"):
                    break; // A modifier nobody knows is passed over.
                default:
                    walk.Faults.Add(
                        $"“{term}”{(way.Count > 1 ? $" in the record of {domain}" : "")} is not understood, and receivers void the record. Correct it."
                    );
                    break;
            }
        }

        // A redirect does not count beside an “all”, wherever it stands (RFC 7208, section 6.1).
        if (ended || redirect is null)
            return;
        walk.Lookups++;
        if (way.Count == 1)
            walk.End = await EndOf(redirect, walk, cancellation);
        await Include(redirect, walk, way, cancellation);
    }

    private async Task Include(string name, Walk walk, IReadOnlyList<string> way, CancellationToken cancellation)
    {
        // A name with macros depends on the message, so it cannot be resolved here.
        if (name.Contains('%', StringComparison.Ordinal))
            return;
        name = name.ToLowerInvariant().TrimEnd('.');
        if (way.Contains(name))
        {
            walk.Faults.Add($"it includes {name} in a circle, and receivers void the record. Take that out.");
            return;
        }

        var found = await dns.Texts(name, cancellation);
        // The first that was not answered is the one to look after.
        walk.Unknown ??= found.Failure;
        if (found.Failure is not null)
            return;
        if (found.Values.Where(IsSpf).ToList() is [var record])
            await Follow(name, record, walk, [.. way, name], cancellation);
        else
            walk.Faults.Add(
                $"it includes {name}, which has {(found.Values.Any(IsSpf) ? "several SPF records" : "none")}, and receivers void the record. Take that out."
            );
    }

    private async Task<string?> EndOf(string name, Walk walk, CancellationToken cancellation)
    {
        // Bounded by itself: a circle of redirects is told by the walk, and must not hold this one.
        for (var hops = 0; hops < MostLookups; hops++)
        {
            var found = await dns.Texts(name.ToLowerInvariant().TrimEnd('.'), cancellation);
            walk.Unknown ??= found.Failure;
            var terms = found.Values.FirstOrDefault(IsSpf)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            if (terms.FirstOrDefault(term =>
                    term.TrimStart('+', '-', '~', '?').Equals("all", StringComparison.OrdinalIgnoreCase)) is
                { } end)
                return end[0] is 'a' or 'A' ? "+all" : end.ToLowerInvariant();
            if (terms.FirstOrDefault(term => term.StartsWith("redirect=", StringComparison.OrdinalIgnoreCase))
                is not { } further)
                return null;
            name = further["redirect=".Length..];
        }

        return null;
    }

    private static bool IsSpf(string text) =>
        text.Equals("v=spf1", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("v=spf1 ", StringComparison.OrdinalIgnoreCase);

    private const int AddressesOf4 = 32;
    private const int AddressesOf6 = 128;

    private static bool IsAddress(string value, int bits) =>
        value.Split('/') is [var address, .. var length]
        && length.Length <= 1
        && IPAddress.TryParse(address, out var read)
        && read.GetAddressBytes().Length * 8 == bits
        && length.All(prefix => int.TryParse(prefix, out var count) && count >= 0 && count <= bits);

    private static string Ended(string record) =>
        string.Join(
            ' ',
            record
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(term => !term.TrimStart('+', '-', '~', '?').Equals("all", StringComparison.OrdinalIgnoreCase))
                .Append("-all"));

    private static string Including(string record) =>
        record.Split(' ', StringSplitOptions.RemoveEmptyEntries) is var terms && terms is [var version, .. var rest]
            ? string.Join(' ', [version, $"include:{SendGrid}", .. rest])
            : record;

    private static DomainFinding Missing(string words) => new(Grade.Missing, About, words);

    private static string Capital(string words) => $"{char.ToUpperInvariant(words[0])}{words[1..]}";

    /// <summary>What was found while following a record and the records it includes.</summary>
    private sealed class Walk
    {
        public int Lookups { get; set; }

        /// <summary>
        /// The “all” at the end of the domain's own record, or of the one it redirects to; null where there is none.
        /// </summary>
        public string? End { get; set; }

        public string? Unknown { get; set; }

        public List<string> Faults { get; } = [];

        public HashSet<string> Included { get; } = [];
    }
}
