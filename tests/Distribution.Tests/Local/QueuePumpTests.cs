using Azure.Storage.Queues;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Local;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Distribution.Tests.Local;

public sealed class QueuePumpTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Keeps_the_rules_of_the_queue_triggers() =>
        Assert.Equal(
            new(2, 1, 5, TimeSpan.FromSeconds(90)),
            QueueRules.Read(Path.Combine(AppContext.BaseDirectory, "host.json")));

    [Fact]
    public async Task A_message_that_keeps_failing_ends_as_a_notice_and_a_distribution_on_hold()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che", "mex");
        var enclosure = workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Distributions)
            .GetBlobClient($"{distribution.Id}/enclosures/draft-rev-1.pdf");
        await enclosure.UploadAsync(new BinaryData("somebody else's bytes"), overwrite: true, Cancellation);
        using var pump = Pump(workflow, pause: TimeSpan.Zero);
        await pump.StartAsync(Cancellation);

        IReadOnlyList<Notice> notices = [];
        while (notices is [])
        {
            await Task.Delay(50, Cancellation);
            notices = await workflow.Get<Notices>().All(Cancellation);
        }
        await pump.StopAsync(Cancellation);

        Assert.StartsWith("Draft Rev 1 is on hold.", Assert.Single(notices).Text, StringComparison.Ordinal);
        Assert.Equal(DistributionState.Paused, (await workflow.TheDistribution()).State);
        Assert.All(
            await workflow.Dispatches(distribution.Id),
            entry => Assert.Equal(DeliveryState.Pending, entry.State));
        Assert.Empty(workflow.Sent());
        Assert.Equal(0, await Waiting(workflow.Queue));
    }

    [Fact]
    public async Task A_stop_gives_back_at_once_what_is_not_finished()
    {
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var transport = new TransportStub
        {
            BeforeAnswer = () =>
            {
                begun.TrySetResult();
                return go.Task;
            },
        };
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:Concurrency", "1"));
        var distribution = await workflow.Released("che", "mex");
        using var pump = Pump(workflow, pause: TimeSpan.FromHours(1));
        await pump.StartAsync(Cancellation);
        await begun.Task;

        var stopping = pump.StopAsync(Cancellation);
        go.SetResult();
        await stopping;

        Assert.Equal(
            [DeliveryState.Accepted, DeliveryState.Pending],
            (await workflow.Dispatches(distribution.Id)).Select(entry => entry.State));
        var back = (await workflow.Queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value;
        Assert.NotNull(back);
        await workflow.Get<BatchHandler>().Dispatch(back.MessageText, Cancellation);
        Assert.Equal(["mex", "che"], transport.Offered.Select(message => message.MissionId));
    }

    private static QueuePump Pump(TestWorkflow workflow, TimeSpan pause) =>
        new(
            workflow.Get<WorkQueues>(),
            workflow.Get<IWorkflow>(),
            new(BatchSize: 2, NewBatchThreshold: 1, MaxDequeueCount: 2, VisibilityTimeout: pause),
            NullLogger<QueuePump>.Instance);

    private static async Task<int> Waiting(QueueClient queue) =>
        (await queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount;
}
