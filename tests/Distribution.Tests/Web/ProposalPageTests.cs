using System.Net;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Register;
using Distribution.Tests.Fixtures;
using Distribution.Tracking.Proposals;
using Distribution.Web;
using Distribution.Web.Missions;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>A mission proposes, by its link, to change what the register has of it; nothing is changed by that.</summary>
public sealed class ProposalPageTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private const string Register = """
        mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc
        fra,member-state,France,Permanent Mission of France to the United Nations,Permanent Representative,,,fr,,fra@missions.example,
        che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,Urs Keller,H.E. Mr.,fr,en,che@missions.example,copy@missions.example; vault@missions.example
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_proposed_is_shown_once_more_and_recorded_when_it_is_confirmed_and_the_register_stays()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var (site, page) = await Ready(workflow);
        await using var _ = site;
        var link = page[..^ProposalView.Page.Length];
        Assert.Equal(page, (await site.Page(link)).QuerySelector($"a[href='{page}']")!.GetAttribute("href"));
        var opened = await site.Page(page);
        // Whoever holds the link need not know the mailboxes.
        Assert.Equal("Now: \u2068c…@missions.example\u2069All of them, with a comma between two.", opened.QuerySelector("#to-hint")!.TextContent);
        Assert.DoesNotContain("che@missions.example", opened.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Equal("Now: \u2068H.E. Mr.\u2069", opened.QuerySelector("#form_of_address-hint")!.TextContent);

        var confirm = await MissionProposer.Filled(
            workflow,
            site,
            page,
            ("to", "copy@missions.example، new@che.example"),
            ("head_of_mission", "Pascale <b>Baeriswyl</b>"),
            ("form_of_address", "H.E. Ms."),
            ("language", "en"),
            ("function", "Second Secretary"));
        Assert.Equal(
            ["copy@missions.example; new@che.example", "vault@missions.example", "Pascale <b>Baeriswyl</b>", "H.E. Ms.", "English", "none"],
            confirm.QuerySelectorAll(".facts .new").Select(found => found.TextContent));
        Assert.Equal(["new@che.example"], confirm.QuerySelectorAll(".asked").Select(found => found.TextContent));
        Assert.Empty(await MissionProposer.OnRecord(workflow));

        // Too soon, and once more.
        var form = MissionVisitor.FormOf(confirm);
        await MissionVisitor.Sent(site, page, form, HttpStatusCode.UnprocessableEntity);
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await MissionVisitor.Sent(site, page, form, HttpStatusCode.SeeOther);
        // Twice, and after "back".
        await MissionVisitor.Sent(site, page, form, HttpStatusCode.SeeOther);

        var proposal = Assert.Single(await MissionProposer.OnRecord(workflow));
        Assert.Equal(("Amélie Favre", "Second Secretary"), (proposal.By, proposal.Function));
        Assert.Equal(
            ["to", "cc", "head_of_mission", "form_of_address", "language", "alternate_language"],
            proposal.Cells.Select(cell => cell.Column));
        Assert.Equal("Urs Keller", proposal.Cells.Single(cell => cell.Column == "head_of_mission").Before);
        var shown = TestSite.Words(await site.Page(page));
        Assert.Contains("It waits for a person at the secretariat.", shown, StringComparison.Ordinal);
        Assert.Contains("\u2066n…@che.example\u2069 is not confirmed yet.", shown, StringComparison.Ordinal);
        Assert.Contains("Proposed by \u2068Amélie Favre, Second Secretary\u2069", shown, StringComparison.Ordinal);
        var chinese = TestSite.Words(await site.Page($"{page}?lang=zh"));
        Assert.Contains("秘书处人员查看。\u2066n…@che.example\u2069尚未确认。", chinese, StringComparison.Ordinal);
        Assert.Contains("\u2068Amélie Favre（Second Secretary）\u2069于", chinese, StringComparison.Ordinal);
        Assert.Equal("Urs Keller", (await Switzerland(workflow)).Head!.Name);
    }

    [Theory]
    [InlineData("to", "nobody", "“\u2068nobody\u2069” is not the address of a mailbox.")]
    [InlineData("to", "Amélie <new@che.example>", "is not the address of a mailbox.")]
    [InlineData("to", "new@che.example\r\nBcc: all@missions.example", "“\u2068Bcc:\u2069” is not the address of a mailbox.")]
    [InlineData("to", "a@x.example b@x.example c@x.example d@x.example e@x.example f@x.example", "Write at most 5 mailboxes.")]
    [InlineData("to", "new@che.example, NEW@che.example", "A mailbox stands here twice")]
    [InlineData("cc", "che@missions.example", "A mailbox stands here twice")]
    [InlineData("head_of_mission", "=HYPERLINK(\"x\")", "This cannot stand in a letter.")]
    [InlineData("head_of_mission", "n/a", "This cannot stand in a letter.")]
    [InlineData("head_of_mission", "Urs\u202eKeller", "This entry holds a character that cannot be printed.")]
    [InlineData("head_title", "Head\r\nBcc: all@missions.example", "This entry holds a character that cannot be printed.")]
    [InlineData("language", "de", "This cannot stand in a letter.")]
    [InlineData("name", "", "Write your name.")]
    [InlineData("name", "See https://evil.example/prize", "Write this without an address or a link")]
    [InlineData("function", "sign in at un-mail.com", "Write this without an address or a link")]
    [InlineData("head_of_mission", "Urs Keller, un-mail.com", "Write this without an address or a link")]
    [InlineData("to", "CHE@missions.example", "Nothing would change")]
    [InlineData("to", "", "Nothing would change")]
    public async Task What_cannot_be_is_told_beside_its_field_what_was_typed_stays_and_nothing_is_recorded(
        string field,
        string typed,
        string told)
    {
        var workflow = await once.Of(async () =>
        {
            var made = await TestWorkflow.Open(azurite);
            await Sent(made);
            return made;
        });
        var site = await once.Of(() => TestSite.Open(workflow));
        var page = MissionProposer.Page(workflow, (await workflow.TheDistribution()).Id);
        (string, string)[] fields = field is "name" or "function" ? [("to", "new@che.example"), (field, typed)] : [(field, typed)];
        var answer = await TestSite.Read(
            await MissionProposer.Sent(workflow, site, page, HttpStatusCode.UnprocessableEntity, fields));
        Assert.Contains(told, TestSite.Words(answer.QuerySelector(".problem")!.TextContent), StringComparison.Ordinal);
        if (field != "language")
            Assert.Equal(
                field is "to" or "cc" ? typed.ReplaceLineEndings(" ") : typed.ReplaceLineEndings(""),
                answer.QuerySelector($"#{field}")!.GetAttribute("value")!.ReplaceLineEndings(""));
        Assert.Empty(await MissionProposer.OnRecord(workflow));
    }

    [Fact]
    public async Task All_copies_and_the_name_of_the_head_are_removed_by_a_box_that_is_ticked_and_the_page_says_so_in_words()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var (site, page) = await Ready(workflow);
        await using var _ = site;
        var (cc, head) = (ProposalForm.RemovedField(RegisterColumns.Cc), ProposalForm.RemovedField(RegisterColumns.HeadOfMission));
        // France has neither, and its page does not speak of a box.
        var ofFrance = MissionProposer.Page(workflow, (await workflow.TheDistribution()).Id, "fra");
        foreach (var language in Languages.Official)
        {
            var other = await site.Page($"{ofFrance}?lang={language}");
            Assert.Empty(other.QuerySelectorAll("input[type=checkbox]"));
            Assert.Null(other.GetElementById("removes"));
            Assert.Equal(PageWords.Of(language)["proposal_remove"], (await site.Page($"{page}?lang={language}")).GetElementById("removes")!.TextContent);
        }

        var both = await TestSite.Read(
            await MissionProposer.Sent(
                workflow,
                site,
                page,
                HttpStatusCode.UnprocessableEntity,
                ("cc", "copy@missions.example"),
                (cc, "yes"),
                ("form_of_address", "H.E. Ms."),
                (head, "yes")));
        Assert.Equal(
            ["#cc", "#head_of_mission"],
            both.QuerySelectorAll(".problem a").Select(link => link.GetAttribute("href")));
        Assert.Contains("Fill in the field or tick the box below it, not both.", both.QuerySelector(".problem")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(both.QuerySelector($"#{cc}[checked]"));

        foreach (var language in Languages.Official)
        {
            var confirm = await MissionProposer.Filled(workflow, site, $"{page}?lang={language}", (cc, "yes"), (head, "yes"));
            var words = PageWords.Of(language);
            Assert.Equal(
                [words["proposal_cc_removed"], words["proposal_head_removed"], words["proposal_none"]],
                confirm.QuerySelectorAll(".facts .new").Select(found => found.TextContent));
        }

        var after = await MissionProposer.Proposes(workflow, site, page, (cc, "yes"), (head, "yes"));
        Assert.Contains("None any more: all mailboxes that get a copy are removed.", TestSite.Words(after), StringComparison.Ordinal);
        Assert.Equal(
            [("cc", ""), ("head_of_mission", ""), ("form_of_address", "")],
            Assert.Single(await MissionProposer.OnRecord(workflow)).Cells.Select(cell => (cell.Column, cell.After)));
        await MissionProposer.Mailed(workflow);
        Assert.Empty(MissionProposer.Asked(workflow));
        Assert.Contains(
            "Proposed: \u2068None any more: all mailboxes that get a copy are removed.\u2069",
            Assert.Single(MissionProposer.Told(workflow)).TextBody,
            StringComparison.Ordinal);

        await using var desk = await TestSite.Open(workflow, [Roles.Drafter]);
        var waits = await desk.Page(Addresses.Proposals);
        Assert.Equal(
            [("Copies go to", "none: what stands there is to be removed"), ("Name of the head", "none: what stands there is to be removed"), ("Form of address of the head", "none: what stands there is to be removed")],
            waits.QuerySelectorAll(".proposal tbody tr").Select(row => (row.Children[0].TextContent, row.Children[2].TextContent)));
        await desk.Press(waits, "Accept it into the register: Switzerland");
        var switzerland = await Switzerland(workflow);
        Assert.Equal(["che@missions.example"], switzerland.Mailboxes.Select(mailbox => mailbox.Address));
        Assert.Null(switzerland.Head);
        // What is not there any more has no box.
        Assert.Empty((await site.Page(page)).QuerySelectorAll("input[type=checkbox]"));
    }

    [Fact]
    public async Task An_address_of_three_hundred_signs_is_told_in_short()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var (site, page) = await Ready(workflow);
        await using var _ = site;
        var answer = await MissionProposer.Sent(
            workflow,
            site,
            page,
            HttpStatusCode.UnprocessableEntity,
            ("to", $"{new string('a', 280)}@che.example"));
        var told = (await TestSite.Read(answer)).QuerySelector(".problem")!.TextContent;
        Assert.Contains($"{new string('a', 59)}…\u2069” is not the address of a mailbox.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scanner_that_opens_and_presses_everything_at_once_proposes_and_confirms_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var (site, page) = await Ready(workflow);
        await using var _ = site;
        for (var press = 0; press < 3; press++)
        {
            var form = MissionProposer.Form(await site.Page(page), ("name", "Scanner"), ("to", "scanner@che.example"));
            await MissionVisitor.Sent(site, page, form, HttpStatusCode.UnprocessableEntity);
            form["website"] = "https://scanner.example";
            workflow.Clock.Advance(PersonsTime.ToFillIn);
            await MissionVisitor.Sent(site, page, form, HttpStatusCode.UnprocessableEntity);
        }

        await MissionProposer.Mailed(workflow);
        Assert.Empty(await MissionProposer.OnRecord(workflow));
        Assert.Empty(MissionProposer.Asked(workflow));

        await MissionProposer.Proposes(workflow, site, page, ("to", "new@che.example"));
        await MissionProposer.Mailed(workflow);
        var link = MissionProposer.LinkIn(Assert.Single(MissionProposer.Asked(workflow)));
        for (var press = 0; press < 3; press++)
            await MissionVisitor.Sent(
                site,
                link,
                MissionVisitor.FormOf(await site.Page(link)),
                HttpStatusCode.UnprocessableEntity);
        await MissionVisitor.Sent(site, link, new Dictionary<string, string> { ["seal"] = "made-up" }, HttpStatusCode.UnprocessableEntity);
        Assert.Null(Assert.Single(await MissionProposer.OnRecord(workflow)).NewMailboxes.Single().ConfirmedAt);
    }

    [Fact]
    public async Task A_later_proposal_takes_the_place_of_one_that_waits_and_says_so_before()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var (site, page) = await Ready(workflow);
        await using var _ = site;
        var other = await MissionProposer.Filled(workflow, site, page, ("to", "second@che.example"));
        await MissionProposer.Proposes(workflow, site, page, ("to", "first@che.example"));
        Assert.Contains("It stands below", Waiting(await site.Page(page)), StringComparison.OrdinalIgnoreCase);

        // The other form knew nothing of the first: it is asked about once more, with what was typed.
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        var answer = await TestSite.Read(
            await MissionVisitor.Sent(site, page, MissionVisitor.FormOf(other), HttpStatusCode.UnprocessableEntity));
        Assert.Contains(
            "Somebody else proposed a change meanwhile; it stands below.",
            answer.QuerySelector(".problem")!.TextContent,
            StringComparison.Ordinal);
        Assert.Equal(["second@che.example"], answer.QuerySelectorAll(".asked").Select(found => found.TextContent));
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await MissionVisitor.Sent(site, page, MissionVisitor.FormOf(answer), HttpStatusCode.SeeOther);

        Assert.Equal(
            [ProposalOutcome.Replaced, null],
            (await MissionProposer.OnRecord(workflow)).Select(proposal => proposal.End?.Outcome));
        Assert.Contains("A later proposal has taken its place.", TestSite.Words(await site.Page(page)), StringComparison.Ordinal);

        static string Waiting(AngleSharp.Html.Dom.IHtmlDocument page) => page.QuerySelector("#replaces")!.TextContent;
    }

    [Fact]
    public async Task So_many_a_day_and_no_more_whichever_of_its_links_a_mission_uses()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var (site, page) = await Ready(workflow);
        await using var _ = site;
        for (var count = 1; count <= MissionProposals.MostADay; count++)
            await MissionProposer.Proposes(workflow, site, page, ("to", $"box{count}@che.example"));
        var full = await site.Page(page);
        Assert.Contains("No more than 3 changes can be proposed in a day.", full.QuerySelector("#closed")!.TextContent, StringComparison.Ordinal);
        Assert.Null(full.QuerySelector("form"));
        var late = new Dictionary<string, string> { ["name"] = "x", ["to"] = "more@che.example", ["seal"] = "" };
        await MissionVisitor.Sent(site, page, late, HttpStatusCode.UnprocessableEntity);

        workflow.Clock.Advance(TimeSpan.FromDays(1));
        Assert.NotNull((await site.Page(page)).QuerySelector("form"));
        await MissionProposer.Proposes(workflow, site, page, ("to", "more@che.example"));
    }

    [Fact]
    public async Task By_the_link_of_a_withdrawn_letter_a_wrong_link_or_for_a_mission_that_left_the_register_nothing_is_proposed()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var (site, page) = await Ready(workflow);
        await using var _ = site;
        await site.Page(page.Replace("/che/", "/fra/", StringComparison.Ordinal), HttpStatusCode.NotFound);
        var form = MissionProposer.Form(await site.Page(page), ("name", "Amélie Favre"), ("to", "new@che.example"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);

        await workflow.PutInUse(TestWorkflow.RegisterOf("fra"));
        Assert.Contains("not in the secretariat’s register any more", (await site.Page(page)).QuerySelector("#closed")!.TextContent, StringComparison.Ordinal);
        await MissionVisitor.Sent(site, page, form, HttpStatusCode.UnprocessableEntity);

        await workflow.PutInUse(Register);
        await MissionVisitor.LetterThatLeft(workflow, "supersedes: Draft Rev 1\ncorrection: withdrawal", "later");
        Assert.Contains("This letter has been withdrawn", (await site.Page(page)).QuerySelector("#closed")!.TextContent, StringComparison.Ordinal);
        await MissionVisitor.Sent(site, page, form, HttpStatusCode.UnprocessableEntity);
        Assert.Empty(await MissionProposer.OnRecord(workflow));
    }

    [Fact]
    public async Task A_new_mailbox_is_confirmed_by_a_press_once_within_seven_days_and_changes_nothing_in_the_register()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var (site, page) = await Ready(workflow);
        await using var _ = site;
        await MissionProposer.Proposes(workflow, site, page, ("to", "one@che.example, two@che.example"));
        await MissionProposer.Mailed(workflow);
        var links = MissionProposer.Asked(workflow).ToDictionary(mail => mail.To.Mailboxes.Single().Address, MissionProposer.LinkIn);
        var asks = TestSite.Words(await site.Page(links["one@che.example"]));
        Assert.Contains("one@che.example", asks, StringComparison.Ordinal);
        Assert.DoesNotContain("two@che.example", asks, StringComparison.Ordinal);

        var form = MissionVisitor.FormOf(await site.Page(links["one@che.example"]));
        var confirmed = await MissionProposer.Confirms(workflow, site, links["one@che.example"]);
        // Twice, and after "back".
        await MissionVisitor.Sent(site, links["one@che.example"], form, HttpStatusCode.SeeOther);
        Assert.Contains("The mailbox is confirmed.", TestSite.Words(confirmed), StringComparison.Ordinal);
        Assert.Null(confirmed.QuerySelector("form"));
        Assert.Equal(
            ["one@che.example"],
            Assert.Single(await MissionProposer.OnRecord(workflow)).NewMailboxes
                .Where(mailbox => mailbox.ConfirmedAt is not null)
                .Select(mailbox => mailbox.Address));
        Assert.Equal(3, (await Switzerland(workflow)).Mailboxes.Count);

        // A link that a mail program broke, also before its token.
        foreach (var broken in (string[])[links["one@che.example"].Split('?')[0][..^9], links["one@che.example"][..links["one@che.example"].LastIndexOf('/')], "/mailbox/che"])
        {
            var cut = await site.Send(HttpMethod.Get, broken, headers: [("Accept-Language", "es")], host: "letters.example");
            Assert.Equal(HttpStatusCode.NotFound, cut.StatusCode);
            Assert.Contains(PageWords.Of("es")["mailbox_cut"], TestSite.Words(await TestSite.Read(cut)), StringComparison.Ordinal);
        }

        // A link is good for its own mailbox alone, and as it was signed.
        await site.Page(links["one@che.example"].Replace("?lang", "x?lang", StringComparison.Ordinal), HttpStatusCode.NotFound);
        await site.Page(links["one@che.example"].Replace("/che/", "/fra/", StringComparison.Ordinal), HttpStatusCode.NotFound);
        workflow.Clock.Advance(MissionProposal.ConfirmWithin);
        var late = await site.Page(links["two@che.example"]);
        Assert.Contains("This link was good until", TestSite.Words(late), StringComparison.Ordinal);
        Assert.Null(late.QuerySelector("form"));
        Assert.Contains("\u2066t…@che.example\u2069 was not confirmed in time.", TestSite.Words(await site.Page(page)), StringComparison.Ordinal);

        await MissionProposer.Proposes(workflow, site, page, ("to", "three@che.example"));
        Assert.Contains("a later one has taken its place", TestSite.Words(await site.Page(links["two@che.example"])), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_six_languages_the_page_speaks_the_visitors()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var (site, page) = await Ready(workflow);
        await using var _ = site;
        foreach (var language in Languages.Official)
        {
            var shown = await site.Page($"{page}?lang={language}");
            Assert.Equal(language, shown.DocumentElement.GetAttribute("lang"));
            Assert.Equal(Languages.IsRightToLeft(language) ? "rtl" : "ltr", shown.DocumentElement.GetAttribute("dir"));
            Assert.Equal(PageWords.Of(language)["proposal"], shown.QuerySelector("h1")!.TextContent);
        }
    }

    /// <summary>A letter that was sent to Switzerland, and the page by which it proposes changes.</summary>
    private static async Task<(TestSite Site, string Page)> Ready(TestWorkflow workflow)
    {
        var letter = await Sent(workflow);
        return (await TestSite.Open(workflow), $"{MissionProposer.Page(workflow, letter.Id)}");
    }

    private static async Task<DistributionRecord> Sent(TestWorkflow workflow)
    {
        await workflow.PutInUse(Register);
        var letter = await workflow.Released();
        await workflow.CarryOutBatches();
        return letter;
    }

    private static async Task<Mission> Switzerland(TestWorkflow workflow) =>
        (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Single(mission => mission.Id == "che");
}
