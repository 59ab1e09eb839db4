using System.Net;
using Distribution.Common;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

public sealed class FormCookieTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Behind_the_platforms_encryption_cookies_are_for_this_host_alone_and_no_page_is_asked_for_without_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var (cookie, token, page) = await Form(site, "https");

        Assert.StartsWith($"{FormCookie.Encrypted}=", cookie, StringComparison.Ordinal);
        Assert.Equal(
            ["httponly", "path=/", "samesite=lax", "secure"],
            cookie.Split("; ").Skip(1).Order(StringComparer.Ordinal));
        Assert.Equal("max-age=31536000", Assert.Single(page.Headers.GetValues("Strict-Transport-Security")));
        Assert.Equal(HttpStatusCode.SeeOther, await Press(site, cookie, token, "https"));
        Assert.Equal(HttpStatusCode.BadRequest, await Press(site, $"{FormCookie.OnThisMachine}{cookie[cookie.IndexOf('=', StringComparison.Ordinal)..]}", token, "https"));
    }

    [Fact]
    public async Task On_this_machine_without_encryption_the_cookie_is_one_that_browsers_take()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var (cookie, token, page) = await Form(site, null);

        Assert.StartsWith($"{FormCookie.OnThisMachine}=", cookie, StringComparison.Ordinal);
        Assert.Equal(
            ["httponly", "path=/", "samesite=lax"],
            cookie.Split("; ").Skip(1).Order(StringComparer.Ordinal));
        Assert.False(page.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal(HttpStatusCode.SeeOther, await Press(site, cookie, token, null));
    }

    [Fact]
    public async Task One_key_that_cannot_be_read_is_left_out_and_told_and_forms_go_on()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Keys).GetBlobClient("key-half.xml").UploadAsync(
            BinaryData.FromString("<key id="),
            TestContext.Current.CancellationToken);
        await using var site = await TestSite.Open(workflow);
        var (cookie, token, _) = await Form(site, null);
        Assert.Equal(HttpStatusCode.SeeOther, await Press(site, cookie, token, null));
        Assert.StartsWith(
            "The file keys/key-half.xml cannot be read.",
            Assert.Single(await workflow.Get<Notices>().All(TestContext.Current.CancellationToken)).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_comes_with_the_cookie_from_another_site_gets_no_new_one_and_forms_that_are_open_stay_good()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var (cookie, token, _) = await Form(site, "https");

        // A browser sends a lax cookie with a link that is followed, and with no form of another site.
        using var http = Browser(site, "https");
        http.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        http.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        var page = await http.GetAsync("/upload", TestContext.Current.CancellationToken);
        Assert.False(page.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.SeeOther, await Press(site, cookie, token, "https"));
        Assert.Equal(HttpStatusCode.BadRequest, await Press(site, "another=cookie", token, "https"));
        Assert.Equal(HttpStatusCode.BadRequest, await Press(site, cookie, "", "https"));
    }

    private static async Task<(string Cookie, string Token, HttpResponseMessage Page)> Form(TestSite site, string? scheme)
    {
        using var http = Browser(site, scheme);
        var page = await http.GetAsync("/upload", TestContext.Current.CancellationToken);
        var token = (await TestSite.Read(page)).QuerySelector("input[name=__RequestVerificationToken]")!;
        return (Assert.Single(page.Headers.GetValues("Set-Cookie")), token.GetAttribute("value")!, page);
    }

    /// <returns>The status of a form that is sent with this cookie.</returns>
    private static async Task<HttpStatusCode> Press(TestSite site, string cookie, string token, string? scheme)
    {
        using var http = Browser(site, scheme);
        http.DefaultRequestHeaders.Add("Cookie", cookie.Split(';')[0]);
        var form = new FormUrlEncodedContent(
            [new("__RequestVerificationToken", token), new("register", "none"), new("confirmed", "yes")]);
        return (await http.PostAsync(Addresses.ConfirmRegister, form, TestContext.Current.CancellationToken)).StatusCode;
    }

    private static HttpClient Browser(TestSite site, string? scheme)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = site.Address,
        };
        if (scheme is not null)
            http.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        return http;
    }
}
