using System.Net;
using Distribution.Mail;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Tracking.Log;
using Xunit;

namespace Distribution.Tests.Web;

public sealed class AuditPageTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Says_that_a_distribution_is_complete_and_proven_with_the_head_to_write_down()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Reconcile();
        await using var site = await TestSite.Open(workflow);

        var status = await site.Page($"/distributions/{distribution.Id}");
        var page = await site.Page(status.QuerySelector("#audit")!.GetAttribute("href")!);
        var words = TestSite.Words(page);
        Assert.Contains("Complete, and proven 2 of 2 missions accounted for", words, StringComparison.Ordinal);
        Assert.Contains("None breaks the proof.", words, StringComparison.Ordinal);
        var head = (await workflow.Export(distribution.Id)).Links[^1].Hash;
        Assert.Equal(head[..16], page.QuerySelector("#head")!.TextContent.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Says_which_mission_breaks_the_proof_and_offers_the_same_as_a_file()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub((message, address) =>
            new(address, message.MissionId == "che" ? MailboxResult.Unknown : MailboxResult.Accepted, "")));
        var distribution = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Seal(distribution.Id);
        await using var site = await TestSite.Open(workflow);

        var page = await site.Page($"/distributions/{distribution.Id}/audit");
        Assert.Contains(
            "Not every mission is accounted for 1 of 2 missions accounted for",
            TestSite.Words(page),
            StringComparison.Ordinal);
        Assert.Equal("Switzerland", Assert.Single(page.QuerySelectorAll("tbody th")).TextContent.Trim());
        Assert.Contains(
            "It is not known what became of the letter to Switzerland.",
            TestSite.Words(page),
            StringComparison.Ordinal);

        var file = await site.Get(page.QuerySelector("#audit-file")!.GetAttribute("href")!);
        Assert.Equal(
            ($"audit-{distribution.Id}.csv", "text/csv"),
            (file.Content.Headers.ContentDisposition?.FileName, file.Content.Headers.ContentType?.MediaType));
        Assert.Contains(
            "It is not known what became of the letter to Switzerland.",
            await file.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_what_is_not_sealed_yet_and_changes_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);

        var words = TestSite.Words(await site.Page($"/distributions/{distribution.Id}/audit"));
        Assert.Contains("Not sealed yet 7 facts", words, StringComparison.Ordinal);
        Assert.Contains("The act Prepared of ", words, StringComparison.Ordinal);
        Assert.Contains("None: nothing is sealed yet", words, StringComparison.Ordinal);
        Assert.Empty((await workflow.Export(distribution.Id)).Links);
    }

    [Fact]
    public async Task The_sealed_log_is_downloaded_as_a_zip_that_is_sound()
    {
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        var distribution = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await workflow.Reconcile();
        await using var site = await TestSite.Open(workflow);

        var page = await site.Page($"/distributions/{distribution.Id}/audit");
        var answer = await site.Get(page.QuerySelector("#log-zip")!.GetAttribute("href")!);
        Assert.Equal(
            ($"log-{distribution.Id}.zip", "application/zip"),
            (answer.Content.Headers.ContentDisposition?.FileName, answer.Content.Headers.ContentType?.MediaType));
        var log = LogSamples.Read(await answer.Content.ReadAsStreamAsync(Cancellation));
        Assert.Empty((await log.Verify()).Faults);
        Assert.Equal(await workflow.FactsOnRecord(distribution.Id), log.WithoutCopies());
    }

    [Theory]
    [InlineData("audit")]
    [InlineData("audit.csv")]
    [InlineData("log.zip")]
    public async Task There_is_none_of_a_distribution_that_does_not_exist(string page)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        await site.Page($"/distributions/none/{page}", HttpStatusCode.NotFound);
    }
}
