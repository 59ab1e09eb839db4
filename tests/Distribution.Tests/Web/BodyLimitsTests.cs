using System.Net;
using System.Net.Sockets;
using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Distribution.Web;
using Microsoft.AspNetCore.Http.Metadata;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>What is too large is refused in words that reach whoever sent it.</summary>
public sealed class BodyLimitsTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Limits_fit_one_into_another()
    {
        long[] endpoints =
        [
            RequestLimits.Form,
            RequestLimits.MissionForm,
            RequestLimits.Part,
            RequestLimits.PlainForm,
            RequestLimits.Events,
            RequestLimits.InboundMail,
        ];
        // The app refuses what is a little too large in words, before the host would without any.
        Assert.All(endpoints, limit => Assert.InRange(limit, 1, RequestLimits.Host - 1_000_000));
        Assert.InRange(RequestLimits.Host, 1, RequestLimits.Drained);
        Assert.InRange(RequestLimits.PlainFiles, 1, RequestLimits.PlainForm - 100_000);
        Assert.InRange(RequestLimits.Upload, RequestLimits.PlainFiles, UploadReading.MostBytes);
        Assert.InRange(RegisterCsv.LargestFile, 1, RequestLimits.PlainFiles);
        Assert.InRange(InboundMailHandler.Largest, 1, RequestLimits.InboundMail);
    }

    [Fact]
    public void The_page_for_who_deploys_says_the_same()
    {
        var page = File.ReadAllText(Path.Combine(SampleLetter.Templates, "..", "infra", "README.md"));
        var told = page[page.IndexOf("## How much comes at once", StringComparison.Ordinal)..];
        told = told[..told.IndexOf("\n## From an empty", StringComparison.Ordinal)];
        Assert.All(
            (long[])
                [
                    RequestLimits.Form,
                    RequestLimits.MissionForm,
                    RequestLimits.Part,
                    RequestLimits.Upload,
                    RequestLimits.PlainFiles,
                    RequestLimits.Events,
                    RequestLimits.InboundMail,
                    RequestLimits.Host,
                ],
            limit => Assert.Contains(EnglishText.Size(limit), told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_endpoint_that_takes_more_than_a_form_takes_as_much_as_is_said_in_one_place()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        Assert.Equal(
            [
                ("/acknowledge/{distribution}/{mission}/{token}", RequestLimits.MissionForm),
                ("/acknowledge/{distribution}/{mission}/{token}/changes", RequestLimits.MissionForm),
                ("/acknowledge/{distribution}/{mission}/{token}/documents", RequestLimits.MissionForm),
                ("/acknowledge/{distribution}/{mission}/{token}/forward", RequestLimits.MissionForm),
                ("/events/sendgrid", RequestLimits.Events),
                ("/inbound/sendgrid", RequestLimits.InboundMail),
                ("/letters/new/{id}", RequestLimits.PlainForm),
                ("/mailbox/{mission}/{proposal}/{token}", RequestLimits.MissionForm),
                ("/register", RequestLimits.PlainForm),
                ("/settings/{matter}/{id}", RequestLimits.PlainForm),
                ("/upload", RequestLimits.PlainForm),
                ("/upload/parts/{sha256}/{length}/{part:int:min(0)}", RequestLimits.Part),
            ],
            site.Endpoints.Select(endpoint =>
                    (
                        endpoint.RoutePattern.RawText,
                        endpoint.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize))
                .Where(endpoint => endpoint.MaxRequestBodySize is not null)
                .OrderBy(endpoint => endpoint.RawText, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/upload", 40_000_000, "What was sent has 40 MB, and no more than 31 MB can be taken at once.")]
    [InlineData("/register", 31_000_001, "What was sent has a little more than 31 MB, and no more than 31 MB can be taken at once.")]
    [InlineData(Addresses.ConfirmRegister, 1_500_000, "What was sent has 1.5 MB, and no more than 1 MB can be taken at once.")]
    public async Task A_form_too_large_is_answered_with_its_size_and_the_limit_and_is_nobodys_act(
        string path,
        int length,
        string words)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var answer = await site.Send(path, Large(length));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        var page = TestSite.Words(await TestSite.Read(answer));
        Assert.Contains(words, page, StringComparison.Ordinal);
        Assert.DoesNotContain("open for long", page, StringComparison.Ordinal);
        // Whether it comes from a page of ours stands in what was not read.
        Assert.Empty(await workflow.Get<DeskActs>().Latest(null, 10, Cancellation));
        Assert.Empty(await workflow.Get<Drafts>().List(null, Cancellation));

        // On a French page in French, and on record in English all the same.
        await site.Get("/language?of=fr&back=/");
        var french = TestSite.Words(await TestSite.Read(await site.Send(path, Large(length))));
        Assert.Contains("Ce qui a été envoyé fait", french, StringComparison.Ordinal);
        Assert.DoesNotContain("What was sent", french, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_does_not_say_how_large_it_is_is_refused_at_the_limit()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        using var http = new HttpClient { BaseAddress = site.Address };
        var form = Large(40_000_000);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/upload") { Content = form };
        request.Headers.TransferEncodingChunked = true;
        var answer = await http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains(
            "What was sent has more than 31 MB, and no more than 31 MB can be taken at once.",
            TestSite.Words(await TestSite.Read(answer)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/upload", "letters.example", HttpStatusCode.Unauthorized)]
    [InlineData("/events/sendgrid", "letters.example", HttpStatusCode.ServiceUnavailable)]
    public async Task Whoever_is_turned_away_for_another_reason_reads_it_too_however_much_they_sent(
        string path,
        string host,
        HttpStatusCode status)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, site.Address.Port, Cancellation);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 50000000\r\n\r\n"),
            Cancellation);
        // The whole body first, as a simple client sends it: a connection that is cut fails here. What stands between, such
        // as the Functions host, cuts it where the answer comes before the body has ended.
        var piece = new byte[1_000_000];
        for (var sent = 0; sent < 49; sent++)
            await stream.WriteAsync(piece, Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        Assert.False(stream.DataAvailable);
        await stream.WriteAsync(piece, Cancellation);
        using var answer = new StreamReader(stream);
        Assert.StartsWith($"HTTP/1.1 {(int)status} ", await answer.ReadLineAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_without_end_is_not_read_for_ever()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, site.Address.Port, Cancellation);
        await client
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {RequestLimits.Drained + 1}\r\n\r\nx"),
                Cancellation);
        using var answer = new StreamReader(client.GetStream());
        var head = new List<string>();
        while (await answer.ReadLineAsync(Cancellation) is { Length: > 0 } line)
            head.Add(line);
        Assert.StartsWith("HTTP/1.1 413 ", head[0], StringComparison.Ordinal);
        Assert.Contains("Connection: close", head, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A form with a file, of exactly this many bytes.</summary>
    private static MultipartFormDataContent Large(int length) =>
        Form(length - (int)Form(0).Headers.ContentLength!.Value);

    private static MultipartFormDataContent Form(int file) =>
        new()
        {
            { new StringContent("gcm"), "process" },
            { new StringContent("draft-rev-1"), "revision" },
            { new ByteArrayContent(new byte[file]), "files", "letter.pdf" },
        };
}
