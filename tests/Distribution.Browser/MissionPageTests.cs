using Distribution.Intake;
using Distribution.Letters;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Web.Missions;
using Microsoft.Playwright;
using UglyToad.PdfPig;
using Xunit;

namespace Distribution.Browser;

/// <summary>The mission's page as somebody sees it on a phone, without any script.</summary>
public sealed class MissionPageTests(Chromium chromium, AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", "ltr", "Acknowledge receipt", "Confirm", "Withdraw the acknowledgement")]
    [InlineData("fr", "ltr", "Accuser réception", "Confirmer", "Retirer l’accusé de réception")]
    [InlineData("ar", "rtl", "تأكيد الاستلام", "تأكيد", "سحب تأكيد الاستلام")]
    public async Task A_mission_acknowledges_and_withdraws_on_a_phone_without_scripts(
        string language,
        string direction,
        string button,
        string confirm,
        string withdraw)
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await Released(workflow, language);
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.OnThePhone();
        var link = new Uri(
            site.Address,
            new Uri(workflow.Get<MissionLinks>().For(distribution.Id, "che")).AbsolutePath).ToString();

        await page.GotoAsync(link);
        Assert.Equal(direction, await page.Locator("html").GetAttributeAsync("dir"));
        await Look("form");
        // Out of everybody's sight, in either direction of writing.
        Assert.InRange((await page.Locator("#website").BoundingBoxAsync())!.X, -5, 365);

        workflow.Clock.Advance(PersonsTime.ToFillIn);
        await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await Assertions.Expect(page.Locator("#name")).ToHaveAttributeAsync("aria-invalid", "true");
        await Look("wrong");

        await page.Locator("#name").FillAsync("Amélie Favre");
        await page.Locator("#function").FillAsync("Second Secretary");
        await page.Locator("#reference")
            .FillAsync((await workflow.Reference()).ToLowerInvariant());
        await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await Assertions.Expect(page.Locator("#typed-name")).ToHaveTextAsync("Amélie Favre");
        await Look("confirm");

        // Too soon, and asked once more.
        await page.GetByRole(AriaRole.Button, new() { Name = confirm, Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Look("once-more");
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await page.GetByRole(AriaRole.Button, new() { Name = confirm, Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".done")).ToContainTextAsync("Amélie Favre");
        await Look("done");
        // Back, by way of what was refused: the browser asks nothing, and where it was to be confirmed stands what is on record.
        await page.GoBackAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator(".done")).ToContainTextAsync("Amélie Favre");
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("#name")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GotoAsync(link);

        await page.GetByRole(AriaRole.Link, new() { Name = PageWords.Of(language)["receipt_link"] }).ClickAsync();
        await Assertions.Expect(page.Locator(".sheet-facts")).ToContainTextAsync("Amélie Favre");
        await chromium.Check(page, $"mission-{language}-receipt");
        await OnOnePage(page, language);
        await page.GetByRole(AriaRole.Link, new() { Name = PageWords.Of(language)["receipt_back"] }).ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = withdraw }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = withdraw })).ToBeVisibleAsync();
        await Look("withdraw");
        // Windows' contrast themes leave nothing of a button but its edge.
        await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
        foreach (var edged in await page.GetByRole(AriaRole.Button).AllAsync())
            Assert.Equal("1px", await edged.EvaluateAsync<string>("button => getComputedStyle(button).borderTopWidth"));
        Assert.Equal(
            "Amélie Favre",
            (await workflow.Get<Acknowledgements>().Find(distribution.Id, "che", Cancellation))!.Stands!.By);

        // The steps are made alike in both directions of writing: where one was looked at whole, the other is looked at
        // where it may differ.
        Task Look(string step) =>
            language == "en" || step is "form" or "done"
                ? chromium.Check(page, $"mission-{language}-{step}")
                : Chromium.Fits(page, $"mission-{language}-{step}");
    }

    [Fact]
    public async Task A_visitor_changes_the_language_by_a_link_and_goes_on_in_it_on_every_page()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await Released(workflow, "en");
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.OnThePhone();
        var link = new Uri(
            site.Address,
            new Uri(workflow.Get<MissionLinks>().For(distribution.Id, "che")).AbsolutePath).ToString();
        await page.GotoAsync(link);

        await Switch("العربية", "ar");
        await chromium.Check(page, "mission-switched-ar", ColorScheme.Dark);
        await Switch("Русский", "ru");
        await chromium.Check(page, "mission-switched-ru");
        await page.GotoAsync($"{link[..^3]}?lang=fr");
        await chromium.Check(page, "cut-link-fr");
        await Switch("中文", "zh");

        await page.Open(site, "/verify?lang=fr");
        var reference = await workflow.Reference();
        await page.Locator("#reference").FillAsync(reference);
        await page.GetByRole(AriaRole.Button, new() { Name = PageWords.Of("fr")["verify_check_reference"] }).ClickAsync();
        await Assertions.Expect(page.GetByText(PageWords.Of("fr")["verify_reference_known"])).ToBeVisibleAsync();
        await Switch("العربية", "ar");
        await Assertions.Expect(page.GetByText(PageWords.Of("ar")["verify_reference_known"])).ToBeVisibleAsync();
        await chromium.Check(page, "verify-match-ar");

        async Task Switch(string name, string language)
        {
            await page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", language);
            await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }))
                .ToHaveAttributeAsync("aria-current", "true");
        }
    }

    [Fact]
    public async Task Nobody_who_goes_from_field_to_field_by_keyboard_comes_to_the_one_no_person_sees()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await Released(workflow, "en");
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.OnThePhone();
        await page.GotoAsync(
            new Uri(
                site.Address,
                new Uri(workflow.Get<MissionLinks>().For(distribution.Id, "che")).AbsolutePath).ToString());

        await page.Locator("#name").FocusAsync();
        foreach (var next in (string[])["#function", "#reference", "button"])
        {
            await page.Keyboard.PressAsync("Tab");
            await Assertions.Expect(page.Locator($"{next}:focus")).ToHaveCountAsync(1);
        }
    }

    private static async Task OnOnePage(IPage page, string language)
    {
        var printed = await page.PdfAsync(new() { Format = "A4" });
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures"));
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, $"receipt-{language}.pdf"), printed, Cancellation);
        using var document = PdfDocument.Open(printed);
        Assert.Equal(1, document.NumberOfPages);
    }

    /// <summary>One mission, which reads this language, and a letter that asks for its reference.</summary>
    private static async Task<DistributionRecord> Released(TestWorkflow workflow, string language)
    {
        await workflow.PutInUse($"""
            mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc
            che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,,,{language},,che@missions.example,
            """);
        if (language != "en")
            await workflow.Upload(
                $"gcm/draft-rev-1/letter.{language}.md",
                "---\nsubject: Draft Rev 1 (GCM)\n---\nDraft Rev 1");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("acknowledge: reference\ndeadlines:\n  comments: 2018-04-03 18:00"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        await workflow.Release();
        return await workflow.TheDistribution();
    }
}
