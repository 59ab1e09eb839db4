using Distribution.Common;
using Distribution.Register;
using Distribution.Storage;

namespace Distribution.Intake;

/// <summary>
/// The register in use. An uploaded <c>register.csv</c> replaces it if it has no errors; one with errors is reported
/// and never replaces a good one.
/// </summary>
internal sealed class RegisterInUse(RegisterContainer files, UploadReports reports, Notices notices, TimeProvider clock)
{
    private readonly SemaphoreSlim reading = new(1);
    private (string Version, MissionRegister Register)? current;

    /// <summary>The ETag of the mark, and the upload that it says was examined last.</summary>
    private (string Mark, string? Upload)? examined;

    /// <returns>The last good register; the built-in one if none was uploaded.</returns>
    /// <exception cref="UnreadableRecordException">
    /// It is not what was written, and the upload it was taken from is not there either.
    /// </exception>
    public async Task<MissionRegister> Current(CancellationToken cancellation) =>
        await Current(await files.Version(RegisterContainer.InUse, cancellation), cancellation);

    /// <summary>
    /// Takes over a newly uploaded register, as <see cref="AdoptUploaded"/> does. One listing shows that there is none.
    /// </summary>
    /// <returns>The register in use then.</returns>
    public async Task<MissionRegister> Refresh(CancellationToken cancellation)
    {
        var versions = await files.Versions(cancellation);
        if (!versions.TryGetValue(RegisterContainer.Uploaded, out var uploaded)
            || uploaded == await Examined(versions.GetValueOrDefault(RegisterContainer.ExaminedMark), cancellation))
            return await Current(versions.GetValueOrDefault(RegisterContainer.InUse), cancellation);
        await AdoptUploaded(cancellation);
        return await Current(cancellation);
    }

    private async Task<string?> Examined(string? mark, CancellationToken cancellation)
    {
        if (mark is null)
            return null;
        if (examined?.Mark != mark)
            examined = (mark, await files.Examined(cancellation));
        return examined.Value.Upload;
    }

    /// <param name="version">The ETag of the file of the register in use; null if there is no file.</param>
    private async Task<MissionRegister> Current(string? version, CancellationToken cancellation)
    {
        if (version is null)
            return RegisterCsv.Seed();
        await reading.WaitAsync(cancellation);
        try
        {
            if (current?.Version != version && await files.ReadInUse(cancellation) is { } file)
                current = (
                    file.Version,
                    file.IsAsWritten
                    && RegisterCsv.Read(RegisterContainer.InUse, file.Content).Register is { } register
                        ? register
                        : await Restored(cancellation)
                            ?? throw await files.CannotBeRead(RegisterContainer.InUse, file.Version, cancellation));
            return current!.Value.Register;
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>
    /// Checks a newly uploaded register and puts it into use. It is marked as examined last: after a crash it is
    /// checked again, and the same notice is not added twice.
    /// </summary>
    /// <returns>The faults for which it was rejected; empty if it is in use, or if nothing new was uploaded.</returns>
    public async Task<IReadOnlyList<Finding>> AdoptUploaded(CancellationToken cancellation)
    {
        if (await files.Version(RegisterContainer.Uploaded, cancellation) is not { } version
            || version == await files.Examined(cancellation)
            || await files.Read(RegisterContainer.Uploaded, cancellation) is not { } upload)
            return [];
        var reading = RegisterCsv.Read(RegisterContainer.Uploaded, upload.Content);
        if (reading.Register is null)
        {
            await reports.Save(
                RegisterContainer.Uploaded,
                PreflightReport.OfRegister(RegisterContainer.Uploaded, reading.Faults, clock.GetUtcNow()),
                cancellation);
            await Notify(
                upload.Version,
                $"The uploaded register was not taken over; the one in use stays. {reading.Faults[0]}",
                cancellation);
        }
        else
        {
            if (reading.Register.Hash != (await Current(cancellation)).Hash)
                await files.Write(RegisterContainer.InUse, upload.Content, cancellation);
            await reports.Remove(RegisterContainer.Uploaded, cancellation);
            if (reading.Faults is not [])
                await Notify(
                    upload.Version,
                    $"The uploaded register is in use. Look at this: {string.Join(" ", reading.Faults.Take(5))}",
                    cancellation);
        }

        await files.MarkExamined(upload.Version, cancellation);
        return [.. reading.Faults.Where(fault => !fault.IsWarning)];
    }

    /// <summary>
    /// Puts the last upload into use once more, where it was found sound: the register in use was taken from it.
    /// </summary>
    /// <returns>Null where there is no such upload.</returns>
    private async Task<MissionRegister?> Restored(CancellationToken cancellation)
    {
        if (await files.Read(RegisterContainer.Uploaded, cancellation) is not { } upload
            || upload.Version != await files.Examined(cancellation)
            || RegisterCsv.Read(RegisterContainer.Uploaded, upload.Content).Register is not { } register)
            return null;
        await files.Write(RegisterContainer.InUse, upload.Content, cancellation);
        return register;
    }

    private Task<bool> Notify(string version, string text, CancellationToken cancellation) =>
        notices.Add(
            new(
                $"register-{Sha256Hex.Of(version)}",
                clock.GetUtcNow(),
                null,
                text),
            cancellation);
}
