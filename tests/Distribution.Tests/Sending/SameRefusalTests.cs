using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Mail;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>The same refusal for everyone is ours: it fails nobody.</summary>
public sealed class SameRefusalTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_relay_that_denies_everyone_fails_nobody_and_when_it_takes_letters_each_mission_has_one()
    {
        await using var relay = new ScriptedSmtpServer();
        // As relays do, it takes mail for its own: the return path.
        foreach (var mailbox in Missions(12).Select(mission => $"office@{mission}.example"))
            relay.On($"RCPT TO:<{mailbox}>", Denied(mailbox));
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("Mail:Transport", $"smtp://127.0.0.1:{relay.Port}"),
            ("Dispatch:BatchSize", "4"),
            ("Dispatch:Concurrency", "3"));
        await Register(workflow, Missions(12));
        var distribution = await Released(workflow);

        await workflow.CarryOutBatches();

        var held = await workflow.TheDistribution();
        Assert.Equal((DistributionState.Paused, false), (held.State, held.PausePasses));
        // Already at the first refusal: the server does not take mail to the return path either.
        Assert.Contains("Relay access denied”. Set Mail:User and Mail:Password", held.PauseReason);
        Assert.All(await workflow.Dispatches(distribution.Id), entry => Assert.Equal(DeliveryState.Pending, entry.State));
        Assert.Empty(relay.Mails);

        relay.Forget();
        Assert.True(await workflow.Get<Releases>().Resume(distribution.Id, "the secretary", Cancellation));
        await workflow.Run();

        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        Assert.All(await workflow.Dispatches(distribution.Id), entry => Assert.Equal(DeliveryState.Accepted, entry.State));
        Assert.Equal(12, relay.Mails.SelectMany(mail => mail.Recipients).Distinct().Count());
        Assert.Equal(12, relay.Mails.Count);
    }

    [Fact]
    public async Task Who_goes_on_without_a_remedy_is_held_again_and_still_nobody_has_failed()
    {
        var transport = Refusing((_, address) => Denied(address));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:Concurrency", "1"));
        await Register(workflow, Missions(9));
        var distribution = await Released(workflow);

        await workflow.CarryOutBatches();
        Assert.Equal(5, transport.Offered.Count);
        await workflow.Get<Releases>().Resume(distribution.Id, "the secretary", Cancellation);
        await workflow.Run();

        Assert.Equal(6, transport.Offered.Count);
        Assert.Equal(DistributionState.Paused, (await workflow.TheDistribution()).State);
        Assert.All(await workflow.Dispatches(distribution.Id), entry => Assert.Equal(DeliveryState.Pending, entry.State));
    }

    [Fact]
    public async Task Workers_that_each_see_too_few_see_it_together()
    {
        var transport = Refusing((_, _) => "550 5.7.1 Client host rejected: cannot find your hostname, [192.0.2.7]");
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:BatchSize", "3"));
        await using var another = workflow.Another(transport);
        await Register(workflow, Missions(6));
        var distribution = await Released(workflow);

        await Task.WhenAll(
            workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 3), Cancellation),
            another.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 4, 6), Cancellation));

        Assert.Equal(DistributionState.Paused, (await workflow.TheDistribution()).State);
        Assert.All(await workflow.Dispatches(distribution.Id), entry => Assert.Equal(DeliveryState.Pending, entry.State));
    }

    [Fact]
    public async Task Mailboxes_that_are_refused_again_after_a_hold_are_really_not_there()
    {
        var transport = Refusing((_, _) => "550 5.1.1 User unknown");
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:Concurrency", "1"));
        await Register(workflow, Missions(5));
        var distribution = await Released(workflow);
        await workflow.CarryOutBatches();
        Assert.Equal(DistributionState.Paused, (await workflow.TheDistribution()).State);

        await workflow.Get<Releases>().Resume(distribution.Id, "the secretary", Cancellation);
        await workflow.Run();

        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        Assert.All(await workflow.Dispatches(distribution.Id), entry => Assert.Equal(DeliveryState.Failed, entry.State));
    }

    [Fact]
    public async Task A_relay_that_puts_everyone_off_until_no_try_is_left_fails_nobody()
    {
        var transport = new TransportStub((_, address) =>
            new(address, MailboxResult.TryLater, $"454 4.7.1 <{address}>: Relay access denied"));
        await using var workflow = await TestWorkflow.Open(
            azurite,
            transport,
            ("Dispatch:RetryDelays:0", "00:01:00"));
        await Register(workflow, Missions(5));
        var distribution = await Released(workflow);
        for (var minute = 0; minute < 4; minute++)
        {
            await workflow.Run();
            workflow.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(DistributionState.Paused, (await workflow.TheDistribution()).State);
        Assert.All(await workflow.Dispatches(distribution.Id), entry => Assert.Equal(DeliveryState.Pending, entry.State));
    }

    [Theory]
    [InlineData("refused by four", 4, 0, false, false)]
    [InlineData("five of one domain", 5, 0, true, false)]
    [InlineData("one accepted between", 6, 3, false, false)]
    [InlineData("one accepted before", 6, 1, false, true)]
    [InlineData("one accepted after", 6, 6, false, true)]
    public async Task It_takes_five_missions_of_five_domains_and_none_accepted_between(
        string what,
        int missions,
        int accepted,
        bool oneDomain,
        bool isHeld)
    {
        var transport = Refusing(
            (place, address) => place == accepted ? null : $"550 5.7.1 {address} refused (id {Guid.NewGuid():n}, 2026-11-28T10:00:0{place}Z)");
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:Concurrency", "1"));
        await Register(workflow, Missions(missions), oneDomain);
        await Released(workflow);

        await workflow.CarryOutBatches();

        Assert.True(
            (isHeld ? DistributionState.Paused : DistributionState.Complete)
            == (await workflow.TheDistribution()).State,
            what);
    }

    [Fact]
    public async Task Refusals_in_different_words_are_each_missions_own()
    {
        string[] words = ["550 5.7.1 Spam", "550 5.1.1 Unknown", "552 5.2.2 Full", "550 No", "553 No", "554 5.7.1 Go away"];
        var transport = Refusing((place, _) => words[place - 1]);
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:Concurrency", "1"));
        await Register(workflow, Missions(6));
        var distribution = await Released(workflow);

        await workflow.CarryOutBatches();

        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        Assert.All(await workflow.Dispatches(distribution.Id), entry => Assert.Equal(DeliveryState.Failed, entry.State));
    }

    private static string Denied(string address) => $"554 5.7.1 <{address}>: Relay access denied";

    private static TransportStub Refusing(Func<int, string, string?> words)
    {
        var place = 0;
        return new((_, address) => words(Interlocked.Increment(ref place), address) is { } refusal
            ? new(address, MailboxResult.Refused, refusal)
            : new(address, MailboxResult.Accepted, "250 OK"));
    }

    private static string[] Missions(int count) =>
        [.. new[] { "afg", "alb", "and", "arm", "aus", "aut", "aze", "bel", "ben", "bgd", "bgr", "bhs" }.Take(count)];

    private static Task Register(TestWorkflow workflow, string[] missions, bool oneDomain = false) =>
        workflow.UploadRegister(
            string.Join(
                "\r\n",
                TestWorkflow.RegisterOf(missions).Split("\r\n").Select(line => missions.Aggregate(
                    line,
                    (text, mission) => oneDomain
                        ? text
                        : text.Replace($"{mission}@missions.example", $"office@{mission}.example", StringComparison.Ordinal)))));

    private static async Task<DistributionRecord> Released(TestWorkflow workflow)
    {
        var distribution = await workflow.Accepted();
        Assert.True(await workflow.Get<Releases>().Release(distribution.Id, "the secretary", Cancellation));
        return distribution;
    }
}
