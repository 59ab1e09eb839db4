using System.Globalization;
using System.Text.Json;
using Distribution.Common;

namespace Distribution.Tracking.Log;

/// <summary>
/// One link of a log's hash chain. It seals one segment and, through the previous hash, every link before it.
/// </summary>
/// <param name="Link">From 1.</param>
/// <param name="At">When it was sealed, in UTC: <c>2018-03-26T22:05:00.000Z</c>.</param>
/// <param name="Segment">The segment's name in storage.</param>
/// <param name="Lines">How many lines the segment has.</param>
/// <param name="Sha256">SHA-256 of the segment's bytes, lower-case hexadecimal like all hashes here.</param>
/// <param name="Previous">The hash of the link before; of the first link, 64 zeros.</param>
/// <param name="Hash">SHA-256 over the other fields in the order of this declaration, separated by line feeds.</param>
internal sealed record ChainLink(
    int Link,
    string Distribution,
    string At,
    string Segment,
    int Lines,
    string Sha256,
    string Previous,
    string Hash)
{
    /// <summary>What the first link has as the hash of the link before it.</summary>
    public static readonly string Beginning = new('0', 64);

    /// <param name="last">The link it follows; null for the first.</param>
    public static ChainLink Seal(
        ChainLink? last,
        string distributionId,
        DateTimeOffset at,
        BinaryData segment,
        int lines)
    {
        var number = (last?.Link ?? 0) + 1;
        var sha256 = Sha256Hex.Of(segment);
        var link = new ChainLink(
            number,
            distributionId,
            // The text itself is hashed, so it has one form, to the millisecond.
            at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"{number:d8}-{sha256[..16]}.jsonl"),
            lines,
            sha256,
            last?.Hash ?? Beginning,
            "");
        return link with { Hash = link.OwnHash };
    }

    /// <returns>
    /// Null where the text is not exactly what <see cref="Json"/> writes for a link. So an equivalent but changed text
    /// is not accepted.
    /// </returns>
    public static ChainLink? Read(string text)
    {
        try
        {
            var link = Json.Read<ChainLink>(text);
            return Json.Write(link) == text ? link : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether it is unchanged and directly follows the other link.</summary>
    public bool Follows(ChainLink? last) =>
        Hash == OwnHash
        && Link == (last?.Link ?? 0) + 1
        && Previous == (last?.Hash ?? Beginning)
        && (last is null || Distribution == last.Distribution);

    /// <param name="segment">The segment's bytes as they are stored.</param>
    public bool Seals(ReadOnlySpan<byte> segment) => Sha256 == Sha256Hex.Of(segment);

    private string OwnHash =>
        Sha256Hex.Of(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Link}\n{Distribution}\n{At}\n{Segment}\n{Lines}\n{Sha256}\n{Previous}"));
}
