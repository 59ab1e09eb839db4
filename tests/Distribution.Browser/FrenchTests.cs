using System.Text;
using System.Text.RegularExpressions;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Web;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>The desk in French: from the front page to a letter that every mission has, and all around it.</summary>
public sealed partial class FrenchTests(Chromium chromium, AzuriteFixture azurite)
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
        await Check(page, "fr-front-empty", ColorScheme.Light);

        await page.GetByRole(AriaRole.Link, new() { Name = "déposez les fichiers d’un dossier" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Déposer une lettre");
        await Check(page, "fr-upload", ColorScheme.Light);
        await page.GetByLabel("Processus").FillAsync("gcm");
        await page.GetByLabel("Révision").FillAsync("draft-rev-1");
        await page.ChooseFiles(Samples.Letter());
        await page.GetByRole(AriaRole.Button, new() { Name = "Déposer et vérifier" }).ClickAsync();
        await page.WaitForURLAsync("**/distributions/**");
        await Assertions.Expect(page.Locator("#headline")).ToHaveTextAsync("attend l’autorisation d’envoi");
        await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("2 fichiers ont été déposés dans gcm/draft-rev-1.");
        await Check(page, "fr-release", ColorScheme.Light);

        await page.GotoAsync(site.Address.ToString());
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("1 lettre vous attend.");
        await Check(page, "fr-front-waits", ColorScheme.Light);
        await page.GetByRole(AriaRole.Link, new() { Name = "L’examiner et autoriser l’envoi" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Envoyer Draft Rev 1 à 3 missions" }).ClickAsync();
        await Assertions.Expect(page.Locator("#undo")).ToHaveTextAsync("Annuler : ne pas envoyer Draft Rev 1");
        await Check(page, "fr-undo", ColorScheme.Light);
        workflow.Clock.Advance(TimeSpan.FromMinutes(2));
        await workflow.Run();
        var letter = (await workflow.Distributions()).Single();
        // The page renews itself, and would end a way to another that is taken meanwhile.
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("les 3 missions l’ont reçue");

        await page.Open(site, $"/distributions/{letter.Id}");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("les 3 missions l’ont reçue");
        await Check(page, "fr-letter", ColorScheme.Light);
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(details => { details.open = true; })");
        await page.SetViewportSizeAsync(360, 740);
        await Check(page, "fr-letter-phone-dark", ColorScheme.Dark);
        await page.SetViewportSizeAsync(1280, 900);
        foreach (
            var (address, name) in ((string, string)[])
                [
                    ($"/distributions/{letter.Id}/letters/fra", "mission-letter"),
                    ($"/distributions/{letter.Id}/nine-oclock", "nine-oclock"),
                    ($"/distributions/{letter.Id}/served", "served"),
                    ("/nine-oclock", "nine-oclock-all"),
                    ("/", "front"),
                    ($"/distributions/{letter.Id}/audit", "audit"),
                    ($"/distributions/{letter.Id}/erase", "erase"),
                    ($"/distributions/{letter.Id}/unreachable", "unreachable"),
                    ("/search?q=suisse", "search"),
                    ("/missions", "missions"),
                    ("/acts", "acts"),
                    ("/letters/new", "new-letter"),
                    ("/nowhere", "nowhere"),
                ])
        {
            await page.Open(site, address);
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "fr");
            await Check(page, $"fr-{name}", ColorScheme.Light);
            foreach (var width in (int[])[1440, 1024, 390])
            {
                await page.SetViewportSizeAsync(width, 900);
                await HoursStayTogether(page, $"{name} at {width}");
            }

            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            foreach (var width in (int[])[640, 360])
            {
                await page.SetViewportSizeAsync(width, 740);
                await Chromium.Fits(page, $"fr-{name}-{width}-dark");
            }

            await page.SetViewportSizeAsync(1280, 900);
        }
    }

    [Fact]
    public async Task A_mission_the_register_messages_and_a_letter_in_the_making_are_in_French_on_every_screen()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite, ("Inbound:ReplyAddress", "replies@letters.example"));
        await workflow.UseRegister("che", "fra", "mex");
        var letter = await workflow.Released();
        await workflow.Run();
        foreach (var (mission, text) in ((string, string)[])[("che", "Merci."), ("fra", "Bien reçu, merci."), ("mex", "Falta el anexo II.")])
            await workflow.Answer(letter, mission, text);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter, Roles.Releaser]);
        var page = await chromium.AtTheDesk();
        await page.Open(site, "/language?of=fr&back=/missions/che");
        await page.GetByText("Aucune : en rédiger une").ClickAsync();
        await page.GetByLabel("Note pour tout le secrétariat").FillAsync("Rappeler avant dix heures.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Conserver la note" }).ClickAsync();
        await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("La note est conservée pour tout le secrétariat.");
        await OnEveryScreen(page, "fr-mission");

        await page.Open(site, "/missions/che/edit");
        await page.GetByLabel("Téléphone").FillAsync("+1 212 555 0100");
        await OnEveryScreen(page, "fr-mission-edit");
        await page.GetByLabel("Motif").FillAsync("Appel de la mission.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Modifier : Suisse" }).ClickAsync();
        await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("Le registre l’indique désormais ainsi.");

        await page.Open(site, "/replies");
        await Assertions.Expect(page.Locator(".alike > li")).ToHaveCountAsync(2);
        await OnEveryScreen(page, "fr-replies");
        await page.GetByRole(AriaRole.Link, new() { Name = "Il répond à une autre lettre" }).First.ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Re: Draft Rev 1");
        await OnEveryScreen(page, "fr-reply");
        await page.Open(site, Addresses.Replies);
        await page.Locator("#pile-receipt-form").GetByText("comme accusés de réception").ClickAsync();
        await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("2 messages sont consignés comme accusés de réception de leurs missions.");
        await OnEveryScreen(page, "fr-replies-told");

        await workflow.BringRegister(Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "deu")));
        await workflow.Run();
        await page.Open(site, "/register");
        await Assertions.Expect(page.Locator("#waiting")).ToContainTextAsync("Un registre attend d’être confirmé");
        await OnEveryScreen(page, "fr-register");

        await page.Open(site, "/letters/new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Un nouveau processus" }).ClickAsync();
        await page.Locator("#process").FillAsync("Le pacte");
        await page.Locator("#date").FillAsync("2018-05-01");
        await Assertions.Expect(page.Locator("[data-weekday=date]")).ToHaveTextAsync("mardi 1er mai 2018");
        await Assertions.Expect(page.Locator("#kept")).ToHaveTextAsync(new Regex("^Enregistré le 26.mars 2018 à "));
        await page.GetByRole(AriaRole.Button, new() { Name = "Vérifier et afficher" }).ClickAsync();
        await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("Enregistrée, mais pas mise dans son dossier");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Gras" })).ToBeVisibleAsync();
        await OnEveryScreen(page, "fr-letter-form");
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(details => { details.open = true; })");
        await OnEveryScreen(page, "fr-letter-form-open");
    }

    /// <summary>On a desk, on a desk at 200 %, and on a phone in the dark.</summary>
    private async Task OnEveryScreen(IPage page, string name)
    {
        await Check(page, name, ColorScheme.Light);
        await page.SetViewportSizeAsync(640, 900);
        await Check(page, $"{name}-200", ColorScheme.Light);
        await page.SetViewportSizeAsync(360, 740);
        await Check(page, $"{name}-phone-dark", ColorScheme.Dark);
        await page.SetViewportSizeAsync(1280, 900);
    }

    private async Task Check(IPage page, string name, ColorScheme scheme)
    {
        await chromium.Check(page, name, scheme);
        var written = await page.EvaluateAsync<string>(
            """
            () => {
              const copy = document.documentElement.cloneNode(true);
              // What people, letters and the register say stands in a language of its own, or apart from the desk's words.
              copy.querySelectorAll('[lang]:not([lang=fr]), script, style, bdi, code, pre, blockquote, textarea, .typed, .title').forEach(other => other.remove());
              const said = [...copy.querySelectorAll('[title], [aria-label], [placeholder]')].flatMap(one => ['title', 'aria-label', 'placeholder'].map(name => one.getAttribute(name) ?? ''));
              return [copy.textContent, ...said].join(' ¶ ');
            }
            """);
        await HoursStayTogether(page, name);
        written = OfLetters().Replace(written, "~");
        if (EnglishWord().Match(written) is { Success: true } word)
            Assert.Fail($"{name} has an English word: {written[Math.Max(0, word.Index - 80)..Math.Min(written.Length, word.Index + 80)]}");
    }

    /// <summary>No line ends within an hour, nor between it and the words that say where it counts.</summary>
    private static async Task HoursStayTogether(IPage page, string name) =>
        Assert.Empty(
            (await page.EvaluateAsync<string[]>(
                """
                () => {
                  const torn = [];
                  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
                  while (texts.nextNode()) {
                    // On a phone the heads of tables are only heard.
                    const parent = texts.currentNode.parentElement;
                    if (parent.closest(".unseen") || parent.closest("thead")?.clientWidth === 1) continue;
                    for (const hour of texts.currentNode.data.matchAll(/(\d+\s(h\s\d+|heures?)\s)?\(?heures?\sde\sNew\sYork/gi)) {
                      const range = document.createRange();
                      range.setStart(texts.currentNode, hour.index);
                      range.setEnd(texts.currentNode, hour.index + hour[0].length);
                      if (new Set([...range.getClientRects()].map(line => Math.round(line.top))).size > 1) torn.push(texts.currentNode.data.trim());
                    }
                  }
                  return torn;
                }
                """)).Select(text => $"{name}: {text}"));

    [GeneratedRegex(@"(?<![\w.@-])(?:the|of|and|is|was|were|with|this|that|not|to|by|has)(?![\w.@-])", RegexOptions.IgnoreCase)]
    private static partial Regex EnglishWord();

    /// <summary>What the sample letter and the register say in English, and who is signed in.</summary>
    [GeneratedRegex(@"\(this machine\)|che, mex, not fra|the secretary|(?:Draft Rev \d of the )?Global Compact(?: for Safe, Orderly and Regular Migration)?|Permanent Representative of [A-Z]\w+|Permanent Mission of \w+ to the United Nations|Please accept, [^~]*?consideration\.")]
    private static partial Regex OfLetters();
}
