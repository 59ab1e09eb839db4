using System.Text.Json;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Sending;

/// <summary>What a queue message asks for: the letters of a range of missions, or a proof of one letter.</summary>
/// <param name="First">Place in protocol order, from 1.</param>
/// <param name="Last">Place in protocol order, inclusive.</param>
/// <param name="Proof">True for one mission's letter to the people its front matter names for proofs.</param>
/// <param name="Format">
/// The format number (see <see cref="RecordFormat"/>); null in messages of versions without it.
/// </param>
internal sealed record Batch(string DistributionId, int First, int Last, bool Proof = false, int? Format = null)
{
    /// <exception cref="JsonException">The message is not a batch.</exception>
    /// <exception cref="LaterFormatException">A later version of the service wrote it.</exception>
    public static Batch Read(string message)
    {
        var batch = Json.Read<Batch>(message);
        RecordFormat.Check(batch.Format, "A message in the queue");
        return batch.DistributionId is { Length: > 0 }
            && batch.DistributionId.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')
            && (batch.Proof || (batch.First >= 1 && batch.Last >= batch.First))
            ? batch
            : throw new JsonException("The message names no batch of a distribution.");
    }
}
