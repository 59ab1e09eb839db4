using System.Text.Json;

namespace Distribution;

/// <summary>What a queue message asks for: the letters of a range of missions, or a proof of one letter.</summary>
/// <param name="First">Place in protocol order, from 1.</param>
/// <param name="Last">Place in protocol order, included.</param>
/// <param name="Proof">True for one mission's letter to the people its front matter names for proofs.</param>
internal sealed record Batch(string DistributionId, int First, int Last, bool Proof = false)
{
    /// <exception cref="JsonException">The message is not a batch.</exception>
    public static Batch Read(string message) =>
        Json.Read<Batch>(message) is { DistributionId.Length: > 0 } batch
        && batch.DistributionId.All(character => char.IsAsciiLetterOrDigit(character) || character == '-')
        && (batch.Proof || (batch.First >= 1 && batch.Last >= batch.First))
            ? batch
            : throw new JsonException("The message names no batch of a distribution.");
}
