using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;
using Microsoft.Extensions.Caching.Memory;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>What one of a letter's particulars was and is, in words; <c>none</c> where it was or is not given.</summary>
internal sealed record ChangedParticular(Phrase Name, Phrase Before, Phrase Now);

/// <summary>What has changed in a letter since an earlier one.</summary>
/// <param name="Files">A phrase for each enclosure that is new, gone or changed.</param>
/// <param name="Roster">How its missions differ; null if they do not.</param>
/// <param name="Texts">The texts that differ, by their languages' names.</param>
internal sealed record LetterComparison(
    DistributionRecord Before,
    IReadOnlyList<Phrase> Files,
    IReadOnlyList<ChangedParticular> Particulars,
    RosterDifference? Roster,
    IReadOnlyList<(Phrase Language, TextComparison Text)> Texts)
{
    /// <summary>Whether the earlier letter cannot be read any more, so that nothing is known of what has changed.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>A phrase for each kind of change; empty where nothing that is looked at has changed.</summary>
    public IReadOnlyList<Phrase> Phrases =>
        [
            .. Files.Count > 0 ? [Say(Files.Count, $"{Files.Count} enclosure", $"{Files.Count} enclosures")] : (Phrase[])[],
            .. Texts.Select(text => Say($"the text in {text.Language}")),
            .. Particulars.Select(particular => particular.Name.WithinLine),
            .. Roster is { } roster ? [DeskText.Missions(roster.Added.Count + roster.Gone.Count + roster.Changed.Count)] : (Phrase[])[],
        ];
}

/// <summary>
/// Compares a letter that waits for release with the version before it in its folder, and with the last letter of its
/// process that left. What was frozen never changes, so a comparison is kept.
/// </summary>
internal sealed class LetterComparisons(FrozenLetters letters, FirstPages pages, IMemoryCache cache)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan KeepUnknownFor = TimeSpan.FromSeconds(4);

    /// <param name="all">All distributions.</param>
    public async Task<IReadOnlyList<LetterComparison>> Of(
        DistributionRecord letter,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation)
    {
        List<LetterComparison> comparisons = [];
        foreach (var before in Earlier(letter, all))
            comparisons.Add(
                (await cache.GetOrCreateAsync(
                    (nameof(LetterComparisons), before.Id, letter.Id),
                    async entry =>
                    {
                        var comparison = await Between(before, letter, cancellation);
                        // What cannot be read may be brought back.
                        entry.SetSlidingExpiration(comparison.IsUnknown ? KeepUnknownFor : KeepFor);
                        return comparison;
                    }))!);
        return comparisons;
    }

    private static IEnumerable<DistributionRecord> Earlier(
        DistributionRecord letter,
        IReadOnlyList<DistributionRecord> all)
    {
        var letters = all.Where(other => other.IsLetter && other.Id != letter.Id).ToList();
        var version = letters.Where(other => other.Folder == letter.Folder && other.Version < letter.Version)
            .MaxBy(other => other.Version);
        var draft = letters.Find(other => other.Id == letter.Follows?.Of)
            ?? letters.Where(other => other.Folder.Process == letter.Folder.Process && other.ReleasedAt is not null)
                .MaxBy(other => other.ReleasedAt);
        return new[] { version, draft }.OfType<DistributionRecord>().DistinctBy(other => other.Id);
    }

    private async Task<LetterComparison> Between(
        DistributionRecord before,
        DistributionRecord now,
        CancellationToken cancellation)
    {
        try
        {
            var (earlier, later) = (
                await letters.Content(before.Id, cancellation),
                await letters.Content(now.Id, cancellation));
            return new(
                before,
                await Files(before, now, cancellation),
                [
                    .. Particulars(earlier).Zip(Particulars(later))
                        .Where(pair => pair.First.Words.In(DeskLanguage.English) != pair.Second.Words.In(DeskLanguage.English))
                        .Select(pair => new ChangedParticular(pair.First.Name, pair.First.Words, pair.Second.Words)),
                ],
                RosterDifference.Between(earlier.Roster, later.Roster),
                [
                    .. from text in Texts(earlier)
                       join other in Texts(later) on text.Language equals other.Language
                       let compared = TextComparison.Between(text.Body, other.Body)
                       where compared.HasChanges
                       select (DeskText.Language(text.Language), compared),
                ]);
        }
        catch (Exception leftOut) when (leftOut is UnreadableRecordException or LaterFormatException)
        {
            return new(before, [], [], null, []) { IsUnknown = true };
        }
    }

    private static IEnumerable<LetterSource> Texts(FrozenContent content) => content.Translations.Prepend(content.Letter);

    private static IEnumerable<(Phrase Name, Phrase Words)> Particulars(FrozenContent content)
    {
        var letter = content.Letter;
        yield return (Say($"Draft"), Plain(letter.DraftLabel));
        yield return (Say($"Subject"), Plain(letter.Subject));
        yield return (Say($"Date"), DeskText.Date(letter.Date));
        yield return (Say($"Languages"), All([
            DeskText.Language(letter.Language),
            .. content.Translations.Select(text => Say($"{DeskText.Language(text.Language)} (unofficial translation)")),
        ]));
        yield return (Say($"Deadlines"), All(letter.Deadlines.Select(deadline =>
            Say($"{DeskText.NameOf(deadline).WithinLine} on {DeskText.Time(deadline.Instant)}"))));
        yield return (Say($"Meetings"), All(letter.Meetings.Select(Words)));
        yield return (Say($"Hour of sending"), letter.SendAt is { } hour ? DeskText.Time(hour) : None);
        yield return (Say($"Reminders"), All(letter.Reminders.Select(DeskText.Time)));
        yield return (Say($"Signed by"), All(letter.Signatories.Select(signatory => Plain(signatory.Name))));
        yield return (Say($"Contact"), Plain(letter.Contact.Address));
        yield return (Say($"Embargo"), letter.EmbargoedUntil is { } embargo ? DeskText.Time(embargo) : None);

        static Phrase Words(Meeting meeting)
        {
            var held = meeting.Place is { } place
                ? Say($"{meeting.Title}, {DeskText.Hours(meeting)}, {place}")
                : Say($"{meeting.Title}, {DeskText.Hours(meeting)}");
            return meeting.IsCancelled ? Say($"{held}, cancelled") : held;
        }

        static Phrase All(IEnumerable<Phrase> phrases) => phrases.ToList() is { Count: > 0 } some ? Listed(some) : None;
    }

    private static Phrase None => Say($"none");

    private async Task<IReadOnlyList<Phrase>> Files(
        DistributionRecord before,
        DistributionRecord now,
        CancellationToken cancellation)
    {
        List<Phrase> words = [];
        // A calendar is no file that a person changed: the meetings that it is made of are compared by themselves.
        var (gone, fresh) = (before.Enclosures.Where(file => !file.IsCalendar).ToList(), new List<Enclosure>());
        foreach (var file in now.Enclosures.Where(file => !file.IsCalendar))
        {
            if (gone.Find(other => FileNames.AreSame(other.File, file.File)) is not { } same)
            {
                fresh.Add(file);
                continue;
            }

            gone.Remove(same);
            if (same.Hash != file.Hash)
                words.Add(Say($"{file.File} has changed: {await Facts(now, file)}; before, {await Facts(before, same)}"));
        }

        foreach (var file in fresh)
            // The next draft has another name, and is the same place in the letter.
            if (gone.Find(other => other.Role == file.Role) is { } replaced)
            {
                gone.Remove(replaced);
                words.Add(replaced.Hash == file.Hash
                    ? Say($"{file.File} is {replaced.File} under another name, byte for byte")
                    : Say($"{file.File} ({await Facts(now, file)}) takes the place of {replaced.File} ({await Facts(before, replaced)})"));
            }
            else
                words.Add(Say($"{file.File} is new: {await Facts(now, file)}"));
        words.AddRange(gone.Select(file => Say($"{file.File} is gone")));
        return words;

        async Task<Phrase> Facts(DistributionRecord letter, Enclosure file) =>
            (await pages.Of(letter.Id, file, cancellation)).Pages is { } count
                ? Say($"{DeskText.Pages(count)}, {Amounts.Size(file.Length)}")
                : Amounts.Size(file.Length);
    }
}
