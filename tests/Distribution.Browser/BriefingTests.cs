using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Distribution.Web;
using Microsoft.Playwright;
using UglyToad.PdfPig;
using Xunit;

namespace Distribution.Browser;

/// <summary>The sheet for nine o'clock on paper and on a phone, and the missions' pages.</summary>
public sealed class BriefingTests(Chromium chromium, AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_one_printed_page_with_four_not_reached_and_sixty_silent_and_when_half_failed()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        HashSet<string> refused = ["fra", "deu", "ken", "irl"];
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub((message, address) =>
            refused.Contains(message.MissionId)
                ? new(address, MailboxResult.Refused, $"550 5.1.1 No such user, {new string('x', 150)}")
                : new(address, MailboxResult.Accepted, "250 OK")));
        await workflow.UseAllMissions();
        var letter = await workflow.Released();
        await workflow.Run();
        foreach (var entry in (await workflow.Dispatches(letter.Id)).Where(entry => !refused.Contains(entry.MissionId)).Skip(60))
            await workflow.Acknowledge(letter.Id, entry.MissionId);
        await using var site = await TestSite.Open(workflow);
        var (desk, phone) = (await chromium.AtTheDesk(), await chromium.OnThePhone());

        await desk.GotoAsync(Address(site, Addresses.LetterBriefing(letter.Id)));
        Assert.Equal("219 of 223 have it; 4 do not: France, Germany, Ireland and Kenya.", await desk.Locator("#sentence").TextContentAsync());
        Assert.Equal("Silent (60)", await desk.Locator("#silent").TextContentAsync());
        await OnOnePage(desk, "four");
        await chromium.Check(desk, "nine-oclock-four-desk");
        await phone.GotoAsync(Address(site, Addresses.LetterBriefing(letter.Id)));
        await Chromium.Fits(phone, "nine-oclock-four-phone");
        // What counts most is on the phone's first screen.
        var screen = (await phone.Locator("#sentence").BoundingBoxAsync())!;
        Assert.InRange(screen.Y + screen.Height, 0, phone.ViewportSize!.Height);

        // Every second mission refuses the next one, and the rest is silent: still one page each.
        refused = [.. (await workflow.Dispatches(letter.Id)).Where(entry => entry.Order % 2 == 0).Select(entry => entry.MissionId)];
        var second = await workflow.AcceptedWith("", "draft-rev-2");
        Assert.True(await workflow.Get<Releases>().Release(second.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.Run();
        foreach (var page in (string[])[Addresses.LetterBriefing(second.Id), Addresses.Briefing()])
        {
            await desk.GotoAsync(Address(site, page));
            await OnOnePage(desk, page == Addresses.Briefing() ? "all" : "half");
            await chromium.Check(desk, $"nine-oclock-{(page == Addresses.Briefing() ? "all" : "half")}-desk");
            await phone.GotoAsync(Address(site, page));
            await Chromium.Fits(phone, $"nine-oclock-{(page == Addresses.Briefing() ? "all" : "half")}-phone");
        }
    }

    [Fact]
    public async Task The_missions_pages_pass_axe_light_and_dark_and_fit_a_phone_and_a_mission_is_found_by_keyboard()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub((message, address) =>
            new(address, message.MissionId == "fra" ? MailboxResult.Refused : MailboxResult.Accepted, "550 5.1.1 No such user")));
        var letter = await workflow.Released("che", "fra", "mex");
        await workflow.Run();
        var waiting = await workflow.AcceptedWith("", "draft-rev-2");
        await workflow.UseRegister("che", "fra");
        await using var site = await TestSite.Open(workflow);
        var (desk, phone) = (await chromium.AtTheDesk(), await chromium.OnThePhone());
        foreach (
            var (address, name) in ((string, string)[])
                [
                    (Addresses.MissionList, "missions"),
                    (Addresses.Mission("fra"), "mission"),
                    (Addresses.Mission("mex"), "mission-gone"),
                    ($"{Addresses.Search}?q=fr", "search"),
                    (Addresses.Distribution(waiting.Id), "release-troubles"),
                    (Addresses.LetterBriefing(letter.Id), "nine-oclock"),
                ])
        {
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await desk.EmulateMediaAsync(new() { ColorScheme = scheme });
                await desk.GotoAsync(Address(site, address));
                await chromium.Check(desk, $"{name}-{scheme}-desk");
            }

            await phone.GotoAsync(Address(site, address));
            await chromium.Check(phone, $"{name}-phone");
        }

        await desk.GotoAsync(Address(site, Addresses.Front));
        await desk.Locator("#find").FocusAsync();
        await desk.Keyboard.TypeAsync("fra");
        await desk.Keyboard.PressAsync("Enter");
        await desk.GetByRole(AriaRole.Link, new() { Name = "France" }).FocusAsync();
        await desk.Keyboard.PressAsync("Enter");
        await Assertions.Expect(desk.Locator("h1")).ToHaveTextAsync("France");
    }

    private static string Address(TestSite site, string path) => new Uri(site.Address, path).ToString();

    private static async Task OnOnePage(IPage page, string name)
    {
        var printed = await page.PdfAsync(new() { Format = "A4", PreferCSSPageSize = false });
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures"));
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"nine-oclock-{name}.pdf"), printed, Cancellation);
        using var document = PdfDocument.Open(printed);
        Assert.Equal(1, document.NumberOfPages);
        printed = await page.PdfAsync(new() { Format = "Letter" });
        using var letter = PdfDocument.Open(printed);
        Assert.Equal(1, letter.NumberOfPages);
    }
}
