using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Distribution.Intake;
using Distribution.Local.Screen;
using Distribution.Sending;
using Distribution.Storage;

namespace Distribution.Local;

/// <summary>Follows one upload from the drafts container to the end of its distribution.</summary>
internal sealed class UploadProgress(
    Uploads uploads,
    DistributionRecords distributions,
    MissionEntries entries,
    EntryStates states,
    LetterPreparation preparations,
    Drafts drafts,
    UploadFolder folder,
    DateTimeOffset uploadedAt)
{
    private const int MostUnsettled = 10;

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(250);

    /// <summary>How long storage may be away, such as an emulator that was killed and is started again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public UploadFolder Folder => folder;

    /// <summary>Waits until the upload has been examined after it was uploaded.</summary>
    /// <param name="patient">Whether to keep waiting while files are missing.</param>
    /// <param name="waiting">Called once for each change of what is waited for.</param>
    /// <param name="preparing">Called with how many letters are typeset, each time there are more.</param>
    /// <exception cref="InvalidOperationException">Storage has forgotten it.</exception>
    public async Task<Upload> Examined(
        bool patient,
        Action<Upload> waiting,
        Action<int, Preparation> preparing,
        CancellationToken cancellation)
    {
        var (told, typeset) = ("", -1);
        while (true)
        {
            var found = await Patiently(() => uploads.Find(folder, cancellation), cancellation);
            if (found is null
                // Looked for between two looks at the record: the examination may have forgotten the folder, or noted
                // it, in between.
                && await Patiently(() => drafts.List($"{folder}/", cancellation), cancellation) is []
                && await Patiently(() => uploads.Find(folder, cancellation), cancellation) is null)
                throw new InvalidOperationException($"Nothing of {folder} is on record.");
            if (found?.Value is { Files.Length: > 0 } upload
                // A record of before the upload is about the files of then.
                && upload.ExaminedAt >= uploadedAt)
            {
                if (upload is { State: UploadState.Preparing, Preparation: { } preparation })
                {
                    var made = await preparations.CountMade(preparation, cancellation);
                    if (made > typeset)
                        preparing(made, preparation);
                    typeset = Math.Max(made, typeset);
                }
                else if (!patient || upload.State != UploadState.Waiting)
                    return upload;
                else
                {
                    if (upload.Awaited != told)
                        waiting(upload);
                    told = upload.Awaited;
                }
            }

            await Task.Delay(Glance, cancellation);
        }
    }

    /// <exception cref="InvalidOperationException">There is no distribution of that id.</exception>
    public async Task<DistributionRecord> Distribution(string id, CancellationToken cancellation) =>
        await distributions.Find(id, cancellation)
        ?? throw new InvalidOperationException($"Distribution {id} is not on record.");

    /// <returns>A line for each of the first missions whose letter failed or may have, with the reason.</returns>
    public async Task<IReadOnlyList<string>> Unsettled(string distributionId, CancellationToken cancellation)
    {
        var unsettled = (await entries.All(distributionId, cancellation))
            .Select(entry => entry.Value)
            .Where(dispatch =>
                dispatch.State is DeliveryState.Failed or DeliveryState.Bounced or DeliveryState.OutcomeUnknown)
            .ToList();
        return
        [
            .. unsettled
                .Take(MostUnsettled)
                .Select(dispatch => $"{ConsoleText.For(dispatch.State)}: {dispatch.MissionId}: {Reason(dispatch)}"),
            .. unsettled.Count > MostUnsettled ? [$"… and {unsettled.Count - MostUnsettled} more."] : (string[])[],
        ];
    }

    /// <returns>
    /// How many missions are in each state, repeatedly, until the distribution is complete or paused, or only unknown
    /// outcomes keep it open.
    /// </returns>
    public async IAsyncEnumerable<Tally> Sending(
        string distributionId,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var (state, tally) = await Patiently(
                async () => (
                    (await distributions.Find(distributionId, cancellation))?.State,
                    new Tally((await states.Count(distributionId, cancellation)).ToImmutableSortedDictionary())),
                cancellation);
            yield return tally;
            if (state is not { IsBeingSent: true }
                // Only a person or returned mail can settle these, and neither may come while somebody waits at a
                // terminal.
                || tally is { Unfinished: 0, Unknown: > 0 })
                yield break;
            await Task.Delay(Glance, cancellation);
        }
    }

    /// <summary>Asks storage again, for a minute, while it does not answer.</summary>
    private static async Task<T> Patiently<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        for (var waited = Stopwatch.StartNew(); ;)
            try
            {
                return await ask();
            }
            catch (Exception away)
                when (StorageFailures.IsStorages(away) && StorageFailures.Pass(away) && waited.Elapsed < Patience)
            {
                await Task.Delay(Glance, cancellation);
            }
    }

    private static string Reason(MissionEntry dispatch) =>
        string.Join(" ", dispatch.Attempts[^1].Mailboxes
            .Where(mailbox => mailbox.State == dispatch.State)
            .Select(mailbox => $"{mailbox.Mailbox.Address}: {mailbox.Events[^1].Words}"));
}
