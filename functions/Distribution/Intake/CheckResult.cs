using System.Collections.Immutable;
using System.Collections.ObjectModel;
using Distribution.Common;
using Distribution.Intake.Malware;
using Distribution.Letters;

namespace Distribution.Intake;

/// <summary>
/// What a check found: findings, and the content that would be frozen. See <see cref="LetterCheck"/>.
/// </summary>
internal abstract record CheckResult
{
    /// <summary>A file changed during the check: what was read is not what the folder holds now.</summary>
    public sealed record Changed : CheckResult;

    /// <summary>The letter cannot be judged yet.</summary>
    /// <param name="Missing">Files that the letter names and the folder does not hold.</param>
    /// <param name="Unscanned">
    /// Why there is no malware scanner's verdict yet: a sentence; null where files are missing.
    /// </param>
    public sealed record Waits(IReadOnlyList<string> Missing, string? Unscanned = null) : CheckResult
    {
        /// <summary>
        /// What may be meant by some that are missing, by their names (<see cref="MisnamedFiles.Near"/>).
        /// </summary>
        public IReadOnlyDictionary<string, string> Near { get; init; } = ReadOnlyDictionary<string, string>.Empty;
    }

    /// <summary>The letter cannot be sent as it is.</summary>
    /// <param name="Faults">Everything found, warnings included.</param>
    /// <param name="Infections">The files in which malware was found; each has a fault as well.</param>
    public sealed record Refused(IReadOnlyList<Finding> Faults, IReadOnlyList<Infection> Infections) : CheckResult
    {
        public Refused(IReadOnlyList<Finding> faults)
            : this(faults, [])
        {
        }
    }

    /// <summary>The folder holds content that was released from it before: it does not become another letter.</summary>
    public sealed record ReleasedBefore(DistributionRecord Distribution) : CheckResult;

    /// <summary>The letter can be sent.</summary>
    /// <param name="Letters">How many letters there are to typeset.</param>
    public sealed record Sound(CheckedLetter Letter, LetterFiles Files, int Letters) : CheckResult
    {
        /// <summary>Every distribution that was on record; null where it is not known.</summary>
        public IReadOnlyList<DistributionRecord>? Before { get; init; }

        /// <summary>Whether all letters are typeset; otherwise the rest is left for the queue.</summary>
        public bool IsWhole => Files.Printed.Count == Letters;
    }
}

/// <summary>A letter that can be sent, as it would be frozen. Its files are kept apart.</summary>
/// <param name="Id">The id of the distribution that this letter becomes.</param>
/// <param name="ContentHash">The hash of the files it is made from and encloses.</param>
/// <param name="Content">What would be frozen. It names the letters that are typeset already.</param>
/// <param name="Sources">The files it is made from: the letter, its translations, the signatures.</param>
/// <param name="Warnings">What was found and does not keep the letter from being sent.</param>
internal sealed record CheckedLetter(
    string Id,
    string ContentHash,
    string RegisterHash,
    FrozenContent Content,
    ImmutableList<SourceFile> Sources,
    IReadOnlyList<Finding> Warnings,
    ImmutableList<FileScan> Scans);

/// <summary>The files of a letter that are stored with it.</summary>
/// <param name="Sources">The files it is made from: the letter, its translations, the signatures.</param>
/// <param name="Enclosures">The files it encloses, in the letter's order, then its meetings as calendar files.</param>
/// <param name="Printed">The typeset letters.</param>
internal sealed record LetterFiles(
    IReadOnlyList<UploadedFile> Sources,
    IReadOnlyList<UploadedFile> Enclosures,
    IReadOnlyList<TypesetLetter> Printed)
{
    public static readonly LetterFiles None = new([], [], []);
}
