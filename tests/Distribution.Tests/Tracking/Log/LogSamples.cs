using System.IO.Compression;
using System.Text;
using Azure.Storage.Blobs;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tracking;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Log;
using Xunit;

namespace Distribution.Tests.Tracking.Log;

/// <summary>A log as it is exported.</summary>
internal sealed record ExportedLog(byte[] Log, byte[] Values, string Readme)
{
    public IReadOnlyList<string> Lines => Encoding.UTF8.GetString(Log).Split('\n')[..^1];

    public IReadOnlyList<PersonalValue> People =>
        [
            .. Encoding
                .UTF8.GetString(Values)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(Json.Read<PersonalValue>),
        ];

    public IReadOnlyList<LoggedFact> Facts =>
        [.. Lines.Where(line => line.StartsWith("{\"id\"", StringComparison.Ordinal)).Select(Json.Read<LoggedFact>)];

    public IReadOnlyList<ChainLink> Links =>
        [.. Lines.Select(ChainLink.Read).Where(link => link?.Hash is not null).OfType<ChainLink>()];

    public Task<LogVerdict> Verify(string? head = null) => Verify(Log, Values, head);

    public static Task<LogVerdict> Verify(byte[] log, byte[]? values, string? head = null) =>
        LogVerification.Verify(
            new MemoryStream(log),
            values is null ? null : new MemoryStream(values),
            head,
            TestContext.Current.CancellationToken);
}

/// <summary>What tests ask of a house's logs.</summary>
internal static class LogSamples
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A letter to Mexico and Switzerland that has left and whose log is sealed.</summary>
    public static Task<TestWorkflow> SealedLetter(MadeOnce once, AzuriteFixture azurite) =>
        SharedHouse.Again(
            once,
            async () =>
            {
                var house = await TestWorkflow.Open(azurite, new TransportStub());
                var letter = await house.Released("che", "mex");
                await house.CarryOutBatches();
                await house.Seal(letter.Id);
                var audit = await house.Audit(letter.Id);
                Assert.True(audit.IsProven);
                Assert.Equal(DistributionState.Complete, audit.Distribution.State);
                return house;
            },
            new TransportStub());

    public static Task<int?> Seal(this TestWorkflow workflow, string distributionId, bool makeUp = true) =>
        workflow.Get<LogSealer>().Seal(distributionId, makeUp, Cancellation);

    public static async Task<ExportedLog> Export(this TestWorkflow workflow, string distributionId)
    {
        using var file = new MemoryStream();
        Assert.True(await workflow.Get<LogExport>().Write(distributionId, file, Cancellation));
        return Read(file);
    }

    public static ExportedLog Read(Stream file)
    {
        using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        Assert.Equal(["log.jsonl", "people.jsonl", "README.txt"], zip.Entries.Select(entry => entry.FullName));
        return new(Content("log.jsonl"), Content("people.jsonl"), Encoding.UTF8.GetString(Content("README.txt")));

        byte[] Content(string name)
        {
            using var entry = zip.GetEntry(name)!.Open();
            using var content = new MemoryStream();
            entry.CopyTo(content);
            return content.ToArray();
        }
    }

    public static async Task<AuditReport> Audit(this TestWorkflow workflow, string distributionId)
    {
        var report = await workflow.Get<DistributionAudit>().Of(distributionId, Cancellation);
        Assert.NotNull(report);
        return report;
    }

    /// <summary>
    /// Every fact on record, by the ids the log gives them, but for the copies of the record: of those only the last is
    /// on record.
    /// </summary>
    public static async Task<IReadOnlyList<string>> FactsOnRecord(this TestWorkflow workflow, string distributionId) =>
        [
            .. LoggedFacts
                .Acts((await workflow.Distributions()).Single(distribution => distribution.Id == distributionId))
                .Concat((await workflow.Dispatches(distributionId)).SelectMany(LoggedFacts.Of))
                .Concat(
                    (await workflow.Get<Acknowledgements>().Of(distributionId, Cancellation)).Values.SelectMany(
                        AcknowledgementFacts.Of))
                .Concat((await workflow.Get<Forwards>().Of(distributionId, Cancellation)).SelectMany(ForwardFacts.Of))
                .Concat(
                    (await workflow.Get<DeskActs>().Latest(distributionId, int.MaxValue, Cancellation)).SelectMany(
                        DeskFacts.Of))
                .Select(fact => fact.Id)
                .Order(StringComparer.Ordinal),
        ];

    public static IEnumerable<string> WithoutCopies(this ExportedLog log) =>
        log.Facts.Where(fact => fact.Subject != FactSubject.Record)
            .Select(fact => fact.Id)
            .Order(StringComparer.Ordinal);

    public static async Task AssertLogHasEveryFactOnce(this TestWorkflow workflow, string distributionId)
    {
        var log = await workflow.Export(distributionId);
        Assert.Equal(await workflow.FactsOnRecord(distributionId), log.WithoutCopies());
        var record = (await workflow.Distributions()).Single(distribution => distribution.Id == distributionId);
        Assert.All(LoggedFacts.Record(record), copy => Assert.Single(log.Facts, fact => fact.Id == copy.Id));
        Assert.Empty((await log.Verify()).Faults);
        Assert.Empty(await workflow.Waiting(distributionId));
    }

    public static async Task<IReadOnlyList<LogSegment>> Waiting(this TestWorkflow workflow, string distributionId)
    {
        List<LogSegment> waiting = [];
        await foreach (var segment in workflow.Get<LogSegments>().Of(distributionId, Cancellation))
            waiting.Add(segment);
        return waiting;
    }

    public static BlobContainerClient Blobs(this TestWorkflow workflow, string container) =>
        workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(container);

    public static async Task<BlobClient> Blob(this TestWorkflow workflow, string container, Func<string, bool> named)
    {
        await foreach (var blob in workflow.Blobs(container).GetBlobsAsync(cancellationToken: Cancellation))
            if (named(blob.Name))
                return workflow.Blobs(container).GetBlobClient(blob.Name);
        throw new InvalidOperationException($"The container {container} holds nothing of the kind.");
    }

    /// <summary>Puts other content in the place of a blob's, whatever kind of blob it was.</summary>
    public static async Task Overwrite(this BlobClient blob, Func<string, string> change)
    {
        var text = (await blob.DownloadContentAsync(Cancellation)).Value.Content.ToString();
        await blob.DeleteAsync(cancellationToken: Cancellation);
        await blob.UploadAsync(BinaryData.FromString(change(text)), Cancellation);
    }
}
