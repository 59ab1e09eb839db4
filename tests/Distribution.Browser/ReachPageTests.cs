using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>
/// A letter that did not reach everyone, as the secretariat sees it; and pages that keep themselves up to date under a
/// person's hands.
/// </summary>
public sealed class ReachPageTests(Chromium chromium, AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_letter_that_did_not_reach_four_missions_every_page_says_so()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        string[] unreached = ["fra", "deu", "ken", "irl"];
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub(
                (message, address) =>
                    unreached.Contains(message.MissionId)
                        ? new(address, MailboxResult.Refused, "550 5.1.1 No such user")
                        : new(address, MailboxResult.Accepted, "250 OK")));
        await workflow.UseAllMissions();
        var letter = await workflow.Released();
        await workflow.Run();
        var entries = await workflow.Dispatches(letter.Id);
        foreach (var dispatch in entries.Where(entry => entry.Order % 5 < 2 && !unreached.Contains(entry.MissionId)))
            await workflow.Acknowledge(letter.Id, dispatch.MissionId);
        await using var site = await TestSite.Open(workflow);
        await Look(
            site,
            "four-not-reached",
            ("/", "front"),
            (Page(letter), "letter"),
            ($"{Page(letter)}?show=notreached", "list"),
            ($"{Page(letter)}/audit", "audit"));

        await workflow.Acknowledge(letter.Id, "fra", channel: AcknowledgementChannel.Telephone);
        await Look(site, "one-by-telephone", (Page(letter), "letter"));
        await PageFiguresTests.AreLight(site, letter);
    }

    [Fact]
    public async Task Of_a_letter_stopped_in_the_middle_every_page_says_who_was_never_sent_to_and_the_rest_is_sent_on_purpose()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        await workflow.UseAllMissions();
        var letter = await workflow.Released();
        foreach (var (first, last) in ((int, int)[])[(1, 100), (101, 200)])
            await workflow.Get<BatchHandler>().Dispatch(await workflow.BatchOf(letter.Id, first, last), Cancellation);
        await workflow.Get<Stops>().Withdraw(letter.Id, "the secretary", Cancellation);
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        await Look(
            site,
            "23-never-sent",
            ("/", "front"),
            (Page(letter), "letter"),
            ($"{Page(letter)}?show=neversent", "list"),
            ($"{Page(letter)}/unreachable", "unreachable"));

        var page = await chromium.AtTheDesk();
        await page.GotoAsync(Address(site, letter));
        await page.GetByText("Send to the 23 that were not sent to").First.ClickAsync();
        await chromium.Check(page, "send-to-the-rest-asks-desk");
        await page.GetByLabel("Yes, it is right that they get it after all").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send to the 23 that were not sent to" }).ClickAsync();
        await Assertions
            .Expect(page.Locator("#progress-words"))
            .ToHaveTextAsync("200 of 223 have it; 23 are still to be sent to.");
        await chromium.Check(page, "send-to-the-rest-sending-desk");
        await workflow.Run();
        await Assertions
            .Expect(page.Locator("#progress-words"))
            .ToHaveTextAsync("All 223 missions have it.");
        await Assertions.Expect(page).ToHaveTitleAsync("Draft Rev 1: Complete");
    }

    [Fact]
    public async Task The_page_of_a_letter_that_leaves_at_its_hour_says_so_by_itself()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:59", azurite);
        await workflow.UseRegister("che");
        var letter = await workflow.AcceptedWith("send: 2018-03-26 18:00");
        await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation);
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.AtTheDesk();
        await page.GotoAsync(Address(site, letter));
        await Assertions
            .Expect(page.GetByRole(AriaRole.Button, new() { Name = "Hold back Draft Rev 1" }))
            .ToBeVisibleAsync();

        workflow.WaitUntil("2018-03-26 18:00");
        await workflow.Run();
        await Assertions
            .Expect(page.Locator("#progress-words"))
            .ToHaveTextAsync("The one mission has it.");
        await Assertions
            .Expect(page.GetByRole(AriaRole.Button, new() { Name = "Hold back Draft Rev 1" }))
            .ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_form_that_a_person_fills_in_is_not_taken_away_and_the_page_says_that_something_changed()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub((message, address) =>
            new(address, message.MissionId == "mex" ? MailboxResult.Refused : MailboxResult.TryLater, "450 Later")));
        var letter = await workflow.Released("che", "mex");
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.AtTheDesk();
        await page.GotoAsync(Address(site, letter));
        await page.GetByText("Send the letter once more to 1 mission").ClickAsync();

        // The refusal is known to have been taken back meanwhile: the form is about a mission that has the letter now.
        await workflow.Acknowledge(letter.Id, "mex", channel: AcknowledgementChannel.Telephone);
        await Assertions.Expect(page.Locator("#changed")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#resend-unreached")).ToBeVisibleAsync();
        await chromium.Check(page, "changed-under-a-form-desk");

        await page.GetByText("Send the letter once more to 1 mission").ClickAsync();
        await Assertions.Expect(page.Locator("#resend-unreached")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#changed")).ToBeHiddenAsync();
    }

    private static string Page(DistributionRecord letter) => $"/distributions/{letter.Id}";

    private static string Address(TestSite site, DistributionRecord letter) =>
        new Uri(site.Address, Page(letter)).ToString();

    /// <summary>At the desk and on a phone; a picture of each is kept.</summary>
    private async Task Look(TestSite site, string when, params (string Address, string Name)[] addresses)
    {
        var (desk, phone) = (await chromium.AtTheDesk(), await chromium.OnThePhone());
        foreach (var (address, name) in addresses)
        {
            await desk.Open(site, address);
            await chromium.Check(desk, $"{name}-{when}-desk");
            await phone.Open(site, address);
            await Chromium.Fits(phone, $"{name}-{when}-phone");
        }

        await desk.Context.CloseAsync();
        await phone.Context.CloseAsync();
    }
}
