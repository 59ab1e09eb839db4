using Distribution.Intake.Unfinished;
using Distribution.Tests;
using Distribution.Tests.Web;
using Distribution.Web;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>What tests of the form do with a letter that is being written.</summary>
internal static class LettersInTheMaking
{
    /// <summary>The form of a letter, as another person or a later hour finds it.</summary>
    public static async Task<IPage> AtTheForm(this Chromium chromium, TestSite site, string id)
    {
        var page = await chromium.AtTheDesk();
        await page.GotoAsync(new Uri(site.Address, Addresses.Unfinished(id)).ToString());
        return page;
    }

    /// <summary>
    /// Waits until the page knows that what was typed is kept. What is pressed before, while that is on its way, names the
    /// version before it, and is told of a letter that was saved meanwhile.
    /// </summary>
    public static Task Saved(this IPage page) =>
        Assertions.Expect(page.Locator("#kept")).ToContainTextAsync("Saved on");

    /// <summary>
    /// Opens the form again, where what a press did not bring is found. The page says so until that is kept, so nothing is
    /// kept before it was seen.
    /// </summary>
    public static async Task FindsAgain(this IPage page, TestSite site, string id)
    {
        var seen = new TaskCompletionSource();
        var keep = $"**{Addresses.KeepUnfinished(id)}";
        await page.RouteAsync(keep, async route =>
        {
            await seen.Task;
            await route.ContinueAsync();
        });
        await page.Open(site, Addresses.Unfinished(id));
        await page.GetByText("What you typed last was not saved. It stands here again.").WaitForAsync();
        await page.UnrouteAsync(keep);
        seen.SetResult();
    }

    /// <summary>The one letter in the making, as soon as what was typed is kept.</summary>
    public static async Task<UnfinishedLetter> Kept(this TestWorkflow workflow, Func<UnfinishedLetter, bool> wanted)
    {
        var cancellation = TestContext.Current.CancellationToken;
        for (var tries = 0; ; tries++)
        {
            var letter = Assert.Single(await workflow.Get<UnfinishedLetters>().All(cancellation));
            if (wanted(letter))
                return letter;
            Assert.True(tries < 600, $"It was not kept: “{letter.Called}”, “{letter.Text}”, {string.Join("; ", letter.Translations.Select(text => $"“{text.Text}”"))}.");
            await Task.Delay(100, cancellation);
        }
    }
}
