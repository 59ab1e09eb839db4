using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Log;

namespace Distribution.Tracking.Archive;

/// <summary>
/// An archive that was checked: every file is the one that its manifest names, the log is unchanged since it was
/// sealed, and the frozen content is the one that the log begins with. Nothing is unpacked onto a disk.
/// </summary>
internal sealed class VerifiedArchive : IAsyncDisposable
{
    private const string LogFolder = "log/";

    /// <summary>In bytes. A manifest has a line of some 200 for each file, and a mission has four.</summary>
    private const int LongestManifest = 20_000_000;

    private const int MostFaults = 5;

    private readonly ZipArchive zip;

    private VerifiedArchive(
        ZipArchive zip,
        ArchiveManifest manifest,
        ReadOnlyMemory<byte> content,
        IReadOnlyList<SealedSegment> log)
    {
        this.zip = zip;
        Manifest = manifest;
        ContentBytes = content;
        Content = Json.Read<FrozenContent>(Encoding.UTF8.GetString(content.Span));
        Log = log;
        Offered = manifest
            .Files.Where(file => file is { Role: DistributionArchive.EmailRole, Mission: not null })
            .Select(file => file.Mission!)
            .ToHashSet();
    }

    public ArchiveManifest Manifest { get; }

    public ReadOnlyMemory<byte> ContentBytes { get; }

    public FrozenContent Content { get; }

    /// <summary>The links of the log with what they seal, in order.</summary>
    public IReadOnlyList<SealedSegment> Log { get; }

    public string Head => Log[^1].Link.Hash;

    /// <summary>The missions that the letter was offered to, or may have been, when the archive was made.</summary>
    public IReadOnlySet<string> Offered { get; }

    /// <param name="file">Seekable; it must stay open while the archive is used.</param>
    /// <param name="head">
    /// A head of its log that was noted before, complete or in its short form without spaces; null for none.
    /// </param>
    /// <exception cref="InvalidDataException">It is no archive, or was changed; the message has sentences.</exception>
    public static async Task<VerifiedArchive> Open(Stream file, string? head, CancellationToken cancellation)
    {
        var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: true, Encoding.UTF8, cancellation);
        try
        {
            // In this order, so that nothing is read further before it is what the manifest says; and the content last,
            // since the log says which it must be.
            var manifest = await ReadManifest(zip, cancellation);
            await CheckFiles(zip, manifest, cancellation);
            var log = await ReadLog(zip, manifest, head, cancellation);
            var content = await Bytes(zip, DistributionArchive.ContentName, cancellation);
            if (FrozenHash(log) != Sha256Hex.Of(content.Span))
                throw new InvalidDataException("content.json is not the content whose hash the log begins with.");
            return new(zip, manifest, content, log);
        }
        catch (JsonException unreadable)
        {
            await zip.DisposeAsync();
            throw new InvalidDataException($"{DistributionArchive.ContentName} is no frozen content.", unreadable);
        }
        catch
        {
            await zip.DisposeAsync();
            throw;
        }
    }

    /// <summary>The frozen files that travel with the letter.</summary>
    /// <exception cref="InvalidDataException">One is missing, or is not the one that was frozen.</exception>
    public async Task<LetterFiles> Files(CancellationToken cancellation)
    {
        List<UploadedFile> enclosures = [];
        foreach (var enclosure in Content.Enclosures)
            enclosures.Add(
                new(
                    enclosure.File,
                    await Frozen(DistributionArchive.NameOf(enclosure), enclosure.Hash, cancellation),
                    enclosure.Hash));
        List<TypesetLetter> printed = [];
        foreach (var pdf in Content.Pdfs)
            printed.Add(
                new(
                    pdf,
                    await Frozen(
                        DistributionArchive.NameOf(pdf, pdf.Mission is null || Offered.Contains(pdf.Mission)),
                        pdf.Hash,
                        cancellation)));
        return new([], enclosures, printed);
    }

    public ValueTask DisposeAsync() => zip.DisposeAsync();

    private static async Task<ArchiveManifest> ReadManifest(ZipArchive zip, CancellationToken cancellation)
    {
        if (zip.GetEntry(ArchiveWriter.Manifest) is not { Length: <= LongestManifest } entry)
            throw new InvalidDataException(
                $"It holds no {ArchiveWriter.Manifest}, so it is not the archive of a letter.");
        if (ArchiveManifest.Read(Encoding.UTF8.GetString((await Bytes(entry, cancellation)).Span)) is not { } manifest)
            throw new InvalidDataException($"Its {ArchiveWriter.Manifest} was changed: it cannot be read.");
        if (manifest.Format is null)
            throw new InvalidDataException(
                $"It was made by a version of this service that did not put {DistributionArchive.ContentName}, from which the letters are made, into archives.");
        RecordFormat.Check(manifest.Format, "The archive");
        // It becomes a part of the names of blobs.
        if (!manifest.Distribution.All(sign => char.IsAsciiLetterOrDigit(sign) || sign == '-'))
            throw new InvalidDataException($"Its {ArchiveWriter.Manifest} was changed: it names no letter.");
        return manifest;
    }

    /// <summary>Compares every file with the manifest, and the manifest with the sums.</summary>
    private static async Task CheckFiles(ZipArchive zip, ArchiveManifest manifest, CancellationToken cancellation)
    {
        List<string> faults = [];
        var sums = zip.GetEntry(ArchiveWriter.Sums) is { Length: <= LongestManifest } listed
            ? Encoding.UTF8.GetString((await Bytes(listed, cancellation)).Span)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .ToHashSet()
            : [];
        HashSet<string> known = [ArchiveWriter.Sums, ArchiveWriter.Manifest];
        foreach (var file in manifest.Files)
        {
            if (!known.Add(file.Name))
                faults.Add($"{file.Name} stands in its {ArchiveWriter.Manifest} twice.");
            else if (zip.GetEntry(file.Name) is not { } entry)
                faults.Add($"{file.Name} is missing.");
            // The length first: it is known without reading the file.
            else if (entry.Length != file.Bytes || await HashOf(entry, cancellation) != file.Sha256)
                faults.Add($"{file.Name} was changed.");
            else if (!sums.Contains($"{file.Sha256}  {file.Name}"))
                faults.Add($"{ArchiveWriter.Sums} has another sum of {file.Name}.");
        }

        if (zip.GetEntry(ArchiveWriter.Manifest) is { } itself
            && !sums.Contains($"{await HashOf(itself, cancellation)}  {ArchiveWriter.Manifest}"))
            faults.Add($"{ArchiveWriter.Manifest} was changed.");
        // Whoever unpacks an archive and packs it again may add entries for the folders themselves.
        faults.AddRange(
            zip.Entries.Select(entry => entry.FullName)
                .Where(name => !name.EndsWith('/') && !known.Contains(name))
                .Select(name => $"{SingleLine.Of(name)} was added."));
        // Of two entries of one name only one was looked at above, and another program may unpack the other.
        faults.AddRange(
            zip.Entries.CountBy(entry => entry.FullName)
                .Where(name => name.Value > 1)
                .Select(name => $"{SingleLine.Of(name.Key)} is in it twice."));
        foreach (
            var needed in (string[])
                [
                    DistributionArchive.ContentName,
                    LogFolder + LogExport.LogName,
                    LogFolder + LogExport.ValuesName
                ])
            if (!known.Contains(needed))
                faults.Add($"{needed} is missing.");
        Throw(faults);
    }

    private static async Task<IReadOnlyList<SealedSegment>> ReadLog(
        ZipArchive zip,
        ArchiveManifest manifest,
        string? head,
        CancellationToken cancellation)
    {
        var bytes = await Bytes(zip, LogFolder + LogExport.LogName, cancellation);
        var people = await Bytes(zip, LogFolder + LogExport.ValuesName, cancellation);
        using (var log = new MemoryStream(bytes.ToArray(), writable: false))
        using (var values = new MemoryStream(people.ToArray(), writable: false))
        {
            var verdict = await LogVerification.Verify(log, values, head, cancellation);
            Throw(verdict.Faults);
            if (verdict.Links == 0)
                throw new InvalidDataException(
                    "Its log is empty: the letter had not been released when the archive was made, and nothing of it has left. Upload its files again instead.");
            if (verdict.Distribution != manifest.Distribution)
                throw new InvalidDataException("Its log is that of another letter.");
        }

        return Segments(Lines(bytes), Lines(people));
    }

    /// <summary>
    /// Puts the lines of an exported log, which was verified, back into the segments that they came from.
    /// </summary>
    private static List<SealedSegment> Segments(string[] lines, string[] people)
    {
        var values = people.ToDictionary(line => Json.Read<PersonalValue>(line).Hash);
        List<SealedSegment> segments = [];
        // The last line is the end of the log, and no link.
        for (var at = 0; at < lines.Length - 1;)
        {
            var link = ChainLink.Read(lines[at++])
                ?? throw new InvalidOperationException("A log that was verified holds a link that cannot be read.");
            var facts = lines[at..(at + link.Lines)];
            at += link.Lines;
            segments.Add(
                new(
                    link,
                    Text(facts),
                    Text(
                        facts
                            .SelectMany(fact => Json.Read<LoggedFact>(fact).Personal?.Values ?? [])
                            // A value that was erased is missing here, and stays missing.
                            .Select(values.GetValueOrDefault)
                            .OfType<string>())));
        }

        return segments;
    }

    private static string? FrozenHash(IReadOnlyList<SealedSegment> log) =>
        log.SelectMany(segment => Lines(segment.Lines.ToMemory()))
            .Select(Json.Read<LoggedFact>)
            // The first act of a log has the hash of what was frozen.
            .FirstOrDefault(fact => fact.Content is not null)
            ?.Content;

    private async Task<ReadOnlyMemory<byte>> Frozen(string name, string hash, CancellationToken cancellation)
    {
        if (zip.GetEntry(name) is not { } entry)
            throw new InvalidDataException($"{name} is missing.");
        var bytes = await Bytes(entry, cancellation);
        return Sha256Hex.Of(bytes.Span) == hash
            ? bytes
            : throw new InvalidDataException($"{name} is not the file that was frozen with the letter.");
    }

    private static void Throw(IReadOnlyList<string> faults)
    {
        if (faults is not [])
            throw new InvalidDataException(
                string.Join(
                    " ",
                    [
                        .. faults.Take(MostFaults),
                        .. faults.Count > MostFaults
                            ? [$"There are {faults.Count - MostFaults} faults more."]
                            : (string[])[],
                    ]));
    }

    private static Task<ReadOnlyMemory<byte>> Bytes(ZipArchive zip, string name, CancellationToken cancellation) =>
        Bytes(zip.GetEntry(name)!, cancellation);

    private static async Task<ReadOnlyMemory<byte>> Bytes(ZipArchiveEntry entry, CancellationToken cancellation)
    {
        await using var stored = await entry.OpenAsync(cancellation);
        using var bytes = new MemoryStream();
        await stored.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }

    private static async Task<string> HashOf(ZipArchiveEntry entry, CancellationToken cancellation)
    {
        await using var stored = await entry.OpenAsync(cancellation);
        return await Sha256Hex.Of(stored, cancellation);
    }

    private static string[] Lines(ReadOnlyMemory<byte> text) =>
        Encoding.UTF8.GetString(text.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static BinaryData Text(IEnumerable<string> lines) =>
        BinaryData.FromString(string.Concat(lines.Select(line => line + "\n")));
}
