using System.Text.Json;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>
/// The typesetting of an upload's letters in the queue. Its parts are made in any order, by any number of workers.
/// </summary>
/// <param name="DistributionId">The distribution that the upload becomes.</param>
/// <param name="Attempt">Unique: what an earlier attempt left does not count for this one.</param>
/// <param name="Letters">How many letters there are to typeset.</param>
/// <param name="Made">How many of them the examination had typeset already.</param>
/// <param name="Each">How many are typeset for each message of the queue.</param>
/// <param name="QueuedAt">When the parts that were missing then were last queued.</param>
internal sealed record Preparation(
    string DistributionId,
    string Attempt,
    int Letters,
    int Made,
    int Each,
    DateTimeOffset QueuedAt)
{
    /// <summary>The place of the first letter of each part, from 0.</summary>
    public IEnumerable<int> Parts
    {
        get
        {
            for (var first = Made; first < Letters; first += Each)
                yield return first;
        }
    }

    /// <summary>How many letters a part has.</summary>
    public int LettersOf(int part) => Math.Min(Each, Letters - part);
}

/// <summary>A message of the <c>prepare</c> queue: some letters of an upload to typeset.</summary>
/// <param name="Part">The place of the first letter, from 0.</param>
/// <param name="Format">The format number (see <see cref="RecordFormat"/>).</param>
internal sealed record PreparationMessage(
    UploadFolder Folder,
    string DistributionId,
    string Attempt,
    int Part,
    int? Format = null)
{
    /// <exception cref="JsonException">The message names no letters of an upload.</exception>
    /// <exception cref="LaterFormatException">A later version of the service wrote it.</exception>
    public static PreparationMessage Read(string message)
    {
        var read = Json.Read<PreparationMessage>(message);
        RecordFormat.Check(read.Format, "A message in the queue");
        return read is { Folder.Process.Length: > 0, Folder.Revision.Length: > 0, Part: >= 0 }
            && IsName(read.DistributionId)
            && IsName(read.Attempt)
            ? read
            : throw new JsonException("The message names no letters of an upload.");
    }

    private static bool IsName(string? name) =>
        // It becomes a part of blob names, and leads nowhere else.
        name is { Length: > 0 } && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');
}

/// <summary>What came of a part: the letters that were typeset, or why they cannot be.</summary>
internal sealed record PreparedPart(IReadOnlyList<LetterPdf> Letters, IReadOnlyList<Finding> Faults);
