namespace Distribution.Sending;

/// <summary>Settings under <c>Dispatch</c>.</summary>
internal sealed class DispatchSettings
{
    /// <summary>
    /// Missions in one queue message, 1 to 400: the more, the fewer storage requests a letter costs, and the fewer
    /// workers share a distribution. Empty means 100, and 400 of a distribution to more than 1,000.
    /// </summary>
    public int? BatchSize { get; set; }

    internal const int MostInBatch = 400;

    /// <param name="missions">How many the distribution goes to.</param>
    internal int BatchSizeOf(int missions) => BatchSize ?? (missions > 1000 ? MostInBatch : 100);

    /// <summary>
    /// The most letters in flight at once in one process, over all its batches, 1 to 100: a crash leaves at most that
    /// many outcomes unknown.
    /// </summary>
    public int Concurrency { get; set; } = 8;

    /// <summary>
    /// How long a claim (lease) holds. It is renewed as long as its worker lives: so soon after a worker died, another
    /// one may go on.
    /// </summary>
    public TimeSpan ClaimFor { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Backoff before each retry of a mailbox that could not be handed over yet. Up to 20 % jitter is added, and a
    /// longer pause that the server asks for is kept. After the last retry the mailbox has failed, or its outcome stays
    /// unknown if an earlier copy may have arrived. Empty means 1, 5 and 20 minutes, 1 and 4 hours.
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

    /// <summary>
    /// Rate limit: the most letters, of all distributions and workers together, that are claimed in one minute; 0 for
    /// no limit. Minutes are fixed windows, so the end of one and the beginning of the next can lie close together.
    /// </summary>
    public int LettersPerMinute { get; set; }

    /// <summary>
    /// What happens to a letter whose outcome is unknown if no evidence arrives within <see cref="SettleAfter"/>:
    /// <c>resend-with-same-message-id</c>, or <c>ask</c> a person.
    /// </summary>
    public string UnknownOutcome { get; set; } = ResendUnknown;

    /// <summary>How long to wait for evidence of an unknown outcome.</summary>
    public TimeSpan SettleAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How late a scheduled letter may still be sent automatically; after that it waits for a person again.
    /// </summary>
    public TimeSpan LateBy { get; set; } = TimeSpan.FromMinutes(15);

    internal const string ResendUnknown = "resend-with-same-message-id";

    internal const string AskUnknown = "ask";

    internal bool ResendsUnknown => UnknownOutcome == ResendUnknown;
}
