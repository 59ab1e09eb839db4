using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Sending;
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
        var isByKeyboard = language == "fr";
        var cover = await LibreOffice.Docx(
            $"""
            <p>{date}</p><p>{salutation}</p><p>{text}</p><p>{close}</p>
            <table><tr><td>Juan José Gómez Camacho</td><td>Jürg Lauber</td></tr><tr><td>Mexico</td><td>Switzerland</td></tr></table>
            """);
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        var first = await workflow.Accepted("che", "mex");
        await workflow.Get<Releases>().Release(first.Id, "amélie", Cancellation);
        Assert.True(await workflow.Get<Releases>().Release(first.Id, "bruno", Cancellation));
        await workflow.Run();
        if (language == "en")
            await workflow.UseAllMissions();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await chromium.AtTheDesk();
        var presses = 0;
        await page.GotoAsync(site.Address.ToString());
        await Press("New letter", AriaRole.Link);
        await chromium.Check(page, $"new-letter-begin-{language}");
        await Press("Global Compact for Safe, Orderly and Regular Migration");
        if (isByKeyboard)
        {
            await Tab(page.GetByLabel("What is sent"));
            await page.Keyboard.TypeAsync("Draft Rev 2");
            presses += 2;
            var chooser = await page.RunAndWaitForFileChooserAsync(async () =>
            {
                await Tab(page.Locator("#files"));
                await page.Keyboard.PressAsync("Enter");
            });
            await chooser.SetFilesAsync(Files());
            await Tab(page.Locator("[name='deadlines[1].at.date']"));
            // The browser speaks American English.
            await page.Keyboard.TypeAsync("04102018");
        }
        else
        {
            await page.GetByLabel("What is sent").FillAsync("Draft Rev 2");
            await page.Locator("[name='deadlines[1].at.date']").FillAsync("2018-04-10");
            // Choosing files is a click on the field, and one in the system's window.
            presses += 2;
            await page.Locator("#files").SetInputFilesAsync(Files());
        }

        await page.Saved();
        await Press("Save");
        await page.GetByText("was taken apart").WaitForAsync();
        Assert.Equal(text, await page.Locator("#text").InputValueAsync());
        Assert.Equal("Permanent Mission of Switzerland to the United Nations", await page.Locator("[name='signatories[2].letterhead']").InputValueAsync());
        await chromium.Check(page, $"new-letter-taken-apart-{language}");
        if (language == "en")
            await PageFollows();
        await Press("Check and show");
        await Assertions.Expect(page.Locator("#told")).ToContainTextAsync("folder");
        Assert.Contains("nothing leaves before it is released", await page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await Chromium.Fits(page, $"new-letter-waits-{language}");

        Assert.InRange(presses, 1, MostPresses);
        var letter = (await workflow.Distributions()).Single(found => found.Folder.Revision == "draft-rev-2");
        Assert.Equal((DistributionState.AwaitingRelease, new DateOnly(2018, 3, 26)), (letter.State, letter.Date));
        var content = await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation);
        Assert.Equal((language, text), (content.Letter.Language, content.Letter.Body));

        if (language != "en")
            return;

        // A second person looks at it and sends it, and all have it.
        await using var releasing = await TestSite.Open(workflow, [Roles.Releaser], "boris@secretariat.example");
        var releaser = await chromium.AtTheDesk();
        await releaser.GotoAsync(new Uri(releasing.Address, new Uri(page.Url).PathAndQuery).ToString());
        await releaser.GetByRole(AriaRole.Button, new() { Name = "Send Draft Rev 2 to 223 missions" }).ClickAsync();
        await releaser.GetByText("Released on").First.WaitForAsync();
        await Chromium.Fits(releaser, "new-letter-released");
        await workflow.CarryOutBatches();
        await Assertions.Expect(releaser.Locator("h1")).ToHaveTextAsync("Draft Rev 2: all 223 missions have it");
        await Chromium.Fits(releaser, "new-letter-223-have-it");

        string[] Files() => [File("Cover letter.docx", cover), File("draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"))];

        async Task Press(string name, AriaRole role = AriaRole.Button)
        {
            presses++;
            var pressed = page.GetByRole(role, new() { Name = name, Exact = true }).First;
            if (isByKeyboard)
            {
                await Tab(pressed);
                await page.Keyboard.PressAsync("Enter");
            }
            else
                await pressed.ClickAsync();
        }

        // From where the caret is, as somebody goes who has no mouse.
        async Task Tab(ILocator wanted)
        {
            await wanted.WaitForAsync();
            for (var tabs = 0; !await wanted.EvaluateAsync<bool>("element => element === document.activeElement"); tabs++)
            {
                Assert.True(tabs < 200, "It cannot be reached with the Tab key.");
                await page.Keyboard.PressAsync("Tab");
            }
        }

        async Task PageFollows()
        {
            await page.Locator("#first-page").WaitForAsync();
            await page.Locator("#text-editor").FocusAsync();
            await page.Keyboard.PressAsync("Control+End");
            var clock = System.Diagnostics.Stopwatch.StartNew();
            await page.RunAndWaitForResponseAsync(
                () => page.Keyboard.TypeAsync("."),
                answer => answer.Url.Contains("page-1.pdf", StringComparison.Ordinal) && answer.Status == 200);
            TestContext.Current.TestOutputHelper?.WriteLine($"From the last key to page 1: {clock.ElapsedMilliseconds} ms");
            await page.Keyboard.PressAsync("Backspace");
            await workflow.Kept(letter => letter.Text == text);
            await page.Saved();
            await Chromium.Fits(page, "new-letter-page-1");
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

        // The session ends while one types: it is said, what was typed stands, and it is kept after signing in again elsewhere.
        await page.RouteAsync($"**{Addresses.NewLetter}/*/*", route => route.FulfillAsync(new() { Status = 401 }));
        await page.Locator("#text-editor").PressSequentiallyAsync(" to");
        await page.GetByText("What you type is not saved, because you are not signed in any more or the service does not answer. Sign in again in another tab").WaitForAsync();
        await Assertions.Expect(page.Locator("#text-editor")).ToHaveTextAsync("We have the honour to");
        await chromium.Check(page, "new-letter-signed-out");
        // Whoever leaves the page all the same is asked, and finds it again.
        List<string> asked = [];
        page.Dialog += (_, dialog) =>
        {
            asked.Add(dialog.Type);
            _ = dialog.AcceptAsync();
        };
        var form = page.Url;
        // What a page sends as it is left, passes by the route above.
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync(site.Address.ToString());
        Assert.Equal(["beforeunload"], asked);
        await page.GotoAsync(form);
        await Assertions.Expect(page.Locator("#text-editor")).ToHaveTextAsync("We have the honour to");
        await Assertions.Expect(page.Locator("#not-kept")).ToBeVisibleAsync();
        await page.UnrouteAllAsync();
        await page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");
        await workflow.Kept(letter => letter.Text == "We have the honour to");
        await Assertions.Expect(page.Locator("#not-kept")).ToBeHiddenAsync();
        await page.Locator("#text-editor").PressAsync("Control+End");
        await page.Keyboard.TypeAsync(" tr");
        await page.CloseAsync(new() { RunBeforeUnload = false });
        var id = (await workflow.Kept(letter => letter.Text == "We have the honour to tr")).Id;

        // Two at once: whoever is second is told, and stores nothing over the first.
        var (one, other) = (await chromium.AtTheForm(site, id), await chromium.AtTheForm(site, id));
        await one.Locator("#draft").FillAsync("Draft Rev 2");
        await workflow.Kept(letter => letter.Field("draft") == "Draft Rev 2");
        await one.Saved();
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
        await one.GetByText("A fault").WaitForAsync();
        await one.FindsAgain(site, id);
        Assert.Equal("GCM/7", await one.Locator("#reference").InputValueAsync());

        // A mission that is chosen by name or code is ticked at once, without a new page.
        await one.Locator("#audience").FillAsync("mexico");
        await one.Keyboard.PressAsync("Enter");
        await one.Locator("#audience").PressSequentiallyAsync("che");
        await one.Locator("#add-recipient").ClickAsync();
        await one.Locator("#audience").FillAsync("France");
        await one.Locator("#leave-out").ClickAsync();
        await one.Locator("#recipients-count").Filter(new() { HasText = "2 of 3 missions get it." }).WaitForAsync();
        Assert.Equal(["Mexico", "Switzerland", "not to France"], await one.Locator("#recipients label").Filter(new() { HasNotText = "(" }).AllTextContentsAsync());
        await Assertions.Expect(one.Locator("#audience")).ToHaveValueAsync("");
        await workflow.Kept(letter => letter.Field("audience") == "mex\nche\nnot fra");
        await one.GetByLabel("Mexico").UncheckAsync();
        await workflow.Kept(letter => letter.Field("audience") == "che\nnot fra");
        await one.Locator("#audience").FillAsync("Atlantis");
        await one.Locator("#draft").FocusAsync();
        await one.Locator("#draft").PressSequentiallyAsync("!");
        await one.GetByText("“Atlantis” is neither").WaitForAsync();
        await chromium.Check(one, "new-letter-recipients");
        // Who is not in the list goes to the service, as without scripts.
        await one.UnrouteAllAsync();
        await one.Locator("#audience").FillAsync("swi");
        await one.Saved();
        await one.Keyboard.PressAsync("Enter");
        await one.GetByText("Whom do you mean?").WaitForAsync();
        await chromium.Check(one, "new-letter-recipients-offered");

        // The weekday of a date is named as it is typed.
        await one.Locator("#date").FillAsync("2018-04-10");
        await Assertions.Expect(one.Locator("[data-weekday='date']")).ToHaveTextAsync("Tuesday, 10 April 2018");

        // What is found is told beside its field while one types, and goes when it is mended. Where nobody has been, nothing is said.
        var due = one.Locator("[name='deadlines[1].at.date']");
        await due.FillAsync("2018-04-03");
        await Assertions.Expect(one.Locator("#deadlines-said")).ToContainTextAsync("The deadline “comments” is before the letter's own date, 10 April 2018.");
        await Assertions.Expect(due).ToHaveAttributeAsync("aria-describedby", "deadlines-said");
        await Assertions.Expect(one.Locator("#subject-said, #contact-said, #text-said")).ToHaveTextAsync(["", "", ""]);
        await chromium.Check(one, "new-letter-told");
        await due.FillAsync("2018-04-13");
        await Assertions.Expect(one.Locator("#deadlines-said")).ToHaveTextAsync("");
        // What is half typed or still empty is no mistake before it is left.
        await Told(() => one.Locator("#contact").FillAsync("nobody"));
        await Assertions.Expect(one.Locator("#contact-said")).ToHaveTextAsync("");
        await Told(() => one.Locator("#draft").FillAsync(""));
        await Assertions.Expect(one.Locator("#contact")).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(one.Locator("#draft-said")).ToHaveTextAsync("");
        await one.Locator("#draft").PressAsync("Tab");
        await Assertions.Expect(one.Locator("#draft-said")).ToHaveTextAsync("This is needed.");
        // A check that does not end holds up neither keeping nor the next check.
        await one.RouteAsync($"**{Addresses.UnfinishedFindings(id)}", _ => { });
        await one.Locator("#draft").FillAsync("Draft Rev 4");
        await workflow.Kept(letter => letter.Field("draft") == "Draft Rev 4");
        await one.UnrouteAsync($"**{Addresses.UnfinishedFindings(id)}");
        await Told(() => one.Locator("#process").FillAsync("Global Compact"));
        await Assertions.Expect(one.Locator("#draft-said")).ToHaveTextAsync("");

        Task Told(Func<Task> type) => one.RunAndWaitForResponseAsync(type, answer => answer.Url.EndsWith(Addresses.UnfinishedFindings(id), StringComparison.Ordinal) && answer.Status == 200);
    }

    [Fact]
    public async Task A_press_while_what_was_typed_is_on_its_way_waits_for_that_and_is_not_told_of_another_who_saved()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await Begun(site);
        var id = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).Id;
        var (kept, isSlow) = (new TaskCompletionSource(), new TaskCompletionSource());
        await page.RouteAsync(
            $"**{Addresses.KeepUnfinished(id)}",
            async route =>
            {
                var answer = await route.FetchAsync();
                kept.TrySetResult();
                await isSlow.Task;
                await route.FulfillAsync(new() { Response = answer });
            });
        await page.Locator("#draft").FillAsync("Draft Rev 2");
        await kept.Task;
        await page.Locator("#draft").FillAsync("Draft Rev 3");

        var pressed = await page.RunAndWaitForResponseAsync(
            async () =>
            {
                await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
                isSlow.SetResult();
            },
            answer => answer.Request.Method == "POST");

        Assert.True(pressed.Status < 400);
        await page.Saved();
        await Assertions.Expect(page.Locator("#conflict")).ToHaveCountAsync(0);
        await workflow.Kept(letter => letter.Field("draft") == "Draft Rev 3");

        // A press that brings no page, as one that is stopped with Esc.
        await page.Clock.InstallAsync();
        await page.ReloadAsync();
        await page.Locator("#draft").FillAsync("Draft Rev 4");
        await page.Saved();
        await page.EvaluateAsync("addEventListener('submit', event => event.preventDefault())");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await page.Locator("#draft").FillAsync("Draft Rev 5");
        await page.Clock.FastForwardAsync(31_000);
        await workflow.Kept(letter => letter.Field("draft") == "Draft Rev 5");

        // Where only the answer is lost, nobody else has saved the letter.
        await page.Saved();
        await page.RouteAsync(
            $"**{Addresses.KeepUnfinished(id)}",
            async route =>
            {
                await route.FetchAsync();
                await route.AbortAsync();
            },
            new() { Times = 1 });
        await page.Locator("#draft").FillAsync("Draft Rev 6");
        await Assertions.Expect(page.Locator("#not-kept")).ToBeVisibleAsync();
        await page.Locator("#draft").FillAsync("Draft Rev 7");
        await Assertions.Expect(page.Locator("#not-kept")).ToBeHiddenAsync();
        await page.Saved();
        await workflow.Kept(letter => letter.Field("draft") == "Draft Rev 7");

        // A connection that hangs is given up, and said.
        await page.Hangs($"**{Addresses.KeepUnfinished(id)}");
        await page.Locator("#draft").FillAsync("Draft Rev 8");
        await Assertions.Expect(page.Locator("#not-kept")).ToHaveTextAsync("The connection was lost. It is tried again by itself: leave this page open.");
    }

    [Fact]
    public async Task A_wrong_upload_is_told_and_mended_and_nothing_that_was_typed_is_lost()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await Begun(site);
        var (save, files) = (page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }), page.Locator("#files"));
        await page.Locator("#draft").FillAsync("Draft Rev 2");
        await page.Saved();

        // Too large: nothing of it is sent.
        var huge = File("film.pdf", []);
        await using (var film = System.IO.File.OpenWrite(huge))
            film.SetLength(200_000_000);
        await files.SetInputFilesAsync(huge);
        await save.ClickAsync();
        await page.GetByText("film.pdf has 200 MB, and no more than 60 MB can be uploaded. Choose a smaller file.").WaitForAsync();
        await Chromium.Fits(page, "new-letter-too-large");
        // The press went nowhere, and what is typed now is kept as before.
        await page.Locator("#process").FillAsync("Oceans");
        await workflow.Kept(letter => letter.Field("process") == "Oceans");

        // Changed on the disk after it was chosen.
        var draft = File("draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"));
        await files.SetInputFilesAsync(draft);
        await System.IO.File.WriteAllBytesAsync(draft, Samples.Pdf("Draft Rev 2, as Legal wants it"), Cancellation);
        System.IO.File.SetLastWriteTimeUtc(draft, DateTime.UtcNow.AddMinutes(1));
        await save.ClickAsync();
        await page.GetByText("draft-rev-2.pdf cannot be read: it is a folder, or has changed since it was chosen. Choose the files themselves again.").WaitForAsync();
        Assert.Empty(Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).Files);

        // Of a type that no letter encloses: it is said at its line, and one press takes it out.
        await files.SetInputFilesAsync([draft, File("player.exe", "MZ\u0090 a program"u8.ToArray())]);
        await save.ClickAsync();
        await page.GetByText("player.exe").First.WaitForAsync();
        await Assertions.Expect(page.Locator(".documents-brought li", new() { HasText = "player.exe" }).Locator(".wrong").First).Not.ToHaveTextAsync("");
        await chromium.Check(page, "new-letter-wrong-type");
        await page.Locator(".documents-brought li", new() { HasText = "player.exe" }).GetByRole(AriaRole.Button, new() { Name = "Take it out" }).ClickAsync();
        await page.Locator(".documents-brought li").Filter(new() { HasText = "player.exe" }).WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.Equal(["draft-rev-2.pdf"], (await workflow.Kept(letter => letter.Files.Count == 1)).Files.Select(file => file.Name));
        Assert.Equal("Draft Rev 2", await page.Locator("#draft").InputValueAsync());
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
