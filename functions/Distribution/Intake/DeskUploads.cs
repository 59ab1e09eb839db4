using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>What a person brought to the desk at once.</summary>
/// <param name="Files">The names of the files, without their folder.</param>
/// <param name="Fingerprint">Of the folder as it was listed when the last of them had been stored.</param>
/// <param name="Register">
/// The hash of the register at that time: who uploaded has not seen what another one makes of the roster.
/// </param>
/// <param name="Surroundings">What else the letter depended on at that time.</param>
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
    private readonly Records<DeskUpload> records = new(account.Tables.GetTableClient(ResourceNames.AuthorsTable));

    public Task Add(DeskUpload upload, CancellationToken cancellation) =>
        records.Add(
            Records<DeskUpload>.Entity(
                Uploads.Row(upload.Folder),
                $"{upload.At.UtcTicks:d19}-{Guid.NewGuid():n}",
                upload,
                []),
            cancellation);

    /// <summary>
    /// The person who uploaded these files in one go, where the folder has not been touched since: not one file of it,
    /// and not by putting the same bytes there again.
    /// </summary>
    /// <param name="listing">The folder as it is listed now.</param>
    /// <param name="files">Every file that would leave or that the letter is made from, without its folder.</param>
    /// <returns>Null where nobody is known to have done so.</returns>
    public async Task<IReadOnlyList<Person>?> Of(
        FolderListing listing,
        IReadOnlyList<string> files,
        string register,
        string surroundings,
        CancellationToken cancellation)
    {
        var found = (await All(listing.Folder, cancellation)).LastOrDefault(upload =>
            upload.Fingerprint == listing.Fingerprint);
        return
            found is not null
            && found.Register == register
            && found.Surroundings == surroundings
            && files.All(file => found.Files.Any(brought => FileNames.AreSame(brought, file)))
            ? [found.Author]
            : null;
    }

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
