using System.Security.Cryptography;
using Distribution.Intake.Malware;

namespace Distribution.Tracking.Inbound;

/// <summary>Why a file that came with a reply is not handed out.</summary>
/// <param name="Why">Sentences for the person who wanted it.</param>
/// <param name="Passes">Whether it may be had later.</param>
internal sealed record Withheld(string Why, bool Passes);

/// <summary>
/// Has what strangers sent scanned at the moment a person saves it, by the signatures of that moment.
/// </summary>
internal sealed class ReplyScan(IEnclosureScanner scanner)
{
    /// <summary>
    /// Whether a scanner is configured that looks into what comes in: Defender looks into uploads alone.
    /// </summary>
    public bool Looks => scanner is not (NoScanner or DefenderScanner);

    /// <returns>
    /// Null where nothing was found in it, and where no scanner is configured that looks into replies.
    /// </returns>
    public async Task<Withheld?> Check(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var file = new FileToScan(
            new(name, content, Convert.ToHexStringLower(SHA256.HashData(content.Span))),
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
