using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Sending;

public sealed class MissionEntriesTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("che")]
    [InlineData("che", "mex", "fra")]
    public async Task A_change_repeated_because_its_answer_was_lost_is_known_for_ones_own_and_another_workers_is_not(
        params string[] missions)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che", "mex", "fra");
        var entries = workflow.Get<MissionEntries>();
        var before = await entries.Find(distribution.Id, missions, Cancellation);
        IReadOnlyList<Stored<MissionEntry>> Claimed(string worker) =>
            [
                .. before.Select(entry =>
                    entry with
                    {
                        Value = entry.Value with { Claim = new(worker, workflow.Clock.GetUtcNow()) },
                    }),
            ];

        var first = await entries.Replace(Claimed("one"), Cancellation);
        var repeated = await entries.Replace(Claimed("one"), Cancellation);
        Assert.Equal(first!.Select(entry => entry.ETag), repeated!.Select(entry => entry.ETag));
        Assert.Null(await entries.Replace(Claimed("two"), Cancellation));
    }

    // Two questions once had two answers where mail alone spoke of a letter, or where its row had no columns.
    [Fact]
    public async Task The_unknown_outcomes_are_counted_as_the_states_are()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub((_, address) => new(address, MailboxResult.Unknown, "The answer never came.")));
        var distribution = await workflow.Released("che", "mex", "fra");
        await workflow.CarryOutBatches();
        var spoken = (await workflow.Dispatches(distribution.Id)).First(entry => entry.MissionId == "che").Attempts[0];
        await workflow
            .Get<DeliveryEvidence>()
            .Record(
                [
                    new(
                        spoken.MessageId,
                        spoken.Mailboxes[0].Mailbox.Address,
                        new(workflow.Clock.GetUtcNow(), DeliveryEventKind.Bounced, "", Source: EvidenceRanks.Report, Id: "1")),
                ],
                Cancellation);
        var table = workflow.Get<StorageAccount>().Tables.GetTableClient(ResourceNames.DispatchesTable);
        var bare = (await table.GetEntityAsync<TableEntity>(distribution.Id, "mex", cancellationToken: Cancellation)).Value;
        bare.Remove("State");
        bare.Remove("FirmState");
        await table.UpdateEntityAsync(bare, bare.ETag, TableUpdateMode.Replace, Cancellation);

        var states = workflow.Get<EntryStates>();
        Assert.Equal(3, (await states.Look(distribution.Id, workflow.Clock.GetUtcNow(), Cancellation)).Unknown);
        Assert.Equal(
            3,
            (await states.Count(distribution.Id, Cancellation)).GetValueOrDefault(DeliveryState.OutcomeUnknown));
    }
}
