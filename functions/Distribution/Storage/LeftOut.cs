using System.Collections.Concurrent;
using Distribution.Common;

namespace Distribution.Storage;

/// <summary>
/// Tells the secretariat what was left out of lists because it could not be read: one notice for each record, however
/// often and by however many workers it is met.
/// </summary>
internal sealed class LeftOut(StorageAccount account)
{
    /// <summary>The ids of the notices that this process has stored.</summary>
    private readonly ConcurrentDictionary<string, bool> told = new();

    private readonly ConcurrentDictionary<string, bool> places = new();

    public bool IsEmpty => places.IsEmpty;

    /// <summary>Whether this process left it out when it read it last.</summary>
    /// <param name="place">As <see cref="UnreadableRecordException.Place"/> has it.</param>
    public bool Has(string place) => places.ContainsKey(place);

    /// <summary>It can be read again.</summary>
    public void Remove(string place) => places.TryRemove(place, out _);

    /// <param name="version">The ETag: a record that is mended and breaks again gets a new notice.</param>
    public Task Tell(UnreadableRecordException unreadable, string version, CancellationToken cancellation)
    {
        places[unreadable.Place] = true;
        return Tell(
            // A hash, because a place can name a file by its path, and the key of a row takes no slash.
            $"unreadable-{Hash($"{unreadable.Place} {version}")}",
            $"{char.ToUpperInvariant(unreadable.Place[0])}{unreadable.Place[1..]} cannot be read. It is left out, what it is about counts as not known, and all the rest goes on. Have whoever looks after this service restore it from a copy, as the runbook says; until then nothing is changed in it.",
            cancellation);
    }

    /// <summary>
    /// Tells of records of a later format: once for all of them, because after an upgrade that was taken back there are
    /// many.
    /// </summary>
    /// <param name="place">The first that was met, as a message names it.</param>
    public Task TellOfLaterFormat(string place, int format, CancellationToken cancellation)
    {
        places[place] = true;
        return Tell(
            $"later-format-{format}",
            $"Some records were written by a later version of this service, in format {format}; the first that was met is {place}. This version leaves them out of its lists and does not change them. During an upgrade this passes by itself, and this notice can be removed; otherwise have the later version brought back.",
            cancellation);
    }

    private async Task Tell(string id, string text, CancellationToken cancellation)
    {
        if (told.ContainsKey(id))
            return;
        try
        {
            await new Notices(account).Add(
                new(id, TimeProvider.System.GetUtcNow(), null, text),
                cancellation);
            told[id] = true;
        }
        catch (Exception failure) when (StorageFailures.MayWait(failure))
        {
            // The list goes on without the notice: the next worker that meets the record tries again.
        }
    }

    private static string Hash(string text) =>
        Sha256Hex.Of(text)[..32];
}
