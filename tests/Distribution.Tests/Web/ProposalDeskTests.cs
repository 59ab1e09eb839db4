using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Distribution.Tracking;
using Distribution.Tracking.Proposals;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>What missions propose, at the desk: held against the register as it is now, accepted or declined.</summary>
public sealed class ProposalDeskTests(AzuriteFixture azurite)
{
    private const string Accept = "Accept it into the register: Switzerland";

    private const string Decline = "Decline it: Switzerland";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_confirmed_is_accepted_into_the_register_with_its_history_and_the_next_letter_goes_there()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await Sent(workflow);
        await using var mission = await TestSite.Open(workflow);
        var page = MissionProposer.Page(workflow, letter.Id);
        await MissionProposer.Proposes(workflow, mission, page, ("to", "new@che.example"), ("head_of_mission", "Pascale Baeriswyl"));
        await MissionProposer.Mailed(workflow);
        await MissionProposer.Confirms(workflow, mission, MissionProposer.LinkIn(MissionProposer.Asked(workflow).Single()));

        await using var desk = await TestSite.Open(workflow, [Roles.Drafter]);
        var front = (await desk.Page(Addresses.Front)).QuerySelector("#waiting-proposals")!;
        Assert.Equal("1 mission proposes a change", front.TextContent);
        Assert.NotNull((await desk.Page(Addresses.Mission("che"))).QuerySelector("#proposes"));
        var waits = await desk.Page(front.GetAttribute("href")!);
        Assert.Equal(
            [("Letters go to", "che@missions.example", "new@che.example"), ("Name of the head", "none", "Pascale Baeriswyl")],
            waits.QuerySelectorAll(".proposal tbody tr")
                .Select(row => (row.Children[0].TextContent, row.Children[1].TextContent, row.Children[2].TextContent)));
        Assert.Contains("Confirmed by link on", TestSite.Words(waits), StringComparison.Ordinal);
        Assert.Contains("Proposed by Amélie Favre on", TestSite.Words(waits), StringComparison.Ordinal);
        Assert.NotNull(waits.QuerySelector(".domain"));
        Assert.Null(waits.QuerySelector("input[name=asked]"));

        var told = await desk.Press(waits, Accept);
        Assert.Contains("It is accepted, and the register has it so from now on.", TestSite.Words(told), StringComparison.Ordinal);
        var history = TestSite.Words(told.QuerySelector("#register-changes ~ ul li")!.TextContent);
        Assert.Contains("To: che@missions.example became new@che.example", history, StringComparison.Ordinal);
        Assert.Contains($"{TestSite.PersonWithRoles}", history, StringComparison.Ordinal);
        Assert.Contains("Why: proposed on the mission's page on", history, StringComparison.Ordinal);
        Assert.EndsWith("by the link of Draft Rev 1; confirmed by the link in a mail to the new mailbox", history, StringComparison.Ordinal);
        Assert.Null((await desk.Page(Addresses.Front)).QuerySelector("#waiting-proposals"));
        var became = TestSite.Words(await mission.Page(page + "?lang=en"));
        Assert.Contains("Accepted at", became, StringComparison.Ordinal);
        Assert.DoesNotContain(TestSite.PersonWithRoles, became, StringComparison.Ordinal);
        // Names of the mission's people are not in the record of acts, from which nothing is erased.
        Assert.All(
            await workflow.Get<DeskActs>().Latest(null, 10, Cancellation),
            act => Assert.DoesNotContain("Favre", $"{act.Detail} {act.Words}", StringComparison.Ordinal));

        await workflow.Upload("gcm/next/letter.md", Samples.Letter());
        await workflow.Upload("gcm/next/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        var next = (await workflow.Distributions()).Single(found => found.Folder.Revision == "next");
        Assert.True(await workflow.Get<Distribution.Sending.Releases>().Release(next.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();
        Assert.Contains(
            "new@che.example",
            workflow.Sent(next.Id).SelectMany(message => message.To.Mailboxes).Select(box => box.Address));
    }

    [Fact]
    public async Task A_mailbox_that_is_not_confirmed_is_accepted_only_by_who_says_that_the_mission_was_asked()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var desk = await Proposed(workflow, ("to", "fra@missions.example; new@missions.example"));
        var page = await desk.Page(Addresses.Proposals);
        Assert.Equal("fra@missions.example is a mailbox of France as well.", TestSite.Words(page.QuerySelector(".owner")!.TextContent));
        Assert.Contains(
            "fra@missions.example and new@missions.example are its mailboxes",
            TestSite.Words(page.QuerySelector("input[name=asked] + label")!.TextContent),
            StringComparison.Ordinal);
        var refused = await Sends(desk, page, Accept, HttpStatusCode.UnprocessableEntity);
        Assert.StartsWith("A new mailbox is not confirmed.", (await TestSite.Read(refused)).QuerySelector("#problem")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("che@missions.example", await ToOf(workflow));

        await Sends(desk, page, Accept, HttpStatusCode.SeeOther, ("asked", "yes"));
        Assert.Equal("fra@missions.example", await ToOf(workflow));
        Assert.Contains(
            "not confirmed by link, the mission was asked",
            (await workflow.Get<RegisterHistory>().Of("che", Cancellation))[0].Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_changed_in_the_register_since_is_shown_and_not_written_over()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var desk = await Proposed(workflow, ("language", "es"), ("head_title", "Chargé d’affaires"));
        var stale = await desk.Page(Addresses.Proposals);
        await MissionEditTests.Press(desk, await desk.Page(Addresses.MissionEdit("che")), ("language", "en"), ("reason", "a call"));

        var page = await desk.Page(Addresses.Proposals);
        Assert.Equal(
            "Language of correspondence: this was changed in the register since. When the mission proposed it, there stood French.",
            TestSite.Words(page.QuerySelector(".changed")!.TextContent));
        Assert.DoesNotContain(Accept, Buttons(page));
        Assert.Contains("was changed in the register after it was made", TestSite.Words(await desk.Press(stale, Accept)), StringComparison.Ordinal);
        Assert.Equal("en", (await Switzerland(workflow)).Language);
        Assert.Equal("Permanent Representative", (await Switzerland(workflow)).HeadTitle);

        // What was changed to the very thing that is proposed is no obstacle, and another particular is kept.
        await MissionEditTests.Press(desk, await desk.Page(Addresses.MissionEdit("che")), ("language", "es"), ("telephone", "+1 212 286 1540"), ("reason", "a call"));
        await desk.Press(await desk.Page(Addresses.Proposals), Accept);
        Assert.Equal(
            ("es", "Chargé d’affaires", "+1 212 286 1540"),
            ((await Switzerland(workflow)).Language, (await Switzerland(workflow)).HeadTitle, (await Switzerland(workflow)).Telephone));
    }

    [Fact]
    public async Task Declined_with_a_word_the_mission_reads_it_and_a_second_decision_changes_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var desk = await Proposed(workflow, ("language", "es"));
        var page = await desk.Page(Addresses.Proposals);
        var lacking = await Sends(desk, page, Decline, HttpStatusCode.UnprocessableEntity, ("word", " "));
        Assert.StartsWith("Write to the mission why it is declined", (await TestSite.Read(lacking)).QuerySelector("#problem")!.TextContent, StringComparison.Ordinal);

        await Sends(desk, page, Decline, HttpStatusCode.SeeOther, ("word", "Please send a <b>note verbale</b>."));
        var again = await Sends(desk, page, Decline, HttpStatusCode.SeeOther, ("word", "Another word."));
        Assert.Contains("had been decided already when you pressed", TestSite.Words(await desk.Page(again.Headers.Location!.ToString())), StringComparison.Ordinal);
        Assert.Contains("had been decided already when you pressed", TestSite.Words(await desk.Press(page, Accept)), StringComparison.Ordinal);

        Assert.Equal("fr", (await Switzerland(workflow)).Language);
        var read = TestSite.Words(await desk.Page(MissionProposer.Page(workflow, (await workflow.TheDistribution()).Id) + "?lang=en"));
        Assert.Contains("Please send a <b>note verbale</b>.", read, StringComparison.Ordinal);
        Assert.DoesNotContain(TestSite.PersonWithRoles, read, StringComparison.Ordinal);
        Assert.All(
            await workflow.Get<DeskActs>().Latest(null, 10, Cancellation),
            act => Assert.DoesNotContain("note verbale", $"{act.Detail} {act.Words}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_two_people_release_another_confirms_it_and_where_the_other_declines_it_waits_again()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        var letter = await Sent(workflow);
        await using var zoë = await TestSite.Open(workflow, [Roles.Releaser], "zoë@secretariat.example");
        await using var boris = await TestSite.Open(workflow, [Roles.Releaser], "boris@secretariat.example");
        var link = MissionProposer.Page(workflow, letter.Id) + "?lang=en";
        await MissionProposer.Proposes(workflow, zoë, link, ("language", "es"));

        var told = await zoë.Press(await zoë.Page(Addresses.Proposals), Accept);
        Assert.Contains("the changed register waits to be confirmed here", TestSite.Words(told), StringComparison.Ordinal);
        Assert.Equal("fr", (await Switzerland(workflow)).Language);
        Assert.Contains("It is not in the register yet.", TestSite.Words(await zoë.Page(link)), StringComparison.Ordinal);
        Assert.Contains("zoë@secretariat.example accepted it on", TestSite.Words(await boris.Page(Addresses.Proposals)), StringComparison.Ordinal);
        Assert.DoesNotContain(Accept, Buttons(await boris.Page(Addresses.Proposals)));

        await boris.Press(await boris.Page(Addresses.Register), "Decline this register");
        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        await MissionProposer.Mailed(workflow);
        await zoë.Press(await zoë.Page(Addresses.Proposals), Accept);
        var page = await boris.Page(Addresses.Register);
        page.QuerySelector("#confirmed")!.SetAttribute("checked", "");
        await boris.Press(page, "Put this register into use");
        Assert.Equal("es", (await Switzerland(workflow)).Language);
        await MissionProposer.Mailed(workflow);
        Assert.Contains("Accepted at", TestSite.Words(await zoë.Page(link)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_who_decide_at_once_decide_once_and_what_a_worker_left_half_done_is_settled()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var desk = await Proposed(workflow, ("language", "es"));
        var id = (await MissionProposer.OnRecord(workflow)).Single().Id;
        await using var other = workflow.Another();
        var decided = await Task.WhenAll(
            Accepts(workflow),
            Task.Run(async () => await other.Get<ProposalDecisions>().Decline("che", id, new("b", "Boris"), "No.", Cancellation)));
        Assert.Single(decided, hasDecided => hasDecided);
        Assert.Equal(decided[0] ? "es" : "fr", (await Switzerland(workflow)).Language);

        // A worker that stops between having it and changing the register: it waits again.
        await MissionProposer.Proposes(workflow, desk, MissionProposer.Page(workflow, (await workflow.TheDistribution()).Id), ("language", "ru"));
        id = (await MissionProposer.OnRecord(workflow))[^1].Id;
        await workflow.Get<MissionProposals>().Change(
            "che",
            id,
            now => new Distribution.Storage.Decision<MissionProposal, bool>(now with { Accepted = new("a", workflow.Clock.GetUtcNow()) }, true),
            Cancellation);
        await MissionProposer.Mailed(workflow);
        Assert.False(await Accepts(workflow));
        workflow.Clock.Advance(TimeSpan.FromMinutes(5));
        await MissionProposer.Mailed(workflow);
        Assert.True(await Accepts(workflow));
        Assert.Equal("ru", (await Switzerland(workflow)).Language);

        // Where the mission proposes another at the moment at which one is given back, that other alone waits.
        workflow.Clock.Advance(TimeSpan.FromDays(1));
        var accepted = (await MissionProposer.OnRecord(workflow))[^1] with
        {
            Id = "accepted",
            Cells = [new("language", "ru", "zh")],
            At = workflow.Clock.GetUtcNow(),
            Accepted = new("a", workflow.Clock.GetUtcNow().AddHours(-1)),
            End = null,
        };
        var all = workflow.Get<MissionProposals>();
        await all.Record("che", accepted, id, Cancellation);
        await using (var settling = workflow.OverStorage(new Meanwhile(
            $"/{Distribution.Common.ResourceNames.MissionsTable}(",
            () => all.Record("che", accepted with { Id = "newer", Accepted = null }, "accepted", Cancellation),
            Azure.Core.RequestMethod.Put)))
            await settling.Get<ProposalDecisions>().Settle(await all.Of("che", Cancellation), Cancellation);
        Assert.Equal("newer", Assert.Single(await MissionProposer.OnRecord(workflow), proposal => proposal.IsWaiting).Id);

        async Task<bool> Accepts(TestWorkflow worker) =>
            (await worker.Get<ProposalDecisions>().Accept("che", id, new("a", "Amélie"), "a test", false, Cancellation))!.State
            == ProposalAccepting.Done;
    }

    [Fact]
    public async Task While_a_register_waits_and_for_a_mission_that_left_it_nothing_is_accepted_and_a_reader_sees_no_button()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var desk = await Proposed(workflow, ("language", "es"));
        await using var reader = await TestSite.Open(workflow, [Roles.Reader]);
        Assert.DoesNotContain(Buttons(await reader.Page(Addresses.Proposals)), words => words is Accept or Decline);
        var page = await desk.Page(Addresses.Proposals);

        await workflow.BringRegister(System.Text.Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("fra")));
        Assert.Contains("a register waits to be confirmed", TestSite.Words(await desk.Press(page, Accept)), StringComparison.Ordinal);
        Assert.Null(Assert.Single(await MissionProposer.OnRecord(workflow)).Accepted);

        await workflow.UploadRegister(TestWorkflow.RegisterOf("fra"));
        Assert.Contains("the mission is not in the register any more", TestSite.Words(await desk.Press(page, Accept)), StringComparison.Ordinal);
        page = await desk.Page(Addresses.Proposals);
        Assert.DoesNotContain(Buttons(page), words => words.StartsWith("Accept", StringComparison.Ordinal));
        await Sends(desk, page, "Decline it: che", HttpStatusCode.SeeOther, ("word", "You left the register."));
        Assert.NotNull(Assert.Single(await MissionProposer.OnRecord(workflow)).End);
    }

    private static async Task<DistributionRecord> Sent(TestWorkflow workflow)
    {
        await workflow.PutInUse("""
            mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc
            fra,member-state,France,Permanent Mission of France to the United Nations,Permanent Representative,,,fr,,fra@missions.example,
            che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,,,fr,,che@missions.example,
            """);
        var letter = await workflow.Accepted();
        foreach (var by in (string[])["the first", "the second"])
            await workflow.Get<Distribution.Sending.Releases>().Release(letter.Id, by, Cancellation);
        await workflow.Run();
        return letter;
    }

    /// <summary>A letter was sent, and its mission has proposed this.</summary>
    private static async Task<TestSite> Proposed(TestWorkflow workflow, params (string Name, string Value)[] typed)
    {
        var letter = await Sent(workflow);
        var desk = await TestSite.Open(workflow, [Roles.Drafter]);
        await MissionProposer.Proposes(workflow, desk, MissionProposer.Page(workflow, letter.Id), typed);
        return desk;
    }

    private static IEnumerable<string> Buttons(IHtmlDocument page) =>
        page.QuerySelectorAll("main button").Select(button => TestSite.Words(button.TextContent));

    /// <summary>Sends the form with the button of this name, with these fields.</summary>
    private static async Task<HttpResponseMessage> Sends(
        TestSite site,
        IHtmlDocument page,
        string button,
        HttpStatusCode expected,
        params (string Name, string Value)[] typed)
    {
        var form = page.QuerySelectorAll("main button")
            .OfType<IHtmlButtonElement>()
            .Single(found => TestSite.Words(found.TextContent) == button)
            .Form!;
        var fields = form.QuerySelectorAll("input[type=hidden]")
            .OfType<IHtmlInputElement>()
            .Select(input => KeyValuePair.Create(input.Name!, input.Value))
            .Concat(typed.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        var answer = await site.Send(HttpMethod.Post, form.GetAttribute("action")!, fields);
        Assert.Equal(expected, answer.StatusCode);
        return answer;
    }

    private static async Task<Mission> Switzerland(TestWorkflow workflow) =>
        (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Single(mission => mission.Id == "che");

    private static async Task<string> ToOf(TestWorkflow workflow) => (await Switzerland(workflow)).Mailboxes[0].Address;
}
