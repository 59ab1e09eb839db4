using Distribution.Intake;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Web;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>A letter is looked at, compared, released, and its release is undone within the minute.</summary>
public sealed class UndoPageTests(Chromium chromium, AzuriteFixture azurite)
{
    [Fact]
    public async Task The_seconds_are_counted_and_an_undo_in_time_sends_nothing()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:UndoFor", "00:01:00"));
        await workflow.UseRegister("che", "mex");
        await workflow.Upload("gcm/draft-rev-1/letter.fr.md", "---\nsubject: Projet Rev 1\n---\nLe projet Rev 1 (Draft Rev 1) est joint.\n");
        await workflow.AcceptedWith("deadlines:\n  comments: 2018-04-04 18:00");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.LetterWith(
                "deadlines:\n  comments: 2018-04-05 18:00",
                "Draft Rev 1 is enclosed once more, with a correction. Missions may wish to comment."));
        await workflow.UseRegister("che", "fra", "mex");
        await workflow.Reconcile();
        var letter = (await workflow.Distributions()).Single(found => found.State == DistributionState.AwaitingRelease);
        await using var site = await TestSite.Open(workflow);
        var address = new Uri(site.Address, Addresses.Distribution(letter.Id)).ToString();
        var (page, phone) = (await chromium.AtTheDesk(), await chromium.OnThePhone());
        await page.GotoAsync(address);
        await page.Locator(".changes summary").First.ClickAsync();
        await Drawn(page, pictures: 3);
        await chromium.Check(page, "release-pictures");
        await chromium.Check(page, "release-pictures-dark", ColorScheme.Dark);
        await phone.GotoAsync(address);
        await chromium.Check(phone, "release-pictures-phone");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });

        // A picture is a link that opens the file in full, in a tab of its own.
        var opened = await page.RunAndWaitForPopupAsync(
            () => page.Locator(".documents li").First.ClickAsync(new() { Position = new() { X = 40, Y = 40 } }));
        Assert.EndsWith("letter (en).pdf", Uri.UnescapeDataString(opened.Url), StringComparison.Ordinal);
        await opened.CloseAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Send Draft Rev 1 to 3 missions" }).ClickAsync();
        await Expect("#leaves-at", "Leaves at 12.01.00 p.m. New York time");
        await Expect("#summary", "another 60 seconds");
        workflow.Clock.Advance(TimeSpan.FromSeconds(20));
        await Expect("#summary", "another 40 seconds");
        await chromium.Check(page, "release-undo");
        await phone.GotoAsync(address);
        await chromium.Check(phone, "release-undo-phone");

        // However long the answer is on its way: a page that asks for its renewal meanwhile, and learns of another stage,
        // must not end it.
        await page.RouteAsync(
            "**/hold-back",
            async route =>
            {
                var answer = await route.FetchAsync(new() { MaxRedirects = 0 });
                for (var renewals = 0; renewals < 3; renewals++)
                    await page.WaitForResponseAsync(renewal => renewal.Url.Contains("parts", StringComparison.Ordinal));
                await route.FulfillAsync(new() { Response = answer });
            });
        // With the space bar, which a person holds down for longer than a second: the part with the button is not replaced
        // under it, though its seconds are counted.
        await page.Locator("#undo").FocusAsync();
        await page.Keyboard.DownAsync("Space");
        for (var renewals = 0; renewals < 3; renewals++)
        {
            workflow.Clock.Advance(TimeSpan.FromSeconds(1));
            await page.WaitForResponseAsync(renewal => renewal.Url.Contains("parts", StringComparison.Ordinal) && renewal.Status == 200);
        }

        await page.Keyboard.UpAsync("Space");
        await Expect("main", "Undone: nothing has been sent.");
        // The phone's page is an old one by now: pressed there, it says that it has been undone.
        await phone.GetByRole(AriaRole.Button, new() { Name = "Undo: do not send Draft Rev 1" }).ClickAsync();
        await Assertions.Expect(phone.Locator("main")).ToContainTextAsync("It had been held back already");
        await chromium.Check(page, "release-undone");
        workflow.Clock.Advance(TimeSpan.FromMinutes(2));
        await workflow.Run();
        Assert.Empty(workflow.Sent());
        // A connection that hangs does not let an old page look like a new one.
        await page.Hangs("**parts=*");
        await Assertions.Expect(page.Locator("#stale")).ToBeVisibleAsync();
        await page.UnrouteAsync("**parts=*");

        await page.GetByRole(AriaRole.Button, new() { Name = "Send Draft Rev 1 to 3 missions" }).ClickAsync();
        await Expect("#summary", "can be undone for another");
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await Expect("#summary", "it is about to leave");
        await workflow.Run();
        Assert.Equal(3, workflow.Sent().Count);
        await Expect("h1", "all 3 missions have it");

        Task Expect(string selector, string words) =>
            Assertions.Expect(page.Locator(selector)).ToContainTextAsync(words);
    }

    [Fact]
    public async Task A_proof_that_would_leave_the_house_is_told_at_the_field_and_sent_once_it_is_put_right()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("Release:People", "2"),
            ("Mail:NoticesTo", "duty@secretariat.example"));
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.AtTheDesk();
        await page.Open(site, Addresses.Distribution(letter.Id));
        await page.GetByLabel("Send a proof to").FillAsync("anna@elsewhere.example");
        await page.Keyboard.PressAsync("Enter");
        await Expect("“anna@elsewhere.example” is elsewhere");
        await chromium.Check(page, "proof-wrong");
        await chromium.Check(page, "proof-wrong-dark", ColorScheme.Dark);

        await page.GetByLabel("Send a proof to").FillAsync("anna@secretariat.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send a proof" }).ClickAsync();
        await Expect("A proof leaves within a minute, to anna@secretariat.example.");
        await workflow.CarryOutBatches();
        await Expect("Proof sent to anna@secretariat.example.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve Draft Rev 1 for 1 mission" }).ClickAsync();
        await Expect("Releasers are asked by mail within a few minutes, at duty@secretariat.example.");
        await chromium.Check(page, "release-approved");

        Task Expect(string words) =>
            Assertions.Expect(page.Locator("main")).ToContainTextAsync(words);
    }

    /// <summary>
    /// Waits until the browser's viewer knows how large the first pages are. Only the picture for people asks for that, so
    /// a viewer that is made in another way has had its time after three seconds.
    /// </summary>
    private static async Task Drawn(IPage page, int pictures)
    {
        for (var tries = 0; tries < 30; tries++)
        {
            var drawn = await Task.WhenAll(
                page.Frames.Where(frame => frame.Url.Contains(".pdf#", StringComparison.Ordinal))
                    .Select(frame => frame.Locator("#sizer").IsVisibleAsync()));
            if (drawn.Count(isDrawn => isDrawn) == pictures)
                return;
            await page.WaitForTimeoutAsync(100);
        }
    }
}
