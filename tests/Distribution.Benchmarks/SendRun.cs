using System.Globalization;
using System.Text;
using Distribution.FaultSuite;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Local;
using Distribution.Register;
using Microsoft.Extensions.DependencyInjection;

namespace Distribution.Benchmarks;

/// <summary>
/// One distribution from its release to the last record, everything on: storage in the emulator, the queue, the log.
/// </summary>
internal static class SendRun
{
    private const string Enclosure = "global-compact-draft-rev-1.pdf";

    /// <summary>After so many letters nothing is compiled anew; after 3,000 it still is half of what a letter costs.</summary>
    private const int WarmedBy = 15_000;

    public static async Task<SendFigures> Measure(
        SendOptions options,
        IDestination destination,
        CancellationToken cancellation)
    {
        await using var bed = await TestBed.Open(cancellation);
        var requests = new StorageRequests();
        using var host = Service.Build(Settings(options, bed, destination), requests);
        await Prepare(host.Services, options, cancellation);
        var isRunning = options.Addressed || options.Warm;
        if (isRunning)
            await host.StartAsync(cancellation);
        for (var sent = 0; options.Warm && sent < WarmedBy; sent += options.Count)
            await Rehearse(host.Services, options, bed.Storage, new($"rehearsal-{sent}", Service.Folder.Revision), cancellation);
        var waiting = new Measured(requests, bed.StorageProcess);
        var id = await Service.Examine(host.Services, cancellation);
        var examined = waiting.So;

        var (takenBefore, cpuBefore) = (await destination.Taken(), destination.Cpu);
        requests.TakeKinds();
        using var memory = new PeakMemory();
        var (allocated, pauses) = (GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration());
        var measured = new Measured(requests, bed.StorageProcess);
        if (!isRunning)
            await host.StartAsync(cancellation);
        await Service.Release(host.Services, id, cancellation);
        await Service.Ended(host.Services, bed.Storage, id, cancellation);
        var figures = new SendFigures(
            options,
            examined,
            measured.So,
            destination.Cpu - cpuBefore,
            requests.TakeKinds(),
            memory.Peak,
            GC.GetTotalAllocatedBytes() - allocated,
            GC.GetTotalPauseDuration() - pauses,
            null);
        await host.StopAsync(cancellation);
        return figures with
        {
            Missing = await Service.Missing(
                host.Services,
                id,
                options.Count,
                await destination.Taken() - takenBefore,
                cancellation),
        };
    }

    public static Dictionary<string, string?> Settings(SendOptions options, TestBed bed, IDestination destination)
    {
        var settings = Service.Settings(bed.Storage, bed.Typesetter, destination.Settings);
        if (options.BatchSize is { } size)
            settings["Dispatch:BatchSize"] = size.ToString(CultureInfo.InvariantCulture);
        if (options.Dkim)
        {
            using var key = System.Security.Cryptography.RSA.Create(2048);
            settings["Mail:DkimDomain"] = "secretariat.example";
            settings["Mail:DkimSelector"] = "speed";
            settings["Mail:DkimKey"] = key.ExportPkcs8PrivateKeyPem();
        }

        return settings;
    }

    public static async Task Prepare(IServiceProvider services, SendOptions options, CancellationToken cancellation)
    {
        await services.GetRequiredService<StorageSetup>().Create(cancellation);
        await services.GetRequiredService<RegisterContainer>().Write(
            RegisterContainer.Uploaded,
            Registers.Of(options.Count),
            cancellation);
        await Upload(services, options, null, cancellation);
    }

    private static async Task Upload(
        IServiceProvider services,
        SendOptions options,
        UploadFolder? folder,
        CancellationToken cancellation)
    {
        await Service.UploadHeld(services, cancellation, options.Addressed, folder);
        var pdf = await File.ReadAllBytesAsync(Path.Combine(LocalRun.Sample, Enclosure), cancellation);
        await services.GetRequiredService<Drafts>().Upload(
            $"{folder ?? Service.Folder}/{Enclosure}",
            new MemoryStream(Padded(pdf, options.EnclosureBytes)),
            cancellation);
    }

    /// <summary>Sends a letter of another process as the one that is measured.</summary>
    private static async Task Rehearse(
        IServiceProvider services,
        SendOptions options,
        string storage,
        UploadFolder folder,
        CancellationToken cancellation)
    {
        await Upload(services, options, folder, cancellation);
        var id = await Service.Examine(services, cancellation, folder);
        await Service.Release(services, id, cancellation);
        await Service.Ended(services, storage, id, cancellation);
    }

    /// <summary>A PDF may have comments anywhere: with so many of them before its last lines it is as large as asked.</summary>
    private static byte[] Padded(byte[] pdf, int bytes)
    {
        var end = pdf.AsSpan().LastIndexOf("startxref"u8);
        var noise = new byte[Math.Max(0, (bytes - pdf.Length) * 3 / 4)];
        new Random(1).NextBytes(noise);
        var comments = string.Concat(
            Convert.ToBase64String(noise).Chunk(76).Select(line => $"%{new string(line)}\n"));
        return [.. pdf[..end], .. Encoding.ASCII.GetBytes(comments), .. pdf[end..]];
    }
}
