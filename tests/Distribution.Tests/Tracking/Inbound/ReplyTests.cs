using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Tracking.Inbound;

/// <summary>What becomes of messages that people write.</summary>
public sealed class ReplyTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private const string Own = "replies@letters.example";
    private const string Mailbox = "mission@che.example";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tracked_letter_names_its_contact_first_and_then_an_address_of_the_missions_own()
    {
        await using var workflow = await Sent(["che", "mex"]);

        var letters = workflow
            .Sent()
            .Select(letter => letter.ReplyTo.Mailboxes.Select(mailbox => mailbox.Address).ToList())
            .ToList();

        Assert.All(letters, addresses => Assert.Equal(["compact@secretariat.example", addresses[1]], addresses));
        Assert.All(letters, addresses => Assert.Matches("^replies\\+[a-z2-7]{32}@letters\\.example$", addresses[1]));
        Assert.Equal(2, letters.Select(addresses => addresses[1]).Distinct().Count());
    }

    [Fact]
    public async Task A_letter_that_does_not_track_replies_names_its_contact_alone()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Inbound:ReplyAddress", Own));
        await workflow.UseMailboxes(Mailbox);
        await workflow.Released();
        await workflow.CarryOutBatches();

        Assert.Equal(
            "compact@secretariat.example",
            Assert.Single(Assert.Single(workflow.Sent()).ReplyTo.Mailboxes).Address);
    }

    [Fact]
    public async Task A_reply_from_the_missions_mailbox_to_its_own_address_with_the_reference_acknowledges_once_from_whatever_source_and_is_kept()
    {
        await using var workflow = await Sent();
        var reply = await Stated(workflow, Reply("Mission@CHE.example", "Ana Núñez", await Token(workflow)));
        ((MailboxAddress)reply.To[0]).Address = ((MailboxAddress)reply.To[0]).Address.ToUpperInvariant();

        await Take(workflow, "one.eml", reply);
        // By another way other servers have written on top of it.
        reply.Headers.Insert(0, "Received", "from mx.che.example");
        reply.Headers.Insert(0, "Delivered-To", "replies@letters.example");
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        await Take(workflow, "two.eml", reply);

        var step = Assert.Single((await Acknowledged(workflow))!.Steps);
        Assert.Equal(
            (
                "Ana Núñez <Mission@CHE.example>",
                AcknowledgementChannel.Reply,
                null,
                "Known by the mission's own reply address; it comes from the mission's mailbox and gives the reference printed in the letter."
            ),
            (step.Stands!.By, step.Stands.Channel, step.Stands.Recorder, step.Words));
        var kept = Assert.Single(await Kept(workflow));
        Assert.Equal("Re: Draft Rev 1", kept.Reply.Subject);
        Assert.EndsWith("We have it, with thanks.", kept.Reply.Excerpt, StringComparison.Ordinal);
        Assert.Equal(step.Id, kept.Reply.Id);
        using var stored = await MimeMessage.LoadAsync(
            (await workflow.Get<Replies>().Message(kept.Reply.Id, Cancellation))!,
            Cancellation);
        Assert.Equal(reply.MessageId, stored.MessageId);
        Assert.Empty(await Waiting(workflow));
    }

    // A sender's clock may be wrong or lie: an acknowledgement once stood 22 days before its letter.
    [Fact]
    public async Task It_counts_from_when_it_reached_us_and_what_its_sender_dates_it_stands_beside_it()
    {
        await using var workflow = await Sent();
        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        var reply = await Stated(workflow, Reply(Mailbox, null, await Token(workflow)));
        reply.Date = workflow.Clock.GetUtcNow().AddDays(-22);
        var now = workflow.Clock.GetUtcNow();

        await Take(workflow, "one.eml", reply);

        Assert.Equal(now, (await Acknowledged(workflow))!.Stands!.At);
        Assert.Equal(reply.Date, Assert.Single(await Kept(workflow)).Reply.SentAt!.Value, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task While_the_letter_has_not_left_no_message_acknowledges_it_by_a_press()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Inbound:ReplyAddress", Own));
        await workflow.UseMailboxes(Mailbox);
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("replies: tracked"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        var letter = await workflow.TheDistribution();
        await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation);
        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        using var content = new MemoryStream();
        await Reply(Mailbox, null, "letters@secretariat.example").WriteToAsync(content, Cancellation);
        content.Position = 0;
        await workflow.Get<InboundMailHandler>().Handle(content, "one.eml", Cancellation);

        var id = Assert.Single(await Waiting(workflow)).Id;
        Assert.Equal(
            ReplyOutcome.TooEarly,
            await workflow.Get<ReplyFiling>().Match(id, letter.Id, "che", true, "the secretary", Cancellation));
        Assert.Null(await Acknowledged(workflow));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_came_before_the_letter_left_acknowledges_nothing_by_itself_nor_by_a_press(bool isReleased)
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Inbound:ReplyAddress", Own));
        await workflow.UseMailboxes(Mailbox);
        var early = workflow.Clock.GetUtcNow();
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("replies: tracked"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        workflow.Clock.Advance(TimeSpan.FromHours(2));
        await workflow.Get<Releases>().Release((await workflow.TheDistribution()).Id, "the secretary", Cancellation);
        if (isReleased)
            early = workflow.Clock.GetUtcNow().AddMinutes(30);
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        await workflow.Run();
        var reply = await Stated(workflow, Reply(Mailbox, null, await Token(workflow)));
        using var content = new MemoryStream();
        await reply.WriteToAsync(content, Cancellation);
        content.Position = 0;

        Assert.Equal(
            InboundResult.Waiting,
            await workflow.Get<InboundMailHandler>().Handle(content, "one.eml", early, Cancellation));

        var waiting = Assert.Single(await Waiting(workflow));
        Assert.Equal("It came before the letter left.", waiting.Why);
        var letter = await workflow.TheDistribution();
        Assert.Equal(
            ReplyOutcome.TooEarly,
            await workflow.Get<ReplyFiling>().Match(waiting.Id, letter.Id, "che", true, "the secretary", Cancellation));
        Assert.Null(await Acknowledged(workflow));
        Assert.Equal(
            ReplyOutcome.Done,
            await workflow.Get<ReplyFiling>().Match(waiting.Id, letter.Id, "che", false, "the secretary", Cancellation)
        );
        Assert.Null(await Acknowledged(workflow));
        Assert.Single(await Kept(workflow));
    }

    // Each of these once acknowledged by itself.
    [Theory]
    [InlineData(
        "mission@che.example",
        "We have it.",
        "It does not give the reference that is printed in the letter.",
        nameof(ReplyPile.Receipt),
        true)]
    [InlineData(
        "mission@che.example",
        "> REFERENCE",
        "It does not give the reference that is printed in the letter.",
        nameof(ReplyPile.Says),
        true)]
    [InlineData(
        "mission@che.example",
        "On Monday the secretariat <letters@secretariat.example> wrote:\nREFERENCE",
        "It does not give the reference that is printed in the letter.",
        nameof(ReplyPile.Says),
        true)]
    [InlineData(
        "ambassador@private.example",
        "REFERENCE",
        "ambassador@private.example is no mailbox of the mission.",
        nameof(ReplyPile.Says),
        true)]
    [InlineData(
        "clerk@secretariat.example",
        "REFERENCE",
        "It comes from the secretariat's own side.",
        nameof(ReplyPile.Says),
        false)]
    [InlineData(
        "compact@secretariat.example",
        "REFERENCE",
        "It comes from the secretariat's own side.",
        nameof(ReplyPile.Says),
        false)]
    [InlineData(
        "mission@che.example",
        "REFERENCE I am out of the office.",
        "It speaks as automatic answers and mail gateways do.",
        nameof(ReplyPile.Machine),
        true)]
    [InlineData(
        "mission@che.example",
        "I am out of the office.",
        "It speaks as automatic answers and mail gateways do.",
        nameof(ReplyPile.Machine),
        false)]
    [InlineData(
        "mission@che.example",
        "REFERENCE. Annex II cannot be opened, please send it again",
        "It gives the reference, and asks or says something else as well.",
        nameof(ReplyPile.Says),
        true)]
    [InlineData(
        "mission@che.example",
        "Kindly confirm that letter REFERENCE is genuine.",
        "It gives the reference, and asks or says something else as well.",
        nameof(ReplyPile.Says),
        true)]
    [InlineData(
        "mission@che.example",
        "Réf. REFERENCE. Nous vous prions de renvoyer l’annexe II.",
        "It gives the reference, and asks or says something else as well.",
        nameof(ReplyPile.Says),
        true)]
    [InlineData(
        "mission@che.example",
        "Annex II is missing. Could you send it again?",
        "It does not give the reference that is printed in the letter.",
        nameof(ReplyPile.Says),
        true)]
    public async Task Whatever_one_condition_fails_waits_with_its_mission_and_the_reason(
        string from,
        string text,
        string why,
        string pile,
        bool isAnswer)
    {
        var workflow = await NothingWaits();
        var reply = Reply(from, null, await Token(workflow));
        reply.Body = new TextPart("plain")
        {
            Text = text.Replace("REFERENCE", await workflow.Reference(), StringComparison.Ordinal),
        };

        await Take(workflow, "one.eml", reply);

        Assert.Null(await Acknowledged(workflow));
        var waiting = Assert.Single(await Waiting(workflow));
        Assert.Equal(
            (why, pile, isAnswer, "che"),
            (waiting.Why, waiting.Pile.ToString(), waiting.IsAnswer, waiting.Candidates[0].MissionId));
        Assert.Equal(
            isAnswer ? ["che"] : [],
            await workflow.Get<Replies>().Answered((await workflow.TheDistribution()).Id, Cancellation));
    }

    [Fact]
    public async Task While_a_missions_answer_waits_to_be_read_it_gets_no_reminder()
    {
        await using var workflow = await Sent(["che", "mex"]);
        var letter = (await workflow.TheDistribution()).Id;
        var reply = Reply("che@missions.example", null, await Token(workflow));
        await Take(workflow, "one.eml", reply);
        // A machine's, and what anyone can have written, keep no reminder from anybody.
        await Take(workflow, "forged.eml", Reply("mex@missions.example", null, "letters@secretariat.example"));
        await using (var site = await TestSite.Open(workflow))
        {
            // The page counts as the reminder does.
            var page = await site.Page($"/distributions/{letter}?show=silent");
            Assert.Equal("Silent (1)", page.QuerySelector("#show-Silent")!.TextContent);
            Assert.Equal("Mexico", Assert.Single(page.QuerySelectorAll("table.missions tbody th")).TextContent);
            Assert.Equal("Send a reminder to 1 mission", page.QuerySelector("#remind")!.TextContent);
        }

        Assert.Equal(
            "The mission has answered meanwhile, and its answer waits to be read.",
            await workflow.Get<ISendGuard>().Objection(new(FollowUpKind.Reminder, letter), "che", Cancellation));
        Assert.Null(
            await workflow.Get<ISendGuard>().Objection(new(FollowUpKind.Reminder, letter), "mex", Cancellation));
        Assert.True(await workflow.RemindNow(letter));
        await workflow.Run();
        Assert.Equal(
            ["mex@missions.example"],
            workflow.Sent($"{letter}-r1").Select(message => message.To.Mailboxes.Single().Address));

        // Read, and found to acknowledge nothing: the mission is silent again.
        var waiting = (await Waiting(workflow)).Single(message => message.IsAnswer);
        Assert.Equal(
            ReplyOutcome.Done,
            await workflow.Get<ReplyFiling>().Match(waiting.Id, letter, "che", false, "the secretary", Cancellation));
        Assert.Null(
            await workflow.Get<ISendGuard>().Objection(new(FollowUpKind.Reminder, letter), "che", Cancellation));
    }

    [Theory]
    [InlineData("7QJ4MX2K9TWB")]
    [InlineData("7qj4-mx2k-9twb")]
    [InlineData("Votre réf 7QJ4 MX2K 9TWB, reçue")]
    [InlineData("ref: 7QJ4–MX2K–9TWB.")]
    [InlineData("7QJ4-MX2K-9TWB-X")]
    [InlineData("7QJ4MX2K9TWBX, received")]
    [InlineData("\u206a7QJ4-\u200bMX2K-9TWB\u2069")]
    [InlineData("X-9TWB-MX2K-7QJ4")]
    public void The_reference_is_read_as_people_write_it(string text) =>
        Assert.True(ReplyText.Gives(text, "7QJ4MX2K9TWB"));

    [Theory]
    [InlineData("7QJ4-MX2K-9TW")]
    [InlineData("X7QJ4-MX2K-9TWB")]
    [InlineData("7QJ4MX2K9TWBZ")]
    [InlineData("with best wish")]
    public void Another_word_is_none(string text) => Assert.False(ReplyText.Gives(text, "7QJ4MX2K9TWB"));

    [Fact]
    public async Task Above_the_quotation_counts_in_HTML_too()
    {
        await using var workflow = await Sent();
        var reference = await workflow.Reference();
        foreach (
            var (name, html) in ((string, string)[])
                [
                    ("below.eml", $"<html><body><p>Thank you.</p><blockquote>{reference}</blockquote></body></html>"),
                    (
                        "above.eml",
                        $"<html><body><p>{reference}</p><p>Thank you.</p><div class=\"gmail_quote\">x</div></body></html>"
                    ),
                ])
        {
            Assert.Null(await Acknowledged(workflow));
            var reply = Reply(Mailbox, null, await Token(workflow));
            reply.Body = new TextPart("html") { Text = html };
            await Take(workflow, name, reply);
        }

        Assert.NotNull((await Acknowledged(workflow))!.Stands);
        Assert.Single(await Waiting(workflow));
    }

    [Fact]
    public async Task The_domain_counts_where_only_that_mission_uses_it_and_it_is_no_providers()
    {
        (string Mission, string Mailbox, string From, bool Counts)[] missions =
        [
            ("che", "mission@che.example", "second.secretary@che.example", true),
            ("egy", "mission.egy@gmail.com", "second.secretary@gmail.com", false),
            ("fra", "mission.fra@yahoo.co.uk", "someone@yahoo.co.uk", false),
            ("mex", "mex@missions.example", "someone@missions.example", false),
            ("ukr", "ukr@missions.example", "another@missions.example", false),
        ];
        var register = TestWorkflow.RegisterOf([.. missions.Select(mission => mission.Mission)]);
        foreach (var (mission, mailbox, _, _) in missions)
            register = register.Replace($"{mission}@missions.example", mailbox, StringComparison.Ordinal);
        await using var workflow = await TestWorkflow.Open(azurite, ("Inbound:ReplyAddress", Own));
        await workflow.PutInUse(register);
        await TrackedAndReleased(workflow);
        var letter = await workflow.TheDistribution();
        foreach (var (mission, _, from, _) in missions)
            await Take(
                workflow,
                $"{mission}.eml",
                await Stated(workflow, Reply(from, null, workflow.ReplyAddress(letter, mission))));

        var acknowledged = await workflow.Get<Acknowledgements>().Of(letter.Id, Cancellation);
        Assert.Equal(
            missions.Where(mission => mission.Counts).Select(mission => mission.Mission),
            acknowledged.Where(mission => mission.Value.Stands is not null).Select(mission => mission.Key));
        Assert.Equal(
            missions
                .Where(mission => !mission.Counts)
                .Select(mission => (mission.Mission, $"{mission.From} is no mailbox of the mission.")),
            (await Waiting(workflow)).Select(waiting => (waiting.Candidates[0].MissionId, waiting.Why)).Order());

        // While the register cannot be read, nobody knows that no other mission uses it: a person decides at once.
        await workflow.Get<RegisterContainer>().Write(RegisterContainer.InUse, "mission\r\n\"broken"u8.ToArray(), Cancellation);
        await Take(
            workflow,
            "unread.eml",
            await Stated(workflow, Reply("first.secretary@che.example", null, workflow.ReplyAddress(letter, "che"))));
        Assert.Empty(await workflow.Get<InboundFiles>().Waiting(Cancellation));
        Assert.Single(
            await Waiting(workflow),
            waiting => waiting.Why == "first.secretary@che.example is no mailbox of the mission.");
    }

    [Fact]
    public async Task A_co_facilitators_own_mission_acknowledges_from_its_exact_mailbox_though_that_is_the_contact()
    {
        await using var workflow = await Sent(mailbox: "compact@secretariat.example");

        await Take(
            workflow,
            "colleague.eml",
            await Stated(workflow, Reply("clerk@secretariat.example", null, await Token(workflow))));
        Assert.Null(await Acknowledged(workflow));

        await Take(
            workflow,
            "own.eml",
            await Stated(workflow, Reply("compact@secretariat.example", null, await Token(workflow))));
        Assert.NotNull((await Acknowledged(workflow))!.Stands);
    }

    [Fact]
    public async Task The_email_asks_for_the_reference_in_one_line_where_a_reply_is_read_and_never_prints_it()
    {
        const string line = "please begin your reply with the reference";
        await using var workflow = await Sent();
        var message = Assert.Single(workflow.Sent());
        Assert.Contains(line, message.HtmlBody, StringComparison.Ordinal);
        Assert.Contains(line, message.TextBody!.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain(await workflow.Reference(), message.ToString(), StringComparison.Ordinal);

        await using var untracked = await TestWorkflow.Open(azurite);
        await untracked.UseMailboxes(Mailbox);
        await untracked.Released();
        await untracked.CarryOutBatches();
        Assert.DoesNotContain(line, Assert.Single(untracked.Sent()).HtmlBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reply_to_a_reminder_acknowledges_the_letter_it_reminds_of()
    {
        await using var workflow = await Sent();
        var letter = (await workflow.TheDistribution()).Id;
        Assert.True(await workflow.RemindNow(letter));
        await workflow.Run();
        var reminder = Assert.Single(workflow.Sent(), message => message.InReplyTo is not null);
        Assert.Equal(
            workflow.Sent().Single(message => message.InReplyTo is null).ReplyTo.ToString(),
            reminder.ReplyTo.ToString());

        var reply = await Stated(
            workflow,
            Reply(Mailbox, null, reminder.ReplyTo.Mailboxes.Last().Address));
        reply.InReplyTo = reminder.MessageId;
        await Take(workflow, "one.eml", reply);

        Assert.Equal(
            AcknowledgementChannel.Reply,
            (await workflow.Get<Acknowledgements>().Find(letter, "che", Cancellation))!.Stands!.Channel);
        Assert.Null(await workflow.Get<Acknowledgements>().Find($"{letter}-r1", "che", Cancellation));
        Assert.Single(await workflow.Get<Replies>().Of(letter, "che", Cancellation));
    }

    [Fact]
    public async Task A_reply_shows_that_a_letter_whose_outcome_is_unknown_was_sent()
    {
        await using var workflow = await Sent(
            transport: new TransportStub((_, address) => new(address, MailboxResult.Unknown, "The answer never came."))
        );
        var address = workflow.ReplyAddress(await workflow.TheDistribution());

        await Take(workflow, "one.eml", Reply(Mailbox, null, address));

        Assert.True((await workflow.Dispatches((await workflow.TheDistribution()).Id))[0].State.IsReached);
    }

    // Logs and archives hold the Message-IDs of all missions: once, whoever had one acknowledged for each of them.
    [Fact]
    public async Task A_reply_that_only_names_the_message_is_known_by_it_whoever_answered_in_between_and_waits_for_a_person()
    {
        await using var workflow = await Sent();
        var reply = await Stated(workflow, Reply(Mailbox, null, "letters@secretariat.example"));
        reply.References.Add(Assert.Single(workflow.Sent()).MessageId!.ToUpperInvariant());
        reply.InReplyTo = "another@private.example";

        await Take(workflow, "one.eml", reply);

        Assert.Null(await Acknowledged(workflow));
        var waiting = Assert.Single(await Waiting(workflow));
        Assert.Equal(
            (ReplyPile.Receipt, true, "che", "It names the letter, and was not sent to the mission's own reply address: whoever has the letter's log or archive can have written it."),
            (waiting.Pile, waiting.IsAnswer, waiting.Candidates[0].MissionId, waiting.Why));
    }

    // Anyone can write a sender: it once was enough.
    [Fact]
    public async Task A_sender_alone_counts_for_nothing_and_offers_its_mission()
    {
        await using var workflow = await Sent();

        await Take(
            workflow,
            "one.eml",
            await Stated(workflow, Reply("Mission@CHE.example", null, "letters@secretariat.example")));

        Assert.Null(await Acknowledged(workflow));
        var waiting = Assert.Single(await Waiting(workflow));
        Assert.Equal(("che", false), (Assert.Single(waiting.Candidates).MissionId, waiting.IsAnswer));
        Assert.Contains("known by its sender alone, which anyone can write", waiting.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_who_had_several_letters_waits_with_those_as_candidates_and_one_with_old_letters_alone_with_none()
    {
        await using var workflow = await Sent();
        await workflow.Upload(
            "gcm/draft-rev-2/letter.md",
            Samples.Letter(
                Samples
                    .FrontMatter.Replace("Rev 1", "Rev 2", StringComparison.Ordinal)
                    .Replace("rev-1", "rev-2", StringComparison.Ordinal),
                "Draft Rev 2 is enclosed."));
        await workflow.Upload("gcm/draft-rev-2/draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"));
        await workflow.Reconcile();
        var second = (await workflow.Distributions()).Single(distribution => distribution.DraftLabel == "Draft Rev 2");
        Assert.True(await workflow.Get<Releases>().Release(second.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();

        await Take(workflow, "one.eml", Reply(Mailbox, null, "letters@secretariat.example"));
        Assert.Equal(2, Assert.Single(await Waiting(workflow)).Candidates.Count);

        workflow.Clock.Advance(TimeSpan.FromDays(61));
        var late = Reply(Mailbox, null, "letters@secretariat.example");
        await Take(workflow, "late.eml", late);
        Assert.Equal([0, 2], (await Waiting(workflow)).Select(reply => reply.Candidates.Count).Order());
        Assert.All(
            await workflow.Distributions(),
            distribution =>
                Assert.Null(workflow.Get<Acknowledgements>().Find(distribution.Id, "che", Cancellation).Result));
    }

    [Fact]
    public async Task Someone_at_a_missions_domain_waits_with_that_mission_offered()
    {
        await using var workflow = await Sent();

        await Take(workflow, "one.eml", Reply("second.secretary@che.example", null, "letters@secretariat.example"));

        Assert.Equal("Switzerland", Assert.Single(Assert.Single(await Waiting(workflow)).Candidates).Mission);
        Assert.Null(await Acknowledged(workflow));
    }

    [Theory]
    [InlineData("Auto-Submitted", "auto-replied")]
    [InlineData("Auto-Submitted", "auto-generated")]
    [InlineData("X-Autoreply", "yes")]
    [InlineData("X-Auto-Response-Suppress", "All")]
    [InlineData("Precedence", "bulk")]
    [InlineData("Return-Path", "<>")]
    [InlineData("List-Id", "<news.che.example>")]
    public async Task What_bears_a_sign_of_a_machine_never_acknowledges_and_with_the_reference_always_waits(
        string header,
        string value)
    {
        var workflow = await NothingWaits();
        var reply = await Stated(workflow, Reply(Mailbox, null, await Token(workflow)));
        reply.InReplyTo = Assert.Single(workflow.Sent()).MessageId;
        reply.Headers.Add(header, value);

        await Take(workflow, "one.eml", reply);

        Assert.Null(await Acknowledged(workflow));
        Assert.Single(await Waiting(workflow));
    }

    [Fact]
    public async Task A_read_receipt_and_a_bounce_to_the_missions_own_address_never_acknowledge()
    {
        await using var workflow = await Sent();
        foreach (var name in (string[])["read-receipt", "delivered", "mailbox-full", "exim-plain"])
        {
            using var message = MimeMessage.Load(
                new MemoryStream(InboundSample.Bytes(name, Assert.Single(workflow.Sent()).MessageId!)),
                Cancellation);
            message.To.Add(MailboxAddress.Parse(await Token(workflow)));
            await Take(workflow, $"{name}.eml", message);
        }

        Assert.Null(await Acknowledged(workflow));
        Assert.Empty(await Waiting(workflow));
        Assert.All(await Kept(workflow), kept => Assert.True(kept.Decision.IsMachines));
    }

    [Fact]
    public async Task A_subject_that_machines_write_waits_for_a_person_though_the_letter_is_known()
    {
        await using var workflow = await Sent();
        var reply = Reply(Mailbox, null, await Token(workflow));
        reply.Subject = "Automatic reply: Draft Rev 1";

        await Take(workflow, "one.eml", reply);

        Assert.Null(await Acknowledged(workflow));
        Assert.Equal("che", Assert.Single(Assert.Single(await Waiting(workflow)).Candidates).MissionId);
    }

    [Fact]
    public async Task Another_mission_that_answers_to_all_is_for_a_person_to_tell_with_its_own_letter_first()
    {
        await using var workflow = await Sent(["che", "mex"]);
        var distribution = (await workflow.TheDistribution()).Id;
        var mexico = (await workflow.Get<FrozenRosters>().Find(distribution, Cancellation))
            .Find("mex")!
            .Mailboxes[0]
            .Address;

        await Take(workflow, "one.eml", Reply(mexico, null, workflow.ReplyAddress(await workflow.TheDistribution())));

        Assert.Equal(
            ["mex", "che"],
            Assert.Single(await Waiting(workflow)).Candidates.Select(candidate => candidate.MissionId));
        Assert.Empty(await workflow.Get<Acknowledgements>().Of(distribution, Cancellation));
    }

    [Fact]
    public async Task A_forged_address_does_not_count()
    {
        await using var workflow = await Sent();
        var token = await Token(workflow);
        var place = token.IndexOf('+', StringComparison.Ordinal) + MessageTokens.MarkLength + 1;
        var forged = $"{token[..place]}{(token[place] == 'a' ? 'b' : 'a')}{token[(place + 1)..]}";

        await Take(workflow, "one.eml", await Stated(workflow, Reply("someone@else.example", null, forged)));

        Assert.Null(await Acknowledged(workflow));
        Assert.Empty(Assert.Single(await Waiting(workflow)).Candidates);
    }

    [Fact]
    public async Task What_a_person_decided_stays_decided_when_the_same_message_comes_again()
    {
        await using var workflow = await Sent();
        var (matched, aside) = (
            Reply("a@else.example", null, "letters@secretariat.example"),
            Reply("b@else.example", null, "letters@secretariat.example"));
        await Take(workflow, "1.eml", matched);
        await Take(workflow, "2.eml", aside);
        var waiting = await Waiting(workflow);
        var distribution = (await workflow.TheDistribution()).Id;
        var desk = workflow.Get<ReplyFiling>();

        var first = waiting.Single(reply => reply.Sender == "a@else.example").Id;
        Assert.Equal(
            ReplyOutcome.Done,
            await desk.Match(first, distribution, "Switzerland", true, "the secretary", Cancellation));
        Assert.Equal(
            ReplyOutcome.Done,
            await desk.SetAside(
                waiting.Single(reply => reply.Sender == "b@else.example").Id,
                "the secretary",
                Cancellation));
        Assert.Equal(ReplyOutcome.Decided, await desk.SetAside(first, "another", Cancellation));
        await Take(workflow, "1.eml", matched);
        await Take(workflow, "2.eml", aside);

        Assert.Empty(await Waiting(workflow));
        var step = Assert.Single((await Acknowledged(workflow))!.Steps);
        Assert.Equal(
            ("the secretary", "the secretary", "a@else.example", "Matched by a person."),
            (step.By, step.Stands!.Recorder, step.Stands.By, step.Words));
        Assert.Equal("a@else.example", Assert.Single(await Kept(workflow)).Reply.Sender);
    }

    [Fact]
    public async Task What_broke_off_after_the_decision_is_made_good_when_the_message_is_taken_again()
    {
        await using var workflow = await Sent();
        var reply = Reply("a@else.example", null, "letters@secretariat.example");
        await Take(workflow, "1.eml", reply);
        var waiting = Assert.Single(await Waiting(workflow));
        await workflow
            .Get<Replies>()
            .Decide(
                new(
                    waiting.Id,
                    (await workflow.TheDistribution()).Id,
                    "che",
                    true,
                    "the secretary",
                    workflow.Clock.GetUtcNow(),
                    "Matched by a person."),
                Cancellation);
        Assert.Null(await Acknowledged(workflow));

        await Take(workflow, "1.eml", reply);

        Assert.NotNull((await Acknowledged(workflow))!.Stands);
        Assert.Single(await Kept(workflow));
        Assert.Empty(await Waiting(workflow));
    }

    [Fact]
    public async Task Where_the_mission_has_acknowledged_already_the_first_one_stands_and_the_reply_is_kept()
    {
        await using var workflow = await Sent();
        var distribution = (await workflow.TheDistribution()).Id;
        await workflow.Acknowledge(distribution, "che", "First");

        await Take(workflow, "1.eml", await Stated(workflow, Reply(Mailbox, null, await Token(workflow))));

        Assert.Equal("First", (await Acknowledged(workflow))!.Stands!.By);
        Assert.Single(await Kept(workflow));
    }

    [Fact]
    public async Task Files_are_listed_with_their_sizes_and_names_that_can_do_no_harm()
    {
        await using var workflow = await Sent();
        var reply = Reply(Mailbox, null, await Token(workflow));
        var body = new BodyBuilder
        {
            HtmlBody = "<html><script>alert(1)</script><p>Our <b>comments</b> are attached.</p></html>",
        };
        body.Attachments.Add("../../comments\u202Efdp.docx", new byte[1234]);
        body.Attachments.Add(new string('n', 400) + ".pdf", new byte[5]);
        reply.Body = body.ToMessageBody();
        reply.Subject = "Re: Draft\u202E Rev 1";

        await Take(workflow, "1.eml", reply);

        var kept = Assert.Single(await Waiting(workflow));
        Assert.Equal("Re: Draft Rev 1", kept.Subject);
        Assert.Equal("Our comments are attached.", kept.Excerpt);
        Assert.Equal(2, kept.Files.Count);
        Assert.Equal(1234, kept.Files[0].Length);
        Assert.DoesNotMatch("[/\\\\\u202E]", kept.Files[0].Name);
        Assert.Equal(150, kept.Files[1].Name.Length);
        Assert.EndsWith(".pdf", kept.Files[1].Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_made_to_choke_on_are_taken_like_others_or_told_in_a_sentence()
    {
        await using var workflow = await Sent();
        var token = await Token(workflow);
        var head = $"From: {Mailbox}\r\nTo: {token}\r\nSubject: Bomb\r\nMIME-Version: 1.0\r\n";

        var many = new StringBuilder(
            $"{head}Message-ID: <many@che.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
        for (var part = 0; part < 10_000; part++)
            many.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"--b\r\nContent-Type: text/plain; name={part}.txt\r\nContent-Disposition: attachment\r\n\r\nx\r\n");
        many.Append("--b--\r\n");

        var deep = new StringBuilder($"{head}Message-ID: <deep@che.example>\r\n");
        for (var level = 0; level < 5_000; level++)
            deep.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n");

        var nested = new StringBuilder($"{head}Message-ID: <nested@che.example>\r\n");
        for (var level = 0; level < 5_000; level++)
            nested.Append("Content-Type: message/rfc822\r\n\r\n");

        var large =
            $"{head}Message-ID: <large@che.example>\r\nContent-Type: text/plain\r\n\r\n"
            + string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 24_990));

        foreach (
            var (name, text) in ((string, string)[])
                [
                    ("many", many.ToString()),
                    ("deep", deep.ToString()),
                    ("nested", nested.ToString()),
                    ("large", large),
                    ("too-large", large + new string('x', 100_000)),
                ])
        {
            await workflow
                .Get<InboundFiles>()
                .Upload($"{name}.eml", new MemoryStream(Encoding.ASCII.GetBytes(text)), Cancellation);
            await workflow.Reconcile();
        }

        // The one too large to be read waits as a note of where it lies.
        Assert.Equal(5, (await Waiting(workflow)).Count);
        Assert.Equal(50, (await Waiting(workflow)).Max(reply => reply.Files.Count));
        Assert.Equal(9_950, (await Waiting(workflow)).Max(reply => reply.MoreFiles));
        Assert.Contains(
            "inbound/too-large.eml has 25.1 MB; the largest that is read has 25 MB",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.Contains(
            await Waiting(workflow),
            reply => reply.Why.Contains("has 25.1 MB; the largest that is read has 25 MB", StringComparison.Ordinal));
    }

    /// <summary>A letter with tracked replies to one mission.</summary>
    private Task<TestWorkflow> Sent() => SharedHouse.Again(once, () => Sent(missions: null));

    private async Task<TestWorkflow> Sent(
        string[]? missions = null,
        IMailTransport? transport = null,
        string mailbox = Mailbox)
    {
        var workflow = await TestWorkflow.Open(azurite, transport, ("Inbound:ReplyAddress", Own));
        if (missions is null)
            await workflow.UseMailboxes(mailbox);
        else
            await workflow.UseRegister(missions);
        await TrackedAndReleased(workflow);
        return workflow;
    }

    private static async Task TrackedAndReleased(TestWorkflow workflow)
    {
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("replies: tracked"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        await workflow.Release();
    }

    /// <summary>One letter to one mission that acknowledged nothing, for cases that leave it so; what waited waits no more.</summary>
    private async Task<TestWorkflow> NothingWaits()
    {
        var workflow = await once.Of(() => Sent(missions: null));
        foreach (var waiting in await Waiting(workflow))
            await workflow.Get<Replies>().WaitsNoMore(waiting.Id, Cancellation);
        // A case that failed may have left one, and the others are not to fail by it.
        await workflow
            .Get<StorageAccount>()
            .Tables.GetTableClient(ResourceNames.AcknowledgementsTable)
            .DeleteEntityAsync((await workflow.TheDistribution()).Id, "che", cancellationToken: Cancellation);
        return workflow;
    }

    private static async Task<string> Token(TestWorkflow workflow) =>
        workflow.ReplyAddress(await workflow.TheDistribution());

    private static MimeMessage Reply(string from, string? name, string to)
    {
        var message = new MimeMessage
        {
            Subject = "Re: Draft Rev 1",
            Body = new TextPart("plain") { Text = "We have it,\r\nwith thanks.\r\n> Draft Rev 1 is enclosed.\r\n" },
        };
        message.From.Add(new MailboxAddress(name, from));
        message.To.Add(MailboxAddress.Parse(to));
        message.Date = new(2018, 3, 26, 15, 59, 0, TimeSpan.Zero);
        message.Date = new(
            message.Date.Year,
            message.Date.Month,
            message.Date.Day,
            message.Date.Hour,
            message.Date.Minute,
            0,
            message.Date.Offset);
        return message;
    }

    /// <summary>The reply as someone writes it who has read the letter to its last page.</summary>
    private static async Task<MimeMessage> Stated(TestWorkflow workflow, MimeMessage reply)
    {
        ((TextPart)reply.Body!).Text = $"{await workflow.Reference()}\r\n{((TextPart)reply.Body!).Text}";
        return reply;
    }

    private static async Task Take(TestWorkflow workflow, string name, MimeMessage message)
    {
        using var content = new MemoryStream();
        await message.WriteToAsync(content, Cancellation);
        content.Position = 0;
        await workflow.Get<InboundFiles>().Upload(name, content, Cancellation);
        await workflow.Reconcile();
    }

    private static async Task<MissionAcknowledgement?> Acknowledged(TestWorkflow workflow) =>
        await workflow
            .Get<Acknowledgements>()
            .Find(
                (await workflow.Distributions()).Single(distribution => distribution.DraftLabel == "Draft Rev 1").Id,
                "che",
                Cancellation);

    private static async Task<IReadOnlyList<KeptReply>> Kept(TestWorkflow workflow) =>
        await workflow.Get<Replies>().Of((await workflow.TheDistribution()).Id, "che", Cancellation);

    private static Task<IReadOnlyList<ReceivedReply>> Waiting(TestWorkflow workflow) =>
        workflow.Get<Replies>().Waiting(Cancellation);
}
