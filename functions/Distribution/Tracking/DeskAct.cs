namespace Distribution.Tracking;

/// <summary>Something a person asked for at the desk, whatever its outcome.</summary>
/// <param name="Id">Such that the latest sorts first.</param>
/// <param name="Who">The name the person is signed in with.</param>
/// <param name="WhoId">The person's id in the directory; null where the directory gives none.</param>
/// <param name="Roles">The roles they had, in words.</param>
/// <param name="What">In words: "Release a letter".</param>
/// <param name="DistributionId">The letter it was about; null for none.</param>
/// <param name="About">The mission, reply or notice it was about; null for none.</param>
/// <param name="Outcome">
/// The outcome; null while it is not known, for example because the service stopped before the end.
/// </param>
/// <param name="Letter">The letter's label, such as "Draft Rev 1, version 2"; null for none.</param>
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
    /// <summary>What exactly was asked for, such as which files; null where that is all.</summary>
    public string? Detail { get; init; }

    /// <summary>
    /// <see cref="Detail"/> as <see cref="Translations"/> has the words; null for acts recorded by earlier versions.
    /// </summary>
    public IReadOnlyDictionary<string, string>? DetailIn { get; init; }

    /// <summary>
    /// What came of it, in the words the person read; null while that is not known, and for acts recorded by versions
    /// that told it and did not record it.
    /// </summary>
    public string? Words { get; init; }

    /// <summary>
    /// The path of the page the person was led to; null where they were led to none.
    /// </summary>
    public string? Page { get; init; }

    /// <summary>
    /// <see cref="Words"/> in the desk's languages other than English, by code, in whichever language the person read
    /// it; null where they are known in English only.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Translations { get; init; }
}

/// <summary>What came of an act at the desk.</summary>
internal enum DeskOutcome
{
    Done,

    /// <summary>
    /// Nothing was changed: it had been done before, came too late, or lacked something that the page then named.
    /// </summary>
    NothingChanged,

    /// <summary>The person may not do this, or the request did not come from one of our own forms.</summary>
    Refused,

    Failed,
}
