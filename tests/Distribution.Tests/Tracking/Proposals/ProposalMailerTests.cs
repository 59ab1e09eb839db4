using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Distribution.Tracking.Erasure;
using Distribution.Tracking.Proposals;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Tracking.Proposals;

/// <summary>The mails about what a mission proposes: to each new mailbox, and to those that letters go to now.</summary>
public sealed class ProposalMailerTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_new_mailbox_is_asked_once_without_a_word_of_the_letter_and_the_present_ones_are_told_what_and_by_whom()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseMailboxes("che@missions.example", "office@missions.example");
        var letter = await workflow.Released();
        await workflow.CarryOutBatches();
        await Record(workflow, letter.Id, "one", "new@che.example", "other@che.example");
        await MissionProposer.Mailed(workflow);
        await MissionProposer.Mailed(workflow);
        // Pressing nothing promises nothing: a person at the desk decides.
        Assert.All(
            MissionProposer.Asked(workflow),
            mail => Assert.Contains("Letters then come here only if the secretariat has asked the mission itself.", mail.TextBody, StringComparison.Ordinal));

        var asked = MissionProposer.Asked(workflow);
        Assert.Equal(
            ["new@che.example", "other@che.example"],
            asked.Select(mail => Assert.Single(mail.GetRecipients()).Address).Order());
        var mail = asked.Single(found => found.To.Mailboxes.Single().Address == "new@che.example");
        Assert.Contains("\u2068Amélie <b>Favre</b>\u2069 proposed at", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("Am&#233;lie &lt;b&gt;Favre&lt;/b&gt;", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("Permanent Mission of Switzerland", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("open this page by 12 noon (New York time) on 2 April 2018", mail.TextBody.Plain(), StringComparison.Ordinal);
        Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);
        foreach (var of in (string[])["Draft Rev 1", "Global Compact", "compact@secretariat.example", "other@che.example"])
            Assert.DoesNotContain(of, $"{mail.Subject}{mail.TextBody}{mail.HtmlBody}{mail.ReplyTo}", StringComparison.Ordinal);

        var told = Assert.Single(MissionProposer.Told(workflow));
        Assert.Equal(
            ["che@missions.example", "office@missions.example"],
            told.To.Mailboxes.Select(box => box.Address).Order());
        Assert.Contains("\u2068Amélie <b>Favre</b>, Second Secretary\u2069 proposed at", told.TextBody, StringComparison.Ordinal);
        Assert.Contains(
            "Mailboxes that letters go to\nNow: \u2068che@missions.example\u2069\nProposed: \u2068new@che.example; other@che.example\u2069",
            told.TextBody!.ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
        Assert.Contains("write to \u2068compact@secretariat.example\u2069 at once", told.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("/mailbox/", told.TextBody, StringComparison.Ordinal);
        Assert.Null(SentMessageId.Read(told.MessageId!));

        // The mission is told in its own language, whichever whoever proposes has chosen.
        await RecordAfter("one", workflow, letter.Id, "two", "zh", "third@che.example");
        await MissionProposer.Mailed(workflow);
        Assert.Equal(told.Subject, MissionProposer.Told(workflow).Single(mail => mail.MessageId != told.MessageId).Subject);
        Assert.Equal(
            PageWords.Of("zh")["mailbox_mail"],
            MissionProposer.Asked(workflow).Single(mail => mail.To.Mailboxes.Single().Address == "third@che.example").Subject);
    }

    [Fact]
    public async Task A_worker_that_stops_after_handing_one_over_leaves_the_very_same_mail_to_the_next()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await Record(workflow, letter.Id, "one", "new@che.example");
        var stops = new TransportStub((_, _) => throw new OperationCanceledException("The worker stops."));
        await using var stopping = workflow.Another(stops);
        var goesOn = new TransportStub();
        await using var next = workflow.Another(goesOn);

        await Assert.ThrowsAnyAsync<Exception>(() => Run(stopping));
        // The stopped worker may still be at it.
        await Run(next);
        Assert.Empty(goesOn.Offered);
        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        await Task.WhenAll(Run(next), Run(next));
        await Run(next);

        Assert.Equal(
            stops.Offered.Select(message => (message.MessageId, message.Text)).Order(),
            goesOn.Offered.Select(message => (message.MessageId, message.Text)).Order());
        Assert.Equal(2, goesOn.Offered.Count);
        Assert.Empty(await workflow.Get<MissionProposals>().AllDue(workflow.Clock.GetUtcNow(), Cancellation));
    }

    [Fact]
    public async Task A_mailbox_that_says_later_is_tried_again_and_one_that_refuses_is_shown_at_the_desk_and_to_the_mission()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await Record(workflow, letter.Id, "one", "later@che.example", "gone@che.example");
        var isBusy = true;
        var server = new TransportStub((_, address) =>
            new(
                address,
                address.StartsWith("gone", StringComparison.Ordinal) ? MailboxResult.Refused
                : isBusy && address.StartsWith("later", StringComparison.Ordinal) ? MailboxResult.TryLater
                : MailboxResult.Accepted,
                "said the server"));
        await using var worker = workflow.Another(server);
        // While the register cannot be read they wait, and none is claimed for later.
        var register = await workflow.Get<RegisterInUse>().Content(Cancellation);
        await workflow.Get<RegisterContainer>().Write(RegisterContainer.InUse, "mission\r\n\"broken"u8.ToArray(), Cancellation);
        await Run(worker);
        Assert.Empty(server.Offered);
        await workflow.Get<RegisterContainer>().Write(RegisterContainer.InUse, register, Cancellation);
        await Run(worker);
        isBusy = false;
        await Run(worker);
        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        await Run(worker);
        await Run(worker);

        Assert.Equal(
            ["che@missions.example", "gone@che.example", "later@che.example", "later@che.example"],
            server.Offered.SelectMany(message => message.Envelope).Order());
        await using var site = await TestSite.Open(workflow);
        Assert.Contains(
            "\u2066g…@che.example\u2069 took no message.",
            TestSite.Words(await site.Page($"{MissionProposer.Page(workflow, letter.Id)}?lang=en")),
            StringComparison.Ordinal);
        Assert.Contains(
            "No mail server took the mail that asks for it.",
            TestSite.Words(await site.Page(Distribution.Web.Addresses.Proposals)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_were_erased_or_a_proposal_that_was_replaced_meanwhile_are_mailed_no_more()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await Record(workflow, letter.Id, "one", "first@che.example");
        await RecordAfter("one", workflow, letter.Id, "two", "en", "second@che.example");
        Assert.True(await workflow.Get<RetentionPolicy>().EraseNames(letter.Id, "che", "the secretary", Cancellation));
        await MissionProposer.Mailed(workflow);

        Assert.Single(workflow.Sent());
        Assert.All(await MissionProposer.OnRecord(workflow), proposal => Assert.Equal(PersonalValue.Erased, proposal.By));
        Assert.Empty(await workflow.Get<MissionProposals>().AllDue(workflow.Clock.GetUtcNow(), Cancellation));
    }

    [Fact]
    public async Task What_came_by_a_letter_goes_with_it_and_what_ended_goes_after_sixty_days()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await Record(workflow, letter.Id, "one", "first@che.example");
        await RecordAfter("one", workflow, letter.Id, "two", "en", "second@che.example");
        await MissionProposer.Mailed(workflow);
        workflow.Clock.Advance(MissionProposals.KeptFor);
        await MissionProposer.Mailed(workflow);
        Assert.Equal("two", Assert.Single(await MissionProposer.OnRecord(workflow)).Id);

        Assert.True(await workflow.Get<Eraser>().Erase(letter.Id, "the secretary", Cancellation));
        Assert.Empty(await MissionProposer.OnRecord(workflow));
    }

    private static async Task Run(TestWorkflow worker)
    {
        foreach (var mission in await worker.Get<MissionProposals>().AllDue(worker.Clock.GetUtcNow(), Cancellation))
            await worker.Get<ProposalMailer>().Run(mission, Cancellation);
    }

    private static Task Record(TestWorkflow workflow, string distributionId, string id, params string[] mailboxes) =>
        RecordAfter(null, workflow, distributionId, id, "en", mailboxes);

    /// <param name="before">The proposal before it; null for none.</param>
    private static async Task RecordAfter(
        string? before,
        TestWorkflow workflow,
        string distributionId,
        string id,
        string language,
        params string[] mailboxes)
    {
        var mission = (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Single(one => one.Id == "che");
        var proposal = new MissionProposal(
            id,
            distributionId,
            language,
            workflow.Clock.GetUtcNow(),
            "Amélie <b>Favre</b>",
            "Second Secretary",
            [new("to", "che@missions.example", string.Join("; ", mailboxes))],
            [.. mailboxes.Select(address => new NewMailbox(address, ProposalMail.For(address)))],
            ProposalMail.For([.. mission.Mailboxes.Select(mailbox => mailbox.Address)]));
        Assert.Equal(
            ProposalRecording.Recorded,
            await workflow.Get<MissionProposals>().Record("che", proposal, before, Cancellation));
    }
}
