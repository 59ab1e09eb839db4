using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Register;

namespace Distribution.Intake;

/// <summary>What an upload is to the letters of its process that have been sent before.</summary>
internal sealed class EarlierLetters(DistributionRecords distributions, FrozenContents contents)
{
    /// <summary>
    /// The letter an upload supersedes: the last one released under that label, or the distribution of that id.
    /// </summary>
    /// <param name="process">The process's folder.</param>
    /// <param name="faults">Gains what keeps it from being found, and what should be seen.</param>
    public async Task<DistributionRecord?> Superseded(
        string process,
        LetterSource letter,
        List<Fault> faults,
        CancellationToken cancellation)
    {
        if (letter.Supersedes is not { } supersession)
            return null;
        var all = await distributions.All(cancellation);
        var released = all.Where(other =>
                other.Folder.Process == process && other.ReleasedAt is not null && other.IsLetter)
            .ToList();
        var place = $"{letter.File}, line {supersession.Line}";
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
    /// Exactly those an earlier letter goes to, its addenda among them, with today's mailboxes where the register still
    /// has the mission.
    /// </summary>
    /// <returns>In protocol order.</returns>
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

    /// <summary>An earlier letter under the same draft label whose draft was another file.</summary>
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
