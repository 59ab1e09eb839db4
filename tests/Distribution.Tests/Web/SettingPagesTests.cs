using System.Collections.Immutable;
using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Letters.Settings;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;
using static Distribution.Tests.Web.TypedForm;

namespace Distribution.Tests.Web;

/// <summary>What a secretariat keeps for its letters: how it is changed, and what a letter takes from it.</summary>
public sealed class SettingPagesTests(AzuriteFixture azurite)
{
    private const string Arms = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"><rect width=\"8\" height=\"8\"/></svg>";

    private static readonly byte[] OnePixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static readonly string NewSignatory = Addresses.Setting("signatories", Addresses.NewSetting);

    private static readonly string NewLetterhead = Addresses.Setting("letterheads", Addresses.NewSetting);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signatory_with_letterhead_and_emblem_is_put_into_a_letter_which_keeps_its_own_copy()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        await AddLetterhead(site, [("sender.en", "The Permanent Mission of Utopia"), ("letterhead.fr", "Mission permanente d’Utopie"), ("address.en", "1 First Avenue; New York")]);
        var letterhead = Assert.Single(await workflow.Get<DeskSettings>().All(SettingMatters.Letterheads, Cancellation)).Id;
        var list = await Followed(site, await Send(
            site,
            await site.Page(NewSignatory),
            "#why",
            [("name", "Ada <b>Lovelace</b>"), ("title.en", "Permanent Representative"), ("title.fr", "Représentante permanente"), ("letterhead", letterhead), ("why", "note verbale 12")],
            ("signature.file", "lovelace.png", OnePixel)));
        Assert.Contains("Ada <b>Lovelace</b>", TestSite.Words(list), StringComparison.Ordinal);
        // The record says what was changed, and shows nobody an id; the file has it.
        Assert.Equal(
            ["Letterheads", "Signatories"],
            (await site.Page(Addresses.Acts())).QuerySelectorAll("td[data-label=About]").Select(cell => TestSite.Words(cell.TextContent).Split(':')[0]).Order());
        Assert.Contains(letterhead, await (await site.Get("/acts.csv")).Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        var form = await site.Press(Addresses.NewLetter, "A new process");
        form = await Followed(site, await PutIn(site, form, "Ada <b>Lovelace</b>", "1", ("text", "Typed meanwhile.")));

        Assert.Contains("Ada <b>Lovelace</b> is signatory 1 of this letter now.", TestSite.Words(form), StringComparison.Ordinal);
        Assert.Equal("Typed meanwhile.", form.QuerySelector("#text")!.TextContent);
        Assert.Equal(
            ("Ada <b>Lovelace</b>", "Permanent Representative", "Permanent Mission of Utopia", "1 First Avenue; New York", "arms.svg", "Arms of Utopia", "lovelace.png"),
            (Of(form, "name"), Of(form, "title"), Of(form, "letterhead"), Of(form, "address"), Of(form, "emblem"), Of(form, "emblem_text"), Of(form, "signature")));
        var letter = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation));
        Assert.Empty(letter.Enclosed);
        Assert.Equal(["arms.svg", "lovelace.png"], letter.Files.Select(file => file.Name).Order());
        Assert.Contains("letterhead: Permanent Mission of Utopia", letter.File, StringComparison.Ordinal);

        // In another language, as a note, and instead of somebody else: what was an emblem is not left as a document.
        form = await Followed(site, await PutIn(site, form, "Permanent Mission of Utopia", AddressBook.OfSender, ("language", "fr")));
        Assert.Equal("Mission permanente d’Utopie", Value(form, "#keep", "sender.letterhead"));
        await Followed(site, await Send(
            site,
            await site.Page(NewSignatory),
            "#why",
            [("name", "B. Noone"), ("title.en", "Chargé d’affaires")]));
        form = await Followed(site, await PutIn(site, await site.Page(Addresses.Unfinished(letter.Id)), "B. Noone", "1"));
        Assert.Contains("another language than the letter's", TestSite.Words(form), StringComparison.Ordinal);
        Assert.Equal(("B. Noone", "Chargé d’affaires", ""), (Of(form, "name"), Of(form, "title"), Of(form, "signature")));
        letter = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation));
        Assert.Equal(["arms.svg"], letter.Files.Select(file => file.Name));

        // What becomes of the address book changes no letter.
        await Change(site, "letterheads", letterhead, ("letterhead.en", "Embassy of Utopia"));
        Assert.Equal("Permanent Mission of Utopia", (await workflow.Get<UnfinishedLetters>().Find(letter.Id, Cancellation))!.Value.Field("signatories[1].letterhead"));
    }

    [Fact]
    public async Task Every_change_is_on_record_with_who_made_it_when_and_why()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        await AddLetterhead(site);
        var id = Assert.Single(await workflow.Get<DeskSettings>().All(SettingMatters.Letterheads, Cancellation)).Id;
        var page = await site.Page(Addresses.Setting("letterheads", id));
        var unexplained = await Send(site, page, "#why", [("letterhead.en", "Embassy of Utopia")]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unexplained.StatusCode);
        Assert.Equal(["Write why it is changed: whoever reads it later was not there."], Wrong(await TestSite.Read(unexplained), "why"));
        Assert.Equal("Embassy of Utopia", Value(await TestSite.Read(unexplained), "#why", "letterhead.en"));

        await Change(site, "letterheads", id, ("letterhead.en", "Embassy of Utopia"));
        var changes = TestSite.Words((await site.Page(Addresses.Setting("letterheads", id))).QuerySelector("#changes")!.TextContent);
        Assert.Contains($"by {TestSite.PersonWithRoles}", changes, StringComparison.Ordinal);
        Assert.Contains("Why: renamed", changes, StringComparison.Ordinal);
        Assert.Contains("Letterhead (English): Permanent Mission of Utopia Embassy of Utopia", changes, StringComparison.Ordinal);
        Assert.Contains(
            ("Change the desk's settings", "Letterheads: Embassy of Utopia. Why: renamed"),
            (await workflow.Get<DeskActs>().Latest(null, 9, Cancellation)).Select(act => (act.What, act.Detail!)));
        var inFrench = await TestSite.Read(await site.Send(HttpMethod.Get, Addresses.Acts(), headers: ("Accept-Language", "fr")));
        Assert.Contains("En-têtes : Embassy of Utopia. Motif : renamed", TestSite.Words(inFrench), StringComparison.Ordinal);

        // Taken out with a reason; what it was can be put in again.
        var gone = await Followed(site, await Send(site, await site.Page(Addresses.Setting("letterheads", id)), "#take-out-why", [("why", "closed")]));
        Assert.Contains("There is no letterhead yet.", TestSite.Words(gone), StringComparison.Ordinal);
        Assert.Contains("1 was taken out", TestSite.Words(gone), StringComparison.Ordinal);
        var back = await Followed(site, await Send(site, await site.Page(Addresses.Setting("letterheads", id)), "#why", []));
        Assert.Contains("Embassy of Utopia", TestSite.Words(back.QuerySelector(".entries")!.TextContent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_people_never_lose_each_others_rows_and_are_told_of_each_other_in_one()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var amelie = await TestSite.Open(workflow, [Roles.Drafter]);
        await using var bruno = await TestSite.Open(workflow, [Roles.Releaser], "bruno@secretariat.example");
        var (hers, his) = (await amelie.Page(NewLetterhead), await bruno.Page(NewLetterhead));
        await Followed(amelie, await Send(amelie, hers, "#why", [("letterhead.en", "Hers")]));
        await Followed(bruno, await Send(bruno, his, "#why", [("letterhead.en", "His")]));
        // A second press of the same form adds nothing.
        Assert.Contains("stands there so already", TestSite.Words(await Followed(amelie, await Send(amelie, hers, "#why", [("letterhead.en", "Hers")]))), StringComparison.Ordinal);
        var entries = await workflow.Get<DeskSettings>().All(SettingMatters.Letterheads, Cancellation);
        Assert.Equal(["Hers", "His"], entries.Select(entry => entry.Field("letterhead.en")));

        var address = Addresses.Setting("letterheads", entries[0].Id);
        (hers, his) = (await amelie.Page(address), await bruno.Page(address));
        await Followed(amelie, await Send(amelie, hers, "#why", [("letterhead.en", "Hers, newer"), ("why", "renamed")]));
        var late = await Send(bruno, his, "#why", [("address.en", "His address"), ("why", "moved")]);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        var both = await TestSite.Read(late);
        Assert.Contains($"{TestSite.PersonWithRoles} changed this on", TestSite.Words(both), StringComparison.Ordinal);
        Assert.Contains("Letterhead (English): Hers, newer", TestSite.Words(both.QuerySelector("#problem")!.TextContent), StringComparison.Ordinal);
        Assert.Equal("His address", Value(both, "#why", "address.en"));
        // Who has seen both and saves again means it.
        await Followed(bruno, await Send(bruno, both, "#why", [("letterhead.en", "Hers, newer")]));
        Assert.Equal(
            ("Hers, newer", "His address"),
            ((await workflow.Get<DeskSettings>().Find(SettingMatters.Letterheads, entries[0].Id, Cancellation))!.Field("letterhead.en"),
                (await workflow.Get<DeskSettings>().Find(SettingMatters.Letterheads, entries[0].Id, Cancellation))!.Field("address.en")));

        // One that was taken out meanwhile is not brought back unseen.
        his = await bruno.Page(address);
        await Followed(amelie, await Send(amelie, await amelie.Page(address), "#take-out-why", [("why", "closed")]));
        late = await Send(bruno, his, "#why", [("address.en", "Another"), ("why", "moved")]);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Contains("It was taken out after you opened it.", TestSite.Words(await TestSite.Read(late)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_was_taken_out_while_it_was_chosen_is_told_and_what_was_typed_is_saved()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        await AddLetterhead(site);
        var form = await site.Press(Addresses.NewLetter, "A new process");
        var id = Assert.Single(await workflow.Get<DeskSettings>().All(SettingMatters.Letterheads, Cancellation)).Id;
        await Followed(site, await Send(site, await site.Page(Addresses.Setting("letterheads", id)), "#take-out-why", [("why", "closed")]));

        var again = await Followed(site, await PutIn(site, form, "Permanent Mission of Utopia", "1", ("text", "Typed.")));

        Assert.Contains("this entry was taken out of the address book meanwhile", TestSite.Words(again), StringComparison.Ordinal);
        Assert.Equal("Typed.", again.QuerySelector("#text")!.TextContent);
        Assert.Null(again.QuerySelector("#address-book"));
    }

    [Fact]
    public async Task A_phrase_is_put_at_the_end_of_the_text_and_as_a_document_where_the_editor_is()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        await Followed(site, await AddPhrase(site, "Comments are welcome by {{ deadlines.comments }}, on **{{ letter.draft }}** & more."));
        var phrase = Assert.Single(await workflow.Get<DeskSettings>().All(SettingMatters.Phrases, Cancellation));
        var form = await site.Press(Addresses.NewLetter, "A new process");
        form = await Followed(site, await Send(site, form, "#keep", [("text", "First."), ("phrase", phrase.Id), ("do", "put-phrase")]));
        Assert.Equal("First.\n\nComments are welcome by {{ deadlines.comments }}, on **{{ letter.draft }}** & more.", form.QuerySelector("#text")!.TextContent);
        Assert.Contains("“Comments” stands at the end of the text now.", TestSite.Words(form), StringComparison.Ordinal);

        // Into a translation, where that is chosen.
        form = await Followed(site, await Send(site, form, "#keep", [("translate.into", "fr"), ("do", "translate")]));
        form = await Followed(site, await Send(site, form, "#keep", [("phrase", phrase.Id), ("phrase.into", form.QuerySelectorAll("#phrase-into option")[^1].GetAttribute("value")!), ("do", "put-phrase")]));
        Assert.StartsWith("Comments are welcome", form.QuerySelector("textarea[lang=fr]")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("First.", form.QuerySelector("#text")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("“Comments” stands at the end of the translation now.", TestSite.Words(form), StringComparison.Ordinal);

        var document = await site.Get(Addresses.PhraseDocuments.Replace("{id}", phrase.Id, StringComparison.Ordinal));
        Assert.Equal("application/json", document.Content.Headers.ContentType!.MediaType);
        Assert.Contains("\"source\":\"{{ letter.draft }}\"", await document.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        // A second press puts it in a second time, as it says; one that was taken out meanwhile is not put in.
        await Followed(site, await Send(site, await site.Page(Addresses.Setting("phrases", phrase.Id)), "#take-out-why", [("why", "old")]));
        var gone = await Followed(site, await Send(site, form, "#keep", [("phrase", phrase.Id), ("do", "put-phrase")]));
        Assert.Contains("this phrase was taken out meanwhile", TestSite.Words(gone), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Get(Addresses.PhraseDocuments.Replace("{id}", phrase.Id, StringComparison.Ordinal))).StatusCode);
    }

    [Theory]
    [InlineData("On {{ letter.daft }}.", "letter.daft")]
    [InlineData("On {{ nothing }}.", "nothing")]
    [InlineData("On {{ letter.draft.", "letter")]
    [InlineData("{{ while true }}x{{ end }}", "")]
    public async Task A_phrase_with_a_field_that_no_letter_has_is_refused(string text, string said)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var answer = await AddPhrase(site, text);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await TestSite.Read(answer);
        Assert.Contains(said, string.Concat(Wrong(page, "text")), StringComparison.Ordinal);
        Assert.NotEmpty(Wrong(page, "text"));
        Assert.Equal(text, page.QuerySelector("#text")!.TextContent);
        // As the remedy says.
        await Followed(site, await Send(site, page, "#why", [("text", "On {{ letter.draft }} for {{ mission.name }}, with {{ enclosures }}, {{ letter.reference }}.")]));
    }

    [Fact]
    public async Task A_holiday_moves_the_reminders_of_a_letter_that_waits_and_is_told_where_something_is_due_or_leaves()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith(
            "deadlines:\n  comments: 2018-04-04 18:00\nsend: 2018-03-28 09:00\nremind: 2 working days before comments"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        var before = await workflow.TheDistribution();
        // 30 March 2018 is Good Friday, as the list that comes with the service has it.
        Assert.Equal([new(2018, 4, 2)], await Reminders(workflow, before.Id));
        Assert.DoesNotContain(before.Warnings, finding => finding.Number is 613 or 614);

        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        foreach (var day in (string[])["2018-03-28", "2018-04-02", "2018-04-04"])
            await Followed(site, await AddHoliday(site, day));
        await Followed(site, await Send(site, await site.Page(Addresses.Setting("holidays", "2018-03-30")), "#take-out-why", [("why", "circular of 2018")]));
        Assert.Contains("26 March 2018", TestSite.Words(await site.Page(Addresses.Setting("holidays", "2018-03-30"))), StringComparison.Ordinal);
        // Whoever asked a moment ago asks again within a minute.
        workflow.Clock.Advance(TimeSpan.FromMinutes(2));
        await workflow.Reconcile();

        var letter = (await workflow.Distributions()).Single(found => found.State == DistributionState.AwaitingRelease);
        Assert.NotEqual(before.Id, letter.Id);
        Assert.Equal([new(2018, 3, 30)], await Reminders(workflow, letter.Id));
        var page = TestSite.Words(await site.Page(Addresses.Distribution(letter.Id)));
        Assert.Contains("“comments” are due on Wednesday, 4 April 2018, a day without business (Retreat <b>).", page, StringComparison.Ordinal);
        Assert.Contains("The letter is to leave on Wednesday, 28 March 2018, a day without business (Retreat <b>).", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_holiday_is_a_day_stands_on_the_list_once_and_what_came_with_the_service_can_be_changed()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        foreach (var none in (string[])["2018-02-30", "4 April", "", "0001-01-01"])
            Assert.NotEmpty(Wrong(await TestSite.Read(await AddHoliday(site, none)), "day"));
        var list = await site.Page(Addresses.SettingsOf("holidays"));
        Assert.Equal(["2018", "2026", "2027"], list.QuerySelectorAll("main h2").Select(year => year.TextContent));
        Assert.Contains("20 March 2026, Eid al-Fitr expected; it depends on the moon", TestSite.Words(list), StringComparison.Ordinal);

        var twice = await AddHoliday(site, "2026-03-20");
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        var page = await TestSite.Read(twice);
        Assert.Contains("It is on the list already, as it came with the service.", TestSite.Words(page), StringComparison.Ordinal);
        await Followed(site, await Send(site, page, "#why", [("name", "Eid al-Fitr"), ("note", ""), ("why", "circular of 2026")]));
        list = await site.Page(Addresses.SettingsOf("holidays"));
        Assert.DoesNotContain("20 March 2026, Eid al-Fitr expected", TestSite.Words(list), StringComparison.Ordinal);
        Assert.Contains("20 March 2026, Eid al-Fitr", TestSite.Words(list), StringComparison.Ordinal);
        // A new form for a day that somebody has entered meanwhile shows what stands there.
        Assert.Equal(HttpStatusCode.Conflict, (await AddHoliday(site, "2026-03-20")).StatusCode);
    }

    [Theory]
    [InlineData("letterheads", "emblem", "arms.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", "script")]
    [InlineData("letterheads", "emblem", "arms.exe", "MZ", "PNG or SVG")]
    [InlineData("letterheads", "emblem", "arms/../x.svg", Arms, null)]
    [InlineData("signatories", "signature", "lovelace.svg", Arms, "PNG or JPEG")]
    public async Task An_image_that_no_letter_may_have_is_refused_at_its_field(string matter, string field, string name, string content, string? said)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var answer = await Send(
            site,
            await site.Page(Addresses.Setting(matter, Addresses.NewSetting)),
            "#why",
            matter == "letterheads" ? [("letterhead.en", "Office")] : [("name", "A. Lee"), ("title.en", "Title")],
            ($"{field}.file", name, Samples.Bytes(content)));

        if (said is null)
        {
            // A browser's folders are no part of the name.
            Assert.Equal("x.svg", Assert.Single(await workflow.Get<DeskSettings>().All(SettingMatters.Find(matter)!, Cancellation)).Field(field));
            return;
        }

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await TestSite.Read(answer);
        Assert.Contains(said, Assert.Single(Wrong(page, field)), StringComparison.Ordinal);
        Assert.Equal($"#{field}", page.QuerySelector("#wrong a")!.GetAttribute("href"));
        Assert.Empty(await workflow.Get<DeskSettings>().All(SettingMatters.Find(matter)!, Cancellation));
    }

    [Fact]
    public async Task What_is_typed_is_checked_as_in_a_letter_and_an_image_that_was_taken_need_not_be_chosen_again()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var answer = await Send(
            site,
            await site.Page(NewLetterhead),
            "#why",
            [("letterhead.en", new string('x', 300)), ("address.fr", "1, rue <script>alert(1)</script>")],
            ("emblem.file", "arms.svg", Samples.Bytes(Arms)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await TestSite.Read(answer);
        Assert.NotEmpty(Wrong(page, "letterhead.en"));
        Assert.Equal(["The letterhead is needed in every language that says something of it."], Wrong(page, "letterhead.fr"));
        Assert.Empty(page.QuerySelectorAll("script:not([src])"));
        var source = page.QuerySelector("img.brought")!.GetAttribute("src")!;
        var image = await site.Get(source);
        Assert.Equal("image/svg+xml", image.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("sandbox;", image.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        var blob = workflow.Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Settings)
            .GetBlobClient(source.Split('/')[^1]);
        var brought = (await blob.GetPropertiesAsync(cancellationToken: Cancellation)).Value.ETag;
        await Followed(site, await Send(site, page, "#why", [("letterhead.en", "Office"), ("letterhead.fr", "Bureau")]));
        // Put to use, it counts as new for those who remove what nobody uses.
        Assert.NotEqual(brought, (await blob.GetPropertiesAsync(cancellationToken: Cancellation)).Value.ETag);
        var entry = Assert.Single(await workflow.Get<DeskSettings>().All(SettingMatters.Letterheads, Cancellation));
        Assert.Equal(("arms.svg", "1, rue <script>alert(1)</script>"), (entry.Field("emblem"), entry.Field("address.fr")));
        // A form that names an image which is none of ours gets none.
        answer = await Send(site, await site.Page(NewLetterhead), "#why", [("letterhead.en", "Office"), ("emblem", "x.svg"), ("emblem.sha256", new string('0', 64))]);
        Assert.Equal(["The image has not arrived: choose it again."], Wrong(await TestSite.Read(answer), "emblem"));
        Assert.Equal(HttpStatusCode.NotFound, (await site.Get(Addresses.SettingImage("../keys"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Get(Addresses.Setting("letterheads", "no' or true"))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await site.Get(Addresses.SettingsOf("passwords"))).StatusCode);
    }

    [Fact]
    public async Task A_reader_sees_the_settings_and_changes_none()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var drafter = await TestSite.Open(workflow, [Roles.Drafter]);
        await AddLetterhead(drafter);
        await using var site = await TestSite.Open(workflow, [Roles.Reader]);
        var entry = Assert.Single(await workflow.Get<DeskSettings>().All(SettingMatters.Letterheads, Cancellation));
        Assert.Contains("1 entry", TestSite.Words(await site.Page(Addresses.Settings)), StringComparison.Ordinal);
        Assert.Null((await site.Page(Addresses.SettingsOf("letterheads"))).QuerySelector("a.press"));
        var page = await site.Page(Addresses.Setting("letterheads", entry.Id));
        Assert.Null(page.QuerySelector("#why"));
        Assert.Contains("Only a drafter or a releaser may do this.", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Post(Addresses.Setting("letterheads", entry.Id), await site.Token(), ("letterhead.en", "Mine"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Post(Addresses.TakeOutSetting("letterheads", entry.Id), await site.Token())).StatusCode);
    }

    [Fact]
    public async Task Five_hundred_entries_are_kept_and_listed_and_no_more()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var settings = workflow.Get<DeskSettings>();
        await Parallel.ForAsync(0, DeskSettings.Most, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation }, async (number, cancellation) =>
            await workflow.Get<Distribution.Storage.StorageAccount>().Tables.GetTableClient(Distribution.Common.ResourceNames.SettingsTable).AddEntityAsync(
                new Distribution.Storage.Records<Setting>(workflow.Get<Distribution.Storage.StorageAccount>(), Distribution.Common.ResourceNames.SettingsTable)
                    .Entity("letterheads", $"{number}", new Setting($"{number}", new Dictionary<string, string> { ["letterhead.en"] = $"Office {number:000}" }.ToImmutableDictionary(), false, [])),
                cancellation));
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        Assert.Equal(DeskSettings.Most, (await site.Page(Addresses.SettingsOf("letterheads"))).QuerySelectorAll(".entries li").Length);
        var answer = await Send(site, await site.Page(NewLetterhead), "#why", [("letterhead.en", "One more")]);
        Assert.Contains("no more are kept", TestSite.Words(await TestSite.Read(answer)), StringComparison.Ordinal);
        Assert.Equal(DeskSettings.Most, (await settings.All(SettingMatters.Letterheads, Cancellation)).Count);
        await Change(site, "letterheads", "7", ("letterhead.en", "Office seven"));
    }

    private static async Task AddLetterhead(TestSite site, params (string, string)[] further) =>
        await Followed(site, await Send(
            site,
            await site.Page(NewLetterhead),
            "#why",
            [("letterhead.en", "Permanent Mission of Utopia"), ("emblem_text.en", "Arms of Utopia"), .. further],
            ("emblem.file", "arms.svg", Samples.Bytes(Arms))));

    private static async Task<HttpResponseMessage> AddPhrase(TestSite site, string text) =>
        await Send(
            site,
            await site.Page(Addresses.Setting("phrases", Addresses.NewSetting)),
            "#why",
            [("title", "Comments"), ("language", "en"), ("text", text)]);

    private static async Task<HttpResponseMessage> AddHoliday(TestSite site, string day) =>
        await Send(site, await site.Page(Addresses.Setting("holidays", Addresses.NewSetting)), "#why", [("day", day), ("name", "Retreat <b>")]);

    private static async Task<IEnumerable<DateOnly>> Reminders(TestWorkflow workflow, string id) =>
        (await workflow.Get<FrozenContents>().Find(id, Cancellation)).Letter.Reminders.Select(moment => NewYorkTime.Day(moment));

    private static async Task Change(TestSite site, string matter, string id, (string, string) change) =>
        await Followed(site, await Send(site, await site.Page(Addresses.Setting(matter, id)), "#why", [change, ("why", "renamed")]));

    private static Task<HttpResponseMessage> PutIn(TestSite site, IHtmlDocument form, string called, string place, params (string, string)[] typed) =>
        Send(
            site,
            form,
            "#keep",
            [
                .. typed,
                ("book", form.QuerySelectorAll("#book option").Single(option => option.TextContent == called).GetAttribute("value")!),
                ("book.place", place),
                ("do", "put-in"),
            ]);

    private static string Of(IHtmlDocument form, string key) => Value(form, "#keep", $"signatories[1].{key}");
}
