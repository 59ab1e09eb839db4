using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>A telephone call is recorded in two presses: one unfolds the form, one records it.</summary>
public sealed class TelephoneCallTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_need_be_typed_and_it_is_recorded_once_in_the_persons_name_with_the_time_it_is()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "fra");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var link = (await site.Page(Addresses.Mission("che"))).QuerySelectorAll("main a")
            .Single(found => found.TextContent.StartsWith("Record a telephone call", StringComparison.Ordinal))
            .GetAttribute("href")!;
        Assert.Equal(Addresses.Call(letter.Id, "che"), link);
        // From the letter's page one chooses the mission first.
        var choose = (await site.Page(Addresses.Distribution(letter.Id))).QuerySelectorAll("nav.actions a").Single(found => found.TextContent == "Record a telephone call").GetAttribute("href")!;
        Assert.Contains(link, (await site.Page(choose.Split('#')[0])).QuerySelectorAll("table.missions td a").Select(found => found.GetAttribute("href")));
        var page = await site.Page(link.Split('#')[0]);
        Assert.NotNull(page.QuerySelector("details#call #call-by"));

        Assert.Contains("It is recorded in your name that the mission has acknowledged.", TestSite.Words(await Press(page)), StringComparison.Ordinal);
        var record = (await workflow.Get<Acknowledgements>().Find(letter.Id, "che", Cancellation))!;
        Assert.Equal(
            ("Switzerland", AcknowledgementChannel.Telephone, TestSite.PersonWithRoles),
            (record.Stands!.By, record.Stands.Channel, record.Stands.Recorder));
        Assert.InRange(workflow.Clock.GetUtcNow() - record.Stands.At, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.Contains("recorded already when you pressed", TestSite.Words(await Press(page)), StringComparison.Ordinal);

        // The call came when sending had ended, and the mission is called as the reader calls it.
        Assert.Contains("Sending ended on", TestSite.Words((await site.Page(Addresses.Distribution(letter.Id))).QuerySelector("#summary")!.TextContent), StringComparison.Ordinal);
        await site.Get("/language?of=fr&back=/");
        foreach (
            var (address, part, called) in ((string, string, string)[])
                [
                    (Addresses.Letter(letter.Id, "che"), "[aria-labelledby=acknowledgement]", "Réception confirmée par la mission, par téléphone"),
                    (Addresses.Distribution(letter.Id), "table.missions", "Suisse"),
                    (Addresses.Mission("che"), "[aria-labelledby=letters]", "Suisse"),
                ])
        {
            var words = TestSite.Words((await site.Page(address)).QuerySelector(part)!.TextContent);
            Assert.Contains(called, words, StringComparison.Ordinal);
            Assert.DoesNotContain("Switzerland", words, StringComparison.Ordinal);
        }

        await site.Get("/language?of=en&back=/");

        page = await site.Page(Addresses.Letter(letter.Id, "fra"));
        await Press(page, ("by", "<b>Mme Petit</b>"), ("words", "=1+1"));
        record = (await workflow.Get<Acknowledgements>().Find(letter.Id, "fra", Cancellation))!;
        Assert.Equal(("<b>Mme Petit</b>", "=1+1"), (record.Stands!.By, record.Steps[0].Words));

        async Task<IHtmlDocument> Press(IHtmlDocument shown, params (string Name, string Value)[] typed)
        {
            var form = (IHtmlFormElement)shown.QuerySelector("#call form")!;
            var fields = form.QuerySelectorAll("input").OfType<IHtmlInputElement>().ToDictionary(input => input.Name!, input => input.Value);
            foreach (var (name, value) in typed)
                fields[name] = value;
            var answer = await site.Send(HttpMethod.Post, form.GetAttribute("action")!, fields);
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            return await site.Page(answer.Headers.Location!.ToString());
        }
    }
}
