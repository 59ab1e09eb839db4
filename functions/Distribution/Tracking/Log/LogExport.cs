using System.IO.Compression;
using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Tracking.Erasure;

namespace Distribution.Tracking.Log;

/// <summary>One file of an exported log.</summary>
/// <param name="Write">Writes the file's content.</param>
internal sealed record LogExportFile(string Name, Func<Stream, CancellationToken, Task> Write);

/// <summary>Exports a distribution's sealed log as a zip that can be verified without this service.</summary>
internal sealed class LogExport(DistributionRecords distributions, Erasures erasures, LogChains chains)
{
    public const string LogName = "log.jsonl";

    public const string ValuesName = "people.jsonl";

    private const string ReadmeName = "README.txt";

    private static readonly Lazy<string> Readme = new(() =>
    {
        using var stream = typeof(LogExport).Assembly.GetManifestResourceStream("log-readme.txt")
            ?? throw new InvalidOperationException("The program was built without log-readme.txt.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    /// <returns>False where there is no such distribution; then nothing is written.</returns>
    public async Task<bool> Write(string distributionId, Stream target, CancellationToken cancellation)
    {
        if (await distributions.Find(distributionId, cancellation) is null
            // The sealed log of an erased letter stays, and can be exported and checked like any other.
            && await erasures.Find(distributionId, cancellation) is null)
            return false;
        var files = await Files(distributionId, cancellation);
        await using var zip = await ZipArchive.CreateAsync(
            target,
            ZipArchiveMode.Create,
            leaveOpen: true,
            Encoding.UTF8,
            cancellation);
        foreach (var file in files)
        {
            await using var entry = await zip.CreateEntry(file.Name).OpenAsync(cancellation);
            await file.Write(entry, cancellation);
        }

        return true;
    }

    /// <summary>The files of the log, in their order.</summary>
    public async Task<IReadOnlyList<LogExportFile>> Files(string distributionId, CancellationToken cancellation)
    {
        var links = await chains.Links(distributionId, cancellation);
        return
        [
            new(LogName, (target, stop) => WriteLog(distributionId, links, target, stop)),
            new(ValuesName, (target, stop) => WriteValues(distributionId, links, target, stop)),
            new(ReadmeName, (target, stop) => target.WriteAsync(Encoding.UTF8.GetBytes(Readme.Value), stop).AsTask()),
        ];
    }

    private async Task WriteLog(
        string distributionId,
        IReadOnlyList<string> links,
        Stream log,
        CancellationToken cancellation)
    {
        foreach (var text in links)
        {
            await log.WriteAsync(Encoding.UTF8.GetBytes(text + "\n"), cancellation);
            // Export the bytes as they are stored, even if they are damaged: the verification must be able to find
            // that.
            if (ChainLink.Read(text) is { } link
                && await chains.Segment(distributionId, link.Segment, cancellation) is { } segment)
                await log.WriteAsync(segment.ToMemory(), cancellation);
        }

        var head = links is [.., var last] ? ChainLink.Read(last)?.Hash : null;
        await log.WriteAsync(
            Encoding.UTF8.GetBytes(Json.Write(new LogEnd(links.Count, head ?? ChainLink.Beginning)) + "\n"),
            cancellation);
    }

    private async Task WriteValues(
        string distributionId,
        IReadOnlyList<string> links,
        Stream values,
        CancellationToken cancellation)
    {
        foreach (var link in links.Select(ChainLink.Read).OfType<ChainLink>())
            await values.WriteAsync(
                (await chains.Values(distributionId, link.Segment, cancellation)).ToMemory(),
                cancellation);
    }
}
