using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Distribution.Local;

/// <summary>
/// Does on this machine what queue triggers do in Azure: receives messages, processes them, retries, and moves poison
/// messages.
/// </summary>
internal sealed class QueuePump(
    WorkQueues queues,
    IWorkflow workflow,
    QueueRules rules,
    ILogger<QueuePump> logger) : BackgroundService
{
    /// <summary>
    /// The visibility timeout of a message that is being processed; when a worker dies, the message reappears after
    /// this time at the latest.
    /// </summary>
    private static readonly TimeSpan AtWork = TimeSpan.FromMinutes(10);

    /// <summary>How soon an empty queue is asked again; each time it is still empty, twice as long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The longest pause between two looks. What this process puts there ends the pause; what others put there, they
    /// take themselves, and what a killed process had taken may wait.
    /// </summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>The same for letters, which are to go on half a minute after a worker was killed.</summary>
    private static readonly TimeSpan LongestForLetters = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Pump(
            ResourceNames.DispatchQueue,
            workflow.SendBatch,
            ResourceNames.DispatchPoisonQueue,
            workflow.SetBatchAside,
            stoppingToken),
        Pump(
            ResourceNames.PrepareQueue,
            workflow.PrepareLetters,
            ResourceNames.PreparePoisonQueue,
            workflow.SetPreparationAside,
            stoppingToken));

    private Task Pump(
        string queue,
        Func<string, CancellationToken, Task> carryOut,
        string poisonQueue,
        Func<string, CancellationToken, Task> setAside,
        CancellationToken stopping) => Task.WhenAll(
            Pump(queues.Client(queue), carryOut, poisonQueue, stopping),
            Pump(queues.Client(poisonQueue), setAside, poison: null, stopping));

    /// <param name="poison">
    /// Where a message goes that fails too often; null for a poison queue, whose messages are retried without end.
    /// </param>
    private async Task Pump(
        QueueClient queue,
        Func<string, CancellationToken, Task> carryOut,
        string? poison,
        CancellationToken stopping)
    {
        List<Task> atWork = [];
        var longest = queue.Name == ResourceNames.DispatchQueue ? LongestForLetters : LongestPause;
        var pause = Pause;
        while (!stopping.IsCancellationRequested)
        {
            atWork.RemoveAll(work => work.IsCompleted);
            try
            {
                // As the trigger does: new messages are taken once so few are in hand, and not only when all are done.
                if (atWork.Count > rules.NewBatchThreshold)
                {
                    await Task.WhenAny(atWork).WaitAsync(stopping);
                    continue;
                }

                QueueMessage[] taken = await queue.ReceiveMessagesAsync(rules.BatchSize, AtWork, stopping);
                atWork.AddRange(taken.Select(message => CarryOut(queue, poison, message, carryOut, stopping)));
                // Where a message came there may be more; the wait ends early for what this process puts there itself.
                if (taken.Length > 0 || await queues.HasOwn(queue.Name, pause, stopping))
                    pause = Pause;
                else
                    pause = pause * 2 < longest ? pause * 2 : longest;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                logger.LogWarning(failure, "The queue {Queue} could not be read; trying again", queue.Name);
                // Not cancelled: two seconds at the end of a run are no harm, and an exception here would end the pump.
                await Task.Delay(Pause * 10, CancellationToken.None);
            }
        }

        await Task.WhenAll(atWork);
    }

    private async Task CarryOut(
        QueueClient queue,
        string? poison,
        QueueMessage message,
        Func<string, CancellationToken, Task> carryOut,
        CancellationToken stopping)
    {
        try
        {
            await carryOut(message.MessageText, stopping);
            // What is done is taken out also where the run is being stopped: it would be done once more.
            await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, CancellationToken.None);
        }
        catch (Exception failure)
        {
            if (!stopping.IsCancellationRequested)
                logger.LogWarning(
                    failure,
                    "A message of the queue {Queue} failed, try {Try} of {Tries}",
                    queue.Name,
                    message.DequeueCount,
                    rules.MaxDequeueCount);
            await GiveBack(queue, poison, message, stopping.IsCancellationRequested);
        }
    }

    private async Task GiveBack(
        QueueClient queue,
        string? poison,
        QueueMessage message,
        bool interrupted)
    {
        try
        {
            // A stop is not the message's fault, so it goes back at once and never to the poison queue.
            if (interrupted || message.DequeueCount < rules.MaxDequeueCount || poison is null)
            {
                await queues.GiveBack(
                    queue.Name,
                    message,
                    interrupted ? TimeSpan.Zero : rules.VisibilityTimeout,
                    CancellationToken.None);
                return;
            }

            // Put there before it is taken out here: a process that ends in between leaves it twice, and never loses
            // it.
            await queues.Add(poison, message.MessageText, TimeSpan.Zero, CancellationToken.None);
            await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // Swallowed: the message reappears by itself when its visibility timeout ends.
            logger.LogWarning(failure, "A message could not be given back to the queue {Queue}", queue.Name);
        }
    }
}
