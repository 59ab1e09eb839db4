using Azure;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>A worker's claim to examine one state of a folder. It only saves others the same work.</summary>
/// <param name="State">Fingerprint of all that the examination depends on.</param>
/// <param name="Until">When it ends by itself, if its worker has stopped.</param>
/// <param name="Worker">Made anew for each claim, so that two claims are never the same record.</param>
internal sealed record ExaminationClaim(UploadFolder Folder, string State, DateTimeOffset Until, Guid Worker);

/// <summary>
/// The claims on examinations. Events of the files of one folder reach several workers at once, and the timer yet
/// another; a claim lets one of them do the work. Nothing depends on it: of two examinations that start from the same
/// record only one is put on record (<see cref="Uploads.Save"/>), with or without a claim.
/// </summary>
internal sealed class ExaminationClaims(StorageAccount account, TimeProvider clock)
{
    /// <summary>
    /// Longer than nearly every examination takes. Where one takes longer, another worker begins the same and the first
    /// to finish counts; where a worker stops, the folder is examined again after this time.
    /// </summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private const string Partition = "examination";

    private readonly Records<ExaminationClaim> records = new(account, ResourceNames.UploadsTable);

    /// <param name="upload">The folder as it is examined.</param>
    /// <returns>The claim's ETag; null if another worker is examining this very state.</returns>
    public async Task<string?> Take(Upload upload, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var folder = upload.Folder;
        var state = FolderListing.Of([upload.Files, upload.Surroundings, upload.Register]);
        var row = Uploads.Row(folder);
        var claim = new ExaminationClaim(folder, state, now + Lasts, Guid.NewGuid());
        if (await records.Add(Partition, row, claim, cancellation) is { } taken)
            return taken.ETag;
        try
        {
            return await records.Find(Partition, row, cancellation) switch
            {
                // Given back in this moment: its worker has just finished.
                null => (await records.Add(Partition, row, claim, cancellation))?.ETag,
                // A claim that ends later than any can was made by a wrong clock.
                { Value: var held } when held.State == state && held.Until > now && held.Until <= now + Lasts => null,
                var old => (await records.Replace(old with { Value = claim }, cancellation))?.ETag,
            };
        }
        catch (UnreadableRecordException)
        {
            // Nothing depends on a claim: the examination goes on, and removes this one.
            return ETag.All.ToString();
        }
    }

    /// <summary>
    /// Gives a claim back. Not cancelled with the examination, and if storage fails the claim ends by itself.
    /// </summary>
    public async Task Release(UploadFolder folder, string claim)
    {
        try
        {
            await records.Table.DeleteEntityAsync(
                Partition,
                Uploads.Row(folder),
                new ETag(claim),
                CancellationToken.None);
        }
        catch (Exception failure) when (StorageFailures.Pass(failure))
        {
            // Taken over by another worker, or storage is busy: what the examination found is on record already.
        }
    }
}
