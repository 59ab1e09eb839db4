using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;

namespace Distribution.Web.Missions;

/// <summary>Says whether a file or a reference belongs to a letter that was sent.</summary>
internal sealed class VerificationLookup(
    Verifications verifications,
    DistributionRecords distributions,
    Erasures erasures)
{
    private const int Longest = 200;

    /// <param name="hash">
    /// SHA-256 of a file, in hexadecimal; wins over <paramref name="reference"/> where both are given.
    /// </param>
    /// <param name="reference">
    /// As printed beside the code of a letter, or as a program copied it: some turn the groups round.
    /// </param>
    public async Task<VerifyView> Find(string? hash, string? reference, CancellationToken cancellation)
    {
        hash = hash?.Trim() ?? "";
        reference = reference?.Trim() ?? "";
        if (hash.Length > 0)
            return hash.Length == 64 && hash.All(char.IsAsciiHexDigit)
                ? new(VerifyQuestion.File, await Matches(hash.ToLowerInvariant(), cancellation), null, hash, "")
                : new(
                    VerifyQuestion.File,
                    [],
                    "A fingerprint has 64 signs, each a digit or a letter from a to f. Copy it whole.",
                    Shortened(hash),
                    "");
        if (reference.Length == 0)
            return new(VerifyQuestion.None, [], null, "", "");
        if (reference.Length > Longest || VerificationReference.Read(reference) is not { Meant: not [] } read)
            return new(
                VerifyQuestion.Reference,
                [],
                reference.Length <= Longest && VerificationReference.Read(reference).IsMistyped
                    ? "This reference is mistyped, or its signs are out of order: its last sign does not fit the others. Compare it with the letter's last page, sign by sign."
                    : "A reference has thirteen letters and digits, as in 7QJ4-MX2K-9TWB-X; earlier letters have twelve. Look beside the code on the letter's last page.",
                "",
                Shortened(reference));
        foreach (var meant in read.Meant)
            if (await Matches(meant, cancellation) is { Count: > 0 } matches)
                return new(VerifyQuestion.Reference, matches, null, "", VerificationReference.Shown(meant));
        return new(VerifyQuestion.Reference, [], null, "", VerificationReference.Visible(reference));
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
                matches.Add(
                    new(Words(found), distribution.Process, distribution.DraftLabel, distribution.Date, released));
            else if (await erasures.Find(found.DistributionId, cancellation) is { ReleasedAt: { } sent } erased)
                matches.Add(new(Words(found), erased.Process, erased.DraftLabel, erased.Date, sent));
        return [.. matches.OrderByDescending(match => match.ReleasedAt)];
    }

    private static string Words(Verifiable found) =>
        found switch
        {
            { Kind: VerifiableKind.Letter } => "This is the letter",
            { Kind: VerifiableKind.Translation, Language: { } language } =>
                $"This is a courtesy translation in {Languages.EnglishName(language)} of the letter",
            { Kind: VerifiableKind.Enclosure } => "This is an enclosure of the letter",
            _ => "A letter with this reference was sent",
        };

    private static string Shortened(string typed) => typed.Length <= Longest ? typed : typed[..Longest];
}

internal enum VerifyQuestion { None, File, Reference }

/// <summary>What was asked about, and the letters it belongs to, the latest first.</summary>
/// <param name="Problem">Why the lookup was not possible, in a sentence; null where it was.</param>
internal sealed record VerifyView(
    VerifyQuestion Question,
    IReadOnlyList<VerifyMatch> Matches,
    string? Problem,
    string Hash,
    string Reference);

/// <param name="What">What it is, in words.</param>
internal sealed record VerifyMatch(
    string What,
    string Process,
    string DraftLabel,
    DateOnly Date,
    DateTimeOffset ReleasedAt);
