using Distribution.Common;
using Distribution.Mail;

namespace Distribution.Local.DomainCheck;

/// <summary>
/// Checks that the domain tells receivers what to do with letters that fail authentication (DMARC, RFC 9989).
/// </summary>
internal sealed class DmarcCheck(DnsAnswers dns, SendingSetup setup)
{
    private const string About = "DMARC";

    /// <param name="domain">In ASCII and lower case.</param>
    /// <returns>One finding where all is well; otherwise one for each thing that is missing or worth a look.</returns>
    public async Task<IReadOnlyList<DomainFinding>> Check(string domain, CancellationToken cancellation)
    {
        // A domain without a record is covered by that of its organization: the highest one on the way up, unless one
        // says by psd= where the organization's domains begin (RFC 9989, section 4.10).
        (string Holder, string Record)? covering = null;
        var below = domain;
        for (var holder = domain; ; holder = Above(holder))
        {
            var name = $"_dmarc.{holder}";
            var found = await dns.Texts(name, cancellation);
            if (found.Failure is { } failure)
                return [new(Grade.Unknown, About, $"Not known: {failure}. Try again.")];
            var records = found
                .Values.Where(text => text.StartsWith("v=DMARC1", StringComparison.OrdinalIgnoreCase))
                .ToList();
            // Then receivers act as if there were none.
            if (records.Count > 1)
                return [Missing($"{name} has {records.Count} records, and receivers then heed none. Leave one.")];
            var suffix = records is [var single] ? TagList.Read(single)?.GetValueOrDefault("psd") : null;
            // The record of a public suffix speaks only for organizations that have none of their own.
            if (records is [var record] && (suffix != "y" || covering?.Holder != below))
                covering = (holder, record);
            // A top-level domain itself is not asked.
            if (covering?.Holder == domain || suffix is "y" or "n" || holder.Count(letter => letter == '.') < 2)
                break;
            below = holder;
        }

        return covering is var (by, words)
            ? await Judge(domain, by, words, cancellation)
            :
            [
                Missing(
                    $"No record: neither {domain} nor a domain it belongs to has one. Publish: _dmarc.{domain} TXT \"{Suggested(domain)}\"."
                ),
            ];
    }

    private static string Above(string domain) => domain[(domain.IndexOf('.', StringComparison.Ordinal) + 1)..];

    private async Task<IReadOnlyList<DomainFinding>> Judge(
        string domain,
        string holder,
        string record,
        CancellationToken cancellation)
    {
        var name = $"_dmarc.{holder}";
        var tags = TagList.Read(record);
        var policy = tags
            // A record of the domain above speaks of the ones below it by sp=, if it has that (RFC 7489, section 6.3).
            ?.GetValueOrDefault(holder != domain && tags.ContainsKey("sp") ? "sp" : "p")
            ?.ToLowerInvariant();
        if (tags is null || policy is not ("none" or "quarantine" or "reject"))
            return
            [
                Missing(
                    $"\"{SingleLine.Of(record)}\" at {name} says nothing that receivers understand. Publish: {name} TXT \"{Suggested(holder)}\"."
                ),
            ];

        List<DomainFinding> findings = [];
        if (tags.GetValueOrDefault("adkim") == "s" && setup.SigningDomain.Length > 0 && setup.SigningDomain != domain)
            findings.Add(
                Missing(
                    $"{name} asks for adkim=s, and letters are signed in the name of {setup.SigningDomain}. Clear Mail:DkimDomain, or take “adkim=s” out."
                ));
        if (setup.ReturnDomain is { } back
            && !(tags.GetValueOrDefault("aspf") == "s" ? back == domain : MessageSigner.Aligns(back, domain)))
            findings.Add(
                Look(
                    $"Bounces go to {back}, which is not aligned with {domain}, so SPF does not count: DKIM alone must pass."
                ));
        if (policy == "none")
            findings.Add(
                Look(
                    $"{name} asks receivers to do nothing (p=none). When the reports show only your own letters, publish: {name} TXT \"{Stricter(record)}\"."
                ));
        findings.AddRange(await Reports(holder, tags.GetValueOrDefault("rua", ""), name, cancellation));
        return findings.Count > 0
            ? findings
            :
            [
                new(
                    Grade.Good,
                    About,
                    $"{(holder == domain ? "One record" : $"Covered by the record of {holder}")}, with p={policy}: \"{SingleLine.Of(record)}\"."
                ),
            ];
    }

    private async Task<IReadOnlyList<DomainFinding>> Reports(
        string holder,
        string rua,
        string name,
        CancellationToken cancellation)
    {
        var addresses = rua.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (addresses.Length == 0)
            return [Look($"{name} names nobody who gets the reports. Add “rua=mailto:dmarc@{holder}”.")];
        List<DomainFinding> findings = [];
        foreach (var address in addresses)
        {
            if (!address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)
                // A limit of size may follow the address, as in mailto:dmarc@example.org!10m (RFC 7489, section 6.2).
                || EmailAddresses.ReadAlone(address["mailto:".Length..].Split('!')[0]) is not { } mailbox)
            {
                findings.Add(
                    Missing(
                        $"Reports cannot go to “{SingleLine.Of(address)}” (rua at {name}). Write it as mailto:dmarc@{holder}."
                    ));
                continue;
            }

            // A receiver in another domain must have published its consent (RFC 7489).
            var receiver = EmailAddresses.Domain(mailbox);
            // Within one organization nobody has to consent.
            if (MessageSigner.Aligns(receiver, holder))
                continue;
            var consent = await dns.Texts($"{holder}._report._dmarc.{receiver}", cancellation);
            // An answer that did not come says nothing, and the rest of the check stands without it.
            if (consent.Failure is null
                && !consent.Values.Any(text => text.StartsWith("v=DMARC1", StringComparison.OrdinalIgnoreCase)))
                findings.Add(
                    Look(
                        $"{receiver} has not said that it takes reports of {holder}. Publish there: {holder}._report._dmarc.{receiver} TXT \"v=DMARC1\"."
                    ));
        }

        return findings;
    }

    private static string Suggested(string domain) => $"v=DMARC1; p=none; rua=mailto:dmarc@{domain}";

    private static string Stricter(string record) =>
        string.Join(
            "; ",
            record
                .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(tag =>
                    tag.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant() is "p=none" or "sp=none"
                        ? tag[..(tag.IndexOf('=', StringComparison.Ordinal) + 1)] + "quarantine"
                        : tag));

    private static DomainFinding Missing(string words) => new(Grade.Missing, About, words);

    private static DomainFinding Look(string words) => new(Grade.Look, About, words);
}
