using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Mail;

namespace Distribution.Sending;

/// <summary>
/// The same refusal for everyone: no mission is at fault, but what the mail server thinks of us. Several missions of as
/// many domains were refused with the same code and text, and no letter was accepted between.
/// </summary>
/// <param name="Words">The server's own words to one of them.</param>
/// <param name="Key">What the words of all have in common.</param>
/// <param name="Missions">Those that have failed so and are to be open again.</param>
internal sealed partial record SameRefusal(string Words, string Key, IReadOnlyList<string> Missions)
{
    /// <summary>How many missions, of as many domains, are enough to tell.</summary>
    public const int Enough = 5;

    /// <summary>For the page of the distribution: what is wrong and what to do.</summary>
    public string Sentence =>
        $"The mail server refuses every mission in the same way, so it is not the missions: “{Words}”. {RefusalRemedy.For(Words) ?? "Ask the mail server's administrator what it objects to."} Then go on: the missions it refused so are to be sent to again.";

    /// <param name="entries">All of one distribution.</param>
    /// <returns>Null where there is none, or nothing is to be opened again.</returns>
    public static SameRefusal? Find(IReadOnlyList<MissionEntry> entries)
    {
        var streaks = new Dictionary<string, Streak>();
        List<Streak> found = [];
        var answers = entries.SelectMany(Answers).ToList();
        var accepted = answers.Where(answer => answer.Key is null).Max(answer => (DateTimeOffset?)answer.At);
        foreach (var answer in answers
            .Where(answer => answer.Since is not { } first || accepted is null || first > accepted)
            .OrderBy(answer => answer.At))
            if (answer.Key is not { } key)
            {
                // A letter was accepted, so what comes after it is counted anew. What was enough before stays found:
                // those missions have failed, and for no fault of their own.
                found.AddRange(streaks.Values.Where(streak => streak.IsEnough));
                streaks.Clear();
            }
            else
            {
                if (!streaks.TryGetValue(key, out var streak))
                    streaks[key] = streak = new(answer.Words, key);
                streak.Missions.Add(answer.Mission);
                streak.Domains.Add(answer.Domain);
            }

        return found
            .Concat(streaks.Values.Where(streak => streak.IsEnough))
            .Select(streak => new SameRefusal(
                streak.Words,
                streak.Key,
                [
                    .. entries
                        .Where(entry => streak.Missions.Contains(entry.MissionId) && HasFailedSo(entry, streak.Key))
                        .Select(entry => entry.MissionId),
                ]))
            .FirstOrDefault(refusal => refusal.Missions.Count > 0);
    }

    /// <returns>Whether the last attempt has failed, at a mailbox in this way.</returns>
    /// <param name="key">What was common to the refusals.</param>
    public static bool HasFailedSo(MissionEntry entry, string key) =>
        entry.State == DeliveryState.Failed
        && entry.Attempts[^1].Mailboxes.Exists(mailbox =>
            Refusal(mailbox) is { } refusal && KeyOf(refusal, mailbox) == key)
        && !IsTheMissions(entry, key);

    /// <summary>
    /// Whether it was offered again after a hold and was refused in the same way again, with words that are about the
    /// mailbox: then it is the mission's, even where others are refused so too.
    /// </summary>
    private static bool IsTheMissions(MissionEntry entry, string key) =>
        entry.Attempts is [.., var before, { AskedBy: null }]
        && OfMailboxes().IsMatch(key)
        && before.Mailboxes.Exists(mailbox => Refusal(mailbox) is { } refusal && KeyOf(refusal, mailbox) == key);

    private static IEnumerable<Answer> Answers(MissionEntry entry)
    {
        foreach (var mailbox in entry.Attempts.SelectMany(attempt => attempt.Mailboxes))
            foreach (var happened in mailbox.Events.Where(happened => happened.Source is null))
                if (happened.Kind == DeliveryEventKind.Accepted)
                    yield return new(happened.At, null, entry.MissionId, "", happened.Words, Key: null);
                else if (happened == Refusal(mailbox)
                    && KeyOf(happened, mailbox) is { } key
                    && !IsTheMissions(entry, key))
                    yield return new(
                        happened.At,
                        mailbox.Events.Find(earlier => earlier.Kind == DeliveryEventKind.NotNow)?.At,
                        entry.MissionId,
                        EmailAddresses.Domain(mailbox.Mailbox.Address).ToLowerInvariant(),
                        happened.Words,
                        key);
    }

    private static DeliveryEvent? Refusal(MailboxDelivery mailbox) =>
        mailbox.Events.FindLast(happened =>
            happened is { Source: null, Kind: DeliveryEventKind.Refused or DeliveryEventKind.GivenUp });

    /// <summary>
    /// The words without what differs from letter to letter: addresses, numbers of the server's own, times.
    /// </summary>
    /// <returns>Null where it was no server that refused.</returns>
    private static string? KeyOf(DeliveryEvent refusal, MailboxDelivery mailbox)
    {
        if (!Code().IsMatch(refusal.Words))
            return null;
        var words = Own().Replace(
            refusal.Words.Replace(
                EmailAddresses.Domain(mailbox.Mailbox.Address),
                "",
                StringComparison.OrdinalIgnoreCase),
            "");
        return string.Join(' ', words.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
    }

    [GeneratedRegex(@"^[45]\d\d( |$)")]
    private static partial Regex Code();

    // In brackets, with an @, or with a digit, unless it is a code.
    [GeneratedRegex(@"<[^>]*>|\[[^\]]*\]|\S*@\S*|(?<!\S)(?![245]\d\d(?!\S)|[245]\.\d{1,3}\.\d{1,3}(?!\S))\S*\d\S*")]
    private static partial Regex Own();

    // Codes of addresses and of mailboxes (RFC 3463, 3.2 and 3.3), and the words of servers that give none.
    [GeneratedRegex(
        @" 5\.(1\.\d{1,2}|2\.\d)( |$)|unknown user|user unknown|no such|does ?n[o']t exist|mailbox|recipient not found")]
    private static partial Regex OfMailboxes();

    /// <param name="Since">
    /// When it was first put off: if a letter was accepted after that, it was not put off like everyone. Null where it
    /// was refused at once.
    /// </param>
    /// <param name="Key">Null where the letter was accepted.</param>
    private sealed record Answer(
        DateTimeOffset At,
        DateTimeOffset? Since,
        string Mission,
        string Domain,
        string Words,
        string? Key);

    private sealed record Streak(string Words, string Key)
    {
        public HashSet<string> Missions { get; } = [];

        public HashSet<string> Domains { get; } = [];

        public bool IsEnough => Missions.Count >= Enough && Domains.Count >= Enough;
    }
}

/// <summary>Every mission is refused in the same way, so nothing more is sent.</summary>
internal sealed class SameRefusalException(SameRefusal refusal) : Exception(refusal.Sentence)
{
    public SameRefusal Refusal { get; } = refusal;
}
