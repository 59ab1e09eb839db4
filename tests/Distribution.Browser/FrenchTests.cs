using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Web;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>The desk in French: from the front page to a letter that every mission has.</summary>
public sealed class FrenchTests(Chromium chromium, AzuriteFixture azurite)
{
    [Fact]
    public async Task From_the_front_page_a_letter_is_uploaded_and_released_in_French()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:UndoFor", "00:01:00"));
        await workflow.UseRegister("che", "fra", "mex");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter, Roles.Releaser]);
        var page = await chromium.AtTheDesk();
        await page.GotoAsync(site.Address.ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "Français" }).ClickAsync();
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "fr");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Aucune lettre ne vous attend.");
        await chromium.Check(page, "fr-front-empty");

        await page.GetByRole(AriaRole.Link, new() { Name = "déposez un dossier" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Déposer une lettre");
        await chromium.Check(page, "fr-upload");
        await page.GetByLabel("Processus").FillAsync("gcm");
        await page.GetByLabel("Révision").FillAsync("draft-rev-1");
        await page.Locator("#files").SetInputFilesAsync(
            (FilePayload[])
                [
                    new() { Name = "letter.md", MimeType = "text/markdown", Buffer = Samples.Bytes(Samples.Letter()) },
                    new() { Name = "draft-rev-1.pdf", MimeType = "application/pdf", Buffer = Samples.Pdf() },
                ]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Déposer et vérifier" }).ClickAsync();
        await page.WaitForURLAsync("**/distributions/**");
        await Assertions.Expect(page.Locator("#headline")).ToHaveTextAsync("attend l’autorisation d’envoi");
        await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("2 fichiers ont été déposés dans gcm/draft-rev-1.");
        await chromium.Check(page, "fr-release");

        await page.GotoAsync(site.Address.ToString());
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("1 lettre vous attend.");
        await chromium.Check(page, "fr-front-waits");
        await page.GetByRole(AriaRole.Link, new() { Name = "L’examiner et autoriser l’envoi" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Envoyer Draft Rev 1 à 3 missions" }).ClickAsync();
        await Assertions.Expect(page.Locator("#undo")).ToHaveTextAsync("Annuler : ne pas envoyer Draft Rev 1");
        await chromium.Check(page, "fr-undo");
        workflow.Clock.Advance(TimeSpan.FromMinutes(2));
        await workflow.Run();
        var letter = (await workflow.Distributions()).Single();

        await page.GotoAsync(new Uri(site.Address, $"/distributions/{letter.Id}").ToString());
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("les 3 missions l’ont reçue");
        await chromium.Check(page, "fr-letter");
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(details => { details.open = true; })");
        await page.SetViewportSizeAsync(360, 740);
        await chromium.Check(page, "fr-letter-phone-dark", ColorScheme.Dark);
        await page.SetViewportSizeAsync(1280, 900);
        foreach (
            var (address, name) in ((string, string)[])
                [
                    ($"/distributions/{letter.Id}/letters/fra", "mission-letter"),
                    ($"/distributions/{letter.Id}/nine-oclock", "nine-oclock"),
                    ($"/distributions/{letter.Id}/served", "served"),
                    ("/nine-oclock", "nine-oclock-all"),
                    ("/search?q=suisse", "search"),
                    ("/missions", "missions"),
                    ("/acts", "acts"),
                    ("/letters/new", "new-letter"),
                    ("/nowhere", "nowhere"),
                ])
        {
            await page.GotoAsync(new Uri(site.Address, address).ToString());
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "fr");
            await chromium.Check(page, $"fr-{name}", ColorScheme.Light);
        }
    }
}
