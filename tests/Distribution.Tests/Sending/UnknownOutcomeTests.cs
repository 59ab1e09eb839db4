using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Sending;

/// <summary>
/// A letter of which nobody knows whether it was sent: evidence first, then what the settings say, always on record.
/// </summary>
public sealed class UnknownOutcomeTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_settled_by_the_same_message_with_the_same_id_once_nothing_was_heard_for_the_time_set()
    {
        var answers = new Queue<MailboxResult>([MailboxResult.Unknown, MailboxResult.Accepted]);
        var transport = new TransportStub((_, address) => new(address, answers.Dequeue(), "the server's words"));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await Later(workflow, TimeSpan.FromMinutes(29));
        Assert.Equal(DeliveryState.OutcomeUnknown, (await TheDispatch(workflow, distribution)).State);
        Assert.Single(transport.Offered);
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);

        // A batch that comes meanwhile, again or for others of its missions, knows of no mail that was read.
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(distribution.Id, 1, 1), Cancellation);
        await workflow.Get<LetterQueue>().Queue(await workflow.TheDistribution(), Cancellation);
        await workflow.CarryOutBatches();
        Assert.Single(transport.Offered);

        await Later(workflow, TimeSpan.FromMinutes(1));
        Assert.Equal(2, transport.Offered.Count);
        Assert.Single(transport.Offered.Select(offered => offered.MessageId).Distinct());
        Assert.Equal(
            [
                DeliveryEventKind.HandingOver,
                DeliveryEventKind.Unknown,
                DeliveryEventKind.SendAgain,
                DeliveryEventKind.HandingOver,
                DeliveryEventKind.Accepted,
            ],
            Kinds(await TheDispatch(workflow, distribution)));
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Is_left_to_a_person_where_the_settings_say_so()
    {
        var answers = new Queue<MailboxResult>([MailboxResult.Unknown, MailboxResult.Accepted]);
        var transport = new TransportStub((_, address) => new(address, answers.Dequeue(), ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:UnknownOutcome", "ask"));
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await Later(workflow, TimeSpan.FromDays(2));
        Assert.Single(transport.Offered);
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);

        Assert.True(await workflow.Get<Resends>().SendAgain(distribution.Id, "che", "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        Assert.Equal(2, transport.Offered.Count);
        Assert.Single(transport.Offered.Select(offered => offered.MessageId).Distinct());
        Assert.Equal(
            "the secretary",
            (await TheDispatch(workflow, distribution))
                .Attempts[0]
                .Mailboxes[0]
                .Events.Single(happened => happened.Kind == DeliveryEventKind.SendAgain)
                .Source);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        Assert.False(await workflow.Get<Resends>().SendAgain(distribution.Id, "che", "the secretary", Cancellation));
    }

    [Fact]
    public async Task Is_settled_by_a_persons_word_that_the_mission_has_it()
    {
        var transport = new TransportStub((_, address) => new(address, MailboxResult.Unknown, ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:UnknownOutcome", "ask"));
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        Assert.True(await workflow.Get<Resends>().Vouch(distribution.Id, "che", "the secretary", Cancellation));

        Assert.Equal(DeliveryState.Delivered, (await TheDispatch(workflow, distribution)).State);
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        Assert.Equal(
            (Act.Settled, "the secretary", "che"),
            (await workflow.TheDistribution())
                .Acts.Where(entry => entry.Act == Act.Settled)
                .Select(entry => (entry.Act, entry.By, entry.Words))
                .Single());
    }

    [Fact]
    public async Task Is_settled_by_a_persons_word_alone_once_the_letter_was_stopped()
    {
        var transport = new TransportStub((_, address) => new(address, MailboxResult.Unknown, ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che");
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        var page = Addresses.Letter(distribution.Id, "che");
        var before = await site.Page(page);
        Assert.True(await workflow.Get<Stops>().Withdraw(distribution.Id, "the secretary", Cancellation));
        Assert.Equal(DeliveryState.OutcomeUnknown, (await TheDispatch(workflow, distribution)).State);

        Assert.Contains(
            "or its distribution was stopped or superseded.",
            TestSite.Words(await site.Press(before, "Send the same message again")),
            StringComparison.Ordinal);
        var after = await site.Page(page);
        Assert.DoesNotContain("Send the same message again", TestSite.Words(after), StringComparison.Ordinal);
        await site.Press(after, "The mission has it");
        await Later(workflow, TimeSpan.FromHours(1));
        Assert.Equal(DeliveryState.Delivered, (await TheDispatch(workflow, distribution)).State);
        Assert.Single(transport.Offered);
        Assert.Equal(DistributionState.Withdrawn, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Is_settled_by_evidence_and_then_nothing_is_sent_again()
    {
        var transport = new TransportStub((_, address) => new(address, MailboxResult.Unknown, ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        var message = Assert.Single(transport.Offered);

        Assert.Equal(
            [EvidenceOutcome.Recorded, EvidenceOutcome.Known, EvidenceOutcome.NotOurs, EvidenceOutcome.NotOurs],
            await workflow
                .Get<DeliveryEvidence>()
                .Record(
                    [
                        new(
                            $"<{message.MessageId}>",
                            "CHE@missions.example",
                            new(
                                workflow.Clock.GetUtcNow(),
                                DeliveryEventKind.Delivered,
                                "250 OK",
                                Source: "sendgrid",
                                Id: "e1")),
                        new(
                            message.MessageId,
                            "che@missions.example",
                            new(
                                workflow.Clock.GetUtcNow(),
                                DeliveryEventKind.Delivered,
                                "250 OK",
                                Source: "sendgrid",
                                Id: "e1")),
                        new(
                            message.MessageId,
                            "mex@missions.example",
                            new(
                                workflow.Clock.GetUtcNow(),
                                DeliveryEventKind.Delivered,
                                "250 OK",
                                Source: "sendgrid",
                                Id: "e2")),
                        new(
                            "gcm.che.1@elsewhere.example",
                            "che@missions.example",
                            new(workflow.Clock.GetUtcNow(), DeliveryEventKind.Bounced, "", Source: "sendgrid", Id: "e3")
                        ),
                    ],
                    Cancellation));
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
        await Later(workflow, TimeSpan.FromHours(1));
        Assert.Single(transport.Offered);
    }

    [Fact]
    public async Task Is_settled_by_the_file_in_the_pickup_folder_after_a_worker_died_with_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        // As a worker leaves it that wrote the file and died before it could say so.
        await workflow
            .Get<MissionEntries>()
            .Change(
                distribution.Id,
                "che",
                dispatch =>
                    dispatch with
                    {
                        Attempts =
                        [
                            dispatch.Attempts[0] with
                            {
                                Mailboxes =
                                [
                                    .. dispatch
                                        .Attempts[0]
                                        .Mailboxes.Select(mailbox =>
                                            mailbox with
                                            {
                                                Events = mailbox.Events.RemoveAt(1),
                                            }),
                                ],
                            },
                        ],
                        Claim = new("a dead worker", workflow.Clock.GetUtcNow() + TimeSpan.FromMinutes(5)),
                    },
                Cancellation);
        await workflow
            .Get<DistributionRecords>()
            .Change(distribution.Id, complete => complete with { State = DistributionState.Sending }, Cancellation);
        Assert.Equal(DeliveryState.Sending, (await TheDispatch(workflow, distribution)).State);

        await Later(workflow, TimeSpan.FromMinutes(6));
        Assert.Single(workflow.Sent());
        var found = (await TheDispatch(workflow, distribution)).Attempts[0].Mailboxes[0].Events[^1];
        Assert.Equal(
            (
                DeliveryEventKind.Accepted,
                "pickup",
                $"found as {(await TheDispatch(workflow, distribution)).Attempts[0].MessageId}.eml"),
            (found.Kind, found.Source, found.Words));
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Is_not_pressed_on_a_mission_for_ever()
    {
        var transport = new TransportStub((_, address) => new(address, MailboxResult.Unknown, ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        for (var hour = 0; hour < 6; hour++)
            await Later(workflow, TimeSpan.FromHours(1));

        Assert.Equal(4, transport.Offered.Count);
        Assert.Equal(DeliveryState.OutcomeUnknown, (await TheDispatch(workflow, distribution)).State);
        Assert.True(await workflow.Get<Resends>().SendAgain(distribution.Id, "che", "the secretary", Cancellation));
    }

    [Fact]
    public async Task Stays_unknown_where_the_server_then_only_says_later()
    {
        var answers = new Queue<MailboxResult>([
            MailboxResult.Unknown,
            MailboxResult.TryLater,
            MailboxResult.TryLater,
            MailboxResult.Accepted,
        ]);
        var transport = new TransportStub((_, address) => new(address, answers.Dequeue(), ""));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:RetryDelays:0", "00:01:00"));
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await Later(workflow, TimeSpan.FromMinutes(31));
        Assert.Equal(DeliveryState.OutcomeUnknown, (await TheDispatch(workflow, distribution)).State);
        await Later(workflow, TimeSpan.FromMinutes(6));
        // The first copy may have arrived: that a second was not taken makes no failure of it.
        Assert.Equal(DeliveryState.OutcomeUnknown, (await TheDispatch(workflow, distribution)).State);
        await Later(workflow, TimeSpan.FromMinutes(31));
        Assert.Equal(DeliveryState.Accepted, (await TheDispatch(workflow, distribution)).State);
    }

    /// <summary>The timer queues what is due, by the mail that was read.</summary>
    private static async Task Later(TestWorkflow workflow, TimeSpan span)
    {
        workflow.Clock.Advance(span);
        await workflow.Run();
    }

    private static async Task<MissionEntry> TheDispatch(TestWorkflow workflow, DistributionRecord distribution) =>
        Assert.Single(await workflow.Dispatches(distribution.Id));

    private static IEnumerable<DeliveryEventKind> Kinds(MissionEntry dispatch) =>
        Assert.Single(Assert.Single(dispatch.Attempts).Mailboxes).Events.Select(happened => happened.Kind);
}
