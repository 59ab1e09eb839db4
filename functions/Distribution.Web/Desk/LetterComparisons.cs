using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Letters.Reading;
using Distribution.Storage;
using Microsoft.Extensions.Caching.Memory;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>What has changed in a letter since an earlier one.</summary>
/// <param name="Files">A phrase for each enclosure that is new, gone or changed.</param>
/// <param name="Images">A phrase for each image of a signature or letterhead that is new, or may have changed.</param>
/// <param name="Template">The files of the template that differ.</param>
/// <param name="Roster">How its missions differ; null if they do not.</param>
/// <param name="Texts">The texts that differ, by their languages' names.</param>
internal sealed record LetterComparison(
    DistributionRecord Before,
    IReadOnlyList<Phrase> Files,
    IReadOnlyList<ChangedParticular> Particulars,
    IReadOnlyList<Phrase> Images,
    IReadOnlyList<string> Template,
    RosterDifference? Roster,
    IReadOnlyList<(Phrase Language, TextComparison Text)> Texts)
{
    /// <summary>
    /// Whether the earlier letter cannot be read any more, so that nothing is known of what has changed.
    /// </summary>
    public bool IsUnknown { get; init; }

    /// <summary>Whether something is not the same, or may not be, that has no <see cref="Phrases"/>.</summary>
    public bool HasMore { get; init; }

    /// <summary>A phrase for each kind of change that can be named.</summary>
    public IReadOnlyList<Phrase> Phrases =>
        [
            .. Files.Count > 0
                ? [Say(Files.Count, $"{Files.Count} enclosure", $"{Files.Count} enclosures")]
                : (Phrase[])[],
            .. Texts.Select(text => Say($"the text in {text.Language}")),
            .. Particulars
                .Select(particular => particular.Of.WithinLine)
                .DistinctBy(name => name.In(DeskLanguage.English)),
            .. Images.Count > 0 ? [Say($"the images")] : (Phrase[])[],
            .. Template.Count > 0 ? [Say($"the template")] : (Phrase[])[],
            .. Roster is { } roster
                ? [DeskText.Missions(roster.Added.Count + roster.Gone.Count + roster.Changed.Count)]
                : (Phrase[])[],
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
        // A correction is compared with what it corrects, although another letter may have left since.
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
            var comparison = new LetterComparison(
                before,
                [.. await Files(before, now, cancellation), .. Linked(earlier, later)],
                Particulars(earlier, later),
                Images((before, earlier.Letter), (now, later.Letter)),
                earlier.Templates.Name == later.Templates.Name ? Template(earlier.Templates, later.Templates) : [],
                RosterDifference.Between(earlier.Roster, later.Roster),
                [
                    .. from text in Texts(earlier)
                       join other in Texts(later) on text.Language equals other.Language
                       where text.Body != other.Body
                       select (DeskText.Language(text.Language), TextComparison.Between(text.Body, other.Body)),
                ]);
            return comparison with
            {
                HasMore = comparison.Phrases is []
                    && (Json.Write(Compared(earlier)) != Json.Write(Compared(later)) || HaveOtherLinks(before, now)),
            };
        }
        catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
        {
            return new(before, [], [], [], [], null, []) { IsUnknown = true };
        }
    }

    private static IEnumerable<LetterSource> Texts(FrozenContent content) =>
        content.Translations.Prepend(content.Letter);

    /// <summary>Those of the letter, and those of each translation that are not the letter's own.</summary>
    private static IReadOnlyList<ChangedParticular> Particulars(FrozenContent earlier, FrozenContent later)
    {
        var own = LetterParticulars.Between(earlier.Letter, later.Letter, LetterFileKind.Letter);
        var known = own.Select(Words).ToHashSet();
        var (spoken, speaks) = (Languages(earlier), Languages(later));
        return
        [
            .. own,
            .. spoken.In(DeskLanguage.English) != speaks.In(DeskLanguage.English)
                ? [new(Say($"Languages"), Say($"Languages"), spoken, speaks)]
                : (ChangedParticular[])[],
            .. from text in earlier.Translations
               join other in later.Translations on text.Language equals other.Language
               from particular in LetterParticulars.Between(text, other, LetterFileKind.Translation)
               where !known.Contains(Words(particular))
               let language = DeskText.Language(text.Language)
               select particular with
               {
                   Of = Say($"{particular.Of} in {language}"),
                   Name = Say($"{particular.Name} in {language}"),
               },
        ];

        static (string, string, string) Words(ChangedParticular particular) =>
            (particular.Name.ForRecord, particular.Before.ForRecord, particular.Now.ForRecord);

        static Phrase Languages(FrozenContent content) => Listed([
            DeskText.Language(content.Letter.Language),
            .. content.Translations.Select(text => Say($"{DeskText.Language(text.Language)} (unofficial translation)")),
        ]);
    }

    private static IReadOnlyList<Phrase> Images(
        (DistributionRecord Record, LetterSource Letter) before,
        (DistributionRecord Record, LetterSource Letter) now) =>
    [
        .. from image in ImagesOf(now.Letter)
           where ImagesOf(before.Letter).Contains(image)
           let words = (Hash(before.Record, image), Hash(now.Record, image)) switch
           {
               ({ } one, { } other) => one == other ? null : Say($"The image {image} has changed"),
               // Versions before format 3 did not put the files of a letter on record.
               _ => Say($"Whether the image {image} has changed is not known"),
           }
           where words is not null
           select words,
    ];

    private static IEnumerable<string> ImagesOf(LetterSource letter) => letter.Signatures.Concat(letter.Emblems);

    private static string? Hash(DistributionRecord letter, string file) =>
        letter.Sources.Find(source => FileNames.AreSame(source.Name, file))?.Hash;

    private static IReadOnlyList<string> Template(TemplateSet before, TemplateSet now) =>
    [
        .. before.Files.Keys.Union(now.Files.Keys)
            .Where(file => before.Files.GetValueOrDefault(file) != now.Files.GetValueOrDefault(file))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>What was mailed and is fetched now, and the other way round.</summary>
    private static IEnumerable<Phrase> Linked(FrozenContent before, FrozenContent now) =>
    [
        .. now.Linked
            .Except(before.Linked)
            .Select(file => Say($"{file} is too large for mail, and is fetched from a mission’s page")),
        .. before.Linked.Except(now.Linked).Intersect(now.Enclosures.Select(enclosure => enclosure.File))
            .Select(file => Say($"{file} comes by mail, and before was fetched from a mission’s page")),
    ];

    /// <summary>
    /// All that was frozen, without what tells two letters apart that are alike, and the places in their files. A fact
    /// that a later version freezes is compared without being named here.
    /// </summary>
    private static FrozenContent Compared(FrozenContent content)
    {
        return content with
        {
            Letter = Source(content.Letter),
            Translations = [.. content.Translations.Select(Source)],
            // Their hashes differ by the code on the last page.
            Pdfs = [.. content.Pdfs.Select(pdf => pdf with { Hash = "", Length = 0 })],
            Reference = "",
        };

        static LetterSource Source(LetterSource letter) => letter with
        {
            File = "",
            BodyLine = 0,
            Enclosures = [.. letter.Enclosures.Select(entry => entry with { Line = 0 })],
            Supersedes = letter.Supersedes is { } earlier ? earlier with { Line = 0 } : null,
        };
    }

    /// <summary>
    /// Whether two versions of a folder came from the same files, register and template: what made them two is then the
    /// address that links lead to, which is not frozen.
    /// </summary>
    private static bool HaveOtherLinks(DistributionRecord before, DistributionRecord now) =>
        before.Folder == now.Folder
        && before.ContentHash == now.ContentHash
        && before.RegisterHash == now.RegisterHash;

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
