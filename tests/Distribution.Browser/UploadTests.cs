using Distribution.Intake;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Web;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>Files that go in parts from a browser, with the page's script.</summary>
public sealed class UploadTests(Chromium chromium, AzuriteFixture azurite) : IDisposable
{
    private const string Button = "Upload and check";

    private readonly string folder = Directory.CreateTempSubdirectory("distribution-upload-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_file_of_several_parts_is_sent_with_progress_and_is_the_file_that_was_chosen()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var page = await Choosing(site, ("letter.md", Bytes(100)), ("scan.pdf", Bytes(20_000_000)));
        await using var gate = await Gate.On(page, parts: 2);
        await page.GetByRole(AriaRole.Button, new() { Name = Button }).ClickAsync();

        // Held back before the third part: the page shows how far it has come, and nothing is in the folder yet.
        await gate.Reached;
        await page.GetByText("Sending scan.pdf: ").WaitForAsync();
        Assert.InRange(await page.Locator("#sent").EvaluateAsync<double>("bar => bar.value / bar.max"), 0.3, 0.9);
        await chromium.Check(page, "upload-sending");
        Assert.Empty(await workflow.Get<Drafts>().List(null, Cancellation));
        gate.Open();

        await page.WaitForURLAsync("**/uploads?**");
        await page.GetByText("2 files are uploaded into gcm/draft-rev-1.").WaitForAsync();
        var drafts = await workflow.Get<Drafts>().List(null, Cancellation);
        Assert.Equal(
            [("letter.md", 100L), ("scan.pdf", 20_000_000L)],
            drafts.Select(file => (file.File, file.Length)));
        Assert.Equal(
            Bytes(20_000_000),
            (await workflow.Get<Drafts>().Read(drafts[1], Cancellation))!.Value.ToArray());

        // Whoever goes back, to choose other files, need not type again where they go.
        await page.GoBackAsync();
        await Assertions.Expect(page.GetByLabel("Process")).ToHaveValueAsync("gcm");
        await Assertions.Expect(page.GetByLabel("Revision")).ToHaveValueAsync("draft-rev-1");
    }

    [Fact]
    public async Task An_upload_whose_connection_breaks_says_so_and_goes_on_with_the_part_that_lacks()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var page = await Choosing(site, ("scan.pdf", Bytes(9_000_000)));
        var sent = 0;
        var isBroken = true;
        await page.RouteAsync(
            $"**{Addresses.Parts}/**",
            route =>
            {
                if (route.Request.Method != "PUT")
                    return route.ContinueAsync();
                if (isBroken && route.Request.Url.EndsWith("/1", StringComparison.Ordinal))
                    return route.AbortAsync();
                Interlocked.Increment(ref sent);
                return route.ContinueAsync();
            });
        await page.GetByRole(AriaRole.Button, new() { Name = Button }).ClickAsync();
        // It tries again by itself for some seconds, which need not pass here.
        var lost = page.GetByText("The connection was lost. What has arrived is kept for a day. Press the button to go on.");
        for (var tries = 0; tries < 100 && !await lost.IsVisibleAsync(); tries++)
            await page.Clock.FastForwardAsync(10_000);
        await lost.WaitForAsync();
        await chromium.Check(page, "upload-broken");
        Assert.Empty(await workflow.Get<Drafts>().List(null, Cancellation));

        isBroken = false;
        await page.GetByRole(AriaRole.Button, new() { Name = Button }).ClickAsync();
        await page.GetByText("1 file is uploaded into gcm/draft-rev-1.").WaitForAsync();
        Assert.Equal(2, sent);
    }

    [Fact]
    public async Task Whoever_is_signed_out_meanwhile_is_told_to_sign_in_again()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var page = await Choosing(site, ("scan.pdf", Bytes(100)));
        await page.RouteAsync($"**{Addresses.Parts}/**", route => route.FulfillAsync(new() { Status = 401 }));
        await page.GetByRole(AriaRole.Button, new() { Name = Button }).ClickAsync();
        await page.GetByText("You are not signed in any more. Sign in again in another tab, then press the button here to go on.")
            .WaitForAsync();
    }

    [Theory]
    [InlineData(Addresses.UploadForm, "#files", 60_000_001, "scan.pdf has a little more than 60 MB, and no more than 60 MB can be uploaded. Choose a smaller file.")]
    [InlineData(Addresses.Register, "#file", 11_000_000, "scan.pdf has 11 MB, and no more than 10 MB can be uploaded. Choose a smaller file.")]
    public async Task What_is_too_large_is_told_before_anything_is_sent(string form, string input, int length, string words)
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.AtTheDesk();
        var posted = 0;
        page.Request += (_, request) => posted += request.Method == "GET" ? 0 : 1;
        await page.Open(site, $"{form}?process=gcm&revision=draft-rev-1");
        await page.Locator(input).SetInputFilesAsync(File("scan.pdf", Bytes(length)));
        await page.GetByText(words).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = Button }).ClickAsync();
        await page.GetByText(words).WaitForAsync();
        await chromium.Check(page, $"too-large{form.Replace('/', '-')}");
        Assert.Equal(0, posted);

        await page.Locator(input).SetInputFilesAsync(File("small.csv", Bytes(10)));
        await Assertions.Expect(page.GetByText("can be uploaded.")).ToBeHiddenAsync();
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private string File(string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    private async Task<IPage> Choosing(TestSite site, params (string Name, byte[] Content)[] files)
    {
        var page = await chromium.AtTheDesk();
        await page.Clock.InstallAsync();
        await page.Open(site, Addresses.UploadForm);
        await page.GetByLabel("Process").FillAsync("gcm");
        await page.GetByLabel("Revision").FillAsync("draft-rev-1");
        await page.Locator("#files").SetInputFilesAsync(files.Select(file => File(file.Name, file.Content)));
        return page;
    }

    /// <summary>Lets some parts of a file pass, and holds back the next one until it is opened.</summary>
    private sealed class Gate : IAsyncDisposable
    {
        private readonly TaskCompletionSource reached = new();
        private readonly TaskCompletionSource open = new();

        public Task Reached => reached.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);

        public static async Task<Gate> On(IPage page, int parts)
        {
            var gate = new Gate();
            await page.RouteAsync(
                $"**{Addresses.Parts}/**",
                async route =>
                {
                    if (route.Request.Method == "PUT" && route.Request.Url.EndsWith($"/{parts}", StringComparison.Ordinal))
                    {
                        gate.reached.TrySetResult();
                        await gate.open.Task;
                    }

                    await route.ContinueAsync();
                });
            return gate;
        }

        public void Open() => open.TrySetResult();

        public ValueTask DisposeAsync()
        {
            Open();
            return ValueTask.CompletedTask;
        }
    }
}
