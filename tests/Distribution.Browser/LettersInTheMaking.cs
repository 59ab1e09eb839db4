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
