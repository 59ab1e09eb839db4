namespace Distribution.Web.Missions;

/// <summary>A page with a form of two steps.</summary>
internal interface IFormView<TSelf>
{
    /// <summary>
    /// The page as the answer to a form: it offers no other language, as a link would lose what was typed.
    /// </summary>
    TSelf AsAnswer();
}

/// <summary>What came of a form of two steps.</summary>
/// <param name="View">The page to show; null to redirect to the page that says what is on record.</param>
/// <param name="IsTaken">Whether the form was in order.</param>
/// <param name="Step">The step that it leads to, which has an address; null for a page that has none.</param>
/// <param name="Recorded">The id of what was put on record; null where the page needs none to say it.</param>
/// <param name="IsLate">
/// Whether nothing was put on record, as the form was too old, or something else was recorded since it was served.
/// </param>
internal sealed record FormAnswer<TView>(
    TView? View,
    bool IsTaken,
    FormStep? Step = null,
    string? Recorded = null,
    bool IsLate = false)
    where TView : class, IFormView<TView>;
