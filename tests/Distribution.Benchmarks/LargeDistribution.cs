using System.Diagnostics;
using System.Globalization;
using System.Text;
using Distribution.Common;
using Distribution.FaultSuite;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Local;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tracking.Log;
using Distribution.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Distribution.Benchmarks;

/// <summary>
/// What a large distribution costs beside its sending: its frozen content, the timer, the log, and every page and file
/// that the secretariat takes away, each with its time, its requests to storage, and how much memory it needed.
/// </summary>
internal static class LargeDistribution
{
    public static async Task<int> Run(SendOptions options)
    {
        var cancellation = CancellationToken.None;
        await using var bed = await TestBed.Open(cancellation);
        await using var sink = await Sink.Start();
        var requests = new StorageRequests();
        var builder = WebApplication.CreateSlimBuilder();
        Service.Configure(builder, SendRun.Settings(options, bed, sink), requests);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDistributionWeb().AddLocalSignIn();
        await using var app = builder.Build();
        app.UseDistributionWeb();
        await SendRun.Prepare(app.Services, options, cancellation);
        var report = new Report(requests);
        var id = "";
        await report.Line("check, typesetting, freezing", async () => id = await Service.Examine(app.Services, cancellation));
        await app.StartAsync(cancellation);
        await report.Line(
            "release: what the person waits for",
            () => app.Services.GetRequiredService<Releases>()
                .Release(id, new("the secretary", "the secretary"), cancellation));
        await report.Line(
            "sending",
            async () =>
            {
                while ((await app.Services.GetRequiredService<DistributionRecords>().Find(id, cancellation))!.State
                    != DistributionState.Complete)
                    await Task.Delay(1_000, cancellation);
            });
        await report.Line("content.json", () => Content(app.Services, id, cancellation));
        await report.Line("one look of the timer", () => app.Services.GetRequiredService<EntryStates>()
            .Look(id, DateTimeOffset.UtcNow, cancellation));
        await report.Line("all entries", () => app.Services.GetRequiredService<MissionEntries>().All(id, cancellation));
        await report.Line("sealing the log", () => app.Services.GetRequiredService<LogSealer>()
            .Seal(id, makeUp: true, cancellation));
        await report.Line("a run of the timer at rest", () => app.Services.GetRequiredService<Reconciler>().Reconcile(cancellation));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new(app.Urls.Single()),
            Timeout = TimeSpan.FromMinutes(10),
        };
        foreach (var path in (string[])
            [
                "/", $"/distributions/{id}", $"/distributions/{id}", $"/distributions/{id}/served", $"/distributions/{id}/served.csv",
                $"/distributions/{id}/unreachable", $"/distributions/{id}/unreachable.pdf",
                $"/distributions/{id}/tick-sheet.csv", $"/distributions/{id}/tick-sheet.pdf",
                $"/distributions/{id}/acknowledgements.csv", $"/distributions/{id}/audit",
                $"/distributions/{id}/archive.zip",
            ])
            await report.Line($"GET {path.Replace(id, "ID", StringComparison.Ordinal)}", () => Get(http, path));
        return 0;
    }

    private static async Task<string> Content(IServiceProvider services, string id, CancellationToken cancellation)
    {
        var blob = services.GetRequiredService<StorageAccount>().Blobs
            .GetBlobContainerClient(ResourceNames.Distributions)
            .GetBlobClient($"{id}/content.json");
        var bytes = (await blob.GetPropertiesAsync(cancellationToken: cancellation)).Value.ContentLength;
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (content, _) = await services.GetRequiredService<FrozenContents>().ReadStored(id, cancellation);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{bytes / 1_000} KB stored, {held / 1_000} KB in memory, {content.Roster.Count} missions");
    }

    private static async Task<string> Get(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[81_920];
        long length = 0;
        for (int read; (read = await body.ReadAsync(buffer)) > 0;)
            length += read;
        return string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode}, {length / 1_000} KB");
    }

    private sealed class Report(StorageRequests requests)
    {
        public async Task Line<T>(string what, Func<Task<T>> work)
        {
            GC.Collect();
            using var memory = new PeakMemory();
            var (asked, allocated, begun) = (requests.So.Count, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
            var result = await work();
            var words = new StringBuilder();
            words.Append(
                CultureInfo.InvariantCulture,
                $"{what,-36} {Stopwatch.GetElapsedTime(begun).TotalSeconds,7:0.00} s {requests.So.Count - asked,6} requests {(GC.GetTotalAllocatedBytes() - allocated) >> 20,6} MB allocated, peak {memory.Peak >> 20} MB  {(result is string said ? said : "")}");
            Console.WriteLine(words);
        }

        public Task Line(string what, Func<Task> work) => Line(what, async () =>
        {
            await work();
            return 0;
        });
    }
}
