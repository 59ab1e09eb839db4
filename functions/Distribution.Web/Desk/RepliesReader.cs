using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Storage;
using Distribution.Tracking.Inbound;

namespace Distribution.Web.Desk;

/// <summary>Gathers the messages that came in: those that wait for a person, by pile, and all others.</summary>
internal sealed class RepliesReader(Replies replies, DistributionRecords distributions, FrozenRosters rosters)
{
    /// <summary>
    /// How many waiting messages stand on a page, of all piles together, and how many that wait no more.
    /// </summary>
    private const int MostShown = 60;

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
        var piles = Piles.Where(pile => waiting.Any(reply => reply.Pile == pile)).ToList();
        return new(
            [
                .. piles.Select(pile => new PileView(
                    pile,
                    // Shared among the piles there are, so that a flood of machines' answers does not hide what people
                    // ask.
                    [.. waiting.Where(reply => reply.Pile == pile).Take(MostShown / piles.Count)],
                    waiting.Count(reply => reply.Pile == pile))),
            ],
            await replies.CountWaiting(cancellation),
            next,
            kept,
            count,
            isAll,
            await Names(await Released(cancellation), cancellation),
            string.Join(' ', words));
    }

    /// <returns>A message that waits for a person; null where none of that id does.</returns>
    public async Task<ReplyView?> One(string id, CancellationToken cancellation)
    {
        if (await replies.FindWaiting(id, cancellation) is not { } reply)
            return null;
        var released = await Released(cancellation);
        return new(reply, released, await Names(released, cancellation));
    }

    private async Task<IReadOnlyList<DistributionRecord>> Released(CancellationToken cancellation) =>
        [
            .. (await distributions.All(cancellation)).Where(distribution => distribution.ReleasedAt is not null)
                .Take(MostLetters),
        ];

    /// <summary>
    /// Those of the latest letter's roster: what missions are called, and what is offered while a name is typed. The
    /// name typed is looked up on the roster of the letter chosen.
    /// </summary>
    private async Task<MissionNames> Names(
        IReadOnlyList<DistributionRecord> released,
        CancellationToken cancellation)
    {
        try
        {
            // A reminder goes to the silent alone, and an addendum to one mission: those who answer are not among them.
            return new(
                released.FirstOrDefault(found => found.IsLetter) is { } latest
                    ? (await rosters.Find(latest.Id, cancellation)).Missions
                    : []);
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            return new([]);
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
    /// the mission's token, comes from its mailbox and reads as a receipt; or a machine wrote it, about one letter
    /// alone, and does not say that nobody read that.
    /// </summary>
    public IReadOnlyList<ReceivedReply> Alike { get; } =
        [
            .. Shown.Where(reply =>
                (Pile == ReplyPile.Receipt && reply is { IsAnswer: true, IsFromMission: true, Candidates.Count: 1 })
                || (Pile == ReplyPile.Machine && reply is { SaysUnread: false, Candidates.Count: 1 })),
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
/// <param name="KeptCount">
/// How many those are in all; null where they were not counted, and are more than are shown.
/// </param>
/// <param name="IsAll">Whether all of those were searched; of very many, some are not.</param>
/// <param name="Search">What is searched for; may be empty.</param>
internal sealed record RepliesView(
    IReadOnlyList<PileView> Piles, int Waiting, string? Next, IReadOnlyList<KeptReply> Kept, int? KeptCount, bool IsAll,
    MissionNames Names, string Search);

/// <summary>The page of one message that waits for a person.</summary>
/// <param name="Letters">The letters it may answer, the latest first.</param>
internal sealed record ReplyView(ReceivedReply Reply, IReadOnlyList<DistributionRecord> Letters, MissionNames Names);

/// <summary>What missions are called, in the reader's language where the register has it.</summary>
internal sealed record MissionNames(IReadOnlyList<Mission> Missions)
{
    /// <param name="otherwise">What it is called where it is not known any more.</param>
    public Phrase Of(string missionId, string otherwise) =>
        Missions.FirstOrDefault(mission => mission.Id == missionId)?.Said ?? Phrase.Plain(otherwise);

    public Phrase Of(ReplyCandidate candidate) => Of(candidate.MissionId, candidate.Mission);

    /// <summary>The letter to that mission.</summary>
    public Phrase To(ReplyCandidate candidate) => Phrase.Say($"{Of(candidate)}, to {candidate.Letter}");
}
