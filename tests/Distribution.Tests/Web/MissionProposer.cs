using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Hosting.Jobs;
using Distribution.Letters;
using Distribution.Tracking.Proposals;
using Distribution.Web.Missions;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>Somebody at a mission, who proposes to change what the register has of it.</summary>
internal static class MissionProposer
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The path of the page by which a mission proposes a change.</summary>
    public static string Page(TestWorkflow workflow, string distributionId, string mission = "che") =>
        new Uri(workflow.Get<MissionLinks>().For(distributionId, mission)).AbsolutePath + ProposalView.Page;

    /// <summary>Opens the page, fills in these fields, reads it and confirms.</summary>
    /// <returns>The page that follows.</returns>
    public static async Task<IHtmlDocument> Proposes(
        TestWorkflow workflow,
        TestSite site,
        string page,
        params (string Name, string Value)[] typed)
    {
        var confirm = await Filled(workflow, site, page, typed);
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        var answer = await MissionVisitor.Sent(site, page, MissionVisitor.FormOf(confirm), HttpStatusCode.SeeOther);
        var itself = answer.Headers.Location!.ToString();
        var shown = await site.Page(itself);
        // Not the empty form at its beginning, but what was just recorded.
        Assert.Contains("Amélie Favre", shown.GetElementById(itself.Split('#')[^1])!.ParentElement!.TextContent, StringComparison.Ordinal);
        return shown;
    }

    /// <summary>Opens the page, fills in these fields and goes on.</summary>
    /// <returns>The page that asks to confirm it.</returns>
    public static async Task<IHtmlDocument> Filled(
        TestWorkflow workflow,
        TestSite site,
        string page,
        params (string Name, string Value)[] typed) =>
        await TestSite.Read(await Sent(workflow, site, page, HttpStatusCode.OK, typed));

    public static async Task<HttpResponseMessage> Sent(
        TestWorkflow workflow,
        TestSite site,
        string page,
        HttpStatusCode expected,
        params (string Name, string Value)[] typed)
    {
        var form = Form(await site.Page(page), [("name", "Amélie Favre"), .. typed]);
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        return await MissionVisitor.Sent(site, page, form, expected);
    }

    /// <summary>What the form sends; unlike the one for an acknowledgement it has a list to choose from.</summary>
    public static Dictionary<string, string> Form(IHtmlDocument page, params (string Name, string Value)[] typed)
    {
        var form = MissionVisitor.FormOf(page);
        form["language"] = "";
        foreach (var (name, value) in typed)
            form[name] = value;
        return form;
    }

    /// <summary>Has the timer do what is due.</summary>
    public static async Task Mailed(TestWorkflow workflow)
    {
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Reconcile();
        Assert.Empty(workflow.Get<JobFailures>().Now);
    }

    /// <summary>The mails that ask whether a mailbox is the mission's.</summary>
    public static IReadOnlyList<MimeMessage> Asked(TestWorkflow workflow) => Mails(workflow, "mailbox.");

    /// <summary>The mails that tell the mission's present mailboxes.</summary>
    public static IReadOnlyList<MimeMessage> Told(TestWorkflow workflow) => Mails(workflow, "proposal.");

    /// <summary>The path of the link in a mail that asks.</summary>
    public static string LinkIn(MimeMessage asked) =>
        new Uri(asked.TextBody!.Split('\n').Single(line => line.StartsWith("http", StringComparison.Ordinal)).Trim()).PathAndQuery;

    /// <summary>Opens the link in a mail, reads the page and confirms.</summary>
    public static async Task<IHtmlDocument> Confirms(TestWorkflow workflow, TestSite site, string link)
    {
        var page = await site.Page(link);
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        var answer = await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(page), HttpStatusCode.SeeOther);
        return await site.Page(answer.Headers.Location!.ToString());
    }

    public static async Task<IReadOnlyList<MissionProposal>> OnRecord(TestWorkflow workflow, string mission = "che") =>
        (await workflow.Get<MissionProposals>().Of(mission, Cancellation)).All;

    private static IReadOnlyList<MimeMessage> Mails(TestWorkflow workflow, string start) =>
        [.. workflow.Sent().Where(message => message.MessageId!.StartsWith(start, StringComparison.Ordinal))];
}
