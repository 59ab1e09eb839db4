using Distribution.Common;
using Distribution.Mail;
using Distribution.Register;
using static Distribution.Common.Phrase;

namespace Distribution.Sending;

/// <summary>The steps of a mission's entry as pure functions: what is recorded, not how it is stored.</summary>
internal static class MissionEntrySteps
{
    /// <summary>The most reports of one kind, by mail or by the provider, that are recorded for one mailbox.</summary>
    private const int MostOfOneKind = 20;

    /// <summary>The addresses of the present attempt that the message is still to be sent to.</summary>
    public static IReadOnlyList<string> Open(this MissionEntry entry) =>
        [
            .. entry
                .Attempts[^1]
                .Mailboxes.Where(mailbox => mailbox.IsOpen)
                .Select(mailbox => mailbox.Mailbox.Address),
        ];

    /// <summary>The addresses of the present attempt that the message is being handed over for.</summary>
    public static IReadOnlyList<string> BeingHandedOver(this MissionEntry entry) =>
        [
            .. entry
                .Attempts[^1]
                .Mailboxes.Where(mailbox => mailbox.IsHandingOver)
                .Select(mailbox => mailbox.Mailbox.Address),
        ];

    /// <summary>The entry with an attempt to work on: the one it has, or its first.</summary>
    /// <param name="messageId">The Message-ID of an attempt by its number.</param>
    public static MissionEntry Begin(
        this MissionEntry entry,
        Mission mission,
        Func<int, string> messageId,
        DateTimeOffset now) =>
        entry.Attempts.IsEmpty ? entry.WithAttempt(mission, messageId, now, askedBy: null) : entry;

    /// <summary>A person asked to send the letter again: a new attempt with its own Message-ID.</summary>
    /// <inheritdoc cref="Begin"/>
    public static MissionEntry Resend(
        this MissionEntry entry,
        Mission mission,
        Func<int, string> messageId,
        DateTimeOffset now,
        string by) => entry.WithAttempt(mission, messageId, now, by).Free();

    /// <summary>
    /// It failed for no fault of the mission's, so it is to be sent again: a new attempt, which nobody asked for.
    /// </summary>
    /// <inheritdoc cref="Begin"/>
    public static MissionEntry OpenAgain(
        this MissionEntry entry,
        Mission mission,
        Func<int, string> messageId,
        DateTimeOffset now) => entry.WithAttempt(mission, messageId, now, askedBy: null).Free();

    /// <summary>
    /// Recorded before the message is handed over: if the worker crashes after this, the outcome is unknown.
    /// </summary>
    public static MissionEntry HandingOver(this MissionEntry entry, DateTimeOffset now) =>
        entry.Add(mailbox => mailbox.IsOpen, new(now, DeliveryEventKind.HandingOver, ""));

    /// <summary>The handover failed before anything was sent.</summary>
    public static MissionEntry NotHandedOver(this MissionEntry entry, DateTimeOffset now, string words) =>
        entry.Add(mailbox => mailbox.IsHandingOver, new(now, DeliveryEventKind.NotHandedOver, words)).Free();

    /// <summary>
    /// The handover ended without a recorded answer (the worker stopped, or an unexpected error), and no evidence shows
    /// how it ended: the outcome is unknown.
    /// </summary>
    /// <param name="settleAfter">How long to wait for evidence before the policy settles it.</param>
    public static MissionEntry Interrupted(
        this MissionEntry entry,
        DateTimeOffset now,
        TimeSpan settleAfter,
        string words) =>
        entry.Add(mailbox => mailbox.IsHandingOver, new(now, DeliveryEventKind.Unknown, words)).Free() with
        {
            NotBefore = now + settleAfter,
        };

    /// <summary>Evidence shows that the message was sent, whatever the worker could record before it stopped.</summary>
    /// <param name="source">What shows it.</param>
    public static MissionEntry FoundSent(this MissionEntry entry, DateTimeOffset now, string source, string words) =>
        entry
            .Add(
                mailbox => mailbox.IsHandingOver || mailbox.IsUnsettled,
                new(now, DeliveryEventKind.Accepted, words, Source: source))
            .Free() with
        {
            NotBefore = null,
        };

    /// <summary>Settles an unknown outcome by sending the same message again.</summary>
    /// <param name="by">The person who decided it; null where the settings do.</param>
    public static MissionEntry SendAgain(this MissionEntry entry, DateTimeOffset now, string? by, string words) =>
        entry.Add(mailbox => mailbox.IsUnsettled, new(now, DeliveryEventKind.SendAgain, words, Source: by)) with
        {
            NotBefore = null,
        };

    /// <summary>A person confirms that the mission has the letter.</summary>
    public static MissionEntry VouchedFor(this MissionEntry entry, DateTimeOffset now, string by) =>
        entry.Add(
            mailbox => mailbox.FirmState == DeliveryState.OutcomeUnknown,
            new(
                now,
                DeliveryEventKind.Delivered,
                Say($"{by} vouches for it that the mission has the letter.").ForRecord,
                Source: by),
            // One that was asked for after it, and stopped, is not the one that the mission has.
            entry.Latest!.Number) with
        {
            NotBefore = null,
        };

    /// <summary>
    /// A person states what became of the letter where this service did not send it: people who sent letters without
    /// the service, or who read a mail server's log, know more than it does. What is known for certain is left as it
    /// is.
    /// </summary>
    /// <param name="kind">That it is delivered, or that its outcome is unknown.</param>
    public static MissionEntry SentElsewhere(
        this MissionEntry entry,
        DeliveryEventKind kind,
        DateTimeOffset now,
        string by,
        string words) =>
        entry
            .Add(
                mailbox => mailbox.FirmState < DeliveryState.Accepted,
                new(now, kind, words, Source: by))
            .Free() with
        {
            NotBefore = null,
        };

    /// <summary>Withdrawn for the mailboxes that it has not been sent to.</summary>
    public static MissionEntry Withdrawn(this MissionEntry entry, DateTimeOffset now, string by) =>
        entry.Add(
            mailbox => mailbox.IsOpen,
            new(now, DeliveryEventKind.Withdrawn, Say($"Stopped before it was sent.").ForRecord, Source: by)) with
        {
            NotBefore = null,
        };

    /// <summary>Not sent, because the mission no longer needs it.</summary>
    public static MissionEntry NotNeeded(this MissionEntry entry, DateTimeOffset now, string words) =>
        entry.Add(mailbox => mailbox.IsOpen, new(now, DeliveryEventKind.Withdrawn, words)).Free() with
        {
            NotBefore = null,
        };

    /// <summary>
    /// Nobody knows any more whether it was sent where it was still to be sent, or was being sent. Nothing settles that
    /// but a person's decision, or evidence.
    /// </summary>
    public static MissionEntry Held(this MissionEntry entry, DateTimeOffset now, string words) =>
        entry
            .Add(
                mailbox => mailbox.IsOpen || mailbox.IsHandingOver,
                new(now, DeliveryEventKind.Unknown, words))
            .Free() with
        {
            NotBefore = null,
        };

    /// <summary>The letter will not be retried: each mailbox that was still open has failed.</summary>
    public static MissionEntry GivenUp(this MissionEntry entry, DateTimeOffset now, string words) =>
        entry.Add(mailbox => mailbox.IsOpen, new(now, DeliveryEventKind.GivenUp, words)).Free() with
        {
            NotBefore = null,
        };

    /// <summary>Records the server's answers, one for each mailbox.</summary>
    /// <param name="attempt">
    /// The number of the attempt they belong to. It may no longer be the last; then claim and time of the next try stay
    /// unchanged, because they belong to the newer attempt.
    /// </param>
    /// <param name="jitter">The fraction added to each backoff pause, from 0 (none) up.</param>
    public static MissionEntry Answered(
        this MissionEntry entry,
        int attempt,
        IReadOnlyList<MailboxOutcome> outcomes,
        IReadOnlyList<TimeSpan> retryDelays,
        double jitter,
        TimeSpan settleAfter,
        DateTimeOffset now)
    {
        TimeSpan? pause = null;
        var answered = entry.Mailboxes(
            attempt,
            mailbox =>
            {
                if (outcomes.FirstOrDefault(outcome => outcome.Address == mailbox.Mailbox.Address) is not { } outcome)
                    // It was not among those that the letter was offered to in this try.
                    return mailbox;
                var heard = mailbox.With(new(now, KindOf(outcome.Result), outcome.Answer));
                var refusals = heard.Events.Count(happened => happened.Kind == DeliveryEventKind.NotNow);
                if (outcome.Result == MailboxResult.TryLater && refusals <= retryDelays.Count)
                    pause = Longer(pause, Longer(retryDelays[refusals - 1] * (1 + jitter), outcome.RetryAfter));
                else if (outcome.Result == MailboxResult.TryLater)
                    // If one copy may have arrived, the refusal of another says nothing about the first: the outcome
                    // stays unknown, whatever mail says.
                    heard = heard.With(
                        new(
                            now,
                            mailbox.FirmState == DeliveryState.OutcomeUnknown
                                ? DeliveryEventKind.Unknown
                                : DeliveryEventKind.GivenUp,
                            outcome.Answer));
                // The entry has one time for all mailboxes of an attempt, so the longest pause of all counts.
                if (heard.IsUnsettled)
                    pause = Longer(pause, settleAfter);
                return heard;
            });
        return attempt < entry.Attempts.Count
            ? answered
            : answered.Free() with
            {
                NotBefore = pause is { } delay ? now + delay : null,
            };
    }

    /// <summary>
    /// Records evidence about one attempt, from any source, as far as its rank allows. Idempotent: the same evidence
    /// again changes nothing. Reports are limited for each kind: a mail loop, or thousands of events about one mailbox,
    /// must not fill an entry, nor keep a bounce out of it. More of one kind would change no state.
    /// </summary>
    /// <returns>The same entry if there is nothing new to record.</returns>
    public static MissionEntry WithEvent(
        this MissionEntry entry,
        string messageId,
        string mailbox,
        DeliveryEvent happened)
    {
        var place = MessageIds.AttemptOf(entry, messageId) is { } named ? entry.Attempts.IndexOf(named) : -1;
        if (place < 0)
            return entry;
        var attempt = entry.Attempts[place];
        var box = attempt.Mailboxes.FindIndex(candidate =>
            string.Equals(candidate.Mailbox.Address, mailbox, StringComparison.OrdinalIgnoreCase));
        if (box < 0 || attempt.Mailboxes[box].Events.Exists(happened.IsSameAs))
            return entry;
        var believed = happened.IsByMail ? AsFarAsMailGoes(attempt.Mailboxes[box], happened) : happened;
        return attempt.Mailboxes[box].HasEnoughOf(believed)
            ? entry
            : entry with
            {
                Attempts = entry.Attempts.SetItem(
                    place,
                    attempt with
                    {
                        Mailboxes = attempt.Mailboxes.SetItem(box, attempt.Mailboxes[box].With(believed)),
                    }),
            };
    }

    /// <summary>
    /// Whether the limit of recorded reports of this kind is reached. Bounces with different reasons are different
    /// kinds. What a person says and what the server answered us is not limited.
    /// </summary>
    public static bool HasEnoughOf(this MailboxDelivery mailbox, DeliveryEvent happened) =>
        happened.Rank >= EvidenceRank.Provider
        && mailbox.Events.Count(known =>
            known.Rank == happened.Rank && known.Kind == happened.Kind && known.Bounce == happened.Bounce)
        >= MostOfOneKind;

    /// <summary>
    /// Limits what mail may say: a report that arrives before the letter can have been sent becomes a remark, and one
    /// that says "delivered" says with it that mail alone does not show that. See <see cref="DeliveryStates"/> for what
    /// such a report counts.
    /// </summary>
    private static DeliveryEvent AsFarAsMailGoes(MailboxDelivery mailbox, DeliveryEvent happened) =>
        !mailbox.MayHaveLeft
            ? happened with
            {
                Kind = DeliveryEventKind.Remark,
                Bounce = null,
                Words = SingleLine.Of(
                    Say($"This came before the letter had left, and changes nothing. {happened.Words}").ForRecord),
            }
        : happened.Kind == DeliveryEventKind.Delivered
            ? happened with
            {
                Words = SingleLine.Of(
                    Say($"It says that it was delivered, and mail alone does not show that. {happened.Words}").ForRecord),
            }
        : happened;

    private static MissionEntry WithAttempt(
        this MissionEntry entry,
        Mission mission,
        Func<int, string> messageId,
        DateTimeOffset now,
        string? askedBy)
    {
        var number = entry.Attempts.Count + 1;
        return entry with
        {
            Attempts = entry.Attempts.Add(new(
                number, messageId(number), now,
                [.. mission.Mailboxes.Select(mailbox => new MailboxDelivery(mailbox, []))], askedBy)),
            NotBefore = null,
        };
    }

    private static DeliveryEventKind KindOf(MailboxResult result) => result switch
    {
        MailboxResult.Accepted => DeliveryEventKind.Accepted,
        MailboxResult.TryLater => DeliveryEventKind.NotNow,
        MailboxResult.Unknown => DeliveryEventKind.Unknown,
        _ => DeliveryEventKind.Refused,
    };

    private static TimeSpan? Longer(TimeSpan? one, TimeSpan? other) => one is null || other > one ? other : one;

    /// <summary>The worker gives its claim back, for now or for good.</summary>
    private static MissionEntry Free(this MissionEntry entry) => entry with { Claim = null };

    private static MailboxDelivery With(this MailboxDelivery mailbox, DeliveryEvent happened) =>
        mailbox with
        {
            Events = mailbox.Events.Add(happened),
        };

    /// <param name="attempt">The attempt's number; null for the present one.</param>
    private static MissionEntry Add(
        this MissionEntry entry,
        Func<MailboxDelivery, bool> concerned,
        DeliveryEvent happened,
        int? attempt = null) =>
        entry.Mailboxes(
            attempt ?? entry.Attempts.Count,
            mailbox => concerned(mailbox) ? mailbox.With(happened) : mailbox);

    private static MissionEntry Mailboxes(
        this MissionEntry entry,
        int attempt,
        Func<MailboxDelivery, MailboxDelivery> change) =>
        entry with
        {
            Attempts = entry.Attempts.SetItem(
                attempt - 1,
                entry.Attempts[attempt - 1] with
                {
                    Mailboxes = [.. entry.Attempts[attempt - 1].Mailboxes.Select(change)],
                }),
        };

    /// <summary>
    /// The earliest handover among the mailboxes that the letter left for, or may have left for; null where there is
    /// none.
    /// </summary>
    public static DateTimeOffset? LeftAt(this MissionEntry entry) =>
        entry
            .Attempts.SelectMany(attempt => attempt.Mailboxes)
            .Where(mailbox => mailbox.MayHaveLeft)
            .SelectMany(mailbox => mailbox.Events)
            .Where(happened => happened.Kind == DeliveryEventKind.HandingOver)
            .Select(happened => (DateTimeOffset?)happened.At)
            .Min();
}
