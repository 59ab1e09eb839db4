using System.Net;
using AngleSharp.Html.Dom;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>Fills in forms of pages and sends them as a browser without scripts does.</summary>
internal static class TypedForm
{
    /// <summary>Sends the form that holds the element, every field as it stands but for those that are typed.</summary>
    public static async Task<HttpResponseMessage> Send(
        TestSite site,
        IHtmlDocument page,
        string within,
        (string Name, string Value)[] typed,
        params (string Field, string Name, byte[] Content)[] files)
    {
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in Fields(page, within).Where(field => !typed.Any(other => other.Name == field.Name)).Concat(typed))
            content.Add(new StringContent(value), name);
        foreach (var (field, name, bytes) in files)
            content.Add(new ByteArrayContent(bytes), field, name);
        return await site.Send(Of(page, within).GetAttribute("action")!, content);
    }

    /// <summary>The page that a press led to.</summary>
    public static async Task<IHtmlDocument> Followed(TestSite site, HttpResponseMessage answer)
    {
        Assert.True(
            answer.StatusCode == HttpStatusCode.SeeOther,
            answer.StatusCode == HttpStatusCode.SeeOther ? "" : TestSite.Words(await TestSite.Read(answer)));
        return await site.Page(answer.Headers.Location!.ToString());
    }

    public static string Value(IHtmlDocument page, string within, string name) =>
        Fields(page, within).First(field => field.Name == name).Value;

    /// <summary>What stands at a field as wrong.</summary>
    public static IEnumerable<string> Wrong(IHtmlDocument page, string name) =>
        page.GetElementById(name)!.Closest(".wrong-field")?.QuerySelectorAll(".wrong:not([hidden])").Select(found => TestSite.Words(found.TextContent)) ?? [];

    public static IEnumerable<(string Name, string Value)> Fields(IHtmlDocument page, string within) =>
        Of(page, within).QuerySelectorAll("input, select, textarea").SelectMany(field => field switch
        {
            IHtmlInputElement { Type: "file" } => [],
            IHtmlInputElement { Type: "checkbox" or "radio", IsChecked: false } => [],
            IHtmlInputElement { Name: { Length: > 0 } name } input => [(name, input.GetAttribute("value") ?? "")],
            IHtmlSelectElement { Name: { Length: > 0 } name } select => [(name, select.Value ?? "")],
            IHtmlTextAreaElement { Name: { Length: > 0 } name } area => [(name, area.Value)],
            _ => ((string, string)[])[],
        });

    /// <param name="within">A selector of an element of the form.</param>
    private static IHtmlFormElement Of(IHtmlDocument page, string within) =>
        page.QuerySelector(within)?.Closest("form") as IHtmlFormElement ?? throw new InvalidOperationException($"There is no form with {within}.");
}
