using Distribution.Intake.Unfinished;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tests.Web;
using Distribution.Web;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>What a secretariat keeps for its letters, from the address book to a letter whose page 1 shows it.</summary>
public sealed class SettingsTests(Chromium chromium, AzuriteFixture azurite)
{
    private const string Arms =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"80\" height=\"80\"><circle cx=\"40\" cy=\"40\" r=\"38\" fill=\"#1b4f9c\"/><rect x=\"20\" y=\"35\" width=\"40\" height=\"10\" fill=\"#fff\"/></svg>";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_an_entry_of_the_address_book_to_a_letter_whose_page_1_shows_it()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await chromium.AtTheDesk();
        await page.GotoAsync(site.Address.ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
        await chromium.Check(page, "settings");
        await page.GetByRole(AriaRole.Link, new() { Name = "Letterheads" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a letterhead" }).ClickAsync();
        await page.Locator("[name='letterhead.en']").FillAsync("Permanent Mission of Utopia to the United Nations");
        await page.Locator("[name='address.en']").FillAsync("1 First Avenue; New York, N.Y. 10017");
        await page.Locator("[name='emblem_text.en']").FillAsync("Arms of Utopia");
        await page.Locator("#emblem").SetInputFilesAsync(new FilePayload { Name = "arms.svg", MimeType = "image/svg+xml", Buffer = Samples.Bytes("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>") });
        await Save(page);
        await Assertions.Expect(page.Locator("#wrong")).ToContainTextAsync("Emblem");
        await chromium.Check(page, "settings-letterhead-wrong");
        await page.Locator("#emblem").SetInputFilesAsync(new FilePayload { Name = "arms.svg", MimeType = "image/svg+xml", Buffer = Samples.Bytes(Arms) });
        await Save(page);
        await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("Saved: Permanent Mission of Utopia");

        await page.GotoAsync(new Uri(site.Address, Addresses.Setting("signatories", Addresses.NewSetting)).ToString());
        await page.Locator("#name").FillAsync("Ada Lovelace");
        await page.Locator("[name='title.en']").FillAsync("Ambassador and Permanent Representative of Utopia");
        await page.Locator("#letterhead").SelectOptionAsync("Permanent Mission of Utopia to the United Nations");
        await Save(page);
        await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("Saved: Ada Lovelace");
        await page.GetByRole(AriaRole.Link, new() { Name = "Ada Lovelace" }).ClickAsync();
        await chromium.Check(page, "settings-signatory");

        await page.GotoAsync(new Uri(site.Address, Addresses.Setting("phrases", Addresses.NewSetting)).ToString());
        await page.Locator("#title").FillAsync("Comments");
        await page.Locator("#language").SelectOptionAsync("en");
        await page.Locator("#text").FillAsync("Comments on **{{ letter.draft }}** are welcome.");
        await chromium.Check(page, "settings-phrase");
        await Save(page);
        await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("Saved: Comments");

        await page.GotoAsync(new Uri(site.Address, Addresses.NewLetter).ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "A new process" }).ClickAsync();
        await page.Locator("#process").FillAsync("Global Compact");
        await page.Locator("#draft").FillAsync("Draft Rev 2");
        await page.Locator("#contact").FillAsync("Team <team@example.org>");
        await page.Locator("#text-editor").PressSequentiallyAsync("It is enclosed. ");
        await page.Locator("#phrase").SelectOptionAsync("Comments");
        await page.Locator("#put-phrase").ClickAsync();
        await Assertions.Expect(page.Locator("#text-editor strong")).ToContainTextAsync("what is sent");
        await page.Locator("#book").SelectOptionAsync("Ada Lovelace");
        await page.Saved();
        await page.Locator("#address-book button").ClickAsync();
        await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("Ada Lovelace is signatory 1 of this letter now.");
        await Assertions.Expect(page.Locator("[name='signatories[1].emblem']")).ToHaveValueAsync("arms.svg");
        await page.EvaluateAsync("document.querySelectorAll('fieldset details').forEach(details => { details.open = true; })");
        await chromium.Check(page, "settings-in-a-letter");

        var letter = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation));
        Assert.Equal("It is enclosed. Comments on **{{ letter.draft }}** are welcome.", letter.Text);
        await page.Locator("#files").SetInputFilesAsync(new FilePayload { Name = "draft-rev-2.pdf", MimeType = "application/pdf", Buffer = Samples.Pdf("Draft Rev 2") });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".documents-brought")).ToContainTextAsync("draft-rev-2.pdf");
        var preview = await site.Get(Addresses.UnfinishedPage(letter.Id));
        Assert.Equal("application/pdf", preview.Content.Headers.ContentType?.MediaType);
        var words = string.Join(' ', Pdf.Text(await preview.Content.ReadAsByteArrayAsync(Cancellation)).Split());
        Assert.Contains("Permanent Mission of Utopia to the United Nations", words, StringComparison.Ordinal);
        Assert.Contains("Ada Lovelace", words, StringComparison.Ordinal);
        Assert.Contains("Comments on Draft Rev 2 are welcome.", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_pass_axe_on_a_phone_and_in_the_dark_and_need_no_script()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var phone = await chromium.OnThePhone();
        await phone.GotoAsync(new Uri(site.Address, Addresses.Setting("holidays", Addresses.NewSetting)).ToString());
        await phone.Locator("#day").FillAsync("2026-12-31");
        await phone.Locator("#name").FillAsync("A day off");
        await Save(phone);
        await Assertions.Expect(phone.Locator("#told")).ToContainTextAsync("Saved: 31 December 2026, A day off.");
        await chromium.Check(phone, "settings-holidays-phone", ColorScheme.Dark);
        await phone.GotoAsync(new Uri(site.Address, Addresses.WordsOf("co-facilitators", "ar")).ToString());
        await chromium.Check(phone, "settings-words-arabic-phone");
        await phone.Locator("#name").FillAsync("A. Reader");
        await phone.GetByRole(AriaRole.Button, new() { Name = "I have read these words and confirm them" }).ClickAsync();
        await Assertions.Expect(phone.Locator("#told")).ToContainTextAsync("A. Reader has confirmed the words of letters in Arabic.");
        await chromium.Check(phone, "settings-words-phone");
        await phone.GotoAsync(new Uri(site.Address, Addresses.Settings).ToString());
        await chromium.Check(phone, "settings-phone", ColorScheme.Dark);
        await phone.GotoAsync(new Uri(site.Address, Addresses.Setting("letterheads", Addresses.NewSetting)).ToString());
        await phone.Locator("[name='letterhead.en']").FillAsync("Office");
        await Save(phone);
        await Assertions.Expect(phone.Locator("#told")).ToContainTextAsync("Saved: Office.");

        await phone.GotoAsync(new Uri(site.Address, Addresses.NewLetter).ToString());
        await phone.GetByRole(AriaRole.Button, new() { Name = "A new process" }).ClickAsync();
        await phone.Locator("#book").SelectOptionAsync("Office");
        await phone.Locator("#address-book button").ClickAsync();
        await Assertions.Expect(phone.Locator("#told")).ToContainTextAsync("“Office” is the letterhead of signatory 1 now.");
        await chromium.Check(phone, "settings-in-a-letter-phone");

        var page = await chromium.AtTheDesk();
        await page.GotoAsync(new Uri(site.Address, Addresses.WordsOf("co-facilitators", "fr")).ToString());
        await chromium.Check(page, "settings-words-french", ColorScheme.Dark);
        await page.GotoAsync(new Uri(site.Address, Addresses.SettingsOf("holidays")).ToString());
        await chromium.Check(page, "settings-holidays");
        await page.GotoAsync(new Uri(site.Address, Addresses.Kinds).ToString(), new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await chromium.Check(page, "settings-kinds");
    }

    private static Task Save(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
}
