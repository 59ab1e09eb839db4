using System.Net;
using System.Text;
using Distribution.Common;
using Distribution.Functions;
using Distribution.Hosting;
using Distribution.Letters;
using Distribution.Local;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Distribution.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xunit;

namespace Distribution.Tests.Infra;

/// <summary>What the app for Azure hands to monitoring, which other people read than the desk.</summary>
public sealed class ExportsTests(AzuriteFixture azurite)
{
    private const string Mailbox = "office.che@mission.example";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// The page is opened, fails because storage fails, is asked for with a forged token and sent a form; a mission's
    /// mailbox bounces. All that is logged is exported here, the least of it included.
    /// </summary>
    [Fact]
    public async Task Nothing_that_leaves_holds_a_missions_link_or_mailbox_whatever_happens_to_a_request()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseMailboxes(Mailbox);
        var letter = await workflow.Released();
        await workflow.CarryOutBatches();
        var link = new Uri(workflow.Get<MissionLinks>().For(letter.Id, "che")).AbsolutePath;
        var token = link.Split('/')[^1];
        List<LogRecord> logs = [];
        List<Metric> counts = [];
        List<System.Diagnostics.Activity> traces = [];
        var isStorageGone = false;
        await using (var app = await Site(workflow, logs, counts, traces, () => isStorageGone))
        {
            using var browser = new HttpClient { BaseAddress = new(app.Urls.Single()) };
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(link, Cancellation)).StatusCode);
            await browser.GetAsync($"{link}x", Cancellation);
            await browser.PostAsync(link, new FormUrlEncodedContent([new("name", Mailbox)]), Cancellation);
            using var junk = new StringContent($"[{{\"email\":\"{Mailbox}\",\"url\":\"{link}\"}}]");
            await browser.PostAsync("/events/sendgrid", junk, Cancellation);
            isStorageGone = true;
            Assert.Equal(HttpStatusCode.InternalServerError, (await browser.GetAsync(link, Cancellation)).StatusCode);
            Telemetry.RecordDelivery(DeliveryEventKind.Bounced);
            app.Services.GetRequiredService<MeterProvider>().ForceFlush();
        }

        var all = new StringBuilder();
        foreach (var log in logs)
        {
            all.AppendLine(log.FormattedMessage).AppendLine(log.Body);
            foreach (var attribute in log.Attributes ?? [])
                all.AppendLine(attribute.ToString());
            log.ForEachScope((scope, into) =>
            {
                foreach (var attribute in scope)
                    into.AppendLine(attribute.ToString());
            }, all);
        }

        foreach (var count in counts)
            foreach (ref readonly var point in count.GetMetricPoints())
                foreach (var tag in point.Tags)
                    all.AppendLine(tag.ToString());
        Assert.Contains(logs, log => log.FormattedMessage?.Contains("failed, reference", StringComparison.Ordinal) == true);
        Assert.Contains(counts, count => count.Name == Telemetry.Deliveries);
        Assert.All(counts, count => Assert.StartsWith("distribution.", count.Name, StringComparison.Ordinal));
        Assert.DoesNotContain(token, all.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Mailbox, all.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(traces);
    }

    [Fact]
    public async Task A_place_the_host_would_send_addresses_to_is_told_in_a_notice_until_it_is_gone()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=s3cret"),
            ("WEBSITE_SITE_NAME", "func-x"));
        await using var here = workflow.Another(("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=s3cret"));
        await here.Get<IWorkflow>().CreateStorage(Cancellation);
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));

        await workflow.Get<IWorkflow>().CreateStorage(Cancellation);
        await workflow.Get<IWorkflow>().CreateStorage(Cancellation);
        var notice = Assert.Single(await workflow.Get<Notices>().All(Cancellation));
        Assert.StartsWith(
            "The app setting APPLICATIONINSIGHTS_CONNECTION_STRING makes the platform keep the address of every request",
            notice.Text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", notice.Text, StringComparison.Ordinal);
    }

    /// <summary>The pages, with the app's own exports and another in memory behind each.</summary>
    private static async Task<WebApplication> Site(
        TestWorkflow workflow,
        List<LogRecord> logs,
        List<Metric> counts,
        List<System.Diagnostics.Activity> traces,
        Func<bool> isStorageGone)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddConfiguration(workflow.Configuration);
        var connection = workflow.Configuration[ResourceNames.Storage]!;
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace);
        builder.Services
            .AddSingleton<TimeProvider>(workflow.Clock)
            .AddDistribution(builder.Configuration)
            .AddDistributionWeb()
            .AddLocalSignIn()
            .AddSingleton(TypesetterFixture.Shared)
            .AddSingleton(StorageAccount.FromConnectionString(
                connection,
                StorageOnFirstUse.After(
                    connection,
                    new StorageFaultTests.Interference((_, _) => isStorageGone()
                        ? throw new InvalidOperationException("The storage account is gone.")
                        : null))))
            .AddOpenTelemetry()
            .AddExports(builder.Configuration, null)
            // Whatever the app itself would export is exported here as well; sources of traces it would have to name.
            .WithMetrics(metrics => metrics.AddInMemoryExporter(counts))
            .WithLogging(logging => logging.AddInMemoryExporter(logs))
            .WithTracing(tracing => tracing.AddInMemoryExporter(traces));
        var app = builder.Build();
        app.UseDistributionWeb();
        await app.StartAsync(Cancellation);
        return app;
    }
}
