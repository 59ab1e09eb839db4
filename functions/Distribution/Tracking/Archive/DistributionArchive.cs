using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking.Log;
using Distribution.Tracking.Reports;

namespace Distribution.Tracking.Archive;

/// <summary>
/// Writes a distribution as one self-contained zip: letters as sent, enclosures, roster, deliveries, acknowledgements,
/// acts and log, with a manifest of hashes. The same stored state makes the same bytes.
/// </summary>
internal sealed class DistributionArchive(
    DistributionRecords distributions,
    MissionEntries dispatches,
    FrozenContents contents,
    Acknowledgements acknowledgements,
    ReachReader reaches,
    LogExport logs)
{
    /// <summary>
    /// Replaces each mission's own link. With the real link, anyone who reads the archive could acknowledge in the
    /// mission's name.
    /// </summary>
    public const string NeutralLink = "https://archive.invalid/the-link-of-the-mission-is-not-archived";

    /// <summary>Missions whose own letters are read from storage together.</summary>
    private const int ReadAhead = 16;

    private static readonly JsonSerializerOptions ManifestJson = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="target">A seekable stream: without seeking, the zip's bytes would be different.</param>
    /// <returns>False where there is no such distribution; then nothing is written.</returns>
    /// <exception cref="InvalidDataException">What is stored differs from what was frozen.</exception>
    public async Task<bool> Write(string distributionId, Stream target, CancellationToken cancellation)
    {
        if (await distributions.Find(distributionId, cancellation) is not { } distribution)
            return false;
        var content = await contents.ReadStored(distributionId, cancellation);
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
        await AddLetters(archive, distributionId, content, sent, cancellation);
        foreach (var enclosure in content.Enclosures)
            await archive.Add(
                $"enclosures/{enclosure.File}",
                "enclosure",
                (stream, stop) => contents.CopyEnclosure(distributionId, enclosure, stream, stop),
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
            ArchiveWriter.Manifest,
            "manifest",
            ManifestOf(distribution, reach, archive.Files),
            cancellation);
        await archive.AddSums(cancellation);
        return true;
    }

    private async Task AddLetters(
        ArchiveWriter archive,
        string distributionId,
        FrozenContent content,
        HashSet<string> sent,
        CancellationToken cancellation)
    {
        var letters = new MissionLetters(content);
        foreach (var pdf in content.Pdfs.Where(pdf => pdf.Mission is null))
            await AddPdf("all", pdf);
        foreach (var some in content.Roster.Where(mission => sent.Contains(mission.Id)).Chunk(ReadAhead))
        {
            // Each is small; waiting for thousands of them one after the other takes longer than whoever asked waits.
            var own = await Task.WhenAll(some.Select(mission => OwnPdfs(mission)));
            foreach (var (mission, pdfs) in some.Zip(own))
            {
                var letter = letters.Render(mission, NeutralLink);
                await archive.Add(
                    $"letters/{mission.Id}/subject.txt",
                    "email",
                    letter.Subject + "\n",
                    cancellation,
                    mission.Id);
                await archive.Add($"letters/{mission.Id}/email.html", "email", letter.Html, cancellation, mission.Id);
                await archive.Add($"letters/{mission.Id}/email.txt", "email", letter.Text, cancellation, mission.Id);
                foreach (var (pdf, bytes) in pdfs)
                    await archive.Add($"letters/{mission.Id}/{pdf.File}", "letter", bytes, cancellation, mission.Id);
            }
        }

        async Task<IReadOnlyList<(LetterPdf Pdf, ReadOnlyMemory<byte> Bytes)>> OwnPdfs(Mission mission)
        {
            List<(LetterPdf, ReadOnlyMemory<byte>)> pdfs = [];
            foreach (var pdf in content.PdfsOf(mission).Where(pdf => pdf.Mission is not null))
                pdfs.Add((pdf, await contents.ReadPdf(distributionId, pdf, cancellation)));
            return pdfs;
        }

        Task AddPdf(string folder, LetterPdf pdf) =>
            archive.Add(
                $"letters/{folder}/{pdf.File}",
                "letter",
                (stream, stop) => contents.CopyPdf(distributionId, pdf, stream, stop),
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
        JsonSerializer.Serialize(
            new
            {
                Distribution = distribution.Id,
                distribution.Process,
                Draft = distribution.DraftLabel,
                distribution.Date,
                State = reach.Phase.ToString(),
                reach.Have,
                Missions = reach.MissionCount,
                distribution.ReleasedAt,
                distribution.CompletedAt,
                distribution.ContentHash,
                distribution.RegisterHash,
                Files = files,
            },
            ManifestJson) + "\n";

    /// <summary>Whether a server was, or may have been, offered the letter.</summary>
    private static bool WasOffered(MissionEntry entry) =>
        entry.Attempts.Exists(attempt =>
            attempt.Mailboxes.Exists(mailbox => mailbox.State is not (DeliveryState.Pending or DeliveryState.Withdrawn))
        );
}
