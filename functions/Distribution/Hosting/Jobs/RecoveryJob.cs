using System.Collections.Concurrent;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tracking;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Hosting.Jobs;

/// <summary>
/// Picks up what a stopped worker left, and lets go on what can. A letter of which nobody knows whether it was sent is
/// left alone until the mail that had come by its time was heard: evidence goes before policy.
/// </summary>
internal sealed class RecoveryJob(
    DistributionRecords distributions,
    EntryStates entries,
    SendingJournals journals,
    Releases releases,
    LetterQueue letterQueue,
    Holds holds,
    Stops stops,
    ProofSender proofs,
    IMailTransport transport,
    InboundMailJob mail,
    IOptions<DispatchSettings> dispatchSettings,
    IOptions<ReminderSettings> reminderSettings,
    TimeProvider clock) : ITimerJob
{
    // Up to a fifth longer: the letters that one mail server stopped do not all ask it again in one moment.
    private const double Jitter = 0.2;

    private static readonly TimeSpan LongestProbe = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long unsent letters of a stopped distribution are looked for: all letters in flight when it was stopped have
    /// ended by then.
    /// </summary>
    private static readonly TimeSpan WatchWithdrawn = TimeSpan.FromHours(1);

    /// <summary>
    /// While workers are sending, letters that nobody has claimed are in the queue behind others and are not queued
    /// again; but for no longer than this, since a message may have been lost.
    /// </summary>
    private static readonly TimeSpan LongestTrust = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Where no worker sends anything, all that is due is queued again after this time at the latest.
    /// </summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>As often as the host runs the timer.</summary>
    private static readonly TimeSpan TimerPeriod = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly DispatchSettings settings = dispatchSettings.Value;

    /// <summary>How often at most entries are looked at: twice while a claim holds.</summary>
    private readonly TimeSpan lookEvery = dispatchSettings.Value.ClaimFor / 2;

    /// <summary>When this process looked last at each distribution, and what it saw. Lost without harm.</summary>
    private readonly ConcurrentDictionary<string, Look> looks = new();

    /// <summary>The workers whose journals are looked at again when their claims lapse, and since when.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> watched = new();

    public string Name => "recovery";

    public string Undone => "letters that a stopped worker left, or that are on hold, do not go on by themselves";

    public TimeSpan Budget => TimeSpan.FromMinutes(2);

    public async Task Run(TimerTick tick, CancellationToken cancellation)
    {
        Telemetry.RecordOnHold(
            (await tick.Distributions(cancellation)).Count(found => found.State == DistributionState.Paused));
        // What can go on goes on first: looking after the rest waits for mail, ten seconds at the most.
        await TimerTick.InTurn(cancellation, () => tick.ForEach(Advance, cancellation), () => LookAfter(tick, cancellation));
    }

    private async Task LookAfter(TimerTick tick, CancellationToken cancellation)
    {
        var heard = await mail.HeardUntil(cancellation);
        // Of all distributions in one query, and in none where nothing is being sent.
        var claims = (await tick.Distributions(cancellation)).Any(found => found.State == DistributionState.Sending)
            ? await journals.Claims(null, cancellation)
            : [];
        var unknown = 0;
        await tick.ForEach(
            async (distribution, stop) =>
            {
                if (distribution.State is DistributionState.Sending or DistributionState.Paused)
                    Interlocked.Add(ref unknown, await LookAfter(distribution, claims, heard, stop));
                else
                    looks.TryRemove(distribution.Id, out _);
            },
            cancellation);
        Telemetry.RecordUnknownOutcomes(unknown);
    }

    /// <summary>
    /// Queues again what a worker has left that died, as soon as its claim has lapsed; and everything that nobody has
    /// claimed, where nobody makes progress.
    /// </summary>
    /// <param name="claims">Of the journals of all distributions.</param>
    /// <returns>How many of its letters have an unknown outcome.</returns>
    private async Task<int> LookAfter(
        DistributionRecord distribution,
        IReadOnlyList<JournalClaim> claims,
        DateTimeOffset heard,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // A claim of any distribution counts: the same workers come to this one's messages after those of the others.
        var isWorkedOn = claims.Any(claim => claim.Until > now);
        var last = looks.GetValueOrDefault(distribution.Id);
        var inVain = isWorkedOn ? 0 : last?.InVain ?? 0;
        if (distribution.State == DistributionState.Sending
            && Idle(distribution) >= (isWorkedOn ? LongestTrust : RequeueAfter(inVain)))
        {
            // First: where the worker died after the last letter, there is nothing to queue, and only the end is
            // missing.
            await holds.CompleteWhenAccountable(distribution.Id, cancellation);
            await letterQueue.Recover(distribution, heard, cancellation);
            inVain++;
        }

        // The absolute difference, as below.
        if (last is not null && (now - last.At).Duration() < lookEvery)
        {
            looks[distribution.Id] = last with { InVain = inVain };
            return last.Unknown;
        }

        var (unknown, open, left) = await entries.Look(distribution.Id, now, cancellation);
        // Fewer open letters are progress, no matter which worker made it: then it is queued again soon.
        looks[distribution.Id] = new(now, unknown, open, open < last?.Open ? 0 : inVain);
        if (distribution.State == DistributionState.Sending)
        {
            var ours = claims.Where(claim => claim.DistributionId == distribution.Id).ToList();
            await letterQueue.QueueLeft(
                distribution,
                [.. left.Where(entry => IsNew(entry.Lapsed)).Select(entry => entry.Mission)],
                [.. ours.Where(claim => claim.Until <= now && IsNew(claim.Until)).Select(claim => claim.Slot)],
                [
                    .. ours.Where(claim => claim.Until > now && Watch(claim))
                        // A second later, since a message that came at the very moment could find the claim still held.
                        .Select(claim => (claim.Slot, claim.Until - now + Second))
                ],
                cancellation);
        }

        return unknown;

        // What had lapsed at the last look was queued then.
        bool IsNew(DateTimeOffset lapsed) => last is null || lapsed > last.At;
    }

    /// <summary>
    /// The next time later than the last, until fewer letters are open: whatever keeps them from being sent, messages
    /// must not pile up.
    /// </summary>
    private TimeSpan RequeueAfter(int inVain)
    {
        // Bounded: a thousand times the time of a claim is far above the longest pause, and without a bound the product
        // would overflow in the end.
        var pause = settings.ClaimFor * Math.Pow(2, Math.Min(inVain, 10));
        return pause < LongestPause ? pause : settings.ClaimFor > LongestPause ? settings.ClaimFor : LongestPause;
    }

    /// <summary>
    /// Whether a journal is to be looked at again when its claim lapses: once between two runs of the timer.
    /// </summary>
    private bool Watch(JournalClaim claim)
    {
        var now = clock.GetUtcNow();
        foreach (var old in watched.Where(seen => (now - seen.Value).Duration() >= TimerPeriod))
            watched.TryRemove(old);
        return watched.TryAdd(claim.Worker, now);
    }

    private async Task Advance(DistributionRecord distribution, CancellationToken cancellation)
    {
        switch (distribution.State)
        {
            case DistributionState.AwaitingRelease:
                await proofs.RequestDue(distribution, cancellation);
                break;
            case DistributionState.Released:
                await letterQueue.Queue(distribution, cancellation);
                break;
            // A letter that was in flight at the stop may come back as not sent afterwards.
            case DistributionState.Withdrawn when Idle(distribution) < WatchWithdrawn:
                await stops.WithdrawUnsent(distribution, cancellation);
                break;
            case DistributionState.Paused
                when distribution.PausePasses && Idle(distribution) >= ProbeAfter(distribution.Probes):
                await Probe(distribution, cancellation);
                break;
        }
    }

    /// <summary>
    /// How long ago its letters were last queued. A time in the future means that the clock was set back: the absolute
    /// difference is used, so that nothing waits for a wrong clock.
    /// </summary>
    private TimeSpan Idle(DistributionRecord distribution) =>
        (clock.GetUtcNow() - (distribution.RequeuedAt ?? DateTimeOffset.MinValue)).Duration();

    /// <summary>Exponential backoff with jitter, so that not all distributions retry at once.</summary>
    private TimeSpan ProbeAfter(int probes)
    {
        var pause = settings.ProbeEvery * Math.Pow(2, Math.Min(probes, 10));
        return (
                pause < LongestProbe ? pause
                : settings.ProbeEvery > LongestProbe ? settings.ProbeEvery
                : LongestProbe) * (1 + Random.Shared.NextDouble() * Jitter);
    }

    private async Task Probe(DistributionRecord distribution, CancellationToken cancellation)
    {
        try
        {
            await transport.Probe(cancellation);
        }
        catch (SenderFaultException fault)
        {
            await distributions.Change(
                distribution.Id,
                paused =>
                    // A person may have let it go on or stopped it while the server was asked.
                    paused.State == DistributionState.Paused
                        ? paused with
                        {
                            PauseReason = fault.Message,
                            PausePasses = fault.Passes,
                            // The next probe is counted from this one.
                            RequeuedAt = clock.GetUtcNow(),
                            Probes = paused.Probes + 1,
                        }
                        : null,
                cancellation);
            return;
        }

        if (await TooLate(distribution, cancellation) is { } tooLate)
            // It is on hold already; from here on no probe lets it go on, only a person.
            await holds.Pause(distribution.Id, tooLate, passes: false, cancellation);
        else
            await releases.Resume(distribution.Id, by: null, cancellation);
    }

    /// <summary>
    /// What has an hour does not leave by itself long after it, only because it was on hold meanwhile. A letter that
    /// some missions have goes on all the same: better late than to some alone.
    /// </summary>
    /// <returns>Why it does not go on, a sentence with what to do; null where it does.</returns>
    private async Task<string?> TooLate(DistributionRecord held, CancellationToken cancellation)
    {
        var isReminder = held.IsReminder;
        var lateBy = isReminder ? reminderSettings.Value.LateBy : settings.LateBy;
        // From its release, or from when a person said that it shall go on: both can be long after the hour that is
        // set.
        var letGo = held.Acts.FindLast(entry => entry is { Act: Act.Resumed, By: not null })?.At ?? held.ReleasedAt;
        if ((!isReminder && held.SendAt is null)
            || letGo is not { } from
            || clock.GetUtcNow() <= from + lateBy
            || (!isReminder
                && (await entries.Count(held.Id, cancellation)).Keys.Any(state => state != DeliveryState.Pending)))
            return null;
        return (isReminder
            ? Say($"Mail can be sent again, but this reminder was to leave more than {Amounts.Span(lateBy)} ago, so it does not leave by itself. Let it go on if it shall still leave, or stop it.")
            : Say($"Mail can be sent again, but this letter was to leave more than {Amounts.Span(lateBy)} ago, so it does not leave by itself. Let it go on if it shall still leave, or stop it."))
            .ForRecord;
    }

    /// <param name="Unknown">How many letters had an unknown outcome.</param>
    /// <param name="Open">How many letters were not accounted for.</param>
    /// <param name="InVain">
    /// How often it was queued again since a worker was last seen sending, or a letter was last accounted for.
    /// </param>
    private sealed record Look(DateTimeOffset At, int Unknown, int Open, int InVain);
}
