using System.Net;
using System.Text;
using Distribution.Intake;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Register;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>The register at the desk: what is in use, what waits, and who puts it into use.</summary>
public sealed class RegisterPageTests(AzuriteFixture azurite)
{
    private const string Confirm = "Put this register into use";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_confirms_what_waits_has_seen_whom_letters_would_and_would_not_go_to_and_is_on_record()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        await workflow.BringRegister(Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "ken")));

        Assert.Contains(
            "waits to be confirmed; the one in use stays. 2 missions of the register in use are not in it: France and Mexico. 1 mission is new in it: Kenya.",
            TestSite.Words(await site.Page(Addresses.Front)),
            StringComparison.Ordinal);
        var page = await site.Page(Addresses.Register);
        Assert.Equal(
            ["France", "Mexico"],
            page.QuerySelectorAll("#gone li").Select(item => TestSite.Words(item.TextContent)));
        Assert.Equal("Kenya ken@missions.example", TestSite.Words(page.QuerySelector("#new li")!.TextContent));

        // Not by pressing alone.
        var told = await site.Press(page, Confirm);
        Assert.Contains("Nothing was changed: tick the box first", TestSite.Words(told), StringComparison.Ordinal);
        Assert.Equal(3, await InUse(workflow));

        page.QuerySelector("#confirmed")!.SetAttribute("checked", "");
        told = await site.Press(page, Confirm);
        Assert.Contains("The register is in use.", TestSite.Words(told), StringComparison.Ordinal);
        Assert.Contains("2 missions are written to.", TestSite.Words(told), StringComparison.Ordinal);
        Assert.Contains(", confirmed by ", TestSite.Words(told), StringComparison.Ordinal);
        Assert.Null(told.QuerySelector("#waiting"));
        var act = Assert.Single(
            await workflow.Get<DeskActs>().Latest(null, 10, Cancellation),
            act => (act.What, act.Outcome) == ("Put a register into use", DeskOutcome.Done));
        Assert.Contains("France and Mexico", act.Detail, StringComparison.Ordinal);

        // The page as it was shown does nothing more.
        Assert.Contains(
            "this register was in use already when you pressed",
            TestSite.Words(await site.Press(page, Confirm)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drafter_uploads_a_register_and_a_releaser_puts_it_into_use()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var drafter = await TestSite.Open(workflow, [Roles.Drafter]);
        var answer = await Upload(drafter, WorkbookFile.OfCsv(RegisterText.Header, RegisterText.Switzerland));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var page = await drafter.Page(answer.Headers.Location!.ToString());
        Assert.Contains("The register is uploaded and waits to be confirmed.", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Contains("Only a releaser may do this.", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("#confirm-register"));
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await drafter.Post(Addresses.ConfirmRegister, await drafter.Token(), ("confirmed", "yes"))).StatusCode);

        await using var releaser = await TestSite.Open(workflow, [Roles.Releaser]);
        page = await releaser.Page(Addresses.Register);
        page.QuerySelector("#confirmed")!.SetAttribute("checked", "");
        await releaser.Press(page, Confirm);
        Assert.Equal(1, await InUse(workflow));
    }

    [Fact]
    public async Task Who_releases_a_letter_meanwhile_is_told_that_it_goes_by_the_register_in_use()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var letter = await workflow.Accepted();
        Assert.Null((await site.Page(Addresses.Distribution(letter.Id))).QuerySelector("#register-waits"));
        await workflow.BringRegister(Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "fra", "ken", "mex")));
        Assert.StartsWith(
            "This letter goes to the missions of the register in use. Another one waits to be confirmed: 1 mission is new in it: Kenya.",
            TestSite.Words((await site.Page(Addresses.Distribution(letter.Id))).QuerySelector("#register-waits")!.TextContent),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_chosen_at_the_desk_counts_when_what_it_changes_was_seen_and_says_what_it_takes_back()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.PutInUse(TestWorkflow.RegisterOf("che", "fra", "mex"));
        await using var amélie = await TestSite.Open(workflow, [Roles.Releaser]);
        await using var boris = await TestSite.Open(workflow, [Roles.Drafter], "boris@secretariat.example");
        var downloaded = await (await amélie.Get(Addresses.RegisterFile)).Content.ReadAsStringAsync(Cancellation);
        await MissionEditTests.Press(boris, await boris.Page(Addresses.MissionEdit("fra")), ("to", "new@fra.example"), ("reason", "The mission asked"));

        var answer = await Upload(amélie, Encoding.UTF8.GetBytes(downloaded.Replace("mex@missions.example", "new@mex.example", StringComparison.Ordinal)));
        var page = await amélie.Page(answer.Headers.Location!.ToString());
        Assert.Contains("amélie@secretariat.example uploaded a file at the desk", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Equal(
            ["France To: new@fra.example became fra@missions.example", "Mexico To: mex@missions.example became new@mex.example"],
            page.QuerySelectorAll("#changed-particulars li").Select(item => TestSite.Words(item.TextContent)));
        Assert.Contains(
            "France: To: new@fra.example became fra@missions.example boris@secretariat.example had changed it on ",
            TestSite.Words(page.QuerySelector("#taken-back li")!.TextContent),
            StringComparison.Ordinal);
        Assert.Contains(
            "fra,France,To,new@fra.example,fra@missions.example",
            await (await amélie.Get(Addresses.RegisterDifference)).Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal);
        Assert.Equal("mex@missions.example", await To(workflow, "mex"));

        // Who comes second overwrites nothing of it unseen.
        answer = await Upload(boris, Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che", "fra", "mex", "ken")));
        Assert.Contains(
            "Nothing was uploaded: a register waits to be confirmed",
            TestSite.Words(await boris.Page(answer.Headers.Location!.ToString())),
            StringComparison.Ordinal);

        // Who made it corrects it, sees it again, and puts it into use.
        answer = await Upload(
            amélie,
            Encoding.UTF8.GetBytes(
                downloaded
                    .Replace("mex@missions.example", "new@mex.example", StringComparison.Ordinal)
                    .Replace("fra@missions.example", "new@fra.example", StringComparison.Ordinal)));
        page = await amélie.Page(answer.Headers.Location!.ToString());
        Assert.Null(page.QuerySelector("#taken-back"));
        page.QuerySelector("#confirmed")!.SetAttribute("checked", "");
        await amélie.Press(page, Confirm);
        Assert.Equal("new@mex.example", await To(workflow, "mex"));
        Assert.Equal("new@fra.example", await To(workflow, "fra"));
        Assert.Contains(
            "amélie@secretariat.example To: mex@missions.example became new@mex.example",
            TestSite.Words((await amélie.Page(Addresses.Mission("mex"))).QuerySelector("#register-changes ~ ul li")!.TextContent),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_two_people_release_a_file_that_only_changes_mailboxes_waits_for_another_whoever_brought_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        await workflow.PutInUse(TestWorkflow.RegisterOf("che", "fra", "mex"));
        await using var amélie = await TestSite.Open(workflow, [Roles.Releaser]);
        var changed = Encoding.UTF8.GetBytes(
            TestWorkflow.RegisterOf("che", "fra", "mex").Replace("mex@missions.example", "new@mex.example", StringComparison.Ordinal));
        await Upload(amélie, changed);
        var page = await amélie.Page(Addresses.Register);
        Assert.Null(page.QuerySelector("#confirm-register"));
        Assert.Contains("You made this change, so another releaser must confirm it.", TestSite.Words(page), StringComparison.Ordinal);
        await amélie.Press(await amélie.Page(Addresses.Register), "Decline this register");

        await workflow.BringRegister(changed);
        Assert.Equal("mex@missions.example", await To(workflow, "mex"));
        await using var boris = await TestSite.Open(workflow, [Roles.Releaser], "boris@secretariat.example");
        page = await boris.Page(Addresses.Register);
        page.QuerySelector("#confirmed")!.SetAttribute("checked", "");
        await boris.Press(page, Confirm);
        Assert.Equal("new@mex.example", await To(workflow, "mex"));
    }

    [Theory]
    [InlineData(Addresses.RegisterFile)]
    [InlineData(Addresses.RegisterWorkbook)]
    public async Task The_register_that_is_downloaded_acts_in_no_spreadsheet_and_is_the_same_when_it_is_uploaded_again(string address)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.PutInUse(""""
            mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc,telephone
            che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,"Favre ""the younger""",H.E. Ms.,fr,,=1+1@che.example; +41@che.example,,+1 212 286 1540
            """");
        var before = (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions[0];
        Assert.Equal(2, before.Mailboxes.Count);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var saved = await (await site.Get(address)).Content.ReadAsByteArrayAsync(Cancellation);
        if (address == Addresses.RegisterFile)
        {
            Assert.Contains("'=1+1@che.example; '+41@che.example", Encoding.UTF8.GetString(saved), StringComparison.Ordinal);
            Assert.Contains("'+1 212 286 1540", Encoding.UTF8.GetString(saved), StringComparison.Ordinal);
        }
        else
        {
            using var workbook = DocumentFormat.OpenXml.Packaging.SpreadsheetDocument.Open(new MemoryStream(saved), isEditable: false);
            Assert.Empty(new DocumentFormat.OpenXml.Validation.OpenXmlValidator().Validate(workbook, Cancellation));
            Assert.Empty(workbook.WorkbookPart!.WorksheetParts.Single().Worksheet!.Descendants<DocumentFormat.OpenXml.Spreadsheet.CellFormula>());
        }

        var answer = await Upload(site, saved);
        Assert.Contains("The register is in use, with 1 mission.", TestSite.Words(await site.Page(answer.Headers.Location!.ToString())), StringComparison.Ordinal);
        Assert.Empty(
            Distribution.Register.MissionDifference.Particulars(before, (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions[0]));
    }

    [Fact]
    public async Task A_form_that_is_not_ours_puts_nothing_into_use()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        await workflow.BringRegister(Encoding.UTF8.GetBytes(TestWorkflow.RegisterOf("che")));
        var waiting = (await workflow.Get<RegisterInUse>().Uploaded(Cancellation))!;

        var answer = await site.Send(
            HttpMethod.Post,
            Addresses.ConfirmRegister,
            [new("register", waiting.Hash), new("instead", waiting.InUse), new("confirmed", "yes")]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(3, await InUse(workflow));
    }

    [Fact]
    public async Task A_register_with_faults_is_shown_with_each_place_and_the_one_in_use_can_be_saved_and_uploaded_again()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var answer = await Upload(site, Encoding.UTF8.GetBytes(TestWorkflow.RegisterOfMailboxes("nobody")));
        var page = await site.Page(answer.Headers.Location!.ToString());
        Assert.Contains("The register was not taken over: it has 1 fault.", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Equal("register.csv, row 2, column to", page.QuerySelector("#refused-part .place")!.TextContent);

        var saved = await (await site.Get(Addresses.RegisterFile)).Content.ReadAsByteArrayAsync(Cancellation);
        answer = await Upload(site, saved);
        page = await site.Page(answer.Headers.Location!.ToString());
        Assert.Contains("The register is in use, with 3 missions.", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("#refused-part"));
    }

    [Fact]
    public async Task Names_in_a_register_are_words_on_its_page()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        await workflow.BringRegister(
            Encoding.UTF8.GetBytes(
                TestWorkflow.RegisterOf("che", "ken").Replace(",Kenya,", ",<script>alert(1)</script>,", StringComparison.Ordinal)));
        var page = await site.Page(Addresses.Register);
        Assert.StartsWith("<script>alert(1)</script>", page.QuerySelector("#new bdi")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("script:not([src])"));
    }

    [Fact]
    public async Task A_file_larger_than_any_register_is_refused_and_not_read()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var answer = await Upload(site, new byte[11_000_000]);
        Assert.Contains(
            "The file is larger than 10 MB, and no register is.",
            TestSite.Words(await site.Page(answer.Headers.Location!.ToString())),
            StringComparison.Ordinal);
    }

    private static async Task<string> To(TestWorkflow workflow, string mission) =>
        (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Single(one => one.Id == mission).Mailboxes[0].Address;

    private static async Task<int> InUse(TestWorkflow workflow) =>
        (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Count;

    private static async Task<HttpResponseMessage> Upload(TestSite site, byte[] content)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent((await site.Token()).Value), "__RequestVerificationToken" },
            { new ByteArrayContent(content), "file", "our missions.xlsx" },
        };
        return await site.Send(Addresses.Register, form);
    }
}
