using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using Distribution.Common;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>A test message to one mailbox of a mission.</summary>
public sealed class TestMessageTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_message_that_says_what_it_is_and_from_whom_goes_to_that_mailbox_alone_and_a_second_press_sends_none()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseMailboxes("che@missions.example; second@missions.example", "copy@missions.example");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var told = await Send(site, "second@missions.example");
        Assert.Contains(
            "A test message went to this one mailbox, and to nobody else. The mail server took it. Whether a person reads it only the mission can say",
            TestSite.Words(told),
            StringComparison.Ordinal);
        Assert.Contains("second@missions.example", told.QuerySelector("#tests li")!.TextContent, StringComparison.Ordinal);
        var message = Assert.Single(workflow.Sent());
        Assert.Equal("second@missions.example", Assert.Single(message.GetRecipients()).Address);
        Assert.StartsWith("Test message, no letter", message.Subject, StringComparison.Ordinal);
        Assert.Contains("This is a test message. It is no letter", message.TextBody, StringComparison.Ordinal);
        Assert.Contains($"{TestSite.PersonWithRoles}, of the secretariat", message.TextBody, StringComparison.Ordinal);
        Assert.Empty(message.Attachments);

        // Twice, or after "back"; and another mailbox is another matter.
        Assert.Contains("No second test message was sent", TestSite.Words(await Send(site, "second@missions.example")), StringComparison.Ordinal);
        await Send(site, "copy@missions.example");
        Assert.Equal(2, workflow.Sent().Count);
        workflow.Clock.Advance(TestMessages.Between);
        await Send(site, "second@missions.example");
        Assert.Equal(3, workflow.Sent().Count);

        // The record of acts is never erased, and says nothing of whose mailbox it is.
        var acts = await workflow.Get<DeskActs>().Latest(null, 10, Cancellation);
        Assert.Equal(3, acts.Count(act => act is { What: "Send a test message", About: "che", Detail: null, Outcome: DeskOutcome.Done }));
        Assert.DoesNotContain("@missions.example", Json.Write(acts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_to_no_mailbox_but_the_missions_own_or_one_that_waits_to_be_confirmed()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        await workflow.UseMailboxes("che@missions.example");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        Assert.Contains(
            "this mailbox is not the mission's any more",
            TestSite.Words(await Send(site, "stranger@elsewhere.example")),
            StringComparison.Ordinal);
        Assert.Empty(workflow.Sent());

        await MissionEditTests.Press(site, await site.Page(Addresses.MissionEdit("che")), ("to", "new@che.example"), ("reason", "Ms. Favre telephoned"));
        var page = await site.Page(Addresses.Mission("che"));
        Assert.Contains("To: che@missions.example became new@che.example", page.QuerySelector("#change-waits")!.TextContent, StringComparison.Ordinal);
        await Send(site, "new@che.example");
        Assert.Equal("new@che.example", Assert.Single(Assert.Single(workflow.Sent()).GetRecipients()).Address);

        await using var reader = await TestSite.Open(workflow, [Roles.Reader]);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await reader.Post(Addresses.TestMessage("che"), await reader.Token(), ("mailbox", "che@missions.example"))).StatusCode);
    }

    [Fact]
    public async Task One_that_comes_back_is_told_on_the_missions_page_and_is_nobodys_letter()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseMailboxes("che@missions.example");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        await Send(site, "che@missions.example");
        var report = $"""
            From: MAILER-DAEMON@mail.example
            To: letters@secretariat.example
            Subject: Undelivered Mail Returned to Sender
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: text/plain

            It could not be delivered.
            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mail.example

            Final-Recipient: rfc822; che@missions.example
            Action: failed
            Status: 5.1.1
            Diagnostic-Code: smtp; 550 5.1.1 no such user
            --b
            Content-Type: text/rfc822-headers

            Message-ID: <{Assert.Single(workflow.Sent()).MessageId}>
            --b--

            """.ReplaceLineEndings("\r\n");
        using var content = new MemoryStream(Encoding.ASCII.GetBytes(report));
        await workflow.Get<InboundMailHandler>().Handle(content, "a test", Cancellation);

        var page = await site.Page(Addresses.Mission("che"));
        Assert.Contains("It came back: ", page.QuerySelector("#tests")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("no such user", page.QuerySelector("#tests")!.TextContent, StringComparison.Ordinal);
        Assert.True(page.QuerySelector("#test-part")!.HasAttribute("open"));
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
        Assert.Contains(
            "It is a mail server's report on the test message to che@missions.example",
            TestSite.Words(await site.Page(Addresses.Replies)),
            StringComparison.Ordinal);
    }

    private static async Task<IHtmlDocument> Send(TestSite site, string mailbox)
    {
        var answer = await site.Post(Addresses.TestMessage("che"), await site.Token(), ("mailbox", mailbox));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return await site.Page(answer.Headers.Location!.ToString());
    }
}
