using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Hosting.Jobs;
using Distribution.Intake;
using Distribution.Letters.Settings;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Distribution.Tests.Hosting;

/// <summary>The timer's jobs stand apart: a slow or failing one holds up none of the others.</summary>
public sealed class TimerTests(AzuriteFixture azurite)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_mail_hangs_uploads_are_examined_and_letters_leave_at_their_hour()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        await workflow.UseRegister("che", "mex");
        var due = await workflow.AcceptedWith("send: 2018-03-26 18:00");
        Assert.True(await workflow.Get<Releases>().Release(due.Id, "the secretary", Cancellation));
        Assert.Equal(DistributionState.Scheduled, (await workflow.TheDistribution()).State);
        await workflow.Upload("gcm/other/letter.md", Samples.Letter());
        await workflow.Upload("gcm/other/draft-rev-1.pdf", Samples.Pdf());
        workflow.WaitUntil("2018-03-26 18:00");
        await using var hanging = workflow.OverStorage(new Hanging(ResourceNames.Inbound));

        var run = hanging.Reconcile();
        await Until(async () =>
            await workflow.Distributions() is { Count: 2 } both
            && both.Single(found => found.Id == due.Id).State == DistributionState.Sending);

        // The next tick comes although the run has not ended, and finds what has come since.
        await workflow.Upload("gcm/third/letter.md", Samples.Letter());
        await workflow.Upload("gcm/third/draft-rev-1.pdf", Samples.Pdf());
        await Until(async () =>
        {
            workflow.Clock.Advance(TimeSpan.FromSeconds(10));
            return await workflow.Distributions() is { Count: 3 };
        });
        await Until(() =>
        {
            workflow.Clock.Advance(TimeSpan.FromSeconds(10));
            return Task.FromResult(run.IsCompleted);
        });
        await run;
    }

    [Fact]
    public async Task A_job_that_keeps_failing_has_no_heartbeat_and_one_notice_says_so()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var failing = workflow.OverStorage(
            new Failing(request => request.Uri.Path.EndsWith($"/{ResourceNames.Inbound}", StringComparison.Ordinal)));
        using var heartbeats = new Heartbeats();

        await failing.Reconcile();
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
        for (var tick = 0; tick < 3; tick++)
        {
            workflow.Clock.Advance(TimeSpan.FromMinutes(5));
            await failing.Reconcile();
        }

        Assert.Equal(
            "The service's job “inbound mail” has not succeeded since 26 March 2018, 12.00 p.m. New York time: something went wrong in the service itself. While that is so, bounces and replies that have come are not taken in. Have the service's log looked at.",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text);
        Assert.DoesNotContain("inbound mail", heartbeats.Succeeded);
        Assert.Contains("inbound mail", heartbeats.Failed);
        Assert.Superset(
            new HashSet<string> { "examination", "reminders and hours", "recovery", "sealing", "erasure", "unfinished uploads" },
            heartbeats.Succeeded.ToHashSet());
    }

    [Fact]
    public async Task Where_nothing_waits_a_file_is_found_by_the_next_run_and_what_another_process_has_changed_within_a_minute()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter("subject: Too little"));
        var folder = new UploadFolder("gcm", "draft-rev-1");
        await using var timer = workflow.Another();
        await timer.Reconcile();
        await timer.Reconcile();
        var register = Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "fra", "jpn"));

        await workflow.Get<RegisterContainer>().Upload(register, Cancellation);
        workflow.Clock.Advance(TimeSpan.FromSeconds(30));
        await timer.Reconcile();
        Assert.Null(await workflow.Get<RegisterContainer>().Examined(Cancellation));
        // A run that comes a little early is the one that looks.
        workflow.Clock.Advance(TimeSpan.FromSeconds(29));
        await timer.Reconcile();
        Assert.NotNull(await workflow.Get<RegisterContainer>().Examined(Cancellation));
        await timer.Reconcile();

        // What this process has changed itself, and what was uploaded, is looked at at once.
        workflow.Clock.Advance(TimeSpan.FromSeconds(10));
        await timer.Get<DeskSettings>().Change(
            SettingMatters.Holidays,
            "2018-04-03",
            new Dictionary<string, string> { [SettingMatters.Day] = "2018-04-03", [SettingMatters.Name] = "A day off" }
                .ToImmutableDictionary(),
            Setting.NoVersion,
            new("the secretary", "the secretary"),
            "",
            Cancellation);
        await timer.Reconcile();
        Assert.Equal(workflow.Clock.GetUtcNow(), await Examined());
        await timer.Reconcile();
        workflow.Clock.Advance(TimeSpan.FromSeconds(10));
        await timer.Get<RegisterContainer>().Write(RegisterContainer.InUse, register, Cancellation);
        await timer.Reconcile();
        Assert.Equal(workflow.Clock.GetUtcNow(), await Examined());
        await timer.Reconcile();
        workflow.Clock.Advance(TimeSpan.FromSeconds(10));
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter("subject: Still too little"));
        await timer.Reconcile();
        Assert.Equal(workflow.Clock.GetUtcNow(), await Examined());

        async Task<DateTimeOffset> Examined() =>
            (await workflow.Get<Uploads>().Find(folder, Cancellation))!.Value.ExaminedAt;
    }

    [Fact]
    public async Task While_mail_is_being_read_an_unknown_outcome_is_not_settled_by_policy()
    {
        var transport = new TransportStub((_, address) => new(address, MailboxResult.Unknown, ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        await workflow.Released("che");
        await workflow.Run();
        workflow.Clock.Advance(TimeSpan.FromMinutes(31));
        await using var hanging = workflow.OverStorage(new Hanging(ResourceNames.Inbound));
        using var heartbeats = new Heartbeats();

        var run = hanging.Reconcile();
        await Until(() =>
        {
            workflow.Clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(heartbeats.Succeeded.Contains("recovery"));
        });
        Assert.Equal(0, await Queued(workflow));
        Assert.DoesNotContain("inbound mail", heartbeats.Failed);

        // It could not be read in its time, so nothing more is waited for.
        await Until(() =>
        {
            workflow.Clock.Advance(TimeSpan.FromSeconds(10));
            return Task.FromResult(run.IsCompleted);
        });
        Assert.Contains("inbound mail", heartbeats.Failed);
        workflow.Clock.Advance(TimeSpan.FromMinutes(6));
        var again = hanging.Reconcile();
        await Until(async () =>
        {
            workflow.Clock.Advance(TimeSpan.FromSeconds(10));
            return await Queued(workflow) >= 1 && again.IsCompleted;
        });
    }

    [Fact]
    public async Task A_job_that_does_not_stop_when_it_is_cancelled_is_not_started_a_second_time()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var stubborn = new Stubborn();
        var reconciler = new Reconciler(
            [stubborn],
            workflow.Get<DistributionRecords>(),
            workflow.Get<JobFailures>(),
            workflow.Get<JobStates>(),
            workflow.Clock);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var run = reconciler.Reconcile(Cancellation);
            await Until(() =>
            {
                workflow.Clock.Advance(TimeSpan.FromSeconds(5));
                return Task.FromResult(run.IsCompleted);
            });
            await run;
        }

        Assert.Equal(1, stubborn.Runs);
        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        await reconciler.Reconcile(Cancellation);
        Assert.Contains(
            "it did not come to its end within 1 minute.",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);

        stubborn.End.SetResult();
        await reconciler.Reconcile(Cancellation);
        Assert.Equal(2, stubborn.Runs);
    }

    [Fact]
    public async Task How_jobs_end_is_stored_at_once_when_it_changes_and_else_every_few_minutes_in_one_request()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var (writes, isBroken, isFull) = (0, false, false);
        await using var timer = workflow.OverStorage(
            new Failing(request =>
            {
                var isWrite = request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal);
                writes += isWrite ? 1 : 0;
                return (isWrite && isFull)
                    || (isBroken && request.Uri.Path.EndsWith($"/{ResourceNames.Inbound}", StringComparison.Ordinal));
            }));
        async Task<int> Ticks(int count)
        {
            writes = 0;
            for (var tick = 0; tick < count; tick++)
            {
                workflow.Clock.Advance(TimeSpan.FromSeconds(30));
                await timer.Reconcile();
            }

            return writes;
        }

        Assert.Equal(1, await Ticks(1));
        Assert.Equal(0, await Ticks(9));
        Assert.Equal(1, await Ticks(1));
        isBroken = true;
        Assert.Equal(1, await Ticks(1));
        Assert.Equal(0, await Ticks(1));
        isBroken = false;
        // What cannot be stored fails no job, and is stored as soon as it can be.
        isFull = true;
        Assert.Equal(1, await Ticks(1));
        isFull = false;
        Assert.Equal(1, await Ticks(1));
        Assert.Equal(0, await Ticks(1));
        Assert.All((await workflow.Get<JobStates>().Read(Cancellation)).Jobs.Values, job => Assert.Null(job.Failure));
    }

    [Fact]
    public void The_alert_counts_every_job()
    {
        var jobs = new ServiceCollection()
            .AddDistribution(new ConfigurationBuilder().Build())
            .Count(service => service.ServiceType == typeof(ITimerJob));
        var alerts = File.ReadAllText(
            Path.Combine(Letters.SampleLetter.Templates, "..", "infra", "modules", "alerts.bicep"));
        var rule = alerts[alerts.IndexOf("'no-heartbeat'", StringComparison.Ordinal)..];
        Assert.Contains($"threshold: {jobs}\n", rule[..rule.IndexOf('}')], StringComparison.Ordinal);
    }

    private static async Task<int> Queued(TestWorkflow workflow) =>
        (await workflow.Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount;

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        time.CancelAfter(Patience);
        while (!await condition())
            await Task.Delay(20, time.Token);
    }

    /// <summary>Storage that never answers about one container, as if a server had gone silent.</summary>
    private sealed class Hanging(string container) : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new NotSupportedException();

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (message.Request.Uri.Path.EndsWith($"/{container}", StringComparison.Ordinal))
                await Task.Delay(Timeout.Infinite, message.CancellationToken);
            await ProcessNextAsync(message, pipeline);
        }
    }

    private sealed class Failing(Func<Request, bool> fails) : HttpPipelinePolicy
    {
        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            throw new NotSupportedException();

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
            fails(message.Request)
                ? throw new InvalidOperationException("A fault of our own.")
                : ProcessNextAsync(message, pipeline);
    }

    private sealed class Stubborn : ITimerJob
    {
        public TaskCompletionSource End { get; } = new();

        public int Runs { get; private set; }

        public string Name => "stubborn";

        public string Undone => "nothing is missed";

        public TimeSpan Budget => TimeSpan.FromMinutes(1);

        public Task Run(TimerTick tick, CancellationToken cancellation)
        {
            Runs++;
            return End.Task;
        }
    }

    private sealed class Heartbeats : IDisposable
    {
        /// <summary>Other tests run at the same time, and the meter is one for the whole process.</summary>
        private static readonly AsyncLocal<Heartbeats?> Here = new();

        private readonly MeterListener listener = new();

        public Heartbeats()
        {
            Here.Value = this;
            listener.InstrumentPublished = (instrument, heard) =>
            {
                if (instrument.Name is Telemetry.Heartbeat or Telemetry.JobFailures)
                    heard.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>(
                (instrument, _, tags, _) =>
                {
                    if (Here.Value == this)
                        (instrument.Name == Telemetry.Heartbeat ? Succeeded : Failed).Enqueue((string)tags[0].Value!);
                });
            listener.Start();
        }

        public ConcurrentQueue<string> Succeeded { get; } = new();

        public ConcurrentQueue<string> Failed { get; } = new();

        public void Dispose() => listener.Dispose();
    }
}
