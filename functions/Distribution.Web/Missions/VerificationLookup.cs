using System.Collections.Concurrent;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;

namespace Distribution.Web.Missions;

/// <summary>Says whether a file or a reference belongs to a letter that was sent.</summary>
internal sealed class VerificationLookup(
    Verifications verifications,
    DistributionRecords distributions,
    EntryStates entries,
    LetterStandings standings,
    Erasures erasures)
{
    private const int Longest = 200;

    /// <summary>The distributions of which letters have left.</summary>
    private readonly ConcurrentDictionary<string, bool> left = new();

    /// <param name="hash">
    /// SHA-256 of a file, in hexadecimal; wins over <paramref name="reference"/> where both are given.
    /// </param>
    /// <param name="reference">
    /// As printed beside the code of a letter, or as a program copied it: some turn the groups round.
    /// </param>
    /// <param name="language">The language of the page, by its code.</param>
    public async Task<VerifyView> Find(
        string? hash,
        string? reference,
        string language,
        CancellationToken cancellation)
    {
        hash = hash?.Trim() ?? "";
        reference = reference?.Trim() ?? "";
        var nothing = new VerifyView(language, VerifyQuestion.None, [], null, "", "");
        if (hash.Length > 0)
        {
            var file = nothing with { Question = VerifyQuestion.File };
            return hash.Length == 64 && hash.All(char.IsAsciiHexDigit)
                ? file with { Hash = hash, Matches = await Matches(hash.ToLowerInvariant(), cancellation) }
                : file with { Hash = Shortened(hash), Problem = "verify_hash_wrong" };
        }

        if (reference.Length == 0)
            return nothing;
        var asked = nothing with { Question = VerifyQuestion.Reference };
        if (reference.Length > Longest || VerificationReference.Read(reference) is not { Meant: not [] } read)
            return asked with
            {
                Reference = Shortened(reference),
                Problem = reference.Length <= Longest && VerificationReference.Read(reference).IsMistyped
                    ? "verify_mistyped"
                    : "verify_reference_wrong",
            };
        foreach (var meant in read.Meant)
            if (await Matches(meant, cancellation) is { Count: > 0 } matches)
                return asked with { Matches = matches, Reference = VerificationReference.Shown(meant) };
        return asked with { Reference = VerificationReference.Visible(reference) };
    }

    /// <summary>
    /// A letter that was frozen but never sent is treated as if it did not exist, so that someone who tries hashes or
    /// references learns nothing.
    /// </summary>
    private async Task<IReadOnlyList<VerifyMatch>> Matches(string key, CancellationToken cancellation)
    {
        List<VerifyMatch> matches = [];
        foreach (var found in await verifications.Find(key, cancellation))
            if (await distributions.Find(found.DistributionId, cancellation) is
                { ReleasedAt: { } released } distribution)
            {
                if (await MayHaveLeft(distribution.Id, cancellation))
                    matches.Add(
                        new(
                            WordsOf(found),
                            distribution.Process,
                            distribution.DraftLabel,
                            distribution.Date,
                            released,
                            await standings.Of(distribution, cancellation)));
            }
            else if (await erasures.Find(found.DistributionId, cancellation) is { ReleasedAt: { } sent, MayHaveLeft: not false } erased)
                matches.Add(
                    new(WordsOf(found), erased.Process, erased.DraftLabel, erased.Date, sent, erased.Standing));
        return [.. matches.OrderByDescending(match => match.ReleasedAt)];
    }

    private async Task<bool> MayHaveLeft(string distributionId, CancellationToken cancellation) =>
        left.ContainsKey(distributionId)
        || (await entries.HasLeft(distributionId, cancellation)
            ? left[distributionId] = true
            : await entries.MayHaveLeft(distributionId, cancellation));

    private static string WordsOf(Verifiable found) =>
        found switch
        {
            { Kind: VerifiableKind.Letter } => "verify_letter",
            { Kind: VerifiableKind.Translation } => "verify_translation",
            { Kind: VerifiableKind.Enclosure } => "verify_enclosure",
            _ => "verify_reference_known",
        };

    private static string Shortened(string typed) => TextStart.Of(typed, Longest);
}

internal enum VerifyQuestion { None, File, Reference }

/// <summary>What was asked about, and the letters it belongs to, the latest first.</summary>
/// <param name="Language">The language of the page, by its code.</param>
/// <param name="Problem">Why the lookup was not possible, by the key of its words; null where it was.</param>
internal sealed record VerifyView(
    string Language,
    VerifyQuestion Question,
    IReadOnlyList<VerifyMatch> Matches,
    string? Problem,
    string Hash,
    string Reference)
{
    /// <summary>The language that the visitor chose; null where it is that of their browser.</summary>
    public string? Chosen { get; init; }
}

/// <param name="What">What it is, by the key of its words.</param>
/// <param name="Standing">Whether the letter still holds; null where that is not known.</param>
internal sealed record VerifyMatch(
    string What,
    string Process,
    string DraftLabel,
    DateOnly Date,
    DateTimeOffset ReleasedAt,
    LetterStanding? Standing);
