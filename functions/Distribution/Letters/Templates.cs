using Distribution.Common;
using Microsoft.Extensions.Options;

namespace Distribution.Letters;

/// <summary>Loads the letter templates of a deployment, one folder per template.</summary>
internal sealed class Templates(IOptions<SiteSettings> site)
{
    private readonly string root = Path.GetFullPath(site.Value.Templates, AppContext.BaseDirectory);

    // One reference, so that a reader gets a listing with its own version while another thread replaces both.
    private volatile Known known = new("", "");

    /// <summary>
    /// A version computed from the contents of all template files, so a new deployment with the same templates keeps
    /// it. Cached: the files are read again only when names, sizes or modification times change.
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
            var found = known;
            if (found.Listing != listing)
                known = found = new(
                    listing,
                    string.Join(
                        '\n',
                        files.Select(file =>
                            $"{Path.GetRelativePath(root, file.FullName)} {Sha256Hex.Of(File.ReadAllBytes(file.FullName))}"
                        )));
            return found.Version;
        }
    }

    /// <summary>Of every template, as letters name them.</summary>
    public IReadOnlyList<string> Names => TemplateFolder.Names(root);

    /// <param name="letter">The letter's file that names it, for messages.</param>
    /// <exception cref="LetterFaultException">The template does not exist or cannot be used.</exception>
    public TemplateSet Load(string name, string letter) => TemplateFolder.Load(root, name, letter);

    /// <param name="Listing">Names, sizes and times of the files.</param>
    private sealed record Known(string Listing, string Version);
}
