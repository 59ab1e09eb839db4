namespace Distribution.Sending;

/// <summary>Settings under <c>Dispatch</c>.</summary>
internal sealed class DispatchSettings
{
    /// <summary>Missions in one queue message, 1 to 100: a batch is claimed in one table transaction.</summary>
    public int BatchSize { get; set; } = 25;

    /// <summary>Letters in flight at once in one batch.</summary>
    public int Concurrency { get; set; } = 8;

    /// <summary>How long a claim holds. A batch must be sent well within it.</summary>
    public TimeSpan ClaimFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Pauses before each further try of a mailbox that said "later"; after the last, the mailbox has failed.
    /// Empty means 1, 5 and 20 minutes, 1 and 4 hours.
    /// </summary>
    public IList<TimeSpan> RetryDelays { get; set; } = [];

    internal IReadOnlyList<TimeSpan> Delays =>
        RetryDelays.Count > 0
            ? [.. RetryDelays]
            :
            [
                TimeSpan.FromMinutes(1),
                TimeSpan.FromMinutes(5),
                TimeSpan.FromMinutes(20),
                TimeSpan.FromHours(1),
                TimeSpan.FromHours(4),
            ];

    /// <summary>
    /// How soon a distribution on hold is tried again when the mail server could not be reached. The pause doubles with
    /// each try that fails, up to 15 minutes.
    /// </summary>
    public TimeSpan ProbeEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most letters of one distribution in a minute; 0 for no limit.</summary>
    public int LettersPerMinute { get; set; }

    /// <summary>
    /// What becomes of a letter of which it is not known whether it was sent, when no evidence has come within
    /// <see cref="SettleAfter"/>:
    /// <c>resend-with-same-message-id</c>, or <c>ask</c> a person.
    /// </summary>
    public string UnknownOutcome { get; set; } = ResendUnknown;

    /// <summary>How long evidence of an unknown outcome is waited for.</summary>
    public TimeSpan SettleAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long after the hour a letter sets it may still leave by itself; later a person is asked.</summary>
    public TimeSpan LateBy { get; set; } = TimeSpan.FromMinutes(15);

    internal const string ResendUnknown = "resend-with-same-message-id";

    internal const string AskUnknown = "ask";

    internal bool ResendsUnknown => UnknownOutcome == ResendUnknown;
}
