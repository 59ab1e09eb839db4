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

    /// <returns>The last good register; the built-in one if none was uploaded.</returns>
    public async Task<MissionRegister> Current(CancellationToken cancellation)
    {
        var version = await files.Version(RegisterContainer.InUse, cancellation);
        if (version is null)
            return RegisterCsv.Seed();
        await reading.WaitAsync(cancellation);
        try
        {
            if (current?.Version != version && await files.Read(RegisterContainer.InUse, cancellation) is { } file)
                current = (
                    file.Version,
                    RegisterCsv.Read(RegisterContainer.InUse, file.Content).Register
                        ?? throw new InvalidDataException(
                            $"{ResourceNames.Register}/{RegisterContainer.InUse} was changed by hand and cannot be read. Delete it, or upload a sound {RegisterContainer.Uploaded}."
                        ));
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
    public async Task<IReadOnlyList<Fault>> AdoptUploaded(CancellationToken cancellation)
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

    private Task<bool> Notify(string version, string text, CancellationToken cancellation) =>
        notices.Add(
            new(
                $"register-{Sha256Hex.Of(version)}",
                clock.GetUtcNow(),
                null,
                text),
            cancellation);
}
