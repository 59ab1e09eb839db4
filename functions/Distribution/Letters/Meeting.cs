namespace Distribution.Letters;

/// <summary>A meeting that a letter announces, or one announced earlier that does not take place.</summary>
/// <param name="Place">The room or building; null if none is given.</param>
/// <param name="Link">Where it can be followed, an address of the web; null if none is given.</param>
/// <param name="Note">What else is to be known of it, in one line; null if nothing is.</param>
/// <param name="Uid">
/// What calendars know it by, the same in every letter about it; null until its letter has been checked.
/// </param>
/// <param name="Sequence">
/// How many letters have corrected it: calendars take the highest number, whichever mail is opened first.
/// </param>
internal sealed record Meeting(
    string Title,
    DateTimeOffset Start,
    DateTimeOffset End,
    string? Place,
    string? Link,
    string? Note,
    bool IsCancelled = false,
    string? Uid = null,
    int Sequence = 0)
{
    /// <summary>True if nobody who reads both could tell which is meant.</summary>
    public bool IsLike(Meeting other) => HasTitleOf(other) && Start == other.Start;

    public bool HasTitleOf(Meeting other) => FileNames.AsSeen(Title) == FileNames.AsSeen(other.Title);
}
