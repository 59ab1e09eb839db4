using System.Globalization;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Distribution.Common;
using Distribution.Storage;

namespace Distribution.Register;

/// <summary>A file of the container, as it is listed.</summary>
/// <param name="Version">Its ETag, as a response header has it.</param>
/// <param name="At">When it was written.</param>
internal sealed record RegisterFile(string Name, string Version, DateTimeOffset At);

/// <summary>The register in use, as it is stored.</summary>
/// <param name="Sum">The SHA-256 of what was written; null for a file of a version that noted none.</param>
/// <param name="ConfirmedBy">Who confirmed it at the desk; null where it needed nobody.</param>
/// <param name="At">When it was put into use.</param>
internal sealed record StoredRegister(
    ReadOnlyMemory<byte> Content,
    string Version,
    string? Sum,
    string? ConfirmedBy,
    DateTimeOffset At)
{
    /// <summary>
    /// Whether it is what this service wrote. A byte that changed in storage may be one of an address: the file can be
    /// read then, and names another mailbox.
    /// </summary>
    public bool IsAsWritten => Sum is null || Sum == Sha256Hex.Of(Content.Span);
}

/// <summary>Which upload was examined last.</summary>
/// <param name="Upload">Its ETag; empty where it has been deleted since.</param>
/// <param name="At">When it was uploaded; null where a version that knew one name only did not note it.</param>
internal sealed record ExaminedMark(string Upload, DateTimeOffset? At);

/// <summary>
/// The blob container of the register. People upload <c>register.xlsx</c> or <c>register.csv</c>; of several, the one
/// uploaded last counts. <c>in-use.csv</c> is the register that letters go by.
/// </summary>
internal sealed class RegisterContainer(StorageAccount account)
{
    /// <summary>What an uploaded register is called where its name is ours to give.</summary>
    public const string Uploaded = "register.csv";

    public const string UploadedWorkbook = "register.xlsx";

    public const string InUse = "in-use.csv";

    /// <summary>The file that says which upload was examined last.</summary>
    public const string ExaminedMark = "examined-version";

    /// <summary>The beginning of the names that are read.</summary>
    public const string AnyUpload = "register.";

    /// <summary>The metadata entry of a file's SHA-256, in lower-case hexadecimal.</summary>
    private const string Sum = "sum";

    /// <summary>
    /// The metadata entry of who confirmed the register in use; metadata is ASCII, so percent-encoded.
    /// </summary>
    private const string ConfirmedBy = "confirmedby";

    /// <summary>
    /// The metadata entries of a register that a person made at the desk: the person's key and name, and where they
    /// changed one mission its id and the reason, percent-encoded.
    /// </summary>
    private const string EditedBy = "editedby";

    private const string EditorName = "editorname";

    private const string EditedMission = "editedmission";

    private const string EditReason = "editreason";

    /// <summary>The metadata entry of when the examined upload was written.</summary>
    private const string UploadedAt = "uploadedat";

    private readonly BlobContainerClient container = account.Blobs.GetBlobContainerClient(ResourceNames.Register);

    private long changes;

    /// <summary>
    /// How often something was written or deleted through this store. A caller that remembers what it found looks again
    /// once the number has changed.
    /// </summary>
    public long Changes => Interlocked.Read(ref changes);

    /// <summary>
    /// Whether a file is an upload to be examined: <c>register.</c> and anything. Of a kind that cannot be read
    /// (<c>register.ods</c>), the examination says so.
    /// </summary>
    public static bool IsUpload(string name) =>
        name.StartsWith(AnyUpload, StringComparison.OrdinalIgnoreCase) && !name.Contains('/', StringComparison.Ordinal);

    /// <summary>Whether a file is none that this service reads or writes.</summary>
    public static bool IsStranger(string name) => !IsUpload(name) && name is not (InUse or ExaminedMark);

    /// <returns>
    /// The file's bytes and ETag, and who made it at the desk, where somebody did; null if there is no file.
    /// </returns>
    public async Task<(ReadOnlyMemory<byte> Content, string Version, RegisterEdit? Edit)?> Read(
        string name,
        CancellationToken cancellation) =>
        await Download(name, cancellation) is var (content, details)
            ? (content, $"{details.ETag}", EditOf(details.Metadata))
            : null;

    /// <returns>Null if there is none.</returns>
    public async Task<StoredRegister?> ReadInUse(CancellationToken cancellation) =>
        await Download(InUse, cancellation) is var (content, details)
            ? new(
                content,
                $"{details.ETag}",
                details.Metadata.TryGetValue(Sum, out var sum) ? sum : null,
                details.Metadata.TryGetValue(ConfirmedBy, out var name) ? Uri.UnescapeDataString(name) : null,
                details.LastModified)
            : null;

    private async Task<(ReadOnlyMemory<byte> Content, BlobDownloadDetails Details)?> Download(
        string name,
        CancellationToken cancellation)
    {
        try
        {
            var blob = (
                await container.GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancellation)).Value;
            await using var stream = blob.Content;
            // Of a file that is too large, read only one byte above the limit: the reader then reports it as too large.
            var content = new byte[Math.Min(blob.Details.ContentLength, RegisterCsv.LargestFile + 1)];
            await stream.ReadExactlyAsync(content, cancellation);
            return (content, blob.Details);
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return null;
        }
    }

    /// <returns>Every file, by its name.</returns>
    public async Task<IReadOnlyDictionary<string, RegisterFile>> Files(CancellationToken cancellation)
    {
        var files = new Dictionary<string, RegisterFile>(StringComparer.Ordinal);
        await foreach (var blob in container.GetBlobsAsync(new GetBlobsOptions(), cancellation))
            // A listing has the ETag without quotation marks, a response header has them.
            files[blob.Name] = new(
                blob.Name,
                $"\"{blob.Properties.ETag.ToString()?.Trim('"')}\"",
                blob.Properties.LastModified ?? DateTimeOffset.MinValue);
        return files;
    }

    /// <returns>The file's ETag, or null if there is no file.</returns>
    public async Task<string?> Version(string name, CancellationToken cancellation) =>
        (await container.GetBlobClient(name).TryLook(cancellation))?.ETag.ToString();

    /// <summary>Tells the secretariat that a file cannot be read.</summary>
    /// <returns>The exception to throw.</returns>
    public async Task<UnreadableRecordException> CannotBeRead(
        string name,
        string version,
        CancellationToken cancellation)
    {
        var unreadable = new UnreadableRecordException($"the file {ResourceNames.Register}/{name}");
        await account.LeftOut.Tell(unreadable, version, cancellation);
        return unreadable;
    }

    /// <summary>
    /// Uploads a register as a storage tool does, as CSV or as a workbook, in place of any that was uploaded before
    /// under either name: storage tells times of upload in whole seconds, and within one nobody could say which is the
    /// later.
    /// </summary>
    public async Task Upload(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var name = NameOf(content);
        // Listed before it is written: an upload that comes in between is not deleted, and is examined too.
        var before = await Files(cancellation);
        await Write(name, content, cancellation);
        await DeleteUploads(before, name, cancellation);
    }

    /// <summary>The same for a register that a person made at the desk.</summary>
    /// <param name="listed">The files as they were listed.</param>
    /// <returns>False if another one was uploaded in the meantime: what was changed there would be lost.</returns>
    public async Task<bool> Upload(
        ReadOnlyMemory<byte> content,
        IReadOnlyDictionary<string, RegisterFile> listed,
        RegisterEdit edit,
        CancellationToken cancellation)
    {
        var name = NameOf(content);
        if (!await Replace(name, content, listed.GetValueOrDefault(name)?.Version, null, edit, cancellation))
            return false;
        await DeleteUploads(listed, name, cancellation);
        return true;
    }

    private static string NameOf(ReadOnlyMemory<byte> content) =>
        RegisterWorkbook.IsWorkbook(content.Span) ? UploadedWorkbook : Uploaded;

    /// <summary>
    /// Deletes the uploads that one takes the place of, and none that has come since: two at once are both examined.
    /// </summary>
    private async Task DeleteUploads(
        IReadOnlyDictionary<string, RegisterFile> before,
        string except,
        CancellationToken cancellation)
    {
        foreach (var (_, file) in before.Where(other => IsUpload(other.Key) && other.Key != except))
            await Delete(file, cancellation);
    }

    /// <summary>Deletes an upload, as a person says who has looked at it.</summary>
    /// <returns>
    /// False if another upload stands there now; true if the file is gone, also where somebody else deleted it.
    /// </returns>
    public async Task<bool> Delete(RegisterFile file, CancellationToken cancellation)
    {
        try
        {
            await container.GetBlobClient(file.Name)
                .DeleteIfExistsAsync(
                    conditions: new() { IfMatch = new ETag(file.Version) },
                    cancellationToken: cancellation);
            return true;
        }
        catch (RequestFailedException failure) when (failure.Status is 409 or 412)
        {
            return await Version(file.Name, cancellation) is null;
        }
        finally
        {
            // Counted also where the answer was lost: the file may be gone, and what is remembered of it old.
            Interlocked.Increment(ref changes);
        }
    }

    private static RegisterEdit? EditOf(IDictionary<string, string> metadata) =>
        metadata.TryGetValue(EditedBy, out var key)
        && metadata.TryGetValue(EditorName, out var name)
            ? new(
                new(Uri.UnescapeDataString(key), Uri.UnescapeDataString(name)),
                metadata.TryGetValue(EditedMission, out var mission) ? mission : null,
                metadata.TryGetValue(EditReason, out var reason) ? Uri.UnescapeDataString(reason) : "")
            : null;

    /// <summary>Stores a file as a person uploads it.</summary>
    public async Task Write(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        await container
            .GetBlobClient(name)
            .UploadAsync(BinaryData.FromBytes(content), Options(content, null, null), cancellation);
        Interlocked.Increment(ref changes);
    }

    /// <summary>Puts a register into use in place of the one that was there.</summary>
    /// <param name="before">The ETag of the one that was there; null if there was none.</param>
    /// <returns>False if another one was put into use in the meantime.</returns>
    public Task<bool> PutIntoUse(
        ReadOnlyMemory<byte> content,
        string? before,
        Person? confirmedBy,
        CancellationToken cancellation) =>
        Replace(InUse, content, before, confirmedBy, null, cancellation);

    /// <param name="version">The ETag of what is to be there; null where nothing is to be.</param>
    /// <returns>False where something else is there.</returns>
    private async Task<bool> Replace(
        string name,
        ReadOnlyMemory<byte> content,
        string? version,
        Person? confirmedBy,
        RegisterEdit? edit,
        CancellationToken cancellation)
    {
        if (await container.GetBlobClient(name)
                .Replace(
                    BinaryData.FromBytes(content),
                    version,
                    Options(content, confirmedBy, edit),
                    cancellation) is null)
            return false;
        Interlocked.Increment(ref changes);
        return true;
    }

    private static BlobUploadOptions Options(ReadOnlyMemory<byte> content, Person? confirmedBy, RegisterEdit? edit)
    {
        var metadata = new Dictionary<string, string> { [Sum] = Sha256Hex.Of(content.Span) };
        if (confirmedBy is { Name: var person })
            metadata[ConfirmedBy] = Uri.EscapeDataString(SingleLine.Of(person));
        if (edit?.OnOneLine is var (by, edited, reason))
        {
            metadata[EditedBy] = Uri.EscapeDataString(by.Key);
            metadata[EditorName] = Uri.EscapeDataString(by.Name);
            if (edited is { } mission)
            {
                metadata[EditedMission] = mission;
                metadata[EditReason] = Uri.EscapeDataString(reason);
            }
        }

        return new()
        {
            HttpHeaders = new()
            {
                ContentType = RegisterWorkbook.IsWorkbook(content.Span)
                    ? RegisterWorkbook.ContentType
                    : "text/csv; charset=utf-8",
            },
            Metadata = metadata,
        };
    }

    /// <returns>Null if none was examined yet.</returns>
    public async Task<ExaminedMark?> Examined(CancellationToken cancellation) =>
        await Download(ExaminedMark, cancellation) is var (content, details)
            ? new(
                Encoding.UTF8.GetString(content.Span),
                details.Metadata.TryGetValue(UploadedAt, out var at)
                    ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
                    : null)
            : null;

    // Without a condition: a mark that is not that of the latest upload only has it examined once more.
    public Task MarkExamined(ExaminedMark mark, CancellationToken cancellation) =>
        container
            .GetBlobClient(ExaminedMark)
            .UploadAsync(
                BinaryData.FromString(mark.Upload),
                new BlobUploadOptions
                {
                    Metadata = mark.At is { } at
                        ? new Dictionary<string, string>
                        {
                            [UploadedAt] = at.ToString("O", CultureInfo.InvariantCulture)
                        }
                        : null,
                },
                cancellation);
}
