using Distribution.Intake;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Inbound;

namespace Distribution.Tracking;

/// <summary>One letter as it was sent to one mission, and what was heard of it.</summary>
/// <param name="Reach">Null where the mission's entry is missing or cannot be read.</param>
/// <param name="Mailboxes">Of the last attempt that was not withdrawn; those of the roster where there is none.</param>
/// <param name="Acknowledgement">Null where there is none; see <paramref name="IsAcknowledgementLeftOut"/>.</param>
/// <param name="Replies">How many messages of people are kept with it.</param>
/// <param name="IsAnswered">Whether a message waits to be read.</param>
/// <param name="Forwards">What somebody at the mission had forwarded of it; null where that cannot be read.</param>
internal sealed record MissionLetter(
    DistributionRecord Letter,
    Mission Mission,
    MissionReach? Reach,
    IReadOnlyList<MailboxDelivery> Mailboxes,
    Acknowledgement? Acknowledgement,
    bool IsAcknowledgementLeftOut,
    int Replies,
    bool IsAnswered,
    IReadOnlyList<Forward>? Forwards);

/// <summary>How a mission's particulars changed from one letter to the next, or since the last letter.</summary>
/// <param name="Since">The first letter that has them so; null where only the register has them so.</param>
internal sealed record MissionChange(DistributionRecord? Since, IReadOnlyList<ParticularDifference> What);

/// <summary>A head of mission, and the letters that were addressed so.</summary>
/// <param name="First">The earliest letter, among those looked at.</param>
/// <param name="Last">The latest.</param>
internal sealed record NamedHead(string Words, DistributionRecord First, DistributionRecord Last);

/// <summary>What is on record of one mission across letters.</summary>
/// <param name="Registered">
/// As in the register in use; null where it is not there, or the register cannot be read.
/// </param>
/// <param name="Latest">As in the latest letter to it; null where there is none.</param>
/// <param name="IsRegisterUnreadable">Whether the register in use cannot be read.</param>
/// <param name="Letters">A page of the letters released to it with their reminders, the latest first.</param>
/// <param name="Before">How many later letters there are on the pages before.</param>
/// <param name="Count">
/// How many letters were released to it, without reminders, as far as their rosters can be read.
/// </param>
/// <param name="LeftOut">
/// How many released letters, and reminders of this page, cannot be read: whether they went to the mission is not
/// known.
/// </param>
/// <param name="Changes">The latest first.</param>
/// <param name="Heads">The latest first.</param>
internal sealed record MissionRecord(
    Mission? Registered,
    Mission? Latest,
    bool IsRegisterUnreadable,
    IReadOnlyList<MissionLetter> Letters,
    int Before,
    int Count,
    int LeftOut,
    IReadOnlyList<MissionChange> Changes,
    IReadOnlyList<NamedHead> Heads)
{
    public Mission Mission => Registered ?? Latest!;

    /// <summary>How many letters of the page are no reminders.</summary>
    public int Shown => Letters.Count(line => !line.Letter.IsReminder);
}

/// <summary>Reads what was sent to a mission and heard of it, across letters.</summary>
internal sealed class MissionHistory(
    DistributionRecords distributions,
    RegisterInUse registers,
    FrozenRosters rosters,
    MissionEntries entries,
    Acknowledgements acknowledgements,
    Forwards forwards,
    Replies replies)
{
    public const int OnePage = 20;

    /// <summary>How many letters former missions are looked for in, the latest first.</summary>
    private const int MostRosters = 20;

    private const int ReadAtOnce = 8;

    /// <param name="before">How many of the latest letters to leave out.</param>
    /// <returns>Null where neither the register nor a letter knows the mission.</returns>
    public async Task<MissionRecord?> Of(string missionId, int before, CancellationToken cancellation)
    {
        var register = await Register(cancellation);
        var registered = register?.FirstOrDefault(mission => mission.Id == missionId);
        var released = (await Released(cancellation)).ToLookup(letter => letter.IsReminder);
        // Most of what is released in the course of years are reminders. They go to the mission as its letter has it,
        // so that they tell nothing of changes, and only those of the page are looked at.
        var (letters, leftOut) = await SentTo(missionId, released[false], cancellation);
        if (registered is null && letters.Count == 0)
            return null;
        // The number stands in the address, where anyone can write what they like.
        before = Math.Clamp(before, 0, Math.Max(0, letters.Count - 1));
        var page = letters.Skip(before).Take(OnePage).ToList();
        var shown = page.Select(found => found.Letter.Id).ToHashSet();
        var (reminders, alsoLeftOut) = await SentTo(
            missionId,
            released[true].Where(reminder => shown.Contains(reminder.Follows!.Of)),
            cancellation);
        page = [.. page.Concat(reminders).OrderByDescending(found => found.Letter.ReleasedAt)];
        var lines = new MissionLetter[page.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, page.Count),
            new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellation },
            async (place, stop) => lines[place] = await Line(page[place].Letter, page[place].Mission, stop));
        return new(
            registered,
            letters is [var latest, ..] ? latest.Mission : null,
            register is null,
            lines,
            before,
            letters.Count,
            leftOut + alsoLeftOut,
            Changes(registered, letters),
            Heads(letters));
    }

    /// <returns>
    /// The missions of the latest letters that the register does not have any more, in protocol order, each with the
    /// latest letter that went to it.
    /// </returns>
    public async Task<IReadOnlyList<(Mission Mission, DistributionRecord Letter)>> Former(
        CancellationToken cancellation)
    {
        if (await Register(cancellation) is not { } register)
            return [];
        var known = register.Select(mission => mission.Id).ToHashSet();
        List<(Mission Mission, DistributionRecord Letter)> former = [];
        foreach (var letter in (await Released(cancellation)).Take(MostRosters))
            foreach (var mission in (await Roster(letter, cancellation))?.Missions ?? [])
                if (known.Add(mission.Id))
                    former.Add((mission, letter));
        return [.. former.OrderBy(found => ProtocolOrder.Key(found.Mission.Name), StringComparer.Ordinal)];
    }

    /// <returns>Null where the register in use cannot be read.</returns>
    public async Task<IReadOnlyList<Mission>?> Register(CancellationToken cancellation) =>
        (await registers.TryCurrent(cancellation))?.Missions;

    private async Task<IEnumerable<DistributionRecord>> Released(CancellationToken cancellation) =>
        (await distributions.All(cancellation))
            .Where(letter => letter.ReleasedAt is not null)
            .OrderByDescending(letter => letter.ReleasedAt);

    /// <returns>In the order given; and of how many it cannot be read whether they went to it.</returns>
    private async Task<(IReadOnlyList<(DistributionRecord Letter, Mission Mission)> Sent, int LeftOut)> SentTo(
        string missionId,
        IEnumerable<DistributionRecord> some,
        CancellationToken cancellation)
    {
        DistributionRecord[] released = [.. some];
        var found = new FrozenRoster?[released.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, released.Length),
            new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellation },
            async (place, stop) => found[place] = await Roster(released[place], stop));
        return (
            [
                .. released
                    .Zip(found, (letter, roster) => (Letter: letter, Mission: roster?.Find(missionId)))
                    .Where(sent => sent.Mission is not null)
                    .Select(sent => (sent.Letter, sent.Mission!)),
            ],
            found.Count(roster => roster is null));
    }

    private async Task<FrozenRoster?> Roster(DistributionRecord letter, CancellationToken cancellation)
    {
        try
        {
            return await rosters.Find(letter.Id, cancellation);
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            return null;
        }
    }

    private async Task<MissionLetter> Line(DistributionRecord letter, Mission mission, CancellationToken cancellation)
    {
        var found = (await entries.Find(letter.Id, [mission.Id], cancellation))
            .Select(stored => stored.Value)
            .FirstOrDefault();
        var (acknowledged, isLeftOut) = await Acknowledged(letter, mission.Id, cancellation);
        var sent =
            found?.Attempts.FindLast(attempt => attempt.State != DeliveryState.Withdrawn)
            ?? found?.Attempts.LastOrDefault();
        return new(
            letter,
            mission,
            found?.EntryState is { } entry
                ? new(
                    mission,
                    entry.State,
                    acknowledged is not null,
                    entry.IsNotNeeded && letter.Follows is not null,
                    entry.TriedUntil,
                    entry.IsReturnedInPart)
                : null,
            sent?.Mailboxes ?? [.. mission.Mailboxes.Select(mailbox => new MailboxDelivery(mailbox, []))],
            acknowledged,
            isLeftOut,
            (await replies.Of(letter.AcknowledgedUnder, mission.Id, cancellation))
                .Count(kept => !kept.Decision.IsMachines),
            (await replies.Answered(letter.AcknowledgedUnder, cancellation)).Contains(mission.Id),
            await Forwarded(letter, mission.Id, cancellation));
    }

    private async Task<(Acknowledgement? Stands, bool IsLeftOut)> Acknowledged(
        DistributionRecord letter,
        string missionId,
        CancellationToken cancellation)
    {
        try
        {
            return ((await acknowledgements.Find(letter.AcknowledgedUnder, missionId, cancellation))?.Stands, false);
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            return (null, true);
        }
    }

    private async Task<IReadOnlyList<Forward>?> Forwarded(
        DistributionRecord letter,
        string missionId,
        CancellationToken cancellation)
    {
        try
        {
            return (await forwards.Find(letter.Id, missionId, cancellation))?.All ?? [];
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            return null;
        }
    }

    private static IReadOnlyList<MissionChange> Changes(
        Mission? registered,
        IReadOnlyList<(DistributionRecord Letter, Mission Mission)> letters)
    {
        List<MissionChange> changes = [];
        if (registered is not null
            && letters is [var latest, ..]
            && MissionDifference.Particulars(latest.Mission, registered) is { Count: > 0 } since)
            changes.Add(new(null, since));
        // The latest first, so each is followed by the letter before it.
        foreach (var (later, earlier) in letters.Zip(letters.Skip(1)))
            if (MissionDifference.Particulars(earlier.Mission, later.Mission) is { Count: > 0 } changed)
                changes.Add(new(later.Letter, changed));
        return changes;
    }

    private static IReadOnlyList<NamedHead> Heads(IReadOnlyList<(DistributionRecord Letter, Mission Mission)> letters)
    {
        List<NamedHead> heads = [];
        foreach (var (letter, mission) in letters.Where(found => found.Mission.Head is not null))
            if (heads is [.., var last] && last.Words == Reports.ReportLists.Head(mission))
                // The letters go back in time, so this one is earlier than those before it.
                heads[^1] = last with { First = letter };
            else
                heads.Add(new(Reports.ReportLists.Head(mission), letter, letter));
        return heads;
    }
}
