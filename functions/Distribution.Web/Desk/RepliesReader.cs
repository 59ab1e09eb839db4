namespace Distribution.Web;

/// <summary>Gathers the replies that wait for a person.</summary>
internal sealed class RepliesReader(Replies replies, Distributions distributions, Rosters rosters)
{
    private const int MostShown = 50;

    private const int MostLetters = 100;

    public async Task<RepliesView> Waiting(string? late, CancellationToken cancellation)
    {
        var waiting = await replies.Waiting(cancellation);
        var released = (await distributions.All(cancellation)).Where(distribution => distribution.ReleasedAt is not null).Take(MostLetters).ToList();
        return new(
            [.. waiting.Take(MostShown)],
            waiting.Count,
            released,
            // The names of the latest roster help with typing; a name is looked up on the roster of the letter chosen.
            released is [var latest, ..] ? [.. (await rosters.Find(latest.Id, cancellation)).Missions.Select(mission => mission.Name)] : [],
            late);
    }
}

/// <summary>The page of replies that wait for a person.</summary>
/// <param name="Shown">The latest first.</param>
/// <param name="Count">Of all that wait.</param>
/// <param name="Letters">Those a reply may be to, the latest first.</param>
/// <param name="Missions">Names, for typing.</param>
/// <param name="Late">What went otherwise than was pressed, if anything: <c>decided</c> or <c>unknown</c>.</param>
internal sealed record RepliesView(
    IReadOnlyList<ReceivedReply> Shown, int Count, IReadOnlyList<Distribution> Letters, IReadOnlyList<string> Missions, string? Late);
