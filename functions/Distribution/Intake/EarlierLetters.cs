using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Register;

namespace Distribution.Intake;

/// <summary>Relates an upload to earlier letters of the same process.</summary>
internal sealed class EarlierLetters(DistributionRecords distributions, FrozenContents contents)
{
    /// <summary>The distribution among these that was released with this content; null if there is none.</summary>
    /// <param name="versions">The distributions that a folder has become so far.</param>
    public async Task<DistributionRecord?> Released(
        IReadOnlyList<string> versions,
        string contentHash,
        CancellationToken cancellation)
    {
        foreach (var version in versions)
            if (await distributions.Find(version, cancellation) is { IsLetGo: true } released
                && released.ContentHash == contentHash)
                return released;
        return null;
    }

    /// <summary>
    /// The letter an upload supersedes: the released distribution with that id, else the last one released under that
    /// label. Null if it supersedes none, or none is found.
    /// </summary>
    /// <param name="process">The process's folder.</param>
    /// <param name="faults">A fault is added if none is found, or if it was superseded before.</param>
    public async Task<DistributionRecord?> Superseded(
        string process,
        LetterSource letter,
        List<Finding> faults,
        CancellationToken cancellation)
    {
        if (letter.Supersedes is not { } supersession)
            return null;
        var all = await distributions.All(cancellation);
        var released = all.Where(other =>
                other.Folder.Process == process && other.ReleasedAt is not null && other.IsLetter)
            .ToList();
        var place = Location.In(letter.File, supersession.Line, "supersedes");
        var earlier =
            released.Find(other => other.Id == supersession.Label)
            ?? released.Find(other => DraftLabels.AreSame(other.DraftLabel, supersession.Label));
        if (earlier is null)
            faults.Add(
                IntakeFaults.NothingToSupersede(
                    place,
                    supersession.Label,
                    [.. released.Select(other => other.DraftLabel).Distinct()]));
        else if (all.FirstOrDefault(other =>
                other.Follows is { IsCorrection: true } follows
                && follows.Of == earlier.Id
                && other.ReleasedAt is not null) is
        { } before)
            faults.Add(IntakeFaults.SupersededTwice(place, earlier.DraftLabel, before.DraftLabel));
        return earlier;
    }

    /// <summary>
    /// Exactly the missions of an earlier letter and its released addenda. If the register still has the mission, with
    /// today's mailboxes, else as it was frozen.
    /// </summary>
    /// <returns>
    /// Missions of the register in protocol order, then those that it no longer has.
    /// </returns>
    public async Task<IReadOnlyList<Mission>> RosterOf(
        DistributionRecord earlier,
        MissionRegister register,
        CancellationToken cancellation)
    {
        var addenda = (await distributions.Following(earlier.Id, cancellation)).Where(other =>
            other is { Follows.Kind: FollowUpKind.Addendum, ReleasedAt: not null });
        List<Mission> written = [];
        foreach (var id in addenda.Select(addendum => addendum.Id).Prepend(earlier.Id))
            written.AddRange((await contents.Find(id, cancellation)).Roster);
        var ids = written.Select(mission => mission.Id).ToHashSet();
        var known = register.Missions.Where(mission => ids.Contains(mission.Id)).ToList();
        return
        [
            .. known,
            .. written
                .Where(mission => !known.Exists(other => other.Id == mission.Id))
                .DistinctBy(mission => mission.Id),
        ];
    }

    /// <summary>
    /// A released letter of the process with the same draft label but another file as its draft; null if there is none.
    /// </summary>
    /// <param name="files">The upload's enclosures, in the letter's order.</param>
    public async Task<DistributionRecord?> SameLabel(
        string process,
        LetterSource letter,
        IReadOnlyList<UploadedFile> files,
        CancellationToken cancellation)
    {
        if (letter.Supersedes is not null)
            return null;
        var drafts = Drafts(letter.Enclosures.Zip(files, (entry, file) => (entry.Role, file.Hash)));
        return (await distributions.All(cancellation)).FirstOrDefault(other =>
            other.Folder.Process == process && other.IsLetGo && DraftLabels.AreSame(other.DraftLabel, letter.DraftLabel)
            && !drafts.SetEquals(Drafts(other.Enclosures.Select(enclosure => (enclosure.Role, enclosure.Hash)))));
    }

    private static HashSet<string> Drafts(IEnumerable<(EnclosureRole Role, string Hash)> enclosures) =>
        [.. enclosures.Where(enclosure => enclosure.Role == EnclosureRole.Draft).Select(enclosure => enclosure.Hash)];
}
