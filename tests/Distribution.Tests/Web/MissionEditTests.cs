using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Tests.Fixtures;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>One mission of the register is changed at the desk: checked as an upload is, on record, and losing nothing.</summary>
public sealed class MissionEditTests(AzuriteFixture azurite)
{
    private const string Quoted = "\"Ambassador, \"\"Deputy\"\" of France\"";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mailbox_is_changed_with_a_reason_is_in_use_at_once_and_every_other_cell_stays()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.PutInUse(Register());
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await site.Page((await site.Page(Addresses.Mission("che"))).QuerySelector("#edit")!.GetAttribute("href")!);
        Assert.Equal("che@missions.example", page.QuerySelector("#to")!.GetAttribute("value"));
        Assert.Equal("fr", page.QuerySelectorAll("#language option").OfType<IHtmlOptionElement>().Single(option => option.IsSelected).Value);

        var answer = await Press(site, page, ("to", "new@che.example; second@che.example"), ("telephone", "+1 212 286 1540"), ("reason", "Ms. Favre telephoned"));
        var told = await site.Page(answer.Headers.Location!.ToString());
        Assert.Contains("The register has it so from now on.", TestSite.Words(told), StringComparison.Ordinal);
        Assert.Contains("new@che.example", told.QuerySelector("#particulars")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(
            $"{TestSite.PersonWithRoles} Switzerland: To and Telephone (done)",
            TestSite.Words(told.QuerySelector("#edits ~ ul")!.TextContent),
            StringComparison.Ordinal);
        // What and why is in the history of the register, which is erased, and not in the record of acts, which is not.
        var history = TestSite.Words(told.QuerySelector("#register-changes ~ ul")!.TextContent);
        Assert.Contains("To: che@missions.example became new@che.example", history, StringComparison.Ordinal);
        Assert.Contains("Why: Ms. Favre telephoned", history, StringComparison.Ordinal);
        await AssertActsNameNobody(workflow);

        var register = await workflow.Get<RegisterInUse>().Current(Cancellation);
        Assert.Equal(["France", "Switzerland"], register.Missions.Select(mission => mission.Name));
        Assert.Equal("Ambassador, \"Deputy\" of France", register.Missions[0].HeadTitle);
        Assert.Equal(["new@che.example", "second@che.example"], register.Missions[1].Mailboxes.Select(mailbox => mailbox.Address));
        Assert.Equal("+1 212 286 1540", register.Missions[1].Telephone);
        Assert.Null(register.Missions[0].Telephone);

        // The same once more changes nothing, and no notice was left about what had stood there.
        answer = await Press(site, await site.Page(Addresses.MissionEdit("che")), ("reason", "again"));
        Assert.Contains(
            "the register has it so already",
            TestSite.Words(await site.Page(answer.Headers.Location!.ToString())),
            StringComparison.Ordinal);
    }

    private static async Task AssertActsNameNobody(TestWorkflow workflow)
    {
        var acts = Json.Write(await workflow.Get<Distribution.Tracking.DeskActs>().Latest(null, 100, Cancellation));
        Assert.Contains("Switzerland", acts, StringComparison.Ordinal);
        foreach (var word in (string[])["che@", "@che", "Favre", "+1 212"])
            Assert.DoesNotContain(word, acts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_two_people_release_what_one_changes_another_confirms_and_sees_what_and_why()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        await workflow.PutInUse(Register());
        await using var zoë = await TestSite.Open(workflow, [Roles.Releaser], "zoë@secretariat.example");
        await using var boris = await TestSite.Open(workflow, [Roles.Releaser], "boris@secretariat.example");
        var open = await boris.Page(Addresses.MissionEdit("fra"));
        await Press(zoë, await zoë.Page(Addresses.MissionEdit("che")), ("to", "new@che.example"), ("reason", "Ms. Favre <b>telephoned</b>"));
        Assert.Equal("che@missions.example", await ToOf(workflow));

        // She is offered no button that would be refused, and what comes without one is refused.
        var page = await zoë.Page(Addresses.Register);
        Assert.StartsWith("You made this change, so another releaser must confirm it.", page.QuerySelector("#own")!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("#confirm-register"));
        var waiting = (await workflow.Get<RegisterInUse>().Uploaded(Cancellation))!;
        Assert.Contains(
            "you made this change yourself, so another releaser must confirm it",
            await DeskTests.Said(zoë, await zoë.Post(Addresses.ConfirmRegister, await zoë.Token(), ("register", waiting.Hash), ("instead", waiting.InUse), ("confirmed", "yes"))),
            StringComparison.Ordinal);
        Assert.Equal("che@missions.example", await ToOf(workflow));

        // Nothing else is changed meanwhile, so that neither change is lost.
        Assert.NotNull((await boris.Page(Addresses.MissionEdit("fra"))).QuerySelector("#register-waits"));
        // Whoever had the form open already is told what they had typed: the page has no form until then.
        var late = await TestSite.Read(await Press(boris, open, ("to", "new@fra.example"), ("reason", "a call")));
        Assert.Equal("You had typed: To: fra@missions.example became new@fra.example. Why: a call", late.QuerySelector("#problem")!.TextContent);
        Assert.NotNull(late.QuerySelector("#register-waits"));
        page = await boris.Page(Addresses.Register);
        Assert.Contains(
            "zoë@secretariat.example changed Switzerland: To: che@missions.example became new@che.example. Why: Ms. Favre <b>telephoned</b>.",
            TestSite.Words(page),
            StringComparison.Ordinal);
        page.QuerySelector("#confirmed")!.SetAttribute("checked", "");
        await boris.Press(page, "Put this register into use");
        Assert.Equal("new@che.example", await ToOf(workflow));
        await AssertActsNameNobody(workflow);

        var history = (await boris.Page(Addresses.Mission("che"))).QuerySelector("#register-changes ~ ul li")!.TextContent;
        Assert.Contains(
            "zoë@secretariat.example, confirmed by boris@secretariat.example To: che@missions.example became new@che.example",
            TestSite.Words(history),
            StringComparison.Ordinal);
        Assert.EndsWith("Why: Ms. Favre <b>telephoned</b>", TestSite.Words(history), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_person_changed_another_declines_or_takes_back_and_the_mission_can_be_changed_anew()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        await workflow.PutInUse(Register());
        await using var zoë = await TestSite.Open(workflow, [Roles.Drafter], "zoë@secretariat.example");
        await using var boris = await TestSite.Open(workflow, [Roles.Releaser], "boris@secretariat.example");
        await Press(zoë, await zoë.Page(Addresses.MissionEdit("che")), ("to", "new@che.example"), ("reason", "Ms. Favre telephoned"));
        var stale = await boris.Page(Addresses.Register);
        stale.QuerySelector("#decline-reason")!.SetAttribute("value", "Nobody of that name there");
        Assert.Contains(
            "The register is declined and deleted. The one in use stays as it is.",
            TestSite.Words(await boris.Press(stale, "Decline this register")),
            StringComparison.Ordinal);
        Assert.Equal("che@missions.example", await ToOf(workflow));
        Assert.EndsWith(
            "Declined: Nobody of that name there",
            (await workflow.Get<Distribution.Tracking.DeskActs>().Latest(null, 10, Cancellation)).First(act => act.What == "Decline a register").Detail,
            StringComparison.Ordinal);

        // Nothing waits any more: the same page declines nothing, and confirms nothing.
        Assert.Contains("had been deleted when you pressed", TestSite.Words(await boris.Press(stale, "Decline this register")), StringComparison.Ordinal);
        stale.QuerySelector("#confirmed")!.SetAttribute("checked", "");
        Assert.Contains("had been deleted when you pressed", TestSite.Words(await boris.Press(stale, "Put this register into use")), StringComparison.Ordinal);
        Assert.Empty(await workflow.Get<Distribution.Storage.Notices>().All(Cancellation));

        await Press(zoë, await zoë.Page(Addresses.MissionEdit("che")), ("to", "newer@che.example"), ("reason", "It was a slip"));
        await zoë.Press(await zoë.Page(Addresses.Register), "Decline this register");
        Assert.Null((await zoë.Page(Addresses.MissionEdit("che"))).QuerySelector("#register-waits"));

        // Known as her own by whatever signs her name and her words have.
        var registers = workflow.Get<RegisterInUse>();
        var by = new Person("zoë  key", "Zoë  Favre");
        var row = (await registers.Row("che", Cancellation))!;
        var edited = await registers.Edit(
            new(new Dictionary<string, string>(row.Cells) { [RegisterColumns.To] = "newest@che.example" }),
            row.Hash,
            new(by, "che", "They  called\nat noon"),
            Cancellation);
        Assert.Equal(RegisterEditingState.Waits, edited.State);
        var waiting = (await registers.Uploaded(Cancellation))!;
        Assert.Equal(RegisterConfirmation.IsOwn, await registers.Confirm(waiting.Hash, waiting.InUse, by, Cancellation));
    }

    [Fact]
    public async Task Two_who_change_missions_at_once_both_keep_what_they_changed()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.PutInUse(Register());
        await using var other = workflow.Another();
        var content = (await workflow.Get<RegisterInUse>().Stored(Cancellation))!.Content;
        var results = await Task.WhenAll(Edit(workflow, "che", "new@che.example"), Edit(other, "fra", "new@fra.example"));
        Assert.All(results, result => Assert.Equal(RegisterEditingState.Done, result));
        await workflow.Reconcile();
        Assert.Equal(
            ["new@fra.example", "new@che.example"],
            (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Select(mission => mission.Mailboxes[0].Address));

        async Task<RegisterEditingState> Edit(TestWorkflow worker, string mission, string to)
        {
            var row = MissionRow.Find(content, mission)!;
            return (
                await worker.Get<RegisterInUse>().Edit(
                    new(new Dictionary<string, string>(row.Cells) { [RegisterColumns.To] = to }),
                    row.Hash,
                    new(new("a", "A person"), mission, "a test"),
                    Cancellation)).State;
        }
    }

    [Fact]
    public async Task Who_changes_a_mission_that_another_has_changed_meanwhile_is_shown_both_and_overwrites_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.PutInUse(Register());
        await using var site = await TestSite.Open(workflow);
        var stale = await site.Page(Addresses.MissionEdit("che"));
        await Press(site, await site.Page(Addresses.MissionEdit("che")), ("to", "first@che.example"), ("reason", "the first"));
        var answer = await Press(site, stale, ("to", "second@che.example"), ("reason", "the second"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await TestSite.Read(answer);
        Assert.Contains("Another person changed this mission while you typed.", page.QuerySelector("#problem")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("second@che.example", page.QuerySelector("#problem")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("first@che.example", page.QuerySelector("#to")!.GetAttribute("value"));
        Assert.Equal("first@che.example", await ToOf(workflow));
    }

    [Fact]
    public async Task What_a_register_may_not_hold_is_refused_with_what_was_typed_and_without_a_reason_nothing_is_done()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.PutInUse(Register());
        await using var site = await TestSite.Open(workflow);
        var answer = await Press(site, await site.Page(Addresses.MissionEdit("che")), ("to", "nobody\"><script>"), ("reason", "a slip"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await TestSite.Read(answer);
        // A form has fields, and no file with rows.
        Assert.Equal("To", page.QuerySelector("#faults .place a[href='#to']")!.TextContent);
        Assert.Equal("nobody\"><script>", page.QuerySelector("#to")!.GetAttribute("value"));
        Assert.Empty(page.QuerySelectorAll("script:not([src])"));

        answer = await Press(site, await site.Page(Addresses.MissionEdit("che")), ("to", "new@che.example"), ("reason", " "));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.StartsWith("Write why it is changed", (await TestSite.Read(answer)).QuerySelector("#problem")!.TextContent, StringComparison.Ordinal);
        answer = await Press(site, await site.Page(Addresses.MissionEdit("che")), ("head_of_mission", "=1+1"), ("reason", "a formula"));
        Assert.NotEqual("=1+1", (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions[1].Head?.Name);
        Assert.Equal("che@missions.example", await ToOf(workflow));
        await site.Page(Addresses.MissionEdit("nowhere"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_reader_sees_the_page_and_no_button_and_is_refused()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Reader]);
        Assert.Contains("Only a drafter or a releaser may do this.", TestSite.Words(await site.Page(Addresses.MissionEdit("che"))), StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await site.Post(Addresses.MissionEdit("che"), await site.Token(), ("to", "new@che.example"), ("reason", "x"))).StatusCode);
    }

    private static string Register() => $"""
        mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc
        fra,member-state,France,Permanent Mission of France to the United Nations,{Quoted},,,fr,,fra@missions.example,
        che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,,,fr,,che@missions.example,
        """;

    private static async Task<string> ToOf(TestWorkflow workflow) =>
        (await workflow.Get<RegisterInUse>().Current(Cancellation))
            .Missions.Single(mission => mission.Id == "che").Mailboxes[0].Address;

    /// <summary>Sends the form with these fields and the others as they stand.</summary>
    internal static Task<HttpResponseMessage> Press(TestSite site, IHtmlDocument page, params (string Name, string Value)[] typed)
    {
        var form = page.QuerySelectorAll("main form").OfType<IHtmlFormElement>().Single(found => found.Method == "post");
        var fields = form.QuerySelectorAll("input").OfType<IHtmlInputElement>().Select(input => (Name: input.Name!, input.Value))
            .Concat(form.QuerySelectorAll("select").OfType<IHtmlSelectElement>().Select(select => (Name: select.Name!, Value: select.Value ?? "")))
            .ToDictionary(field => field.Name, field => field.Value);
        foreach (var (name, value) in typed)
            fields[name] = value;
        return site.Send(HttpMethod.Post, form.GetAttribute("action")!, fields);
    }
}
