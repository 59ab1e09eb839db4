using System.Security.Cryptography;
using Distribution.Common;
using Microsoft.Extensions.Options;

namespace Distribution.Letters;

/// <summary>The letter templates a deployment offers, one folder each.</summary>
internal sealed class Templates(IOptions<SiteSettings> site)
{
    private readonly string root = Path.GetFullPath(site.Value.Templates, AppContext.BaseDirectory);

    private (string Listing, string Version) known = ("", "");

    /// <summary>
    /// Follows from what the template files hold: a deployment that brings the same ones changes nothing.
    /// </summary>
    public string Version
    {
        get
        {
            var files = Directory.Exists(root)
                ? new DirectoryInfo(root)
                    .EnumerateFiles("*", SearchOption.AllDirectories)
                    .OrderBy(file => file.FullName, StringComparer.Ordinal)
                    .ToList()
                : [];
            var listing = string.Join(
                '\n',
                files.Select(file => $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}"));
            if (known.Listing != listing)
                known = (
                    listing,
                    string.Join(
                        '\n',
                        files.Select(file =>
                            $"{Path.GetRelativePath(root, file.FullName)} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.FullName)))}"
                        )));
            return known.Version;
        }
    }

    /// <exception cref="LetterFaultException">There is no such template, or it cannot be used.</exception>
    public TemplateSet Load(string name) => TemplateFolder.Load(root, name);
}
