using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Hosting;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>A proof goes by a button to people who are named on the letter's page.</summary>
public sealed class ProofTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proof_goes_to_people_named_at_the_desk_and_is_on_record()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che", "mex");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await Ask(site, letter, "anna@secretariat.example; bea@SECRETARIAT.example, anna@secretariat.example");
        Assert.Contains(
            "A proof leaves within a minute, to anna@secretariat.example and bea@secretariat.example.",
            TestSite.Words(page),
            StringComparison.Ordinal);
        await workflow.CarryOutBatches();

        var proof = Assert.Single(workflow.Sent());
        Assert.Equal(
            ["anna@secretariat.example", "bea@secretariat.example"],
            proof.To.Mailboxes.Select(mailbox => mailbox.Address));
        Assert.StartsWith("PROOF, not sent to missions:", proof.Subject, StringComparison.Ordinal);
        Assert.Equal(
            "to anna@secretariat.example and bea@secretariat.example",
            (await workflow.Get<DeskActs>().Latest(letter.Id, 1, Cancellation))[0].Detail);
        Assert.Contains(
            "Proof sent to anna@secretariat.example.",
            TestSite.Words(await site.Page(Addresses.Distribution(letter.Id))),
            StringComparison.Ordinal);
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
    }

    [Theory]
    [InlineData("", "Name the mailbox that the proof goes to, such as name@secretariat.example.")]
    [InlineData("anna", "“anna” is no mailbox. Write it as in name@secretariat.example.")]
    [InlineData("<script>@secretariat.example", "“<script>@secretariat.example” is no mailbox.")]
    [InlineData("anna@secretariat.example mallory@elsewhere.example", "“mallory@elsewhere.example” is elsewhere")]
    [InlineData("anna@sub.secretariat.example", "is elsewhere")]
    [InlineData("anna@secretariat.example.elsewhere.example", "is elsewhere")]
    [InlineData(
        "a@secretariat.example,b@secretariat.example,c@secretariat.example,d@secretariat.example,e@secretariat.example,f@secretariat.example",
        "Name at most 5 mailboxes.")]
    public async Task What_is_no_mailbox_of_the_house_is_told_at_the_field_and_nothing_is_sent(string typed, string problem)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var answer = await Post(site, letter, typed);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await TestSite.Read(answer);
        Assert.Contains(problem, page.GetElementById("proof-problem")!.TextContent, StringComparison.Ordinal);
        var field = (IHtmlInputElement)page.GetElementById("proof-to")!;
        Assert.Equal((typed, "proof-problem", "true"), (field.Value, field.GetAttribute("aria-describedby"), field.GetAttribute("aria-invalid")));
        await workflow.Run();
        Assert.Empty(workflow.Sent());

        // At the address where it was told, the form stands by itself.
        Assert.NotNull((await site.Page(Addresses.Proof(letter.Id))).GetElementById("send-proof"));
    }

    [Fact]
    public async Task Other_domains_are_a_setting_and_whom_the_letter_names_may_be_anywhere()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("Release:ProofDomains", "Mission.example, bücher.example"));
        await workflow.UseRegister("che");
        var letter = await workflow.AcceptedWith("proof: [reader@elsewhere.example]");
        await workflow.Run();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await Ask(site, letter, "a@mission.example, b@bücher.example, reader@elsewhere.example");
        Assert.Contains("A proof leaves within a minute", TestSite.Words(page), StringComparison.Ordinal);
        Assert.StartsWith(
            "The setting Release:ProofDomains must be domains with commas between",
            Assert.Single(SettingRemedyTests.Faults(("Release:ProofDomains", "a b"))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_double_click_sends_one_and_no_letter_has_more_than_twenty()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        await Ask(site, letter, "anna@secretariat.example");
        Assert.Contains(
            "No second proof was sent: one is on its way.",
            TestSite.Words(await Ask(site, letter, "bea@secretariat.example")),
            StringComparison.Ordinal);
        await workflow.CarryOutBatches();
        Assert.Equal("anna@secretariat.example", Assert.Single(workflow.Sent()).To.Mailboxes.Single().Address);

        await workflow.Get<DistributionRecords>().Change(
            letter.Id,
            now => now with { ProofsAsked = ProofSender.MostOfOneLetter },
            Cancellation);
        Assert.Contains(
            "No proof was sent: 20 of this letter have been asked for",
            TestSite.Words(await Ask(site, letter, "bea@secretariat.example")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_given_up_says_so_where_it_was_asked_for()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        await Ask(site, letter, "anna@secretariat.example");
        await workflow.Get<BatchHandler>().SetAside(Json.Write(new Batch(letter.Id, null, Proof: true)), Cancellation);

        var page = TestSite.Words(await site.Page(Addresses.Distribution(letter.Id)));
        Assert.Contains("The proof could not be sent. Ask for it again", page, StringComparison.Ordinal);
        Assert.DoesNotContain("It leaves within a minute.", page, StringComparison.Ordinal);

        // One that is asked for again leaves, and what became of it stays said.
        await Ask(site, letter, "bea@secretariat.example");
        await workflow.CarryOutBatches();
        await workflow.Get<BatchHandler>().SetAside(Json.Write(new Batch(letter.Id, null, Proof: true)), Cancellation);
        Assert.Contains("Proof sent to bea@secretariat.example.", TestSite.Words(await site.Page(Addresses.Distribution(letter.Id))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_was_lost_on_its_way_holds_up_no_other_and_none_is_sent_of_a_letter_that_has_left()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        await Ask(site, letter, "anna@secretariat.example");
        await workflow.Queue.ClearMessagesAsync(Cancellation);
        workflow.Clock.Advance(TimeSpan.FromMinutes(10));
        await Ask(site, letter, "bea@secretariat.example");
        Assert.Contains("It leaves within a minute.", TestSite.Words(await site.Page(Addresses.Distribution(letter.Id))), StringComparison.Ordinal);
        await workflow.CarryOutBatches();
        Assert.Equal("bea@secretariat.example", Assert.Single(workflow.Sent()).To.Mailboxes.Single().Address);

        // One that nobody asks for again, as after a day without secrets, is queued by the timer; and one that comes late
        // after all is not sent beside it.
        await Ask(site, letter, "anna@secretariat.example");
        await workflow.Queue.ClearMessagesAsync(Cancellation);
        workflow.Clock.Advance(TimeSpan.FromMinutes(9));
        await workflow.Run();
        Assert.Single(workflow.Sent());
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Run();
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
        await workflow.Get<BatchHandler>().Dispatch(Json.Write(new Batch(letter.Id, null, Proof: true)), Cancellation);
        Assert.Equal(
            ["anna@secretariat.example", "bea@secretariat.example"],
            workflow.Sent().Select(proof => proof.To.Mailboxes.Single().Address).Order());

        await workflow.Release();
        Assert.Contains(
            "only while a letter waits for release",
            TestSite.Words(await Ask(site, letter, "anna@secretariat.example")),
            StringComparison.Ordinal);
        await site.Page(Addresses.Proof(letter.Id), HttpStatusCode.NotFound);
    }

    private static async Task<IHtmlDocument> Ask(TestSite site, DistributionRecord letter, string to)
    {
        var answer = await Post(site, letter, to);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return await site.Page(answer.Headers.Location!.ToString());
    }

    private static async Task<HttpResponseMessage> Post(TestSite site, DistributionRecord letter, string to) =>
        await site.Post(Addresses.Proof(letter.Id), await site.Token(), ("to", to));
}
