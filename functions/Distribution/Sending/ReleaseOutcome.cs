namespace Distribution.Sending;

/// <summary>The result of a person's release.</summary>
internal enum ReleaseOutcome
{
    /// <summary>It is sent, at once or at its scheduled time.</summary>
    Released,

    /// <summary>The approval is recorded; a second person must release it.</summary>
    Approved,

    /// <summary>The person uploaded it, so another one must approve.</summary>
    IsAuthor,

    /// <summary>The person has approved it already.</summary>
    HasApproved,

    /// <summary>By now the release would do something else than the pressed button said.</summary>
    OtherStep,

    /// <summary>A finding on its page was not confirmed, or a reason is missing.</summary>
    Unconfirmed,

    /// <summary>It has too many findings to confirm; the letter must be corrected instead.</summary>
    TooMuchToConfirm,

    /// <summary>What the person looked at is not what would be sent (the hashes differ).</summary>
    OtherContent,

    /// <summary>Its folder has changed and has not been examined again yet.</summary>
    BeingExamined,

    /// <summary>
    /// Its folder now holds another version, or something that cannot be sent; or the letter that it is an addendum to
    /// was stopped or superseded.
    /// </summary>
    Overtaken,

    /// <summary>The register has changed since the person saw its differences.</summary>
    RegisterChanged,

    /// <summary>It no longer waits for release, or was prepared again meanwhile.</summary>
    TooLate,
}
