using AngleSharp.Html.Dom;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>The front page: what waits for the person who looks, what is wrong, and the letters by process.</summary>
public sealed class FrontPageTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_is_named_to_the_person_it_waits_for_and_told_to_the_others()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        var letter = await workflow.Accepted("che");
        await Shows(
            "Amélie",
            Roles.Releaser,
            "1 letter waits for you.",
            "waits for two people to release it: you may be the first");
        var review = await workflow.Get<ReleaseReviews>().Of(letter, Cancellation);
        Assert.Equal(
            ReleaseOutcome.Approved,
            await workflow
                .Get<Releases>()
                .Release(
                    letter.Id,
                    new Person("Amélie", "Amélie"),
                    new(
                        review.Content,
                        [.. review.ToConfirm.Select(finding => finding.Key)],
                        new Dictionary<string, string>(),
                        null,
                        ReleaseStep.Approves),
                    Cancellation));
        var at = DeskText.Time(workflow.Clock.GetUtcNow());

        await Shows(
            "Juan",
            Roles.Releaser,
            "1 letter waits for you.",
            $"waits for a second person: you. It was approved by Amélie on {at}");
        await Shows(
            "Amélie",
            Roles.Releaser,
            "No letter waits for you.",
            $"waits for a second person: you approved it, so another releaser must send it {letter.Process}");
        await Shows(
            "Rita",
            Roles.Reader,
            "No letter waits for you.",
            $"waits for a second person: approved by Amélie on {at}");

        async Task Shows(string person, string role, string heading, string words)
        {
            await using var site = await TestSite.Open(workflow, [role], person);
            var page = await site.Page("/");
            Assert.Equal(heading, page.QuerySelector("h1")!.TextContent);
            Assert.Contains(words, TestSite.Words(page), StringComparison.Ordinal);
            Assert.Equal(
                heading.StartsWith('1') ? $"/distributions/{letter.Id}" : null,
                page.QuerySelector(".for-me a.press")?.GetAttribute("href"));
            Assert.Equal(role != Roles.Reader, page.QuerySelector(".letters a[href$='#discard']") is not null);
        }
    }

    [Fact]
    public async Task Versions_that_were_never_sent_are_folded_under_their_letter_and_stay_when_it_is_discarded_too()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Accepted("che");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter(body: "Draft Rev 1 is enclosed once more."));
        await workflow.Reconcile();
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page("/");
        Assert.Equal(
            "Global Compact for Safe, Orderly and Regular Migration",
            page.QuerySelector("#process-0")!.TextContent);
        var row = Assert.Single(page.QuerySelectorAll(".letters tbody tr"));
        Assert.Contains("1 other version, never sent", row.TextContent, StringComparison.Ordinal);
        Assert.Equal("Draft Rev 1, version 1", row.QuerySelector("details a")!.TextContent);
        Assert.Contains("Nobody yet: it would go to 1 mission", TestSite.Words(row.TextContent), StringComparison.Ordinal);

        var discard = (IHtmlAnchorElement)row.QuerySelector("a[href$='#discard']")!;
        await site.Press(await site.Page(discard.PathName), "Discard Draft Rev 1");
        page = await site.Page("/");
        Assert.Empty(page.QuerySelectorAll(".letters"));
        Assert.Contains(
            "2 versions that will not be sent: replaced or discarded",
            TestSite.Words(page.QuerySelector("#past")!.TextContent),
            StringComparison.Ordinal);
        Assert.Equal("No letter waits for you.", page.QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task Letters_are_paged_and_one_that_cannot_be_read_stays_in_the_list_and_is_to_be_seen_to()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che");
        await workflow.CarryOutBatches();
        letter = await workflow.TheDistribution();
        // Records of letters whose content is lost.
        for (var number = 1; number <= 26; number++)
            await workflow
                .Get<DistributionRecords>()
                .Add(
                    letter with
                    {
                        Id = $"lost-{number}",
                        Folder = new("gcm", $"lost-{number}"),
                        DraftLabel = "Draft <b>lost</b>",
                        PreparedAt = letter.PreparedAt.AddMinutes(number),
                    },
                    Cancellation);
        await workflow
            .Get<Notices>()
            .Add(new("n1", workflow.Clock.GetUtcNow(), null, "A batch was put aside."), Cancellation);
        await using var site = await TestSite.Open(workflow);

        var first = await site.Page("/?page=1");
        Assert.Equal(25, first.QuerySelectorAll(".letters tbody tr").Length);
        Assert.Equal("No letter waits for you, but 26 must be seen to.", first.QuerySelector("h1")!.TextContent);
        Assert.Contains("Draft <b>lost</b>: its content cannot be read", TestSite.Words(first), StringComparison.Ordinal);
        Assert.Contains("13 more follow", TestSite.Words(first.QuerySelector("#hidden")!.TextContent), StringComparison.Ordinal);
        var last = await site.Page(first.QuerySelector("[aria-label='Pages of letters'] a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(2, last.QuerySelectorAll(".letters tbody tr").Length);
        Assert.Equal("Page 2 of 2", last.QuerySelector(".pager span")!.TextContent);
        Assert.Equal(2, (await site.Page("/?page=999")).QuerySelectorAll(".letters tbody tr").Length);
        Assert.Equal(25, (await site.Page("/?page=none")).QuerySelectorAll(".letters tbody tr").Length);
    }
}
