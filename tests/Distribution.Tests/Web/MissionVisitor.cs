using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Web.Missions;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>Somebody at a mission, who reads a page before pressing its button.</summary>
internal static class MissionVisitor
{
    /// <summary>Opens the link, fills in the form, reads it and confirms.</summary>
    /// <param name="act"><c>?act=correct</c> or <c>?act=withdraw</c>, where something stands.</param>
    public static async Task Acknowledges(
        TestWorkflow workflow,
        TestSite site,
        string link,
        string name,
        string function = "",
        string reference = "",
        string act = "")
    {
        var form = FormOf(
            await site.Page(link + act),
            ("name", name),
            ("function", function),
            ("reference", reference));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var confirm = await TestSite.Read(await Sent(site, link, form, HttpStatusCode.OK));
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        Assert.Equal(
            link,
            (await Sent(site, link, FormOf(confirm), HttpStatusCode.SeeOther)).Headers.Location!.ToString());
    }

    /// <summary>A letter that left.</summary>
    public static async Task<DistributionRecord> LetterThatLeft(
        TestWorkflow workflow,
        string lines = "",
        string folder = "draft-rev-1")
    {
        await workflow.Upload($"gcm/{folder}/letter.md", Samples.LetterWith(lines));
        await workflow.Upload($"gcm/{folder}/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        var letter = (await workflow.Distributions()).SingleOrDefault(found => found.Folder.Revision == folder)
            ?? throw new InvalidOperationException(await workflow.Report($"gcm/{folder}"));
        Assert.True(
            await workflow.Get<Releases>()
                .Release(letter.Id, "the secretary", TestContext.Current.CancellationToken, confirmed: true));
        await workflow.CarryOutBatches();
        return letter;
    }

    /// <summary>The path of a mission's link.</summary>
    public static string Path(TestWorkflow workflow, DistributionRecord letter, string mission = "che") =>
        new Uri(workflow.Get<MissionLinks>().For(letter.Id, mission)).AbsolutePath;

    /// <summary>What the page's form sends, with these entries typed in.</summary>
    /// <param name="place">Which of its forms, from 0.</param>
    public static Dictionary<string, string> FormOf(
        IHtmlDocument page,
        int place,
        params (string Name, string Value)[] typed)
    {
        var inputs = page.QuerySelectorAll("form[method=post]")[place]
            .QuerySelectorAll("input")
            .OfType<IHtmlInputElement>()
            .ToList();
        var sent = inputs
            .Where(input => input.Type != "checkbox" || input.IsChecked)
            .ToDictionary(input => input.Name!, input => input.Value);
        foreach (var (name, value) in typed.Where(entry => inputs.Exists(input => input.Name == entry.Name)))
            sent[name] = value;
        return sent;
    }

    /// <inheritdoc cref="FormOf(IHtmlDocument, int, ValueTuple{string, string}[])"/>
    public static Dictionary<string, string> FormOf(IHtmlDocument page, params (string Name, string Value)[] typed) =>
        FormOf(page, place: 0, typed);

    public static async Task<HttpResponseMessage> Sent(
        TestSite site,
        string link,
        IReadOnlyDictionary<string, string> form,
        HttpStatusCode expected)
    {
        var answer = await site.Send(HttpMethod.Post, link, form);
        // A step of a form has an address of its own.
        if (expected == HttpStatusCode.OK && answer.StatusCode == HttpStatusCode.SeeOther
            && answer.Headers.Location!.ToString() is var step && step.Contains($"{FormStep.Parameter}=", StringComparison.Ordinal))
            answer = await site.Get(step);
        Assert.Equal(expected, answer.StatusCode);
        return answer;
    }
}
