using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Forwarding;
using Distribution.Web.Missions;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>
/// The whole way of somebody at a mission on a phone, without any script: open, read, acknowledge, keep the receipt,
/// forward to a colleague.
/// </summary>
public sealed class ForwardPageTests(Chromium chromium, AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("ar")]
    public async Task A_mission_reads_acknowledges_keeps_the_receipt_and_forwards(string language)
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        var words = PageWords.Of(language);
        var fixedWords = BuiltInWords.Of(language).AcknowledgePage("Draft Rev 1", "Amélie Favre", default, 200);
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await Left(workflow, language);
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.OnThePhone();
        var link = new Uri(site.Address, PathOf(workflow, letter, "che")).ToString();

        await page.GotoAsync(link);
        await page.GetByRole(AriaRole.Link, new() { Name = fixedWords["documents"], Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = fixedWords["documents_take"] }).First).ToBeVisibleAsync();
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        var taken = await page.RunAndWaitForDownloadAsync(() =>
            page.GetByRole(AriaRole.Button, new() { Name = fixedWords["documents_take"] }).First.ClickAsync());
        Assert.EndsWith(".pdf", taken.SuggestedFilename, StringComparison.Ordinal);

        await page.GotoAsync(link);
        await page.Locator("#name").FillAsync("Amélie Favre");
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        await page.GetByRole(AriaRole.Button, new() { Name = fixedWords["button"] }).ClickAsync();
        await Assertions.Expect(page.Locator("#typed-name")).ToHaveTextAsync("Amélie Favre");
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await page.GetByRole(AriaRole.Button, new() { Name = fixedWords["confirm"], Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = words["receipt_link"] }).ClickAsync();
        await Assertions.Expect(page.Locator(".sheet-facts")).ToContainTextAsync("Amélie Favre");
        await Look("receipt");
        await page.GetByRole(AriaRole.Link, new() { Name = words["receipt_back"] }).ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = words["forward"] }).ClickAsync();
        await Assertions.Expect(page.Locator("#address")).ToBeVisibleAsync();
        await Look("form", isWhole: true);
        if (language == "ar")
            await chromium.Check(page, "forward-ar-form-dark", ColorScheme.Dark);
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        await page.Locator("#address").FillAsync("urs@elsewhere.example");
        await page.GetByRole(AriaRole.Button, new() { Name = words["forward_button"], Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#address-problem")).ToContainTextAsync("bern.example");
        await Assertions.Expect(page.Locator("#name-problem")).ToBeVisibleAsync();
        await Look("wrong");

        await page.Locator("#name").FillAsync("Amélie Favre");
        await page.Locator("#address").FillAsync("urs@bern.example");
        await page.GetByRole(AriaRole.Button, new() { Name = words["forward_button"], Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("#typed-address")).ToHaveTextAsync("urs@bern.example");
        await Look("confirm");
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await page.GetByRole(AriaRole.Button, new() { Name = words["forward_confirm_button"] }).ClickAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("urs@bern.example");

        // The site is another process to the timer, which looks for such work once a minute.
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Reconcile();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#outcome")).ToContainTextAsync("26");
        await Look("sent");
        Assert.Equal(
            ForwardState.Sent,
            Assert.Single((await workflow.Get<Forwards>().Find(letter.Id, "che", Cancellation))!.All).State);
        var mail = workflow.Sent().Single(message => message.MessageId!.StartsWith("forward-", StringComparison.Ordinal));
        await workflow.Get<ReturnedMails>().Record(
            mail.MessageId!,
            _ => "550 5.1.1 no such user",
            EvidenceRanks.Report,
            workflow.Clock.GetUtcNow(),
            Cancellation);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#outcome.warn")).ToContainTextAsync("urs@bern.example");
        await Look("returned");
        // Beside the site, whose policy keeps pages from styles of their own.
        await page.GotoAsync("about:blank");
        await page.SetContentAsync(mail.HtmlBody!);
        await Chromium.Fits(page, $"forward-{language}-mail");

        // One that has no domain of its own.
        await page.Open(site, $"{PathOf(workflow, letter, "fra")}{ForwardView.Page}?lang={language}");
        await Assertions.Expect(page.Locator(".note")).ToContainTextAsync("compact@secretariat.example");
        await Look("no-domain");

        // The steps are made alike in every language: where one was looked at whole, the others are looked at where they
        // may differ.
        Task Look(string step, bool isWhole = false) =>
            isWhole || language == "en"
                ? chromium.Check(page, $"forward-{language}-{step}")
                : Chromium.Fits(page, $"forward-{language}-{step}");
    }

    /// <summary>Two missions that read this language; one of them has no domain of its own.</summary>
    private static async Task<DistributionRecord> Left(TestWorkflow workflow, string language)
    {
        await workflow.PutInUse($"""
            mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc
            che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,,,{language},,che@bern.example,
            fra,member-state,France,Permanent Mission of France to the United Nations,Permanent Representative,,,{language},,fra@gmail.com,
            """);
        if (language != "en")
            await workflow.Upload(
                $"gcm/draft-rev-1/letter.{language}.md",
                "---\nsubject: Draft Rev 1 (GCM)\n---\nDraft Rev 1");
        var letter = await workflow.AcceptedWith("page: documents");
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.Run();
        return letter;
    }

    private static string PathOf(TestWorkflow workflow, DistributionRecord letter, string mission) =>
        new Uri(workflow.Get<MissionLinks>().For(letter.Id, mission)).AbsolutePath;
}
