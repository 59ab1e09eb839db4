using System.Text.RegularExpressions;
using Distribution.Intake.Unfinished;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Web;
using Microsoft.Playwright;
using Xunit;

namespace Distribution.Browser;

/// <summary>The text of a letter is written as it prints, and kept as <c>letter.md</c> has it.</summary>
public sealed class EditorTests(Chromium chromium, AzuriteFixture azurite)
{
    /// <summary>As Word puts it on the clipboard, cut down to what matters.</summary>
    private const string WordHtml =
        """
        <html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {margin:0}</style></head><body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
        <p class=MsoNormal style='margin-bottom:12.0pt'><b style='mso-bidi-font-weight:normal'><span lang=EN-US style='font-size:12.0pt;font-family:"Times New Roman",serif'>Meetings</span></b><span style='font-size:12.0pt'> and <i>drafts</i><o:p></o:p></span></p>
        <p class=MsoNormal><o:p>&nbsp;</o:p></p>
        <p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>7.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span><![endif]>The <span style='font-weight:bold'>preamble</span><o:p></o:p></p>
        <p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>(a)<span>&nbsp; </span></span><![endif]>its first part<o:p></o:p></p>
        <p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>(b)<span>&nbsp; </span></span><![endif]>its second part<o:p></o:p></p>
        <p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>8.<span>&nbsp;&nbsp; </span></span><![endif]>The objectives<o:p></o:p></p>
        <table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr style='height:1pt'><td width=200 valign=top style='width:100pt'><p class=MsoNormal>3 April<o:p></o:p></p></td><td><p class=MsoNormal>Room 2</p></td></tr><tr><td><p class=MsoNormal>4 April</p></td><td><p class=MsoNormal>Room 3</p></td></tr></table>
        <p class=MsoNormal onclick="alert(1)">See <a href="https://coast.example/a"><span class=MsoHyperlink>the page</span></a><a href="javascript:alert(1)"> or this</a>.<script>alert(2)</script></p>
        <!--EndFragment--></body></html>
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("en", "We transmit ", "Draft Rev 2", "1. ", "first", "second", "1. first\n2. second")]
    [InlineData("ar", "نحيل إليكم ", "المشروع", "١. ", "أولا", "ثانيا", "١. أولا\n٢. ثانيا")]
    public async Task A_letter_is_written_by_keyboard_alone(string language, string words, string bold, string mark, string one, string two, string list)
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await Begun(workflow, site, language, "");
        var complaints = Complaints(page);
        var editor = page.Locator("#text-editor");
        await Assertions.Expect(editor).ToHaveAttributeAsync("dir", language == "ar" ? "rtl" : "ltr");
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "The letter what you type" })).ToHaveCountAsync(1);

        await editor.FocusAsync();
        await page.Keyboard.TypeAsync(words);
        await page.Keyboard.PressAsync("Control+b");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Bold" })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Keyboard.TypeAsync(bold);
        await page.Keyboard.PressAsync("Control+b");
        await page.Keyboard.TypeAsync(" ");
        await Tool(page, "Field");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync(".");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync(mark + one);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync(two);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal(
            language == "ar" ? "→←" : "←→",
            await page.EvaluateAsync<string>("[...document.querySelectorAll('.editor-tools [data-sign]')].map(tool => tool.dataset.sign).filter(sign => '←→'.includes(sign)).join('')"));
        await Tool(page, "Table");
        foreach (var cell in (string[])["A", "B", "C", "1"])
        {
            await page.Keyboard.TypeAsync(cell);
            await page.Keyboard.PressAsync(language == "ar" ? "ArrowLeft" : "ArrowRight");
        }

        // The text is no trap.
        await page.Keyboard.PressAsync("Tab");
        Assert.False(await page.EvaluateAsync<bool>("document.querySelector('.editor').contains(document.activeElement)"));

        var expected = $"{words}**{bold}** {{{{ letter.process }}}}.\n\n{list}\n\n| A | B | C |\n|---|---|---|\n| 1 |  |  |\n|  |  |  |";
        await workflow.Kept(letter => letter.Text == expected);
        await chromium.Check(page, $"editor-{language}");
        if (language == "ar")
            await chromium.Check(page, $"editor-{language}-dark", ColorScheme.Dark);

        // What was written opens as it was left.
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#text-editor li")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#text-editor .field-chip")).ToHaveTextAsync("process");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task What_is_pasted_from_Word_is_the_letter_and_nothing_else()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await Begun(workflow, site, "en", "");
        var complaints = Complaints(page);
        await page.Locator("#text-editor").FocusAsync();
        await Paste(page, "text/html", WordHtml);

        await workflow.Kept(letter => letter.Text ==
            """
            **Meetings** and *drafts*

            7. The **preamble**

                (a) its first part
                (b) its second part
            8. The objectives

            3 April	Room 2
            4 April	Room 3

            See [the page](https://coast.example/a) or this.
            """.ReplaceLineEndings("\n"));
        await page.SetViewportSizeAsync(360, 740);
        await chromium.Check(page, "editor-word-phone");
        await chromium.Check(page, "editor-word-phone-dark", ColorScheme.Dark);

        await page.Keyboard.PressAsync("Control+a");
        await Paste(page, "text/plain", "We ask for:\n(a) comments;\n(b) *stars* and 2*3.\n\nOn {{ letter.date }}\nin New York");
        await workflow.Kept(letter => letter.Text == "We ask for:\n\n(a) comments;\n(b) \\*stars\\* and 2\\*3.\n\nOn {{ letter.date }}\\\nin New York");
        await page.Keyboard.PressAsync("Control+z");
        await workflow.Kept(letter => letter.Text.StartsWith("**Meetings**", StringComparison.Ordinal));

        // What is selected leads to an address that is typed; what is none is said.
        await page.Keyboard.PressAsync("Control+End");
        await Painted();
        await page.Keyboard.TypeAsync(" On the map");
        await page.Keyboard.PressAsync("Control+Shift+ArrowLeft");
        await Painted();
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("javascript:alert(3)");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("Type an address such as https://www.un.org or name@mission.example.", await page.EvaluateAsync<string>("document.activeElement.validationMessage"));
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("coast.example/map");
        await chromium.Check(page, "editor-link-phone");
        await page.Keyboard.PressAsync("Enter");
        await workflow.Kept(letter => letter.Text.EndsWith("On the [map](https://coast.example/map)", StringComparison.Ordinal));
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take the link out" }).ClickAsync();
        await workflow.Kept(letter => letter.Text.EndsWith("On the map", StringComparison.Ordinal));
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.TypeAsync(" ");
        await page.GetByRole(AriaRole.Button, new() { Name = "Link", Exact = true }).ClickAsync();
        await page.Keyboard.TypeAsync("team@coast.example");
        await page.Keyboard.PressAsync("Enter");
        await workflow.Kept(letter => letter.Text.EndsWith("On the map <team@coast.example>", StringComparison.Ordinal));
        Assert.Empty(complaints);

        // The editor hears of a selection with the next frame, and nobody presses two keys within one.
        Task Painted() => page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())))");
    }

    [Fact]
    public async Task What_is_not_changed_stays_as_it_was_typed_and_what_is_half_written_is_found_again()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        const string Typed = "A text that an editor has wrapped, at seventy columns or a little less\nof them, and which goes on here.\n\n*  one\n*  two";
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await Begun(workflow, site, "zh", Typed);
        await page.Locator("#draft").FillAsync("Draft Rev 2");
        await workflow.Kept(letter => letter.Field("draft") == "Draft Rev 2" && letter.Text == Typed);

        // A word that an input method is still making is left alone while the text is saved.
        await page.Locator("#text-editor").FocusAsync();
        await page.Keyboard.PressAsync("Control+Home");
        var input = await page.Context.NewCDPSessionAsync(page);
        await input.SendAsync("Input.imeSetComposition", new() { ["text"] = "ni", ["selectionStart"] = 2, ["selectionEnd"] = 2 });
        await workflow.Kept(letter => letter.Text.StartsWith("niA text", StringComparison.Ordinal));
        await input.SendAsync("Input.imeSetComposition", new() { ["text"] = "nihao", ["selectionStart"] = 5, ["selectionEnd"] = 5 });
        await input.SendAsync("Input.insertText", new() { ["text"] = "你好" });
        await workflow.Kept(letter => letter.Text.StartsWith("你好A text", StringComparison.Ordinal));

        await page.Keyboard.TypeAsync("half a wo");
        await page.CloseAsync(new() { RunBeforeUnload = false });
        var letter = await workflow.Kept(letter => letter.Text.StartsWith("你好half a woA text", StringComparison.Ordinal));
        var again = await chromium.AtTheForm(site, letter.Id);
        await Assertions.Expect(again.Locator("#text-editor p").First).ToHaveTextAsync(new Regex("^你好half a wo"));

        // A press that did not get through.
        await again.Locator("#text-editor").FocusAsync();
        await again.Keyboard.PressAsync("Control+End");
        await again.RouteAsync($"**{Addresses.Unfinished(letter.Id)}", route => route.Request.Method == "POST" ? route.FulfillAsync(new() { Status = 500, Body = "A fault" }) : route.ContinueAsync());
        // Nor does what is kept by itself, or there would be nothing to find again.
        await again.RouteAsync($"**{Addresses.KeepUnfinished(letter.Id)}", route => route.AbortAsync());
        await again.Keyboard.TypeAsync(" and three");
        await again.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await again.GetByText("A fault").WaitForAsync();
        await again.UnrouteAllAsync();
        await again.FindsAgain(site, letter.Id);
        await Assertions.Expect(again.Locator("#text-editor li").Last).ToHaveTextAsync("two and three");
        await workflow.Kept(kept => kept.Text.EndsWith("* two and three", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_1_follows_what_is_typed_for_the_mission_that_is_chosen()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await Begun(workflow, site, "en", "A text.");
        var (form, steps) = (page.Url, await page.EvaluateAsync<int>("history.length"));
        await page.GetByLabel("For", new() { Exact = true }).FillAsync("Mexico");
        var first = await page.RunAndWaitForResponseAsync(
            () => page.Locator("#show-page").ClickAsync(),
            answer => answer.Url.Contains("page-1.pdf", StringComparison.Ordinal));
        // Nothing is signed yet: the frame says what is missing.
        await page.FrameLocator("#first-page").GetByText("The letter cannot be shown yet").WaitForAsync();
        await page.Locator("#text-editor").FocusAsync();
        var second = await page.RunAndWaitForResponseAsync(
            () => page.Keyboard.TypeAsync("It goes on. "),
            answer => answer.Url.Contains("page-1.pdf", StringComparison.Ordinal));

        Assert.Contains("mission=Mexico", first.Url, StringComparison.Ordinal);
        Assert.Contains("mission=Mexico", second.Url, StringComparison.Ordinal);
        Assert.NotEqual(first.Url, second.Url);
        // Going back leaves the form at once.
        Assert.Equal(steps, await page.EvaluateAsync<int>("history.length"));
        await page.GoBackAsync();
        Assert.NotEqual(form, page.Url);
    }

    [Fact]
    public async Task Translations_stand_beside_the_letter_on_a_wide_screen_and_below_it_on_a_narrow_one()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await Begun(workflow, site, "en", "The draft is **enclosed**.\n\n1. first\n2. second");
        await page.Locator("#files").SetInputFilesAsync(
        [
            new FilePayload { Name = "letter.fr.md", MimeType = "text/markdown", Buffer = System.Text.Encoding.UTF8.GetBytes("---\nsubject: Projet\n---\n\nLe projet est joint.\n") },
        ]);
        // The one is brought, the other begun here.
        await page.Locator("#translate\\.into").SelectOptionAsync("ar");
        await page.Saved();
        await page.Locator("#translate").ClickAsync();
        var arabic = page.Locator(".ProseMirror[lang=ar]");
        await arabic.WaitForAsync();
        await arabic.FocusAsync();
        await page.Keyboard.TypeAsync("المشروع مرفق.");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("١. أولا");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("ثانيا");
        await page.Locator("[lang=ar][id$='.subject']").FillAsync("مشروع");
        await workflow.Kept(letter => letter.Translations.First() is var first && first.Text == "المشروع مرفق.\n\n١. أولا\n٢. ثانيا" && first.Field("subject") == "مشروع");
        await Assertions.Expect(arabic).ToHaveAttributeAsync("dir", "rtl");
        var (letter, beside) = (await page.Locator("#text-editor").BoundingBoxAsync(), await arabic.BoundingBoxAsync());
        Assert.True(beside!.X > letter!.X + letter.Width);
        await chromium.Check(page, "editor-translations");
        await page.SetViewportSizeAsync(360, 740);
        await chromium.Check(page, "editor-translations-phone-dark", ColorScheme.Dark);
        Assert.True((await arabic.BoundingBoxAsync())!.Y > (await page.Locator("#text-editor").BoundingBoxAsync())!.Y);
    }

    [Fact]
    public async Task What_the_editor_cannot_show_is_written_as_plain_text()
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await Begun(workflow, site, "en", "{{ if letter.reference }}With a reference.{{ end }}");

        await page.Locator("#text").PressSequentiallyAsync("It is plain. ");
        await workflow.Kept(letter => letter.Text.Contains("It is plain. ", StringComparison.Ordinal));
        // What keeps it is a script, as the editor is: it would be there by now.
        await Assertions.Expect(page.Locator("#text-editor")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("instruction in braces");
    }

    /// <summary>Presses a tool as a keyboard does: back from the text, along the tools, and Enter.</summary>
    private static async Task Tool(IPage page, string name)
    {
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Home");
        for (var presses = 0; await page.EvaluateAsync<string>("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent") != name; presses++)
        {
            Assert.True(presses < 30, $"No tool is called “{name}”.");
            await page.Keyboard.PressAsync("ArrowRight");
        }

        await page.Keyboard.PressAsync("Enter");
    }

    private static Task Paste(IPage page, string type, string content) =>
        page.EvaluateAsync(
            """
            ([type, content]) => {
              const clipboardData = new DataTransfer();
              clipboardData.setData(type, content);
              document.querySelector("#text-editor").dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
            }
            """,
            new[] { type, content });

    /// <summary>What the browser complains about: such as a style that the policy forbids.</summary>
    private static List<string> Complaints(IPage page)
    {
        List<string> complaints = [];
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add(message.Text);
        };
        page.PageError += (_, fault) => complaints.Add(fault);
        return complaints;
    }

    private async Task<IPage> Begun(TestWorkflow workflow, TestSite site, string language, string text)
    {
        var page = await chromium.AtTheDesk();
        await page.GotoAsync(new Uri(site.Address, Addresses.NewLetter).ToString());
        await page.GetByRole(AriaRole.Button, new() { Name = "A new process" }).ClickAsync();
        await page.Locator("#text").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var letters = workflow.Get<UnfinishedLetters>();
        var begun = Assert.Single(await letters.All(Cancellation));
        var stored = await letters.Find(begun.Id, Cancellation);
        await letters.Replace(stored!.Value.With("language", language) with { Text = text }, stored.ETag, Cancellation);
        await page.ReloadAsync();
        return page;
    }
}
