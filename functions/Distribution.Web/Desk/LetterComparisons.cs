using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;
using Microsoft.Extensions.Caching.Memory;

namespace Distribution.Web.Desk;

/// <summary>What one of a letter's particulars was and is, in words; <c>none</c> where it was or is not given.</summary>
internal sealed record ChangedParticular(string Name, string Before, string Now);

/// <summary>What has changed in a letter since an earlier one.</summary>
/// <param name="Files">A phrase for each enclosure that is new, gone or changed.</param>
/// <param name="Roster">How its missions differ; null if they do not.</param>
/// <param name="Texts">The texts that differ, by their languages' names.</param>
internal sealed record LetterComparison(
    DistributionRecord Before,
    IReadOnlyList<string> Files,
    IReadOnlyList<ChangedParticular> Particulars,
    RosterDifference? Roster,
    IReadOnlyList<(string Language, TextComparison Text)> Texts)
{
    /// <summary>Whether the earlier letter cannot be read any more, so that nothing is known of what has changed.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>A phrase for each kind of change; empty where nothing that is looked at has changed.</summary>
    public IReadOnlyList<string> Phrases =>
        [
            .. Files.Count > 0 ? [EnglishText.Counted(Files.Count, "enclosure")] : (string[])[],
            .. Texts.Select(text => $"the text in {text.Language}"),
            .. Particulars.Select(particular => EnglishText.WithinLine(particular.Name)),
            .. Roster is { } roster ? [$"{DeskText.Missions(roster.Added.Count + roster.Gone.Count + roster.Changed.Count)}"] : (string[])[],
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
                        .Where(pair => pair.First.Words != pair.Second.Words)
                        .Select(pair => new ChangedParticular(pair.First.Name, pair.First.Words, pair.Second.Words)),
                ],
                RosterDifference.Between(earlier.Roster, later.Roster),
                [
                    .. from text in Texts(earlier)
                       join other in Texts(later) on text.Language equals other.Language
                       let compared = TextComparison.Between(text.Body, other.Body)
                       where compared.HasChanges
                       select (Languages.EnglishName(text.Language), compared),
                ]);
        }
        catch (UnreadableRecordException)
        {
            return new(before, [], [], null, []) { IsUnknown = true };
        }
    }

    private static IEnumerable<LetterSource> Texts(FrozenContent content) => content.Translations.Prepend(content.Letter);

    private static IEnumerable<(string Name, string Words)> Particulars(FrozenContent content)
    {
        var letter = content.Letter;
        yield return ("Draft", letter.DraftLabel);
        yield return ("Subject", letter.Subject);
        yield return ("Date", DeskText.Date(letter.Date));
        yield return ("Languages", Listed([
            Languages.EnglishName(letter.Language),
            .. content.Translations.Select(text => $"{Languages.EnglishName(text.Language)} (unofficial translation)"),
        ]));
        yield return ("Deadlines", Listed(letter.Deadlines.Select(deadline =>
            $"{deadline.Name.Replace('_', ' ')} on {DeskText.Time(deadline.Instant)}")));
        yield return ("Meetings", Listed(letter.Meetings.Select(meeting =>
            $"{meeting.Title}, {DeskText.Hours(meeting)}{(meeting.Place is { } place ? $", {place}" : "")}{(meeting.IsCancelled ? ", cancelled" : "")}")));
        yield return ("Hour of sending", letter.SendAt is { } hour ? DeskText.Time(hour) : "none");
        yield return ("Reminders", Listed(letter.Reminders.Select(DeskText.Time)));
        yield return ("Signed by", Listed(letter.Signatories.Select(signatory => signatory.Name)));
        yield return ("Contact", letter.Contact.Address);
        yield return ("Embargo", letter.EmbargoedUntil is { } embargo ? DeskText.Time(embargo) : "none");

        static string Listed(IEnumerable<string> words) => EnglishText.Listed(words) is { Length: > 0 } list ? list : "none";
    }

    private async Task<IReadOnlyList<string>> Files(
        DistributionRecord before,
        DistributionRecord now,
        CancellationToken cancellation)
    {
        List<string> words = [];
        var (gone, fresh) = (before.Enclosures.ToList(), new List<Enclosure>());
        foreach (var file in now.Enclosures)
        {
            if (gone.Find(other => FileNames.AreSame(other.File, file.File)) is not { } same)
            {
                fresh.Add(file);
                continue;
            }

            gone.Remove(same);
            if (same.Hash != file.Hash)
                words.Add($"{file.File} has changed: {await Facts(now, file)}; before, {await Facts(before, same)}");
        }

        foreach (var file in fresh)
            // The next draft has another name, and is the same place in the letter.
            if (gone.Find(other => other.Role == file.Role) is { } replaced)
            {
                gone.Remove(replaced);
                words.Add(replaced.Hash == file.Hash
                    ? $"{file.File} is {replaced.File} under another name, byte for byte"
                    : $"{file.File} ({await Facts(now, file)}) takes the place of {replaced.File} ({await Facts(before, replaced)})");
            }
            else
                words.Add($"{file.File} is new: {await Facts(now, file)}");
        words.AddRange(gone.Select(file => $"{file.File} is gone"));
        return words;

        async Task<string> Facts(DistributionRecord letter, Enclosure file) =>
            (await pages.Of(letter.Id, file, cancellation)).Pages is { } count
                ? $"{EnglishText.Counted(count, "page")}, {EnglishText.Size(file.Length)}"
                : EnglishText.Size(file.Length);
    }
}
