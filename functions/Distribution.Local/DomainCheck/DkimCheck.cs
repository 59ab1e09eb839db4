using System.Security.Cryptography;
using Distribution.Common;
using Distribution.Mail;

namespace Distribution.Local.DomainCheck;

/// <summary>
/// Checks that the public key is where receivers look for it (DKIM, RFC 6376), and that they trust it.
/// </summary>
internal sealed class DkimCheck(DnsAnswers dns, SendingSetup setup)
{
    private const string About = "DKIM";

    // The selectors that SendGrid's domain authentication makes unless others are asked for.
    private static readonly string[] SendGridsOwn = ["s1", "s2"];

    /// <param name="selectors">Empty for those that the settings use.</param>
    public async Task<IReadOnlyList<DomainFinding>> Check(
        string domain,
        IReadOnlyList<string> selectors,
        CancellationToken cancellation)
    {
        IReadOnlyList<string> used =
            selectors.Count > 0 ? selectors
            : setup.UsesSendGrid ? SendGridsOwn
            : setup.Selector.Length > 0 ? [setup.Selector]
            : [];
        if (used.Count == 0)
            return
            [
                new(
                    Grade.Missing,
                    About,
                    setup.IsKnown
                        ? "No key is named: give its selector with --selector. Where nobody signs your letters yet, set Mail:DkimKey and Mail:DkimSelector."
                        : "No key is named: set Mail__Transport on this machine as the service has it, or give the key's selector with --selector."
                ),
            ];
        List<DomainFinding> findings = [];
        foreach (var selector in used)
            findings.Add(await Key(domain, selector, cancellation));
        return findings;
    }

    private async Task<DomainFinding> Key(string domain, string selector, CancellationToken cancellation)
    {
        var name = $"{selector}._domainkey.{domain}";
        var found = await dns.Texts(name, cancellation);
        if (found.Failure is { } failure)
            return new(Grade.Unknown, About, $"Not known: {failure}. Try again.");
        if (found.Values.Count == 0)
            return Missing($"No key: {found.Absence(name)}. {ToPublish(name, domain, selector)}");
        // RFC 6376, section 3.6.2.2: with several records, what a receiver does is undefined.
        if (found.Values is not [var record])
            return Missing(
                $"{name} has {found.Values.Count} records, and receivers do not know which to take. Leave one.");
        if (TagList.Read(record) is not { } tags
            || !tags.TryGetValue("p", out var written)
            || (tags.TryGetValue("v", out var version) && version != "DKIM1"))
            return Missing(
                $"{name} holds no key that receivers can read: \"{SingleLine.Of(record)}\". {ToPublish(name, domain, selector)}"
            );
        // White space may stand within base64 (RFC 6376, section 2.10), as where a long key is published in pieces.
        var key = written.Replace(" ", "", StringComparison.Ordinal);
        // RFC 6376, section 3.6.1: an empty p= is a key that was revoked.
        if (key.Length == 0)
            return Missing($"{name} says that its key is revoked. {ToPublish(name, domain, selector)}");
        if (tags.TryGetValue("h", out var hashes)
            && !hashes.Split(':', StringSplitOptions.TrimEntries).Contains("sha256"))
            return Missing(
                $"{name} allows {hashes} alone, and signatures are made with sha256. Take “h={hashes}” out.");

        // Without k= it is RSA (RFC 6376, section 3.6.1). Ed25519 has one length, so 0 stands for it (RFC 8463).
        var kind = tags.GetValueOrDefault("k", "rsa").ToLowerInvariant();
        var bits = kind switch { "rsa" => RsaBits(key), "ed25519" => IsEdwards(key) ? 0 : null, _ => (int?)null };
        if (bits is not { } length)
            return Missing(
                $"{name} holds no key that receivers can read (k={kind}). {ToPublish(name, domain, selector)}");
        if (length is > 0 and < DkimKey.Shortest)
            return Missing(
                $"{name} holds a key of {length} bits, which receivers do not trust. {ToPublish(name, domain, selector)}"
            );
        if (Own(domain, selector) is { } own && TagList.Read(own.Record)!["p"] != key)
            return Missing(
                $"{name} holds another key than Mail:DkimKey, so every signature would be found false. {ToPublish(name, domain, selector)}"
            );
        // Looked at last: it does no harm to a key that is wrong anyway.
        if (tags.GetValueOrDefault("t", "").Split(':', StringSplitOptions.TrimEntries).Contains("y"))
            return new(
                Grade.Look,
                About,
                $"{name} says that it is on trial (t=y), so receivers treat letters as unsigned. Take “t=y” out when letters arrive."
            );
        return length is > 0 and < DkimKey.Recommended
            ? new(
                Grade.Look,
                About,
                $"{name} holds an RSA key of {length} bits; {DkimKey.Recommended} are recommended.")
            : new(
                Grade.Good,
                About,
                $"{name} holds {(length == 0 ? "an Ed25519 key" : $"an RSA key of {length} bits")}{(Own(domain, selector) is null ? "" : ", the one that belongs to Mail:DkimKey")}."
            );
    }

    /// <summary>
    /// The key that letters are signed with here, where it is the one to be published under that name; null otherwise.
    /// </summary>
    private DkimKey? Own(string domain, string selector) =>
        selector == setup.Selector && (setup.SigningDomain.Length == 0 || setup.SigningDomain == domain)
            ? setup.Key
            : null;

    private string ToPublish(string name, string domain, string selector) =>
        Own(domain, selector) is { } own ? $"Publish: {name} TXT \"{own.Record}\"."
        : setup.UsesSendGrid
            ? $"Publish: {name} CNAME {selector}.domainkey.uNNNNNNN.wlNNN.sendgrid.net, as SendGrid's page Sender Authentication shows it."
        : $"Publish: {name} TXT \"v=DKIM1; k=rsa; p=PUBLIC-KEY\", with the public key of whoever signs your letters.";

    private static int? RsaBits(string key)
    {
        try
        {
            var bytes = Convert.FromBase64String(key);
            using var rsa = RSA.Create();
            try
            {
                // RFC 6376 asks for an RSAPublicKey, while its examples and OpenSSL write a SubjectPublicKeyInfo: both
                // are in use.
                rsa.ImportSubjectPublicKeyInfo(bytes, out _);
            }
            catch (CryptographicException)
            {
                rsa.ImportRSAPublicKey(bytes, out _);
            }

            return rsa.KeySize;
        }
        catch (Exception unreadable) when (unreadable is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private static bool IsEdwards(string key)
    {
        // One more than a key has, so that a longer one is told from it.
        var bytes = new byte[33];
        return Convert.TryFromBase64String(key, bytes, out var length) && length == 32;
    }

    private static DomainFinding Missing(string words) => new(Grade.Missing, About, words);
}
