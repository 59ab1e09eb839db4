using System.Globalization;
using System.Text;
using Distribution.Common;
using Distribution.FaultSuite;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Local;
using Distribution.Local.Servers;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Distribution.Benchmarks;

/// <summary>
/// One distribution from its release to the last record, everything on: storage in the emulator, the queue, the log.
/// Prints what a letter costs, and whether every mission has exactly one.
/// </summary>
internal static class SendSpeed
{
    public static async Task<int> Run(SendOptions options)
    {
        var cancellation = CancellationToken.None;
        var typesetter = await Tools.InstallTypesetter(Console.WriteLine, cancellation);
        var tools = await Tools.Install(Console.WriteLine, cancellation);
        var folder = Directory.CreateTempSubdirectory("distribution-send-");
        try
        {
            await using var azurite = await Azurite.Start(tools, folder.FullName, cancellation);
            await using var sink = await Sink.Start();
            var requests = new StorageRequests();
            using var host = Build(options, azurite.ConnectionString, sink.Port, typesetter, requests);
            await Prepare(host.Services, options, cancellation);
            var waiting = new Measured(requests, azurite.ProcessId);
            var id = await Examine(host.Services, cancellation);
            var examined = waiting.So;

            var sinkBefore = sink.Cpu;
            requests.TakeKinds();
            var measured = new Measured(requests, azurite.ProcessId);
            using var memory = new PeakMemory();
            var (allocated, pauses) = (GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration());
            await host.StartAsync(cancellation);
            await host.Services.GetRequiredService<Releases>()
                .Release(id, new("the secretary", "the secretary"), cancellation);
            // Asked apart, and seldom, so that the asking is not measured.
            var watched = new DistributionRecords(StorageAccount.FromConnectionString(azurite.ConnectionString), host.Services.GetRequiredService<IActLog>());
            while ((await watched.Find(id, cancellation))!.State
                is not DistributionState.Complete and not DistributionState.Paused)
                await Task.Delay(100, cancellation);
            var sent = measured.So;
            var kinds = requests.TakeKinds();
            var peak = memory.Peak;
            (allocated, pauses) = (GC.GetTotalAllocatedBytes() - allocated, GC.GetTotalPauseDuration() - pauses);
            var sinkTime = sink.Cpu - sinkBefore;
            await host.StopAsync(cancellation);

            var rate = options.Count / sent.Took.TotalSeconds;
            var peer = options.WithPeer ? await Peers.SmtpSource(sink, options) : null;
            var complete = await IsComplete(host.Services, id, options.Count, cancellation);
            Line($"{options.Count} letters, {options.EnclosureKb} KB enclosure, DKIM {(options.Dkim ? "on" : "off")}, to {sink.Name}");
            Line($"  check, typesetting, freezing: {examined.Took.TotalSeconds:0.0} s, {Each(examined.Own + examined.Storage):0.0} ms of processor time a letter, {(double)examined.Requests / options.Count:0.00} requests");
            Line($"  release to last record: {sent.Took.TotalSeconds:0.00} s, {rate:0} letters/s{(peer is { } other ? $"; smtp-source -s 8 {other:0}/s, ratio {rate / other:0.00}" : "")}");
            Line($"  processor time a letter: {Each(sent.Own + sent.Storage):0.00} ms (this program {Each(sent.Own):0.00}, storage {Each(sent.Storage):0.00}); beside it the sink {Each(sinkTime):0.00}");
            Line($"  storage requests a letter: {(double)sent.Requests / options.Count:0.000} ({sent.Requests})");
            foreach (var (kind, count) in kinds.Take(8))
                Line($"    {(double)count / options.Count:0.000} {kind}");
            Line($"  peak memory of this program: {peak >> 20} MB; allocated {allocated / 1_000.0 / options.Count:0} KB a letter, collecting it took {Each(pauses):0.00} ms");
            Line($"  complete: {(complete ? "every mission has it, once" : "NO")}");
            return complete ? 0 : 1;

            double Each(TimeSpan time) => time.TotalMilliseconds / options.Count;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Line(FormattableString words) => Console.WriteLine(words.ToString(CultureInfo.InvariantCulture));

    private static IHost Build(
        SendOptions options,
        string storage,
        int port,
        ToolsFolder typesetter,
        StorageRequests requests)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        Configure(builder, options, storage, port, typesetter, requests);
        return builder.Build();
    }

    /// <summary>The workflow with the emulator, the sink, and the pump of the queues.</summary>
    public static void Configure(
        IHostApplicationBuilder builder,
        SendOptions options,
        string storage,
        int port,
        ToolsFolder typesetter,
        StorageRequests requests)
    {
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [ResourceNames.Storage] = storage,
            ["PublicUrl"] = "http://127.0.0.1:5080",
            ["Templates"] = Path.Combine(AppContext.BaseDirectory, "templates"),
            ["Mail:Transport"] = string.Create(CultureInfo.InvariantCulture, $"smtp://127.0.0.1:{port}"),
            ["Mail:From"] = "Co-facilitators <letters@secretariat.example>",
            ["Mail:ReturnPath"] = "bounces@secretariat.example",
            ["Links:Keys:0"] = LinkKeys.Create("speed"),
            ["Release:People"] = "1",
            ["Typesetting:Folder"] = typesetter.Root,
            ["Typesetting:Node"] = typesetter.Node.Program,
        });
        if (options.BatchSize is { } size)
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Dispatch:BatchSize"] = size.ToString(CultureInfo.InvariantCulture),
            });
        if (options.Dkim)
        {
            using var key = System.Security.Cryptography.RSA.Create(2048);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Mail:DkimDomain"] = "secretariat.example",
                ["Mail:DkimSelector"] = "speed",
                ["Mail:DkimKey"] = key.ExportPkcs8PrivateKeyPem(),
            });
        }

        builder.Services
            .AddDistribution(builder.Configuration)
            .AddSingleton(StorageAccount.FromConnectionString(storage, requests))
            .AddSingleton(QueueRules.Read(Path.Combine(AppContext.BaseDirectory, "host.json")))
            .AddHostedService<QueuePump>();
    }

    public static async Task Prepare(IServiceProvider services, SendOptions options, CancellationToken cancellation)
    {
        await services.GetRequiredService<StorageSetup>().Create(cancellation);
        await services.GetRequiredService<RegisterContainer>().Write(
            RegisterContainer.Uploaded,
            Registers.Of(options.Count),
            cancellation);
        var drafts = services.GetRequiredService<Drafts>();
        foreach (var file in Directory.EnumerateFiles(LocalRun.Sample))
        {
            var content = await File.ReadAllBytesAsync(file, cancellation);
            if (Path.GetFileName(file) == "letter.md")
                content = Encoding.UTF8.GetBytes(
                    Encoding.UTF8.GetString(content).Replace("release: automatic\n", "", StringComparison.Ordinal));
            else
                content = Padded(content, options.EnclosureKb * 1_000);
            await drafts.Upload($"gcm/draft-rev-1/{Path.GetFileName(file)}", new MemoryStream(content), cancellation);
        }
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

    public static async Task<string> Examine(IServiceProvider services, CancellationToken cancellation)
    {
        var reconciler = services.GetRequiredService<Reconciler>();
        for (var tries = 0; tries < 5; tries++)
        {
            await reconciler.Reconcile(cancellation);
            if ((await services.GetRequiredService<DistributionRecords>().All(cancellation)) is [var distribution])
                return distribution.Id;
        }

        throw new InvalidOperationException(
            $"The letter was not accepted: {string.Join(" ", (await services.GetRequiredService<Uploads>().All(cancellation)).SelectMany(upload => upload.Value.Faults))}");
    }

    private static async Task<bool> IsComplete(
        IServiceProvider services,
        string id,
        int count,
        CancellationToken cancellation)
    {
        var entries = await services.GetRequiredService<MissionEntries>().All(id, cancellation);
        return entries.Count == count
            && entries.All(entry => entry.Value is { State: DeliveryState.Accepted, Attempts: [{ Mailboxes: var mailboxes }] }
                && mailboxes.TrueForAll(mailbox =>
                    mailbox.Events.Count(happened => happened.Kind == DeliveryEventKind.HandingOver) == 1));
    }

    /// <summary>The most memory that this process has at once, sampled.</summary>
    internal sealed class PeakMemory : IDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task sampling;
        private long peak;

        public PeakMemory() => sampling = Task.Run(Sample);

        public long Peak => Interlocked.Read(ref peak);

        public void Dispose()
        {
            stop.Cancel();
            sampling.Wait();
            stop.Dispose();
        }

        private async Task Sample()
        {
            while (!stop.IsCancellationRequested)
            {
                peak = Math.Max(peak, Environment.WorkingSet);
                await Task.Delay(100, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
