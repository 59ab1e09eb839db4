using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>The pages of the secretariat, and the one that checks letters, as a browser shows them.</summary>
public sealed class DeskPageTests(Chromium chromium, AzuriteFixture azurite)
{
    [Fact]
    public async Task The_desk_passes_axe_before_and_after_release_and_on_a_phone_too()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che", "mex");
        await using var site = await TestSite.Open(workflow);
        var (desk, phone) = (await chromium.AtTheDesk(), await chromium.OnThePhone());
        var letter = $"/distributions/{distribution.Id}";
        await Look(
            "before",
            ("/", "front"),
            (letter, "status"),
            ($"{letter}/letters/che", "letter"),
            ("/upload", "upload"),
            ("/register", "register"));
        await workflow.Release();
        await workflow.BringRegister(System.Text.Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "ken")));
        await Look(
            "after",
            ("/register", "register-waits"),
            (letter, "status"),
            ($"{letter}/served", "served"),
            ($"{letter}/unreachable", "unreachable"),
            ("/replies", "replies"),
            ("/acts", "acts"),
            ($"{letter}/erase", "erase"));

        async Task Look(string when, params (string Address, string Name)[] addresses)
        {
            foreach (var (address, name) in addresses)
            {
                await desk.Open(site, address);
                await chromium.Check(desk, $"{name}-{when}-desk");
                await phone.Open(site, address);
                await Chromium.Fits(phone, $"{name}-{when}-phone");
            }
        }
    }

    [Fact]
    public async Task The_secretariat_records_corrects_and_withdraws_an_acknowledgement()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.AtTheDesk();
        await page.Open(site, $"/distributions/{distribution.Id}/letters/che");

        await page.GetByText("Record an acknowledgement").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Record the acknowledgement" }).ClickAsync();
        await Shows("Write who said so: a name, or the mission where a note verbale names nobody.");
        await chromium.Check(page, "acknowledgement-wrong");

        await page.GetByLabel("How").SelectOptionAsync("NoteVerbale");
        await page.Locator("#by").FillAsync("Amélie Favre");
        await page.GetByRole(AriaRole.Button, new() { Name = "Record the acknowledgement" }).ClickAsync();
        await Shows("Acknowledged by Amélie Favre, by note verbale, on ");
        await page.GetByText("Correct the acknowledgement").First.ClickAsync();
        await chromium.Check(page, "acknowledgement-recorded");

        await page.Locator("#by").FillAsync("Amélie Favre-Keller");
        await page.GetByLabel("Why it is corrected").FillAsync("Her name was misheard.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Correct the acknowledgement" }).ClickAsync();
        await Shows("Her name was misheard.");

        await page.GetByText("Withdraw the acknowledgement").First.ClickAsync();
        await page.GetByLabel("Why it is withdrawn").FillAsync("It was for another letter.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Withdraw the acknowledgement" }).ClickAsync();
        await Shows("Not acknowledged");

        Task Shows(string words) =>
            Assertions.Expect(page.Locator("section[aria-labelledby=acknowledgement]")).ToContainTextAsync(words);
    }

    [Fact]
    public async Task The_page_that_checks_letters_passes_axe_with_an_answer_and_with_a_question_it_cannot_take()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.OnThePhone();
        foreach (var (name, query) in ((string, string)[])
            [("match", $"?reference={await workflow.Reference()}"), ("wrong", "?reference=x")])
        {
            await page.Open(site, $"/verify{query}");
            await chromium.Check(page, $"verify-{name}");
        }
    }
}
