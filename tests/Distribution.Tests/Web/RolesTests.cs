using System.Net;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Distribution.Web;
using Distribution.Web.Desk;
using Microsoft.AspNetCore.Authorization;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>
/// Who may do what at the desk, whoever stands behind the front door, and that all of it is on record.
/// </summary>
public sealed class RolesTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_endpoint_says_whom_it_is_open_to()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        foreach (
            var endpoint in site.Endpoints.Where(endpoint =>
                endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null
                && PipelineTests.MethodOf(endpoint) == HttpMethod.Post))
        {
            Assert.Contains(
                endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Single().Policy,
                (string?[])[Roles.Keep, Roles.Send]);
            Assert.False(
                string.IsNullOrWhiteSpace(endpoint.Metadata.GetMetadata<ActName>()?.Words),
                endpoint.RoutePattern.RawText);
        }
    }

    [Theory]
    [InlineData("", false, false, false)]
    [InlineData(Roles.Reader, true, false, false)]
    [InlineData(Roles.Drafter, true, true, false)]
    [InlineData(Roles.Releaser, true, true, true)]
    public async Task A_person_is_let_do_what_their_role_allows_and_every_refusal_is_in_words_and_on_record(
        string role,
        bool reads,
        bool keeps,
        bool sends)
    {
        await using var workflow = await Accepted();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow, role.Length == 0 ? [] : [role]);
        var front = await site.Get("/");
        Assert.Equal(reads ? HttpStatusCode.OK : HttpStatusCode.Forbidden, front.StatusCode);
        if (!reads)
            Assert.Contains(
                "This service is not open to you",
                TestSite.Words(await TestSite.Read(front)),
                StringComparison.Ordinal);
        var token = await site.Token();

        var refused = 0;
        foreach (var form in site.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<ActName>() is not null))
        {
            var policy = form.Metadata.GetOrderedMetadata<IAuthorizeData>().Single().Policy;
            // Of a letter that is not there: whoever is let through changes nothing.
            var answer = await site.Post(PipelineTests.PathOf(form, "nowhere"), token);
            if (policy == Roles.Send ? sends : keeps)
            {
                Assert.True(
                    answer.StatusCode
                        is HttpStatusCode.NotFound
                            or HttpStatusCode.SeeOther
                            or HttpStatusCode.UnprocessableEntity,
                    $"{form.RoutePattern.RawText}: {answer.StatusCode}");
                continue;
            }

            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains(
                role.Length == 0 ? "but have no role here" : $"Only {Roles.Who(policy!)} may do this.",
                TestSite.Words(await TestSite.Read(answer)),
                StringComparison.Ordinal);
            refused++;
        }

        var acts = await workflow.Get<DeskActs>().Latest(null, int.MaxValue, Cancellation);
        Assert.Equal(
            site.Endpoints.Count(endpoint => endpoint.Metadata.GetMetadata<ActName>() is not null),
            acts.Count);
        Assert.Equal(refused, acts.Count(act => act.Outcome == DeskOutcome.Refused));
        Assert.All(acts, act => Assert.Equal((TestSite.PersonWithRoles, role), (act.Who, act.Roles)));
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
        if (reads)
            Assert.Equal(
                sends,
                (await site.Page($"/distributions/{distribution.Id}")).QuerySelector(
                    $"form[action='/distributions/{distribution.Id}/release']")
                    is not null);
    }

    [Fact]
    public async Task Who_may_not_send_is_told_who_may_where_the_button_would_be()
    {
        await using var workflow = await Accepted();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var words = TestSite.Words(await site.Page($"/distributions/{distribution.Id}"));
        Assert.Contains("Only a releaser may do this.", words, StringComparison.Ordinal);
        Assert.Contains("drafter", (await site.Page("/")).QuerySelector(".who")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_act_that_cannot_be_put_on_record_is_not_carried_out()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow, [Roles.Releaser]);
        var token = await site.Token();
        await workflow
            .Get<StorageAccount>()
            .Tables.GetTableClient(ResourceNames.DeskActsTable)
            .DeleteAsync(Cancellation);

        Assert.Equal(
            HttpStatusCode.InternalServerError,
            (await site.Post($"/distributions/{distribution.Id}/release", token)).StatusCode);
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task What_was_done_stands_on_a_page_and_in_a_file_with_what_came_of_it()
    {
        await using var workflow = await Accepted();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        await site.Press($"/distributions/{distribution.Id}", "Send Draft Rev 1 to 1 mission");

        var acts = await workflow.Get<DeskActs>().Latest(distribution.Id, 10, Cancellation);
        Assert.Equal(
            [("Release or approve a letter", DeskOutcome.Done)],
            acts.Select(act => (act.What, act.Outcome!.Value)));
        Assert.Contains(
            "Release or approve a letter",
            TestSite.Words(await site.Page(Addresses.Acts(distribution.Id))),
            StringComparison.Ordinal);
        var file = await (await site.Get(Addresses.ActsFile(null))).Content.ReadAsStringAsync(Cancellation);
        Assert.Contains(
            $"every role,Release or approve a letter,{distribution.Id},Draft Rev 1,,,done,Released: it is being sent to 1 mission.".Replace(
                "every role",
                "\"drafter, releaser and reader\"",
                StringComparison.Ordinal),
            file,
            StringComparison.Ordinal);
        Assert.Contains(
            "Nobody has asked for anything yet.",
            TestSite.Words(await site.Page(Addresses.Acts("nowhere"))),
            StringComparison.Ordinal);
    }

    private Task<TestWorkflow> Accepted() =>
        SharedHouse.Again(
            once,
            async () =>
            {
                var house = await TestWorkflow.Open(azurite);
                await house.Accepted("che");
                return house;
            });
}
