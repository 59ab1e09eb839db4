using System.IO.Compression;
using System.Text;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Log;
using Distribution.Tracking.Reports;

namespace Distribution.Tracking.Archive;

/// <summary>
/// Writes a distribution as one self-contained zip: letters as sent, enclosures, roster, deliveries, acknowledgements,
/// acts and log, with a manifest of hashes. The same stored state makes the same bytes. What is in it is enough to go
/// on with the letter elsewhere: see <see cref="Continuation"/>.
/// </summary>
internal sealed class DistributionArchive(
    DistributionRecords distributions,
    MissionEntries dispatches,
    FrozenContents contents,
    Acknowledgements acknowledgements,
    ReachReader reaches,
    LogSealer sealer,
    LogExport logs)
{
    /// <summary>The frozen content as it is stored, from which all letters are made.</summary>
    public const string ContentName = "content.json";

    /// <summary>The role of the files of a mission that the letter was offered to.</summary>
    public const string EmailRole = "email";

    /// <summary>
    /// Replaces each mission's own link. With the real link, anyone who reads the archive could acknowledge in the
    /// mission's name. No domain ends in <c>.invalid</c> (RFC 2606).
    /// </summary>
    public const string NeutralLink = "https://archive.invalid/the-link-of-the-mission-is-not-archived";

    /// <summary>Missions whose own letters are read from storage together.</summary>
    private const int ReadAhead = 16;

    /// <returns>Where an enclosure is in an archive.</returns>
    public static string NameOf(Enclosure enclosure) => $"enclosures/{enclosure.File}";

    /// <returns>Where a typeset letter is in an archive.</returns>
    public static string NameOf(LetterPdf pdf, bool wasOffered) =>
        $"{(wasOffered ? "letters" : "unsent")}/{pdf.Mission ?? "all"}/{pdf.File}";

    /// <param name="target">A seekable stream: without seeking, the zip's bytes would be different.</param>
    /// <returns>False where there is no such distribution; then nothing is written.</returns>
    /// <exception cref="InvalidDataException">What is stored differs from what was frozen.</exception>
    public async Task<bool> Write(string distributionId, Stream target, CancellationToken cancellation)
    {
        if (await distributions.Find(distributionId, cancellation) is not { } distribution)
            return false;
        if (distribution.ReleasedAt is not null)
            await Seal(distributionId, cancellation);
        var (content, _) = await contents.ReadStored(distributionId, cancellation);
        IReadOnlyList<MissionEntry> entries =
        [
            .. (await dispatches.All(distributionId, cancellation)).Select(stored => stored.Value),
        ];
        var reach = await reaches.Of(distribution, cancellation);
        var sent = entries.Where(WasOffered).Select(entry => entry.MissionId).ToHashSet();

        await using var zip = await ZipArchive.CreateAsync(
            target,
            ZipArchiveMode.Create,
            leaveOpen: true,
            Encoding.UTF8,
            cancellation);
        var archive = new ArchiveWriter(zip, distribution.PreparedAt);
        await archive.Add(
            "README.txt",
            "readme",
            ArchiveReadme.Write(
                distribution,
                content,
                reach,
                sent.Count,
                await distributions.Following(distributionId, cancellation)),
            cancellation);
        await AddLetters(archive, distribution, content, sent, cancellation);
        foreach (var enclosure in content.Enclosures)
            await archive.Add(
                NameOf(enclosure),
                "enclosure",
                (stream, stop) => contents.CopyEnclosure(distributionId, enclosure, stream, stop),
                cancellation);
        await archive.Add(
            ContentName,
            "content",
            (stream, stop) => contents.CopyContent(distributionId, stream, stop),
            cancellation);
        await archive.Add("roster.csv", "roster", ReportTables.Roster(content.Roster), cancellation);
        await archive.Add(
            "deliveries.csv",
            "deliveries",
            DeliveryLogFile.Write(DeliveryLog.Of(entries, content.Roster), reach),
            cancellation);
        await archive.Add(
            "acknowledgements.csv",
            "acknowledgements",
            ReportTables.Acknowledgements(await Acknowledged(distribution, content, cancellation)),
            cancellation);
        await archive.Add("acts.csv", "acts", ReportTables.Acts(distribution), cancellation);
        foreach (var file in await logs.Files(distributionId, cancellation))
            await archive.Add($"log/{file.Name}", "log", file.Write, cancellation);
        await archive.Add(
            // Behind all other files, which it names. Its own sum can only stand in the file of sums.
            ArchiveWriter.Manifest,
            "manifest",
            ManifestOf(distribution, reach, archive.Files),
            cancellation);
        await archive.AddSums(cancellation);
        return true;
    }

    /// <summary>
    /// Seals the log first, so that the one in the archive has everything that had happened. Where another worker
    /// seals, or the log is broken, it is archived as it is.
    /// </summary>
    private async Task Seal(string distributionId, CancellationToken cancellation)
    {
        try
        {
            await sealer.Seal(distributionId, makeUp: true, cancellation);
        }
        catch (InvalidDataException)
        {
            // Whoever checks the archive finds it, and so does the audit.
        }
    }

    /// <summary>
    /// Adds the letters that were offered to a server. For the other missions, and not before the release, it adds only
    /// the PDF that each will get, so that nobody has to typeset it again.
    /// </summary>
    private async Task AddLetters(
        ArchiveWriter archive,
        DistributionRecord distribution,
        FrozenContent content,
        HashSet<string> sent,
        CancellationToken cancellation)
    {
        var letters = new MissionLetters(content);
        foreach (var pdf in content.Pdfs.Where(pdf => pdf.Mission is null))
            // What all missions get alike has one place, whether or not it has left.
            await AddPdf(pdf, wasOffered: true);
        var included = content.Roster.Where(mission =>
            sent.Contains(mission.Id) || distribution.ReleasedAt is not null);
        foreach (var some in included.Chunk(ReadAhead))
        {
            // Each is small; waiting for thousands of them one after the other takes longer than whoever asked waits.
            var own = await Task.WhenAll(some.Select(OwnPdfs));
            foreach (var (mission, pdfs) in some.Zip(own))
            {
                var wasOffered = sent.Contains(mission.Id);
                if (wasOffered)
                {
                    var letter = letters.Render(mission, NeutralLink);
                    await AddEmail(mission, "subject.txt", letter.Subject + "\n");
                    await AddEmail(mission, "email.html", letter.Html);
                    await AddEmail(mission, "email.txt", letter.Text);
                }

                foreach (var (pdf, bytes) in pdfs)
                    await archive.Add(
                        NameOf(pdf, wasOffered),
                        wasOffered ? "letter" : "unsent",
                        bytes,
                        cancellation,
                        mission.Id);
            }
        }

        async Task<IReadOnlyList<(LetterPdf Pdf, ReadOnlyMemory<byte> Bytes)>> OwnPdfs(Mission mission)
        {
            List<(LetterPdf, ReadOnlyMemory<byte>)> pdfs = [];
            foreach (var pdf in content.PdfsOf(mission).Where(pdf => pdf.Mission is not null))
                pdfs.Add((pdf, await contents.ReadPdf(distribution.Id, pdf, cancellation)));
            return pdfs;
        }

        Task AddEmail(Mission mission, string file, string text) =>
            archive.Add($"letters/{mission.Id}/{file}", EmailRole, text, cancellation, mission.Id);

        Task AddPdf(LetterPdf pdf, bool wasOffered) =>
            archive.Add(
                NameOf(pdf, wasOffered),
                wasOffered ? "letter" : "unsent",
                (stream, stop) => contents.CopyPdf(distribution.Id, pdf, stream, stop),
                cancellation,
                pdf.Mission);
    }

    /// <returns>Of a reminder: what its missions acknowledged of the letter it reminds of.</returns>
    private async Task<IReadOnlyList<(Mission Mission, MissionAcknowledgement Record)>> Acknowledged(
        DistributionRecord distribution,
        FrozenContent content,
        CancellationToken cancellation)
    {
        var records = await acknowledgements.Of(distribution.AcknowledgedUnder, cancellation);
        return
        [
            .. content
                .Roster.Where(mission => records.ContainsKey(mission.Id))
                .Select(mission => (mission, records[mission.Id])),
        ];
    }

    private static string ManifestOf(DistributionRecord distribution, Reach reach, IReadOnlyList<ArchiveFile> files) =>
        new ArchiveManifest(
            distribution.Id,
            distribution.Process,
            distribution.DraftLabel,
            distribution.Date,
            reach.Phase.ToString(),
            reach.Have,
            reach.MissionCount,
            distribution.ReleasedAt,
            distribution.CompletedAt,
            distribution.ContentHash,
            distribution.RegisterHash,
            RecordFormat.Written,
            files).Write();

    /// <summary>Whether a server was, or may have been, offered the letter.</summary>
    public static bool WasOffered(MissionEntry entry) =>
        entry.Attempts.Exists(attempt =>
            attempt.Mailboxes.Exists(mailbox => mailbox.State is not (DeliveryState.Pending or DeliveryState.Withdrawn))
        );
}
