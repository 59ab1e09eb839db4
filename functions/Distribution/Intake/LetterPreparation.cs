using System.Text.Json;
using Azure;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Intake;

/// <summary>
/// Typesets the letters of a checked upload in the queue, where each of many missions has a letter of its own: an
/// examination must not hold up others for minutes. The upload becomes a letter to release once all are made; a fault
/// in one of them rejects it.
/// </summary>
internal sealed class LetterPreparation(
    Uploads uploads,
    Preparations preparations,
    FrozenContents contents,
    ExaminationClaims claims,
    LetterTypesetter typesetter,
    ExaminationRecorder recorder,
    IOptions<IntakeSettings> settings,
    TimeProvider clock,
    ILogger<LetterPreparation> logger)
{
    /// <summary>
    /// After this time without an end, the parts that are still missing are queued again: a worker may have stopped
    /// before it had queued them all. A part that is made twice costs time and nothing else.
    /// </summary>
    private static readonly TimeSpan QueueAgainAfter = TimeSpan.FromMinutes(5);

    /// <param name="upload">The record of its folder, as the examination found it.</param>
    public async Task Begin(
        Upload upload,
        CheckResult.Sound sound,
        Stored<Upload>? previous,
        CancellationToken cancellation)
    {
        var (letter, files, letters) = sound;
        var preparation = new Preparation(
            letter.Id,
            Guid.NewGuid().ToString("n"),
            letters,
            files.Printed.Count,
            settings.Value.TypesetAtOnce,
            clock.GetUtcNow());
        // All is stored before the record names the attempt: a message of an attempt that is not on record has what it
        // finds removed.
        await contents.Store(letter.Id, files, cancellation);
        await preparations.Begin(preparation, letter, cancellation);
        if (await recorder.Prepare(
                upload with
                {
                    State = UploadState.Preparing,
                    Preparation = preparation,
                    Faults = letter.Warnings,
                },
                previous?.ETag,
                cancellation))
            await Queue(upload.Folder, preparation, preparation.Parts, cancellation);
        else
            await preparations.Remove(preparation.DistributionId, preparation.Attempt, cancellation);
    }

    /// <summary>Typesets the letters of one message of the queue. Idempotent.</summary>
    /// <returns>The distribution that the upload has become, if these were its last letters; otherwise null.</returns>
    /// <exception cref="JsonException">The message names no letters of an upload.</exception>
    /// <exception cref="Storage.LaterFormatException">A later version of the service wrote the message.</exception>
    /// <exception cref="Letters.Typesetting.TypesetterException">The typesetter is not available.</exception>
    public async Task<DistributionRecord?> Typeset(string message, CancellationToken cancellation)
    {
        var asked = PreparationMessage.Read(message);
        if (await Find(asked.Folder, asked.Attempt, cancellation) is not ({ } upload, { } preparation))
        {
            // The folder holds another version by now, or was discarded: nobody needs these letters.
            await preparations.Remove(asked.DistributionId, asked.Attempt, cancellation);
            return null;
        }

        // A message may come twice.
        if (!(await preparations.Made(preparation, cancellation)).Contains(asked.Part))
            await Typeset(preparation, asked.Part, cancellation);
        return await EndIfWhole(upload, preparation, cancellation);
    }

    /// <summary>
    /// Handles a message from the poison queue: the upload is rejected, so that a person learns that it goes nowhere.
    /// </summary>
    public async Task SetAside(string message, CancellationToken cancellation)
    {
        PreparationMessage asked;
        try
        {
            asked = PreparationMessage.Read(message);
        }
        catch (Exception unreadable) when (unreadable is JsonException or LaterFormatException)
        {
            // Nothing is lost: the timer queues again what is still to be typeset.
            logger.LogError(unreadable, "A message of the queue {Queue} was put aside", ResourceNames.PrepareQueue);
            return;
        }

        if (await Find(asked.Folder, asked.Attempt, cancellation) is ({ } upload, { } preparation))
        {
            logger.LogError("Letters of {Folder} could not be typeset in several tries", asked.Folder);
            await Reject(upload, [IntakeFaults.NotTypeset($"{asked.Folder}")], cancellation);
            await Clear(asked.Folder, preparation, cancellation);
        }
    }

    /// <summary>
    /// Ends a preparation whose last worker stopped before it did so, and queues again what has been missing for long.
    /// </summary>
    /// <inheritdoc cref="Typeset(string, CancellationToken)"/>
    public async Task<DistributionRecord?> Continue(Stored<Upload> upload, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // A time in the future means that the clock was set back: nothing waits for a wrong clock.
        if (upload.Value.Preparation is not { } preparation
            || (now - preparation.QueuedAt).Duration() < QueueAgainAfter)
            return null;
        var made = await preparations.Made(preparation, cancellation);
        if (preparation.Parts.All(made.Contains))
            return await EndIfWhole(upload, preparation, cancellation);
        var again = preparation with { QueuedAt = now };
        // Noted before they are queued, so that only one worker queues them; where it stops in between, the parts wait
        // for another such time.
        if (await uploads.Save(upload.Value with { Preparation = again }, upload.ETag, cancellation) is not null)
            await Queue(upload.Value.Folder, again, again.Parts.Where(part => !made.Contains(part)), cancellation);
        return null;
    }

    /// <summary>How many letters are typeset by now.</summary>
    public async Task<int> CountMade(Preparation preparation, CancellationToken cancellation) =>
        preparation.Made + (await preparations.Made(preparation, cancellation)).Sum(preparation.LettersOf);

    /// <summary>The record of a folder as it is now, if this attempt is still under way for it.</summary>
    private async Task<(Stored<Upload>? Upload, Preparation? Preparation)> Find(
        UploadFolder folder,
        string attempt,
        CancellationToken cancellation) =>
        await uploads.Find(folder, cancellation) is
        {
            Value: { State: UploadState.Preparing, Preparation: { } preparation },
        } upload
            && preparation.Attempt == attempt
            ? (upload, preparation)
            : (null, null);

    private async Task Queue(
        UploadFolder folder,
        Preparation preparation,
        IEnumerable<int> parts,
        CancellationToken cancellation)
    {
        foreach (var part in parts)
            await preparations.Queue(folder, preparation, part, cancellation);
    }

    private async Task Typeset(Preparation preparation, int part, CancellationToken cancellation)
    {
        var content = (await preparations.Find(preparation, cancellation)).Content;
        var images = await contents.ReadImages(preparation.DistributionId, content, cancellation);
        var printed = await typesetter.Typeset(
            Preflight.Of(content, images),
            content.Reference,
            part,
            preparation.LettersOf(part),
            (letter, stop) => contents.Store(preparation.DistributionId, new([], [], [letter]), stop),
            cancellation);
        await preparations.Add(
            preparation,
            part,
            new([.. printed.Letters.Select(letter => letter.Pdf)], printed.Faults),
            cancellation);
    }

    /// <summary>
    /// Of several workers that find all parts made, one ends the preparation: the one whose record of the folder is
    /// still the last.
    /// </summary>
    private async Task<DistributionRecord?> EndIfWhole(
        Stored<Upload> upload,
        Preparation preparation,
        CancellationToken cancellation)
    {
        var made = await preparations.Made(preparation, cancellation);
        if (!preparation.Parts.All(made.Contains))
            return null;
        // To freeze letters to thousands takes its time, in which nobody is to examine the folder and typeset them
        // again. Where another worker has the claim already, that keeps them away as well.
        var claim = await claims.Take(upload.Value, cancellation);
        try
        {
            // The record may have been saved since: the timer notes when it has queued what was missing.
            var distribution = await Find(upload.Value.Folder, preparation.Attempt, cancellation) is ({ } now, _)
                ? await End(now, preparation, cancellation)
                : null;
            await Clear(upload.Value.Folder, preparation, cancellation);
            return distribution;
        }
        finally
        {
            if (claim is not null)
                await claims.Release(upload.Value.Folder, claim);
        }
    }

    private async Task<DistributionRecord?> End(
        Stored<Upload> upload,
        Preparation preparation,
        CancellationToken cancellation)
    {
        CheckedLetter letter;
        IReadOnlyList<PreparedPart> parts;
        try
        {
            letter = await preparations.Find(preparation, cancellation);
            parts = await preparations.Parts(preparation, cancellation);
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            // Another worker has just ended it.
            return null;
        }

        if (parts.Any(part => part.Faults is not []))
        {
            await Reject(upload, [.. parts.SelectMany(part => part.Faults).Distinct()], cancellation);
            return null;
        }

        var content = letter.Content;
        return await recorder.Accept(
            upload.Value with
            {
                State = UploadState.Accepted,
                Preparation = null,
                ExaminedAt = clock.GetUtcNow(),
            },
            letter with
            {
                Content = content with { Pdfs = [.. content.Pdfs, .. parts.SelectMany(part => part.Letters)] },
            },
            // They were stored as they were made.
            LetterFiles.None,
            upload,
            cancellation);
    }

    private Task Reject(Stored<Upload> upload, IReadOnlyList<Finding> faults, CancellationToken cancellation) =>
        recorder.Reject(
            upload.Value with
            {
                Preparation = null,
                ExaminedAt = clock.GetUtcNow(),
                Faults = [.. upload.Value.Faults, .. faults],
            },
            upload.ETag,
            cancellation);

    /// <summary>
    /// Removes what was kept of an attempt, unless it is still under way: where somebody else has just saved the
    /// folder's record, what was made is neither accepted nor rejected yet, and the timer goes on with it.
    /// </summary>
    private async Task Clear(UploadFolder folder, Preparation preparation, CancellationToken cancellation)
    {
        if (await Find(folder, preparation.Attempt, cancellation) is (null, _))
            await preparations.Remove(preparation.DistributionId, preparation.Attempt, cancellation);
    }
}
