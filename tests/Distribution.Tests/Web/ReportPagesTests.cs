using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Common;
using Distribution.Mail;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tests.Sending;
using Distribution.Tests.Tracking.Log;
using Distribution.Tests.Tracking.Reports;
using Xunit;

namespace Distribution.Tests.Web;

public sealed class ReportPagesTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_of_a_distribution_leads_to_every_report_and_each_of_them_is_there()
    {
        await using var workflow = await Sent(SwissRefuse());
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);

        var page = await site.Page($"/distributions/{distribution.Id}");
        var links = page.QuerySelector("#reports")!
            .ParentElement!.QuerySelectorAll("a")
            .Select(link => link.GetAttribute("href")!)
            .ToList();
        Assert.Equal(
            [
                "nine-oclock",
                "served",
                "unreachable",
                "tick-sheet.pdf",
                "tick-sheet.csv",
                "acknowledgements.csv",
                "log.csv",
                "log.zip",
                "audit",
                "acts",
                "erase",
                "archive.zip",
            ],
            links.Select(link => link.Split('?')[0].Split('/')[^1]));
        foreach (var link in links)
            Assert.Equal((link, HttpStatusCode.OK), (link, (await site.Get(link)).StatusCode));
    }

    [Fact]
    public async Task Served_says_who_was_not_served_and_that_people_declare_the_outcome()
    {
        await using var workflow = await Sent(SwissRefuse());
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);

        var words = TestSite.Words(await site.Page($"/distributions/{distribution.Id}/served"));
        Assert.Contains("1 of 2 missions was not served: Switzerland.", words, StringComparison.Ordinal);
        Assert.Contains(
            "The outcome of a silence procedure is declared by people, and nothing here declares it.",
            words,
            StringComparison.Ordinal);
        Assert.Contains("che@missions.example: refused", words, StringComparison.Ordinal);
        Assert.Contains("Mexico", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Served_offers_the_letter_s_deadlines_and_takes_a_time_of_New_York()
    {
        await using var workflow = await Sent();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);

        var page = await site.Page($"/distributions/{distribution.Id}/served");
        var link = Assert.Single(page.QuerySelectorAll("#deadlines a"));
        Assert.Equal("comments, 3 April 2199, 6.00 p.m. New York time", link.TextContent.Trim());
        var then = await site.Page(link.GetAttribute("href")!);
        Assert.Equal(
            "All 2 missions were served before 3 April 2199, 6.00 p.m. New York time.",
            then.QuerySelector("#verdict")!.TextContent.Trim());
        Assert.Equal("2199-04-03T18:00", ((IHtmlInputElement)then.QuerySelector("#by")!).GetAttribute("value"));

        var rows = ReportTablesTests.Rows(
            await (
                await site.Get(then.QuerySelector("#served-file")!.GetAttribute("href")!)
            ).Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(["yes", "yes"], rows.Skip(1).Select(row => row[4]));
        var early = await site.Page($"/distributions/{distribution.Id}/served?by=2018-03-25T18:00");
        Assert.Contains(
            "2 of 2 missions were not served before 25 March 2018, 6.00 p.m. New York time: ",
            early.QuerySelector("#verdict")!.TextContent,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("soon", "“soon” is not a time that can be read.")]
    [InlineData("<b>", "“<b>” is not a time that can be read.")]
    [InlineData("2018-03-11T02:30", "There was no 2.30 a.m. in New York on 11 March 2018")]
    public async Task A_time_that_is_none_is_told_beside_its_field_and_of_its_file_on_a_page(
        string typed,
        string problem)
    {
        await using var workflow = await Sent();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);

        var page = await site.Page(
            $"/distributions/{distribution.Id}/served?by={Uri.EscapeDataString(typed)}",
            HttpStatusCode.UnprocessableEntity);
        Assert.StartsWith(problem, page.QuerySelector("#by-problem")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(
            problem,
            TestSite.Words(
                await site.Page(
                    $"/distributions/{distribution.Id}/served.csv?by={Uri.EscapeDataString(typed)}",
                    HttpStatusCode.UnprocessableEntity)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_came_twice_is_explained()
    {
        await using var workflow = await Sent();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        Assert.Contains(
            "1.30 a.m. came twice. The first of the two is meant here.",
            TestSite.Words(await site.Page($"/distributions/{distribution.Id}/served?by=2018-11-04T01:30")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_unreachable_are_listed_on_a_page_and_on_paper()
    {
        await using var workflow = await Sent(SwissRefuse());
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);

        var page = await site.Page($"/distributions/{distribution.Id}/unreachable");
        Assert.Contains(
            "Permanent Mission of Switzerland to the United Nations",
            Assert.Single(page.QuerySelectorAll("tbody th")).TextContent,
            StringComparison.Ordinal);
        Assert.Contains("1 of 2 missions", TestSite.Words(page), StringComparison.Ordinal);
        var answer = await site.Get(page.QuerySelector("#unreachable-pdf")!.GetAttribute("href")!);
        Assert.Equal("application/pdf", answer.Content.Headers.ContentType?.MediaType);
        var text = Pdf.Text(await answer.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Contains("Missions to reach by telephone or pouch", text, StringComparison.Ordinal);
        Assert.Contains("Switzerland", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Mexico", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_typesetter_a_sentence_says_what_to_do_and_the_tables_are_there()
    {
        await using var workflow = await Sent();
        var distribution = await workflow.TheDistribution();
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager();
        foreach (
            var (name, value) in Microsoft.Extensions.Configuration.ConfigurationExtensions.AsEnumerable(
                workflow.Configuration))
            configuration[name] = value;
        configuration["Typesetting:Folder"] = "/nowhere";
        await using var site = await TestSite.Open(configuration, workflow.Clock);

        var words = TestSite.Words(
            await site.Page($"/distributions/{distribution.Id}/tick-sheet.pdf", HttpStatusCode.ServiceUnavailable));
        Assert.Contains("The typesetter is not installed in /nowhere.", words, StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.OK,
            (await site.Get($"/distributions/{distribution.Id}/tick-sheet.csv")).StatusCode);
    }

    [Fact]
    public async Task Before_the_release_every_report_says_that_nothing_was_sent()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che", "mex");
        await using var site = await TestSite.Open(workflow);
        foreach (var report in (string[])["served", "unreachable"])
        {
            var page = await site.Page($"/distributions/{distribution.Id}/{report}");
            Assert.Contains(
                "Nothing has been sent: this letter was not released.",
                TestSite.Words(page),
                StringComparison.Ordinal);
            Assert.DoesNotContain("Print this list", TestSite.Words(page), StringComparison.Ordinal);
        }

        Assert.Null((await site.Page($"/distributions/{distribution.Id}")).QuerySelector("#reports"));
    }

    [Fact]
    public async Task A_damaged_enclosure_is_told_in_words_and_not_in_half_an_archive()
    {
        await using var workflow = await Sent();
        var distribution = await workflow.TheDistribution();
        await (
            await workflow.Blob(
                ResourceNames.Distributions,
                name => name.Contains("/enclosures/", StringComparison.Ordinal))).Overwrite(text => text + "x");
        await using var site = await TestSite.Open(workflow);
        await site.Get("/language?of=fr&back=/");
        var page = await site.Page($"/distributions/{distribution.Id}/archive.zip", HttpStatusCode.InternalServerError);
        // The words of the fault are English, and say so on a French page.
        Assert.StartsWith(
            "The stored file distributions/",
            Assert.Single(page.QuerySelectorAll("main [lang=en]")).TextContent,
            StringComparison.Ordinal);
        Assert.Contains("L’archive", TestSite.Words(page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("served")]
    [InlineData("served.csv")]
    [InlineData("unreachable")]
    [InlineData("unreachable.pdf")]
    [InlineData("tick-sheet.pdf")]
    [InlineData("tick-sheet.csv")]
    [InlineData("acknowledgements.csv")]
    [InlineData("archive.zip")]
    public async Task There_is_none_of_a_distribution_that_does_not_exist_and_none_for_strangers(string page)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        await site.Page($"/distributions/none/{page}", HttpStatusCode.NotFound);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await site.Send(HttpMethod.Get, $"/distributions/none/{page}", host: "letters.example")).StatusCode);
    }

    private static TransportStub SwissRefuse() =>
        new(
            (message, address) =>
                new(
                    address,
                    message.MissionId == "che" ? MailboxResult.Refused : MailboxResult.Accepted,
                    message.MissionId == "che" ? "550 No such user" : "250 OK"));

    private Task<TestWorkflow> Sent() =>
        SharedHouse.Again(once, () => Sent(new TransportStub()), new TransportStub(), "taken by all");

    private async Task<TestWorkflow> Sent(TransportStub transport)
    {
        var workflow = await TestWorkflow.Open(azurite, transport);
        await workflow.UseRegister("che", "mex");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.LetterWith("deadlines:\n  comments: 2199-04-03 18:00"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        await workflow.Release();
        await workflow.Reconcile();
        return workflow;
    }
}
