using Distribution.Common;
using Distribution.Intake.Malware;

namespace Distribution.Tracking.Inbound;

/// <summary>Why a file that came with a reply cannot be downloaded.</summary>
/// <param name="Why">Sentences for the person who wanted it.</param>
/// <param name="Passes">Whether the reason is temporary, so that the person can try again later.</param>
internal sealed record Withheld(string Why, bool Passes);

/// <summary>
/// Scans a file from an unknown sender when a person saves it, so that the signatures of that moment are used.
/// </summary>
internal sealed class ReplyScan(IEnclosureScanner scanner)
{
    /// <summary>Whether the configured scanner can scan incoming files. Defender scans only uploads.</summary>
    public bool Looks => scanner is not (NoScanner or DefenderScanner);

    /// <returns>Null where nothing was found, or where no scanner is configured that scans replies.</returns>
    public async Task<Withheld?> Check(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var file = new FileToScan(
            new(name, content, Sha256Hex.Of(content.Span)),
            Stored: null);
        return (await scanner.Scan([file], cancellation))[0] switch
        {
            ScanAnswer.Infected(var finding) => new(
                $"The malware scanner found {finding} in {name}. Tell the mission that sent it.",
                Passes: false),
            ScanAnswer.Refused(var problem, var remedy) => new(
                $"{name} could not be scanned for malware. {problem} {remedy}",
                Passes: false),
            ScanAnswer.NotYet(var why) => new(
                $"{name} could not be scanned for malware just now. {why} Try again in a few minutes.",
                Passes: true),
            _ => null,
        };
    }
}
