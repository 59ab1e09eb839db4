using System.Text;
using Distribution.FaultSuite;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>A letter to more missions than one page lists.</summary>
public sealed class LargeRosterPageTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Its_missions_are_on_several_pages_and_each_mission_on_one()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.PutInUse(Encoding.UTF8.GetString(Registers.Of(501)));
        var distribution = await workflow.Accepted();
        await using var site = await TestSite.Open(workflow);
        var address = $"/distributions/{distribution.Id}";

        var first = await site.Page(address);
        var last = await site.Page($"{address}?show=all&page=2");
        var beyond = await site.Page($"{address}?show=all&page=99");

        Assert.Contains("page 1 of 2", first.QuerySelector("#missions-part caption")!.TextContent);
        Assert.Equal(500, first.QuerySelectorAll("#missions-part tbody tr").Length);
        Assert.Contains("page 2 of 2", last.QuerySelector("#missions-part caption")!.TextContent);
        var row = Assert.Single(last.QuerySelectorAll("#missions-part tbody tr"));
        Assert.DoesNotContain(
            row.QuerySelector("th")!.TextContent,
            first.QuerySelectorAll("#missions-part tbody th").Select(cell => cell.TextContent));
        Assert.Single(beyond.QuerySelectorAll("#missions-part tbody tr"));
        Assert.Equal(
            ["1", "2"],
            first.QuerySelectorAll("#missions-part nav[aria-label='Pages of the missions'] a").Select(link => link.TextContent));
    }
}
