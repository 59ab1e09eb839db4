using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;

namespace Distribution.Sending;

/// <summary>The letter a Message-ID names. Whether it was ever sent, only the mission's entry says.</summary>
/// <param name="Attempt">From 1.</param>
/// <param name="HasToken">False for letters sent before there were tokens: anyone can forge such a Message-ID.</param>
/// <param name="IsOurs">Whether the token is valid; always false without one.</param>
internal sealed record SentLetter(
    DistributionRecord Distribution,
    FrozenRoster Roster,
    Mission Mission,
    int Attempt,
    bool HasToken,
    bool IsOurs);

/// <summary>Finds the letter, or the attempt of an entry, that a Message-ID names.</summary>
internal sealed class MessageIds(DistributionRecords distributions, FrozenRosters rosters, MessageTokens tokens)
{
    /// <param name="messageId">With or without angle brackets, in whatever case it came.</param>
    /// <param name="found">
    /// Distributions that the same call has looked for, by what Message-IDs call them and whether with a token: of very
    /// many messages most are about the same.
    /// </param>
    /// <returns>Null if it is not of our form, or if there is no such distribution or mission.</returns>
    public async Task<SentLetter?> Find(
        string messageId,
        CancellationToken cancellation,
        Dictionary<(string, bool), Task<DistributionRecord?>>? found = null)
    {
        if (SentMessageId.Read(messageId) is not { } sent)
            return null;
        found ??= [];
        var name = (sent.Distribution, sent.Token is not null);
        if (!found.TryGetValue(name, out var finding))
            finding = found[name] = sent.Token is null
                ? distributions.Find(sent.Distribution, cancellation)
                : distributions.FindByMark(sent.Distribution, cancellation);
        if (await finding is not { } distribution)
            return null;
        var roster = await rosters.Find(distribution.Id, cancellation);
        if (roster.Missions.FirstOrDefault(mission =>
                mission.Id.Equals(sent.MissionId, StringComparison.OrdinalIgnoreCase))
            is not { } named)
            return null;
        var isOurs =
            sent.Token is { } token
            && tokens.Verify(
                TokenPurpose.MessageId,
                distribution.KeyId,
                distribution.Id,
                named.Id,
                sent.Attempt,
                token);
        return new(distribution, roster, named, sent.Attempt, sent.Token is not null, isOurs);
    }

    /// <returns>The attempt whose message it is; null where none has that Message-ID.</returns>
    public static DeliveryAttempt? AttemptOf(MissionEntry entry, string messageId) =>
        entry.Attempts.Find(attempt => MessageTokens.AreSame(attempt.MessageId, messageId.Trim('<', '>', ' ')));
}
