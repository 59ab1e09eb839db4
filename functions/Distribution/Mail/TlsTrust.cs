using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Distribution.Common;
using MailKit;

namespace Distribution.Mail;

/// <summary>Which certificates of a mail server are trusted, as set under <c>Mail</c> or <c>Inbound</c>.</summary>
/// <param name="Section">Where the settings are, for sentences: <c>Mail</c> or <c>Inbound</c>.</param>
/// <param name="CaFile">
/// A file of certificates (PEM) that are trusted instead of the system's; empty for the system's.
/// </param>
/// <param name="Fingerprint">
/// SHA-256 of the one certificate that is trusted, whatever else is wrong with it; empty for none.
/// </param>
/// <param name="Revocation"><c>required</c>, <c>when-reachable</c> or <c>none</c>.</param>
internal sealed record TlsTrust(string Section, string CaFile, string Fingerprint, string Revocation)
{
    public const string Required = "required";
    public const string WhenReachable = "when-reachable";
    public const string None = "none";

    private const X509ChainStatusFlags Unreachable =
        X509ChainStatusFlags.RevocationStatusUnknown | X509ChainStatusFlags.OfflineRevocation;

    public static TlsTrust Of(MailSettings settings) =>
        new("Mail", settings.TlsCaFile, settings.TlsFingerprint, settings.TlsRevocation);

    public static TlsTrust Of(InboundSettings settings) =>
        new("Inbound", settings.TlsCaFile, settings.TlsFingerprint, settings.TlsRevocation);

    /// <returns>What is wrong with the settings.</returns>
    public IEnumerable<Finding> Faults()
    {
        if (Revocation is not (Required or WhenReachable or None))
            yield return MailFaults.UnknownRevocation($"{Section}:TlsRevocation", Revocation);
        if (Fingerprint.Length > 0 && Digits(Fingerprint).Length != 64)
            yield return MailFaults.FingerprintUnreadable($"{Section}:TlsFingerprint");
        if (CaFile.Length > 0 && Authorities() is null)
            yield return MailFaults.CaFileUnreadable($"{Section}:TlsCaFile", CaFile);
    }

    /// <summary>Has a client trust as these settings say.</summary>
    /// <returns>What was wrong with the certificate of the server, in words, once the client has refused it.</returns>
    public Func<string?> Apply(MailService client, string host)
    {
        string? refused = null;
        client.CheckCertificateRevocation = Revocation != None;
        client.ServerCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            refused = certificate is null ? "it shows no certificate." : Fault(certificate, chain, errors, host);
            return refused is null;
        };
        return () => refused;
    }

    private string? Fault(X509Certificate shown, X509Chain? chain, SslPolicyErrors errors, string host)
    {
        var fingerprint = shown.GetCertHashString(HashAlgorithmName.SHA256);
        if (Fingerprint.Length > 0)
            return Digits(Fingerprint).Equals(fingerprint, StringComparison.OrdinalIgnoreCase)
                ? null
                : $"its certificate has another fingerprint than {Section}:TlsFingerprint says: {fingerprint}. If the server has a new certificate, have its administrator confirm that, and set this fingerprint.";
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return $"its certificate is for {Names(shown)} and not for {host}. Write the name of the certificate into {Server}, or have its administrator get one for {host}.";
        var status = errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) || CaFile.Length > 0
            ? StatusOf(shown, chain)
            : X509ChainStatusFlags.NoError;
        if (Revocation == WhenReachable)
            status &= ~Unreachable;
        // Of several faults one is told: that the certificate was revoked before all others.
        return status switch
        {
            X509ChainStatusFlags.NoError => null,
            _ when status.HasFlag(X509ChainStatusFlags.Revoked) =>
                "its certificate was revoked by whoever gave it. Have its administrator get a new one, and send nothing until then.",
            _ when status.HasFlag(X509ChainStatusFlags.NotTimeValid) =>
                $"its certificate is good from {shown.GetEffectiveDateString()} to {shown.GetExpirationDateString()} only. Have its administrator renew it, and see that this machine's clock is right.",
            _ when (status & ~Unreachable) == 0 =>
                $"the list of revoked certificates is out of reach, so that its certificate cannot be checked. Let this machine reach it, or set {Section}:TlsRevocation to {WhenReachable}.",
            _ =>
                $"nobody this machine trusts vouches for its certificate. Set {Section}:TlsCaFile to the certificate of your own authority, or {Section}:TlsFingerprint to {fingerprint} if its administrator confirms that it is the server's.",
        };
    }

    private string Server => Section == "Mail" ? "Mail:Transport" : "Inbound:ImapServer";

    private X509ChainStatusFlags StatusOf(X509Certificate shown, X509Chain? chain)
    {
        if (CaFile.Length == 0)
            return Flags(chain);
        using var own = new X509Chain();
        own.ChainPolicy.RevocationMode = Revocation == None ? X509RevocationMode.NoCheck : X509RevocationMode.Online;
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(Authorities() ?? []);
        // The intermediate certificates that the server has sent: the file of authorities need not hold them.
        foreach (var element in chain?.ChainElements ?? (IEnumerable<X509ChainElement>)[])
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        using var certificate = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        own.Build(certificate);
        return Flags(own);
    }

    private static X509ChainStatusFlags Flags(X509Chain? chain) =>
        chain is null
            ? X509ChainStatusFlags.PartialChain
            : chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);

    private X509Certificate2Collection? Authorities()
    {
        try
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPemFile(CaFile);
            return authorities.Count > 0 ? authorities : null;
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return null;
        }
    }

    private static string Names(X509Certificate shown)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(shown.GetRawCertData());
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension =>
                extension
                    .EnumerateDnsNames()
                    .Concat(extension.EnumerateIPAddresses().Select(address => address.ToString())))
            .DefaultIfEmpty(certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false))
            .Take(3);
        return SingleLine.Of(string.Join(", ", names));
    }

    private static string Digits(string fingerprint) =>
        string.Concat(fingerprint.Where(char.IsAsciiHexDigit));
}
