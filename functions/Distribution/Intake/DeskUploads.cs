using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>The files a person uploaded at the desk in one go.</summary>
/// <param name="Files">The names of the files, without their folder.</param>
/// <param name="Fingerprint">The fingerprint of the folder after the last of them was stored.</param>
/// <param name="Register">
/// The hash of the register at that time: the uploader has not seen the roster that another register gives.
/// </param>
/// <param name="Surroundings">The fingerprint of what else the letter depended on at that time.</param>
internal sealed record DeskUpload(
    UploadFolder Folder,
    Person Author,
    DateTimeOffset At,
    IReadOnlyList<string> Files,
    string Fingerprint,
    string Register,
    string Surroundings);

/// <summary>
/// Who uploaded what at the desk. Kept in a table of its own and not as blob metadata, which anyone who may write blobs
/// could forge.
/// </summary>
internal sealed class DeskUploads(StorageAccount account)
{
    private readonly Records<DeskUpload> records = new(account, ResourceNames.AuthorsTable);

    public Task Add(DeskUpload upload, CancellationToken cancellation) =>
        records.Add(
            Uploads.Row(upload.Folder),
            // Of one width, so that rows are listed in the order of time; two uploads may have the same.
            $"{upload.At.UtcTicks:d19}-{Guid.NewGuid():n}",
            upload,
            cancellation);

    /// <summary>
    /// The person who uploaded all these files in one go, if the folder has not changed since. Uploading the same bytes
    /// again is a change too.
    /// </summary>
    /// <param name="listing">The folder as it is listed now.</param>
    /// <param name="files">Every file that would leave or that the letter is made from, without its folder.</param>
    /// <param name="register">The hash of the register that the letter was examined with.</param>
    /// <param name="surroundings">
    /// The fingerprint of what else it depended on (<see cref="ExaminationInputs"/>).
    /// </param>
    /// <returns>Null if no such person is known.</returns>
    public async Task<IReadOnlyList<Person>?> Of(
        FolderListing listing,
        IReadOnlyList<string> files,
        string register,
        string surroundings,
        CancellationToken cancellation)
    {
        var found = await That(listing, cancellation);
        return
            found is not null
            && found.Register == register
            && found.Surroundings == surroundings
            // All of them in this one upload: an old letter beside a new enclosure is a pair that nobody has brought.
            && files.All(file => found.Files.Any(brought => FileNames.AreSame(brought, file)))
            ? [found.Author]
            : null;
    }

    /// <returns>The upload that has left the folder as it is listed; null where there was none.</returns>
    public async Task<DeskUpload?> That(FolderListing listing, CancellationToken cancellation) =>
        (await All(listing.Folder, cancellation)).LastOrDefault(upload => upload.Fingerprint == listing.Fingerprint);

    /// <returns>The last upload into a folder; null where there was none.</returns>
    public async Task<DeskUpload?> Latest(UploadFolder folder, CancellationToken cancellation) =>
        (await All(folder, cancellation)).LastOrDefault();

    /// <returns>The earliest first.</returns>
    private async Task<IEnumerable<DeskUpload>> All(UploadFolder folder, CancellationToken cancellation)
    {
        var row = Uploads.Row(folder);
        return (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {row}"), cancellation)).Select(
            stored => stored.Value);
    }
}
