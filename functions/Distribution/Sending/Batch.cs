using System.Text.Json;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>
/// What a queue message asks for: the letters of some missions, a proof of one letter, or all batches of one.
/// </summary>
/// <param name="Missions">
/// The ids of the missions; null in messages of versions before format 4, for a proof, and for a release.
/// </param>
/// <param name="Proof">True for one mission's letter to the people its front matter names for proofs.</param>
/// <param name="IfLeft">
/// True where it is to be sent only if a worker that had begun it has died. A worker that is sending is not disturbed.
/// </param>
/// <param name="IsRelease">
/// True for a whole distribution that was released: its batches are queued, or sent at once where they are one. Where
/// its release could be undone, only if it was not undone. Once it is being sent: for the messages that a person has
/// asked for.
/// </param>
/// <param name="Format">
/// The format number (see <see cref="RecordFormat"/>); null in messages of versions without it.
/// </param>
internal sealed record Batch(
    string DistributionId,
    IReadOnlyList<string>? Missions,
    bool Proof = false,
    int? Format = null,
    bool IfLeft = false,
    bool IsRelease = false)
{
    /// <summary>Before format 4: the range of the missions in protocol order, from 1, both ends included.</summary>
    public int? First { get; init; }

    /// <inheritdoc cref="First"/>
    public int? Last { get; init; }

    /// <summary>
    /// All mail that had come by this moment was read, so unknown outcomes that were due by then can be settled. Null
    /// where none is to be settled.
    /// </summary>
    public DateTimeOffset? HeardUntil { get; init; }

    /// <returns>The ids of the missions, whichever format the message has; for a release, of all.</returns>
    public IReadOnlyList<string> MissionsOf(FrozenRoster roster) =>
        IsRelease ? [.. roster.Missions.Select(mission => mission.Id)]
        : Missions
        ??
        [
            .. roster.Missions
                .Skip(First!.Value - 1)
                .Take(Last!.Value - First.Value + 1)
                .Select(mission => mission.Id)
        ];

    /// <exception cref="JsonException">The message is not a batch.</exception>
    /// <exception cref="LaterFormatException">A later version of the service wrote it.</exception>
    public static Batch Read(string message)
    {
        var batch = Json.Read<Batch>(message);
        RecordFormat.Check(batch.Format, "A message in the queue");
        // The id becomes a part of the names of blobs, so nothing but an id may stand here.
        return batch.DistributionId is { Length: > 0 }
            && batch.DistributionId.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')
            && (
                batch.Proof
                || batch.IsRelease
                || batch.Missions is { Count: > 0 }
                || (batch.First >= 1 && batch.Last >= batch.First))
            ? batch
            : throw new JsonException("The message names no batch of a distribution.");
    }
}
