using Distribution.Letters;
using Distribution.Sending;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Web;
using Distribution.Web.Missions;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>
/// A mission proposes another mailbox on a phone, the mailbox confirms it, and the desk accepts it: without any script.
/// </summary>
public sealed class MissionProposalTests(Chromium chromium, AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fr", "ltr", "es")]
    [InlineData("ar", "rtl", "fr")]
    public async Task What_a_mission_proposes_is_confirmed_by_the_mailbox_and_accepted_at_the_desk_and_the_next_letter_goes_there(
        string language,
        string direction,
        string other)
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.PutInUse($"""
            mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc
            che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,Jürg Lauber,H.E. Mr.,{language},,che@missions.example,office@missions.example
            """);
        await workflow.Upload($"gcm/draft-rev-1/letter.{language}.md", "---\nsubject: Draft Rev 1 (GCM)\n---\nDraft Rev 1");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter());
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        await workflow.Release();
        var letter = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var words = PageWords.Of(language);
        var page = await chromium.OnThePhone();
        var link = new Uri(workflow.Get<MissionLinks>().For(letter.Id, "che")).AbsolutePath;
        await page.Open(site, link);
        await page.GetByRole(AriaRole.Link, new() { Name = words["proposal_link"] }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(words["proposal"]);
        Assert.Equal(direction, await page.Locator("html").GetAttributeAsync("dir"));
        await chromium.Check(page, $"proposal-{language}-form");

        await page.Locator("#to").FillAsync("new@che.example nobody");
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        await page.GetByRole(AriaRole.Button, new() { Name = words["proposal_go_on"] }).ClickAsync();
        await Assertions.Expect(page.Locator("#to")).ToHaveAttributeAsync("aria-invalid", "true");
        await chromium.Check(page, $"proposal-{language}-wrong");

        await page.Locator("#to").FillAsync("new@che.example");
        await page.Locator("#head_of_mission").FillAsync("Pascale Baeriswyl");
        await page.Locator("#form_of_address").FillAsync("H.E. Ms.");
        await page.GetByLabel(words["proposal_cc_remove"]).CheckAsync();
        await page.Locator("#language").SelectOptionAsync(other);
        await page.Locator("#name").FillAsync("Amélie Favre");
        await page.GetByRole(AriaRole.Button, new() { Name = words["proposal_go_on"] }).ClickAsync();
        await Assertions.Expect(page.Locator("#typed-name")).ToHaveTextAsync("Amélie Favre");
        await chromium.Check(page, $"proposal-{language}-confirm");
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await page.Locator("form button").First.ClickAsync();
        await Assertions.Expect(page.Locator("#replaces")).ToBeVisibleAsync();
        await chromium.Check(page, $"proposal-{language}-waits", ColorScheme.Dark);

        await MissionProposer.Mailed(workflow);
        var asked = Assert.Single(MissionProposer.Asked(workflow));
        await page.Open(site, MissionProposer.LinkIn(asked));
        await Assertions.Expect(page.Locator(".address")).ToHaveTextAsync("new@che.example");
        await chromium.Check(page, $"mailbox-{language}");
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await page.GetByRole(AriaRole.Button, new() { Name = words["mailbox_confirm"] }).ClickAsync();
        await Assertions.Expect(page.Locator(".done")).ToHaveTextAsync(words["mailbox_confirmed"]);
        await chromium.Check(page, $"mailbox-{language}-confirmed");

        var desk = language == "fr" ? await chromium.AtTheDesk() : page;
        await desk.GotoAsync(site.Address.ToString());
        await desk.Locator("#waiting-proposals").ClickAsync();
        await Assertions.Expect(desk.GetByText("Confirmed by link")).ToBeVisibleAsync();
        await chromium.Check(desk, $"proposals-desk-{language}");
        await desk.Locator("form[action^='/proposals/che/'][action$='/accept'] button").ClickAsync();
        await Assertions.Expect(desk.Locator("#particulars")).ToContainTextAsync("new@che.example");

        await page.Open(site, link + ProposalView.Page);
        await Assertions.Expect(page.Locator("#record")).ToBeVisibleAsync();
        await chromium.Check(page, $"proposal-{language}-accepted");
        await workflow.Upload("gcm/next/letter.md", Samples.Letter());
        await workflow.Upload("gcm/next/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        var next = (await workflow.Distributions()).Single(found => found.Folder.Revision == "next");
        Assert.True(await workflow.Get<Releases>().Release(next.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.Run();
        Assert.Equal(
            ["new@che.example"],
            workflow.Sent(next.Id).SelectMany(message => message.To.Mailboxes).Select(box => box.Address));
    }

    [Fact]
    public async Task The_desk_sees_what_is_not_confirmed_and_what_was_changed_since_also_on_a_phone()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "fra");
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        await MissionProposer.Proposes(workflow, site, MissionProposer.Page(workflow, letter.Id), ("to", "fra@missions.example, new@che.example"), ("language", "ru"));
        await MissionProposer.Proposes(workflow, site, MissionProposer.Page(workflow, letter.Id, "fra"), ("head_title", "Chargé d’affaires a.i."));
        await workflow.PutInUse(TestWorkflow.RegisterOf("che", "fra").Replace("Permanent Representative", "Head of Mission", StringComparison.Ordinal));
        var phone = await chromium.OnThePhone();
        await phone.Open(site, Addresses.Proposals);
        await Assertions.Expect(phone.Locator(".changed")).ToBeVisibleAsync();
        await chromium.Check(phone, "proposals-desk-phone");
        var desk = await chromium.AtTheDesk();
        await desk.Open(site, Addresses.Proposals);
        await desk.Locator("form[action^='/proposals/che/'][action$='/accept'] button").ClickAsync();
        await Assertions.Expect(desk.Locator("#problem")).ToBeVisibleAsync();
        await chromium.Check(desk, "proposals-desk-unconfirmed", ColorScheme.Dark);
    }
}
