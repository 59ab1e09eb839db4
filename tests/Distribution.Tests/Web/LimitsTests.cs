using System.Net;
using System.Net.Sockets;
using System.Text;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Distribution.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Distribution.Tests.Web;

public sealed class LimitsTests(AzuriteFixture azurite)
{
    private const string Stranger = "letters.example";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_open_endpoint_that_does_more_than_hand_out_a_file_has_a_time_and_forms_and_webhooks_a_limit_of_their_own()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var open = site
            .Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            .ToList();

        Assert.All(
            open.Where(endpoint => !endpoint.RoutePattern.RawText!.StartsWith("/assets/", StringComparison.Ordinal)
                // A document, which a press hands out, takes its time on a slow line.
                && (endpoint.RoutePattern.RawText != "/acknowledge/{distribution}/{mission}/{token}/documents"
                    || endpoint.Metadata.GetMetadata<EnableRateLimitingAttribute>() is null)),
            endpoint =>
                Assert.Equal(RateLimits.Time, endpoint.Metadata.GetMetadata<RequestTimeoutAttribute>()?.PolicyName));
        Assert.Equal(
            [
                ("/acknowledge/{distribution}/{mission}/{token}", RateLimits.Answers),
                ("/acknowledge/{distribution}/{mission}/{token}/changes", RateLimits.Answers),
                ("/acknowledge/{distribution}/{mission}/{token}/documents", RateLimits.Answers),
                ("/acknowledge/{distribution}/{mission}/{token}/forward", RateLimits.Answers),
                ("/events/sendgrid", RateLimits.Webhooks),
                ("/inbound/sendgrid", RateLimits.Webhooks),
                ("/mailbox/{mission}/{proposal}/{token}", RateLimits.Answers),
            ],
            open.Select(endpoint =>
                    (
                        endpoint.RoutePattern.RawText,
                        endpoint.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName))
                .Where(endpoint => endpoint.PolicyName is not null)
                .OrderBy(endpoint => endpoint.RawText, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_stranger_who_asks_too_often_is_told_in_six_languages_to_wait_and_the_secretariat_at_the_same_address_is_not()
    {
        string[] paths =
        [
            "/verify",
            "/acknowledge/x/y/z",
            "/acknowledge/x",
            "/acknowledge/proof",
            "/health",
            "/nowhere",
            "/",
        ];
        await using var workflow = await TestWorkflow.Open(azurite, ("Limits:PagesPerMinute", $"{paths.Length}"));
        await using var site = await TestSite.Open(workflow);
        foreach (var path in paths)
            Assert.NotEqual(
                HttpStatusCode.TooManyRequests,
                (await site.Send(HttpMethod.Get, path, host: Stranger)).StatusCode);

        foreach (var path in paths)
        {
            var refused = await site.Send(HttpMethod.Get, path, host: Stranger);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
            Assert.Equal("no-referrer", Assert.Single(refused.Headers.GetValues("Referrer-Policy")));
            var page = await TestSite.Read(refused);
            Assert.Equal(
                Languages.Official.Select(language => (language, PageWords.Of(language)["limit_heading"])),
                page.QuerySelectorAll("main section").Select(said => (said.GetAttribute("lang")!, said.QuerySelector("h1")!.TextContent)));
            Assert.Equal("rtl", page.QuerySelector("section[lang=ar]")!.GetAttribute("dir"));
            // What was pressed before may be on record.
            Assert.Contains("within a minute. Wait a minute, then try again.", TestSite.Words(page), StringComparison.Ordinal);
        }

        for (var asked = 0; asked <= paths.Length; asked++)
            await site.Page("/verify");
    }

    [Fact]
    public async Task Forms_are_counted_by_the_link_they_are_sent_to_so_that_one_mission_takes_nothing_from_its_neighbour()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Limits:AnswersPerMinute", "2"));
        var distribution = await workflow.Released("che", "mex");
        await using var site = await TestSite.Open(workflow);
        string LinkOf(string mission) =>
            new Uri(workflow.Get<MissionLinks>().For(distribution.Id, mission)).AbsolutePath;
        for (var sent = 0; sent < 2; sent++)
            await site.Post(LinkOf("che"), ("name", "A"));

        var refused = await site.Post(LinkOf("che"), ("name", "A"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("This press was not taken.", TestSite.Words(await TestSite.Read(refused)), StringComparison.Ordinal);
        await MissionVisitor.Acknowledges(workflow, site, LinkOf("mex"), "Ana Núñez");
        await site.Page(LinkOf("che"));
        Assert.Null(await workflow.Get<Acknowledgements>().Find(distribution.Id, "che", Cancellation));
    }

    [Fact]
    public async Task Only_the_header_the_settings_name_tells_one_client_from_another()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await Tell("", "X-Forwarded-For", isBelieved: false);
        await Tell("X-Azure-ClientIP", "X-Forwarded-For", isBelieved: false);
        await Tell("X-Azure-ClientIP", "X-Azure-ClientIP", isBelieved: true);

        async Task Tell(string setting, string header, bool isBelieved)
        {
            await using var site = await TestSite.Open(
                new ConfigurationBuilder()
                    .AddConfiguration(workflow.Configuration)
                    .AddInMemoryCollection([
                        new("Limits:PagesPerMinute", "1"),
                        new("Limits:ClientAddressHeader", setting),
                    ])
                    .Build(),
                workflow.Clock);
            Assert.Equal(HttpStatusCode.OK, await Ask(site, header, "203.0.113.1"));
            Assert.Equal(
                isBelieved ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests,
                await Ask(site, header, "203.0.113.2"));
            Assert.Equal(HttpStatusCode.TooManyRequests, await Ask(site, header, "203.0.113.1"));
        }

        static async Task<HttpStatusCode> Ask(TestSite site, string header, string client)
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = site.Address };
            using var request = new HttpRequestMessage(HttpMethod.Get, "/verify");
            request.Headers.Host = Stranger;
            request.Headers.TryAddWithoutValidation(header, client);
            return (await http.SendAsync(request, Cancellation)).StatusCode;
        }
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "20010DB800010002")]
    [InlineData("2001:db8:1:2:ffff::1", "20010DB800010002")]
    public void An_address_of_IPv6_counts_as_its_network(string address, string counted)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        Assert.Equal(counted, ClientAddress.Of(context, ""));
    }

    [Fact]
    public async Task Deliveries_of_events_are_never_counted_and_one_too_many_at_once_is_asked_to_come_again()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            (
                "Mail:SendGridEventKey",
                "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
            ),
            ("Limits:PagesPerMinute", "1"),
            ("Limits:WebhooksAtOnce", "1"),
            ("Limits:WebhooksWaiting", "0"));
        await using var site = await TestSite.Open(workflow);
        (string, string)[] headers =
        [
            (SendGridSigned.Signature, "AAAA"),
            (SendGridSigned.Timestamp, $"{workflow.Clock.GetUtcNow().ToUnixTimeSeconds()}"),
        ];

        using var slow = await SlowDelivery(site, headers);
        using var refused = await site.Deliver("/events/sendgrid", [1], headers);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(
            "Too many deliveries came at once. Send this one again.",
            await refused.Content.ReadAsStringAsync(Cancellation));

        slow.Close();
        // The place of a delivery may become free a moment after it is answered.
        for (var sent = 0; sent < 3; sent++)
            await WaitForSignature();

        async Task WaitForSignature()
        {
            using var answer = await WaitFor(
                HttpStatusCode.ServiceUnavailable,
                () => site.Deliver("/events/sendgrid", [1], headers),
                answer => answer.Headers.RetryAfter is null);
            Assert.Contains("another key", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_delivery_that_never_ends_is_given_up_in_time_and_not_answered_as_if_it_had_been_taken()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            (
                "Mail:SendGridEventKey",
                "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g=="
            ),
            ("Limits:RequestTime", "00:00:01"));
        await using var site = await TestSite.Open(workflow);
        (string, string)[] headers =
        [
            (SendGridSigned.Signature, "AAAA"),
            (SendGridSigned.Timestamp, $"{workflow.Clock.GetUtcNow().ToUnixTimeSeconds()}"),
        ];

        using var slow = await SlowDelivery(site, headers);

        using var answer = new StreamReader(slow.GetStream());
        Assert.Equal(
            "HTTP/1.1 504 Gateway Timeout",
            await answer.ReadLineAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation));
    }

    [Fact]
    public async Task Headers_too_large_to_be_read_are_refused_before_any_page_sees_them()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        Assert.Equal(
            HttpStatusCode.RequestHeaderFieldsTooLarge,
            (await site.Deliver("/events/sendgrid", [], [("X-Large", new string('x', 40_000))])).StatusCode);
    }

    [Theory]
    [InlineData("PagesPerMinute", "0", "The setting Limits:PagesPerMinute must be 1 or more.")]
    [InlineData("AnswersPerMinute", "-1", "The setting Limits:AnswersPerMinute must be 1 or more.")]
    [InlineData("WebhooksAtOnce", "0", "The setting Limits:WebhooksAtOnce must be 1 or more.")]
    [InlineData("WebhooksWaiting", "-1", "The setting Limits:WebhooksWaiting must be 0 or more.")]
    [InlineData("RequestTime", "00:00:00.5", "The setting Limits:RequestTime must lie between 00:00:01 and 00:10:00.")]
    [InlineData("RequestTime", "01:00:00", "The setting Limits:RequestTime must lie between 00:00:01 and 00:10:00.")]
    [InlineData(
        "ClientAddressHeader",
        "X-Client: IP",
        "The setting Limits:ClientAddressHeader must be the name of one header, such as X-Azure-ClientIP, or empty.")]
    public void A_limit_that_cannot_be_is_named_with_what_to_write(string setting, string value, string words)
    {
        var settings = new LimitSettings();
        var property = typeof(LimitSettings).GetProperty(setting)!;
        property.SetValue(
            settings,
            System.ComponentModel.TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(value));
        Assert.Equal(words, new LimitSettingsValidation().Validate(null, settings).FailureMessage);
        Assert.True(new LimitSettingsValidation().Validate(null, new LimitSettings()).Succeeded);
    }

    /// <summary>
    /// Begins a delivery that never ends, and waits until it is being read: only then does the server ask for its body.
    /// </summary>
    private static async Task<TcpClient> SlowDelivery(TestSite site, (string Name, string Value)[] headers)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, site.Address.Port, Cancellation);
        await client
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST /events/sendgrid HTTP/1.1\r\nHost: {Stranger}\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n{string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n"
                ),
                Cancellation);
        var asked = new byte["HTTP/1.1 100 Continue\r\n\r\n".Length];
        await client.GetStream().ReadExactlyAsync(asked, Cancellation);
        Assert.StartsWith("HTTP/1.1 100 ", Encoding.ASCII.GetString(asked), StringComparison.Ordinal);
        await client.GetStream().WriteAsync("x"u8.ToArray(), Cancellation);
        return client;
    }

    private static async Task<HttpResponseMessage> WaitFor(
        HttpStatusCode status,
        Func<Task<HttpResponseMessage>> ask,
        Func<HttpResponseMessage, bool>? isIt = null)
    {
        for (var tries = 0; ; tries++)
        {
            var answer = await ask();
            if ((answer.StatusCode == status && isIt?.Invoke(answer) is not false) || tries == 200)
            {
                Assert.Equal(status, answer.StatusCode);
                return answer;
            }

            answer.Dispose();
            await Task.Delay(10, Cancellation);
        }
    }
}
