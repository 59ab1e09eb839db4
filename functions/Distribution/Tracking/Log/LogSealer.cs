using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tracking.Forwarding;
using Microsoft.Extensions.Logging;

namespace Distribution.Tracking.Log;

/// <summary>
/// Moves the segments that workers wrote into a distribution's log and seals them, link by link. Only one worker at a
/// time works on a chain. Every fact is sealed once: a fact that is already sealed is skipped, and a fact that is on
/// record but in no segment is reconstructed from the records. It also erases the names beside the log that people had
/// erased.
/// </summary>
internal sealed class LogSealer(
    LogSegments segments,
    LogChains chains,
    NamesBesideLog names,
    DistributionRecords distributions,
    MissionEntries entries,
    FrozenContents contents,
    Acknowledgements acknowledgements,
    Forwards forwards,
    DeskActs desk,
    TimeProvider clock,
    ILogger<LogSealer> logger)
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(200);

    private readonly ChainsAtHand known = new();

    /// <summary>
    /// Seals what waits. Any number of workers may call it at any time. A worker that stops halfway leaves a valid
    /// chain that the next call continues.
    /// </summary>
    /// <param name="makeUp">Whether to search the records for facts that no worker wrote into the log.</param>
    /// <returns>
    /// How many facts were sealed; null where another worker holds the chain's lease, or took it over.
    /// </returns>
    /// <exception cref="InvalidDataException">The chain is broken. Nothing is added to it.</exception>
    public async Task<int?> Seal(string distributionId, bool makeUp, CancellationToken cancellation)
    {
        if (await distributions.Find(distributionId, cancellation) is not { } distribution)
            return 0;
        await using var hold = await chains.Hold(distributionId, cancellation);
        if (hold is null)
            return null;
        // It is put back only after full success. Otherwise it is not known what was appended, and the chain is read
        // again.
        var chain = known.Take(distributionId);
        var erased = await ReadAndErase(hold, chain, distribution, cancellation);
        var sealing = new ChainSealing(hold, chain, distribution, erased, segments, clock, logger);
        var begins = chain.Last is null;
        if (begins)
            await Begin(sealing, distribution, cancellation);
        if (!await TakeWaiting(sealing, distributionId, cancellation))
            return null;
        if (begins)
            sealing.Add(LoggedFacts.Record(distribution), late: false);
        if (makeUp && !await MakeUp(sealing, distribution, cancellation))
            return null;
        if (!await sealing.Append(cancellation))
            return null;
        known.PutBack(distributionId, chain);
        return sealing.SealedCount;
    }

    /// <summary>
    /// Seals all that waits and all that is on record, after the worker that is at it, if one is: a minute at most where
    /// that has died.
    /// </summary>
    /// <exception cref="InvalidDataException">The chain is broken. Nothing is added to it.</exception>
    public async Task SealInTurn(string distributionId, CancellationToken cancellation)
    {
        while (await Seal(distributionId, makeUp: true, cancellation) is null)
            await Task.Delay(AskAgainAfter, clock, cancellation);
    }

    /// <summary>
    /// Reads the chain on, and erases the names beside it whose erasing it does not have yet.
    /// </summary>
    /// <returns>The facts whose names were erased from the record.</returns>
    private async Task<IReadOnlySet<string>> ReadAndErase(
        LogChains.ChainHold hold,
        SealedChain chain,
        DistributionRecord distribution,
        CancellationToken cancellation)
    {
        try
        {
            await chain.ReadOn(chains, cancellation);
        }
        catch (InvalidDataException)
        {
            // People have a right to be erased, whatever became of the chain.
            await names.Erase(
                hold,
                await names.ErasedFacts(distribution, cancellation),
                distribution.Id,
                whole: null,
                cancellation);
            throw;
        }

        // Values are erased before the act that says so is sealed, so that after a crash they are erased again. What a
        // slow worker writes after that is sealed without them.
        var erased = await names.ErasedFacts(distribution, cancellation);
        if (LoggedFacts.Acts(distribution).Any(act => act.IsErasing && !chain.Has(act.Id)))
            await names.Erase(hold, erased, distribution.Id, chain, cancellation);
        return erased;
    }

    /// <summary>
    /// Begins the chain with the act that has the hashes of roster and content: whatever follows can be checked against
    /// them.
    /// </summary>
    private async Task Begin(ChainSealing sealing, DistributionRecord distribution, CancellationToken cancellation)
    {
        var (content, hash) = await contents.ReadStored(distribution.Id, cancellation);
        sealing.Add(LoggedFacts.Acts(distribution, content.Roster, hash), late: false);
    }

    /// <summary>Adds the segments that workers wrote.</summary>
    /// <returns>False where another worker took the chain over.</returns>
    private async Task<bool> TakeWaiting(
        ChainSealing sealing,
        string distributionId,
        CancellationToken cancellation)
    {
        await foreach (var segment in segments.Of(distributionId, cancellation))
        {
            if (sealing.IsLater(segment))
            {
                // Left for the next look, which reads the record anew.
                segments.Look.Expect();
                continue;
            }

            sealing.Add(segment);
            if (sealing.IsFull && !await sealing.Append(cancellation))
                return false;
        }

        return true;
    }

    /// <summary>Adds what is on record and was in no segment.</summary>
    /// <returns>False where another worker took the chain over.</returns>
    private async Task<bool> MakeUp(
        ChainSealing sealing,
        DistributionRecord distribution,
        CancellationToken cancellation)
    {
        sealing.Add(LoggedFacts.Acts(distribution), late: true);
        sealing.Add(LoggedFacts.Record(distribution), late: true);
        await foreach (var entry in entries.Each(distribution.Id, cancellation))
        {
            sealing.Add(LoggedFacts.Of(entry), late: true);
            if (sealing.IsFull && !await sealing.Append(cancellation))
                return false;
        }

        foreach (var record in (await acknowledgements.Of(distribution.Id, cancellation)).Values)
            sealing.Add(AcknowledgementFacts.Of(record), late: true);
        foreach (var record in await forwards.Of(distribution.Id, cancellation))
            sealing.Add(ForwardFacts.Of(record), late: true);
        // They come latest first, and are sealed in the order in which they were asked for.
        foreach (var act in (await desk.Latest(distribution.Id, int.MaxValue, cancellation)).Reverse())
            sealing.Add(DeskFacts.Of(act), late: true);
        return true;
    }
}
