using Distribution.Common;
using Distribution.Storage;
using Microsoft.Extensions.Logging;

namespace Distribution.Tracking.Inbound;

/// <summary>
/// The entry point for messages uploaded to the <c>inbound</c> container. An event names one file; the timer takes all
/// that wait. Either may come late, twice or never.
/// </summary>
internal sealed class InboundUploads(
    InboundFiles files,
    InboundMailHandler handler,
    TimeProvider clock,
    ILogger<InboundUploads> logger)
{
    /// <summary>The most files in one run of the timer; the others wait for the next run.</summary>
    private const int MostAtOnce = 500;

    private readonly Turns<string> turns = new();

    /// <summary>Processes one message, if it still waits.</summary>
    /// <param name="blobName">The file's name within the container.</param>
    public async Task Handle(string blobName, CancellationToken cancellation)
    {
        if (await files.Find(blobName, cancellation) is { } file)
            await Handle(file, cancellation);
    }

    /// <summary>Processes all waiting messages, up to a limit for each run.</summary>
    /// <returns>
    /// How far it went: up to when it began, or to the oldest message that still waits. Its failure says which could
    /// not be processed for now; the others were processed.
    /// </returns>
    public async Task<HeardMail> HandleAll(CancellationToken cancellation)
    {
        var began = clock.GetUtcNow();
        // All of them, although only so many are taken: mail counts as heard until the oldest that is left.
        var left = (await files.Waiting(cancellation)).ToDictionary(file => file.Name);
        List<Exception> failures = [];
        foreach (
            var name in turns.Next(
                [.. left.Values.OrderBy(file => file.Arrived).Select(file => file.Name)],
                MostAtOnce))
        {
            // Before it is read: a message that ends the run, or the process, is not the first of the next run.
            turns.Try(name);
            if (await Handle(left[name], cancellation) is { } failure)
                failures.Add(failure);
            else
                left.Remove(name);
        }

        return HeardMail.Of(
            began,
            left.Values.Select(file => file.Arrived),
            failures is [] ? null : new AggregateException(failures));
    }

    /// <returns>Why it could not be processed and still waits; null where it is done or was set aside.</returns>
    private async Task<Exception?> Handle(InboundFile file, CancellationToken cancellation)
    {
        try
        {
            await files.MoveTo(
                file,
                await Read(file, cancellation) == InboundResult.Matched ? InboundFiles.Done : InboundFiles.Unmatched,
                cancellation);
            return null;
        }
        catch (Exception passing) when (!cancellation.IsCancellationRequested && StorageFailures.MayWait(passing))
        {
            logger.LogWarning(passing, "The message {File} could not be taken for now", file.Name);
            return new IOException($"The message {Place(file)} could not be taken for now.", passing);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            // One message that fails must not stop the others from being processed.
            logger.LogError(fault, "The message {File} could not be taken", file.Name);
            // Told before it is moved: after a crash in between it still waits, and is told once.
            await handler.SetAside(
                $"The message {Place(file)} could not be taken in. It is kept as {ResourceNames.Inbound}/{InboundFiles.Unmatched}{SingleLine.Of(file.Name)}; have a person read it.",
                cancellation);
            await files.MoveTo(file, InboundFiles.Unmatched, cancellation);
            return null;
        }
    }

    private async Task<InboundResult> Read(InboundFile file, CancellationToken cancellation)
    {
        if (!file.IsMessage)
        {
            await handler.SetAside(
                $"The file {Place(file)} is not a message in a file NAME.eml, and was not read. Save the message as .eml, which Outlook calls “Internet Message Format”, and put it there again. The file is kept as {ResourceNames.Inbound}/{InboundFiles.Unmatched}{SingleLine.Of(file.Name)}.",
                cancellation);
            return InboundResult.Unmatched;
        }

        if (file.Length > InboundMailHandler.Largest)
        {
            await handler.SetAside(
                $"The message {Place(file)} has {EnglishText.SizeAbove(InboundMailHandler.Largest, file.Length)}; the largest that is read has {EnglishText.Size(InboundMailHandler.Largest)}. It is kept as {ResourceNames.Inbound}/{InboundFiles.Unmatched}{SingleLine.Of(file.Name)}; have a person read it.",
                cancellation);
            return InboundResult.Unmatched;
        }

        await using var content = await files.Read(file, cancellation);
        // Null means that the file was changed or deleted since it was listed. The move that follows does nothing then,
        // because it names the old ETag.
        return content is null
            ? InboundResult.Unmatched
            : await handler.Handle(content, Place(file), file.Arrived, cancellation);
    }

    private static string Place(InboundFile file) => $"{ResourceNames.Inbound}/{SingleLine.Of(file.Name)}";
}
