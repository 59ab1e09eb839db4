using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Distribution.Web.Missions;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>What mail gateways are known to do with a link, and what people do, a hundred times each.</summary>
public sealed class ScannerTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    private const int OfEachKind = 20;

    private const int AtOnce = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_visits_of_scanners_give_no_acknowledgement_and_a_hundred_of_people_give_a_hundred()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseAllMissions();
        var distribution = (await workflow.Released()).Id;
        await using var site = await TestSite.Open(workflow);
        var links = (await workflow.Get<FrozenContents>().Find(distribution, Cancellation))
            .Roster.Select(mission =>
                (
                    Mission: mission.Id,
                    Link: new Uri(workflow.Get<MissionLinks>().For(distribution, mission.Id)).AbsolutePath))
            .ToList();

        var scanned = links.Take(5 * OfEachKind).ToList();
        Func<string, Task>[] scanners = [Heads, Gets, FollowsEveryLink, SubmitsWithinASecond];
        await Each(
            scanned.Take(4 * OfEachKind).Index(),
            entry => scanners[entry.Index % scanners.Length](entry.Item.Link));

        // The last of them have kept what a person sent, who withdrew it since, and send it again.
        var kept = await Confirmed(scanned[(4 * OfEachKind)..]);
        Assert.Equal(OfEachKind, await Standing());
        await Each(
            kept,
            place =>
                workflow
                    .Get<Acknowledgements>()
                    .Change(
                        distribution,
                        place.Mission,
                        record => new Decision<MissionAcknowledgement, bool>(
                            record.With(new("withdrawn", workflow.Clock.GetUtcNow(), "Amélie Favre", null)),
                            true),
                        Cancellation));
        await Each(kept, async place =>
        {
            await site.Send(HttpMethod.Post, place.Link, place.Typed);
            await site.Send(HttpMethod.Post, place.Link, place.Confirmation);
        });
        var byScanners = await Standing();

        var people = links.TakeLast(5 * OfEachKind).ToList();
        await Confirmed(people);
        var byPeople = await Standing() - byScanners;

        output.WriteLine(
            $"{scanned.Count} visits of scanners: {byScanners} acknowledgements. {people.Count} visits of people: {byPeople} acknowledgements."
        );
        Assert.Equal((0, people.Count), (byScanners, byPeople));

        async Task Heads(string link) => await site.Send(HttpMethod.Head, link);

        async Task Gets(string link) => await site.Get(link);

        async Task FollowsEveryLink(string link)
        {
            var page = await site.Page(link);
            foreach (
                var address in page.QuerySelectorAll("[href], [src]")
                    .Select(found => found.GetAttribute("href") ?? found.GetAttribute("src")!))
                await site.Get(new Uri(new Uri(site.Address, link), address).PathAndQuery);
            foreach (var act in (string[])["?act=give", "?act=correct", "?act=withdraw"])
                await site.Get(link + act);
        }

        // Whatever page it gets, it fills in every field and presses on at once: some fill in what people do not see,
        // some do not.
        async Task SubmitsWithinASecond(string link)
        {
            var page = await site.Page(link);
            for (var steps = 0; steps < 3 && page.QuerySelector("form") is not null; steps++)
            {
                var form = page.QuerySelectorAll("form input")
                    .OfType<IHtmlInputElement>()
                    .ToDictionary(
                        input => input.Name!,
                        input =>
                            input.Type == "hidden" ? input.Value
                            : input.Name == "website" && link[^1] % 2 == 0 ? ""
                            : "Scanner");
                var answer = await site.Send(HttpMethod.Post, link, form);
                page =
                    answer.StatusCode == HttpStatusCode.SeeOther ? await site.Page(link) : await TestSite.Read(answer);
            }
        }

        // People side by side, each of whom reads before pressing.
        async Task<IReadOnlyList<Sent>> Confirmed(
            IReadOnlyList<(string Mission, string Link)> places)
        {
            var typed = await All(
                places,
                async place => MissionVisitor.FormOf(await site.Page(place.Link), ("name", "Amélie Favre")));
            workflow.Clock.Advance(PersonsTime.ToFillIn);
            var sent = await All([.. places.Zip(typed)], async entry =>
            {
                var (place, form) = entry;
                var confirm = await TestSite.Read(await MissionVisitor.Sent(site, place.Link, form, HttpStatusCode.OK));
                return new Sent(place.Mission, place.Link, form, MissionVisitor.FormOf(confirm));
            });
            workflow.Clock.Advance(PersonsTime.ToConfirm);
            await Each(
                sent,
                person => MissionVisitor.Sent(site, person.Link, person.Confirmation, HttpStatusCode.SeeOther));
            return sent;
        }

        async Task<int> Standing() =>
            (await workflow.Get<Acknowledgements>().Of(distribution, Cancellation)).Values.Count(record =>
                record.Stands is not null);
    }

    private static Task Each<T>(IEnumerable<T> all, Func<T, Task> act) =>
        Parallel.ForEachAsync(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation },
            async (one, _) => await act(one));

    private static async Task<IReadOnlyList<TResult>> All<T, TResult>(IReadOnlyList<T> all, Func<T, Task<TResult>> act)
    {
        var results = new TResult[all.Count];
        await Each(all.Index(), async entry => results[entry.Index] = await act(entry.Item));
        return results;
    }

    /// <summary>What a person sent in the two steps.</summary>
    private sealed record Sent(
        string Mission,
        string Link,
        Dictionary<string, string> Typed,
        Dictionary<string, string> Confirmation);
}
