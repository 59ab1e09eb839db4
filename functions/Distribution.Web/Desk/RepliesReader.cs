using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Storage;
using Distribution.Tracking.Inbound;

namespace Distribution.Web.Desk;

/// <summary>Gathers the messages that came in: those that wait for a person, by pile, and all others.</summary>
internal sealed class RepliesReader(Replies replies, DistributionRecords distributions, FrozenRosters rosters)
{
    private const int MostShown = 50;

    private const int MostLetters = 100;

    /// <param name="search">
    /// Words that must all occur in what is shown of a message; null or empty for every message.
    /// </param>
    /// <param name="after">Where the page of waiting messages begins; null or empty for the first.</param>
    public async Task<RepliesView> Of(string? search, string? after, CancellationToken cancellation)
    {
        var words = (search ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var (waiting, next) = await replies.Waiting(words, after ?? "", cancellation);
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
            await replies.CountWaiting(cancellation),
            next,
            kept,
            count,
            isAll,
            released,
            // The names of the latest roster are suggestions for typing. The name typed is looked up on the roster of
            // the letter chosen.
            released is [var latest, ..] ? await Missions(latest.Id, cancellation) : [],
            string.Join(' ', words));
    }

    private async Task<IReadOnlyList<Mission>> Missions(string distributionId, CancellationToken cancellation)
    {
        try
        {
            return (await rosters.Find(distributionId, cancellation)).Missions;
        }
        catch (Exception leftOut) when (leftOut is UnreadableRecordException or LaterFormatException)
        {
            return [];
        }
    }

    /// <summary>In the order of the page: what people wrote comes first.</summary>
    private static IEnumerable<ReplyPile> Piles =>
        [ReplyPile.Says, ReplyPile.Receipt, ReplyPile.Unknown, ReplyPile.Machine];
}

/// <summary>One pile of messages that wait for a person.</summary>
/// <param name="Shown">The latest first; of very many, only the latest.</param>
/// <param name="Count">How many messages are in the pile.</param>
internal sealed record PileView(ReplyPile Pile, IReadOnlyList<ReceivedReply> Shown, int Count)
{
    /// <summary>
    /// Those that are ticked in advance, so that a person only has to look at their names and press one button: it has
    /// the mission's token, comes from its mailbox and reads as a receipt; or a machine wrote it, about one letter alone.
    /// </summary>
    public IReadOnlyList<ReceivedReply> Alike { get; } =
        [
            .. Shown.Where(reply =>
                (Pile == ReplyPile.Receipt && reply is { IsAnswer: true, IsFromMission: true, Candidates.Count: 1 })
                || (Pile == ReplyPile.Machine && reply.Candidates.Count == 1)),
        ];

    /// <summary>Those that a person must read.</summary>
    public IEnumerable<ReceivedReply> Others => Shown.Except(Alike);

    /// <summary>The id of its heading.</summary>
    public string Id => $"pile-{Pile.ToString().ToLowerInvariant()}";

    /// <summary>The id of the form that its ticks belong to.</summary>
    public string Form => $"{Id}-form";

    public Phrase Heading => Pile switch
    {
        ReplyPile.Receipt => Phrase.Say($"Looks like a receipt"),
        ReplyPile.Says => Phrase.Say($"Asks or says something"),
        ReplyPile.Machine => Phrase.Say($"Looks like a machine's"),
        _ => Phrase.Say($"Unknown"),
    };
}

/// <summary>The page of messages that came in.</summary>
/// <param name="Waiting">
/// How many messages wait for a person, whatever is searched for; at most <see cref="Replies.MostCounted"/>.
/// </param>
/// <param name="Next">Where the next page of waiting messages begins; null where this is the last.</param>
/// <param name="Kept">The latest of those that do not wait any more.</param>
/// <param name="KeptCount">How many those are in all.</param>
/// <param name="IsAll">Whether all of those were searched; of very many, some are not.</param>
/// <param name="Letters">The letters a reply may be to, the latest first.</param>
/// <param name="Missions">Those of the latest letter, whose names are suggestions for typing.</param>
/// <param name="Search">What is searched for; may be empty.</param>
internal sealed record RepliesView(
    IReadOnlyList<PileView> Piles, int Waiting, string? Next, IReadOnlyList<KeptReply> Kept, int KeptCount, bool IsAll,
    IReadOnlyList<DistributionRecord> Letters, IReadOnlyList<Mission> Missions, string Search)
{
    /// <summary>A mission by its name, in the reader's language where the register has it.</summary>
    /// <param name="otherwise">What it is called where it is not known any more.</param>
    public Phrase Named(string missionId, string otherwise) =>
        Missions.FirstOrDefault(mission => mission.Id == missionId)?.Said ?? Phrase.Plain(otherwise);

    public Phrase Named(ReplyCandidate candidate) => Named(candidate.MissionId, candidate.Mission);
}
