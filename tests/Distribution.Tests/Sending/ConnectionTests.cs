using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Mail;
using Distribution.Tests.Storage;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>Mail servers that allow few connections, or are begun anew while letters leave.</summary>
public sealed class ConnectionTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private static readonly string[] Twelve =
        ["afg", "alb", "and", "arm", "aus", "aut", "aze", "bel", "ben", "bgd", "bgr", "bhs"];

    private readonly ScriptedSmtpServer relay = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private (string, string) Way => ("Mail:Transport", $"smtp://127.0.0.1:{relay.Port}");

    public ValueTask DisposeAsync() => relay.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_relay_that_allows_few_connections_takes_all_letters_over_those_and_the_setting_is_named(int allowed)
    {
        relay.MostConnections = allowed;
        relay.BeforeAnswer = command => command == "." ? Task.Delay(20, Cancellation) : Task.CompletedTask;
        await using var workflow = await TestWorkflow.Open(azurite, Way);
        await workflow.Released(Twelve);

        await workflow.Run();

        var distribution = await workflow.TheDistribution();
        Assert.Equal(DistributionState.Complete, distribution.State);
        Assert.DoesNotContain(distribution.Acts, entry => entry.Act == Act.Paused);
        Assert.Equal(12, relay.Mails.Count);
        Assert.InRange(relay.TurnedAway, 1, 8);
        var notice = Assert.Single(
            await workflow.Get<Notices>().All(Cancellation),
            notice => notice.Text.Contains("Mail:Connections", StringComparison.Ordinal));
        Assert.Contains($"takes no more than {allowed} connection", notice.Text);
        Assert.Contains($"Set Mail:Connections to {allowed}", notice.Text);
    }

    [Fact]
    public async Task All_workers_together_open_no_more_connections_than_the_setting_says()
    {
        relay.MostConnections = 3;
        // No letter is answered until as many are on their way as may be, and then there is time for one too many.
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        late.CancelAfter(TimeSpan.FromMinutes(1));
        relay.BeforeAnswer = async command =>
        {
            if (command != ".")
                return;
            while (relay.MostAtOnce < 3)
                await Task.Delay(5, late.Token);
            await Task.Delay(30, late.Token);
        };
        (string, string)[] settings =
            [Way, ("Mail:Connections", "3"), ("Dispatch:Concurrency", "2"), ("Dispatch:BatchSize", "2")];
        await using var workflow = await TestWorkflow.Open(azurite, settings);
        await using var second = workflow.Another(settings);
        await using var third = workflow.Another(settings);
        var distribution = await workflow.Released(Twelve);
        await workflow.Queue.ClearMessagesAsync(Cancellation);

        await Task.WhenAll(
            Batch(workflow, 1, 2),
            Batch(workflow, 3, 4),
            Batch(second, 5, 6),
            Batch(second, 7, 8),
            Batch(third, 9, 12));
        var together = relay.MostAtOnce;
        workflow.Clock.Advance(TimeSpan.FromMinutes(6));
        await workflow.Queue.ClearMessagesAsync(Cancellation);
        await workflow.Run();

        Assert.Equal(3, together);
        Assert.Equal(0, relay.TurnedAway);
        Assert.Equal(12, relay.Mails.Count);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);

        async Task Batch(TestWorkflow worker, int first, int last) =>
            await worker.Get<BatchHandler>().Dispatch(await worker.BatchOf(distribution.Id, first, last), Cancellation);
    }

    [Fact]
    public async Task The_share_of_a_worker_that_died_lapses()
    {
        (string, string)[] settings = [Way, ("Mail:Connections", "2")];
        await using var workflow = await TestWorkflow.Open(azurite, settings);
        await using var dead = workflow.Another(settings);
        await workflow.Get<SharedLimits>().Change(
            use => new Decision<SharedUse, bool>(
                use with { Leases = [new("dead", 2, workflow.Clock.GetUtcNow() + TimeSpan.FromMinutes(2))] },
                true),
            Cancellation);

        Assert.Null(await workflow.Get<ConnectionShare>().Take(Cancellation));
        workflow.Clock.Advance(TimeSpan.FromMinutes(2.1));
        await using var taken = await workflow.Get<ConnectionShare>().Take(Cancellation);

        Assert.Equal(2, taken!.InFlight.CurrentCount);
    }

    [Fact]
    public async Task Who_could_not_renew_its_share_begins_no_more_letters_than_others_leave_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite, Way, ("Mail:Connections", "2"));
        await using var taken = await workflow.Get<ConnectionShare>().Take(Cancellation);

        // It lapsed, and another worker took one of the connections.
        await Leases([new("another", 1, workflow.Clock.GetUtcNow() + TimeSpan.FromMinutes(2))]);
        await Renewed(1);
        await Leases([]);
        await Renewed(2);

        Task Leases(IReadOnlyList<ConnectionLease> leases) =>
            workflow.Get<SharedLimits>().Change(
                use => new Decision<SharedUse, bool>(use with { Leases = [.. leases] }, true),
                Cancellation);

        async Task Renewed(int connections)
        {
            workflow.Clock.Advance(TimeSpan.FromSeconds(31));
            while (taken!.InFlight.CurrentCount != connections)
                await Task.Delay(10, Cancellation);
        }
    }

    // It counted anew for each try to claim the letters.
    [Fact]
    public async Task A_letter_whose_claim_meets_a_conflict_counts_once_for_the_rate()
    {
        var isDown = true;
        var transport = new TransportStub((_, address) =>
            isDown
                ? new(address, MailboxResult.TryLater, "451 4.3.2 Later")
                : new(address, MailboxResult.Accepted, "250 OK"));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:LettersPerMinute", "2"));
        var distribution = await workflow.Released("che", "fra");
        await workflow.CarryOutBatches();
        isDown = false;
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        await using var worker = workflow.OverStorage(
            new Meanwhile(
                "$batch",
                () => workflow.Get<MissionEntries>().Change(
                    distribution.Id,
                    "che",
                    entry => entry with { NotBefore = workflow.Clock.GetUtcNow() },
                    Cancellation)),
            transport,
            ("Dispatch:LettersPerMinute", "2"));

        await worker.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 2), Cancellation);

        Assert.Equal(4, transport.Offered.Count);
    }

    [Fact]
    public async Task A_relay_begun_anew_in_mid_send_loses_no_letter_and_doubles_none()
    {
        await using var workflow = await TestWorkflow.Open(azurite, Way, ("Dispatch:Concurrency", "1"));
        var distribution = await workflow.Released(Twelve);
        var letters = 0;
        relay.BeforeAnswer = command =>
        {
            if (command == "DATA" && Interlocked.Increment(ref letters) == 5)
                relay.HangUp();
            return Task.CompletedTask;
        };

        for (var minute = 0; minute < 5; minute++)
        {
            await workflow.Run();
            workflow.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        Assert.All(await workflow.Dispatches(distribution.Id), entry => Assert.Equal(DeliveryState.Accepted, entry.State));
        Assert.Equal(12, relay.Mails.Count);
    }

    [Fact]
    public async Task The_rate_is_one_for_the_whole_service()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Dispatch:LettersPerMinute", "5"));
        await using var another = workflow.Another(("Dispatch:LettersPerMinute", "5"));
        var now = workflow.Clock.GetUtcNow();

        Assert.Equal((3, now + TimeSpan.FromMinutes(1)), await workflow.Get<SendRateLimiter>().Grant(3, Cancellation));
        Assert.Equal((2, now + TimeSpan.FromMinutes(1)), await another.Get<SendRateLimiter>().Grant(3, Cancellation));
        Assert.Equal(0, (await workflow.Get<SendRateLimiter>().Grant(1, Cancellation)).Letters);
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(5, (await another.Get<SendRateLimiter>().Grant(9, Cancellation)).Letters);
    }

    [Fact]
    public async Task Limits_that_cannot_be_read_are_begun_anew()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:LettersPerMinute", "2"));
        await workflow.Get<StorageAccount>().Tables.GetTableClient(Distribution.Common.ResourceNames.DistributionsTable)
            .AddEntityAsync(
                new Azure.Data.Tables.TableEntity("sending", "limits") { ["Facts0"] = "{" },
                Cancellation);
        await workflow.Released("che");

        await workflow.Run();

        Assert.Single(transport.Offered);
    }
}
