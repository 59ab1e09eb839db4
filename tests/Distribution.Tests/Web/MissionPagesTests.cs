using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using Azure.Data.Tables;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>The missions at the desk: found from every page, listed, and each with all that is on record of it.</summary>
public sealed class MissionPagesTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("mexico", "Mexico")]
    [InlineData("MEX", "Mexico")]
    [InlineData("mex@missions", "Mexico")]
    [InlineData("  fran ", "France")]
    public async Task Every_pages_head_finds_a_mission_by_what_the_register_has_of_it(string typed, string found)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Reader]);
        var head = (await site.Page(Addresses.Front)).QuerySelector("header form[role=search]")!;
        Assert.Equal(("get", Addresses.Search), (head.GetAttribute("method"), head.GetAttribute("action")));
        var name = head.QuerySelector("input")!.GetAttribute("name");

        var page = await site.Page($"{head.GetAttribute("action")}?{name}={Uri.EscapeDataString(typed)}");
        Assert.Equal(found, page.QuerySelector("#missions ~ ul a")!.TextContent);
        Assert.Equal(typed.Trim(), page.QuerySelector("#find")!.GetAttribute("value"));
        Assert.Contains(
            found,
            TestSite.Words(await site.Page(page.QuerySelector("#missions ~ ul a")!.GetAttribute("href")!)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_finds_letters_too_says_when_nothing_is_found_and_what_to_type_when_nothing_was()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page($"{Addresses.Search}?q=rev+1");
        Assert.Equal(
            Addresses.Distribution(letter.Id),
            page.QuerySelector("#letters ~ ul a")!.GetAttribute("href"));
        Assert.Contains("not sent yet", TestSite.Words(page), StringComparison.Ordinal);
        Assert.StartsWith(
            "Nothing has the words “atlantis”",
            TestSite.Words((await site.Page($"{Addresses.Search}?q=atlantis")).QuerySelector("#none")!.TextContent),
            StringComparison.Ordinal);
        Assert.Contains(
            "Type a mission's name, code or mailbox",
            TestSite.Words(await site.Page($"{Addresses.Search}?q=+%2C")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_typed_into_the_search_is_words_and_cut()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        const string Hostile = "\"><script>alert(1)</script>=1+1";
        foreach (var path in (string[])[$"{Addresses.Search}?q=", $"{Addresses.MissionList}?q="])
        {
            var page = await site.Page(path + Uri.EscapeDataString(Hostile));
            Assert.Empty(page.QuerySelectorAll("script:not([src])"));
            Assert.Equal(Hostile, page.QuerySelector(path.Contains("search", StringComparison.Ordinal) ? "#find" : "#q")!.GetAttribute("value"));
            Assert.True((await (await site.Get(path + new string('x', 8_000))).Content.ReadAsStringAsync(Cancellation)).Length < 20_000);
        }

        Assert.Equal(HttpStatusCode.OK, (await site.Get($"{Addresses.MissionList}?kind=9&language=xx&page=-1&troubled=1")).StatusCode);
        await site.Page($"{Addresses.MissionList}/nowhere", HttpStatusCode.NotFound);
        await site.Page($"{Addresses.MissionList}/{Uri.EscapeDataString("<b>")}", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_mission_has_all_that_was_sent_to_it_and_heard_and_what_changed_between()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub((message, address) => address == "old@che.example"
                ? new(address, MailboxResult.Refused, "550 5.1.1 No such user <b>here</b>")
                : new(address, MailboxResult.Accepted, "250 OK")));
        await workflow.PutInUse(Register("old@che.example", "Jürg Lauber"));
        var first = await workflow.Released();
        await workflow.CarryOutBatches();
        workflow.Clock.Advance(TimeSpan.FromDays(1));
        await using var site = await TestSite.Open(workflow);

        // Told where the next letter is released, and on the mission's page and in the list.
        await workflow.PutInUse(Register("old@che.example", "Jürg Lauber"));
        var second = await workflow.AcceptedWith("", "draft-rev-2");
        Assert.Contains(
            "1 mailbox this letter goes to refused or returned a letter lately.",
            TestSite.Words((await site.Page(Addresses.Distribution(second.Id))).QuerySelector("#mailbox-troubles")!.TextContent),
            StringComparison.Ordinal);
        var page = await site.Page(Addresses.Mission("che"));
        var told = page.QuerySelector("#troubles")!;
        Assert.Contains("old@che.example: refused on 26 March 2018", TestSite.Words(told.TextContent), StringComparison.Ordinal);
        Assert.Contains("No such user <b>here</b>", told.TextContent, StringComparison.Ordinal);
        Assert.Empty(told.QuerySelectorAll("b"));
        Assert.Equal(
            "Refused",
            (await site.Page($"{Addresses.MissionList}?troubled=yes")).QuerySelector("td .tag.bad")!.TextContent);

        await workflow.PutInUse(Register("new@che.example", "Anna Fontana"));
        var third = await workflow.AcceptedWith("", "draft-rev-3");
        Assert.Null((await site.Page(Addresses.Distribution(third.Id))).QuerySelector("#mailbox-troubles"));
        Assert.True(await workflow.Get<Releases>().Release(third.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Acknowledge(third.Id, "che", "Amélie <i>Favre</i>", AcknowledgementChannel.Telephone);

        page = await site.Page(Addresses.Mission("che"));
        Assert.Null(page.QuerySelector("#troubles"));
        var rows = page.QuerySelectorAll("table.missions tbody tr").Select(row => TestSite.Words(row.TextContent)).ToList();
        Assert.Equal(2, rows.Count);
        Assert.Contains("new@che.example", rows[0], StringComparison.Ordinal);
        Assert.Contains("Amélie <i>Favre</i>", rows[0], StringComparison.Ordinal);
        Assert.Contains("by telephone", rows[0], StringComparison.Ordinal);
        Assert.Contains("Refused, 26 March 2018", rows[1], StringComparison.Ordinal);
        Assert.Contains("Accepted by the mail server the mission has the letter", rows[0], StringComparison.Ordinal);
        Assert.Contains("Failed the mission does not have the letter", rows[1], StringComparison.Ordinal);
        var words = TestSite.Words(page);
        Assert.Contains("To: old@che.example became new@che.example", words, StringComparison.Ordinal);
        Assert.Contains(
            "Head of mission: H.E. Jürg Lauber, Permanent Representative became H.E. Anna Fontana, Permanent Representative",
            words,
            StringComparison.Ordinal);
        Assert.Contains("Before: H.E. Jürg Lauber, Permanent Representative, in letters on 26 March 2018", words, StringComparison.Ordinal);
        Assert.Equal("No mailbox of these missions refused or returned a letter lately. Show all", TestSite.Words((await site.Page($"{Addresses.MissionList}?troubled=yes")).QuerySelector("#none")!.TextContent));
        Assert.Equal(first.Id, (await workflow.Distributions()).Single(found => found.Folder.Revision == "draft-rev-1").Id);
    }

    [Fact]
    public async Task A_mailbox_that_took_a_later_letter_is_sound_again_also_where_mail_was_slow()
    {
        var refuses = true;
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub((message, address) =>
                new(address, refuses ? MailboxResult.Refused : MailboxResult.Accepted, refuses ? "550 No such user" : "250 OK")));
        await workflow.Released("che");
        await workflow.CarryOutBatches();
        workflow.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(
            "Refused",
            Assert.Single(await workflow.Get<MailboxTroubles>().Recent(Cancellation)).Value.Words);
        refuses = false;
        var second = await workflow.AcceptedWith("", "draft-rev-2");
        Assert.True(await workflow.Get<Releases>().Release(second.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await workflow.Get<MailboxTroubles>().Recent(Cancellation));
    }

    [Fact]
    public async Task A_mission_that_left_the_register_is_found_and_keeps_its_page()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.UseRegister("che");
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Addresses.Mission("mex"));
        Assert.StartsWith("This mission is no longer in the register", page.QuerySelector("#gone")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(
            Addresses.Letter(letter.Id, "mex"),
            page.QuerySelector("table.missions tbody a")!.GetAttribute("href"));
        Assert.Contains(
            "no longer in the register; last written to with Draft Rev 1",
            TestSite.Words(await site.Page($"{Addresses.Search}?q=mexico")),
            StringComparison.Ordinal);
        var list = await site.Page(Addresses.MissionList);
        Assert.Equal(["Switzerland"], list.QuerySelectorAll("table.missions tbody th").Select(cell => cell.TextContent));
        Assert.Equal("Mexico", list.QuerySelector("#former ~ ul a")!.TextContent);
    }

    [Fact]
    public async Task What_cannot_be_read_of_it_is_said_and_hides_nothing_else()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Acknowledge(letter.Id, "che", channel: AcknowledgementChannel.Telephone);
        foreach (var table in (string[])[ResourceNames.DispatchesTable, ResourceNames.AcknowledgementsTable])
        {
            var client = workflow.Get<StorageAccount>().Tables.GetTableClient(table);
            var entity = (await client.GetEntityAsync<TableEntity>(letter.Id, "che", cancellationToken: Cancellation)).Value;
            entity["Facts0"] = "{";
            await client.UpdateEntityAsync(entity, entity.ETag, TableUpdateMode.Replace, Cancellation);
        }

        await workflow.Get<RegisterContainer>().Write(RegisterContainer.InUse, Encoding.UTF8.GetBytes("mission\r\n\"broken"), Cancellation);
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Addresses.Mission("che"));
        Assert.NotNull(page.QuerySelector("#unreadable"));
        Assert.Equal(2, page.QuerySelectorAll("table.missions .tag.warn").Length);
        Assert.NotNull((await site.Page(Addresses.MissionList)).QuerySelector(".note.bad"));
        Assert.NotNull((await site.Page($"{Addresses.Search}?q=switzerland")).QuerySelector(".note.bad"));
        Assert.Contains("the mission has the letter", TestSite.Words((await site.Page(Addresses.Mission("mex"))).QuerySelector("table.missions")!.TextContent), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_register_of_five_thousand_is_listed_page_by_page()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var csv = new StringBuilder("mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc\r\n");
        for (var number = 1; number <= 5_000; number++)
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"m{number:0000},other-entity,Entity {number:0000},Office of Entity {number:0000},Observer,,,{(number % 2 == 0 ? "fr" : "en")},,m{number}@missions.example,\r\n");
        await workflow.PutInUse(csv.ToString());
        await using var site = await TestSite.Open(workflow);
        var seen = new List<string>();
        for (var path = $"{Addresses.MissionList}?q=entity&language=fr"; path is not null;)
        {
            var answer = await site.Get(path);
            Assert.True((await answer.Content.ReadAsByteArrayAsync(Cancellation)).Length < 300_000);
            var page = await site.Page(path);
            seen.AddRange(page.QuerySelectorAll("table.missions tbody th").Select(cell => cell.TextContent));
            path = page.QuerySelector("nav a[rel=next]")?.GetAttribute("href");
        }

        Assert.Equal(2_500, seen.Distinct().Count());
        Assert.Equal(2_500, seen.Count);
        var found = await site.Page($"{Addresses.Search}?q=entity");
        Assert.Equal("Missions (5000)", found.QuerySelector("#missions")!.TextContent);
        Assert.Equal(20, found.QuerySelectorAll("#missions ~ ul li").Length);
    }

    [Fact]
    public async Task Of_many_letters_a_missions_page_shows_twenty_and_leads_to_the_others()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var letter = await workflow.Released("che");
        await workflow.CarryOutBatches();
        var content = await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation);
        var record = await workflow.TheDistribution();
        for (var number = 1; number <= 24; number++)
        {
            var id = $"{letter.Id}-x{number}";
            await workflow.Get<FrozenContents>().Freeze(id, content, new([], [], []), Cancellation);
            await workflow.Get<MissionEntries>().Freeze(id, content, isNew: true, Cancellation);
            await workflow.Get<DistributionRecords>().Add(
                record with { Id = id, ReleasedAt = record.ReleasedAt!.Value.AddMinutes(number) },
                Cancellation);
        }

        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Addresses.Mission("che"));
        Assert.Equal(20, page.QuerySelectorAll("table.missions tbody tr").Length);
        var next = await site.Page(page.QuerySelector("nav a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(5, next.QuerySelectorAll("table.missions tbody tr").Length);
        Assert.Null(next.QuerySelector("nav a[rel=next]"));
        Assert.Equal(
            Addresses.Letter(letter.Id, "che"),
            next.QuerySelectorAll("table.missions tbody th a").OfType<IHtmlAnchorElement>().Last().GetAttribute("href"));
    }

    private static string Register(string to, string head) => $"""
        mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc
        che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,{head},H.E.,fr,,{to},
        """;
}
