using Distribution.FaultSuite;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>
/// The fault suite in short: the same runs over fewer missions. Its long form is <c>tests/Distribution.Faults</c>.
/// </summary>
public sealed class FaultSuiteTests(AzuriteFixture azurite)
{
    private const int Missions = 32;

    private const int Seed = 20180326;

    private readonly Figures figures = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing_in_silence()
    {
        await Runs().Kill(3, Cancellation);

        Sound();
        Assert.True(
            figures.LongestRecovery < TimeSpan.FromSeconds(60),
            $"A recovery took {figures.LongestRecovery.TotalSeconds:0} s.");
    }

    [Fact]
    public async Task A_mail_server_on_a_bad_day_gets_every_letter_and_none_twice_in_silence()
    {
        await Runs().Smtp(Cancellation);

        Sound();
        Assert.NotEmpty(figures.Faults);
    }

    [Fact]
    public async Task Storage_that_fails_keeps_no_letter_from_its_mission()
    {
        await Runs().Storage(Cancellation);

        Sound();
        Assert.NotEmpty(figures.Faults);
    }

    [Fact]
    public async Task A_worker_told_to_stop_finishes_the_letters_in_flight_claims_no_more_and_leaves()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        var arrivals = new Arrivals();
        var inFlight = 0;
        var answer = new TaskCompletionSource();
        await using var server = new ReceivingServer(arrivals, new MailFaults(Seed, rate: 0, figures))
        {
            BeforeAnswer = () =>
            {
                Interlocked.Increment(ref inFlight);
                return answer.Task;
            },
        };
        await using var stage = new FaultRun(
            azurite.NewAccount(),
            TypesetterFixture.Shared,
            figures,
            [
                ("Mail:Transport", $"smtp://127.0.0.1:{server.Port}"),
                ("Dispatch:Concurrency", "4"),
                ("Dispatch:ClaimFor", "00:05:00"),
            ])
        {
            Arrivals = arrivals,
        };
        await stage.Release(Registers.Of(Missions), Cancellation);
        await using var worker = stage.StartWorker();
        while (Volatile.Read(ref inFlight) < 4 && !worker.HasExited)
            await Task.Delay(20, Cancellation);

        worker.Terminate();
        await Task.Delay(500, Cancellation);
        Assert.False(worker.HasExited);
        answer.SetResult();
        await worker.Exited(Cancellation);

        Assert.Equal((0, 4), (worker.ExitCode, arrivals.Messages));
        var entries = await stage.Entries(Cancellation);
        Assert.Equal(
            [(DeliveryState.Pending, Missions - 4), (DeliveryState.Accepted, 4)],
            entries.CountBy(entry => entry.State).OrderBy(count => count.Key).Select(count => (count.Key, count.Value))
        );
        Assert.All(entries, entry => Assert.Null(entry.Claim));
    }

    private FaultRuns Runs() =>
        new(
            _ => azurite.NewAccount(),
            TypesetterFixture.Shared,
            figures,
            Seed,
            Missions,
            TestContext.Current.SendDiagnosticMessage);

    private void Sound()
    {
        using var words = new StringWriter();
        figures.Print(words);
        TestContext.Current.TestOutputHelper!.WriteLine(words.ToString());
        Assert.True(figures.IsSound, $"{words}");
    }
}
