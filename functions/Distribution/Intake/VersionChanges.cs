using Distribution.Common;
using static Distribution.Common.Phrase;

namespace Distribution.Intake;

/// <summary>The differences between two versions of a folder's letter.</summary>
internal static class VersionChanges
{
    /// <returns>
    /// In words, one phrase for each change: "letter.md changed". Empty if it is not known, because the earlier version
    /// was prepared before format 3.
    /// </returns>
    public static IReadOnlyList<Phrase> Between(DistributionRecord before, DistributionRecord now)
    {
        if (before.Sources.IsEmpty)
            return [];
        var (earlier, later) = (Files(before), Files(now));
        List<Phrase> changes =
        [
            .. later
                .Where(file => earlier.TryGetValue(file.Key, out var hash) && hash != file.Value)
                .Select(file => Say($"{file.Key} changed")),
            .. later.Keys.Except(earlier.Keys).Select(file => Say($"{file} is new")),
            .. earlier.Keys.Except(later.Keys).Select(file => Say($"{file} is gone")),
            .. before.RegisterHash != now.RegisterHash ? [Say($"the register changed")] : (Phrase[])[],
        ];
        return changes is [] ? [Say($"no file changed, but the template or a setting did")] : changes;
    }

    private static SortedDictionary<string, string> Files(DistributionRecord distribution) => new(
        distribution.Sources.Select(source => (source.Name, source.Hash))
            // A calendar file is made from the letter, and changes with it.
            .Concat(
                distribution.Enclosures
                    .Where(enclosure => !enclosure.IsCalendar)
                    .Select(enclosure => (Name: enclosure.File, enclosure.Hash)))
            .DistinctBy(file => file.Name)
            .ToDictionary(file => file.Name, file => file.Hash),
        StringComparer.Ordinal);
}
