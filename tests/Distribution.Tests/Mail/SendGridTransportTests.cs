using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;
using NJsonSchema;
using WireMock.Server;
using Xunit;
using static Distribution.Mail.MailboxResult;

namespace Distribution.Tests.Mail;

public sealed class SendGridTransportTests : IAsyncDisposable
{
    private static readonly Lazy<Task<JsonSchema>> Description = new(ReadDescription);

    private readonly WireMockServer server = WireMockServer.Start();
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2018, 3, 26, 12, 0, 0, TimeSpan.Zero));
    private readonly MailSettings settings = OutgoingSamples.Settings("sendgrid");
    private IMailTransport? transport;

    public SendGridTransportTests()
    {
        settings.SendGridApiKey = "SG.secret";
        settings.SendGridUrl = server.Url!;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (transport is not null)
            await transport.DisposeAsync();
        server.Stop();
        server.Dispose();
    }

    [Fact]
    public async Task Sends_what_the_vendors_description_allows_and_returns_its_message_id()
    {
        Answer(202, "", ("X-Message-Id", "14c5d75ce93"));

        var outcomes = await Send(OutgoingSamples.Letter("a@one.example", "b@one.example", "c@one.example"));

        Assert.All(
            outcomes,
            outcome =>
                Assert.Equal((Accepted, "202 Accepted, X-Message-Id 14c5d75ce93"), (outcome.Result, outcome.Answer)));
        Assert.Equal(["a@one.example", "b@one.example", "c@one.example"], outcomes.Select(outcome => outcome.Address));
        var request = await TheRequest();
        var personalization = request["personalizations"]!.AsArray().Single()!;
        Assert.Equal(["a@one.example", "b@one.example"], Emails(personalization["to"]));
        Assert.Equal(["c@one.example"], Emails(personalization["cc"]));
        Assert.Equal(
            "Permanent Mission of Côte d’Ivoire to the United Nations",
            (string?)personalization["to"]![0]!["name"]);
        Assert.Equal(
            ("gcm-draft-rev-1", "fra", "gcm.draft-rev-1.fra.1@letters.example"),
            (
                (string?)personalization["custom_args"]!["distribution"],
                (string?)personalization["custom_args"]!["mission"],
                (string?)personalization["custom_args"]!["message_id"]));
        Assert.Equal("letters@mission.example", (string?)request["from"]!["email"]);
        Assert.Equal(
            ("contact@mission.example", "Ana Núñez"),
            ((string?)request["reply_to"]!["email"], (string?)request["reply_to"]!["name"]));
        Assert.Null(request["reply_to_list"]);
        Assert.Equal("<gcm.draft-rev-1.fra.1@letters.example>", (string?)request["headers"]!["Message-ID"]);
        Assert.Equal(
            ["text/plain", "text/html"],
            request["content"]!.AsArray().Select(content => (string?)content!["type"]));
    }

    [Fact]
    public async Task Replies_to_several_are_a_list_in_their_order_and_then_nothing_else_names_whom_to_reply_to()
    {
        Answer(202);

        await Send(
            OutgoingSamples.Letter() with
            {
                ReplyTo = [.. OutgoingSamples.Letter().ReplyTo, new(null, "replies+0a1b@letters.example")],
            });

        var request = await TheRequest();
        Assert.Equal(["contact@mission.example", "replies+0a1b@letters.example"], Emails(request["reply_to_list"]));
        Assert.Equal("Ana Núñez", (string?)request["reply_to_list"]![0]!["name"]);
        Assert.Null(request["reply_to"]);
    }

    [Fact]
    public async Task Every_kind_of_tracking_is_off()
    {
        Answer(202);

        await Send(OutgoingSamples.Letter());

        var tracking = (await TheRequest())["tracking_settings"]!;
        Assert.Equal(
            [false, false, false, false, false],
            [
                (bool)tracking["click_tracking"]!["enable"]!,
                (bool)tracking["click_tracking"]!["enable_text"]!,
                (bool)tracking["open_tracking"]!["enable"]!,
                (bool)tracking["subscription_tracking"]!["enable"]!,
                (bool)tracking["ganalytics"]!["enable"]!,
            ]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_a_letter_a_person_asked_for_again_passes_by_the_list_of_mailboxes_letters_came_back_from(
        bool asked)
    {
        Answer(202);

        await Send(OutgoingSamples.Letter() with { PassesSuppression = asked });

        var settings = (await TheRequest())["mail_settings"];
        if (asked)
            Assert.Equal("""{"bypass_bounce_management":{"enable":true}}""", settings!.ToJsonString());
        else
            Assert.Null(settings);
    }

    [Fact]
    public async Task Sets_no_header_that_SendGrid_keeps_for_itself()
    {
        Answer(202);

        await Send(OutgoingSamples.Letter());

        var text = (string)(await DescriptionJson())["properties"]!["headers"]!["description"]!;
        var reserved = text.Split('`').Where((_, index) => index % 2 == 1).ToList();
        Assert.Contains("dkim-signature", reserved);
        Assert.Empty(
            (await TheRequest())["headers"]!
                .AsObject()
                .Select(header => header.Key)
                .Intersect(reserved, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Enclosures_arrive_byte_for_byte_with_names_that_SendGrid_does_not_garble_and_an_announced_length()
    {
        Answer(202);
        var content = new byte[300_000];
        new Random(1).NextBytes(content);

        await Send(
            OutgoingSamples.Letter() with
            {
                Enclosures =
                [
                    new("projet révisé \"1\".pdf", "application/pdf", content),
                    new("空.txt", "text/plain", "x"u8.ToArray()),
                    new("2026-03-26 Women’s Rights – Côte d’Ivoire - Draft Rev 1 - letter (fr).pdf", "application/pdf", content),
                    new("2026-03-26 全球契约 - 草案 - note verbale (zh, unofficial translation).pdf", "application/pdf", content),
                    new("2026-03-26 全球契约 - 草案 - meetings.ics", "application/ics", content),
                    // Two that accents alone tell apart, and one that has the name which the second is given.
                    new("Projet revise \"1\".pdf", "application/pdf", content),
                    new("Projet revise \"1\" (2).pdf", "application/pdf", content),
                ],
            });

        var attachments = (await TheRequest())["attachments"]!.AsArray();
        Assert.Equal(content, Convert.FromBase64String((string)attachments[0]!["content"]!));
        Assert.Equal("x"u8.ToArray(), Convert.FromBase64String((string)attachments[1]!["content"]!));
        Assert.Equal(
            [
                "projet revise \"1\".pdf",
                "空.txt",
                "2026-03-26 Women's Rights - Cote d'Ivoire - Draft Rev 1 - letter (fr).pdf",
                "2026-03-26 - note verbale (zh, unofficial translation).pdf",
                "2026-03-26 - meetings.ics",
                "Projet revise \"1\" (2).pdf",
                "Projet revise \"1\" (2) (2).pdf",
            ],
            attachments.Select(attachment => (string?)attachment!["filename"]));
        Assert.Equal("application/octet-stream", (string?)attachments[1]!["type"]);
        Assert.All(attachments, attachment => Assert.Equal("attachment", (string?)attachment!["disposition"]));
        var headers = Assert.Single(server.LogEntries).RequestMessage!.Headers!;
        Assert.True(long.Parse(headers["Content-Length"].Single(), CultureInfo.InvariantCulture) > 400_000);
        Assert.False(headers.ContainsKey("Transfer-Encoding"));
        Assert.Equal("application/json", headers["Content-Type"].Single());
    }

    [Fact]
    public async Task To_and_Cc_carry_the_addresses_of_this_try_and_no_address_twice()
    {
        Answer(202);
        var letter = OutgoingSamples.Letter() with
        {
            Mailboxes =
            [
                new("a@one.example", MailboxField.To),
                new("b@one.example", MailboxField.Cc),
                new("B@One.example", MailboxField.Cc),
                new("c@one.example", MailboxField.Cc),
            ],
            Envelope = ["b@one.example", "c@one.example"],
        };

        var outcomes = await Send(letter);

        Assert.Equal(["b@one.example", "c@one.example"], outcomes.Select(outcome => outcome.Address));
        var personalization = (await TheRequest())["personalizations"]![0]!;
        Assert.Equal(["b@one.example", "c@one.example"], Emails(personalization["to"]));
        Assert.Null(personalization["cc"]);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    public async Task A_letter_SendGrid_refuses_is_refused_in_its_own_words(int code)
    {
        Answer(code, """{"errors":[{"message":"The subject is required.","field":"subject","help":null},{"message":"Second.","field":null}]}""");

        var outcome = Assert.Single(await Send(OutgoingSamples.Letter()));

        Assert.Equal(new("a@one.example", Refused, $"{code} The subject is required. (subject); Second."), outcome);
    }

    [Fact]
    public async Task What_SendGrid_holds_against_the_senders_address_fails_no_mission()
    {
        Answer(400, """{"errors":[{"message":"The from email does not contain a valid address.","field":"from.email"}]}""");

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()));

        Assert.False(fault.Passes);
        Assert.Contains("Mail:From", fault.Message);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task A_refused_key_or_a_wrong_address_is_a_fault_of_the_senders_own(int code)
    {
        Answer(code, """{"errors":[{"message":"The provided authorization grant is invalid","field":null}]}""", ("Location", server.Url!));

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()));

        Assert.False(fault.Passes);
        Assert.Contains("The provided authorization grant is invalid", fault.Message);
        Assert.DoesNotContain("SG.secret", fault.Message);
        Assert.Single(server.LogEntries);
    }

    public static TheoryData<string, string, double> Patience => new()
    {
        { "Retry-After", "90", 90 },
        { "Retry-After", "Mon, 26 Mar 2018 12:02:00 GMT", 120 },
        { "Retry-After", "2000000000", 3600 },
        { "Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT", 3600 },
        { "X-RateLimit-Reset", "253402300799", 3600 },
        { "X-RateLimit-Reset", "1522065660", 60 },
        { "X-RateLimit-Reset", "1522065000", 0 },
    };

    [Theory]
    [MemberData(nameof(Patience))]
    public async Task When_asked_for_patience_it_says_for_how_long(string header, string value, double seconds)
    {
        Answer(429, """{"errors":[{"message":"too many requests","field":null}]}""", (header, value));

        var outcome = Assert.Single(await Send(OutgoingSamples.Letter()));

        Assert.Equal(new("a@one.example", TryLater, "429 too many requests", TimeSpan.FromSeconds(seconds)), outcome);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task A_failure_inside_SendGrid_leaves_the_outcome_unknown_and_nothing_is_repeated(int code)
    {
        Answer(code, "<html>Bad\r\ngateway</html>");

        var outcome = Assert.Single(await Send(OutgoingSamples.Letter()));

        Assert.Equal(new("a@one.example", Unknown, $"{code} <html>Bad gateway</html>"), outcome);
        Assert.Single(server.LogEntries);
    }

    [Fact]
    public async Task An_answer_that_never_comes_leaves_the_outcome_unknown()
    {
        settings.Timeout = TimeSpan.FromMilliseconds(500);
        server
            .Given(WireMock.RequestBuilders.Request.Create())
            .RespondWith(
                WireMock.ResponseBuilders.Response.Create().WithStatusCode(202).WithDelay(TimeSpan.FromSeconds(2)));

        Assert.Equal(Unknown, Assert.Single(await Send(OutgoingSamples.Letter())).Result);
    }

    [Theory]
    [InlineData(true, Unknown)]
    [InlineData(false, TryLater)]
    internal async Task A_lost_connection_is_judged_by_whether_the_whole_letter_had_been_sent(
        bool whole,
        MailboxResult expected)
    {
        await using var lost = new ScriptedServer(async (stream, stop) =>
        {
            stream.Socket.LingerState = new(true, 0);
            var buffer = new byte[1 << 16];
            for (
                var tail = "";
                !tail.Contains("\"ganalytics\":{\"enable\":false}");
                tail = tail[^Math.Min(tail.Length, 100)..])
            {
                var read = await stream.ReadAsync(buffer, stop);
                if (!whole)
                    return;
                tail += Encoding.UTF8.GetString(buffer, 0, read);
            }
        });
        settings.SendGridUrl = $"http://127.0.0.1:{lost.Port}";

        var outcome = Assert.Single(
            await Send(
                OutgoingSamples.Letter() with
                {
                    Enclosures = [new("large.pdf", "application/pdf", new byte[8_000_000])],
                })
        );

        Assert.Equal(expected, outcome.Result);
    }

    [Fact]
    public async Task A_SendGrid_that_is_not_there_is_a_fault_that_may_pass()
    {
        settings.SendGridUrl = "http://127.0.0.1:1";

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()));

        Assert.True(fault.Passes);
    }

    [Fact]
    public async Task A_name_that_cannot_be_found_is_a_fault_that_may_pass()
    {
        settings.SendGridUrl = "https://sendgrid.invalid";

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Send(OutgoingSamples.Letter()));

        Assert.True(fault.Passes);
        Assert.Contains("sendgrid.invalid", fault.Message);
    }

    [Fact]
    public async Task Stopping_before_the_letter_was_sent_hands_nothing_over()
    {
        Answer(202);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Transport().Send(OutgoingSamples.Letter(), new CancellationToken(canceled: true)));

        Assert.Empty(server.LogEntries);
    }

    [Fact]
    public async Task A_line_break_in_a_header_is_refused_before_anything_is_sent()
    {
        Answer(202);

        var outcomes = await Send(
            OutgoingSamples.Letter("a@one.example", "b@one.example") with
            {
                Subject = "x\r\nBcc: spy@else.example",
            });

        Assert.Equal([Refused, Refused], outcomes.Select(outcome => outcome.Result));
        Assert.All(outcomes, outcome => Assert.StartsWith("The letter could not be written as mail: ", outcome.Answer));
        Assert.Empty(server.LogEntries);
    }

    [Fact]
    public async Task What_fails_in_an_unforeseen_way_before_the_hand_over_may_be_offered_again()
    {
        using var broken = new Broken();
        transport = MailTransports.Create(settings, clock, broken);

        var outcome = Assert.Single(await Send(OutgoingSamples.Letter()));

        Assert.Equal(new("a@one.example", TryLater, "The letter could not be handed over to SendGrid: broken"), outcome);
    }

    [Fact]
    public async Task Probing_asks_for_the_keys_permissions_and_sends_nothing()
    {
        Answer(200, """{"scopes":["mail.send"]}""");

        await Transport().Probe(Cancellation);

        var request = Assert.Single(server.LogEntries).RequestMessage!;
        Assert.Equal(("GET", "/v3/scopes"), (request.Method, request.Path));
        Assert.Equal("Bearer SG.secret", request.Headers!["Authorization"].Single());
    }

    [Theory]
    [InlineData(200, """{"scopes":["stats.read"]}""", false)]
    [InlineData(401, """{"errors":[{"message":"authorization required"}]}""", false)]
    [InlineData(503, "", true)]
    public async Task Probing_finds_a_key_that_cannot_send(int code, string body, bool passes)
    {
        Answer(code, body);

        var fault = await Assert.ThrowsAsync<SenderFaultException>(() => Transport().Probe(Cancellation));

        Assert.Equal(passes, fault.Passes);
    }

    [Fact]
    public async Task The_description_would_catch_a_wrong_request()
    {
        var schema = await Description.Value;

        Assert.NotEmpty(schema.Validate("""{"personalizations":[{"cc":[{"email":"a@one.example"}]}],"from":{"email":"a@one.example"}}"""));
        Assert.NotEmpty(schema.Validate("""{"personalizations":[{"to":[{"email":"no address"}]}],"from":{"email":"a@one.example"}}"""));
        Assert.NotEmpty(schema.Validate("""{"personalizations":[{"to":[{"email":"a@one.example"}]}],"from":{"email":"a@one.example"},"attachment":[]}"""));
    }

    private void Answer(int code, string body = "", params (string Name, string Value)[] headers) =>
        server
            .Given(WireMock.RequestBuilders.Request.Create())
            .RespondWith(
                headers.Aggregate(
                    WireMock.ResponseBuilders.Response.Create().WithStatusCode(code).WithBody(body),
                    (response, header) => response.WithHeader(header.Name, header.Value)));

    private IMailTransport Transport() => transport ??= MailTransports.Create(settings, clock);

    private Task<IReadOnlyList<MailboxOutcome>> Send(OutgoingMessage letter) => Transport().Send(letter, Cancellation);

    private async Task<JsonNode> TheRequest()
    {
        var request = Assert.Single(server.LogEntries).RequestMessage!;
        Assert.Equal(("POST", "/v3/mail/send"), (request.Method, request.Path));
        Assert.Equal("Bearer SG.secret", request.Headers!["Authorization"].Single());
        Assert.Empty((await Description.Value).Validate(request.Body!));
        return JsonNode.Parse(request.Body!)!;
    }

    private static IEnumerable<string?> Emails(JsonNode? entries) =>
        entries!.AsArray().Select(entry => (string?)entry!["email"]);

    private static async Task<JsonSchema> ReadDescription() =>
        await JsonSchema.FromJsonAsync((await DescriptionJson()).ToJsonString());

    /// <summary>The request's schema with the parts it refers to; a key it does not know is a defect as well.</summary>
    private static async Task<JsonNode> DescriptionJson()
    {
        var document = JsonNode.Parse(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Mail", "sendgrid", "mail-send.json")))!;
        var components = document["components"]!.DeepClone();
        var schema = components["requestBodies"]!["PostMailSend"]!["content"]!["application/json"]![
            "schema"
        ]!.DeepClone();
        Close(schema);
        foreach (var (_, part) in components["schemas"]!.AsObject())
            Close(part);
        schema["components"] = new JsonObject { ["schemas"] = components["schemas"]!.DeepClone() };
        return schema;
    }

    private sealed class Broken : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken) => throw new InvalidOperationException("broken");
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonObject entry)
        {
            if (entry["type"]?.GetValueKind() == System.Text.Json.JsonValueKind.String
                && entry["properties"] is JsonObject)
                entry["additionalProperties"] = false;
            foreach (var (_, child) in entry.ToList())
                Close(child);
        }
        else if (node is JsonArray entries)
            foreach (var child in entries)
                Close(child);
    }
}
