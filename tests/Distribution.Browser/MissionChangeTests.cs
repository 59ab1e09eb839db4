using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Web;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>What people do with a mission at the desk: change it together, note something, and what a reader may not.</summary>
public sealed class MissionChangeTests(Chromium chromium, AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mailbox_is_changed_by_one_person_and_confirmed_by_another_who_sees_what_and_why()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        await workflow.UseRegister("che", "fra", "mex");
        await using var amélie = await TestSite.Open(workflow, [Roles.Releaser], "amélie@secretariat.example");
        await using var boris = await TestSite.Open(workflow, [Roles.Releaser], "boris@secretariat.example");
        var (first, second, phone) = (await chromium.AtTheDesk(), await chromium.AtTheDesk(), await chromium.OnThePhone());

        await first.GotoAsync(Address(amélie, Addresses.Mission("che")));
        await first.GetByRole(AriaRole.Link, new() { Name = "Change Switzerland in the register" }).ClickAsync();
        await first.Locator("#to").FillAsync("new@che.example");
        await first.Locator("#reason").FillAsync("Ms. Favre telephoned at 10 p.m.");
        await first.GetByRole(AriaRole.Button, new() { Name = "Change Switzerland" }).ClickAsync();
        await Assertions.Expect(first.Locator("#told")).ToContainTextAsync("waits to be confirmed by another person");
        await chromium.Check(first, "register-waits-desk");

        // Not by herself.
        await Assertions.Expect(first.Locator("#own")).ToContainTextAsync("another releaser must confirm it");
        await Assertions.Expect(first.Locator("#confirm-register")).ToHaveCountAsync(0);

        await phone.GotoAsync(Address(boris, Addresses.Mission("che")));
        await Assertions.Expect(phone.Locator("#change-waits")).ToContainTextAsync("new@che.example");
        await chromium.Check(phone, "mission-change-waits-phone");

        // A test message to the new mailbox, before it is confirmed.
        await second.GotoAsync(Address(boris, Addresses.Mission("che")));
        await second.GetByText("Test a mailbox").ClickAsync();
        await second.GetByLabel("Mailbox", new() { Exact = true }).SelectOptionAsync("new@che.example");
        await second.GetByRole(AriaRole.Button, new() { Name = "Send a test message" }).ClickAsync();
        await Assertions.Expect(second.Locator("#told")).ToContainTextAsync("A test message went to this one mailbox");
        Assert.Single(workflow.Sent());

        await second.GetByRole(AriaRole.Link, new() { Name = "See to it" }).ClickAsync();
        await Assertions.Expect(second.Locator("#waiting")).ToContainTextAsync("Why: Ms. Favre telephoned at 10 p.m.");
        await second.GetByLabel("I have looked at this").CheckAsync();
        await second.Locator("#confirm-register").ClickAsync();
        await Assertions.Expect(second.Locator("#told")).ToContainTextAsync("The register is in use.");
        await second.GotoAsync(Address(boris, Addresses.Mission("che")));
        await Assertions.Expect(second.Locator("#particulars")).ToContainTextAsync("new@che.example");
        await Assertions.Expect(second.Locator("#register-changes ~ ul")).ToContainTextAsync("confirmed by boris@secretariat.example");
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            await chromium.Check(second, $"mission-changed-{scheme}-desk", scheme);
    }

    [Fact]
    public async Task A_note_is_kept_once_whatever_is_pressed_twice_or_after_going_back()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await chromium.AtTheDesk();
        await page.GotoAsync(Address(site, Addresses.Mission("che")));
        await page.GetByText("None yet: write one").ClickAsync();
        await page.Locator("#note").FillAsync("Ask for Ms. Favre.");
        await page.Locator("#keep-note").DblClickAsync();
        await Assertions.Expect(page.Locator("#told")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".desk-note")).ToHaveCountAsync(1);
        await chromium.Check(page, "mission-note-desk");
        await page.GoBackAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".desk-note")).ToHaveCountAsync(1);
        Assert.Single(await workflow.Get<MissionNotes>().Of("che", Cancellation));

        await page.GetByRole(AriaRole.Button, new() { Name = "Erase the note" }).ClickAsync();
        await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("The note is erased.");
    }

    [Fact]
    public async Task A_reader_finds_no_form_on_any_page_and_a_sentence_in_its_place()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "fra");
        await workflow.Run();
        await using var site = await TestSite.Open(workflow, [Roles.Reader]);
        var page = await chromium.AtTheDesk();
        foreach (
            var address in (string[])
                [
                    Addresses.Front, Addresses.MissionList, Addresses.Mission("che"), Addresses.MissionEdit("che"),
                    Addresses.Register, Addresses.Replies, Addresses.Distribution(letter.Id), Addresses.Letter(letter.Id, "che"),
                    Addresses.UploadForm, Addresses.NewLetter, Addresses.Acts(), Addresses.Briefing(),
                ])
        {
            await page.GotoAsync(Address(site, address));
            await Assertions.Expect(page.Locator("form[method=post]")).ToHaveCountAsync(0);
        }

        await page.GotoAsync(Address(site, Addresses.MissionEdit("che")));
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Only a drafter or a releaser may do this.");
    }

    private static string Address(TestSite site, string path) => new Uri(site.Address, path).ToString();
}
