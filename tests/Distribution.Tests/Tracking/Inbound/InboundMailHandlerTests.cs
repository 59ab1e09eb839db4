using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Tracking.Log;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

public sealed class InboundMailHandlerTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private const string Mailbox = "mission@che.example";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bounce_put_into_the_container_is_on_the_missions_entry_and_kept()
    {
        await using var workflow = await Sent();
        await Put(workflow, "back.eml", "postfix-unknown-user");
        await Put(workflow, "from/exchange/full.EML", "mailbox-full");

        await workflow.Reconcile();

        var events = await Events(workflow);
        Assert.Equal(
            [
                (DeliveryEventKind.Bounced, BounceKind.Permanent, "bounce"),
                (DeliveryEventKind.Bounced, BounceKind.MailboxFull, "bounce"),
            ],
            events
                .Skip(2)
                .OrderBy(happened => happened.Bounce)
                .Select(happened => (happened.Kind, happened.Bounce!.Value, happened.Source!)));
        Assert.Equal(DeliveryState.Bounced, (await Entry(workflow)).State);
        Assert.Equal(["done/back.eml", "done/from/exchange/full.EML"], await Kept(workflow));
    }

    [Fact]
    public async Task The_same_bounce_twice_is_once()
    {
        await using var workflow = await Sent();
        await Put(workflow, "one.eml", "postfix-unknown-user");
        await workflow.Get<InboundUploads>().Handle("one.eml", Cancellation);
        await workflow.Get<InboundUploads>().Handle("one.eml", Cancellation);
        await Put(workflow, "again.eml", "postfix-unknown-user");
        await Put(workflow, "one.eml", "postfix-unknown-user");

        await workflow.Reconcile();

        Assert.Single(await Events(workflow), happened => happened.Kind == DeliveryEventKind.Bounced);
        Assert.Equal(["done/again.eml", "done/one.eml"], await Kept(workflow));
    }

    [Fact]
    public async Task The_order_in_which_reports_arrive_does_not_matter_and_a_late_bounce_outranks_delivered()
    {
        // Each of three missions in another order.
        (string Mission, string[] Order)[] orders =
        [
            ("che", ["delayed", "delivered", "mailbox-full"]),
            ("fra", ["mailbox-full", "delivered", "delayed"]),
            ("mex", ["delivered", "mailbox-full", "delayed"]),
        ];
        var register = TestWorkflow.RegisterOf([.. orders.Select(order => order.Mission)]);
        foreach (var (mission, _) in orders)
            register = register.Replace($"{mission}@missions.example", $"mission@{mission}.example", StringComparison.Ordinal);
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.PutInUse(register);
        var letter = await workflow.Released();
        await workflow.CarryOutBatches();
        var sent = (await workflow.Dispatches(letter.Id)).ToDictionary(entry => entry.MissionId, entry => entry.Attempts[0].MessageId);
        for (var place = 0; place < 3; place++)
        {
            foreach (var (mission, order) in orders)
                await workflow
                    .Get<InboundFiles>()
                    .Upload(
                        $"{mission}-{place}.eml",
                        new MemoryStream(
                            Encoding.UTF8.GetBytes(
                                Encoding.UTF8.GetString(InboundSample.Bytes(order[place], sent[mission]))
                                    .Replace("che.example", $"{mission}.example", StringComparison.Ordinal))),
                        Cancellation);
            await workflow.Reconcile();
        }

        Assert.All(
            await workflow.Dispatches(letter.Id),
            entry => Assert.Equal((entry.MissionId, DeliveryState.Bounced), (entry.MissionId, entry.State)));
    }

    // A mailbox that forwards to a broken address has the letter all the same: it was once recorded as returned.
    [Fact]
    public async Task A_report_on_an_address_the_mailbox_forwards_to_changes_nothing_and_is_told_once_and_kept()
    {
        await using var workflow = await Sent(cc: "deputy@che.example");
        await Put(workflow, "back.eml", "exchange-forwarded");
        await workflow.Reconcile();
        await Put(workflow, "back.eml", "exchange-forwarded");
        await workflow.Reconcile();

        var notice = Assert.Single(await workflow.Get<Notices>().All(Cancellation));
        Assert.Contains(
            "to che, about protocol@intern.che.example, which is none of the mailboxes",
            notice.Text,
            StringComparison.Ordinal);
        Assert.Equal((await workflow.TheDistribution()).Id, notice.DistributionId);
        Assert.Equal(DeliveryState.Accepted, (await Entry(workflow)).State);
        Assert.All(
            await workflow.Get<Replies>().Of((await workflow.TheDistribution()).Id, "che", Cancellation),
            kept => Assert.True(kept.Decision.IsMachines));
    }

    [Fact]
    public async Task A_bounce_in_words_for_people_is_recorded_and_told_to_a_person()
    {
        await using var workflow = await Sent();
        await Put(workflow, "back.eml", "exim-plain");

        await workflow.Reconcile();

        Assert.Equal(DeliveryState.Bounced, (await Entry(workflow)).State);
        Assert.Contains(
            "Unrouteable address",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bounce_in_words_marks_the_mailbox_it_names_and_not_one_whose_address_ends_that_one()
    {
        await using var workflow = await Sent(cc: $"un.{Mailbox}");
        var letter = (await Entry(workflow)).Attempts[0].MessageId;
        await workflow.Get<InboundFiles>().Upload(
            "back.eml",
            new MemoryStream(Encoding.UTF8.GetBytes(
                $"From: MAILER-DAEMON@mx.che.example\r\nSubject: Delivery problem\r\n\r\nIt could not be delivered, for the mailbox of un.{Mailbox} is full.\r\n\r\n--- Below this line is a copy of the message.\r\n\r\nMessage-ID: <{letter}>\r\n")),
            Cancellation);

        await workflow.Reconcile();

        Assert.Equal(
            [(Mailbox, DeliveryState.Accepted), ($"un.{Mailbox}", DeliveryState.Bounced)],
            (await Entry(workflow)).Attempts[0].Mailboxes.Select(box => (box.Mailbox.Address, box.State)));
    }

    // That mail alone once completed a distribution is why its state is asked for here.
    [Theory]
    [InlineData("out-of-office-exchange", "auto-reply")]
    [InlineData("vacation-gmail", "auto-reply")]
    // A person reads it, and no person wrote it.
    [InlineData("abandoned-mailbox", "auto-reply")]
    [InlineData("delayed", "bounce")]
    [InlineData("delivered", "bounce")]
    public async Task What_comes_back_settles_an_unknown_outcome_so_that_no_second_copy_leaves_and_completes_nothing(
        string name,
        string source)
    {
        var transport = new TransportStub(
            (_, address) => new(address, MailboxResult.Unknown, "The answer never came."));
        await using var workflow = await SharedHouse.Again(once, () => Sent(transport), transport);
        Assert.Equal(DeliveryState.OutcomeUnknown, (await Entry(workflow)).State);
        var offered = transport.Offered.Count;
        await Put(workflow, "back.eml", name);

        await workflow.Reconcile();
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        await workflow.Run();

        var entry = await Entry(workflow);
        Assert.True(entry.State.IsReached);
        Assert.NotEqual(DeliveryState.Delivered, entry.State);
        Assert.Equal(source, entry.Attempts[0].Mailboxes[0].Events[^1].Source);
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);
        Assert.Equal(offered, transport.Offered.Count);
        Assert.Empty(await workflow.Get<Acknowledgements>().Of((await workflow.TheDistribution()).Id, Cancellation));

        Assert.True(
            await workflow
                .Get<Resends>()
                .Vouch((await workflow.TheDistribution()).Id, "che", "the secretary", Cancellation));
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task What_a_person_answers_from_the_missions_domain_with_the_reference_acknowledges_and_settles_nothing()
    {
        await using var workflow = await Sent(
            new TransportStub((_, address) => new(address, MailboxResult.Unknown, "The answer never came.")));
        var letter = (await Entry(workflow)).Attempts[0].MessageId;
        var address = workflow.ReplyAddress(await workflow.TheDistribution());
        await workflow
            .Get<InboundFiles>()
            .Upload(
                "back.eml",
                new MemoryStream(InboundSample.Stated(letter, address, await workflow.Reference())),
                Cancellation);

        await workflow.Reconcile();

        Assert.Single(await workflow.Get<Acknowledgements>().Of((await workflow.TheDistribution()).Id, Cancellation));
        // Its sender is no mailbox that this message was sent to.
        Assert.Equal(DeliveryState.OutcomeUnknown, (await Entry(workflow)).State);
    }

    [Fact]
    public async Task A_bounce_of_one_mailbox_shows_that_the_letter_was_sent_to_the_others_too()
    {
        await using var workflow = await Sent(
            new TransportStub((_, address) => new(address, MailboxResult.Unknown, "The answer never came.")),
            "deputy@che.example");
        await Put(workflow, "back.eml", "mailbox-full");

        await workflow.Reconcile();

        Assert.Equal(
            [DeliveryState.Bounced, DeliveryState.Accepted],
            (await Entry(workflow)).Attempts[0].Mailboxes.Select(box => box.State));
    }

    [Fact]
    public async Task A_reply_from_a_mailbox_that_had_the_letter_shows_nothing_of_another()
    {
        await using var workflow = await Sent(
            new TransportStub(
                (_, address) => new(address, address == Mailbox ? MailboxResult.Accepted : MailboxResult.Unknown, "")),
            "deputy@che.example");
        await Put(workflow, "back.eml", "vacation-gmail");

        await workflow.Reconcile();

        Assert.Equal(
            [DeliveryState.Accepted, DeliveryState.OutcomeUnknown],
            (await Entry(workflow)).Attempts[0].Mailboxes.Select(box => box.State));
    }

    // Such messages once lay where nobody looks.
    [Fact]
    public async Task What_is_about_no_letter_on_record_waits_for_a_person_and_changes_nothing()
    {
        await using var workflow = await Sent();
        var before = await Entry(workflow);
        string[] names = ["forged", "someone-elses", "list-mail", "new-mail-of-a-person", "plain-from-a-person"];
        foreach (var name in names)
            await Put(workflow, $"{name}.eml", name);
        await workflow.Get<InboundFiles>().Upload("empty.eml", new MemoryStream(), Cancellation);
        await workflow.Get<InboundFiles>().Upload("zeros.eml", new MemoryStream(new byte[1000]), Cancellation);
        await workflow.Get<InboundFiles>().Upload("notes.txt", new MemoryStream("Not mail."u8.ToArray()), Cancellation);
        await Put(workflow, "zz-last.eml", "mailbox-full");

        await workflow.Reconcile();

        Assert.Equal(
            [
                "done/zz-last.eml",
                "unmatched/empty.eml",
                "unmatched/forged.eml",
                "unmatched/list-mail.eml",
                "unmatched/new-mail-of-a-person.eml",
                "unmatched/notes.txt",
                "unmatched/plain-from-a-person.eml",
                "unmatched/someone-elses.eml",
                "unmatched/zeros.eml",
            ],
            await Kept(workflow));
        var waiting = await workflow.Get<Replies>().Waiting(Cancellation);
        Assert.Equal(names.Length + 3, waiting.Count);
        Assert.All(waiting, message => Assert.NotEmpty(message.Why));
        Assert.Equal(before.Attempts[0].Mailboxes[0].Events.Count + 1, (await Events(workflow)).Count);
        Assert.Empty(await workflow.Get<Acknowledgements>().Of((await workflow.TheDistribution()).Id, Cancellation));
    }

    [Fact]
    public async Task Two_messages_of_one_name_or_one_Message_ID_and_other_content_are_two()
    {
        await using var workflow = await Sent();
        foreach (var text in (string[])["first", "second", "first"])
        {
            await workflow
                .Get<InboundFiles>()
                .Upload(
                    "one.eml",
                    new MemoryStream(
                        System.Text.Encoding.ASCII.GetBytes(
                            $"From: a@else.example\r\nMessage-ID: <same@else.example>\r\nSubject: Re\r\n\r\n{text}\r\n")
                    ),
                    Cancellation);
            await workflow.Reconcile();
        }

        Assert.Equal(
            ["first", "second"],
            (await workflow.Get<Replies>().Waiting(Cancellation)).Select(message => message.Excerpt).Order());
        Assert.Equal(2, (await Kept(workflow)).Count);
    }

    [Fact]
    public async Task A_message_too_large_to_be_read_is_kept_apart_and_told_to_a_person()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow
            .Get<InboundFiles>()
            .Upload("large.eml", new MemoryStream(new byte[InboundMailHandler.Largest + 1]), Cancellation);

        await workflow.Reconcile();

        Assert.Equal(["unmatched/large.eml"], await Kept(workflow));
        Assert.Contains(
            "inbound/large.eml has a little more than 25 MB",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_message_by_its_name_is_told_and_kept()
    {
        string[] names = ["Reply of the mission.msg", "reply", "reply.txt"];
        await using var workflow = await TestWorkflow.Open(azurite);
        foreach (var name in names)
            await workflow.Get<InboundFiles>().Upload(name, new MemoryStream([0xD0, 0xCF, 0x11, 0xE0]), Cancellation);

        await workflow.Reconcile();
        await workflow.Reconcile();

        Assert.Equal(names.Select(name => $"unmatched/{name}"), await Kept(workflow));
        var notices = await workflow.Get<Notices>().All(Cancellation);
        Assert.Equal(names.Length, notices.Count);
        Assert.All(
            names,
            name => Assert.Single(
                notices,
                notice => notice.Text.StartsWith(
                    $"The file inbound/{name} is not a message in a file NAME.eml, and was not read. Save the message as .eml",
                    StringComparison.Ordinal)));
        Assert.Equal(names.Length, (await workflow.Get<Replies>().Waiting(Cancellation)).Count);
    }

    [Fact]
    public async Task A_message_that_takes_too_long_to_read_is_kept_unread_and_told_to_a_person()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var text = $"From: a@b.example\n\n{string.Concat(Enumerable.Repeat(new string('x', 70) + "\n", 250_000))}";
        using var content = new MemoryStream(Encoding.ASCII.GetBytes(text));

        var handled = workflow.Get<InboundMailHandler>().Handle(content, "slow.eml", Cancellation);
        while (!handled.IsCompleted)
        {
            workflow.Clock.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAny(handled, Task.Delay(1, Cancellation));
        }

        Assert.Equal(InboundResult.Unmatched, await handled);
        Assert.Equal(
            "It was not read: reading it took too long.",
            Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation)).Why);
        Assert.Contains(
            "slow.eml was not read, for reading it took too long",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delay_is_shown_with_its_end_and_once_that_has_passed_as_one_without_a_failure()
    {
        await using var workflow = await Sent();
        await Put(workflow, "back.eml", "delayed");
        await workflow.Reconcile();
        var letter = (await workflow.TheDistribution()).Id;

        Assert.Contains(
            "To Switzerland it is delayed on its way. It has left, and the mission's server has put it off; sending goes on by itself for some days, until 31 March 2018, 6.05 p.m. New York time at the latest.",
            await Page(Addresses.Distribution(letter)),
            StringComparison.Ordinal);
        workflow.Clock.SetUtcNow(new(2018, 3, 31, 22, 5, 2, TimeSpan.Zero));
        Assert.Contains(
            "To Switzerland it was delayed, and no failure was reported.",
            await Page(Addresses.Distribution(letter)),
            StringComparison.Ordinal);
        Assert.Contains("Switzerland", await Page(Addresses.Unreachable(letter)), StringComparison.Ordinal);

        async Task<string> Page(string address)
        {
            await using var site = await TestSite.Open(workflow);
            return TestSite.Words(await site.Page(address));
        }
    }

    // What was delayed and then delivered once stayed delayed for good.
    [Theory]
    [InlineData("delayed", "delivered")]
    [InlineData("delivered", "delayed")]
    [InlineData("delayed", "relayed")]
    public async Task A_report_that_it_arrived_ends_a_delay_and_makes_nothing_delivered(params string[] names)
    {
        await using var workflow = await Sent();
        foreach (var name in names)
            await Put(workflow, $"{name}.eml", name);
        await workflow.Reconcile();

        Assert.Equal(DeliveryState.Accepted, (await Entry(workflow)).State);
        Assert.Equal(
            ["Delayed, to be tried until 31 March 2018, 6.05 p.m.", "Delivered, as mail alone says"],
            (await Events(workflow)).Where(happened => happened.IsByMail).Select(happened => DeliveryLog.Words(happened).ToString()).Order());
    }

    [Fact]
    public async Task A_letter_that_came_back_from_one_of_a_missions_mailboxes_shows_on_the_front_page()
    {
        await using var workflow = await Sent(cc: "deputy@che.example");
        await Put(workflow, "back.eml", "mailbox-full");
        await workflow.Reconcile();

        await using var site = await TestSite.Open(workflow);
        Assert.Contains(
            "1 mission has it in one mailbox, and it came back from another: Switzerland.",
            TestSite.Words(await site.Page(Addresses.Front)),
            StringComparison.Ordinal);
    }

    // A report that returned nothing of the letter once waited with no mission named.
    [Fact]
    public async Task A_report_that_names_only_a_mailbox_is_kept_with_the_latest_letter_to_it_and_changes_nothing()
    {
        await using var workflow = await Sent();
        var text = System.Text.Encoding.UTF8.GetString(InboundSample.Bytes("mailbox-full", "x"));
        await workflow
            .Get<InboundFiles>()
            .Upload(
                "back.eml",
                new MemoryStream(
                    System.Text.Encoding.UTF8.GetBytes(
                        text[..text.LastIndexOf("--=_report\nContent-Type", StringComparison.Ordinal)] + "--=_report--\n")),
                Cancellation);

        await workflow.Reconcile();

        Assert.Equal(DeliveryState.Accepted, (await Entry(workflow)).State);
        Assert.StartsWith(
            "A report came about Draft Rev 1 to Switzerland: ",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.Single(await workflow.Get<Replies>().Of((await workflow.TheDistribution()).Id, "che", Cancellation));
    }

    [Fact]
    public async Task Mail_that_goes_round_in_circles_does_not_fill_the_entry()
    {
        await using var workflow = await Sent();
        var letter = (await Entry(workflow)).Attempts[0].MessageId;
        for (var number = 0; number < 23; number++)
        {
            var text = System
                .Text.Encoding.UTF8.GetString(InboundSample.Bytes("delayed", letter))
                .Replace("delay.1@", $"delay.{number}@", StringComparison.Ordinal);
            await workflow
                .Get<InboundFiles>()
                .Upload($"{number}.eml", new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), Cancellation);
        }

        await workflow.Reconcile();

        Assert.Equal(20, (await Events(workflow)).Count(happened => happened.Kind == DeliveryEventKind.Deferred));
        Assert.Contains(
            "Very many reports came about the letter to Switzerland",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.Equal(
            23,
            (await workflow.Get<Replies>().Of((await workflow.TheDistribution()).Id, "che", Cancellation)).Count);
    }

    private Task<TestWorkflow> Sent() => SharedHouse.Again(once, () => Sent(transport: null));

    private async Task<TestWorkflow> Sent(IMailTransport? transport = null, string cc = "")
    {
        var workflow = await TestWorkflow.Open(azurite, transport, ("Inbound:ReplyAddress", "replies@letters.example"));
        await workflow.UseMailboxes(Mailbox, cc);
        await workflow.Released();
        await workflow.CarryOutBatches();
        return workflow;
    }

    private static async Task Put(TestWorkflow workflow, string file, string name) =>
        await workflow
            .Get<InboundFiles>()
            .Upload(
                file,
                new MemoryStream(InboundSample.Bytes(name, (await Entry(workflow)).Attempts[0].MessageId)),
                Cancellation);

    private static async Task<MissionEntry> Entry(TestWorkflow workflow) =>
        Assert.Single(await workflow.Dispatches((await workflow.TheDistribution()).Id));

    private static async Task<IReadOnlyList<DeliveryEvent>> Events(TestWorkflow workflow) =>
        (await Entry(workflow)).Attempts[0].Mailboxes[0].Events;

    private static async Task<IReadOnlyList<string>> Kept(TestWorkflow workflow)
    {
        List<string> names = [];
        await foreach (
            var blob in workflow.Blobs(ResourceNames.Inbound).GetBlobsAsync(cancellationToken: Cancellation))
            if (!blob.Name.StartsWith(InboundFiles.Replies, StringComparison.Ordinal))
                names.Add(blob.Name);
        return names;
    }
}
