using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Tracking;

public sealed class SendGridEventReadingTests
{
    private const string MessageId = "gcm-draft-rev-1-1a2b3c.che.1@secretariat.example";

    private const string Mailbox = "mission@che.example";

    private static readonly DateTimeOffset Sent = new(2018, 3, 26, 18, 5, 0, TimeSpan.Zero);

    [Fact]
    public void An_event_says_which_message_which_mailbox_when_and_what()
    {
        var heard = Assert.Single(Read(Event("delivered", """ "response": "250 OK\r\nqueued as 5" """)).Heard);

        Assert.Equal(
            new Evidence(
                MessageId,
                Mailbox,
                new(Sent, DeliveryEventKind.Delivered, "250 OK queued as 5", Source: "sendgrid", Id: "sendgrid:e-1")),
            heard);
    }

    [Theory]
    [InlineData("processed", "", "Accepted", "")]
    [InlineData("deferred", "\"response\": \"451 4.3.0 later\", \"attempt\": \"3\"", "Deferred", "451 4.3.0 later")]
    [InlineData("dropped", "\"reason\": \"Bounced Address\", \"status\": \"5.0.0\"", "Dropped", "Bounced Address")]
    [InlineData("spamreport", "", "Remark", "A reader marked the letter as spam.")]
    [InlineData("group_unsubscribe", "\"asm_group_id\": 10", "Remark", "A reader asked SendGrid for no more mail.")]
    [InlineData("something_new", "", "Remark", "SendGrid says “something_new”.")]
    public void Each_kind_says_no_more_than_it_proves(string kind, string more, string expected, string words)
    {
        var heard = Assert.Single(Read(Event(kind, more)).Heard).Event;

        Assert.Equal((expected, words, null), (heard.Kind.ToString(), heard.Words, heard.Bounce));
    }

    [Theory]
    [InlineData("bounce", "5.1.1", "550 5.1.1 no such user", "Invalid Address", "Permanent")]
    [InlineData("bounce", "5.0.0", "550 unknown", "Unclassified", "")]
    [InlineData("bounce", "", "", "", "")]
    [InlineData("bounce", "5.2.2", "552 5.2.2 no room", "Mailbox Unavailable", "MailboxFull")]
    [InlineData("blocked", "4.2.2", "452 4.2.2 no room", "", "MailboxFull")]
    [InlineData("bounce", "5.0.0", "552 The user's mailbox is full", "", "MailboxFull")]
    [InlineData("blocked", "5.0.0", "554 Account is over quota", "", "MailboxFull")]
    [InlineData("blocked", "5.7.1", "550 5.7.1 Listed at 192.4.2.2", "Reputation", "Blocked")]
    [InlineData("bounce", "5.7.1", "550 5.7.1 not wanted", "Content", "Blocked")]
    [InlineData("bounce", "4.4.1", "no answer for 72 hours", "Technical", "Temporary")]
    [InlineData("bounce", "", "421 4.7.0 try again later", "", "Temporary")]
    public void Bounces_are_told_apart(
        string type,
        string status,
        string reason,
        string classification,
        string expected)
    {
        var heard = Assert
            .Single(
                Read(
                    Event(
                        "bounce",
                        new JsonObject
                        {
                            ["type"] = type,
                            ["status"] = status,
                            ["reason"] = reason,
                            ["bounce_classification"] = classification,
                        }.ToJsonString()[1..^1]
                    )).Heard)
            .Event;

        Assert.Equal((DeliveryEventKind.Bounced, expected, reason), (heard.Kind, heard.Bounce.ToString(), heard.Words));
    }

    [Fact]
    public void Nobody_learns_who_opened_a_letter_or_followed_a_link()
    {
        var reading = Read(Event("open", "\"ip\": \"192.0.2.1\""), Event("click", "\"url\": \"https://x.example\""));

        Assert.Equal((0, 2), (reading.Heard.Count, reading.Untracked));
    }

    [Fact]
    public void One_that_cannot_be_read_takes_no_other_with_it()
    {
        string[] bad =
        [
            "7", "null", "\"text\"", "[]", "{}", "{\"event\":7}", "{\"event\":\"\"}",
            Event("bounce").Replace("1522087500", "\"soon\"", StringComparison.Ordinal),
            Event("bounce").Replace("1522087500", "1e99", StringComparison.Ordinal),
            Event("bounce").Replace("1522087500", "-5", StringComparison.Ordinal),
            Event("bounce").Replace("1522087500", "999999999999999", StringComparison.Ordinal),
            Event("bounce").Replace($"\"{Mailbox}\"", "{}", StringComparison.Ordinal),
            Event("bounce", "\"reason\": \"\\ud800\""),
            Event("\\udc00"),
        ];
        var reading = Read([.. bad.Append(Event("delivered"))]);

        Assert.Equal(DeliveryEventKind.Delivered, Assert.Single(reading.Heard).Event.Kind);
        Assert.Equal((bad.Length, 0), (reading.Unread.Count, reading.Foreign));
        Assert.Equal("7", reading.Unread[0]);
    }

    [Theory]
    [InlineData("1522087500.0")]
    [InlineData("1522087500.75")]
    [InlineData("1.5220875e9")]
    [InlineData("\"1522087500\"")]
    [InlineData("\" 1522087500.0 \"")]
    [InlineData("1522087500000")]
    public void A_moment_is_read_however_the_number_is_written(string timestamp) =>
        Assert.Equal(
            Sent,
            Assert
                .Single(Read(Event("delivered").Replace("1522087500", timestamp, StringComparison.Ordinal)).Heard)
                .Event
                .At);

    [Fact]
    public void Other_mail_of_the_account_is_counted_and_left_alone()
    {
        var reading = Read(
            """{"event":"delivered","email":"a@b.example","timestamp":1522087500,"sg_event_id":"x"}""",
            Event("bounce").Replace(MessageId, "invoice-5", StringComparison.Ordinal),
            """{"event":"deferred","email":7}""");

        Assert.Equal((0, 0, 2, 0), (reading.Heard.Count, reading.Unnamed.Count, reading.Foreign, reading.Unread.Count));
        // Whether it is one of the service's own is seen by the sender's domain, which is none here.
        Assert.Equal("invoice-5", Assert.Single(reading.NoLetters).MessageId);
    }

    [Theory]
    [InlineData($$"""{"event":"delivered","email":"{{Mailbox}}","timestamp":1,"smtp-id":"<{{MessageId}}>"}""")]
    [InlineData($$$"""{"event":"delivered","email":"{{{Mailbox}}}","timestamp":1,"unique_args":{"message_id":"{{{MessageId}}}"},"smtp-id":"<x@y>"}""")]
    [InlineData($$$"""{"event":"delivered","email":"{{{Mailbox}}}","timestamp":1,"custom_args":{"message_id":"{{{MessageId}}}"}}""")]
    [InlineData($$"""{"event":"delivered","email":"{{Mailbox}}","timestamp":1,"message_id":5,"smtp-id":"{{MessageId}}"}""")]
    public void A_letter_is_found_wherever_the_event_names_it(string happened) =>
        Assert.Equal(MessageId, Assert.Single(Read(happened).Heard).MessageId);

    [Theory]
    [InlineData("bounce", "", false)]
    [InlineData("dropped", "\"smtp-id\":\"<x@y>\",", true)]
    public void Bad_news_that_names_no_letter_is_looked_into(string kind, string smtpId, bool isOfOtherMail)
    {
        var item = Assert.Single(
            Read($$"""{"event":"{{kind}}",{{smtpId}}"email":"{{Mailbox}}","timestamp":1,"sg_message_id":"m.1"}""").Unnamed);
        Assert.Equal((Mailbox, "m.1", isOfOtherMail), (item.Mailbox, item.SendGridId, item.IsOfOtherMail));
    }

    [Fact]
    public void Wrong_types_and_endless_words_are_cut_to_what_a_record_holds()
    {
        var heard = Assert
            .Single(
                Read(
                    Event(
                            "bounce",
                            $"\"reason\": \"{new string('x', 100_000)}\", \"type\": 5, \"status\": [], \"bounce_classification\": null"
                        )
                        .Replace("e-1", new string('i', 10_000), StringComparison.Ordinal)).Heard)
            .Event;

        Assert.Equal((500, default(BounceKind?), null), (heard.Words.Length, heard.Bounce, heard.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[1,")]
    [InlineData("null")]
    public void What_is_no_list_is_said_to_be_none(string body) =>
        Assert.Null(SendGridEvents.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void In_any_order_any_number_of_times_and_between_any_steps_of_the_worker_the_state_is_the_same()
    {
        string[] kinds =
        [
            "processed",
            "deferred",
            "deferred",
            "delivered",
            "bounce",
            "dropped",
            "spamreport",
            "group_unsubscribe",
            "new",
        ];
        Func<MissionEntry, MissionEntry>[] ends =
        [
            entry =>
                entry.Answered(
                    1,
                    [new(Mailbox, MailboxResult.Accepted, "202 Accepted")],
                    [],
                    0,
                    TimeSpan.FromMinutes(30),
                    Sent),
            entry =>
                entry.Answered(
                    1,
                    [new(Mailbox, MailboxResult.Unknown, "no answer")],
                    [],
                    0,
                    TimeSpan.FromMinutes(30),
                    Sent),
            entry => entry.Interrupted(Sent, TimeSpan.FromMinutes(30), "stopped"),
        ];
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var events = Read([
                .. kinds
                    .Index()
                    .Where(_ => random.Next(2) == 0)
                    .Select(kind => Event(kind.Item).Replace("e-1", $"e-{kind.Index}", StringComparison.Ordinal)),
            ]).Heard;
            var end = ends[random.Next(ends.Length)];
            var expected = State(events.Aggregate(end(Begun().HandingOver(Sent)), Hear));
            for (var shuffle = 0; shuffle < 8; shuffle++)
            {
                var steps = events
                    .SelectMany(item =>
                        Enumerable.Repeat<Func<MissionEntry, MissionEntry>>(
                            entry => Hear(entry, item),
                            random.Next(1, 4)))
                    .ToArray();
                random.Shuffle(steps);
                var all = steps.ToList();
                var handing = random.Next(all.Count + 1);
                all.Insert(handing, entry => entry.HandingOver(Sent));
                all.Insert(random.Next(handing + 1, all.Count + 1), end);

                Assert.True(
                    expected == State(all.Aggregate(Begun(), (entry, step) => step(entry))),
                    $"seed {seed}, shuffle {shuffle}");
            }
        }

        static MissionEntry Hear(MissionEntry entry, Evidence item) =>
            entry.WithEvent(item.MessageId, item.Mailbox.ToUpperInvariant(), item.Event);

        static DeliveryState State(MissionEntry entry) =>
            Assert.Single(Assert.Single(entry.Attempts).Mailboxes).State;

        static MissionEntry Begun() =>
            new(
                "gcm-draft-rev-1-1a2b3c",
                "che",
                1,
                [new(1, MessageId, Sent, ImmutableList.Create(new MailboxDelivery(new(Mailbox, MailboxField.To), [])))],
                null,
                null);
    }

    private static SendGridReading Read(params string[] events) =>
        SendGridEvents.Read(Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]"))!;

    private static string Event(string kind, string more = "") =>
        $$"""{"event":"{{kind}}","email":"{{Mailbox}}","timestamp":1522087500,"sg_event_id":"e-1","sg_message_id":"m.1","distribution":"gcm-draft-rev-1-1a2b3c","mission":"che","message_id":"{{MessageId}}"{{(more.Length > 0 ? "," : "")}}{{more}}}""";
}
