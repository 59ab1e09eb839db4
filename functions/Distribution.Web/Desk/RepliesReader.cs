using Distribution.Intake;
using Distribution.Tracking.Inbound;

namespace Distribution.Web.Desk;

/// <summary>Gathers the messages that came: those that wait for a person, by piles, and all others.</summary>
internal sealed class RepliesReader(Replies replies, DistributionRecords distributions, FrozenRosters rosters)
{
    private const int MostShown = 50;

    private const int MostLetters = 100;

    /// <param name="search">
    /// Words that must all stand in what is shown of a message; null or empty for every message.
    /// </param>
    public async Task<RepliesView> Of(string? search, string? late, CancellationToken cancellation)
    {
        var words = (search ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var all = await replies.Waiting(cancellation);
        var waiting = all.Where(reply => words.All(reply.Has)).ToList();
        var (kept, count, isAll) = await replies.Kept(words, MostShown, cancellation);
        var released = (await distributions.All(cancellation))
            .Where(distribution => distribution.ReleasedAt is not null)
            .Take(MostLetters)
            .ToList();
        return new(
            [
                .. Piles
                    .Select(pile => new PileView(
                        pile,
                        [.. waiting.Where(reply => reply.Pile == pile).Take(MostShown)],
                        waiting.Count(reply => reply.Pile == pile)))
                    .Where(pile => pile.Count > 0),
            ],
            all.Count,
            kept,
            count,
            isAll,
            released,
            // The names of the latest roster help with typing; a name is looked up on the roster of the letter chosen.
            released is [var latest, ..]
                ? [.. (await rosters.Find(latest.Id, cancellation)).Missions.Select(mission => mission.Name)]
                : [],
            string.Join(' ', words),
            late);
    }

    /// <summary>What people wrote comes first.</summary>
    private static IEnumerable<ReplyPile> Piles =>
        [ReplyPile.Says, ReplyPile.Receipt, ReplyPile.Unknown, ReplyPile.Machine];
}

/// <summary>One pile of messages that wait for a person.</summary>
/// <param name="Shown">The latest first.</param>
/// <param name="Count">Of all in it.</param>
internal sealed record PileView(ReplyPile Pile, IReadOnlyList<ReceivedReply> Shown, int Count)
{
    /// <summary>Of its form and its heading.</summary>
    public string Id => $"pile-{Pile.ToString().ToLowerInvariant()}";

    public string Heading => Pile switch
    {
        ReplyPile.Receipt => "Looks like a receipt",
        ReplyPile.Says => "Asks or says something",
        ReplyPile.Machine => "Looks like a machine's",
        _ => "Unknown",
    };
}

/// <summary>The page of messages that came.</summary>
/// <param name="Waiting">How many wait for a person, whatever is searched for.</param>
/// <param name="Kept">The latest of those that wait no more.</param>
/// <param name="KeptCount">Of all of those.</param>
/// <param name="IsAll">Whether all were looked through; of very many some are not.</param>
/// <param name="Letters">Those a reply may be to, the latest first.</param>
/// <param name="Missions">Names, for typing.</param>
/// <param name="Search">What is searched for; may be empty.</param>
/// <param name="Late">
/// What went otherwise than was pressed, if anything: <c>decided</c>, <c>unknown</c> or <c>early</c>.
/// </param>
internal sealed record RepliesView(
    IReadOnlyList<PileView> Piles, int Waiting, IReadOnlyList<KeptReply> Kept, int KeptCount, bool IsAll,
    IReadOnlyList<DistributionRecord> Letters, IReadOnlyList<string> Missions, string Search, string? Late);
