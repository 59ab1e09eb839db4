using Distribution.Common;
using Microsoft.Extensions.Options;

namespace Distribution.Intake;

/// <summary>A file the letter was made from: the letter itself, a translation, the image of a signature.</summary>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
internal sealed record SourceFile(string Name, string Hash);

/// <summary>One hash over everything that the releaser looked at: a different hash is a different letter.</summary>
internal sealed class ReleaseHash(
    FrozenContents contents,
    DistributionRecords distributions,
    IOptions<SiteSettings> site)
{
    /// <summary>
    /// SHA-256, lower-case hexadecimal, over the files the letter was made from, the address that links and codes lead
    /// to (<c>PublicUrl</c>), and what was frozen: every file that leaves, the typeset letters, the template with its
    /// words, the roster with mailboxes and languages. The stored bytes are hashed, not the parsed content, so that a
    /// later version of the service, which may know more words and facts, computes the same hash. Also over how often
    /// its release was undone or held back: nobody releases it again from a page of before that. And, of a correction,
    /// over the addenda of the letter that it corrects: its own roster is frozen, and lacks the missions that got that
    /// letter since.
    /// </summary>
    /// <exception cref="InvalidOperationException">Its frozen content is missing.</exception>
    public async Task<string> Of(DistributionRecord distribution, CancellationToken cancellation) =>
        Of(
            distribution,
            await contents.ContentHash(distribution.Id, cancellation)
                ?? throw new InvalidOperationException($"The frozen content of {distribution.Id} is missing."),
            distribution.Follows is { IsCorrection: true } ? await distributions.All(cancellation) : []);

    /// <summary>The same for who has just read the frozen content.</summary>
    /// <param name="frozen"><see cref="StoredContent.Hash"/>.</param>
    /// <param name="all">Every distribution on record.</param>
    public string Of(DistributionRecord distribution, string frozen, IReadOnlyList<DistributionRecord> all) =>
        FolderListing.Of([
            .. distribution
                .Sources.OrderBy(source => source.Name, StringComparer.Ordinal)
                .Select(source => $"source {source.Hash} {source.Name}"),
            $"address {site.Value.PublicUrl}",
            $"frozen {frozen}",
            // No line where it never was: what was looked at and approved under an earlier version has the same hash.
            .. distribution.TimesHeldBack is > 0 and var times ? [$"held back {times}"] : (string[])[],
            .. distribution.Follows is { IsCorrection: true, Of: var corrected }
                ? DistributionRecords.AddendaAmong(all, corrected).Select(addendum => $"addendum {addendum.Id}")
                : [],
        ]);
}
