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
using Distribution.Tracking;
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

        Assert.Equal(HttpStatusCode.OK, await Answer(Signed(body, now, key)));
        Assert.Equal(HttpStatusCode.OK, await Answer(Signed(body, now, next)));
        Assert.Equal(HttpStatusCode.OK, await Answer(Signed(body, now - new TimeSpan(24, 59, 0), key)));
        Assert.Equal(HttpStatusCode.OK, await Answer(Signed(body, now + TimeSpan.FromMinutes(4), key)));

        Assert.Equal(HttpStatusCode.Unauthorized, await Answer(Signed(body, now - new TimeSpan(25, 1, 0), key)));
        Assert.Equal(HttpStatusCode.Unauthorized, await Answer(Signed(body, now + TimeSpan.FromMinutes(6), key)));
        Assert.Equal(HttpStatusCode.Unauthorized, await Answer(Signed(body, now, stranger)));
        Assert.Equal(HttpStatusCode.Unauthorized, await Answer(Signed("[]"u8.ToArray(), now, key)));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await Answer([Signed(body, now, key)[0], (Timestamp, $"{now.ToUnixTimeSeconds() - 1}")]));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await Answer([(Signature, "%"), (Timestamp, $"{now.ToUnixTimeSeconds()}")]));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await Answer([(Signature, "AAAA"), (Timestamp, $"{now.ToUnixTimeSeconds()}")]));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await Answer([(Signature, "AAAA"), (Timestamp, "99999999999999999999999")]));
        Assert.Equal(HttpStatusCode.Unauthorized, await Answer([]));
        Assert.Empty(site.Log);

        async Task<HttpStatusCode> Answer((string, string)[] headers)
        {
            using var answer = await site.Deliver(Route, body, headers);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Without_a_key_there_is_no_such_page_nor_is_there_one_to_look_at()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        using var answer = await site.Deliver(
            Route,
            "[]"u8.ToArray(),
            Signed("[]"u8.ToArray(), workflow.Clock.GetUtcNow(), key));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no such page", TestSite.Words(await TestSite.Read(answer)), StringComparison.Ordinal);

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

        var large = new byte[(4 * 1024 * 1024) + 1];
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Post(site, workflow, large)).Status);
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
            "SendGrid did not send Draft Rev 1 (Global Compact for Safe, Orderly and Regular Migration) to mission@CHE.example of Switzerland: “Bounced Address”. A letter once came back from this mailbox. If the address is right, send the letter again from the mission's page: that passes by SendGrid's list.",
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
            await workflow
                .Get<Resends>()
                .Resend(distribution.Id, "che", "the secretary", TestContext.Current.CancellationToken));
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
    public async Task A_thousand_events_at_once_and_deliveries_that_overlap_are_recorded_once_each()
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
            .Range(0, 1_000)
            .Select(number =>
                Event(
                    $"{number}",
                    sent[number % sent.Count].MessageId,
                    sent[number % sent.Count].Address,
                    number < 500 ? "deferred" : "delivered",
                    ("response", $"250 OK {number}")))
            .ToList();

        Assert.StartsWith(
            "1000 recorded, 0 known already, 0 to come again, 0 about other mail",
            (await Post(site, workflow, [.. events])).Words,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "0 recorded, 1000 known already",
            (await Post(site, workflow, [.. events])).Words,
            StringComparison.Ordinal);

        // Twenty deliveries at once; each has half of the next one, and the last five are those that came first.
        var more = Enumerable
            .Range(0, 160)
            .Select(number =>
                Event(
                    $"more-{number}",
                    sent[number % sent.Count].MessageId,
                    sent[number % sent.Count].Address,
                    "bounce"))
            .ToList();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(part => Post(site, workflow, [.. more.Skip(part % 15 * 10).Take(20)])));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(160, answers.Sum(answer => int.Parse(answer.Words.Split(' ')[0], CultureInfo.InvariantCulture)));
        var entries = await workflow.Dispatches(distribution.Id);
        Assert.All(entries, entry => Assert.Equal(DeliveryState.Bounced, entry.State));
        Assert.Equal(
            1_160,
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
        var headers = Signed(body, workflow.Clock.GetUtcNow(), key);

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

    private const string Signature = "X-Twilio-Email-Event-Webhook-Signature";

    private const string Timestamp = "X-Twilio-Email-Event-Webhook-Timestamp";

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
        using var answer = await site.Deliver(Route, body, Signed(body, workflow.Clock.GetUtcNow(), key));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static (string, string)[] Signed(byte[] body, DateTimeOffset at, ECDsa key)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return
        [
            (
                Signature,
                Convert.ToBase64String(
                    key.SignData(
                        [.. Encoding.UTF8.GetBytes(timestamp), .. body],
                        HashAlgorithmName.SHA256,
                        DSASignatureFormat.Rfc3279DerSequence))),
            (Timestamp, timestamp),
        ];
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

    private static string Public(ECDsa key) => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
}
