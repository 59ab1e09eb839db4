using System.Globalization;
using System.Text.Json;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Local;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Microsoft.Extensions.DependencyInjection;
using static Distribution.Benchmarks.Output;

namespace Distribution.Benchmarks;

/// <summary>
/// The command <c>journey</c>: the sample letter to every mission of the register, which leaves by itself, from its
/// upload to the last acceptance; in a process that has sent such a letter before, and as the first work of a process.
/// Prints where the time goes.
/// </summary>
internal static class Journey
{
    /// <summary>The process that sends one letter and ends.</summary>
    public const string Command = "journey-of-a-new-process";

    private const int Rounds = 3;

    public static async Task<int> Run()
    {
        var cancellation = CancellationToken.None;
        var missions = RegisterCsv.Seed().Missions.Count;
        await using var bed = await TestBed.Open(cancellation);
        await using var sink = await Sink.Start();
        var settings = Settings(bed, sink);
        using var host = Service.Build(settings, new(), withTimer: true);
        await host.Services.GetRequiredService<StorageSetup>().Create(cancellation);

        await host.StartAsync(cancellation);
        List<Times> warm = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var times = await Arrived(() => Send(host.Services, settings, $"warm-{round}", cancellation));
            // The first one warms.
            if (round > 0)
                warm.Add(times);
        }

        // The letters of the processes to come are theirs alone.
        await host.StopAsync(cancellation);
        List<Times> fresh = [];
        for (var round = 1; round <= Rounds; round++)
        {
            await using var process = Child.Start(
                [Command, $"new-{round}", .. settings.Select(setting => $"{setting.Key}={setting.Value}")]);
            fresh.Add(
                await Arrived(async () =>
                    JsonSerializer.Deserialize<Passage>(await process.Line())! with { Started = process.StartedAt }));
        }

        Print(missions, sink.Name, warm, fresh);
        return 0;

        async Task<Times> Arrived(Func<Task<Passage>> send)
        {
            var before = await sink.Taken();
            var passage = await send();
            return await Service.Missing(host.Services, passage.Id, missions, await sink.Taken() - before, cancellation)
                is { } missing
                ? throw new InvalidOperationException($"The letter is not complete: {missing}.")
                : Times.Of(passage, await host.Services.GetRequiredService<MissionEntries>().All(passage.Id, cancellation));
        }
    }

    /// <summary>What the new process does: all that Local does from its start to the end of a letter.</summary>
    public static async Task<int> RunNew(string process, IEnumerable<string> settings)
    {
        Child.LeaveWithParent();
        var cancellation = CancellationToken.None;
        var given = settings.Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], string? (pair) => pair[1]);
        using var host = Service.Build(given, new(), withTimer: true);
        await host.Services.GetRequiredService<StorageSetup>().Create(cancellation);
        // As in Local, the pumps start once the folder is there.
        var passage = await Send(host.Services, given, process, cancellation, () => host.StartAsync(cancellation));
        Console.WriteLine(JsonSerializer.Serialize(passage));
        await host.StopAsync(cancellation);
        return 0;
    }

    private static Dictionary<string, string?> Settings(TestBed bed, Sink sink)
    {
        var settings = Service.Settings(bed.Storage, bed.Typesetter, sink.Settings);
        settings["Release:AllowAutomatic"] = "true";
        return settings;
    }

    /// <summary>Uploads the sample as Local does, and waits until its distribution has ended.</summary>
    /// <param name="process">The name of its process: each letter has one of its own.</param>
    /// <param name="uploaded">Called when it is uploaded.</param>
    private static async Task<Passage> Send(
        IServiceProvider services,
        IReadOnlyDictionary<string, string?> settings,
        string process,
        CancellationToken cancellation,
        Func<Task>? uploaded = null)
    {
        var storage = settings[ResourceNames.Storage]!;
        var begun = DateTimeOffset.UtcNow;
        var folder = new DraftFolder(LocalRun.Sample, new(process, "draft-rev-1"));
        await folder.Upload(
            services.GetRequiredService<Drafts>(),
            cancellation,
            letter => LocalSample.Adapted(letter, NewYorkTime.Day(begun)));
        if (uploaded is not null)
            await uploaded();
        var upload = await Accepted(new(StorageAccount.FromConnectionString(storage)), folder.Target, cancellation);
        var passage = new Passage(upload.DistributionId!, null, begun, upload.ExaminedAt, DateTimeOffset.UtcNow);
        if (await services.GetRequiredService<DistributionRecords>().Find(passage.Id, cancellation)
            is { State: DistributionState.AwaitingRelease, Warnings: var findings })
            throw new InvalidOperationException($"The letter does not leave by itself: {string.Join(" ", findings)}");
        await Service.Ended(services, storage, passage.Id, cancellation);
        return passage;
    }

    private static async Task<Upload> Accepted(Uploads uploads, UploadFolder folder, CancellationToken cancellation)
    {
        while (true)
            switch ((await uploads.Find(folder, cancellation))?.Value)
            {
                // Without a fingerprint it is still being examined.
                case { State: UploadState.Accepted, Files: not "", DistributionId: not null } upload:
                    return upload;
                case { State: UploadState.Rejected, Faults: var faults }:
                    throw new InvalidOperationException($"The letter was not accepted: {string.Join(" ", faults)}");
                default:
                    await Task.Delay(25, cancellation);
                    break;
            }
    }

    private static void Print(int missions, string sink, List<Times> warm, List<Times> fresh)
    {
        Line($"the sample letter to {missions} missions, to {sink}; seconds, medians of {Rounds} rounds");
        Line($"                                       warm   new process");
        Row("start of the process to upload", times => times.Start);
        Row("upload to examination", times => times.Noticed);
        Row("examination to checked and released", times => times.Checked);
        Row("checked to first acceptance", times => times.First);
        Row("first to last acceptance", times => times.Last);
        Row("upload to last acceptance", times => times.FromUpload);
        Row("start to last acceptance", times => times.Start + times.FromUpload);
        Line($"  each round, from upload or start: {Each(warm)} warm; {Each(fresh)} new process");
        Line($"  complete: every round, by the record and by the count of the sink");

        void Row(string what, Func<Times, TimeSpan?> part) =>
            Line($"  {what,-35}  {Seconds(warm, part),5}   {Seconds(fresh, part),11}");

        static string Each(List<Times> rounds) =>
            string.Join(' ', rounds.Select(times => Seconds([times], one => (one.Start ?? TimeSpan.Zero) + one.FromUpload)));

        static string? Seconds(List<Times> rounds, Func<Times, TimeSpan?> part) =>
            rounds.TrueForAll(times => part(times) is not null)
                ? Median(rounds.Select(times => part(times)!.Value.TotalSeconds)).ToString("0.00", CultureInfo.InvariantCulture)
                : null;
    }

    /// <summary>When one letter was where.</summary>
    /// <param name="Started">Its process; null where that had sent before.</param>
    /// <param name="Uploaded">The first byte of it.</param>
    private sealed record Passage(
        string Id,
        DateTimeOffset? Started,
        DateTimeOffset Uploaded,
        DateTimeOffset Examined,
        DateTimeOffset Checked);

    /// <summary>Each from the end of the one before.</summary>
    private sealed record Times(TimeSpan? Start, TimeSpan Noticed, TimeSpan Checked, TimeSpan First, TimeSpan Last)
    {
        public TimeSpan FromUpload => Noticed + Checked + First + Last;

        public static Times Of(Passage passage, IReadOnlyList<Stored<MissionEntry>> entries)
        {
            var accepted = entries
                .SelectMany(entry => entry.Value.Attempts)
                .SelectMany(attempt => attempt.Mailboxes)
                .SelectMany(mailbox => mailbox.Events)
                .Where(happened => happened.Kind == DeliveryEventKind.Accepted)
                .Select(happened => happened.At)
                .ToList();
            return new(
                passage.Uploaded - passage.Started,
                passage.Examined - passage.Uploaded,
                passage.Checked - passage.Examined,
                accepted.Min() - passage.Checked,
                accepted.Max() - accepted.Min());
        }
    }
}
