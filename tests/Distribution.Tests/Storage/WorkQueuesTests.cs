using Distribution.Common;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Storage;

/// <summary>Whoever takes messages in the process that puts them there need not look every moment.</summary>
public sealed class WorkQueuesTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_is_told_of_a_message_of_the_same_process_and_queue_once()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var queues = workflow.Get<WorkQueues>();
        var told = queues.HasOwn(ResourceNames.DispatchQueue, Never, Cancellation);

        await queues.Add(ResourceNames.PrepareQueue, "other", TimeSpan.Zero, Cancellation);
        Assert.False(told.IsCompleted);
        await queues.Add(ResourceNames.DispatchQueue, "first", TimeSpan.Zero, Cancellation);
        Assert.True(await told);

        await queues.Add(ResourceNames.DispatchQueue, "second", TimeSpan.Zero, Cancellation);
        await queues.Add(ResourceNames.DispatchQueue, "third", TimeSpan.Zero, Cancellation);
        Assert.True(await queues.HasOwn(ResourceNames.DispatchQueue, TimeSpan.Zero, Cancellation));
        Assert.False(await queues.HasOwn(ResourceNames.DispatchQueue, TimeSpan.Zero, Cancellation));
        Assert.Equal(3, (await workflow.Queue.ReceiveMessagesAsync(10, cancellationToken: Cancellation)).Value.Length);
    }

    [Fact]
    public async Task A_message_that_cannot_be_taken_yet_wakes_whoever_waits_when_it_can()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var queues = workflow.Get<WorkQueues>();
        await queues.Add(ResourceNames.DispatchQueue, "later", TimeSpan.FromMinutes(1), Cancellation);
        await IsWokenAfter(TimeSpan.FromMinutes(1));

        await queues.Add(ResourceNames.DispatchQueue, "now", TimeSpan.Zero, Cancellation);
        var taken = (await workflow.Queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value;
        Assert.True(await queues.HasOwn(ResourceNames.DispatchQueue, TimeSpan.Zero, Cancellation));
        await queues.GiveBack(ResourceNames.DispatchQueue, taken, TimeSpan.FromSeconds(90), Cancellation);
        await IsWokenAfter(TimeSpan.FromSeconds(90));

        async Task IsWokenAfter(TimeSpan delay)
        {
            workflow.Clock.Advance(delay - TimeSpan.FromSeconds(1));
            Assert.False(await queues.HasOwn(ResourceNames.DispatchQueue, TimeSpan.Zero, Cancellation));
            workflow.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await queues.HasOwn(ResourceNames.DispatchQueue, Never, Cancellation));
        }
    }
}
