using Distribution.Common;
using Distribution.Letters;
using Distribution.Register;

namespace Distribution.Intake;

/// <summary>Why nobody can release a letter at this moment.</summary>
internal enum ReleaseObstacle
{
    None,

    /// <summary>
    /// A file of its folder, a template or a setting has changed, and the folder has not been examined again yet.
    /// </summary>
    BeingExamined,

    /// <summary>
    /// Its folder is now another version, was rejected, or is empty; or the letter that it is an addendum to was
    /// stopped or superseded.
    /// </summary>
    Overtaken,
}

/// <summary>
/// What a person must know to release a letter: a snapshot of storage and clock. The page shows it, and the release is
/// compared with a new one.
/// </summary>
/// <param name="Content">The hash of all that would leave: <see cref="ReleaseHash"/>.</param>
/// <param name="Findings">First those of the examination, then those that depend on the date.</param>
/// <param name="Authors">
/// Who uploaded all of it in one go, or prepared it; null if that is not known, or if anything was changed since.
/// </param>
/// <param name="Register">
/// What would differ in its roster today: by today's register, and for a correction by which missions have got the
/// letter it corrects; null if nothing.
/// </param>
/// <param name="RegisterHash">
/// The hash of today's register. A person who sends to the roster as frozen confirms having seen its differences.
/// </param>
internal sealed record ReleaseReview(
    ReleaseObstacle Obstacle,
    string Content,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<Person>? Authors,
    RosterDifference? Register,
    string RegisterHash)
{
    /// <summary>The most findings to confirm: nobody reads more, so the letter must be corrected instead.</summary>
    public const int MostTicks = 5;

    /// <summary>The findings that a person must confirm or overrule.</summary>
    public IReadOnlyList<Finding> ToConfirm => [.. Findings.Where(finding => finding.NeedsAPerson)];

    public bool HasTooMuchToConfirm => ToConfirm.Count > MostTicks;
}

/// <summary>Reviews a letter that waits for its release, or for its scheduled time, as of now.</summary>
internal sealed class ReleaseReviews(
    Drafts drafts,
    Uploads uploads,
    DeskUploads authors,
    ExaminationInputs surroundings,
    FrozenContents contents,
    EarlierLetters earlierLetters,
    DistributionRecords distributions,
    RegisterInUse registers,
    ReleaseHash hash,
    TimeProvider clock)
{
    /// <param name="all">Every distribution on record, where the caller has read them; null to read them.</param>
    public async Task<ReleaseReview> Of(
        DistributionRecord distribution,
        CancellationToken cancellation,
        IReadOnlyList<DistributionRecord>? all = null)
    {
        // From storage and not from memory: the press is held against these very bytes.
        var (content, frozen) = await contents.ReadStored(distribution.Id, cancellation);
        var register = await registers.Current(cancellation);
        var (obstacle, author) = distribution.IsLetter
            ? await OfFolder(distribution, cancellation)
            : (await OfAddendum(distribution, cancellation), distribution.Authors);
        all ??= distribution.IsLetter ? await distributions.All(cancellation) : [];
        var now = await RosterToday(distribution, content, register, all, cancellation);
        var meanwhile = distribution.IsLetter ? EarlierLetters.LetGoMeanwhile(distribution, content.Letter, all) : [];
        return new(
            obstacle,
            hash.Of(distribution, frozen, all),
            [
                // What the examination found against another letter is told once, as it is now.
                .. distribution.Warnings.Where(warning => meanwhile.All(finding => finding.Number != warning.Number)),
                .. meanwhile,
                .. DateFindings.AtRelease(content.Letter, clock.GetUtcNow()),
            ],
            author,
            RosterDifference.Between(content.Roster, now),
            register.Hash);
    }

    /// <summary>Whether the folder still holds what the letter was made from, and who put it there.</summary>
    private async Task<(ReleaseObstacle Obstacle, IReadOnlyList<Person>? Authors)> OfFolder(
        DistributionRecord distribution,
        CancellationToken cancellation)
    {
        // The folder's record is read before its listing: files uploaded in between are then seen as a difference,
        // never overlooked.
        var upload = (await uploads.Find(distribution.Folder, cancellation))?.Value;
        var listing = await FolderListing.Now(drafts, distribution.Folder, cancellation);
        if (upload is null || listing.Files is [])
            return (ReleaseObstacle.Overtaken, null);
        // A scheduled letter is not examined again because of later templates or settings: its hash shows whether they
        // change anything in it.
        if (upload.Files != listing.Fingerprint
            || (
                distribution.State != DistributionState.Scheduled
                && upload.Surroundings != await surroundings.With(listing.Standing, cancellation)))
            return (ReleaseObstacle.BeingExamined, null);
        if (upload is not { State: UploadState.Accepted } || upload.DistributionId != distribution.Id)
            return (ReleaseObstacle.Overtaken, null);
        return (
            ReleaseObstacle.None,
            await authors.Of(
                listing,
                [
                    .. distribution.Sources.Select(source => source.Name),
                    // A calendar is made from the letter, and nobody brings it.
                    .. distribution.Enclosures
                        .Where(enclosure => !enclosure.IsCalendar)
                        .Select(enclosure => enclosure.File),
                ],
                distribution.RegisterHash,
                upload.Surroundings,
                cancellation));
    }

    /// <summary>More of a letter that was stopped or superseded is not sent.</summary>
    private async Task<ReleaseObstacle> OfAddendum(DistributionRecord addendum, CancellationToken cancellation) =>
        await distributions.Find(addendum.Follows!.Of, cancellation) is { StandsFirm: true }
            ? ReleaseObstacle.None
            : ReleaseObstacle.Overtaken;

    private async Task<IReadOnlyList<Mission>> RosterToday(
        DistributionRecord distribution,
        FrozenContent content,
        MissionRegister register,
        IReadOnlyList<DistributionRecord> all,
        CancellationToken cancellation)
    {
        // The letter it corrects can be sent to further missions while it waits.
        if (distribution.Follows is { IsCorrection: true, Of: var corrected })
            return await distributions.Find(corrected, cancellation) is { } earlier
                ? await earlierLetters.RosterOf(earlier, register, all, cancellation)
                : content.Roster;
        if (distribution.RegisterHash == register.Hash || distribution.IsReminder)
            return content.Roster;
        if (distribution.Follows is null)
            return Audience.Select(
                register,
                content.Letter.Audience,
                Location.In(content.Letter.File, field: "audience")).Roster;
        // An addendum keeps the languages that were chosen when it was prepared.
        return
        [
            .. content.Roster.SelectMany(member =>
                register
                    .Missions.Where(mission => mission.Id == member.Id)
                    .Select(mission =>
                        mission with
                        {
                            Language = member.Language,
                            OfficialLanguages = member.OfficialLanguages,
                        })
            ),
        ];
    }
}
