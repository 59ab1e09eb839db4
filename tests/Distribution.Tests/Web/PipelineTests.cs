using System.Net;
using System.Text.RegularExpressions;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Distribution.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Distribution.Tests.Web;

public sealed partial class PipelineTests(AzuriteFixture azurite)
{
    private const string Elsewhere = "elsewhere.example";

    [Fact]
    public async Task Only_missions_pages_webhooks_assets_and_health_are_open_to_everyone()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        Assert.Equal(
            [
                "/acknowledge/proof",
                "/acknowledge/proof/documents",
                "/acknowledge/{**rest}",
                "/acknowledge/{distribution}/{mission}/{token}",
                "/acknowledge/{distribution}/{mission}/{token}/changes",
                "/acknowledge/{distribution}/{mission}/{token}/documents",
                "/acknowledge/{distribution}/{mission}/{token}/forward",
                "/acknowledge/{distribution}/{mission}/{token}/receipt",
                "/assets/{hash}/editor.js",
                "/assets/{hash}/icon.svg",
                "/assets/{hash}/letter.js",
                "/assets/{hash}/site.css",
                "/assets/{hash}/site.js",
                "/assets/{hash}/upload.js",
                "/assets/{hash}/verify.js",
                "/events/sendgrid",
                "/health",
                "/inbound/sendgrid",
                "/mailbox/{**rest}",
                "/mailbox/{mission}/{proposal}/{token}",
                "/verify",
            ],
            site.Endpoints
                .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
                .Select(endpoint => endpoint.RoutePattern.RawText)
                .Distinct()
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_other_endpoint_answers_a_stranger_with_401_in_words()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        foreach (
            var endpoint in site.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null))
        {
            var answer = await site.Send(MethodOf(endpoint), PathOf(endpoint), host: Elsewhere);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains(
                "You are not signed in",
                TestSite.Words(await TestSite.Read(answer)),
                StringComparison.Ordinal);
        }

        // Who has pressed a button is told that nothing came of it, and where to go on.
        var pressed = await TestSite.Read(await site.Send(HttpMethod.Post, "/distributions/x/release", [], Elsewhere));
        Assert.Equal(
            ["Nothing was done.", "This page is for the secretariat.", "Sign in at the front page, and go on from there."],
            pressed.QuerySelectorAll("main p").Select(said => said.TextContent));
        Assert.NotNull(pressed.QuerySelector($"main a[href='{Addresses.Front}']"));
    }

    [Fact]
    public async Task No_form_of_the_desk_is_taken_from_another_site()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow);
        await site.Page($"/distributions/{distribution.Id}");
        var forms = site
            .Endpoints.Where(endpoint =>
                endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && MethodOf(endpoint) == HttpMethod.Post)
            .ToList();

        Assert.Equal(44, forms.Count);
        foreach (var form in forms)
        {
            var answer = await site.Post(PathOf(form, distribution.Id));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var said = (await TestSite.Read(answer)).QuerySelectorAll("main p").Select(said => said.TextContent).ToList();
            Assert.Equal("Nothing was done.", said[0]);
            Assert.Equal("Go back, copy what you have typed, refresh the page and try again.", said[^1]);
        }

        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
        // Nor does another site write acts into the record in a person's name, allowed to them or not.
        await using var reader = await TestSite.Open(workflow, [Roles.Reader]);
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.Post(PathOf(forms[0], distribution.Id))).StatusCode);
        Assert.Empty(await workflow.Get<DeskActs>().Latest(null, 100, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_form_given_out_by_one_instance_is_taken_by_another()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che");
        await using var one = await TestSite.Open(workflow);
        await using var another = await TestSite.Open(workflow);
        var page = await one.Page($"/distributions/{distribution.Id}");
        foreach (Cookie cookie in one.Cookies.GetAllCookies())
            another.Cookies.Add(new Cookie(cookie.Name, cookie.Value, "/", "127.0.0.1"));

        Assert.Contains(
            "Released on",
            TestSite.Words(await another.Press(page, "Send Draft Rev 1 to 1 mission")),
            StringComparison.Ordinal);
        // Both run on this machine here, and could have shared a key it keeps.
        Assert.Single(
            workflow
                .Get<StorageAccount>()
                .Blobs.GetBlobContainerClient(ResourceNames.Keys)
                .GetBlobs(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/nowhere")]
    [InlineData("/acknowledge/x/y/z")]
    public async Task Every_page_forbids_foreign_content_framing_copies_and_indexing(string path)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var headers = (await site.Get(path)).Headers;
        Assert.Equal(
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            Assert.Single(headers.GetValues("Content-Security-Policy")));
        Assert.Equal("no-referrer", Assert.Single(headers.GetValues("Referrer-Policy")));
        Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("noindex", Assert.Single(headers.GetValues("X-Robots-Tag")));
        Assert.True(headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Pages_hold_no_script_or_style_of_their_own_and_their_files_may_be_kept_for_good()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page($"/distributions/{distribution.Id}");

        Assert.Empty(page.QuerySelectorAll("style, [style], script:not([src])"));
        string[] files =
        [
            .. page.QuerySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]")
                .Select(file => file.GetAttribute("src") ?? file.GetAttribute("href")!),
        ];
        Assert.Equal(3, files.Length);
        foreach (var file in files)
        {
            var answer = await site.Send(HttpMethod.Get, file, host: Elsewhere);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl!.ToString());
        }
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/distributions/unknown")]
    [InlineData("/distributions/a%23b")]
    [InlineData("/distributions/unknown/log.csv")]
    [InlineData("/distributions/unknown/letters/che/html")]
    [InlineData("/uploads")]
    [InlineData("/uploads?folder=..%2F..")]
    public async Task What_is_not_there_is_answered_in_words(string path)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(path, HttpStatusCode.NotFound);
        Assert.Contains("There is no such page", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Contains(
            "Check the address, or begin again at the front page.",
            TestSite.Words(page),
            StringComparison.Ordinal);
        Assert.Equal("/", page.QuerySelector("main a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task When_storage_refuses_a_page_gives_a_reference_that_the_log_has_too()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(WithWrongKey(workflow.Configuration), workflow.Clock);
        var words = TestSite.Words(await site.Page("/", HttpStatusCode.InternalServerError));
        Assert.Contains("This page could not be shown", words, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", words, StringComparison.Ordinal);
        Assert.Contains(
            site.Log,
            line => line.EndsWith($"reference {Reference().Match(words).Groups[1].Value}", StringComparison.Ordinal));
    }

    internal static IConfiguration WithWrongKey(IConfiguration configuration) =>
        new ConfigurationBuilder()
            .AddConfiguration(configuration)
            .AddInMemoryCollection([
                new(
                    ResourceNames.Storage,
                    AccountKey()
                        .Replace(
                            configuration[ResourceNames.Storage]!,
                            $"AccountKey={Convert.ToBase64String(new byte[64])}")),
            ])
            .Build();

    internal static HttpMethod MethodOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is { HttpMethods: [var method, ..] }
            ? new(method)
            : HttpMethod.Get;

    internal static string PathOf(RouteEndpoint endpoint, string id = "some") =>
        Parameter().Replace(endpoint.RoutePattern.RawText!, match => match.Groups[1].Value == "id" ? id : "some");

    [GeneratedRegex(@"\{\**(\w+)[^/]*\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("reference ([0-9A-F]{8})")]
    private static partial Regex Reference();

    [GeneratedRegex("AccountKey=[^;]*")]
    private static partial Regex AccountKey();
}
