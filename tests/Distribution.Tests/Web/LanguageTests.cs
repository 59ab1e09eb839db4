using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>The desk in the language of the person who looks.</summary>
public sealed partial class LanguageTests(AzuriteFixture azurite)
{
    private static readonly (string, string) InFrench = ("Accept-Language", "fr-CH, fr;q=0.9, en;q=0.8");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fr-CH, fr;q=0.9, en;q=0.8", "fr")]
    [InlineData("en-GB, fr;q=0.5", "en")]
    [InlineData("ru, fr;q=0.5", "fr")]
    [InlineData("ru", "en")]
    [InlineData("this is no language; q=x", "en")]
    public async Task The_desk_speaks_what_the_browser_asks_for_most_else_English(string asked, string language)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);

        var page = await Page(site, "/", ("Accept-Language", asked));

        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
        Assert.Equal("ltr", page.DocumentElement.GetAttribute("dir"));
        Assert.Equal(
            language == "fr" ? "Aucune lettre ne vous attend." : "No letter waits for you.",
            page.QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task The_choice_in_the_head_is_kept_and_leads_back_to_the_page_and_to_no_other_site()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var link = (await site.Page("/search?q=che&page=2")).QuerySelector(".languages a[lang=fr]")!.GetAttribute("href")!;

        var answer = await site.Get(link);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/search?q=che&page=2", answer.Headers.Location?.ToString());
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        var page = await Page(site, "/search?q=che&page=2", ("Accept-Language", "en"));
        Assert.Equal("fr", page.DocumentElement.GetAttribute("lang"));
        Assert.Equal("Français", page.QuerySelector(".languages [aria-current]")!.TextContent);
        foreach (var elsewhere in (string[])["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", ""])
            Assert.Equal(
                "/",
                (await site.Get($"/language?of=en&back={Uri.EscapeDataString(elsewhere)}")).Headers.Location?.ToString());
        Assert.Equal("en", (await site.Page("/")).DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task Pages_in_French_leave_no_sentence_of_the_desk_in_English()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var first = await workflow.Released("che", "fra");
        await workflow.CarryOutBatches();
        await workflow.Upload("gcm/draft-rev-2/letter.md", Samples.Letter());
        await workflow.Upload("gcm/draft-rev-2/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Upload("gcm/draft-rev-3/letter.md", Samples.Letter());
        await workflow.Reconcile();
        var second = (await workflow.Distributions()).Single(letter => letter.Folder.Revision == "draft-rev-2");
        await using var site = await TestSite.Open(workflow);
        await MissionProposer.Proposes(workflow, site, MissionProposer.Page(workflow, first.Id), ("to", "new@che.example"));

        foreach (
            var address in (string[])
                [
                    "/",
                    $"/distributions/{first.Id}",
                    $"/distributions/{first.Id}?show=notreached&q=nobody",
                    $"/distributions/{first.Id}/letters/che",
                    $"/distributions/{first.Id}/nine-oclock",
                    $"/distributions/{second.Id}",
                    $"/distributions/{second.Id}/letters/fra",
                    "/nine-oclock",
                    "/search?q=che",
                    "/search?q=nobody",
                    $"/distributions/{first.Id}/served",
                    $"/distributions/{first.Id}/unreachable",
                    $"/distributions/{first.Id}/audit",
                    $"/distributions/{first.Id}/erase",
                    "/erased",
                    "/acts",
                    "/missions",
                    "/proposals",
                    "/upload",
                    "/uploads?folder=gcm/draft-rev-3",
                    "/letters/new",
                    "/settings",
                    "/settings/signatories",
                    "/settings/signatories/new",
                    "/settings/letterheads",
                    "/settings/letterheads/new",
                    "/settings/phrases",
                    "/settings/phrases/new",
                    "/settings/kinds",
                    "/settings/words",
                    "/settings/words/co-facilitators/ar",
                    "/settings/holidays",
                    "/settings/holidays/new",
                ])
            Speaks(await Page(site, address, InFrench), address);
        Speaks(await TestSite.Read(await site.Send(HttpMethod.Get, "/nothing", headers: InFrench)), "/nothing");
    }

    [Fact]
    public async Task Pages_of_missions_of_the_register_of_messages_and_of_a_letter_in_the_making_leave_none_either()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Inbound:ReplyAddress", "replies@letters.example"));
        await workflow.UseRegister("che", "fra", "mex");
        var letter = await workflow.Released();
        await workflow.CarryOutBatches();
        await workflow.Answer(letter, "che", "Merci.");
        await using var site = await TestSite.Open(workflow);
        await site.Get("/language?of=fr&back=/");
        Speaks(await site.Page("/replies"), "/replies");
        Speaks(await site.Press("/replies", "Consigner ceux qui sont cochés comme accusés de réception"), "a pile");
        await workflow.Answer(letter, "fra", "Annex II is missing.");
        await workflow.Answer(letter, "mex", "Falta el anexo II.");
        var form = (await site.Page("/missions/che")).QuerySelector("#note-part form")!;
        var told = await site.Send(
            form.GetAttribute("action")!,
            new FormUrlEncodedContent(
                [
                    .. form.QuerySelectorAll("input[type=hidden]").OfType<IHtmlInputElement>()
                        .Select(field => KeyValuePair.Create(field.Name!, field.Value)),
                    KeyValuePair.Create("words", "Rappeler avant dix heures."),
                ]));
        Speaks(await site.Page(told.Headers.Location!.ToString()), "a note");
        Speaks(await site.Press("/missions/che", "Envoyer un message d’essai"), "a test message");
        var edited = await Edit(site, "mex", "cc", "copie@mex.example");
        Speaks(edited, "an edit without a reason");
        Assert.Contains("Indiquez le motif de la modification", edited.Body!.TextContent, StringComparison.Ordinal);
        var begun = await site.Press("/letters/new", "Un nouveau processus");
        Speaks(begun, "a letter in the making");
        Speaks(await site.Press(begun, "Vérifier et afficher"), "a letter that lacks all");
        await workflow.BringRegister(Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "deu")));
        await workflow.Run();

        foreach (
            var address in (string[])
                [
                    "/",
                    "/register",
                    "/replies",
                    "/replies?q=nobody",
                    "/missions/che",
                    "/missions/che/edit",
                    "/missions/mex",
                    "/letters/new",
                    "/acts",
                ])
            Speaks(await site.Page(address), address);
        Assert.Contains("rédaction, envoi et lecture", (await site.Page("/acts")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Pourquoi il attend : Il ne donne pas la référence", TestSite.Words(await site.Page("/replies")).Replace('\u00A0', ' '), StringComparison.Ordinal);

        // The mission is found by the name that the page offers.
        var alone = (await site.Page("/replies")).QuerySelector("main section a[href^='/replies/']:not([href*='/message'])")!.GetAttribute("href")!;
        var one = await site.Page(alone);
        Speaks(one, "a message");
        var match = one.QuerySelectorAll("form[action$='/match']").First(found => found.QuerySelector("select") is not null);
        var matched = await site.Send(
            match.GetAttribute("action")!,
            new FormUrlEncodedContent(
                [
                    .. match.QuerySelectorAll("input[type=hidden]").OfType<IHtmlInputElement>()
                        .Select(field => KeyValuePair.Create(field.Name!, field.Value)),
                    KeyValuePair.Create("distribution", letter.Id),
                    KeyValuePair.Create("mission", "Mexique"),
                ]));
        Assert.Contains(
            "Le message est consigné comme accusé de réception de la mission.",
            (await site.Page(matched.Headers.Location!.ToString())).Body!.TextContent,
            StringComparison.Ordinal);
        Assert.Contains("mex", (await workflow.Get<Acknowledgements>().Of(letter.Id, Cancellation)).Keys);
        Speaks(await site.Page(alone, HttpStatusCode.NotFound), "a message that was decided on");
    }

    [Fact]
    public async Task Missions_are_called_by_their_French_names_and_found_by_them()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che", "deu");
        await using var site = await TestSite.Open(workflow);

        var page = await Page(site, $"/distributions/{letter.Id}/letters/deu", InFrench);

        Assert.Contains("Allemagne", page.Title, StringComparison.Ordinal);
        Assert.Equal("Suisse →", page.QuerySelector("a[rel=next]")!.TextContent.Trim());
        Assert.Contains("Allemagne", TestSite.Words(await Page(site, $"/distributions/{letter.Id}?q=allemagne", InFrench)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_of_a_press_is_told_in_the_language_of_the_reader_and_recorded_in_English()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow);
        await site.Get("/language?of=fr&back=/");

        var page = await site.Press($"/distributions/{letter.Id}", $"Abandonner {letter.DraftLabel}");

        Assert.Equal("Cette lettre est abandonnée et ne sera pas envoyée.", page.QuerySelector("#told [role=alert]")!.TextContent);
        Assert.StartsWith(
            "Abandonner une lettre, 26\u00A0mars 2018 à ",
            page.QuerySelector("#told .quiet")!.TextContent,
            StringComparison.Ordinal);
        var act = (await site.Get<DeskActs>().Latest(letter.Id, 1, Cancellation)).Single();
        Assert.Equal("This letter is discarded, and will not be sent.", act.Words);
        Assert.Equal("Discard a letter", act.What);
    }

    [Fact]
    public async Task A_letter_uploaded_released_and_acknowledged_in_French_leaves_the_records_it_leaves_in_English()
    {
        var english = await Left("en");
        var french = await Left("fr");

        Assert.Contains("Released: it is being sent to 2 ", string.Concat(english), StringComparison.Ordinal);
        Assert.Equal(english, french);
    }

    [Fact]
    public void The_style_sheet_names_no_left_or_right_so_that_a_language_written_from_the_right_needs_no_other()
    {
        var rules = Encoding.UTF8.GetString(Asset.Style.Content).Split('\n');

        Assert.DoesNotContain(
            rules,
            rule => !rule.StartsWith("[dir=", StringComparison.Ordinal) && Physical().IsMatch(rule));
        Assert.DoesNotContain(
            rules.SelectMany(rule => Sides().Matches(rule)),
            sides => sides.Groups[1].Value != sides.Groups[2].Value);
    }

    /// <summary>What is in storage after a letter has gone its way at a desk of this language, without what is random.</summary>
    private async Task<IReadOnlyList<string>> Left(string language)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "fra");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter, Roles.Releaser]);
        await site.Get($"/language?of={language}&back=/");
        var token = await site.Token();
        using var files = new MultipartFormDataContent
        {
            { new StringContent(token.Value), token.Name },
            { new StringContent("gcm"), "process" },
            { new StringContent("draft-rev-1"), "revision" },
            { new ByteArrayContent(Samples.Bytes(Samples.Letter())), "files", "letter.md" },
            { new ByteArrayContent(Samples.Pdf()), "files", "draft-rev-1.pdf" },
        };
        var uploaded = await site.Send("/upload", files);
        Assert.True(
            uploaded.StatusCode == HttpStatusCode.SeeOther,
            await uploaded.Content.ReadAsStringAsync(Cancellation));
        await workflow.Reconcile();
        var letter = (await workflow.Distributions()).Single();
        var address = $"/distributions/{letter.Id}";
        await site.Press(address, language == "fr" ? "Envoyer Draft Rev 1 à 2 missions" : "Send Draft Rev 1 to 2 missions");
        await workflow.Run();
        var form = (await site.Page($"{address}/letters/fra")).QuerySelector("form[action$='/acknowledgement']")!;
        var answer = await site.Send(
            HttpMethod.Post,
            form.GetAttribute("action")!,
            form.QuerySelectorAll("input").OfType<IHtmlInputElement>()
                .Select(input => KeyValuePair.Create(input.Name!, input.Name == "by" ? "Amélie" : input.Value))
                .Append(KeyValuePair.Create("how", "Telephone")));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal(language, (await site.Page(answer.Headers.Location!.ToString())).DocumentElement.GetAttribute("lang"));
        await workflow.Run();
        return await Records(workflow);
    }

    private static async Task<IReadOnlyList<string>> Records(TestWorkflow workflow)
    {
        var account = workflow.Get<StorageAccount>();
        List<string> found = [];
        await foreach (var table in account.Tables.QueryAsync(cancellationToken: Cancellation))
            await foreach (
                var row in account.Tables.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: Cancellation))
                found.Add($"{table.Name} {string.Join(' ', Columns(row))}");
        await foreach (var container in account.Blobs.GetBlobContainersAsync(cancellationToken: Cancellation))
        {
            var blobs = account.Blobs.GetBlobContainerClient(container.Name);
            await foreach (var blob in blobs.GetBlobsAsync(cancellationToken: Cancellation))
                found.Add(
                    blob.Name.EndsWith(".json", StringComparison.Ordinal)
                        ? $"{container.Name}/{blob.Name} {(await blobs.GetBlobClient(blob.Name).DownloadContentAsync(Cancellation)).Value.Content}"
                        : $"{container.Name}/{blob.Name}");
        }

        return [.. found.Select(line => Random().Replace(line, "~")).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Columns(TableEntity row) =>
        row.Where(column => column.Key is not ("odata.etag" or "Timestamp"))
            .OrderBy(column => column.Key, StringComparer.Ordinal)
            .Select(column => $"{column.Key}={column.Value}");

    /// <summary>Changes one field of a mission in the register, with no reason given.</summary>
    private static async Task<IHtmlDocument> Edit(TestSite site, string mission, string field, string value)
    {
        var form = (await site.Page($"/missions/{mission}/edit")).QuerySelector("form[action$='/edit']")!;
        var answer = await site.Send(
            form.GetAttribute("action")!,
            new FormUrlEncodedContent(
                [
                    .. form.QuerySelectorAll("input, select").Select(input =>
                        KeyValuePair.Create(
                            input.GetAttribute("name")!,
                            input.GetAttribute("name") == field ? value
                                : (input as IHtmlInputElement)?.Value ?? (input as IHtmlSelectElement)?.Value ?? "")),
                ]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return await TestSite.Read(answer);
    }

    private static async Task<IHtmlDocument> Page(TestSite site, string address, (string, string) header) =>
        await TestSite.Read(await site.Send(HttpMethod.Get, address, headers: header));

    /// <summary>Nothing that a reader sees or hears of the page is a piece of a sentence that French says otherwise.</summary>
    private static void Speaks(IHtmlDocument page, string address)
    {
        Assert.Equal("fr", page.DocumentElement.GetAttribute("lang"));
        // What stands in a language of its own, such as a finding or the words of a letter, says so.
        foreach (var other in page.Body!.QuerySelectorAll("[lang]:not([lang=fr])"))
            other.Remove();
        var read = TestSite.Words(
            string.Join(
                ' ',
                page.DocumentElement.Descendants<IText>().Select(text => text.Data)
                    .Concat(
                        page.All.SelectMany(element => element.Attributes)
                            .Where(attribute =>
                                attribute.Name is "title" or "aria-label" or "placeholder" or "data-label"
                                || attribute.Name.StartsWith("data-say", StringComparison.Ordinal))
                            .Select(attribute => attribute.Value))));
        Assert.NotEmpty(read);
        if (EnglishWord().Match(Written(page)) is { Success: true } word)
            Assert.Fail($"{address} has an English word: {Around(Written(page), word.Value)}");
        foreach (var (english, french) in DeskLanguage.French.Sentences)
            foreach (var piece in Value().Split(english).Select(piece => piece.Trim()))
                Assert.False(
                    piece.Length >= 10
                    && piece.Contains(' ', StringComparison.Ordinal)
                    && !french.Other.Contains(piece, StringComparison.Ordinal)
                    && read.Contains(piece, StringComparison.Ordinal)
                    // “la note verbale” has “a note verbale” in it.
                    && Regex.IsMatch(read, $"(?<!\\p{{L}}){Regex.Escape(piece)}"),
                    $"{address} says in English: {piece}, as in {Around(read, piece)}");
    }

    /// <summary>What the desk itself writes on a page: neither what people typed nor what a letter or the register says.</summary>
    private static string Written(IHtmlDocument page)
    {
        foreach (var other in page.QuerySelectorAll("bdi, code, pre, blockquote, textarea, script, .typed, .title, .process"))
            other.Remove();
        return OfLetters().Replace(TestSite.Words(page.DocumentElement.TextContent), "~");
    }

    private static string Around(string text, string piece)
    {
        var at = Math.Max(text.IndexOf(piece, StringComparison.Ordinal), 0);
        return text[Math.Max(at - 60, 0)..Math.Min(at + 120, text.Length)];
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Value();

    [GeneratedRegex(@"(?<![\w.@-])(?:the|of|and|is|was|were|with|this|that|not|to|by|has)(?![\w.@-])", RegexOptions.IgnoreCase)]
    private static partial Regex EnglishWord();

    /// <summary>What the sample letter and the register say in English.</summary>
    [GeneratedRegex(@"\(this machine\)|che, mex, not fra|the secretary|(?:Draft Rev \d of the )?Global Compact(?: for Safe, Orderly and Regular Migration)?|Permanent Representative of [A-Z]\w+|Permanent Mission of \w+ to the United Nations")]
    private static partial Regex OfLetters();

    [GeneratedRegex(@"[0-9a-f]{8,}|[0-9]{6,}|[A-Za-z0-9_+/=-]{20,}|(?<![a-z0-9])[a-z2-7]{8}(?![a-z0-9])|[A-Z0-9]{4}(?:-[A-Z0-9]{4})+|(?<=""reference"":"")[A-Z0-9]{12}|(?<=""[lL]ength"":)\d+")]
    private static partial Regex Random();

    [GeneratedRegex(@"(?<![\w-])(?:margin|padding|border|inset|scroll-margin)-(?:left|right)|(?<![\w-])(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)")]
    private static partial Regex Physical();

    /// <summary>Four values go round the box: the second and the fourth are its sides.</summary>
    [GeneratedRegex(@"(?:margin|padding|inset|border-width)\s*:\s*[^\s;]+ ([^\s;]+) [^\s;]+ ([^\s;]+);")]
    private static partial Regex Sides();
}
