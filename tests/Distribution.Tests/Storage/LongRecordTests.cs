using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Storage;

/// <summary>A record that is too long for one column, as the journal of many letters is.</summary>
public sealed class LongRecordTests(AzuriteFixture azurite)
{
    private const string Letter = "gcm-draft-rev-1-0123456789ab";

    private static readonly Claim Worker = new("one", DateTimeOffset.UnixEpoch);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(5_000)]
    // As text it would be longer than a row may be.
    [InlineData(300_000)]
    public async Task Is_read_as_it_was_written_and_takes_little_room(int missions)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var written = await Write(workflow, missions);

        var row = await Row(workflow);
        Assert.InRange(row.Where(column => column.Key.StartsWith("Facts", StringComparison.Ordinal)).Sum(column => ((byte[])column.Value).Length), 1, missions * 4);
        var read = (await workflow.Get<SendingJournals>().Find(Letter, 0, Cancellation))!.Value;
        Assert.Equal(written.Missions, read.Missions);
        Assert.Equal(written.Claim, read.Claim);
    }

    [Fact]
    public async Task Is_read_as_earlier_versions_wrote_it_as_text_in_several_columns()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var written = await Write(workflow, 5_000);
        var row = await Row(workflow);
        foreach (var column in row.Keys.Where(column => column.StartsWith("Facts", StringComparison.Ordinal)).ToList())
            row.Remove(column);
        foreach (var (place, piece) in Json.Write(written).Chunk(30_000).Index())
            row[$"Facts{place}"] = new string(piece);
        Assert.True(row.ContainsKey("Facts1"));
        await Table(workflow).UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Cancellation);

        Assert.Equal(
            written.Missions,
            (await workflow.Get<SendingJournals>().Find(Letter, 0, Cancellation))!.Value.Missions);
    }

    [Fact]
    public async Task Damaged_anywhere_it_is_told_and_believed_in_no_part()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        Func<byte[], byte[]>[] damages =
        [
            bytes => [.. bytes[..^9], (byte)~bytes[^9], .. bytes[^8..]],
            // A length that would take all memory, one below zero, and one that is not its own.
            bytes => [.. bytes[..3], 127, .. bytes[4..]],
            bytes => [.. bytes[..3], 255, .. bytes[4..]],
            bytes => [(byte)(bytes[0] + 1), .. bytes[1..]],
            bytes => bytes[..^1],
            bytes => bytes[..2],
        ];
        foreach (var (slot, damage) in damages.Index())
        {
            await Write(workflow, 5_000, slot);
            var row = await Row(workflow, slot);
            row["Facts0"] = damage(row.GetBinary("Facts0"));
            await Table(workflow).UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Cancellation);
            await Assert.ThrowsAsync<UnreadableRecordException>(() =>
                workflow.Get<SendingJournals>().Find(Letter, slot, Cancellation));
        }

        Assert.Empty(await workflow.Get<SendingJournals>().Of(Letter, Cancellation));
        var told = await workflow.Get<Notices>().All(Cancellation);
        Assert.Equal(damages.Length, told.Count);
        Assert.All(told, notice => Assert.Contains("in the table Journals cannot be read", notice.Text, StringComparison.Ordinal));
    }

    private static async Task<SendingJournal> Write(TestWorkflow workflow, int missions, int slot = 0)
    {
        var journals = workflow.Get<SendingJournals>();
        var opened = (await journals.Open(Letter, slot, Worker, Cancellation))!;
        var journal = opened.Value with
        {
            Missions = [.. Enumerable.Range(0, missions).Select(place => $"mission {place} “é”")],
        };
        return (await journals.Write(opened with { Value = journal }, Cancellation))!.Value;
    }

    private static async Task<TableEntity> Row(TestWorkflow workflow, int slot = 0) =>
        (await Table(workflow).GetEntityAsync<TableEntity>(Letter, $"{slot:d5}", cancellationToken: Cancellation)).Value;

    private static TableClient Table(TestWorkflow workflow) =>
        workflow.Get<StorageAccount>().Tables.GetTableClient(ResourceNames.JournalsTable);
}
