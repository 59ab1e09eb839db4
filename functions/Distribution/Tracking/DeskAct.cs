namespace Distribution.Tracking;

/// <summary>What a person asked for at the desk, whatever came of it.</summary>
/// <param name="Id">Sorts the latest first.</param>
/// <param name="Who">The name they are signed in under.</param>
/// <param name="WhoId">What the directory knows them by; null where it says nothing.</param>
/// <param name="Roles">The roles they had, in words.</param>
/// <param name="What">In words: "Release a letter".</param>
/// <param name="DistributionId">The letter it was about; null for none.</param>
/// <param name="About">The mission, reply or notice it was about; null for none.</param>
/// <param name="Outcome">
/// What came of it; null while that is not known, as when the service stopped in the middle.
/// </param>
/// <param name="Letter">What that letter is called: "Draft Rev 1, version 2"; null for none.</param>
internal sealed record DeskAct(
    string Id,
    DateTimeOffset At,
    string Who,
    string? WhoId,
    string Roles,
    string What,
    string? DistributionId,
    string? About,
    DeskOutcome? Outcome = null,
    string? Letter = null)
{
    /// <summary>What more is to be said of it: which files, or what exactly was decided; null for nothing.</summary>
    public string? Detail { get; init; }
}

internal enum DeskOutcome
{
    Done,

    /// <summary>
    /// Nothing was changed: it had been done before, was too late, or lacked something the page then said.
    /// </summary>
    NothingChanged,

    /// <summary>Not allowed to that person, or not sent from one of our own forms.</summary>
    Refused,

    Failed,
}
