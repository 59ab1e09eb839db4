using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Register;

namespace Distribution.Intake;

/// <summary>Relates an upload to earlier letters of the same process.</summary>
internal sealed class EarlierLetters(DistributionRecords distributions, FrozenContents contents)
{
    /// <summary>Less of a text in common than any two drafts of one process have.</summary>
    private const double LeastShared = 0.05;

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

    /// <inheritdoc cref="DistributionRecords.All"/>
    public Task<IReadOnlyList<DistributionRecord>> All(CancellationToken cancellation) =>
        distributions.All(cancellation);

    /// <summary>
    /// The letter an upload supersedes: the released distribution with that id, else the last one released under
    /// exactly that label, else the one whose label means the same. Null if it supersedes none, or none is found.
    /// </summary>
    /// <param name="process">The process's folder.</param>
    /// <param name="all">Every distribution on record.</param>
    /// <param name="faults">A fault is added if none is found, if several fit, or if it was superseded before.</param>
    public static DistributionRecord? Superseded(
        string process,
        LetterSource letter,
        IReadOnlyList<DistributionRecord> all,
        List<Finding> faults)
    {
        if (letter.Supersedes is not { } supersession)
            return null;
        // One that waits for its hour has reached nobody yet.
        var released = all.Where(other =>
                other.Folder.Process == process && other.ReleasedAt is not null && other.IsLetter)
            .OrderByDescending(other => other.ReleasedAt)
            .ToList();
        var place = Location.In(letter.File, supersession.Line, "supersedes");
        var fitting = Fitting(released, supersession.Label);
        if (fitting.Count > 1)
        {
            faults.Add(
                IntakeFaults.SeveralToSupersede(
                    place,
                    supersession.Label,
                    [.. fitting.Select(other => (other.DraftLabel, other.Id))]));
            return null;
        }

        var earlier = fitting.SingleOrDefault();
        if (earlier is null)
            faults.Add(
                IntakeFaults.NothingToSupersede(
                    place,
                    supersession.Label,
                    [.. released.Select(other => other.DraftLabel).Distinct()]));
        else if (released.FirstOrDefault(other => Corrects(other, earlier.Id)) is { } before)
            faults.Add(IntakeFaults.SupersededTwice(place, earlier.DraftLabel, before.DraftLabel));
        return earlier;
    }

    /// <summary>
    /// What letters that were let go say against this one, which was examined earlier: one corrects the same letter, or
    /// was let go with another file under this draft's label. Each letter let go after this one was prepared gives a
    /// finding; of those before, only the last.
    /// </summary>
    /// <remarks>
    /// What a person confirms is asked again when the letter leaves. So a finding on another letter reads the same
    /// whether that one waits for its hour or has left, and whatever else was let go beside it.
    /// </remarks>
    /// <param name="distribution">
    /// A letter that waits for its release, or for its hour. While it waits for its hour, a letter let go since counts
    /// only once it has left: the person who scheduled that one was shown this one.
    /// </param>
    /// <param name="all">Every distribution on record.</param>
    public static IReadOnlyList<Finding> LetGoMeanwhile(
        DistributionRecord distribution,
        LetterSource letter,
        IReadOnlyList<DistributionRecord> all)
    {
        var (says, finding) = letter.Supersedes is { } supersession
            ? distribution.Follows is { } follows ? Twice(supersession, follows.Of) : (_ => false, null!)
            : SameLabel(letter, distribution.Enclosures.Where(IsDraft).Select(draft => draft.Hash));
        var others = all
            .Where(other =>
                other.Id != distribution.Id
                && other is { IsLetGo: true, IsLetter: true }
                && other.Folder.Process == distribution.Folder.Process
                && says(other))
            .OrderBy(Since)
            .ToLookup(other => Since(other) > distribution.PreparedAt);
        return
        [
            .. others[false].TakeLast(1).Select(finding).Where(found => !IsSettled(found))
                .Concat(others[true]
                    .Where(other => distribution.State != DistributionState.Scheduled || other.ReleasedAt is not null)
                    .Select(finding))
                // Two corrections of one name are one thing to confirm.
                .DistinctBy(found => found.Key),
        ];

        // An earlier version may have said it in other words, or as a note.
        bool IsSettled(Finding found) =>
            distribution.State == DistributionState.Scheduled
            && distribution.Warnings.Any(warning =>
                warning.Number == found.Number
                && (!warning.NeedsAPerson || warning.IsAmong(distribution.Confirmed)));

        (Func<DistributionRecord, bool>, Func<DistributionRecord, Finding>) Twice(
            Supersession supersession,
            string corrected)
        {
            var label = all.FirstOrDefault(other => other.Id == corrected)?.DraftLabel ?? supersession.Label;
            return (
                other => Corrects(other, corrected),
                other => IntakeFaults.SupersededTwice(
                    Location.In(letter.File, supersession.Line, "supersedes"),
                    label,
                    other.DraftLabel));
        }
    }

    /// <summary>Since when a letter that was let go stands beside others.</summary>
    private static DateTimeOffset Since(DistributionRecord letGo) =>
        (letGo.LetGoAt ?? letGo.ReleasedAt ?? letGo.Hour)!.Value;

    private static bool Corrects(DistributionRecord other, string corrected) =>
        other.Follows is { IsCorrection: true } follows && follows.Of == corrected;

    /// <param name="hashes">Of the letter's drafts.</param>
    /// <returns>Which letters sent another file under its label, and what is found of each.</returns>
    private static (Func<DistributionRecord, bool> Says, Func<DistributionRecord, Finding> Finding) SameLabel(
        LetterSource letter,
        IEnumerable<string> hashes)
    {
        var own = hashes.ToHashSet();
        return (
            other => DraftLabels.AreSame(other.DraftLabel, letter.DraftLabel)
                && !own.SetEquals(DraftsOf(other).Select(draft => draft.Hash)),
            other => IntakeFaults.LabelSentBefore(
                Location.In(letter.File, field: "draft"),
                letter.DraftLabel,
                Since(other)));
    }

    /// <summary>
    /// The meetings that calendars know from the letter that another one takes the place of: the one that it
    /// supersedes, or the last one that left from the same folder, and what corrected that one since.
    /// </summary>
    /// <param name="superseded">Null if it supersedes none.</param>
    /// <param name="versions">The distributions that its folder has become so far.</param>
    /// <param name="all">Every distribution on record.</param>
    /// <returns>Each as the last correction has it.</returns>
    public async Task<IReadOnlyList<Meeting>> Meetings(
        DistributionRecord? superseded,
        IReadOnlyList<string> versions,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation)
    {
        var left = all.Where(other => other.IsLetGo && other.IsLetter).ToList();
        var letters = superseded is not null
            ? [superseded]
            : left
                .Where(other => versions.Contains(other.Id))
                .OrderBy(other => other.ReleasedAt ?? other.Hour)
                .TakeLast(1)
                .ToList();
        // The list grows while it is walked: what corrects a correction counts too.
        for (var place = 0; place < letters.Count; place++)
            letters.AddRange(
                left.Where(other =>
                    other.Follows is { IsCorrection: true } follows
                    && follows.Of == letters[place].Id
                    && !letters.Contains(other)));
        Dictionary<string, Meeting> meetings = [];
        foreach (var letter in letters)
            foreach (var meeting in (await contents.Find(letter.Id, cancellation)).Letter.Meetings)
                if (meeting.Uid is { } uid
                    && (!meetings.TryGetValue(uid, out var known) || known.Sequence < meeting.Sequence))
                    meetings[uid] = meeting;
        return [.. meetings.Values];
    }

    /// <summary>
    /// Exactly the missions of an earlier letter and its released addenda. If the register still has the mission, with
    /// today's mailboxes, else as it was frozen.
    /// </summary>
    /// <param name="all">Every distribution on record.</param>
    /// <returns>
    /// Missions of the register in protocol order, then those that it no longer has.
    /// </returns>
    public async Task<IReadOnlyList<Mission>> RosterOf(
        DistributionRecord earlier,
        MissionRegister register,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation)
    {
        List<Mission> written = [];
        foreach (var letter in DistributionRecords.AddendaAmong(all, earlier.Id).Prepend(earlier))
            written.AddRange((await contents.Find(letter.Id, cancellation)).Roster);
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

    /// <summary>What the letters of the process that were sent before say against this one's drafts.</summary>
    /// <param name="files">The upload's enclosures, in the letter's order.</param>
    /// <param name="all">Every distribution on record.</param>
    public async Task<IReadOnlyList<Finding>> Findings(
        string process,
        LetterSource letter,
        IReadOnlyList<UploadedFile> files,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation)
    {
        // A correction says itself how it stands to the letter before; only that the file it encloses is still the one
        // that it corrects, it does not say.
        if (letter.Supersedes is { Kind: not FollowUpKind.Corrigendum })
            return [];
        var sent = all
            .Where(other => other.Folder.Process == process && other.IsLetGo && other.IsLetter)
            .OrderBy(other => other.ReleasedAt ?? other.Hour)
            .ToList();
        var drafts = letter.Enclosures.Zip(files)
            .Where(pair => pair.First.Role == EnclosureRole.Draft)
            .Select(pair => pair.Second)
            .ToList();
        if (letter.Supersedes is null
            && SameLabel(letter, drafts.Select(file => file.Hash)) is var same
            && sent.Where(same.Says).MaxBy(Since) is { } before)
            return [same.Finding(before)];
        if (Before(letter, sent) is not { } last
            // What changes meetings changes no draft.
            || (DraftLabels.AreSame(last.DraftLabel, letter.DraftLabel)
                && (letter.Supersedes is null || letter.Meetings is not [])))
            return [];
        var found = await Compared(letter, drafts, last, cancellation);
        if (letter.Supersedes is null && DraftLabels.WholesOf(letter.DraftLabel) is [])
            return found;
        // An addendum or a corrigendum says other things than the draft it belongs to, which may be enclosed beside it.
        var unchanged = found.Where(finding => finding.Number == IntakeFaults.DraftUnchangedNumber).ToList();
        return unchanged.Count == drafts.Count ? unchanged : [];
    }

    /// <summary>Drafts under a new label that are the last one again, or nothing like it.</summary>
    private async Task<IReadOnlyList<Finding>> Compared(
        LetterSource letter,
        IReadOnlyList<UploadedFile> drafts,
        DistributionRecord last,
        CancellationToken cancellation)
    {
        var earlier = DraftsOf(last).ToList();
        List<Finding> findings = [];
        List<IReadOnlyList<string>>? texts = null;
        foreach (var draft in drafts)
        {
            if (earlier.Exists(other => other.Hash == draft.Hash))
            {
                findings.Add(
                    IntakeFaults.DraftUnchanged(draft.Name, letter.DraftLabel, last.DraftLabel, isFile: true));
                continue;
            }

            if (DraftText.Words(draft.Name, draft.Content) is not { } words)
                continue;
            // Only where no hash decides: the drafts of the last letter are downloaded for it.
            texts ??= await Texts(last, earlier, cancellation);
            if (texts.Exists(words.SequenceEqual))
                findings.Add(
                    IntakeFaults.DraftUnchanged(draft.Name, letter.DraftLabel, last.DraftLabel, isFile: false));
            // Where none of the earlier drafts can be read, nothing is said.
            else if (texts.Select(text => DraftText.Shared(words, text)).DefaultIfEmpty(1).Max() < LeastShared)
                findings.Add(IntakeFaults.DraftUnlike(draft.Name, letter.DraftLabel, last.DraftLabel));
        }

        return findings;
    }

    private async Task<List<IReadOnlyList<string>>> Texts(
        DistributionRecord letter,
        IReadOnlyList<Enclosure> drafts,
        CancellationToken cancellation)
    {
        List<IReadOnlyList<string>> texts = [];
        foreach (var draft in drafts)
        {
            var content = await contents.ReadEnclosure(letter.Id, draft, cancellation);
            if (DraftText.Words(draft.File, content) is { } words)
                texts.Add(words);
        }

        return texts;
    }

    private static IReadOnlyList<DistributionRecord> Fitting(IReadOnlyList<DistributionRecord> released, string label)
    {
        if (released.FirstOrDefault(other => other.Id == label) is { } named)
            return [named];
        // Letters sent one after the other under one label are one draft, put right: the last one is meant.
        if (released.FirstOrDefault(other => IsWritten(other.DraftLabel)) is { } written)
            return [written];
        foreach (var means in (Func<string, string, bool>[])[DraftLabels.AreSame, DraftLabels.MayMean])
            if (released.Where(other => means(label, other.DraftLabel)).DistinctBy(other => other.DraftLabel).ToList()
                is { Count: > 0 } fitting)
                return fitting;
        return [];

        bool IsWritten(string other) => string.Equals(
            string.Join(' ', other.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            string.Join(' ', label.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// The letter whose draft another one's is compared with: the one that it corrects or adds to, else the last draft.
    /// </summary>
    /// <param name="sent">In the order in which they left.</param>
    private static DistributionRecord? Before(LetterSource letter, IReadOnlyList<DistributionRecord> sent)
    {
        if (letter.Supersedes is { } corrected)
            return Fitting([.. sent.Reverse()], corrected.Label) is [var one] ? one : null;
        var wholes = DraftLabels.WholesOf(letter.DraftLabel);
        return sent.LastOrDefault(other => wholes.Any(whole => DraftLabels.MayMean(whole, other.DraftLabel)))
            ?? sent.LastOrDefault(IsDraft);
    }

    /// <summary>Whether a letter sent a whole draft, not an addendum or a corrigendum to one.</summary>
    private static bool IsDraft(DistributionRecord letter) =>
        letter.Follows is null or { Kind: FollowUpKind.Reissue }
        && DraftsOf(letter).Any()
        && DraftLabels.WholesOf(letter.DraftLabel) is [];

    private static IEnumerable<Enclosure> DraftsOf(DistributionRecord letter) =>
        letter.Enclosures.Where(IsDraft);

    private static bool IsDraft(Enclosure enclosure) => enclosure.Role == EnclosureRole.Draft;
}
