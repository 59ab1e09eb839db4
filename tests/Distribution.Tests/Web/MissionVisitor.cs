using System.Net;
using AngleSharp.Html.Dom;
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

    /// <summary>What the page's form sends, with these entries typed in.</summary>
    public static Dictionary<string, string> FormOf(IHtmlDocument page, params (string Name, string Value)[] typed)
    {
        var inputs = page.QuerySelectorAll("form[method=post] input")
            .OfType<IHtmlInputElement>()
            .ToDictionary(input => input.Name!, input => input.Value);
        foreach (var (name, value) in typed.Where(entry => inputs.ContainsKey(entry.Name)))
            inputs[name] = value;
        return inputs;
    }

    public static async Task<HttpResponseMessage> Sent(
        TestSite site,
        string link,
        IReadOnlyDictionary<string, string> form,
        HttpStatusCode expected)
    {
        var answer = await site.Send(HttpMethod.Post, link, form);
        Assert.Equal(expected, answer.StatusCode);
        return answer;
    }
}
