using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Distribution.Tests.RealServers;

/// <summary>
/// A certificate authority that nobody knows, as an organization has one for its own servers, with one certificate for
/// <c>localhost</c>. All are PEM files in a folder of their own.
/// </summary>
internal sealed class PrivateAuthority : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("authority-");

    public PrivateAuthority()
    {
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
        using var authorityKey = RSA.Create(2048);
        var authority = new CertificateRequest(
            "CN=Secretariat's own authority",
            authorityKey,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authority.PublicKey, false));
        using var root = authority.CreateSelfSigned(from, until);
        using var key = RSA.Create(2048);
        var server = new CertificateRequest(
            "CN=localhost",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        server.CertificateExtensions.Add(names.Build());
        using var certificate = server.Create(root, from, until, RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(Root, root.ExportCertificatePem());
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The authority's own certificate.</summary>
    public string Root => Path.Combine(folder.FullName, "root.pem");

    public string Certificate => Path.Combine(folder.FullName, "certificate.pem");

    public string Key => Path.Combine(folder.FullName, "key.pem");

    public void Dispose() => folder.Delete(recursive: true);
}
