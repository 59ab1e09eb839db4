using System.Collections.Concurrent;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Letters;
using Distribution.Storage;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Microsoft.Extensions.Options;
using static Distribution.Common.Phrase;

namespace Distribution.Web.Desk;

/// <summary>Gathers what the front page shows.</summary>
internal sealed class FrontReader(
    DistributionRecords distributions,
    Uploads uploads,
    FolderReader folders,
    Notices notices,
    RegisterInUse registers,
    Replies replies,
    ReleaseReviews reviews,
    ReachReader reaches,
    UnfinishedLetters unfinished,
    ProposalsReader proposals,
    IOptions<IntakeSettings> intake)
{
    private const int ReadAtOnce = 8;

    /// <param name="page">The page of the list of letters, from 1.</param>
    public async Task<OverviewView> Of(int page, CancellationToken cancellation)
    {
        var (uploading, distributing) = (uploads.All(cancellation), distributions.All(cancellation));
        var (replying, registering) = (replies.CountWaiting(cancellation), registers.Waiting(cancellation));
        var (proposing, writing) = (proposals.CountWaiting(cancellation), unfinished.All(cancellation));
        // Side by side: each is a query of its own, and the page waits only for the slowest.
        await Task.WhenAll(uploading, distributing, replying, registering, proposing, writing);
        List<UploadView> views = [];
        foreach (var upload in await uploading)
            views.Add(
                new(
                    upload.Value,
                    upload.Value.FirstSeen + intake.Value.WaitFor,
                    await folders.Prepared(upload.Value, cancellation)));
        var all = await distributing;
        // Follow-ups are listed on their letter's page; here only while a person may have to deal with them.
        var shown = all.Where(found =>
                found.IsLetter || found.State is DistributionState.AwaitingRelease or DistributionState.Paused)
            .ToList();
        var watched = shown.Union(all.Where(found => found.Follows is { Kind: FollowUpKind.Addendum })).ToList();
        // Of the letters of other pages only what is wrong is told.
        var listed = OverviewView
            .OnPage([.. shown.Where(found => !found.IsPast)], page)
            .Select(found => found.Id)
            .ToHashSet();
        var reached = new Dictionary<string, Reach>(await reaches.OfMany(watched, all, listed.Contains, cancellation));
        var toRelease = shown.Where(found => found.State == DistributionState.AwaitingRelease).ToList();
        var reviewed = new ConcurrentDictionary<string, ReleaseReview>();
        await Parallel.ForEachAsync(
            toRelease,
            new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellation },
            async (letter, stop) =>
            {
                try
                {
                    reviewed[letter.Id] = await reviews.Of(letter, stop, all);
                }
                catch (Exception leftOut) when (StorageFailures.IsLeftOut(leftOut))
                {
                    // Told below: the letter's line says that it cannot be read.
                }
            });
        foreach (var letter in toRelease.Where(letter => !reviewed.ContainsKey(letter.Id)))
            // It stays in the list, as one that cannot be read: a letter that vanished would be taken for sent or
            // discarded.
            reached[letter.Id] = new(letter.State, letter.MissionCount, []) { CannotBeRead = true };
        // A later version of the folder that was released has taken the place of the earlier one, so nobody has to see
        // to the troubles of that any more.
        var latest = all.Where(found => found is { IsLetter: true, ReleasedAt: not null })
            .GroupBy(found => found.Folder)
            .ToDictionary(found => found.Key, found => found.Max(version => version.Version));
        return new(
            // Last: what cannot be read is told while it is read.
            await notices.All(cancellation),
            await replying,
            [.. views.Where(view => view.Upload.State is UploadState.Waiting or UploadState.Preparing)],
            [.. views.Where(view => view.Upload.State == UploadState.Rejected)],
            [
                .. watched
                    .Where(distribution => !IsMoot(distribution, latest))
                    .SelectMany(distribution => Troubles(distribution, reached[distribution.Id])),
            ],
            [
                .. toRelease.Where(letter => reviewed.ContainsKey(letter.Id))
                    .Select(letter => new WaitingLetter(letter, reviewed[letter.Id])),
            ],
            [.. shown.Select(distribution => new OverviewLine(distribution, reached[distribution.Id]))],
            page)
        {
            WaitingRegister = await registering,
            WaitingProposals = await proposing,
            Unfinished = await writing,
        };
    }

    /// <summary>Whether nobody has to deal with it any more, because another letter has taken its place.</summary>
    /// <param name="latest">The latest version of each folder that was released.</param>
    private static bool IsMoot(DistributionRecord distribution, Dictionary<UploadFolder, int> latest) =>
        distribution.SupersededBy is not null
        || (distribution.IsLetter
            && latest.TryGetValue(distribution.Folder, out var version)
            && version > distribution.Version);

    private static IEnumerable<LetterTrouble> Troubles(DistributionRecord distribution, Reach reach)
    {
        if (distribution is { State: DistributionState.Paused, PauseReason: { } reason })
            yield return new(
                distribution,
                Say($"sending is on hold. {ServiceWords.Plain(reason).TrimEnd('.')}"),
                Addresses.Distribution(distribution.Id));
        if (reach.Trouble(andNeverSent: !distribution.IsCorrected) is { } trouble)
            yield return new(distribution, trouble, Addresses.Filtered(
                distribution.Id,
                reach.Count(MissionStanding.NotReached) > 0 ? MissionFilter.NotReached
                : reach.Count(MissionStanding.NeverSent) > 0 && !distribution.IsCorrected ? MissionFilter.NeverSent
                : reach.Count(MissionStanding.Unknown) + reach.Count(MissionStanding.Delayed) > 0 ? MissionFilter.Open
                : reach.ReturnedInPart is { Count: > 0 } ? MissionFilter.InPart
                : MissionFilter.All));
    }
}
