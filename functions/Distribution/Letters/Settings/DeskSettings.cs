using System.Collections.Immutable;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Letters.Settings;

internal enum SettingOutcome
{
    Done,

    /// <summary>It says so already, as after a second press.</summary>
    Nothing,

    /// <summary>Another person has changed it, or taken it out, since the form was filled in.</summary>
    ChangedSince,

    /// <summary>There are as many entries of the matter as are kept.</summary>
    TooMany,
}

/// <summary>
/// The store of what a secretariat keeps for its letters. Each entry has a row of its own, so that two people who
/// change different entries are never in each other's way.
/// </summary>
internal sealed class DeskSettings(StorageAccount account, TimeProvider clock)
{
    /// <summary>Of one matter.</summary>
    public const int Most = 500;

    private readonly Records<Setting> records = new(account, ResourceNames.SettingsTable);

    /// <summary>Counts the changes by this process. Code that caches entries knows by it that they are old.</summary>
    public long Changes => Interlocked.Read(ref changes);

    private long changes;

    /// <returns>
    /// The entries that are offered, in the order of what they are called. An entry that cannot be read is left out,
    /// and a notice names it.
    /// </returns>
    public async Task<IReadOnlyList<Setting>> All(SettingMatter matter, CancellationToken cancellation) =>
        [.. (await WithTakenOut(matter, cancellation)).Where(entry => !entry.IsTakenOut)];

    /// <summary>The same with those that were taken out.</summary>
    public async Task<IReadOnlyList<Setting>> WithTakenOut(SettingMatter matter, CancellationToken cancellation)
    {
        var (read, leftOut) = await records.Listed(
            TableClient.CreateQueryFilter($"PartitionKey eq {matter.Name}"),
            cancellation);
        // A built-in entry does not come back in place of its changed row, though that row cannot be read.
        var known = read.Select(stored => stored.Row).Concat(leftOut).ToHashSet();
        return
        [
            .. read.Select(stored => stored.Value)
                .Concat(matter.BuiltIn().Where(entry => !known.Contains(entry.Id)))
                .OrderBy(entry => matter.Called(entry.Fields), StringComparer.InvariantCultureIgnoreCase),
        ];
    }

    /// <returns>The entry, also if it was taken out; null if there is none, or the id is none.</returns>
    public async Task<Setting?> Find(SettingMatter matter, string id, CancellationToken cancellation) =>
        IsId(id) ? (await records.Find(matter.Name, id, cancellation))?.Value ?? BuiltIn(matter, id) : null;

    /// <param name="fields">What it says from now on; null to take it out.</param>
    /// <param name="version">Of what the form was filled in with (<see cref="Setting.Version"/>).</param>
    /// <returns>With the entry as it stands now; null where there is none.</returns>
    public async Task<(SettingOutcome Outcome, Setting? Now)> Change(
        SettingMatter matter,
        string id,
        ImmutableDictionary<string, string>? fields,
        string version,
        Person by,
        string why,
        CancellationToken cancellation)
    {
        if (version == Setting.NoVersion
            && await Find(matter, id, cancellation) is null
            && (await WithTakenOut(matter, cancellation)).Count >= Most)
            return (SettingOutcome.TooMany, null);
        var now = clock.GetUtcNow();
        var updated = await records.Update<SettingOutcome>(
            matter.Name,
            id,
            before => Decide(before ?? BuiltIn(matter, id)),
            cancellation);
        // After the write: whoever reads between the two would otherwise remember the entry of before as the new one.
        Interlocked.Increment(ref changes);
        return (updated.Result, updated.After?.Value ?? updated.Before ?? BuiltIn(matter, id));

        Decision<Setting, SettingOutcome> Decide(Setting? before)
        {
            var standing = before is { IsTakenOut: false } ? before : null;
            var wanted = new Setting(
                id,
                fields ?? before?.Fields ?? ImmutableDictionary<string, string>.Empty,
                fields is null,
                before?.Changes ?? []);
            // Asked first: the form of a second press is older than what the first one wrote, and all is done.
            if (wanted.Version == (standing?.Version ?? Setting.NoVersion))
                return new(null, SettingOutcome.Nothing);
            if (version != (standing?.Version ?? Setting.NoVersion))
                return new(null, SettingOutcome.ChangedSince);
            var all = wanted.Changes.Add(new(now, by, why, standing?.Fields, fields));
            return new(
                wanted with
                {
                    Changes = all.Count > Setting.MostChanges
                        ? all.RemoveRange(0, all.Count - Setting.MostChanges)
                        : all
                },
                SettingOutcome.Done);
        }
    }

    private static Setting? BuiltIn(SettingMatter matter, string id) =>
        matter.BuiltIn().FirstOrDefault(entry => entry.Id == id);

    /// <summary>Whether it can be the key of a row. Check by this what forms and addresses give as an id.</summary>
    public static bool IsId(string id) =>
        id.Length is > 0 and <= 100 && id.All(sign => char.IsAsciiLetterOrDigit(sign) || sign == '-');

    /// <returns>
    /// The hashes of all images that an entry has or had; null if an entry cannot be read, so that they are not known.
    /// </returns>
    public async Task<IReadOnlySet<string>?> Images(CancellationToken cancellation)
    {
        var used = new HashSet<string>();
        foreach (var matter in SettingMatters.All.Where(matter => matter.Image is not null))
        {
            var (read, leftOut) = await records.Listed(
                TableClient.CreateQueryFilter($"PartitionKey eq {matter.Name}"),
                cancellation);
            if (leftOut.Count > 0)
                return null;
            used.UnionWith(
                read.SelectMany(stored =>
                        stored
                            .Value.Changes.SelectMany(change =>
                                (ImmutableDictionary<string, string>?[])[change.Before, change.After])
                            .Append(stored.Value.Fields))
                    .OfType<ImmutableDictionary<string, string>>()
                    .Select(fields => fields.GetValueOrDefault(matter.Image!.Sha256, "")));
        }

        return used;
    }

    /// <summary>Removes the entries that were taken out before a time, with their history.</summary>
    public async Task Clear(DateTimeOffset before, CancellationToken cancellation)
    {
        // Without its row, a built-in holiday that was taken out would be offered again.
        foreach (var matter in SettingMatters.All.Where(matter => matter.Key is null))
            foreach (var entry in await records.Where(
                TableClient.CreateQueryFilter($"PartitionKey eq {matter.Name}"),
                cancellation))
                if (entry.Value.IsTakenOut && entry.Value.Changes.All(change => change.At < before))
                    // By its ETag, so that an entry that somebody offers again meanwhile stays.
                    await records.Remove(entry, cancellation);
    }
}
