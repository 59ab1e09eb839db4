using System.Security.Cryptography;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Sending;

public sealed class SendingTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_mission_gets_its_own_message_with_the_enclosure_byte_for_byte()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseAllMissions();
        var distribution = await workflow.Released();
        await workflow.CarryOutBatches();

        var sent = workflow.Sent();
        var roster = RegisterCsv.Seed().Missions;
        Assert.Equal(
            roster.SelectMany(mission => mission.Mailboxes.Select(mailbox => mailbox.Address)).Order(),
            sent.Select(message => Assert.Single(message.To.Mailboxes).Address).Order());
        Assert.All(sent, message => Assert.Empty(message.Cc));
        Assert.Equal(223, sent.Select(message => message.MessageId).Distinct().Count());
        Assert.All(
            sent,
            message => Assert.Equal(Assert.Single(distribution.Enclosures).Hash, Hash(message.Attachments.Last())));
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Nothing_leaves_before_release_and_release_happens_once()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che", "mex");
        await workflow.Run();
        Assert.Empty(workflow.Sent());

        var releases = workflow.Get<Releases>();
        var pressed = await Task.WhenAll(
            Enumerable
                .Range(1, 4)
                .Select(preparedLetters =>
                    releases.Release(distribution.Id, $"secretary {preparedLetters}", Cancellation)));
        Assert.Single(pressed, took => took);
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
    }

    [Fact]
    public async Task The_same_message_again_and_two_workers_at_once_send_each_letter_once()
    {
        var transport = new TransportStub { BeforeAnswer = () => Task.Delay(20) };
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che", "mex", "fra", "jpn", "ken");
        await using var another = workflow.Another(transport);
        var message = await workflow.BatchOf(distribution.Id, 1, 5);

        await Task.WhenAll(
            workflow.Get<BatchHandler>().Dispatch(message, Cancellation),
            another.Get<BatchHandler>().Dispatch(message, Cancellation),
            workflow.Get<BatchHandler>().Dispatch(message, Cancellation),
            workflow.Get<BatchHandler>().Dispatch(message, Cancellation),
            another.Get<BatchHandler>().Dispatch(message, Cancellation));
        await workflow.Run();

        Assert.Equal(
            ["che", "fra", "jpn", "ken", "mex"],
            transport.Offered.Select(offered => offered.MissionId).Order());
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_mailbox_that_says_later_is_tried_again_alone_with_the_same_message_id()
    {
        var refusals = 0;
        var transport = new TransportStub((message, address) => address == "che-two@missions.example" && refusals++ == 0
            ? new(address, MailboxResult.TryLater, "451 4.3.2 Please come back")
            : new(address, MailboxResult.Accepted, "250 OK"));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        await workflow.UseMailboxes("che-one@missions.example; che-two@missions.example");
        var distribution = await workflow.Released();
        await workflow.CarryOutBatches();
        Assert.Equal(DeliveryState.Pending, Assert.Single(await workflow.Dispatches(distribution.Id)).State);
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);

        workflow.Clock.Advance(TimeSpan.FromMinutes(2));
        await workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 1), Cancellation);

        Assert.Equal(
            [
                ["che-one@missions.example", "che-two@missions.example"],
                ["che-two@missions.example"],
            ],
            transport.Offered.Select(offered => offered.Envelope));
        Assert.Single(transport.Offered.Select(offered => offered.MessageId).Distinct());
        var mailboxes = Assert.Single(Assert.Single(await workflow.Dispatches(distribution.Id)).Attempts).Mailboxes;
        Assert.All(mailboxes, mailbox => Assert.Equal(DeliveryState.Accepted, mailbox.State));
        Assert.Equal(
            ["", "451 4.3.2 Please come back", "", "250 OK"],
            mailboxes[1].Events.Select(happened => happened.Words));
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_mailbox_that_always_says_later_fails_after_the_last_delay_with_the_servers_words()
    {
        var transport = new TransportStub(
            (_, address) => new(address, MailboxResult.TryLater, "452 4.2.2 Mailbox full"));
        await using var workflow = await TestWorkflow.Open(
            azurite,
            transport,
            ("Dispatch:RetryDelays:0", "00:00:30"),
            ("Dispatch:RetryDelays:1", "00:01:00"));
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        for (var time = 0; time < 2; time++)
        {
            workflow.Clock.Advance(TimeSpan.FromMinutes(2));
            await workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 1), Cancellation);
        }

        Assert.Equal(3, transport.Offered.Count);
        var entry = Assert.Single(await workflow.Dispatches(distribution.Id));
        Assert.Equal(DeliveryState.Failed, entry.State);
        Assert.Equal("452 4.2.2 Mailbox full", entry.Attempts[0].Mailboxes[0].Events[^1].Words);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_letter_is_not_tried_again_before_its_time()
    {
        var transport = new TransportStub(
            (_, address) => new(address, MailboxResult.TryLater, "451 4.3.2 Later", TimeSpan.FromMinutes(10)));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        workflow.Clock.Advance(TimeSpan.FromMinutes(9));
        await workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 1), Cancellation);
        Assert.Single(transport.Offered);
    }

    [Fact]
    public async Task A_refused_mailbox_fails_in_the_servers_words_and_stops_nobody_else()
    {
        var transport = new TransportStub((message, address) => message.MissionId == "che"
            ? new(address, MailboxResult.Refused, "550 5.1.1 No such user")
            : new(address, MailboxResult.Accepted, "250 OK"));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();

        Assert.Equal(
            [("mex", DeliveryState.Accepted), ("che", DeliveryState.Failed)],
            (await workflow.Dispatches(distribution.Id)).Select(entry => (entry.MissionId, entry.State)));
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_fault_of_the_senders_own_pauses_with_a_sentence_fails_nobody_and_goes_on_when_told()
    {
        var transport = new TransportStub
        {
            Fault = new("The mail server does not accept the password. Correct Mail:Password.", passes: false),
        };
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che", "mex", "fra");
        await workflow.CarryOutBatches();

        var paused = await workflow.TheDistribution();
        Assert.Equal(DistributionState.Paused, paused.State);
        Assert.Equal("The mail server does not accept the password. Correct Mail:Password.", paused.PauseReason);
        Assert.All(
            await workflow.Dispatches(distribution.Id),
            entry => Assert.Equal(DeliveryState.Pending, entry.State));

        workflow.Clock.Advance(TimeSpan.FromHours(1));
        await workflow.Run();
        Assert.Equal(DistributionState.Paused, (await workflow.TheDistribution()).State);

        transport.Fault = null;
        Assert.True(await workflow.Get<Releases>().Resume(distribution.Id, "the secretary", Cancellation));
        await workflow.Run();
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        Assert.All(
            await workflow.Dispatches(distribution.Id),
            entry => Assert.Equal(DeliveryState.Accepted, entry.State));
    }

    [Fact]
    public async Task A_server_that_could_not_be_reached_is_tried_again_by_itself_after_pauses_that_grow()
    {
        var transport = new TransportStub { Fault = new("The mail server cannot be reached.", passes: true) };
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        await workflow.Released("che");
        await workflow.CarryOutBatches();
        Assert.Equal(DistributionState.Paused, (await workflow.TheDistribution()).State);

        workflow.Clock.Advance(TimeSpan.FromMinutes(1.3));
        await workflow.Run();
        Assert.Equal((1, DistributionState.Paused), (transport.Probes, (await workflow.TheDistribution()).State));
        workflow.Clock.Advance(TimeSpan.FromMinutes(1.3));
        await workflow.Run();
        Assert.Equal(1, transport.Probes);

        transport.Fault = null;
        workflow.Clock.Advance(TimeSpan.FromMinutes(1.3));
        await workflow.Run();
        Assert.Single(transport.Offered.Skip(1));
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_worker_that_dies_while_handing_over_leaves_an_unknown_outcome_and_nothing_is_sent_again()
    {
        var living = new TransportStub();
        await using var workflow = await TestWorkflow.Open(azurite, living);
        var distribution = await workflow.Released("che", "mex", "fra");
        // A worker whose transport never answers and whose clock stands still is as good as dead.
        var dying = new TransportStub { BeforeAnswer = () => Task.Delay(Timeout.Infinite, Cancellation) };
        await using var dead = workflow.Another(dying, new(workflow.Clock.GetUtcNow()));
        _ = dead.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 1), Cancellation);
        while (dying.Offered.IsEmpty)
            await Task.Delay(10, Cancellation);

        workflow.Clock.Advance(TimeSpan.FromMinutes(6));
        await workflow.Run();

        var inFlight = Assert.Single(dying.Offered).MissionId;
        Assert.DoesNotContain(inFlight, living.Offered.Select(offered => offered.MissionId));
        Assert.Equal(2, living.Offered.Count);
        Assert.Equal(
            DeliveryState.OutcomeUnknown,
            (await workflow.Dispatches(distribution.Id)).Single(entry => entry.MissionId == inFlight).State);
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_worker_told_to_stop_finishes_what_it_began_and_gives_the_rest_back()
    {
        using var stop = new CancellationTokenSource();
        var transport = new TransportStub { BeforeAnswer = stop.CancelAsync };
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:Concurrency", "1"));
        var distribution = await workflow.Released("che", "mex", "fra");
        var batch = await workflow.BatchOf(distribution.Id, 1, 3);
        await workflow.Queue.ClearMessagesAsync(Cancellation);
        await workflow.Get<BatchHandler>().Dispatch(batch, stop.Token);

        Assert.Equal(
            [DeliveryState.Accepted, DeliveryState.Pending, DeliveryState.Pending],
            (await workflow.Dispatches(distribution.Id)).Select(entry => entry.State).Order().Reverse());
        Assert.All(await workflow.Dispatches(distribution.Id), entry => Assert.Null(entry.Claim));
        transport.BeforeAnswer = () => Task.CompletedTask;
        // The rest is in the queue already.
        await workflow.CarryOutBatches();
        Assert.Equal(3, transport.Offered.Select(offered => offered.MissionId).Distinct().Count());
        Assert.Equal(3, transport.Offered.Count);
    }

    [Fact]
    public async Task A_batch_whose_message_was_lost_is_queued_again()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che", "mex");
        await workflow.Queue.ClearMessagesAsync(Cancellation);
        await workflow.Run();
        Assert.Empty(workflow.Sent());

        workflow.Clock.Advance(TimeSpan.FromMinutes(6));
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_batch_that_cannot_be_processed_puts_its_distribution_on_hold_and_is_sent_when_the_cause_is_gone()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che", "mex");
        var enclosure = workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Distributions)
            .GetBlobClient($"{distribution.Id}/enclosures/draft-rev-1.pdf");
        var frozen = (await enclosure.DownloadContentAsync(Cancellation)).Value.Content;
        await enclosure.UploadAsync(BinaryData.FromString("%PDF-1.7 something else"), overwrite: true, Cancellation);
        var message = await workflow.BatchOf(distribution.Id, 1, 2);
        await workflow.Queue.ClearMessagesAsync(Cancellation);
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            workflow.Get<BatchHandler>().Dispatch(message, Cancellation));

        await workflow.Get<BatchHandler>().SetAside(message, Cancellation);
        const string Reason =
            "The letters to some missions could not be processed in several tries; its page shows which are still to be sent. Have the service's log looked at, then go on; nothing is sent twice.";
        Assert.Equal(
            (DistributionState.Paused, Reason),
            ((await workflow.TheDistribution()).State, (await workflow.TheDistribution()).PauseReason));
        Assert.Equal(
            $"Draft Rev 1 is on hold. {Reason}",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text);
        // Where somebody has stopped it meanwhile, nobody is told to let it go on.
        await using (var other = await TestWorkflow.Open(azurite))
        {
            var stopped = await other.Released("che", "mex");
            var aside = await other.BatchOf(stopped.Id, 1, 2);
            Assert.True(await other.Get<Stops>().Withdraw(stopped.Id, "the secretary", Cancellation));
            await other.Get<BatchHandler>().SetAside(aside, Cancellation);
            Assert.Equal(
                "The letters of Draft Rev 1 to some missions could not be processed in several tries, and it is not being sent now: its page shows how it stands. Have the service's log looked at.",
                Assert.Single(await other.Get<Notices>().All(Cancellation)).Text);
        }

        Assert.All(
            await workflow.Dispatches(distribution.Id),
            entry => Assert.Equal(DeliveryState.Pending, entry.State));
        Assert.Empty(workflow.Sent());

        await enclosure.UploadAsync(frozen, overwrite: true, Cancellation);
        Assert.True(await workflow.Get<Releases>().Resume(distribution.Id, "the secretary", Cancellation));
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
    }

    [Theory]
    [InlineData("{\"hello\r\n\u202Ethere", "{\"hello there")]
    [InlineData("{\"first\":1}", "{\"first\":1}")]
    [InlineData(
        "{\"distributionId\":\"a/b#c\",\"first\":1,\"last\":2}",
        "{\"distributionId\":\"a/b#c\",\"first\":1,\"last\":2}")]
    [InlineData("null", "null")]
    public async Task A_queue_message_nobody_understands_becomes_a_notice(string message, string shown)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await Assert.ThrowsAsync<System.Text.Json.JsonException>(() =>
            workflow.Get<BatchHandler>().Dispatch(message, Cancellation));
        await workflow.Get<BatchHandler>().SetAside(message, Cancellation);
        Assert.Equal(
            $"A queue message could not be understood and was put aside. No letter is lost: the timer queues again what is still to be sent. It reads: {shown}",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text);
    }

    [Fact]
    public async Task A_proof_goes_to_the_named_people_only_before_release_and_acknowledges_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("proof: [reader@secretariat.example]"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Run();
        await workflow.Run();

        var proof = Assert.Single(workflow.Sent());
        Assert.Equal("reader@secretariat.example", Assert.Single(proof.To.Mailboxes).Address);
        Assert.StartsWith("PROOF, not sent to missions: Draft Rev 1", proof.Subject);
        Assert.StartsWith("PROOF, for reading.", proof.TextBody, StringComparison.Ordinal);
        Assert.Contains("<p><strong>PROOF, for reading.", proof.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("/acknowledge/proof", proof.TextBody);
        Assert.Equal("Proof sent to reader@secretariat.example.", (await workflow.TheDistribution()).ProofNote);
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_sender_whose_domain_has_accents_is_written_as_every_server_knows_it()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("Mail:From", "Secretariat <letters@méxico.example>"),
            ("Mail:ReturnPath", "bounces@méxico.example"));
        await workflow.Released("che");
        await workflow.CarryOutBatches();

        var letter = Assert.Single(workflow.Sent());
        Assert.Equal("letters@xn--mxico-bsa.example", letter.From.Mailboxes.Single().GetAddress(idnEncode: true));
        Assert.EndsWith("@xn--mxico-bsa.example", letter.MessageId, StringComparison.Ordinal);
    }

    private static string Hash(MimeEntity attachment)
    {
        using var content = new MemoryStream();
        ((MimePart)attachment).Content!.DecodeTo(content, Cancellation);
        return Convert.ToHexStringLower(SHA256.HashData(content.ToArray()));
    }
}
