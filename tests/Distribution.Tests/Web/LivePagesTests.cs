using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>Pages that keep themselves up to date: what their script is answered, and how much of it.</summary>
public sealed class LivePagesTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_nothing_changes_a_page_is_told_so_in_less_than_5_KB()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "mex");
        await workflow.Upload("gcm/waiting/letter.md", Samples.Letter());
        await workflow.Reconcile();
        await using var site = await TestSite.Open(workflow);
        foreach (
            var path in (string[])
                [
                    "/",
                    $"/distributions/{letter.Id}",
                    $"/distributions/{letter.Id}?show=silent",
                    "/uploads?folder=gcm%2Fwaiting",
                ])
        {
            var version = Version(await site.Page(path));
            var answer = await Ask(site, path, version);
            Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
            Assert.InRange(
                (await answer.Content.ReadAsByteArrayAsync(Cancellation)).Length + Headers(answer),
                0,
                5_000);
        }
    }

    [Fact]
    public async Task What_has_changed_comes_alone_and_with_forms_that_are_accepted()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "mex");
        await using var site = await TestSite.Open(workflow);
        var path = $"/distributions/{letter.Id}";
        var version = Version(await site.Page(path));
        await workflow.Acknowledge(letter.Id, "che", "Amélie Favre");

        var answer = await Ask(site, path, version);
        var parts = await TestSite.Read(answer);
        Assert.Equal(
            ["summary-part", "tiles-live", "timeline-live", "missions-live"],
            parts.QuerySelectorAll("[data-live]").Select(part => part.Id));
        Assert.Contains("Amélie Favre", parts.Body!.TextContent, StringComparison.Ordinal);
        Assert.Null(parts.QuerySelector("iframe"));
        Assert.Equal(
            HttpStatusCode.NotModified,
            (await Ask(site, path, answer.Headers.ETag!.Tag.Trim('"'))).StatusCode);

        // A form that came with a part is pressed like one of the page.
        var all = await TestSite.Read(await Ask(site, path, "none"));
        await site.Press(all, "Stop: send nothing more of Draft Rev 1");
        Assert.Equal(DistributionState.Withdrawn, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_letter_that_left_at_its_hour_and_one_that_was_replaced_are_other_stages_so_that_the_page_is_opened_anew()
    {
        await using var workflow = await TestWorkflow.OpenAt("2018-03-26 17:00", azurite);
        await workflow.UseRegister("che");
        var letter = await workflow.AcceptedWith("send: 2018-03-26 18:00");
        await using var site = await TestSite.Open(workflow);
        var path = $"/distributions/{letter.Id}";
        var waiting = Stage(await site.Page(path));
        await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation);
        var scheduled = await site.Page(path);
        Assert.NotEqual(waiting, Stage(scheduled));

        workflow.WaitUntil("2018-03-26 18:01");
        await workflow.Run();
        var parts = await TestSite.Read(await Ask(site, path, Version(scheduled)));
        Assert.Equal("released", Stage(parts));
        Assert.DoesNotContain("Hold back", parts.Body!.TextContent, StringComparison.Ordinal);

        await workflow.Upload("gcm/draft-rev-2/letter.md", Samples.Letter());
        await workflow.Upload("gcm/draft-rev-2/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        var second = (await workflow.Distributions()).Single(distribution =>
            distribution.Folder.Revision == "draft-rev-2");
        var before = await site.Page($"/distributions/{second.Id}");
        await workflow.Upload("gcm/draft-rev-2/letter.md", Samples.Letter(body: "Draft Rev 1 is enclosed once more."));
        await workflow.Reconcile();
        Assert.NotEqual(
            Stage(before),
            Stage(await TestSite.Read(await Ask(site, $"/distributions/{second.Id}", Version(before)))));
    }

    [Fact]
    public async Task Every_state_of_a_letter_looks_again_by_itself_and_has_a_link_where_no_script_runs()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow);
        await Look();
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await Look();
        await workflow.Run();
        await Look();

        async Task Look()
        {
            var page = await site.Page($"/distributions/{letter.Id}");
            Assert.InRange(
                int.Parse(
                    page.GetElementById("page")!.GetAttribute("data-refresh")!,
                    System.Globalization.CultureInfo.InvariantCulture),
                1_000,
                60_000);
            Assert.StartsWith(
                $"/distributions/{letter.Id}",
                page.QuerySelector(".refresh a")!.GetAttribute("href")!,
                StringComparison.Ordinal);
        }
    }

    private static string Version(IHtmlDocument page) => page.GetElementById("page")!.GetAttribute("data-version")!;

    private static string Stage(IHtmlDocument page) => page.GetElementById("page")!.GetAttribute("data-stage")!;

    private static int Headers(HttpResponseMessage answer) =>
        answer.Headers.ToString().Length + answer.Content.Headers.ToString().Length;

    private static async Task<HttpResponseMessage> Ask(TestSite site, string path, string version) =>
        await site.Send(
            HttpMethod.Get,
            $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}parts=",
            headers: ("If-None-Match", $"\"{version}\""));
}
