using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tracking;
using Distribution.Tracking.Forwarding;
using Distribution.Web;
using Distribution.Web.Missions;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>Somebody at a mission has its letter sent to a colleague, on the mission's page.</summary>
public sealed class ForwardTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    /// <summary>Of its three missions one has no domain of its own.</summary>
    internal const string Register = """
        mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc
        che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,,,en,,che@bern.example,che@shared.example
        fra,member-state,France,Permanent Mission of France to the United Nations,Permanent Representative,,,fr,,fra@gmail.com,
        mex,member-state,Mexico,Permanent Mission of Mexico to the United Nations,Permanent Representative,,,en,,mex@xn--mxico-bsa.example,mex@shared.example
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_letter_leaves_once_more_as_the_mission_got_it_marked_with_who_asked_and_acknowledges_nothing()
    {
        await using var workflow = await Left();
        var letter = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var own = workflow.Sent(letter.Id).Single(message => message.To.Mailboxes.Any(box => box.Address == "che@bern.example"));
        var mission = await site.Page(MissionVisitor.Path(workflow, letter));
        Assert.Equal(MissionVisitor.Path(workflow, letter) + ForwardView.Page, mission.QuerySelector("#forward")!.GetAttribute("href"));

        var page = await site.Page(MissionVisitor.Path(workflow, letter) + ForwardView.Page);
        Assert.Contains("at \u2066bern.example\u2069, where no other", TestSite.Words(page), StringComparison.Ordinal);
        var done = await Forward(workflow, site, letter, "Amélie <b>$0 Favre</b>", "Urs.Frei@BERN.example");
        Assert.Contains("leaves for \u2066Urs.Frei@bern.example\u2069 within a few minutes", TestSite.Words(await site.Page(done)), StringComparison.Ordinal);
        // What another process has left is looked for once a minute.
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Reconcile();
        await workflow.Reconcile();

        var message = Assert.Single(Forwarded(workflow));
        Assert.Equal(["Urs.Frei@bern.example"], message.To.Mailboxes.Select(box => box.Address));
        Assert.Empty(message.Cc);
        Assert.Equal($"Forwarded: {own.Subject}", message.Subject);
        Assert.Equal(
            own.Attachments.OfType<MimePart>().Select(part => (part.FileName, Hash(part))),
            message.Attachments.OfType<MimePart>().Select(part => (part.FileName, Hash(part))));
        Assert.StartsWith("Sent on from your mission’s page for this letter, under the name \u2068Amélie <b>$0 Favre</b>\u2069, at", message.TextBody, StringComparison.Ordinal);
        // Mail programs leave out what the page itself says of its language.
        Assert.Contains("<div lang=\"en\" dir=\"ltr\" style=\"padding:1em 20px 0\">", message.HtmlBody, StringComparison.Ordinal);
        Assert.EndsWith(own.TextBody, message.TextBody, StringComparison.Ordinal);
        Assert.Contains("<b>$0 Favre</b>".Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal), message.HtmlBody, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>$0", message.HtmlBody, StringComparison.Ordinal);
        // The colleague may acknowledge, too: the link is the mission's.
        Assert.Contains(workflow.Get<MissionLinks>().For(letter.Id, "che"), message.TextBody, StringComparison.Ordinal);
        // Replies go where those of the letter go; a bounce must not be taken for one of the mission's own letter.
        Assert.Equal(own.ReplyTo.Mailboxes.Select(box => box.Address), message.ReplyTo.Mailboxes.Select(box => box.Address));
        Assert.Null(message.InReplyTo);
        Assert.Contains("was taken by a mail server at", TestSite.Words(await site.Page(done)), StringComparison.Ordinal);
        Assert.Null((await workflow.Get<Acknowledgements>().Find(letter.Id, "che", Cancellation))?.Stands);
        Assert.Single((await workflow.Get<MissionEntries>().Find(letter.Id, "che", Cancellation)).Value.Attempts);
    }

    [Fact]
    public async Task What_one_visitor_forwarded_no_other_visitor_of_the_link_reads()
    {
        await using var workflow = await Left();
        var letter = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        await Forward(workflow, site, letter, "Amélie Favre", "urs@bern.example");

        foreach (var query in (string[])["", "?sent=form", "?sent="])
        {
            var page = TestSite.Words(await site.Page(MissionVisitor.Path(workflow, letter) + ForwardView.Page + query));
            Assert.Contains("Forwarded from this page so far: 1.", page, StringComparison.Ordinal);
            Assert.DoesNotContain("urs@", page, StringComparison.Ordinal);
            Assert.DoesNotContain("Favre", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_desk_reads_who_forwarded_it_to_whom_and_what_became_of_it()
    {
        await using var workflow = await Left();
        var letter = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        await Forward(workflow, site, letter, "Amélie Favre", "urs@bern.example");
        // What another process has left is looked for once a minute.
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await workflow.Reconcile();

        var section = (await site.Page(Addresses.Letter(letter.Id, "che"))).QuerySelector("section[aria-labelledby=forwards]")!;
        foreach (var words in (string[])["Amélie Favre", "urs@bern.example", "Taken by a mail server"])
            Assert.Contains(words, section.TextContent, StringComparison.Ordinal);
        Assert.Contains("Forwarded to urs@bern.example by Amélie Favre", TestSite.Words(await site.Page(Addresses.Mission("che"))), StringComparison.Ordinal);
        Assert.Null((await site.Page(Addresses.Letter(letter.Id, "mex"))).QuerySelector("section[aria-labelledby=forwards]"));
        await site.Get("/language?of=fr&back=/");
        Assert.Matches("Transmise à urs@bern.example par Amélie Favre, .+ : acceptée par un serveur de messagerie", TestSite.Words(await site.Page(Addresses.Mission("che"))));
    }

    [Fact]
    public async Task Any_other_address_is_refused_in_one_sentence_that_names_what_works()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Limits:AnswersPerMinute", "1000"));
        var letter = await Left(workflow);
        await using var site = await TestSite.Open(workflow);
        foreach (
            var address in (string[])
                [
                    "colleague@elsewhere.example",
                    "colleague@shared.example",
                    "colleague@visa.bern.example",
                    "colleague@example",
                    "colleague@notbern.example",
                    "colleague@gmail.com",
                    "colleague@xn--mxico-bsa.example",
                    "a@bern.example, b@bern.example",
                    "a@bern.example;b@bern.example",
                    "a@bern.example b@bern.example",
                    "a@bern.example@elsewhere.example",
                    "Urs <a@bern.example>",
                    "a@bern.example\r\nBcc: b@elsewhere.example",
                    "<script>alert(1)</script>@bern.example",
                    "\"a b\"@bern.example",
                    "ürs@bern.example",
                    "a@bern.example\u200b",
                    // With a Cyrillic letter.
                    "a@b\u0435rn.example",
                    "",
                    $"{new string('a', 287)}@bern.example",
                ])
        {
            var page = await site.Page(MissionVisitor.Path(workflow, letter) + ForwardView.Page);
            workflow.Clock.Advance(PersonsTime.ToFillIn);
            var refused = await TestSite.Read(
                await Sent(site, workflow, letter, page, HttpStatusCode.UnprocessableEntity, ("name", "Amélie"), ("address", address)));

            Assert.Contains("bern.example", Assert.Single(refused.QuerySelectorAll("#address-problem")).TextContent, StringComparison.Ordinal);
            Assert.Contains("Nothing has been forwarded yet", TestSite.Words(refused), StringComparison.Ordinal);
            // What was typed is kept, as text.
            Assert.Equal("Amélie", ((IHtmlInputElement)refused.QuerySelector("#name")!).Value);
            Assert.Empty(refused.QuerySelectorAll("main script"));
            // Following the remedy works at once.
            var confirm = await TestSite.Read(
                await Sent(site, workflow, letter, refused, HttpStatusCode.OK, ("name", "Amélie"), ("address", "urs@bern.example")));
            Assert.Equal("urs@bern.example", confirm.QuerySelector("#typed-address")!.TextContent);
        }

        var form = await site.Page(MissionVisitor.Path(workflow, letter) + ForwardView.Page);
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var linked = await TestSite.Read(
            await Sent(site, workflow, letter, form, HttpStatusCode.UnprocessableEntity, ("name", "Sign in at un-mail.com"), ("address", "urs@bern.example")));
        Assert.Contains("without an address or a link", linked.QuerySelector("#name-problem")!.TextContent, StringComparison.Ordinal);

        await workflow.Reconcile();
        Assert.Empty(Forwarded(workflow));
    }

    [Fact]
    public async Task A_domain_in_another_script_is_the_missions_own_in_either_way_of_writing_it()
    {
        await using var workflow = await Left();
        var letter = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);

        // Who types it, and who compares, each reads what they know.
        Assert.Contains(
            "at \u2066méxico.example (xn--mxico-bsa.example)\u2069, where no other",
            TestSite.Words(await site.Page(MissionVisitor.Path(workflow, letter, "mex") + ForwardView.Page)),
            StringComparison.Ordinal);
        await Forward(workflow, site, letter, "María", "luna@méxico.example", "mex");
        await Forward(workflow, site, letter, "María", "sol@XN--MXICO-BSA.example", "mex");

        Assert.Equal(
            ["luna@xn--mxico-bsa.example", "sol@xn--mxico-bsa.example"],
            (await workflow.Get<Forwards>().Find(letter.Id, "mex", Cancellation))!.All.Select(forward => forward.To));
    }

    [Fact]
    public async Task A_mission_without_a_domain_of_its_own_is_told_so_and_whom_to_ask_in_its_language()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload("gcm/draft-rev-1/letter.fr.md", "---\nsubject: Draft Rev 1 (GCM)\n---\nDraft Rev 1");
        var letter = await Left(workflow);
        await using var site = await TestSite.Open(workflow);

        var page = await site.Page(MissionVisitor.Path(workflow, letter, "fra") + ForwardView.Page);
        Assert.Equal("fr", page.DocumentElement.GetAttribute("lang"));
        Assert.Contains("aucun domaine de messagerie", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Contains("compact@secretariat.example", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("form"));
        var answer = await site.Post(
            MissionVisitor.Path(workflow, letter, "fra") + ForwardView.Page,
            ("name", "Jean"),
            ("address", "jean@gmail.com"),
            ("seal", "x"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        await workflow.Reconcile();
        Assert.Empty(Forwarded(workflow));
    }

    [Fact]
    public async Task A_scanner_a_double_click_and_a_form_sent_again_send_nothing_more()
    {
        await using var workflow = await Left();
        var letter = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        (string, string)[] typed = [("name", "Amélie Favre"), ("address", "urs@bern.example")];

        // Everything at once, and into the field that no person sees.
        var page = await site.Page(MissionVisitor.Path(workflow, letter) + ForwardView.Page);
        var soon = await TestSite.Read(await Sent(site, workflow, letter, page, HttpStatusCode.UnprocessableEntity, typed));
        Assert.Contains("press the button once more", TestSite.Words(soon), StringComparison.Ordinal);
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await Sent(site, workflow, letter, soon, HttpStatusCode.UnprocessableEntity, [.. typed, ("website", "x")]);
        // A form made up, and one of another mission.
        await Sent(site, workflow, letter, soon, HttpStatusCode.UnprocessableEntity, [.. typed, ("seal", "x")]);
        var other = await site.Page(MissionVisitor.Path(workflow, letter, "mex") + ForwardView.Page);
        await Sent(site, workflow, letter, other, HttpStatusCode.UnprocessableEntity, typed);

        var confirm = await TestSite.Read(await Sent(site, workflow, letter, soon, HttpStatusCode.OK, typed));
        await Sent(site, workflow, letter, confirm, HttpStatusCode.UnprocessableEntity);
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await Task.WhenAll(
            Sent(site, workflow, letter, confirm, HttpStatusCode.SeeOther),
            Sent(site, workflow, letter, confirm, HttpStatusCode.SeeOther));
        await workflow.Reconcile();
        // Also a day later, when the form would not be taken any more.
        workflow.Clock.Advance(TimeSpan.FromDays(2));
        await Sent(site, workflow, letter, confirm, HttpStatusCode.SeeOther);
        await workflow.Reconcile();

        Assert.Single(Forwarded(workflow));
        Assert.Single((await workflow.Get<Forwards>().Find(letter.Id, "che", Cancellation))!.All);
    }

    [Fact]
    public async Task So_many_a_day_for_all_of_a_missions_letters_and_the_next_day_again()
    {
        await using var workflow = await Left();
        var letter = await workflow.TheDistribution();
        var second = await Left(workflow, folder: "rev-2");
        for (var place = 0; place < MissionForwards.MostADay; place++)
            Assert.Equal(
                ForwardResult.Recorded,
                await workflow.Get<Forwards>().Add(
                    place % 2 == 0 ? letter.Id : second.Id,
                    "che",
                    new($"form{place}", workflow.Clock.GetUtcNow(), "Amélie", $"colleague{place}@bern.example"),
                    Cancellation));
        await using var site = await TestSite.Open(workflow);

        var confirm = await Confirm(workflow, site, letter, "Amélie", "eleventh@bern.example");
        var refused = await TestSite.Read(await Sent(site, workflow, letter, confirm, HttpStatusCode.UnprocessableEntity));
        Assert.Contains("10 in 24 hours are allowed", TestSite.Words(refused), StringComparison.Ordinal);
        Assert.Contains("compact@secretariat.example", TestSite.Words(refused), StringComparison.Ordinal);
        // Another mission is not touched by it.
        await Forward(workflow, site, letter, "María", "luna@méxico.example", "mex");

        workflow.Clock.Advance(MissionForwards.Day);
        await Forward(workflow, site, letter, "Amélie", "eleventh@bern.example");
    }

    [Theory]
    [InlineData("markings: [confidential]", "is marked “CONFIDENTIAL” and", "此函标有“机密”，")]
    [InlineData("markings: [personal, not-for-circulation]", "is marked “PERSONAL”, “NOT FOR CIRCULATION” and", "此函标有“亲启”“请勿散发”，")]
    [InlineData("embargoed_until: 2018-03-27 18:00", "can be forwarded from 6 p.m. (New York time) on 27 March 2018 on", "此函自2018年3月27日下午6时（纽约时间）起方可转发")]
    public async Task A_letter_whose_marking_forbids_it_is_not_forwarded(string line, string words, string chinese)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await Left(workflow, line);
        await using var site = await TestSite.Open(workflow);

        var page = await site.Page(MissionVisitor.Path(workflow, letter) + ForwardView.Page);
        Assert.Contains(words, TestSite.Words(page), StringComparison.Ordinal);
        Assert.Contains(
            chinese,
            TestSite.Words(await site.Page($"{MissionVisitor.Path(workflow, letter)}{ForwardView.Page}?{PageLanguage.Parameter}=zh")),
            StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("form"));
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity,
            (await site.Post(MissionVisitor.Path(workflow, letter) + ForwardView.Page, ("name", "A"), ("address", "a@bern.example"))).StatusCode);
        Assert.Equal(
            line.StartsWith("embargoed", StringComparison.Ordinal),
            (await site.Page(MissionVisitor.Path(workflow, letter))).QuerySelector("#forward") is not null);
        workflow.WaitUntil("2018-03-27 18:00");
        Assert.Equal(
            line.StartsWith("embargoed", StringComparison.Ordinal),
            (await site.Page(MissionVisitor.Path(workflow, letter) + ForwardView.Page)).QuerySelector("form") is not null);
    }

    [Theory]
    [InlineData("withdrawal", "This letter has been withdrawn")]
    [InlineData("re-issue", "A later letter has taken the place of this one")]
    public async Task A_letter_withdrawn_or_replaced_meanwhile_is_not_forwarded_by_a_form_that_was_open(
        string correction,
        string words)
    {
        await using var workflow = await Left();
        var letter = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var confirm = await Confirm(workflow, site, letter, "Amélie", "urs@bern.example");
        await Left(workflow, $"supersedes: Draft Rev 1\ncorrection: {correction}", "later");

        var refused = await TestSite.Read(await Sent(site, workflow, letter, confirm, HttpStatusCode.UnprocessableEntity));
        Assert.Contains(words, TestSite.Words(refused), StringComparison.Ordinal);
        Assert.Empty(refused.QuerySelectorAll("form"));
        await workflow.Reconcile();
        Assert.Empty(Forwarded(workflow));
    }

    [Fact]
    public async Task Its_forms_are_counted_with_the_others_of_the_same_link()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Limits:AnswersPerMinute", "1"));
        var letter = await Left(workflow);
        await using var site = await TestSite.Open(workflow);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await site.Post(MissionVisitor.Path(workflow, letter), ("name", "A"))).StatusCode);
        Assert.Equal(
            HttpStatusCode.TooManyRequests,
            (await site.Post(MissionVisitor.Path(workflow, letter) + ForwardView.Page, ("name", "A"))).StatusCode);
    }

    [Fact]
    public async Task No_link_but_the_missions_own_for_a_released_letter_leads_there()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.PutInUse(Register);
        var waits = await workflow.AcceptedWith("");
        await using var site = await TestSite.Open(workflow);
        foreach (var path in (string[])[MissionVisitor.Path(workflow, waits), MissionVisitor.Path(workflow, waits)[..^3] + "abc"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await site.Get(path + ForwardView.Page)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await site.Post(path + ForwardView.Page, ("name", "A"))).StatusCode);
        }
    }

    /// <summary>A letter that left.</summary>
    private Task<TestWorkflow> Left() =>
        SharedHouse.Again(
            once,
            async () =>
            {
                var house = await TestWorkflow.Open(azurite);
                await Left(house);
                return house;
            });

    /// <summary>A letter that left.</summary>
    internal static async Task<DistributionRecord> Left(
        TestWorkflow workflow,
        string lines = "",
        string folder = "draft-rev-1",
        string register = Register)
    {
        await workflow.PutInUse(register);
        return await MissionVisitor.LetterThatLeft(workflow, lines, folder);
    }

    /// <summary>Opens the page, fills it in as a person does and confirms.</summary>
    /// <returns>The address of the page that says what became of it.</returns>
    internal static async Task<string> Forward(
        TestWorkflow workflow,
        TestSite site,
        DistributionRecord letter,
        string name,
        string address,
        string mission = "che")
    {
        var confirm = await Confirm(workflow, site, letter, name, address, mission);
        return (await Sent(site, MissionVisitor.Path(workflow, letter, mission), confirm, HttpStatusCode.SeeOther)).Headers.Location!.ToString();
    }

    internal static IReadOnlyList<MimeMessage> Forwarded(TestWorkflow workflow) =>
        [.. workflow.Sent().Where(message => message.MessageId!.StartsWith(ForwardedMessageId.Start, StringComparison.Ordinal))];

    private static async Task<IHtmlDocument> Confirm(
        TestWorkflow workflow,
        TestSite site,
        DistributionRecord letter,
        string name,
        string address,
        string mission = "che")
    {
        var path = MissionVisitor.Path(workflow, letter, mission);
        var page = await site.Page(path + ForwardView.Page);
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var confirm = await TestSite.Read(
            await Sent(site, path, page, HttpStatusCode.OK, ("name", name), ("address", address)));
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        return confirm;
    }

    private static Task<HttpResponseMessage> Sent(
        TestSite site,
        TestWorkflow workflow,
        DistributionRecord letter,
        IHtmlDocument page,
        HttpStatusCode expected,
        params (string Name, string Value)[] typed) => Sent(site, MissionVisitor.Path(workflow, letter), page, expected, typed);

    private static Task<HttpResponseMessage> Sent(
        TestSite site,
        string path,
        IHtmlDocument page,
        HttpStatusCode expected,
        params (string Name, string Value)[] typed) =>
        MissionVisitor.Sent(site, path + ForwardView.Page, MissionVisitor.FormOf(page, typed), expected);

    private static string Hash(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content!.DecodeTo(bytes, Cancellation);
        return Distribution.Common.Sha256Hex.Of(bytes.ToArray());
    }
}
