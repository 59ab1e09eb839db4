namespace Distribution.Letters;

/// <summary>What a distribution is to an earlier one of the same letter.</summary>
internal enum FollowUpKind
{
    /// <summary>Asks those missions that are still silent to acknowledge.</summary>
    Reminder,

    /// <summary>
    /// The same frozen content to missions added later, to changed mailboxes, or in another language.
    /// </summary>
    Addendum,

    /// <summary>Puts right a part of the earlier letter.</summary>
    Corrigendum,

    /// <summary>Takes the place of the earlier letter.</summary>
    Reissue,

    /// <summary>Takes the earlier letter back.</summary>
    Withdrawal,
}

/// <summary>The earlier distribution that one follows.</summary>
/// <param name="Of">The earlier one's id.</param>
internal sealed record FollowUp(FollowUpKind Kind, string Of)
{
    /// <summary>Whether it is a letter of its own that supersedes the earlier one.</summary>
    public bool IsCorrection => Kind is FollowUpKind.Corrigendum or FollowUpKind.Reissue or FollowUpKind.Withdrawal;
}
