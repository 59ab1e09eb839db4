using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Tracking;

public sealed class VerificationsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_an_earlier_version_put_on_record_is_found_and_not_added_again()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        var verifications = workflow.Get<Verifications>();
        var content = await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation);
        var hash = content.Pdfs[0].Hash;
        var known = await verifications.Find(hash, Cancellation);
        Assert.Single(known);

        // Earlier versions wrote each row into a partition named by what can be verified.
        var table = workflow.Get<StorageAccount>().Tables.GetTableClient(ResourceNames.VerificationsTable);
        foreach (var row in await table.QueryAsync<TableEntity>(cancellationToken: Cancellation).ToListAsync(Cancellation))
        {
            await table.DeleteEntityAsync(row, cancellationToken: Cancellation);
            (row.PartitionKey, row.RowKey) = (row.RowKey.Split('!')[0], letter.Id);
            await table.AddEntityAsync(row, Cancellation);
        }

        Assert.Equal(known, await verifications.Find(hash, Cancellation));
        Assert.Equal(0, await verifications.Restore(letter.Id, content, Cancellation));

        // The same content examined once more is there twice, and told once.
        await verifications.Freeze(letter.Id, content, isNew: false, Cancellation);
        Assert.Equal(known, await verifications.Find(hash, Cancellation));
        // Half of a hash names nothing.
        Assert.Empty(await verifications.Find(hash[..32], Cancellation));
    }
}
