using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Storage;
using Distribution.Tracking;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Tracking;

public sealed class ReminderSenderTests(AzuriteFixture azurite)
{
    // 30 March 2018 was Good Friday, so the third working day before 4 April is the 29th.
    private const string Schedule =
        "deadlines:\n  comments: 2018-04-04 18:00\nremind: 3 working days before comments, then the day before";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_missions_still_silent_are_reminded_each_at_the_hours_the_letter_sets()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        var letter = await Sent(workflow, Schedule, "che", "mex", "fra");
        await workflow.Acknowledge(letter, "che");
        Assert.Equal(3, workflow.Sent().Count);

        workflow.WaitUntil("2018-03-29 09:59");
        await workflow.Run();
        Assert.Equal(3, workflow.Sent().Count);
        workflow.WaitUntil("2018-03-29 10:00");
        await workflow.Run();
        await workflow.Run();
        Assert.Equal(["fra@missions.example", "mex@missions.example"], To(Reminder(workflow, 1)).Order());

        await workflow.Acknowledge(letter, "mex");
        workflow.WaitUntil("2018-04-03 10:00");
        await workflow.Run();
        await workflow.Run();
        Assert.Equal(["fra@missions.example"], To(Reminder(workflow, 2)));
        Assert.Equal(
            [ReminderState.Made, ReminderState.Made],
            (await Find(workflow, letter)).Reminders.Select(reminder => reminder.State));
        Assert.All(
            await workflow.Distributions(),
            distribution => Assert.Equal(DistributionState.Complete, distribution.State));
    }

    // The page did not count it among the silent, and it was reminded all the same.
    [Fact]
    public async Task Of_whom_mail_alone_says_that_it_has_the_letter_is_not_reminded()
    {
        var transport = new TransportStub((message, address) =>
            new(address, message.MissionId == "mex" ? MailboxResult.Unknown : MailboxResult.Accepted, ""));
        await using var workflow = await TestWorkflow.OpenAt(
            "2018-03-26 12:00",
            azurite,
            transport,
            ("Dispatch:UnknownOutcome", "ask"));
        var letter = await Sent(workflow, Schedule, "che", "mex");
        var unknown = (await workflow.Dispatches(letter)).Single(entry => entry.MissionId == "mex").Attempts[0];
        await workflow.Get<DeliveryEvidence>().Record(
            [
                new(
                    unknown.MessageId,
                    unknown.Mailboxes[0].Mailbox.Address,
                    new(workflow.Clock.GetUtcNow(), DeliveryEventKind.Delivered, "", Source: EvidenceRanks.Report, Id: "1")),
            ],
            Cancellation);
        transport.Offered.Clear();

        Assert.True(await workflow.RemindNow(letter));
        await workflow.Run();

        Assert.Equal(["che"], transport.Offered.Select(message => message.MissionId));
    }

    [Fact]
    public async Task A_reminder_stands_in_the_letters_conversation_in_the_missions_language_and_leads_to_the_letters_own_page()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        await workflow.UseRegister("fra", "mex");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.fr.md",
            "---\nsubject: Projet Rev 1\n---\nLe projet Rev 1 est joint.\n");
        var letter = (await workflow.AcceptedWith($"{Schedule}\ntranslations: [fr]")).Id;
        Assert.True(await workflow.Get<Releases>().Release(letter, "the secretary", Cancellation));
        await workflow.Run();
        workflow.WaitUntil("2018-03-29 10:00");
        await workflow.Run();

        var (first, reminder) = (
            Of(workflow.Sent().Where(message => message.InReplyTo is null), "fra"),
            Of(Reminder(workflow, 1), "fra"));
        Assert.Equal("Rappel : Projet Rev 1", reminder.Subject);
        Assert.Equal((first.MessageId, first.MessageId), (reminder.InReplyTo, Assert.Single(reminder.References)));
        Assert.NotEqual(first.MessageId, reminder.MessageId);
        Assert.Contains(
            "Il est fait référence à la lettre datée du 26 mars 2018, dont votre mission n’a pas encore accusé réception.",
            OneLine(reminder.TextBody),
            StringComparison.Ordinal);
        Assert.Contains("29\u00A0mars 2018", reminder.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("Traduction", reminder.TextBody, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(
            workflow.Get<MissionLinks>().For(letter, "fra").Split('?')[0],
            reminder.TextBody,
            StringComparison.Ordinal);
        Assert.Contains(
            "Reference is made to the letter dated 26 March 2018",
            OneLine(Of(Reminder(workflow, 1), "mex").TextBody),
            StringComparison.Ordinal);

        // The draft is not sent a second time; the letter, which is small, is.
        Assert.Contains(first.Attachments, part => part.ContentDisposition!.FileName == "draft-rev-1.pdf");
        Assert.Equal(
            [Samples.LetterPdf, Samples.FrenchPdf],
            reminder.Attachments.Select(part => part.ContentDisposition!.FileName));
    }

    [Fact]
    public async Task A_note_verbale_is_reminded_of_by_a_note_verbale()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        await workflow.UseRegister("mex");
        var note = Samples.FrontMatter.Remove(
            Samples.FrontMatter.IndexOf("signatories:", StringComparison.Ordinal),
            Samples.FrontMatter.IndexOf("contact:", StringComparison.Ordinal)
                - Samples.FrontMatter.IndexOf("signatories:", StringComparison.Ordinal));
        await workflow.Upload(
            "gcm/note/letter.md",
            Samples.Letter(
                $"{note}\nform: note-verbale\nsender:\n  name: The Permanent Mission of Mexico to the United Nations\n  letterhead: Permanent Mission of Mexico to the United Nations\nremind: on 2018-03-29",
                "transmit Draft Rev 1."));
        await workflow.Upload("gcm/note/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        Assert.True(
            await workflow.Get<Releases>().Release((await workflow.TheDistribution()).Id, "the secretary", Cancellation)
        );
        await workflow.Run();
        workflow.WaitUntil("2018-03-29 10:00");
        await workflow.Run();
        Assert.Contains(
            "The Permanent Mission of Mexico to the United Nations presents its compliments to the Permanent and Observer Missions to the United Nations and has the honour to refer to its note dated 26 March 2018 and to request that its receipt be kindly acknowledged.",
            OneLine(Assert.Single(Reminder(workflow, 1)).TextBody),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mission_that_acknowledges_after_the_list_was_made_gets_none_and_its_entry_says_why()
    {
        TestWorkflow? opened = null;
        var letter = "";
        var reminders = 0;
        var transport = new TransportStub
        {
            // While the first reminder is being handed over, the other mission acknowledges.
            BeforeAnswer = async () =>
            {
                if (letter.Length > 0 && ++reminders == 1)
                    await opened!.Acknowledge(letter, "mex");
            },
        };
        await using var workflow = opened = await TestWorkflow.OpenAt(
            "2018-03-26 12:00",
            azurite,
            transport,
            ("Dispatch:Concurrency", "1"));
        var sent = await Sent(workflow, Schedule, "fra", "mex");
        letter = sent;
        workflow.WaitUntil("2018-03-29 10:00");
        await workflow.Run();

        Assert.Equal(["fra"], transport.Offered.Skip(2).Select(message => message.MissionId));
        var entry = (await workflow.Dispatches($"{letter}-r1")).Single(dispatch => dispatch.MissionId == "mex");
        Assert.Equal(DeliveryState.Withdrawn, entry.State);
        Assert.Equal("The mission has acknowledged meanwhile.", entry.Attempts[^1].Mailboxes[0].Telling!.Words);
        Assert.Equal(DistributionState.Complete, (await Find(workflow, $"{letter}-r1")).State);
    }

    [Fact]
    public async Task A_mission_whose_mailbox_bounced_is_never_reminded_nor_the_bounced_one_of_two()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        var letter = await Sent(workflow, Schedule, "che", "mex", "fra");
        await Bounce(workflow, letter, "che");
        workflow.WaitUntil("2018-03-29 10:00");
        await workflow.Reconcile();
        // One more comes back between the making of the list and the sending.
        await Bounce(workflow, letter, "mex");
        await workflow.CarryOutBatches();
        Assert.Equal(["fra@missions.example"], To(Reminder(workflow, 1)));
        Assert.Equal(
            ["fra", "mex"],
            (await workflow.Dispatches($"{letter}-r1")).Select(dispatch => dispatch.MissionId));
    }

    [Fact]
    public async Task Of_two_mailboxes_only_the_one_that_took_the_letter_is_reminded()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        await workflow.UseMailboxes("first@missions.example; second@missions.example");
        var letter = (await workflow.AcceptedWith(Schedule)).Id;
        Assert.True(await workflow.Get<Releases>().Release(letter, "the secretary", Cancellation));
        await workflow.Run();
        await Bounce(workflow, letter, "che", "first@missions.example");
        workflow.WaitUntil("2018-03-29 10:00");
        await workflow.Run();
        Assert.Equal(["second@missions.example"], To(Reminder(workflow, 1)));
    }

    [Fact]
    public async Task Reminders_are_stopped_at_once_even_those_on_their_way()
    {
        TestWorkflow? opened = null;
        var letter = "";
        var transport = new TransportStub
        {
            BeforeAnswer = async () =>
            {
                if (letter.Length > 0)
                    Assert.True(await opened!.Get<ReminderSender>().Stop(letter, "the secretary", Cancellation));
            },
        };
        await using var workflow = opened = await TestWorkflow.OpenAt(
            "2018-03-26 12:00",
            azurite,
            transport,
            ("Dispatch:Concurrency", "1"));
        letter = await Sent(workflow, Schedule, "che", "mex", "fra");
        var id = letter;
        workflow.WaitUntil("2018-03-29 10:00");
        await workflow.Run();
        workflow.WaitUntil("2018-04-03 10:00");
        await workflow.Run();

        Assert.Equal(3 + 1, transport.Offered.Count);
        Assert.Equal(
            [ReminderState.Made, ReminderState.Stopped],
            (await Find(workflow, id)).Reminders.Select(reminder => reminder.State));
        Assert.False(await workflow.Get<ReminderSender>().Stop(id, "the secretary", Cancellation));
    }

    [Theory]
    [InlineData("-r1/content.json")]
    [InlineData("mark")]
    public async Task Stopped_while_it_is_being_made_it_does_not_leave(string place)
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        var letter = await Sent(workflow, Schedule, "che");
        workflow.WaitUntil("2018-03-29 10:00");
        await using var timer = workflow.OverStorage(
            new Meanwhile(
                place,
                async () =>
                    Assert.True(await workflow.Get<ReminderSender>().Stop(letter, "the secretary", Cancellation))));
        await timer.Get<ReminderSender>().SendDue(await Find(workflow, letter), workflow.Clock.GetUtcNow(), Cancellation);
        await workflow.Run();

        Assert.Single(workflow.Sent());
        Assert.All((await Find(workflow, letter)).Reminders, reminder => Assert.Equal(ReminderState.Stopped, reminder.State));
        Assert.All(
            await workflow.Get<DistributionRecords>().Following(letter, Cancellation),
            reminder => Assert.Equal(
                (DistributionState.Withdrawn, "the secretary"),
                (reminder.State, reminder.Acts.Last(act => act.Act == Act.Withdrawn).By)));
    }

    [Fact]
    public async Task A_reminder_on_hold_for_longer_than_it_may_be_late_waits_for_a_person()
    {
        var transport = new TransportStub();
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite, transport);
        var letter = await Sent(workflow, Schedule, "che");
        workflow.WaitUntil("2018-03-29 10:00");
        transport.Fault = new("The mail server cannot be reached.", passes: true);
        await workflow.Run();
        Assert.True((await Find(workflow, $"{letter}-r1")).PausePasses);

        workflow.WaitUntil("2018-03-29 16:01");
        transport.Fault = null;
        await workflow.Run();
        var held = await Find(workflow, $"{letter}-r1");
        Assert.Equal((DistributionState.Paused, false), (held.State, held.PausePasses));
        Assert.StartsWith(
            "Mail can be sent again, but this reminder was to leave more than 6 hours ago",
            held.PauseReason,
            StringComparison.Ordinal);
        Assert.True(await workflow.Get<Releases>().Resume(held.Id, "the secretary", Cancellation));
        await workflow.Run();
        Assert.Equal(DistributionState.Complete, (await Find(workflow, held.Id)).State);
    }

    [Fact]
    public async Task Where_the_service_was_down_at_the_hour_a_person_is_asked_and_may_remind_then()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        var letter = await Sent(workflow, Schedule, "che", "mex");
        workflow.WaitUntil("2018-03-29 16:01");
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
        Assert.StartsWith(
            "The reminder of Draft Rev 1 that was due on 29 March 2018, 10.00 a.m. New York time was not sent",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);

        await workflow.Acknowledge(letter, "che");
        Assert.True(await workflow.RemindNow(letter));
        await workflow.Run();
        Assert.Equal(["mex@missions.example"], To(Reminder(workflow, 3)));
        await workflow.Acknowledge(letter, "mex");
        Assert.False(await workflow.RemindNow(letter));
    }

    [Fact]
    public async Task A_reminder_whose_hour_had_passed_when_the_letter_was_released_is_not_sent_and_nobody_is_bothered()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-04-02 12:00", azurite);
        var letter = await Sent(workflow, Schedule, "che");
        await workflow.Run();
        Assert.Equal(
            [ReminderState.Passed, ReminderState.Planned],
            (await Find(workflow, letter)).Reminders.Select(reminder => reminder.State));
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
        Assert.Single(workflow.Sent());
    }

    [Fact]
    public async Task When_everybody_has_acknowledged_no_reminder_is_made()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        var letter = await Sent(workflow, Schedule, "che");
        await workflow.Acknowledge(letter, "che");
        workflow.WaitUntil("2018-03-29 10:00");
        await workflow.Run();
        Assert.Single(await workflow.Distributions());
        Assert.Equal(
            [ReminderState.NotNeeded, ReminderState.Planned],
            (await Find(workflow, letter)).Reminders.Select(reminder => reminder.State));
    }

    [Fact]
    public async Task Two_workers_at_the_hour_make_one_reminder_of_it()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 12:00", azurite);
        await Sent(workflow, Schedule, "che", "mex");
        await using var other = workflow.Another(workflow.Get<IMailTransport>());
        workflow.WaitUntil("2018-03-29 10:00");
        await Task.WhenAll(workflow.Reconcile(), other.Reconcile());
        await workflow.Run();
        Assert.Equal(4, workflow.Sent().Count);
        Assert.Equal(2, (await workflow.Distributions()).Count);
    }

    private static async Task<string> Sent(TestWorkflow workflow, string lines, params string[] missions)
    {
        await workflow.UseRegister(missions);
        var letter = await workflow.AcceptedWith(lines);
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await workflow.Run();
        return letter.Id;
    }

    private static async Task Bounce(TestWorkflow workflow, string letter, string mission, string? mailbox = null)
    {
        var attempt = (await workflow.Dispatches(letter)).Single(dispatch => dispatch.MissionId == mission).Attempts[
            ^1
        ];
        var heard = await workflow
            .Get<DeliveryEvidence>()
            .Record(
                [
                    new(
                        attempt.MessageId,
                        mailbox ?? attempt.Mailboxes[0].Mailbox.Address,
                        new(
                            workflow.Clock.GetUtcNow(),
                            DeliveryEventKind.Bounced,
                            "550 No such user",
                            BounceKind.Permanent,
                            "bounce",
                            "1")),
                ],
                Cancellation);
        Assert.Equal([EvidenceOutcome.Recorded], heard);
    }

    private static async Task<DistributionRecord> Find(TestWorkflow workflow, string id) =>
        (await workflow.Get<DistributionRecords>().Find(id, Cancellation))!;

    private static IEnumerable<MimeMessage> Reminder(TestWorkflow workflow, int number) =>
        workflow
            .Distributions()
            .Result.Where(distribution => distribution.Id.EndsWith($"-r{number}", StringComparison.Ordinal))
            .SelectMany(reminder => workflow.Sent(reminder.Id));

    private static IEnumerable<string> To(IEnumerable<MimeMessage> messages) =>
        messages.SelectMany(message => message.To.Mailboxes).Select(mailbox => mailbox.Address);

    private static MimeMessage Of(IEnumerable<MimeMessage> messages, string mission) =>
        messages.Single(message =>
            message.To.Mailboxes.Any(mailbox => mailbox.Address == $"{mission}@missions.example"));

    private static string OneLine(string? text) =>
        string.Join(' ', text!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
