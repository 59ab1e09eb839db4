using Distribution.Intake;
using Distribution.Mail;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>The front page and a letter's page: for every eye, and by keyboard alone.</summary>
public sealed class FrontAndLetterTests(Chromium chromium, AzuriteFixture azurite)
{
    [Fact]
    public async Task Front_and_letter_pass_axe_light_and_dark_on_a_phone_and_at_200_percent()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite, Refusing("fra"));
        var letter = await NotReached(workflow, "che", "fra", "mex");
        await workflow.Upload("gcm/draft-rev-2/letter.md", Samples.Letter());
        await workflow.Upload("gcm/draft-rev-2/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        await workflow.Upload("gcm/draft-rev-2/letter.md", Samples.Letter(body: "Draft Rev 1 is enclosed anew."));
        await workflow.Reconcile();
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.AtTheDesk();
        foreach (
            var (size, width, height) in ((string, int, int)[])
                // A screen of 1280 pixels at 200 % is one of 640.
                [("desk", 1280, 900), ("at-200-percent", 640, 450), ("phone", 360, 740)])
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
                foreach (
                    var (address, name) in ((string, string)[])
                        [
                            ("/", "front"),
                            (Page(letter), "letter"),
                            ($"{Page(letter)}?show=silent&q=nobody", "letter-nobody"),
                        ])
                {
                    await page.SetViewportSizeAsync(width, height);
                    await page.Open(site, address);
                    await page.EvaluateAsync(
                        "document.querySelectorAll('details').forEach(details => { details.open = true; })");
                    await chromium.Check(page, $"{name}-opened-{size}-{scheme}", scheme);
                }
    }

    [Fact]
    public async Task From_the_front_page_to_a_corrected_mailbox_and_all_reached_by_keyboard_alone()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite, Refusing("fra", "deu", "irl", "ken"));
        var letter = await NotReached(workflow, "che", "mex", "fra", "deu", "irl", "ken");
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.AtTheDesk();
        await page.GotoAsync(site.Address.ToString());

        await Assertions.Expect(page.Locator("#wrong ~ .trouble")).ToContainTextAsync("4 missions do not have it: France, Germany, Ireland and Kenya.");
        await PressOn("See to it");
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(site.Address, $"{Page(letter)}?show=notreached#missions").ToString());
        foreach (var (place, mission) in ((string[])["France", "Germany", "Ireland", "Kenya"]).Index())
        {
            await page.Open(site, Page(letter));
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(place == 3 ? "Draft Rev 1: 1 mission does not have it" : $"Draft Rev 1: {4 - place} missions do not have it");
            await PressOn("Correct a mailbox and send again");
            await PressOn(mission);
            await page.Locator("#to").FocusAsync();
            await page.Keyboard.PressAsync("Control+A");
            await page.Keyboard.TypeAsync($"{mission.ToLowerInvariant()}@missions.example");
            await page.Locator("#reason").FocusAsync();
            await page.Keyboard.TypeAsync("Told by telephone");
            await page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("The register has it so from now on");
            await page.Open(site, Page(letter));
            await PressOn("Correct a mailbox and send again");
            await PressOn("Prepare it for the corrected mailbox");
            await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("The addendum is prepared.");
            await PressOn("Send Draft Rev 1 to 1 mission");
            await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("released", new() { IgnoreCase = true });
            await workflow.Run();
        }

        await page.Open(site, Page(letter));
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Draft Rev 1: all 6 missions have it");

        // A link to a form that is folded away opens it. The four got addenda, and would be reminded of those.
        await PressOn("Remind the 1 silent mission");
        await Assertions.Expect(page.Locator("#remind")).ToBeVisibleAsync();

        async Task PressOn(string words)
        {
            for (var steps = 0; steps < 200; steps++)
            {
                await page.Keyboard.PressAsync("Tab");
                if ((await page.EvaluateAsync<string>("document.activeElement.innerText ?? ''"))
                        .Trim()
                        .StartsWith(words, StringComparison.Ordinal))
                {
                    await page.Keyboard.PressAsync("Enter");
                    return;
                }
            }

            Assert.Fail($"“{words}” is not reached by the Tab key.");
        }
    }

    private static TransportStub Refusing(params string[] missions) =>
        new(
            (_, address) =>
                missions.Any(mission => address == $"{mission}@missions.example")
                    ? new(address, MailboxResult.Refused, "550 5.1.1 No such user")
                    : new(address, MailboxResult.Accepted, "250 OK"));

    /// <summary>Mexico has acknowledged it, and Switzerland is silent; the others were not reached.</summary>
    private static async Task<DistributionRecord> NotReached(TestWorkflow workflow, params string[] missions)
    {
        var letter = await workflow.Released(missions);
        await workflow.Run();
        await workflow.Acknowledge(letter.Id, "mex");
        return letter;
    }

    private static string Page(DistributionRecord letter) => $"/distributions/{letter.Id}";
}
