using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Inbound;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Tracking.Forwarding;

/// <summary>What a mission forwarded is handed over once, whatever happens to workers and servers.</summary>
public sealed class ForwardMailerTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_that_stops_after_handing_it_over_leaves_the_very_same_mail_to_the_next()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await ForwardTests.Left(workflow);
        await Ask(workflow, letter);
        var stops = new TransportStub((_, _) => throw new OperationCanceledException("The worker stops."));
        await using var stopping = workflow.Another(stops);
        var goesOn = new TransportStub();
        await using var next = workflow.Another(goesOn);

        await Assert.ThrowsAnyAsync<Exception>(() => stopping.Get<ForwardMailer>().Run(Cancellation));
        // The stopped worker may still be at it.
        await next.Get<ForwardMailer>().Run(Cancellation);
        Assert.Empty(goesOn.Offered);
        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        await Task.WhenAll(next.Get<ForwardMailer>().Run(Cancellation), next.Get<ForwardMailer>().Run(Cancellation));
        await next.Get<ForwardMailer>().Run(Cancellation);

        Assert.Equal(Bytes(Assert.Single(stops.Offered)), Bytes(Assert.Single(goesOn.Offered)));
        Assert.Equal(ForwardState.Sent, (await TheForward(workflow, letter)).State);
    }

    [Fact]
    public async Task A_server_that_says_later_is_asked_again_for_a_day_and_one_that_refuses_is_not()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await ForwardTests.Left(workflow);
        await Ask(workflow, letter);
        var answer = MailboxResult.TryLater;
        var server = new TransportStub((_, address) => new(address, answer, "said the server"));
        await using var worker = workflow.Another(server);

        await worker.Get<ForwardMailer>().Run(Cancellation);
        await worker.Get<ForwardMailer>().Run(Cancellation);
        Assert.Single(server.Offered);
        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        await worker.Get<ForwardMailer>().Run(Cancellation);
        Assert.Equal(2, server.Offered.Count);
        Assert.Equal(ForwardState.Waiting, (await TheForward(workflow, letter)).State);
        workflow.Clock.Advance(TimeSpan.FromDays(1));
        await worker.Get<ForwardMailer>().Run(Cancellation);
        var ended = await TheForward(workflow, letter);
        Assert.Equal((ForwardState.NotSent, "said the server"), (ended.State, ended.Words));

        await Ask(workflow, letter, "another");
        answer = MailboxResult.Refused;
        await worker.Get<ForwardMailer>().Run(Cancellation);
        await worker.Get<ForwardMailer>().Run(Cancellation);
        Assert.Equal(4, server.Offered.Count);
        await Ask(workflow, letter, "third");
        answer = MailboxResult.Unknown;
        // What another process has left is looked for once a minute.
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await worker.Get<ForwardMailer>().Run(Cancellation);
        await worker.Get<ForwardMailer>().Run(Cancellation);
        Assert.Equal(5, server.Offered.Count);
        Assert.Equal(
            [ForwardState.NotSent, ForwardState.NotSent, ForwardState.NotKnown],
            (await workflow.Get<Forwards>().Find(letter.Id, "che", Cancellation))!.All.Select(forward => forward.State));
    }

    [Fact]
    public async Task What_was_asked_for_does_not_leave_once_the_letter_is_stopped_or_the_domain_is_the_missions_no_longer()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await ForwardTests.Left(workflow);
        var withdrawal = await workflow.AcceptedWith("supersedes: Draft Rev 1\ncorrection: withdrawal", "later");
        var server = new TransportStub();
        await using var worker = workflow.Another(server);

        await Ask(workflow, letter, "first");
        await workflow.PutInUse(TestWorkflow.RegisterOfMailboxes("che@geneva.example"));
        await worker.Get<ForwardMailer>().Run(Cancellation);
        await workflow.PutInUse(ForwardTests.Register);
        await Ask(workflow, letter, "second");
        Assert.True(await workflow.Get<Releases>().Release(withdrawal.Id, "the secretary", Cancellation, confirmed: true));
        await worker.Get<ForwardMailer>().Run(Cancellation);

        Assert.Empty(server.Offered);
        Assert.Equal(
            [
                (ForwardState.NotSent, "The domain is no longer the mission's own in the register."),
                (ForwardState.NotSent, "The letter was withdrawn or replaced meanwhile."),
            ],
            (await workflow.Get<Forwards>().Find(letter.Id, "che", Cancellation))!.All.Select(forward => (forward.State, forward.Words)));
    }

    [Fact]
    public async Task A_bounce_of_it_says_nothing_of_the_missions_own_letter()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await ForwardTests.Left(workflow, register: TestWorkflow.RegisterOfMailboxes("che@bern.example"));
        await Ask(workflow, letter);
        await workflow.Reconcile();
        var forwarded = Assert.Single(ForwardTests.Forwarded(workflow));
        var before = (await workflow.Get<MissionEntries>().Find(letter.Id, "che", Cancellation)).Value;
        // As a server reports it that names no recipient, which is believed of a letter to one mailbox.
        var bounce = new MimeMessage
        {
            Subject = "Undelivered Mail Returned to Sender",
            MessageId = "bounce@mx.bern.example",
            Body = new Multipart("mixed")
            {
                new TextPart("plain") { Text = "Your message could not be delivered: 550 5.1.1 User unknown" },
                new MessagePart { Message = forwarded },
            },
        };
        bounce.From.Add(new MailboxAddress("Mail Delivery System", "mailer-daemon@mx.bern.example"));
        bounce.To.Add(new MailboxAddress("", "bounces@secretariat.example"));
        using var content = new MemoryStream();
        await bounce.WriteToAsync(content, Cancellation);
        content.Position = 0;
        await workflow.Get<InboundFiles>().Upload("bounce.eml", content, Cancellation);
        await workflow.Reconcile();

        // A person is told of it.
        Assert.Contains(
            await workflow.Get<Distribution.Storage.Notices>().All(Cancellation),
            notice => notice.Text.Contains("550 5.1.1", StringComparison.Ordinal));
        Assert.Equal(
            Distribution.Common.Json.Write(before),
            Distribution.Common.Json.Write((await workflow.Get<MissionEntries>().Find(letter.Id, "che", Cancellation)).Value));
    }

    private static async Task Ask(TestWorkflow workflow, DistributionRecord letter, string form = "form") =>
        Assert.Equal(
            ForwardResult.Recorded,
            await workflow
                .Get<Forwards>()
                .Add(letter.Id, "che", new(form, workflow.Clock.GetUtcNow(), "Amélie Favre", "urs@bern.example"), Cancellation));

    private static async Task<Forward> TheForward(TestWorkflow workflow, DistributionRecord letter) =>
        Assert.Single((await workflow.Get<Forwards>().Find(letter.Id, "che", Cancellation))!.All);

    private static string Bytes(OutgoingMessage message)
    {
        using var bytes = new MemoryStream();
        MimeMessages.Create(message).WriteTo(bytes, Cancellation);
        return Distribution.Common.Sha256Hex.Of(bytes.ToArray());
    }
}
