using Distribution.Letters;
using Distribution.Sending;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Web.Missions;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>A letter's documents as somebody fetches them on a phone, without any script.</summary>
public sealed class DocumentsPageTests(Chromium chromium, AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", "The letter and its enclosures", "Fetch")]
    [InlineData("ar", "الرسالة ومرفقاتها", "تنزيل")]
    public async Task A_press_brings_the_file(string language, string documents, string fetch)
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var letter = await workflow.AcceptedWith(
            $"language: {language}\npage: documents\nmeetings: {{title: First reading, date: 2018-04-03, from: \"10:00\", to: \"13:00\"}}");
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.OnThePhone();
        var link = new Uri(site.Address, new Uri(workflow.Get<MissionLinks>().For(letter.Id, "che")).AbsolutePath);
        await page.GotoAsync(link.ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = documents }).WaitForAsync();
        await page.GotoAsync(link + MissionDocuments.Page);
        await chromium.Check(page, $"documents-{language}");
        await chromium.Check(page, $"documents-{language}-dark", ColorScheme.Dark);

        await page.GetByRole(AriaRole.Button, new() { Name = fetch }).First.ClickAsync();
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        await chromium.Check(page, $"documents-{language}-once-more");
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        var download = await page.RunAndWaitForDownloadAsync(() =>
            page.GetByRole(AriaRole.Button, new() { Name = fetch }).Last.ClickAsync());
        Assert.Equal("2018-03-26 Global Compact for Safe, Orderly - Draft Rev 1 - meetings.ics", download.SuggestedFilename);
    }
}
