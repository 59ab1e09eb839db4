using Distribution.Intake;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Intake;
using Distribution.Tests.Intake.CoverLetters;
using Distribution.Tests.Web;
using Distribution.Web;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>A letter is written at the desk: from a Word file to one that waits for release.</summary>
public sealed class LetterFormTests(Chromium chromium, AzuriteFixture azurite) : IDisposable
{
    private const int MostPresses = 12;

    private readonly string folder = Directory.CreateTempSubdirectory("distribution-form-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("en", "New York, 26 March 2018", "Excellency,", "We have the honour to transmit Draft Rev 2.", "Please accept, Excellency, the assurances of our highest consideration.")]
    [InlineData("fr", "New York, le 26 mars 2018", "Excellence,", "Nous avons l’honneur de vous transmettre le projet Rev 2.", "Nous vous prions d’agréer, Excellence, l’assurance de notre très haute considération.")]
    [InlineData("ar", "نيويورك، 26 آذار/مارس 2018", "أصحاب السعادة،", "يشرفنا أن نحيل إليكم المشروع Draft Rev 2.", "وتفضلوا، سعادتكم، بقبول فائق تقديرنا واحترامنا.")]
    public async Task From_a_Word_file_to_a_letter_that_waits_for_release_in_few_presses_and_without_markup(
        string language,
        string date,
        string salutation,
        string text,
        string close)
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        var cover = await LibreOffice.Docx(
            $"""
            <p>{date}</p><p>{salutation}</p><p>{text}</p><p>{close}</p>
            <table><tr><td>Juan José Gómez Camacho</td><td>Jürg Lauber</td></tr><tr><td>Mexico</td><td>Switzerland</td></tr></table>
            """);
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che", "mex");
        await workflow.Run();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await chromium.AtTheDesk();
        var presses = 0;
        await page.GotoAsync(site.Address.ToString());
        await Press("New letter", AriaRole.Link);
        await chromium.Check(page, $"new-letter-begin-{language}");
        await Press("Global Compact for Safe, Orderly and Regular Migration");
        await page.GetByLabel("What is sent").FillAsync("Draft Rev 2");
        await page.Locator("[name='deadlines[1].at.date']").FillAsync("2018-04-10");
        // Choosing files is a click on the field, and one in the system's window.
        presses += 2;
        await page.Locator("#files").SetInputFilesAsync([File("Cover letter.docx", cover), File("draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"))]);
        await Press("Save");
        await page.GetByText("was taken apart").WaitForAsync();
        Assert.Equal(text, await page.Locator("#text").InputValueAsync());
        Assert.Equal("Permanent Mission of Switzerland to the United Nations", await page.Locator("[name='signatories[2].letterhead']").InputValueAsync());
        await chromium.Check(page, $"new-letter-taken-apart-{language}");
        await Press("Check and show");
        await page.WaitForFunctionAsync("document.querySelector('#told')?.textContent.includes('folder')");
        Assert.Contains("nothing leaves before it is released", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);

        Assert.InRange(presses, 1, MostPresses);
        var letter = (await workflow.Distributions()).Single(found => found.Folder.Revision == "draft-rev-2");
        Assert.Equal((DistributionState.AwaitingRelease, new DateOnly(2018, 3, 26)), (letter.State, letter.Date));
        var content = await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation);
        Assert.Equal((language, text), (content.Letter.Language, content.Letter.Body));

        Task Press(string name, AriaRole role = AriaRole.Button)
        {
            presses++;
            return page.GetByRole(role, new() { Name = name, Exact = true }).First.ClickAsync();
        }
    }

    [Fact]
    public async Task What_is_typed_is_kept_and_found_again_after_the_browser_was_closed()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await Begun(site);
        await page.Locator("#text-editor").PressSequentiallyAsync("We have the honour");
        await page.GetByText("Saved on").WaitForAsync();
        await workflow.Kept(letter => letter.Text == "We have the honour");
        await page.Locator("#text-editor").PressSequentiallyAsync(" to tr");
        await page.CloseAsync(new() { RunBeforeUnload = false });
        var id = (await workflow.Kept(letter => letter.Text == "We have the honour to tr")).Id;

        // Two at once: whoever is second is told, and stores nothing over the first.
        var (one, other) = (await chromium.AtTheForm(site, id), await chromium.AtTheForm(site, id));
        await one.Locator("#draft").FillAsync("Draft Rev 2");
        await workflow.Kept(letter => letter.Field("draft") == "Draft Rev 2");
        await other.Locator("#draft").FillAsync("Draft Rev 3");
        await other.GetByText("after you opened it. Press “Save” to see both").WaitForAsync();
        await other.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await other.Locator("#conflict").WaitForAsync();
        Assert.Equal("Draft Rev 3", await other.Locator("#draft").InputValueAsync());
        await chromium.Check(other, "new-letter-conflict");

        // A press that meets a fault loses nothing either.
        await one.Locator("#reference").EvaluateAsync("field => { field.value = 'GCM/7'; }");
        await one.RouteAsync($"**{Addresses.Unfinished(id)}", route => route.Request.Method == "POST" ? route.FulfillAsync(new() { Status = 500, Body = "A fault" }) : route.ContinueAsync());
        await one.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await one.GotoAsync(new Uri(site.Address, Addresses.Unfinished(id)).ToString());
        await one.GetByText("What you typed stands here again.").WaitForAsync();
        Assert.Equal("GCM/7", await one.Locator("#reference").InputValueAsync());

        // The weekday of a date is named as it is typed.
        await one.Locator("#date").FillAsync("2018-04-10");
        Assert.Equal("Tuesday, 10 April 2018", await one.Locator("[data-weekday='date']").TextContentAsync());
    }

    [Fact]
    public async Task The_form_passes_axe_light_and_dark_at_the_desk_and_on_a_phone_and_needs_no_script()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var phone = await chromium.OnThePhone();
        await phone.GotoAsync(new Uri(site.Address, Addresses.NewLetter).ToString());
        await phone.GetByRole(AriaRole.Button, new() { Name = "A new process" }).ClickAsync();
        await phone.Locator("#draft").FillAsync("Draft Rev 1");
        await phone.Locator("#text").FillAsync("A text with {{ letter.unknown }}.");
        await phone.Locator("#contact").FillAsync("nobody");
        await phone.GetByText("Add a meeting").ClickAsync();
        await phone.GetByLabel("Meeting as letter and calendars call it").FillAsync("First reading");
        await phone.Locator("[name='meetings[1].date']").FillAsync("2018-04-10");
        await phone.Locator("[name='meetings[1].from']").FillAsync("10:00");
        await phone.Locator("#files").SetInputFilesAsync(
            File("annex.docx", SampleUpload.Word("<w:p><w:ins w:author=\"Legal\"><w:r><w:t>shall</w:t></w:r></w:ins></w:p>")));
        await phone.GetByRole(AriaRole.Button, new() { Name = "Check and show" }).ClickAsync();
        await phone.GetByText("must be mended first").WaitForAsync();
        await chromium.Check(phone, "new-letter-mended-phone");
        var id = (await workflow.Kept(letter => letter.Field("draft") == "Draft Rev 1")).Id;
        var page = await chromium.AtTheForm(site, id);
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.SetViewportSizeAsync(1280, 900);
            await chromium.Check(page, $"new-letter-form-desk-{scheme}", scheme);
            await page.EvaluateAsync("document.querySelectorAll('details').forEach(details => { details.open = true; })");
            await chromium.Check(page, $"new-letter-form-opened-desk-{scheme}", scheme);
            await page.SetViewportSizeAsync(360, 740);
            await chromium.Check(page, $"new-letter-form-phone-{scheme}", scheme);
            await page.GotoAsync(new Uri(site.Address, Addresses.NewLetter).ToString());
            await chromium.Check(page, $"new-letter-begin-phone-{scheme}", scheme);
            await page.GotoAsync(new Uri(site.Address, Addresses.Unfinished(id)).ToString());
        }
    }

    private async Task<IPage> Begun(TestSite site)
    {
        var page = await chromium.AtTheDesk();
        await page.GotoAsync(new Uri(site.Address, Addresses.NewLetter).ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "A new process" }).ClickAsync();
        await page.Locator("#text-editor").WaitForAsync();
        return page;
    }

    private string File(string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }
}
