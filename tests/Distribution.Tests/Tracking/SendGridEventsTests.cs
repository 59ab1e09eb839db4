using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Distribution.Common;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Distribution.Tests.Tracking;

public sealed class SendGridEventsTests(AzuriteFixture azurite) : IDisposable
{
    private const string Route = "/events/sendgrid";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa next = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        key.Dispose();
        next.Dispose();
    }

    [Fact]
    public async Task Only_what_SendGrid_signed_within_the_last_25_hours_is_taken()
    {
        await using var workflow = await Open();
        await using var site = await TestSite.Open(workflow);
        var now = workflow.Clock.GetUtcNow();
        var body = "[ ]"u8.ToArray();
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.Equal(HttpStatusCode.OK, await Answer(SendGridSigned.Of(body, now, key)));
        Assert.Equal(HttpStatusCode.OK, await Answer(SendGridSigned.Of(body, now, next)));
        Assert.Equal(HttpStatusCode.OK, await Answer(SendGridSigned.Of(body, now - new TimeSpan(24, 59, 0), key)));
        Assert.Equal(HttpStatusCode.OK, await Answer(SendGridSigned.Of(body, now + TimeSpan.FromMinutes(4), key)));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Answer(SendGridSigned.Of(body, now - new TimeSpan(25, 1, 0), key)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Answer(SendGridSigned.Of(body, now + TimeSpan.FromMinutes(6), key)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Answer(SendGridSigned.Of(body, now, stranger)));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Answer(SendGridSigned.Of("[]"u8.ToArray(), now, key)));
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            await Answer([SendGridSigned.Of(body, now, key)[0], (SendGridSigned.Timestamp, $"{now.ToUnixTimeSeconds() - 1}")]));
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            await Answer([(SendGridSigned.Signature, "%"), (SendGridSigned.Timestamp, $"{now.ToUnixTimeSeconds()}")]));
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            await Answer([(SendGridSigned.Signature, "AAAA"), (SendGridSigned.Timestamp, $"{now.ToUnixTimeSeconds()}")]));
        Assert.Equal(
            HttpStatusCode.ServiceUnavailable,
            await Answer([(SendGridSigned.Signature, "AAAA"), (SendGridSigned.Timestamp, "99999999999999999999999")]));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Answer([]));
        Assert.Empty(site.Log);

        async Task<HttpStatusCode> Answer((string, string)[] headers)
        {
            using var answer = await site.Deliver(Route, body, headers);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Without_a_key_it_is_to_come_again_and_there_is_no_page_to_look_at()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        using var answer = await site.Deliver(
            Route,
            "[]"u8.ToArray(),
            SendGridSigned.Of("[]"u8.ToArray(), workflow.Clock.GetUtcNow(), key));
        // What is sent before its key is set must come again.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(
            "No key is set that its signature could be checked with.",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        await site.Page(Route, HttpStatusCode.NotFound);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await site.Send(HttpMethod.Get, Route, host: "letters.example")).StatusCode);
    }

    [Fact]
    public async Task Too_much_at_once_is_refused_and_what_is_no_list_is_not_asked_for_again()
    {
        await using var workflow = await Open();
        await using var site = await TestSite.Open(workflow);

        Assert.Equal(
            (
                HttpStatusCode.RequestEntityTooLarge,
                "What was sent has a little more than 5 MB, and no more than 5 MB can be taken at once."),
            await Post(site, workflow, new byte[5_000_001]));
        Assert.Empty(site.Log);

        var (status, words) = await Post(site, workflow, "no list"u8.ToArray());
        Assert.Equal(
            (
                HttpStatusCode.OK,
                "That is no list of events. Nothing of it was taken in, and sending it again would not help."),
            (status, words));
        Assert.DoesNotContain(
            "no list",
            Assert.Single(site.Log).Replace("are no list of events", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailbox_SendGrid_would_not_write_to_is_told_on_the_page_and_to_a_person_once()
    {
        await using var workflow = await Open();
        await workflow.UseMailboxes("Mission@che.example");
        var distribution = await workflow.Accepted();
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);
        var messageId = (await workflow.Dispatches(distribution.Id))[0].Attempts[0].MessageId;
        var dropped = Event("1", messageId, "mission@CHE.example", "dropped", ("reason", "Bounced Address"));

        Assert.Equal(
            "1 recorded, 0 known already, 0 to come again, 0 about other mail, 0 of no interest, 0 unreadable.",
            (await Post(site, workflow, dropped)).Words);
        await Post(site, workflow, Event("2", messageId, "mission@che.example", "processed"));

        Assert.Equal(DeliveryState.Bounced, (await workflow.Dispatches(distribution.Id))[0].State);
        var page = TestSite.Words(await site.Page($"/distributions/{distribution.Id}"));
        Assert.Contains("Not sent: the mailbox is on a list of the provider's", page, StringComparison.Ordinal);
        Assert.Contains("Bounced Address", page, StringComparison.Ordinal);
        var notice = Assert.Single(await workflow.Get<Notices>().All(TestContext.Current.CancellationToken));
        Assert.Equal(
            "SendGrid did not send Draft Rev 1 (Global Compact for Safe, Orderly and Regular Migration) to mission@che.example of Switzerland: “Bounced Address”. A letter once came back from this mailbox. If the address is right, send the letter again from the mission's page: that passes by SendGrid's list.",
            notice.Text);

        await workflow.Get<Notices>().Remove(notice.Id, TestContext.Current.CancellationToken);
        Assert.Contains("1 known already", (await Post(site, workflow, dropped)).Words, StringComparison.Ordinal);
        Assert.Empty(await workflow.Get<Notices>().All(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_letter_asked_for_again_passes_by_the_list_and_events_of_both_messages_are_kept_apart()
    {
        var transport = new TransportStub();
        await using var workflow = await Open(transport);
        await workflow.UseMailboxes("mission@che.example");
        var distribution = await workflow.Accepted();
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);
        var first = (await workflow.Dispatches(distribution.Id))[0].Attempts[0].MessageId;
        var second = workflow
            .Get<LetterWriter>()
            .MessageIds(distribution.KeyId, (await workflow.Dispatches(distribution.Id))[0])(2);
        await Post(
            site,
            workflow,
            Event("1", first, "mission@che.example", "bounce", ("reason", "550 5.1.1 unknown"), ("status", "5.1.1")));

        var early = await Post(
            site,
            workflow,
            Event("2", second, "mission@che.example", "delivered"),
            Event("3", first, "mission@che.example", "spamreport"));
        Assert.Equal(
            (
                HttpStatusCode.ServiceUnavailable,
                "1 recorded, 0 known already, 1 to come again, 0 about other mail, 0 of no interest, 0 unreadable."),
            early);

        Assert.True(
            await workflow.Resend(distribution.Id, "che"));
        await workflow.CarryOutBatches();
        Assert.Equal([false, true], transport.Offered.Select(message => message.PassesSuppression));
        Assert.Equal(
            HttpStatusCode.OK,
            (
                await Post(
                    site,
                    workflow,
                    Event("2", second, "mission@che.example", "delivered"),
                    Event("3", first, "mission@che.example", "spamreport"))).Status);

        var entry = (await workflow.Dispatches(distribution.Id))[0];
        Assert.Equal((DeliveryState.Delivered, DeliveryState.Bounced), (entry.State, entry.Attempts[0].State));
    }

    [Fact]
    public async Task Hundreds_of_events_at_once_and_deliveries_that_overlap_are_recorded_once_each()
    {
        await using var workflow = await Open();
        var distribution = await workflow.Accepted([
            .. RegisterCsv.Seed().Missions.Take(5).Select(mission => mission.Id),
        ]);
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);
        var sent = (await workflow.Dispatches(distribution.Id))
            .SelectMany(entry =>
                entry.Attempts[0].Mailboxes.Select(box => (entry.Attempts[0].MessageId, box.Mailbox.Address)))
            .ToList();
        var events = Enumerable
            .Range(0, 200)
            .Select(number =>
                Event(
                    $"{number}",
                    sent[number % sent.Count].MessageId,
                    sent[number % sent.Count].Address,
                    number < 100 ? "deferred" : "delivered",
                    ("response", $"250 OK {number}")))
            .ToList();

        Assert.StartsWith(
            "200 recorded, 0 known already, 0 to come again, 0 about other mail",
            (await Post(site, workflow, [.. events])).Words,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "0 recorded, 200 known already",
            (await Post(site, workflow, [.. events])).Words,
            StringComparison.Ordinal);

        // Twelve deliveries at once; each has half of the next one, and the last three are those that came first.
        var more = Enumerable
            .Range(0, 100)
            .Select(number =>
                Event(
                    $"more-{number}",
                    sent[number % sent.Count].MessageId,
                    sent[number % sent.Count].Address,
                    "bounce",
                    ("reason", $"550 {number}")))
            .ToList();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(part => Post(site, workflow, [.. more.Skip(part % 9 * 10).Take(20)])));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(100, answers.Sum(answer => int.Parse(answer.Words.Split(' ')[0], CultureInfo.InvariantCulture)));
        var entries = await workflow.Dispatches(distribution.Id);
        Assert.All(entries, entry => Assert.Equal(DeliveryState.Bounced, entry.State));
        Assert.Equal(
            300,
            entries.Sum(entry =>
                entry.Attempts[0].Mailboxes.Sum(box => box.Events.Count(happened => happened.Source == "sendgrid")))
        );
    }

    [Fact]
    public async Task A_signed_delivery_caught_on_the_way_and_sent_again_changes_nothing_and_is_refused_when_it_is_old()
    {
        await using var workflow = await Open();
        await workflow.UseMailboxes("mission@che.example");
        var distribution = await workflow.Accepted();
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);
        var body = Encoding.UTF8.GetBytes(
            new JsonArray(
                Event(
                    "1",
                    (await workflow.Dispatches(distribution.Id))[0].Attempts[0].MessageId,
                    "mission@che.example",
                    "delivered")).ToJsonString());
        var headers = SendGridSigned.Of(body, workflow.Clock.GetUtcNow(), key);

        Assert.StartsWith("1 recorded, 0 known already", await Words(), StringComparison.Ordinal);
        var before = (await workflow.Dispatches(distribution.Id))[0];
        workflow.Clock.Advance(TimeSpan.FromHours(24));
        Assert.StartsWith("0 recorded, 1 known already", await Words(), StringComparison.Ordinal);
        workflow.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal("It is more than 25 hours old.", await Words());
        Assert.Equal(Json.Write(before), Json.Write((await workflow.Dispatches(distribution.Id))[0]));

        async Task<string> Words()
        {
            using var answer = await site.Deliver(Route, body, headers);
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    // They once filled the mission's row, and SendGrid's retries failed for a day.
    [Fact]
    public async Task Nine_thousand_events_about_one_mailbox_fit_and_the_bounce_after_them_too()
    {
        await using var workflow = await Open();
        await workflow.UseMailboxes("mission@che.example");
        var distribution = await workflow.Accepted();
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);
        var messageId = (await workflow.Dispatches(distribution.Id))[0].Attempts[0].MessageId;
        var reason = new string('x', 150);
        JsonObject[] events =
        [
            .. Enumerable
                .Range(0, 9_000)
                .Select(number =>
                    Event($"{number}", messageId, "mission@che.example", "deferred", ("response", $"{number} {reason}"))
                ),
            Event("last", messageId, "mission@che.example", "bounce", ("reason", "550 5.1.1 no such user")),
        ];

        Assert.Equal(
            (
                HttpStatusCode.OK,
                "21 recorded, 8980 known already, 0 to come again, 0 about other mail, 0 of no interest, 0 unreadable."),
            await Post(site, workflow, events));
        var box = (await workflow.Dispatches(distribution.Id))[0].Attempts[0].Mailboxes[0];
        Assert.Equal((DeliveryState.Bounced, BounceKind.Permanent), (box.State, box.Telling!.Bounce));
    }

    [Fact]
    public async Task The_same_event_under_fresh_ids_is_one()
    {
        await using var workflow = await Open();
        await workflow.UseMailboxes("mission@che.example");
        var distribution = await workflow.Accepted();
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);
        var messageId = (await workflow.Dispatches(distribution.Id))[0].Attempts[0].MessageId;

        Assert.StartsWith(
            "2 recorded, 2 known already",
            (
                await Post(
                    site,
                    workflow,
                    Event("1", messageId, "mission@che.example", "deferred", ("response", "451 later")),
                    Event("2", messageId, "mission@che.example", "deferred", ("response", "451 later")),
                    Event("3", messageId, "mission@che.example", "deferred", ("response", "452 later")),
                    Event("3", messageId, "mission@che.example", "deferred", ("response", "452 later")))).Words,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_late_bounce_that_names_no_letter_is_put_to_the_latest_for_its_mailbox_and_told_once()
    {
        await using var workflow = await Open();
        await workflow.UseMailboxes("mission@che.example");
        var distribution = await workflow.Accepted();
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);
        workflow.Clock.Advance(TimeSpan.FromDays(3));
        var late = Unnamed("1", workflow.Clock.GetUtcNow(), "Mission@CHE.example");

        Assert.StartsWith("1 recorded", (await Post(site, workflow, late)).Words, StringComparison.Ordinal);

        var told = (await workflow.Dispatches(distribution.Id))[0].Attempts[0].Mailboxes[0].Telling!;
        Assert.Equal(
            (
                DeliveryEventKind.Bounced,
                BounceKind.Permanent,
                "Inferred: the event names no letter, and this was the latest to this mailbox. 550 5.1.1 no such user"),
            (told.Kind, told.Bounce, told.Words));
        var notice = Assert.Single(await workflow.Get<Notices>().All(TestContext.Current.CancellationToken));
        Assert.Equal(
            "SendGrid says that a message to Mission@che.example of Switzerland came back, and does not say which: “550 5.1.1 no such user”. The latest letter to this mailbox, Draft Rev 1 (Global Compact for Safe, Orderly and Regular Migration), is recorded as returned; that is inferred. Check the mailbox with the mission.",
            notice.Text);

        await workflow.Get<Notices>().Remove(notice.Id, TestContext.Current.CancellationToken);
        Assert.Contains("1 known already", (await Post(site, workflow, late)).Words, StringComparison.Ordinal);
        Assert.Empty(await workflow.Get<Notices>().All(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_other_mail_of_long_ago_and_of_before_the_letter_nothing_is_inferred()
    {
        await using var workflow = await Open();
        await workflow.UseMailboxes("mission@che.example");
        var distribution = await workflow.Accepted();
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);
        var now = workflow.Clock.GetUtcNow();

        Assert.Contains(
            "0 recorded, 0 known already, 0 to come again, 3 about other mail",
            (
                await Post(
                    site,
                    workflow,
                    Unnamed("1", now.AddHours(-1), "mission@che.example"),
                    Unnamed("2", now, "somebody@else.example"),
                    Unnamed("3", now, "mission@che.example", ("smtp-id", "<invoice@shop.example>")))).Words,
            StringComparison.Ordinal);
        Assert.Contains(
            "names a message that this service did not send",
            Assert.Single(await workflow.Get<Notices>().All(TestContext.Current.CancellationToken)).Text,
            StringComparison.Ordinal);

        workflow.Clock.Advance(TimeSpan.FromDays(9));
        Assert.Contains(
            "1 about other mail",
            (await Post(site, workflow, Unnamed("4", workflow.Clock.GetUtcNow(), "mission@che.example"))).Words,
            StringComparison.Ordinal);
        Assert.Equal(DeliveryState.Accepted, (await workflow.Dispatches(distribution.Id))[0].State);
    }

    [Fact]
    public async Task SendGrids_own_id_which_its_answer_gave_names_the_letter_for_certain()
    {
        var answers = new Queue<string>(["one", "two"]);
        await using var workflow = await Open(
            new TransportStub(
                (_, address) =>
                    new(address, MailboxResult.Accepted, $"202 Accepted, X-Message-Id {answers.Dequeue()}")));
        await workflow.UseMailboxes("mission@che.example");
        var distribution = await workflow.Accepted();
        await workflow.Release();
        await workflow.Resend(distribution.Id, "che");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);
        var now = workflow.Clock.GetUtcNow();

        await Post(
            site,
            workflow,
            Unnamed("1", now, "mission@che.example", ("sg_message_id", "one.filter0001.16648.5515E0B88.0")),
            Unnamed("2", now, "mission@che.example", ("sg_message_id", "three.filter0001.16648.5515E0B88.0")));

        Assert.Equal(
            [DeliveryState.Bounced, DeliveryState.Accepted],
            (await workflow.Dispatches(distribution.Id))[0].Attempts.Select(attempt => attempt.State));
        Assert.Empty(await workflow.Get<Notices>().All(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_cannot_be_read_makes_one_notice_and_a_reader_who_wants_no_more_one_too()
    {
        await using var workflow = await Open();
        await workflow.UseMailboxes("mission@che.example");
        var distribution = await workflow.Accepted();
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);
        var messageId = (await workflow.Dispatches(distribution.Id))[0].Attempts[0].MessageId;
        var odd = Event("1", messageId, "mission@che.example", "bounce", ("timestamp", "soon"));

        Assert.Equal(HttpStatusCode.OK, (await Post(site, workflow, odd, odd)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Post(site, workflow, "no list"u8.ToArray())).Status);
        var spam = Event("2", messageId, "mission@che.example", "spamreport");
        Assert.Equal(HttpStatusCode.OK, (await Post(site, workflow, spam)).Status);

        var notices = await workflow.Get<Notices>().All(TestContext.Current.CancellationToken);
        Assert.Equal(3, notices.Count);
        Assert.Contains(
            notices,
            notice => notice.Text.StartsWith(
                "SendGrid sent an event that cannot be read: “{\"event\":\"bounce\"",
                StringComparison.Ordinal));
        Assert.Contains(
            notices,
            notice => notice.Text.StartsWith(
                "SendGrid sent a request that is no list of events: “no list”. Nothing",
                StringComparison.Ordinal));
        Assert.Contains(
            notices,
            notice => notice.Text.StartsWith(
                "A reader marked the letter as spam. SendGrid says so of Draft Rev 1",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task Junk_is_logged_at_once_and_then_counted_once_a_minute()
    {
        await using var workflow = await Open();
        await using var site = await TestSite.Open(workflow, LogLevel.Warning);
        for (var number = 0; number < 20; number++)
            await Junk();
        Assert.Contains($"A request to {Route} was turned away. It is not signed.", Assert.Single(Lines()), StringComparison.Ordinal);

        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains(
            $"19 more requests to {Route} were turned away within a minute. The last one: It is not signed.",
            Assert.Single(Lines().Skip(1)),
            StringComparison.Ordinal);

        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, Lines().Count);
        await Junk();
        Assert.Equal(3, Lines().Count);

        IReadOnlyList<string> Lines() =>
            [.. site.Log.Where(line => line.Contains("turned away", StringComparison.Ordinal))];

        async Task Junk()
        {
            using var answer = await site.Deliver(Route, "junk"u8.ToArray(), []);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }
    }

    // The batch was once answered with an error, and the events of the others were lost with it after a day.
    [Fact]
    public async Task A_letter_that_cannot_be_read_keeps_no_event_of_another_from_being_recorded()
    {
        await using var workflow = await Open();
        await workflow.UseMailboxes("mission@che.example");
        var distribution = await workflow.Accepted();
        await workflow.Release();
        var broken = await workflow.AcceptedWith("", "draft-rev-2");
        Assert.True(
            await workflow
                .Get<Releases>()
                .Release(broken.Id, "the secretary", TestContext.Current.CancellationToken, confirmed: true));
        await workflow.CarryOutBatches();
        string[] letters =
        [
            (await workflow.Dispatches(broken.Id))[0].Attempts[0].MessageId,
            (await workflow.Dispatches(distribution.Id))[0].Attempts[0].MessageId,
        ];
        await workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Distributions)
            .GetBlobClient($"{broken.Id}/content.json")
            .UploadAsync(BinaryData.FromString("damaged"), overwrite: true, TestContext.Current.CancellationToken);
        await using var site = await TestSite.Open(workflow);

        Assert.Equal(
            (
                HttpStatusCode.ServiceUnavailable,
                "1 recorded, 0 known already, 1 to come again, 0 about other mail, 0 of no interest, 0 unreadable."),
            await Post(
                site,
                workflow,
                [.. letters.Select(id => Event(id, id, "mission@che.example", "dropped", ("reason", "Bounced Address")))]));
    }

    [Theory]
    [InlineData("nothing.of.ours@elsewhere.example")]
    [InlineData("gone-draft.che.1@secretariat.example")]
    [InlineData("'; drop\u0000/\\#?")]
    public async Task An_event_about_no_letter_of_ours_is_counted_and_left_alone(string messageId)
    {
        await using var workflow = await Open();
        await using var site = await TestSite.Open(workflow);
        Assert.Equal(
            (
                HttpStatusCode.OK,
                "0 recorded, 0 known already, 0 to come again, 1 about other mail, 0 of no interest, 0 unreadable."),
            await Post(site, workflow, Event("1", messageId, "mission@che.example", "dropped")));
        Assert.Empty(await workflow.Get<Notices>().All(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task That_a_mail_of_the_service_itself_came_back_is_told_once_an_address()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("Mail:SendGridEventKey", Public(key)),
            ("Mail:NoticesTo", "desk@secretariat.example"));
        await using var site = await TestSite.Open(workflow);
        var alarm = Event(
            "1",
            "notice-0123456789abcdef0123456789abcdef@secretariat.example",
            "Desk@secretariat.example",
            "bounce",
            ("reason", "550 no such user"));
        var receipt = Event(
            "2",
            "receipt.0123456789abcdef0123456789abcdef@secretariat.example",
            "mission@che.example",
            "dropped");

        Assert.StartsWith(
            "2 recorded, 0 known already, 0 to come again, 1 about other mail,",
            (await Post(site, workflow, alarm, receipt, Event("3", "invoice-5", "clerk@che.example", "bounce"))).Words,
            StringComparison.Ordinal);
        await Post(site, workflow, alarm, receipt);

        var notices = await workflow.Get<Notices>().All(TestContext.Current.CancellationToken);
        // Told by mail, one about the mailbox for such mails would come back in turn.
        Assert.All(notices, notice => Assert.True(notice.IsForTheDeskAlone));
        Assert.Equal(
            [
                "A mail of this service to Desk@secretariat.example, which was no letter, came back: “550 no such user”. It told what waits at the desk: see that Mail:NoticesTo names a mailbox that takes mail.",
                "A mail of this service to mission@che.example, which was no letter, was not sent. See whether that address is right.",
            ],
            notices.Select(notice => notice.Text).Order(StringComparer.Ordinal));
    }

    private Task<TestWorkflow> Open(IMailTransport? transport = null) =>
        TestWorkflow.Open(azurite, transport, ("Mail:SendGridEventKey", $"{Public(key)} {Public(next)}"));

    private Task<(HttpStatusCode Status, string Words)> Post(
        TestSite site,
        TestWorkflow workflow,
        params JsonObject[] events) =>
        Post(
            site,
            workflow,
            Encoding.UTF8.GetBytes(new JsonArray([.. events.Select(happened => happened.DeepClone())]).ToJsonString()));

    private async Task<(HttpStatusCode Status, string Words)> Post(TestSite site, TestWorkflow workflow, byte[] body)
    {
        using var answer = await site.Deliver(Route, body, SendGridSigned.Of(body, workflow.Clock.GetUtcNow(), key));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static JsonObject Event(
        string id,
        string messageId,
        string mailbox,
        string kind,
        params (string Name, string Value)[] more)
    {
        JsonObject happened = new()
        {
            ["event"] = kind,
            ["email"] = mailbox,
            ["timestamp"] = 1522087500,
            ["sg_event_id"] = id,
            ["distribution"] = "any",
            ["mission"] = "any",
            ["message_id"] = messageId,
        };
        foreach (var (name, value) in more)
            happened[name] = value;
        return happened;
    }

    /// <summary>An event without custom arguments.</summary>
    private static JsonObject Unnamed(
        string id,
        DateTimeOffset at,
        string mailbox,
        params (string Name, string Value)[] more)
    {
        var happened = Event(id, "", mailbox, "bounce", [("reason", "550 5.1.1 no such user"), .. more]);
        foreach (var name in (string[])["distribution", "mission", "message_id"])
            happened.Remove(name);
        happened["timestamp"] = at.ToUnixTimeSeconds();
        return happened;
    }

    private static string Public(ECDsa key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
}
