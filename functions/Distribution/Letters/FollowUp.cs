using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Letters;

/// <summary>How a distribution relates to the earlier one that it follows.</summary>
internal enum FollowUpKind
{
    /// <summary>Asks the missions that have not acknowledged yet to do so.</summary>
    Reminder,

    /// <summary>
    /// Sends the same frozen content to missions added later, to changed mailboxes, or in another language.
    /// </summary>
    Addendum,

    /// <summary>Corrects a part of the earlier letter.</summary>
    Corrigendum,

    /// <summary>Replaces the earlier letter.</summary>
    Reissue,

    /// <summary>Withdraws the earlier letter.</summary>
    Withdrawal,
}

/// <summary>Names the earlier distribution that this one follows, and how it relates to it.</summary>
/// <param name="Of">The id of the earlier distribution.</param>
internal sealed record FollowUp(FollowUpKind Kind, string Of)
{
    /// <summary>True if it is a new letter that corrects, replaces or withdraws the earlier one.</summary>
    public bool IsCorrection => Kind is FollowUpKind.Corrigendum or FollowUpKind.Reissue or FollowUpKind.Withdrawal;

    /// <summary>What a distribution is to the one it follows: "a corrigendum".</summary>
    public static Phrase Words(FollowUpKind kind) => kind switch
    {
        FollowUpKind.Reminder => Say($"a reminder"),
        FollowUpKind.Addendum => Say($"an addendum"),
        FollowUpKind.Corrigendum => Say($"a corrigendum"),
        FollowUpKind.Reissue => Say($"a re-issue"),
        FollowUpKind.Withdrawal => Say($"a withdrawal"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
