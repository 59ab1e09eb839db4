using System.Globalization;
using System.Net;
using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.Log;
using Distribution.Web.Missions;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>
/// What somebody did to an earlier version with plain mail, or with one mission's letter in hand. Each of these
/// succeeded there.
/// </summary>
public sealed class AttackTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private static readonly string[] Five = ["fra", "egy", "mex", "ukr", "vat"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_holds_one_letter_acknowledges_for_no_other_mission_by_guessing()
    {
        await using var workflow = await Sent(transport: null, ["che", .. Five]);
        var letter = await workflow.TheDistribution();
        var held = workflow
            .Sent(letter.Id)
            .Single(message => message.To.Mailboxes.Single().Address == "che@missions.example")
            .MessageId!;
        var reference = await workflow.Reference();
        foreach (var (place, mission) in Five.Index())
            foreach (
            var (kind, guess) in ((string, string)[])
                [
                    ("old", $"{letter.Id}.{mission}.1@secretariat.example"),
                    ("new", held.Replace(".che.", $".{mission}.", StringComparison.Ordinal)),
                ])
                await Take(
                workflow,
                $"{place}-{kind}.eml",
                $"From: {mission}@missions.example\r\nTo: letters@secretariat.example\r\nSubject: Re: Draft Rev 1\r\nIn-Reply-To: <{guess}>\r\nReferences: <{guess}>\r\n\r\n{reference}\r\nWe have it.\r\n"
            );

        Assert.Empty(await workflow.Get<Acknowledgements>().Of(letter.Id, Cancellation));
        Assert.Equal(2 * Five.Length, (await workflow.Get<Replies>().Waiting(Cancellation)).Count);
        // Nor is a reminder kept from anyone.
        Assert.Empty(await workflow.Get<Replies>().Answered(letter.Id, Cancellation));
    }

    [Fact]
    public async Task Forged_bounces_of_guessed_letters_return_none()
    {
        await using var workflow = await Sent(transport: null, "che", "fra", "egy", "mex");
        var letter = await workflow.TheDistribution();
        var held = workflow
            .Sent(letter.Id)
            .Single(message => message.To.Mailboxes.Single().Address == "che@missions.example")
            .MessageId!;
        foreach (var mission in (string[])["fra", "egy", "mex"])
            foreach (
            var (kind, guess) in ((string, string)[])
                [
                    ("old", $"{letter.Id}.{mission}.1@secretariat.example"),
                    ("new", held.Replace(".che.", $".{mission}.", StringComparison.Ordinal)),
                ])
                await Take(
                workflow,
                $"{mission}-{kind}.eml",
                Report(guess, $"{mission}@missions.example", "failed", "5.1.1"));

        Assert.All(
            await workflow.Dispatches(letter.Id),
            dispatch => Assert.Equal(DeliveryState.Accepted, dispatch.State));
        Assert.NotEmpty(await workflow.Get<Notices>().All(Cancellation));
    }

    [Theory]
    [InlineData("delivered", "2.0.0")]
    [InlineData("relayed", "2.0.0")]
    [InlineData("failed", "5.1.1")]
    [InlineData("delayed", "4.0.0")]
    public async Task Whatever_a_report_says_while_a_server_says_later_the_letter_is_sent(string action, string status)
    {
        var greylisting = true;
        var transport = new TransportStub(
            (_, address) =>
                greylisting && address.StartsWith("deputy", StringComparison.Ordinal)
                    ? new(address, MailboxResult.TryLater, "451 Greylisted, try later")
                    : new(address, MailboxResult.Accepted, "250 OK"));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        await workflow.UseMailboxes("mission@che.example", "deputy@che.example");
        await workflow.Released();
        await workflow.CarryOutBatches();
        var letter = await workflow.TheDistribution();
        // The other mailbox of the mission has the letter, and with it the token.
        var held = (await workflow.Dispatches(letter.Id))[0].Attempts[0].MessageId;

        await Take(workflow, "forged.eml", Report(held, "deputy@che.example", action, status));
        await workflow.Run();
        var waiting = (await workflow.Dispatches(letter.Id))[0];
        Assert.Equal(["deputy@che.example"], waiting.Open());
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);
        Assert.False((await workflow.Get<DistributionAudit>().Of(letter.Id, Cancellation))!.IsComplete);
        Assert.Contains(
            "that letter has not left yet",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);

        greylisting = false;
        workflow.Clock.Advance(TimeSpan.FromMinutes(3));
        await workflow.Run();
        // A delay of the queue is counted in real time.
        for (
            var tries = 0;
            tries < 20 && (await workflow.TheDistribution()).State != DistributionState.Complete;
            tries++)
        {
            workflow.Clock.Advance(TimeSpan.FromMinutes(6));
            await workflow.Run();
        }

        Assert.Equal(2, transport.Offered.Count(message => message.Envelope.Contains("deputy@che.example")));
        Assert.All(
            (await workflow.Dispatches(letter.Id))[0].Attempts[0].Mailboxes,
            box => Assert.Equal(DeliveryState.Accepted, box.State));
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task Twenty_five_reports_do_not_hide_the_bounce_that_follows_and_that_there_were_too_many_is_told()
    {
        await using var workflow = await Sent();
        var letter = await workflow.TheDistribution();
        var held = Assert.Single(workflow.Sent()).MessageId!;
        for (var number = 0; number < 25; number++)
            await Take(workflow, $"{number}.eml", Report(held, "che@missions.example", "relayed", "2.0.0", number));
        Assert.Equal(DeliveryState.Accepted, (await workflow.Dispatches(letter.Id))[0].State);

        await Take(workflow, "real.eml", Report(held, "che@missions.example", "failed", "5.1.1"));

        Assert.Equal(DeliveryState.Bounced, (await workflow.Dispatches(letter.Id))[0].State);
        Assert.Contains(
            "Very many reports came",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.Equal(26, (await workflow.Get<Replies>().Of(letter.Id, "che", Cancellation)).Count);
    }

    [Fact]
    public async Task A_report_that_names_thirty_thousand_mailboxes_is_taken_like_any_other_and_told_once()
    {
        await using var workflow = await Sent();
        var held = Assert.Single(workflow.Sent()).MessageId!;
        var many = string.Join(',', Enumerable.Range(0, 30_000).Select(number => $"m{number}@b.example"));
        var taking = System.Diagnostics.Stopwatch.StartNew();
        await Take(
            workflow,
            "many.eml",
            $"From: MAILER-DAEMON@mx.che.example\r\nTo: bounces@secretariat.example\r\nSubject: Undeliverable\r\nIn-Reply-To: <{held}>\r\nX-Failed-Recipients: {many}\r\n\r\nNo such mailboxes.\r\n"
        );
        Assert.InRange(taking.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.InRange((await workflow.Get<Notices>().All(Cancellation)).Count, 1, 2);
        Assert.Equal(
            DeliveryState.Accepted,
            (await workflow.Dispatches((await workflow.TheDistribution()).Id))[0].State);
    }

    [Theory]
    [InlineData("failed", "5.1.1")]
    [InlineData("delayed", "4.0.0")]
    public async Task The_mission_s_reply_address_lets_nobody_report_on_a_message(string action, string status)
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("Inbound:ReplyAddress", "replies@secretariat.example"));
        await workflow.UseRegister("che");
        var letter = await workflow.AcceptedWith("replies: tracked");
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        var address = Assert
            .Single(workflow.Sent())
            .ReplyTo.Mailboxes.Single(mailbox => mailbox.Address.StartsWith("replies+", StringComparison.Ordinal))
            .Address;
        await Take(
            workflow,
            "forged.eml",
            Report("somewhere.else@che.example", "che@missions.example", action, status)
                .Replace("bounces@secretariat.example", address, StringComparison.Ordinal));

        Assert.Equal(DeliveryState.Accepted, (await workflow.Dispatches(letter.Id))[0].State);
        Assert.NotEmpty(await workflow.Get<Notices>().All(Cancellation));
    }

    [Fact]
    public async Task Who_holds_one_link_cannot_fill_its_record_and_the_secretariat_goes_on()
    {
        await using var workflow = await Sent();
        var letter = await workflow.TheDistribution();
        var acknowledgements = workflow.Get<Acknowledgements>();
        var name = new string('語', AcknowledgementEntry.MostCharacters);
        var taken = new List<RecordingResult>();
        // Goes on for a while when there is no more room: no later one finds any.
        for (var number = 0; taken.Count(one => one == RecordingResult.Full) < 10; number++)
        {
            Assert.InRange(number, 0, 300);
            var now = workflow.Clock.GetUtcNow();
            var after = (await acknowledgements.Find(letter.Id, "che", Cancellation))?.LastId;
            taken.Add(
                await acknowledgements.Record(
                    letter.Id,
                    "che",
                    after,
                    new($"{number}", now, $"{name}, {name}", new(name, name, AcknowledgementChannel.Page, now)),
                    Cancellation));
        }

        Assert.Equal(Enumerable.Repeat(RecordingResult.Full, 10), taken[^10..]);
        Assert.InRange(taken.Count(one => one == RecordingResult.Recorded), 10, 40);

        // On the page it is said, and the desk is told.
        await using var site = await TestSite.Open(workflow);
        var link = new Uri(workflow.Get<MissionLinks>().For(letter.Id, "che")).PathAndQuery;
        var form = MissionVisitor.FormOf(await site.Page($"{link}?act=correct"), ("name", "Somebody"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var confirm = await TestSite.Read(await MissionVisitor.Sent(site, link, form, HttpStatusCode.OK));
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        var full = await TestSite.Read(
            await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(confirm), HttpStatusCode.UnprocessableEntity));
        Assert.Contains(
            "No further change can be recorded on this page. Please turn to the secretariat.",
            TestSite.Words(full),
            StringComparison.Ordinal);
        Assert.Contains(
            "The link of Switzerland for Draft Rev 1 was used so often",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);

        var desk = workflow.Get<RecordedAcknowledgements>();
        for (var number = 0; number < 40; number++)
        {
            var record = (await acknowledgements.Find(letter.Id, "che", Cancellation))!;
            var entry = new AcknowledgementEntry(
                nameof(AcknowledgementChannel.Telephone),
                name,
                name,
                NewYorkTime.At(workflow.Clock.GetUtcNow()).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                NewYorkTime.At(workflow.Clock.GetUtcNow()).ToString("HH:mm", CultureInfo.InvariantCulture),
                name);
            Assert.Equal(
                RecordingResult.Recorded,
                (
                    await desk.Record(
                        letter.Id,
                        "che",
                        $"desk-{number}",
                        record.LastId,
                        entry,
                        "the secretary",
                        Cancellation)).Taken);
        }
    }

    private Task<TestWorkflow> Sent() => SharedHouse.Again(once, () => Sent(transport: null, "che"));

    private async Task<TestWorkflow> Sent(IMailTransport? transport, params string[] missions)
    {
        var workflow = await TestWorkflow.Open(azurite, transport, ("Inbound:ReplyAddress", "replies@secretariat.example"));
        await workflow.Released(missions);
        await workflow.CarryOutBatches();
        return workflow;
    }

    private static async Task Take(TestWorkflow workflow, string name, string message)
    {
        await workflow
            .Get<InboundFiles>()
            .Upload(name, new MemoryStream(Encoding.UTF8.GetBytes(message)), Cancellation);
        await workflow.Get<InboundUploads>().Handle(name, Cancellation);
    }

    private static string Report(string letter, string mailbox, string action, string status, int number = 0) => $"""
        Return-Path: <>
        From: MAILER-DAEMON@mx.che.example
        To: bounces@secretariat.example
        Subject: Delivery report {number}
        Message-ID: <{action}.{number}@mx.che.example>
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="r"

        --r
        Content-Type: text/plain

        A report.
        --r
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.che.example

        Final-Recipient: rfc822; {mailbox}
        Action: {action}
        Status: {status}

        --r
        Content-Type: text/rfc822-headers

        Message-ID: <{letter}>

        --r--
        """.ReplaceLineEndings("\r\n");
}
