using Distribution.Common;
using Microsoft.Extensions.Options;

namespace Distribution.Intake;

/// <summary>A file the letter was made from: the letter itself, a translation, the image of a signature.</summary>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
internal sealed record SourceFile(string Name, string Hash);

/// <summary>One hash over everything that the releaser looked at: a different hash is a different letter.</summary>
internal sealed class ReleaseHash(FrozenContents contents, IOptions<SiteSettings> site)
{
    /// <summary>
    /// SHA-256, lower-case hexadecimal, over the files the letter was made from, the address that links and codes lead
    /// to (<c>PublicUrl</c>), and what was frozen: every file that leaves, the typeset letters, the template with its
    /// words, the roster with mailboxes and languages. The stored bytes are hashed, not the parsed content, so that a
    /// later version of the service, which may know more words and facts, computes the same hash.
    /// </summary>
    /// <exception cref="InvalidOperationException">Its frozen content is missing.</exception>
    public async Task<string> Of(DistributionRecord distribution, CancellationToken cancellation) =>
        Of(
            distribution,
            await contents.ContentHash(distribution.Id, cancellation)
                ?? throw new InvalidOperationException($"The frozen content of {distribution.Id} is missing."));

    /// <summary>The same for who has just read the frozen content.</summary>
    /// <param name="frozen"><see cref="StoredContent.Hash"/>.</param>
    public string Of(DistributionRecord distribution, string frozen) =>
        FolderListing.Of([
            .. distribution
                .Sources.OrderBy(source => source.Name, StringComparer.Ordinal)
                .Select(source => $"source {source.Hash} {source.Name}"),
            $"address {site.Value.PublicUrl}",
            $"frozen {frozen}",
        ]);
}
