using System.Text;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Forwarding;
using Distribution.Tracking.Inbound;
using Distribution.Web;
using Distribution.Web.Missions;
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
        await using var site = await TestSite.Open(workflow);
        var page = MissionVisitor.Path(workflow, letter) + ForwardView.Page;
        var sent = $"{page}?{ForwardView.Sent}={(await TheForward(workflow, letter)).Id}";
        Assert.Contains("within a few minutes", await Said(sent), StringComparison.Ordinal);
        workflow.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Contains("no mail server has taken it so far", await Said(sent), StringComparison.Ordinal);
        workflow.Clock.Advance(TimeSpan.FromDays(1));
        await worker.Get<ForwardMailer>().Run(Cancellation);
        var ended = await TheForward(workflow, letter);
        Assert.Equal((ForwardState.NotSent, "said the server"), (ended.State, ended.Words));
        Assert.Contains("Could not be delivered: 1.", await Said(page), StringComparison.Ordinal);

        var now = workflow.Clock.GetUtcNow();
        await workflow.Get<DistributionRecords>().Add(
            letter.FollowedBy(
                FollowUpKind.Corrigendum,
                "corrigendum",
                await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation),
                new(now, Act.Prepared, null, "")) with
            { State = DistributionState.Released, ReleasedAt = now },
            Cancellation);
        await workflow.Get<DistributionRecords>().Change(
            letter.Id,
            found => found.With(new(now, Act.Superseded, null, "")),
            Cancellation);
        await Ask(workflow, letter, "another");
        answer = MailboxResult.Refused;
        await worker.Get<ForwardMailer>().Run(Cancellation);
        await worker.Get<ForwardMailer>().Run(Cancellation);
        Assert.Equal(4, server.Offered.Count);
        Assert.Equal(
            [false, false, false, true],
            server.Offered.Select(mail => mail.Text.StartsWith("A later letter corrects this one", StringComparison.Ordinal)));
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

        async Task<string> Said(string path) => TestSite.Words(await site.Page(path));
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
    public async Task A_bounce_of_it_is_told_to_who_forwarded_it_and_at_the_desk_and_says_nothing_of_the_missions_own_letter()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await ForwardTests.Left(workflow, register: TestWorkflow.RegisterOfMailboxes("che@bern.example"));
        await using var site = await TestSite.Open(workflow);
        var done = await ForwardTests.Forward(workflow, site, letter, "Amélie Favre", "urs@bern.example");
        // What another process has left is looked for once a minute.
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Reconcile();
        var id = Assert.Single(ForwardTests.Forwarded(workflow)).MessageId!;
        var before = (await workflow.Get<MissionEntries>().Find(letter.Id, "che", Cancellation)).Value;

        // Not yet, about somebody to whom the colleague passes mail on, and about a message that was made up.
        await Report(workflow, id, "delayed", "urs@bern.example");
        await Report(workflow, id, "failed", "urs@elsewhere.example");
        await Report(workflow, id.Replace(id[20..24], "0000", StringComparison.Ordinal), "failed", "urs@bern.example");
        Assert.Null((await TheForward(workflow, letter)).Returned);
        Assert.Single(await workflow.Get<Distribution.Storage.Notices>().All(Cancellation));

        await Report(workflow, id, "failed", "urs@bern.example");
        var returned = (await TheForward(workflow, letter)).Returned;
        Assert.Equal("550 5.1.1 no such user", returned?.Words);
        // A second report, later, changes nothing.
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        await Report(workflow, id, "failed", "urs@bern.example", "The same once more.");
        Assert.Equal(returned, (await TheForward(workflow, letter)).Returned);

        Assert.Contains("to \u2066urs@bern.example\u2069 could not be delivered", (await site.Page(done)).QuerySelector("#outcome.warn")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Could not be delivered: 1.", TestSite.Words(await site.Page(MissionVisitor.Path(workflow, letter) + "/forward")), StringComparison.Ordinal);
        var page = await site.Page(Addresses.Letter(letter.Id, "che"));
        Assert.Contains("Could not be delivered", page.QuerySelector("section[aria-labelledby=forwards]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("no such user", page.QuerySelector("section[aria-labelledby=forwards]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("a mail server's report on a letter that the mission forwarded", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Contains("could not be delivered", TestSite.Words(await site.Page(Addresses.Mission("che"))), StringComparison.Ordinal);
        // It is no matter for the desk, nor one of the mission's own letter.
        Assert.Single(await workflow.Get<Distribution.Storage.Notices>().All(Cancellation));
        Assert.Equal(
            Distribution.Common.Json.Write(before),
            Distribution.Common.Json.Write((await workflow.Get<MissionEntries>().Find(letter.Id, "che", Cancellation)).Value));
    }

    [Fact]
    public async Task A_bounce_of_it_by_SendGrid_is_the_same_and_one_of_another_address_is_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await ForwardTests.Left(workflow);
        await Ask(workflow, letter);
        await workflow.Reconcile();
        var id = Assert.Single(ForwardTests.Forwarded(workflow)).MessageId!;
        var before = (await workflow.Get<MissionEntries>().Find(letter.Id, "che", Cancellation)).Value;

        await SendGrid("che@bern.example");
        Assert.Null((await TheForward(workflow, letter)).Returned);
        await SendGrid("Urs@bern.example");
        Assert.Equal(
            ("550 5.1.1 no such user", "sendgrid"),
            ((await TheForward(workflow, letter)).Returned!.Words, (await TheForward(workflow, letter)).Returned!.Source.ToLowerInvariant()));
        Assert.Empty(await workflow.Get<Distribution.Storage.Notices>().All(Cancellation));
        Assert.Equal(
            Distribution.Common.Json.Write(before),
            Distribution.Common.Json.Write((await workflow.Get<MissionEntries>().Find(letter.Id, "che", Cancellation)).Value));

        Task SendGrid(string mailbox) =>
            workflow.Get<SendGridEventHandler>().Handle(
                Encoding.UTF8.GetBytes(
                    $$"""[{"event":"bounce","email":"{{mailbox}}","timestamp":1522080000,"message_id":"{{id}}","reason":"550 5.1.1 no such user","sg_event_id":"{{mailbox}}"}]"""),
                Cancellation);
    }

    /// <summary>A mail server's report on a message, as it comes to the return mailbox.</summary>
    internal static async Task Report(
        TestWorkflow workflow,
        string messageId,
        string action,
        string address,
        string words = "It could not be delivered.")
    {
        var report = $"""
            From: MAILER-DAEMON@mx.bern.example
            To: bounces@secretariat.example
            Subject: Undelivered Mail Returned to Sender
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: text/plain

            {words}
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.bern.example

            Final-Recipient: rfc822; {address}
            Action: {action}
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 no such user
            --b
            Content-Type: text/rfc822-headers

            Message-ID: <{messageId}>
            --b--

            """.ReplaceLineEndings("\r\n");
        using var content = new MemoryStream(Encoding.ASCII.GetBytes(report));
        await workflow.Get<InboundMailHandler>().Handle(content, "a test", Cancellation);
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
