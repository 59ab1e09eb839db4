using Distribution.Tracking;

namespace Distribution.Web.Missions;

/// <summary>
/// How long a page lies before a person, by which a person is told from a program: mail gateways open links, fill in
/// forms and submit them within a second.
/// </summary>
internal static class PersonsTime
{
    /// <summary>No person reads a page and types a name faster.</summary>
    public static readonly TimeSpan ToFillIn = TimeSpan.FromSeconds(4);

    /// <summary>Enough to read two lines. A double-click is faster, so it does not confirm.</summary>
    public static readonly TimeSpan ToConfirm = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Enough to fill in a form at one go. So long its pages go by what was read of the letter when it was served.
    /// </summary>
    public static readonly TimeSpan AtOneGo = TimeSpan.FromMinutes(5);

    /// <summary>
    /// When a page expires. A person may keep one open over a working day; what is kept longer was kept by a program.
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);
}

/// <summary>What the press of a button on a page of one step is.</summary>
internal enum PagePress
{
    /// <summary>A program's, or a double click.</summary>
    TooSoon,

    /// <summary>A person's.</summary>
    InTime,

    /// <summary>The page was not served for this link, or is too old.</summary>
    Expired,
}

/// <summary>What the press of a button on a form of two steps, filling in and confirming, is.</summary>
internal enum FormPress
{
    /// <summary>A program filled in the field that no person sees.</summary>
    HiddenFieldFilled,

    /// <summary>The form was not served for this link, or is too old.</summary>
    Expired,

    FilledInTooSoon,

    FilledIn,

    /// <summary>What was filled in is to be changed.</summary>
    Back,

    ConfirmedTooSoon,

    /// <summary>The only one that counts.</summary>
    Confirmed,
}

internal static class FormPresses
{
    extension(FormPress press)
    {
        /// <param name="isSound">Whether what was typed can stand.</param>
        /// <returns>
        /// What a press that is not taken counts as, and the key of what the page says of it, null where it says what
        /// cannot stand; null for a press that is taken.
        /// </returns>
        public (VisitKind Visit, string? Remark)? Refusal(bool isSound) =>
            press switch
            {
                FormPress.HiddenFieldFilled => (VisitKind.HiddenFieldFilled, "once_more"),
                FormPress.Expired => (VisitKind.Replayed, "expired"),
                FormPress.FilledInTooSoon => (VisitKind.SubmittedTooSoon, isSound ? "once_more" : null),
                _ => null,
            };
    }
}
