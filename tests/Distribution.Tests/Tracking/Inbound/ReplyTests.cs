using System.Text;
using MimeKit;
using Xunit;

namespace Distribution.Tests;

/// <summary>What becomes of messages that people write.</summary>
public sealed class ReplyTests(AzuriteFixture azurite)
{
    private const string Own = "replies@letters.example";
    private const string Mailbox = "mission@che.example";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tracked_letter_names_its_contact_first_and_then_an_address_of_the_missions_own()
    {
        await using var house = await Sent(["che", "mex"]);

        var letters = house.Sent().Select(letter => letter.ReplyTo.Mailboxes.Select(mailbox => mailbox.Address).ToList()).ToList();

        Assert.All(letters, addresses => Assert.Equal(["compact@secretariat.example", addresses[1]], addresses));
        Assert.All(letters, addresses => Assert.Matches("^replies\\+[0-9a-f]{30}@letters\\.example$", addresses[1]));
        Assert.Equal(2, letters.Select(addresses => addresses[1]).Distinct().Count());
    }

    [Fact]
    public async Task A_letter_that_does_not_track_replies_names_its_contact_alone()
    {
        await using var house = await House.Open(azurite, ("Inbound:ReplyAddress", Own));
        await house.UseMailboxes(Mailbox);
        await house.Released();
        await house.Run();

        Assert.Equal("compact@secretariat.example", Assert.Single(Assert.Single(house.Sent()).ReplyTo.Mailboxes).Address);
    }

    [Fact]
    public async Task A_reply_to_the_missions_own_address_acknowledges_once_from_whatever_source_and_is_kept()
    {
        await using var house = await Sent();
        var reply = Reply("ambassador@private.example", "Ana Núñez", await Token(house));
        reply.To[0].Name = "Somebody";
        ((MailboxAddress)reply.To[0]).Address = ((MailboxAddress)reply.To[0]).Address.ToUpperInvariant();

        await Take(house, "one.eml", reply);
        await Take(house, "two.eml", reply);

        var step = Assert.Single((await Acknowledged(house))!.Steps);
        Assert.Equal(
            ("Ana Núñez <ambassador@private.example>", AcknowledgementChannel.Reply, null, "Known by the mission's own reply address, though ambassador@private.example is none of the mission's mailboxes."),
            (step.Stands!.By, step.Stands.Channel, step.Stands.Recorder, step.Words));
        Assert.Equal(reply.Date, step.Stands.At);
        var kept = Assert.Single(await Kept(house));
        Assert.Equal(("Re: Draft Rev 1", "We have it, with thanks."), (kept.Reply.Subject, kept.Reply.Excerpt));
        Assert.Equal(step.Id, kept.Reply.Id);
        using var stored = await MimeMessage.LoadAsync((await house.Get<Replies>().Message(kept.Reply.Id, Cancellation))!, Cancellation);
        Assert.Equal(reply.MessageId, stored.MessageId);
        Assert.Empty(await Waiting(house));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reply_to_a_reminder_acknowledges_the_letter_it_reminds_of(bool toTheMissionsAddress)
    {
        await using var house = await Sent();
        var letter = (await house.TheDistribution()).Id;
        Assert.True(await house.Get<ReminderDesk>().RemindNow(letter, "the secretary", Cancellation));
        await house.Run();
        var reminder = Assert.Single(house.Sent(), message => message.InReplyTo is not null);
        Assert.Equal(house.Sent().Single(message => message.InReplyTo is null).ReplyTo.ToString(), reminder.ReplyTo.ToString());

        var reply = Reply(Mailbox, null, toTheMissionsAddress ? reminder.ReplyTo.Mailboxes.Last().Address : "compact@secretariat.example");
        reply.InReplyTo = reminder.MessageId;
        await Take(house, "one.eml", reply);

        Assert.Equal(AcknowledgementChannel.Reply, (await house.Get<Acknowledgements>().Find(letter, "che", Cancellation))!.Stands!.Channel);
        Assert.Null(await house.Get<Acknowledgements>().Find($"{letter}-r1", "che", Cancellation));
        Assert.Single(await house.Get<Replies>().Of(letter, "che", Cancellation));
    }

    [Fact]
    public async Task A_reply_shows_that_a_letter_whose_outcome_is_unknown_was_sent()
    {
        await using var house = await Sent(transport: new TransportStub((_, address) => new(address, MailboxResult.Unknown, "The answer never came.")));
        var address = house.Get<ReplyAddresses>().For((await house.TheDistribution()).Id, "che")!;

        await Take(house, "one.eml", Reply(Mailbox, null, address));

        Assert.True((await house.Dispatches((await house.TheDistribution()).Id))[0].State.IsReached);
    }

    [Fact]
    public async Task A_reply_known_by_the_message_it_answers_counts_though_it_comes_from_elsewhere_and_says_so()
    {
        await using var house = await Sent();
        var reply = Reply("ambassador@private.example", null, "letters@secretariat.example");
        reply.References.Add(Assert.Single(house.Sent()).MessageId!);
        reply.InReplyTo = "another@private.example";

        await Take(house, "one.eml", reply);

        Assert.Equal(
            "Known by the message it answers, though ambassador@private.example is none of the mission's mailboxes.", Assert.Single((await Acknowledged(house))!.Steps).Words);
    }

    [Fact]
    public async Task A_sender_alone_counts_where_the_mailbox_is_one_missions_and_it_had_one_letter_lately()
    {
        await using var house = await Sent();

        await Take(house, "one.eml", Reply("Mission@CHE.example", null, "letters@secretariat.example"));

        Assert.Contains("by its sender alone", Assert.Single((await Acknowledged(house))!.Steps).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sender_who_had_several_letters_waits_with_those_as_candidates_and_one_with_old_letters_alone_with_none()
    {
        await using var house = await Sent();
        await house.Upload("gcm/draft-rev-2/letter.md", Samples.Letter(Samples.FrontMatter.Replace("Rev 1", "Rev 2", StringComparison.Ordinal).Replace("rev-1", "rev-2", StringComparison.Ordinal), "Draft Rev 2 is enclosed."));
        await house.Upload("gcm/draft-rev-2/draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"));
        await house.Reconcile();
        var second = (await house.Distributions()).Single(distribution => distribution.DraftLabel == "Draft Rev 2");
        Assert.True(await house.Get<Releases>().Release(second.Id, "the secretary", Cancellation));
        await house.Run();

        await Take(house, "one.eml", Reply(Mailbox, null, "letters@secretariat.example"));
        Assert.Equal(2, Assert.Single(await Waiting(house)).Candidates.Count);

        house.Clock.Advance(TimeSpan.FromDays(61));
        var late = Reply(Mailbox, null, "letters@secretariat.example");
        await Take(house, "late.eml", late);
        Assert.Equal([0, 2], (await Waiting(house)).Select(reply => reply.Candidates.Count).Order());
        Assert.All(await house.Distributions(), distribution => Assert.Null(house.Get<Acknowledgements>().Find(distribution.Id, "che", Cancellation).Result));
    }

    [Fact]
    public async Task Someone_at_a_missions_domain_waits_with_that_mission_offered()
    {
        await using var house = await Sent();

        await Take(house, "one.eml", Reply("second.secretary@che.example", null, "letters@secretariat.example"));

        Assert.Equal("Switzerland", Assert.Single(Assert.Single(await Waiting(house)).Candidates).Mission);
        Assert.Null(await Acknowledged(house));
    }

    [Theory]
    [InlineData("Auto-Submitted", "auto-replied")]
    [InlineData("X-Auto-Response-Suppress", "All")]
    [InlineData("Precedence", "bulk")]
    [InlineData("Return-Path", "<>")]
    [InlineData("List-Id", "<news.che.example>")]
    public async Task What_a_machine_wrote_never_acknowledges_nor_waits_though_it_came_to_the_missions_own_address(string header, string value)
    {
        await using var house = await Sent();
        var reply = Reply(Mailbox, null, await Token(house));
        reply.InReplyTo = Assert.Single(house.Sent()).MessageId;
        reply.Headers.Add(header, value);

        await Take(house, "one.eml", reply);

        Assert.Null(await Acknowledged(house));
        Assert.Empty(await Waiting(house));
        Assert.Empty(await Kept(house));
    }

    [Fact]
    public async Task A_read_receipt_and_a_bounce_to_the_missions_own_address_never_acknowledge()
    {
        await using var house = await Sent();
        foreach (var name in (string[])["read-receipt", "delivered", "mailbox-full", "exim-plain"])
        {
            using var message = MimeMessage.Load(new MemoryStream(InboundSample.Bytes(name, Assert.Single(house.Sent()).MessageId!)), Cancellation);
            message.To.Add(MailboxAddress.Parse(await Token(house)));
            await Take(house, $"{name}.eml", message);
        }

        Assert.Null(await Acknowledged(house));
        Assert.Empty(await Waiting(house));
    }

    [Fact]
    public async Task A_subject_that_machines_write_waits_for_a_person_though_the_letter_is_known()
    {
        await using var house = await Sent();
        var reply = Reply(Mailbox, null, await Token(house));
        reply.Subject = "Automatic reply: Draft Rev 1";

        await Take(house, "one.eml", reply);

        Assert.Null(await Acknowledged(house));
        Assert.Equal("che", Assert.Single(Assert.Single(await Waiting(house)).Candidates).MissionId);
    }

    [Fact]
    public async Task What_the_contact_writes_to_all_is_kept_with_the_mission_and_acknowledges_nothing()
    {
        await using var house = await Sent();

        await Take(house, "one.eml", Reply("compact@secretariat.example", "Support team", await Token(house)));

        Assert.Null(await Acknowledged(house));
        Assert.Contains("by the secretariat's own side", Assert.Single(await Kept(house)).Decision.How, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_mission_that_answers_to_all_is_for_a_person_to_tell_with_its_own_letter_first()
    {
        await using var house = await Sent(["che", "mex"]);
        var distribution = (await house.TheDistribution()).Id;
        var mexico = (await house.Get<Rosters>().Find(distribution, Cancellation)).Find("mex")!.Mailboxes[0].Address;

        await Take(house, "one.eml", Reply(mexico, null, house.Get<ReplyAddresses>().For(distribution, "che")!));

        Assert.Equal(["mex", "che"], Assert.Single(await Waiting(house)).Candidates.Select(candidate => candidate.MissionId));
        Assert.Empty(await house.Get<Acknowledgements>().Of(distribution, Cancellation));
    }

    [Fact]
    public async Task A_forged_address_does_not_count()
    {
        await using var house = await Sent();
        var token = await Token(house);
        var forged = token.Replace(token[37], token[37] == '0' ? '1' : '0');

        await Take(house, "one.eml", Reply("someone@else.example", null, forged));

        Assert.Null(await Acknowledged(house));
        Assert.Empty(Assert.Single(await Waiting(house)).Candidates);
    }

    [Fact]
    public async Task What_a_person_decided_stays_decided_when_the_same_message_comes_again()
    {
        await using var house = await Sent();
        var (matched, aside) = (Reply("a@else.example", null, "letters@secretariat.example"), Reply("b@else.example", null, "letters@secretariat.example"));
        await Take(house, "1.eml", matched);
        await Take(house, "2.eml", aside);
        var waiting = await Waiting(house);
        var distribution = (await house.TheDistribution()).Id;
        var desk = house.Get<ReplyDesk>();

        var first = waiting.Single(reply => reply.Sender == "a@else.example").Id;
        Assert.NotNull(await desk.Match(first, distribution, "Switzerland", "the secretary", Cancellation));
        Assert.NotNull(await desk.SetAside(waiting.Single(reply => reply.Sender == "b@else.example").Id, "the secretary", Cancellation));
        Assert.Equal("the secretary", (await desk.SetAside(first, "another", Cancellation))!.Recorder);
        await Take(house, "1.eml", matched);
        await Take(house, "2.eml", aside);

        Assert.Empty(await Waiting(house));
        var step = Assert.Single((await Acknowledged(house))!.Steps);
        Assert.Equal(("the secretary", "the secretary", "a@else.example", "Matched by a person."), (step.By, step.Stands!.Recorder, step.Stands.By, step.Words));
        Assert.Equal("a@else.example", Assert.Single(await Kept(house)).Reply.Sender);
    }

    [Fact]
    public async Task What_broke_off_after_the_decision_is_made_good_when_the_message_is_taken_again()
    {
        await using var house = await Sent();
        var reply = Reply("a@else.example", null, "letters@secretariat.example");
        await Take(house, "1.eml", reply);
        var waiting = Assert.Single(await Waiting(house));
        await house.Get<Replies>().Decide(new(waiting.Id, (await house.TheDistribution()).Id, "che", true, "the secretary", house.Clock.GetUtcNow(), "Matched by a person."), Cancellation);
        Assert.Null(await Acknowledged(house));

        await Take(house, "1.eml", reply);

        Assert.NotNull((await Acknowledged(house))!.Stands);
        Assert.Single(await Kept(house));
        Assert.Empty(await Waiting(house));
    }

    [Fact]
    public async Task Where_the_mission_has_acknowledged_already_the_first_one_stands_and_the_reply_is_kept()
    {
        await using var house = await Sent();
        var distribution = (await house.TheDistribution()).Id;
        await house.Get<Acknowledgements>().Give(distribution, "che", new("form", house.Clock.GetUtcNow(), "First", new("First", null, AcknowledgementChannel.Page, house.Clock.GetUtcNow())), Cancellation);

        await Take(house, "1.eml", Reply(Mailbox, null, await Token(house)));

        Assert.Equal("First", (await Acknowledged(house))!.Stands!.By);
        Assert.Single(await Kept(house));
    }

    [Fact]
    public async Task Files_are_listed_with_their_sizes_and_names_that_can_do_no_harm()
    {
        await using var house = await Sent();
        var reply = Reply(Mailbox, null, await Token(house));
        var body = new BodyBuilder { HtmlBody = "<html><script>alert(1)</script><p>Our <b>comments</b> are attached.</p></html>" };
        body.Attachments.Add("../../comments\u202Efdp.docx", new byte[1234]);
        body.Attachments.Add(new string('n', 400) + ".pdf", new byte[5]);
        reply.Body = body.ToMessageBody();
        reply.Subject = "Re: Draft\u202E Rev 1";

        await Take(house, "1.eml", reply);

        var kept = Assert.Single(await Kept(house)).Reply;
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
        await using var house = await Sent();
        var token = await Token(house);
        var head = $"From: {Mailbox}\r\nTo: {token}\r\nSubject: Bomb\r\nMIME-Version: 1.0\r\n";

        var many = new StringBuilder($"{head}Message-ID: <many@che.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
        for (var part = 0; part < 10_000; part++)
            many.Append(System.Globalization.CultureInfo.InvariantCulture, $"--b\r\nContent-Type: text/plain; name={part}.txt\r\nContent-Disposition: attachment\r\n\r\nx\r\n");
        many.Append("--b--\r\n");

        var deep = new StringBuilder($"{head}Message-ID: <deep@che.example>\r\n");
        for (var level = 0; level < 5_000; level++)
            deep.Append(System.Globalization.CultureInfo.InvariantCulture, $"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n");

        var nested = new StringBuilder($"{head}Message-ID: <nested@che.example>\r\n");
        for (var level = 0; level < 5_000; level++)
            nested.Append("Content-Type: message/rfc822\r\n\r\n");

        var large = $"{head}Message-ID: <large@che.example>\r\nContent-Type: text/plain\r\n\r\n" + string.Concat(Enumerable.Repeat(new string('x', 998) + "\r\n", 24_990));

        foreach (var (name, text) in ((string, string)[])[("many", many.ToString()), ("deep", deep.ToString()), ("nested", nested.ToString()), ("large", large), ("too-large", large + new string('x', 100_000))])
        {
            await house.Get<InboundFiles>().Upload($"{name}.eml", new MemoryStream(Encoding.ASCII.GetBytes(text)), Cancellation);
            await house.Reconcile();
        }

        Assert.Equal(4, (await Kept(house)).Count);
        Assert.Equal(50, (await Kept(house)).Max(kept => kept.Reply.Files.Count));
        Assert.Equal(9_950, (await Kept(house)).Max(kept => kept.Reply.MoreFiles));
        Assert.Contains("inbound/too-large.eml has 25.1 MB; the largest that is read has 25.0 MB", Assert.Single(await house.Get<Notices>().All(Cancellation)).Text, StringComparison.Ordinal);
    }

    private async Task<House> Sent(string[]? missions = null, IMailTransport? transport = null)
    {
        var house = await House.Open(azurite, transport, ("Inbound:ReplyAddress", Own));
        if (missions is null)
            await house.UseMailboxes(Mailbox);
        else
            await house.UseRegister(missions);
        await house.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("replies: tracked"));
        await house.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await house.Reconcile();
        await house.Release();
        return house;
    }

    private static async Task<string> Token(House house) => house.Get<ReplyAddresses>().For((await house.TheDistribution()).Id, "che")!;

    private static MimeMessage Reply(string from, string? name, string to)
    {
        var message = new MimeMessage { Subject = "Re: Draft Rev 1", Body = new TextPart("plain") { Text = "We have it,\r\nwith thanks.\r\n> Draft Rev 1 is enclosed.\r\n" } };
        message.From.Add(new MailboxAddress(name, from));
        message.To.Add(MailboxAddress.Parse(to));
        message.Date = new(2018, 3, 26, 15, 59, 0, TimeSpan.Zero);
        message.Date = new(message.Date.Year, message.Date.Month, message.Date.Day, message.Date.Hour, message.Date.Minute, 0, message.Date.Offset);
        return message;
    }

    private static async Task Take(House house, string name, MimeMessage message)
    {
        using var content = new MemoryStream();
        await message.WriteToAsync(content, Cancellation);
        content.Position = 0;
        await house.Get<InboundFiles>().Upload(name, content, Cancellation);
        await house.Reconcile();
    }

    private static async Task<MissionAcknowledgement?> Acknowledged(House house) =>
        await house.Get<Acknowledgements>().Find((await house.Distributions()).Single(distribution => distribution.DraftLabel == "Draft Rev 1").Id, "che", Cancellation);

    private static async Task<IReadOnlyList<KeptReply>> Kept(House house) => await house.Get<Replies>().Of((await house.TheDistribution()).Id, "che", Cancellation);

    private static Task<IReadOnlyList<ReceivedReply>> Waiting(House house) => house.Get<Replies>().Waiting(Cancellation);
}
