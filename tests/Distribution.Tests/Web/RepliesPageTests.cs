using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using Azure.Data.Tables;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Tracking.Inbound;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.Receipts;
using Distribution.Web;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Web;

public sealed class RepliesPageTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private const string Script = "<script>alert(1)</script>";

    private static readonly string Me = $"{Environment.UserName} (this machine)";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_nothing_waiting_the_front_page_says_nothing_of_it_and_the_list_says_so()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        Assert.DoesNotContain("repl", TestSite.Words(await site.Page("/")), StringComparison.Ordinal);
        Assert.Contains("No reply waits.", TestSite.Words(await site.Page("/replies")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_click_on_a_candidate_keeps_the_reply_with_its_mission_by_the_person_signed_in()
    {
        await using var workflow = await Sent();
        await using var site = await TestSite.Open(workflow);
        var distribution = await workflow.TheDistribution();
        await Take(workflow, "second.secretary@che.example", Script);
        Assert.Contains(
            "1 reply waits to be read and for a person to say which letter it answers",
            TestSite.Words(await site.Page("/")),
            StringComparison.Ordinal);
        var list = await site.Page("/replies");
        Assert.Contains(
            $"{Script} From {Script} <second.secretary@che.example>",
            TestSite.Words(list),
            StringComparison.Ordinal);
        Assert.Contains($"We have it. {Script}", TestSite.Words(list), StringComparison.Ordinal);
        Assert.Empty(list.QuerySelectorAll("main script"));

        var after = await site.Press(list, $"It acknowledges receipt: Switzerland, to Draft Rev 1, {distribution.Process}");

        Assert.Contains("No reply waits.", TestSite.Words(after), StringComparison.Ordinal);
        var stands = (await workflow.Get<Acknowledgements>().Find(distribution.Id, "che", Cancellation))!.Stands!;
        Assert.Equal((AcknowledgementChannel.Reply, Me), (stands.Channel, stands.Recorder));
        var letter = await site.Page($"/distributions/{distribution.Id}/letters/che");
        Assert.NotNull(letter.QuerySelector("#replies"));
        Assert.Contains($"Matched by a person. Recorded by {Me}", TestSite.Words(letter), StringComparison.Ordinal);
        Assert.Empty(letter.QuerySelectorAll("main script"));
    }

    [Fact]
    public async Task Who_presses_second_is_told_that_it_was_decided()
    {
        await using var workflow = await Sent();
        await using var site = await TestSite.Open(workflow);
        await Take(workflow, "second.secretary@che.example", "Re");
        var list = await site.Page("/replies");
        var waiting = Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation));
        await workflow.Get<ReplyFiling>().SetAside(waiting.Id, "the secretary", Cancellation);

        var after = await site.Press(
            list,
            $"It acknowledges receipt: Switzerland, to Draft Rev 1, {(await workflow.TheDistribution()).Process}");

        Assert.Equal(
            "Nothing was changed: someone had decided on this message already.",
            after.QuerySelector("[role=alert]")!.TextContent);
        Assert.Null(
            await workflow.Get<Acknowledgements>().Find((await workflow.TheDistribution()).Id, "che", Cancellation));
    }

    [Fact]
    public async Task What_nobody_knows_is_matched_by_choosing_the_letter_and_typing_the_mission()
    {
        await using var workflow = await Sent();
        await using var site = await TestSite.Open(workflow);
        await Take(workflow, "someone@else.example", "Re");
        var alone = Link(await site.Page("/replies"), "Say which letter it answers: Re")!;
        var list = await site.Page(alone);
        Assert.Contains(
            "Switzerland",
            list.QuerySelectorAll("#missions option").OfType<IHtmlOptionElement>().Select(option => option.Value));
        var form = list.QuerySelectorAll("form")
            .OfType<IHtmlFormElement>()
            .Single(found => found.QuerySelector("select") is not null);
        var distribution = ((IHtmlOptionElement)form.QuerySelector("option")!).Value;

        var unknown = await Post("Atlantis");
        Assert.Contains(
            "there is no mission of that name on the letter's roster",
            TestSite.Words(unknown),
            StringComparison.Ordinal);
        Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation));

        Assert.Contains("No reply waits.", TestSite.Words(await Post(" switzerland ")), StringComparison.Ordinal);
        Assert.NotNull((await workflow.Get<Acknowledgements>().Find(distribution, "che", Cancellation))!.Stands);
        Assert.Contains("Somebody has decided on it", TestSite.Words(await site.Page(alone, HttpStatusCode.NotFound)), StringComparison.Ordinal);

        async Task<IHtmlDocument> Post(string mission)
        {
            var token = form.QuerySelectorAll("input[type=hidden]").OfType<IHtmlInputElement>().Single();
            var answer = await site.Post(
                form.GetAttribute("action")!,
                ("distribution", distribution),
                ("mission", mission),
                (token.Name!, token.Value));
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
            return await site.Page(answer.Headers.Location!.ToString());
        }
    }

    [Fact]
    public async Task What_was_decided_by_mistake_is_put_back_its_acknowledgement_withdrawn_and_it_can_be_decided_anew()
    {
        await using var sent = await Sent();
        await using var workflow = sent.Another(("Receipts:ByMail", "true"));
        await using var site = await TestSite.Open(workflow, [Distribution.Web.Roles.Drafter]);
        var letter = await workflow.TheDistribution();
        var acknowledge = $"It acknowledges receipt: Switzerland, to Draft Rev 1, {letter.Process}";
        await Take(workflow, "second.secretary@che.example", "Lunch");
        await site.Press("/replies", acknowledge);
        Assert.NotNull((await Stands()).Stands);

        var kept = await site.Page("/replies");
        var after = await site.Press(kept, "Back to be read: Lunch");
        Assert.Contains("The message is back among those to be read, and acknowledges nothing.", TestSite.Words(after), StringComparison.Ordinal);
        Assert.Contains("1 message waits for a person", TestSite.Words(after), StringComparison.Ordinal);
        Assert.Contains("Kept (0)", TestSite.Words(after), StringComparison.Ordinal);
        Assert.Null((await Stands()).Stands);
        Assert.Contains(
            "this message waited already when you pressed",
            TestSite.Words(await site.Press(kept, "Back to be read: Lunch")),
            StringComparison.Ordinal);

        // The mission is told of the withdrawal as of the acknowledgement, by the next run of the timer.
        Assert.Equal(
            (await Stands()).Steps.Select(step => step.Id),
            (await workflow.Get<ReceiptsDue>().All(Cancellation)).OrderBy(due => due.StepId.Length).Select(due => due.StepId));

        // It is decided anew, and that is on record again; also after what was set aside.
        await site.Press(await site.Press("/replies", "No reply to a letter of ours: Lunch"), "Back to be read: Lunch");
        await site.Press("/replies", acknowledge);
        var record = await Stands();
        Assert.Equal((3, AcknowledgementChannel.Reply), (record.Steps.Count, record.Stands!.Channel));
        Assert.NotNull((await site.Page($"/distributions/{letter.Id}/letters/che")).QuerySelector("#replies"));

        // What a person has said of it since stays.
        await site.Post(
            Distribution.Web.Addresses.WithdrawAcknowledgement(letter.Id, "che"),
            await site.Token(),
            ("after", record.LastId!),
            ("words", "They took it back by telephone"));
        Assert.Contains("The acknowledgement stays as it is", TestSite.Words(await site.Press("/replies", "Back to be read: Lunch")), StringComparison.Ordinal);
        Assert.Equal("They took it back by telephone", (await Stands()).Steps[^1].Words);

        async Task<MissionAcknowledgement> Stands() =>
            (await workflow.Get<Acknowledgements>().Find(letter.Id, "che", Cancellation))!;
    }

    [Fact]
    public async Task What_is_no_reply_is_set_aside_and_changes_nothing_else()
    {
        await using var workflow = await Sent();
        await using var site = await TestSite.Open(workflow);
        await Take(workflow, "second.secretary@che.example", "Lunch");

        var after = await site.Press("/replies", "No reply to a letter of ours: Lunch");

        Assert.Contains("No reply waits.", TestSite.Words(after), StringComparison.Ordinal);
        Assert.Null(
            await workflow.Get<Acknowledgements>().Find((await workflow.TheDistribution()).Id, "che", Cancellation));
        Assert.Null(
            (await site.Page($"/distributions/{(await workflow.TheDistribution()).Id}/letters/che")).QuerySelector(
                "#replies"));
    }

    [Fact]
    public async Task The_message_and_its_files_are_only_ever_saved_whatever_they_say_they_are()
    {
        await using var workflow = await Sent();
        await using var site = await TestSite.Open(workflow);
        await Take(workflow, "mission@che.example", "Re");
        var page = await site.Page("/replies");
        Assert.Contains(
            "Not scanned for malware: this service has no scanner that looks into what comes in.",
            TestSite.Words(page),
            StringComparison.Ordinal);
        var links = page.QuerySelectorAll(".files a")
            .OfType<IHtmlAnchorElement>()
            .Select(link => link.GetAttribute("href")!)
            .ToList();
        Assert.Equal(2, links.Count);

        foreach (
            var (link, name, part) in ((string, string, string)[])
                [(links[0], ".eml", "Subject: Re"), (links[1], "notes.html", Script)])
        {
            using var answer = await site.Get(link);
            Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.ToString());
            Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
            Assert.EndsWith(name, answer.Content.Headers.ContentDisposition.FileName, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
            Assert.Contains(part, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        await site.Page(links[1].Replace("/files/0", "/files/1", StringComparison.Ordinal), HttpStatusCode.NotFound);
        await site.Page($"/replies/{new string('0', 32)}/message.eml", HttpStatusCode.NotFound);
        await site.Page("/replies/..%2f..%2fdone/message.eml", HttpStatusCode.NotFound);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await site.Send(HttpMethod.Get, links[0], host: "letters.example")).StatusCode);
        // Both may hold the mission's link: who only reads could acknowledge with it.
        await using var reader = await TestSite.Open(workflow, [Roles.Reader]);
        foreach (var link in links)
            Assert.Equal(HttpStatusCode.Forbidden, (await reader.Get(link)).StatusCode);
        foreach (var shown in (string[])["/replies", links[0].Replace("/message.eml", "", StringComparison.Ordinal)])
        {
            page = await reader.Page(shown);
            Assert.Empty(page.QuerySelectorAll(".files a"));
            Assert.Contains("notes.html", TestSite.Words(page), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Messages_wait_in_piles_and_a_ticked_pile_is_decided_by_one_press()
    {
        await using var workflow = await Sent("che", "mex", "fra");
        await using var site = await TestSite.Open(workflow);
        var letter = await workflow.TheDistribution();
        foreach (
            var (mission, text) in ((string, string)[])
                [("che", "Merci."), ("mex", "Gracias."), ("fra", "Annex II is missing. Could you send it again?")])
            await workflow.Answer(letter, mission, text);
        Assert.Contains("3 replies wait", TestSite.Words(await site.Page("/")), StringComparison.Ordinal);
        foreach (
            var page in (string[])
                ["/", "/replies", "/acts", $"/distributions/{letter.Id}", $"/distributions/{letter.Id}/audit"])
            Assert.Contains(
                "Messages: 3 wait",
                TestSite.Words((await site.Page(page)).Body!.TextContent),
                StringComparison.Ordinal);
        Assert.Contains(
            "Answered, to be read",
            TestSite.Words(await site.Page($"/distributions/{letter.Id}")),
            StringComparison.Ordinal);
        Assert.Contains(
            "Answered, to be read",
            TestSite.Words(await site.Page($"/distributions/{letter.Id}/letters/fra")),
            StringComparison.Ordinal);

        var list = await site.Page("/replies");
        Assert.Equal(
            ["Asks or says something (1)", "Looks like a receipt (2)", "Kept (0)"],
            list.QuerySelectorAll("main h2").Select(heading => heading.TextContent));
        Assert.Contains(
            "Why it waits: It does not give the reference that is printed in the letter.",
            TestSite.Words(list),
            StringComparison.Ordinal);
        // Those that are alike stand as a list of names, and each opens.
        Assert.Equal(
            [$"Mexico, to Draft Rev 1, {letter.Process}", $"Switzerland, to Draft Rev 1, {letter.Process}"],
            list.QuerySelectorAll(".alike > li > p label").Select(label => TestSite.Words(label.FirstChild!.NextSibling!.TextContent).Trim()).Order());
        Assert.Equal(
            ["Gracias.", "Merci."],
            list.QuerySelectorAll(".alike > li > details blockquote").Select(text => text.TextContent).Order());
        Assert.Single(list.QuerySelectorAll("section.panel"));
        var after = await Press(site, list, "pile-receipt-form", "acknowledge");

        Assert.Equal(["che", "mex"], (await workflow.Get<Acknowledgements>().Of(letter.Id, Cancellation)).Keys.Order());
        Assert.All(
            (await workflow.Get<Acknowledgements>().Of(letter.Id, Cancellation)).Values,
            record => Assert.Equal(Me, record.Stands!.Recorder));
        Assert.Equal(
            ["Asks or says something (1)", "Kept (2)"],
            after.QuerySelectorAll("main h2").Select(heading => heading.TextContent));

        // Nothing is ticked by itself of what asks something; ticked, it is kept and acknowledges nothing.
        after = await Press(site, after, "pile-says-form", "keep");
        Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation));
        after = await Press(site, after, "pile-says-form", "keep", ticked: true);
        Assert.Contains("No reply waits.", TestSite.Words(after), StringComparison.Ordinal);
        Assert.DoesNotContain("fra", (await workflow.Get<Acknowledgements>().Of(letter.Id, Cancellation)).Keys);
        Assert.Single(await workflow.Get<Replies>().Of(letter.Id, "fra", Cancellation));

        // What is usually right stands out: a receipt is recorded, and what a machine wrote acknowledges nothing.
        Assert.Equal("acknowledge", StandsOut(list, "pile-receipt-form"));
        foreach (var subject in (string[])["Automatic reply: Draft Rev 1", "Undeliverable: Draft Rev 1"])
            await Put(workflow, $"From: fra@missions.example\r\nTo: {workflow.ReplyAddress(letter, "fra")}\r\nSubject: {subject}\r\n\r\nWe will read it on Monday.\r\n");
        // That a letter was not handed on is for a person to read, whatever wrote it.
        list = await site.Page("/replies");
        Assert.Equal("keep", StandsOut(list, "pile-machine-form"));
        Assert.Equal(
            "Automatic reply: Draft Rev 1",
            Assert.Single(list.QuerySelectorAll("input[form=pile-machine-form][checked]")).ParentElement!.QuerySelector(".unseen")!.TextContent.Trim());
        Assert.Equal(2, list.QuerySelectorAll("input[form=pile-machine-form][name=reply]").Length);

        static string? StandsOut(IHtmlDocument page, string pile) =>
            Assert.Single(page.QuerySelectorAll($"#{pile} button[name=act]:not(.second)")).GetAttribute("value");
    }

    [Fact]
    public async Task Every_message_is_found_by_search_wherever_it_is_and_its_original_can_be_saved()
    {
        await using var workflow = await Sent("che", "mex");
        await using var site = await TestSite.Open(workflow);
        var letter = await workflow.TheDistribution();
        await workflow.Answer(letter, "che", $"{await workflow.Reference()} received");
        await workflow.Answer(letter, "mex", "Two pages of the annex are missing");
        await workflow
            .Get<InboundFiles>()
            .Upload(
                "away.eml",
                new MemoryStream(
                    InboundSample.Bytes(
                        "out-of-office-exchange",
                        (await workflow.Dispatches(letter.Id))[0].Attempts[0].MessageId)),
                Cancellation);
        await Take(workflow, "someone@else.example", "Invitation to a reception");
        await site.Press("/replies", "No reply to a letter of ours: Invitation to a reception");

        var all = TestSite.Words(await site.Page("/replies"));
        foreach (
            var words in (string[])
                [
                    "Acknowledged by Switzerland",
                    "A machine's, kept with",
                    "Set aside",
                    "Two pages of the annex are missing",
                    "Kept (3)",
                ])
            Assert.Contains(words, all, StringComparison.Ordinal);
        var found = await site.Page("/replies?q=annex%20PAGES");
        Assert.Contains("Two pages of the annex", TestSite.Words(found), StringComparison.Ordinal);
        Assert.Contains("Kept (0)", TestSite.Words(found), StringComparison.Ordinal);
        var reception = await site.Page("/replies?q=reception");
        Assert.Contains("none of them has these words", TestSite.Words(reception), StringComparison.Ordinal);
        using var original = await site.Get(
            reception
                .QuerySelectorAll("main table a")
                .OfType<IHtmlAnchorElement>()
                .Single(link => link.GetAttribute("href")!.EndsWith(".eml", StringComparison.Ordinal))
                .GetAttribute("href")!);
        Assert.Contains(
            "Subject: Invitation to a reception",
            await original.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticked_message_is_decided_only_as_it_can_be()
    {
        await using var workflow = await Sent("che", "mex");
        await using var site = await TestSite.Open(workflow);
        var letter = await workflow.TheDistribution();
        await workflow.Answer(letter, "che", "Merci.");
        var waiting = Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation));
        var hidden =
            (await site.Page("/replies")).QuerySelector("#pile-receipt-form input[type=hidden]") as IHtmlInputElement;
        var token = (hidden!.Name!, hidden.Value);

        foreach (
            var (ticked, act) in ((string, string)[])
                [
                    ($"{waiting.Id} nowhere che", "acknowledge"),
                    ($"{waiting.Id} {letter.Id} atlantis", "acknowledge"),
                    (waiting.Id, "keep"),
                    ("nothing", "aside"),
                    ($"{waiting.Id} {letter.Id} che", "burn"),
                ])
            Assert.StartsWith(
                "Nothing was changed: there is no mission of that name on the letter's roster, or the message waits no more.",
                await DeskTests.Said(site, await site.Post("/replies/pile", ("reply", ticked), ("act", act), token)),
                StringComparison.Ordinal);
        Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (
                await site.Post("/replies/pile", ("reply", $"{waiting.Id} {letter.Id} che"), ("act", "acknowledge"))
            ).StatusCode);
    }

    [Fact]
    public async Task Very_many_messages_are_shown_page_by_page_and_each_is_on_one()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        const int count = Replies.MostOnAPage + 5;
        ReceivedReply Message(int place) =>
            new($"reply-{place:00000}", "someone@else.example", $"Message {place}", workflow.Clock.GetUtcNow(), "", [], 0, []);
        var rows = Replies.WaitingIn(workflow.Get<StorageAccount>());
        foreach (var together in Enumerable.Range(0, count).Chunk(100))
            await rows.Table.SubmitTransactionAsync(
                together.Select(place => new TableTransactionAction(
                    TableTransactionActionType.Add,
                    rows.Entity(Replies.Waits, Message(place).Id, Message(place)))),
                Cancellation);

        var first = await site.Page("/replies");
        Assert.Contains("1000 messages or more wait for a person", TestSite.Words(first), StringComparison.Ordinal);
        Assert.Contains("Unknown (1000)", TestSite.Words(first), StringComparison.Ordinal);
        var next = Link(first, "Show the next ones");
        var second = await site.Page(next!);
        Assert.Contains("Unknown (5)", TestSite.Words(second), StringComparison.Ordinal);
        Assert.Contains($"Message {count - 1}", TestSite.Words(second), StringComparison.Ordinal);
        Assert.Null(Link(second, "Show the next ones"));
        Assert.Contains("The latest 60 are shown.", TestSite.Words(first), StringComparison.Ordinal);

        var found = await site.Page($"/replies?q=message%20{count - 2}");
        Assert.Contains("Unknown (1)", TestSite.Words(found), StringComparison.Ordinal);
        Assert.Contains($"Message {count - 2}", TestSite.Words(found), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_vacation_answer_says_stands_with_its_mission_and_acknowledges_nothing()
    {
        await using var workflow = await Sent();
        await using var site = await TestSite.Open(workflow);
        var letter = await workflow.TheDistribution();

        // As one comes that answers the address and quotes no message.
        await Put(
            workflow,
            $"""
            From: mission@che.example
            To: {workflow.ReplyAddress(letter)}
            Subject: Out of office
            Message-ID: <away@che.example>
            Auto-Submitted: auto-replied (vacation)

            The mission is closed until 4 January.
            """);

        var page = TestSite.Words(await site.Page($"/distributions/{letter.Id}/letters/che"));
        Assert.Contains("Messages of machines (1)", page, StringComparison.Ordinal);
        Assert.Contains("The mission is closed until 4 January.", page, StringComparison.Ordinal);
        Assert.Contains("It is an automatic answer.", page, StringComparison.Ordinal);
        Assert.Null(await workflow.Get<Acknowledgements>().Find(letter.Id, "che", Cancellation));
        Assert.Contains("No reply waits.", TestSite.Words(await site.Page("/replies")), StringComparison.Ordinal);
    }

    /// <summary>A blank line before the headers once hid the files of a message.</summary>
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n \r\n")]
    [InlineData("From desk@che.example Sat Nov 28 03:00:00 2026\n")]
    [InlineData("\uFEFF")]
    public async Task The_files_of_a_message_can_be_saved_whatever_stands_before_it(string before)
    {
        var workflow = await once.Of(() => Sent([]));
        foreach (var earlier in await workflow.Get<Replies>().Waiting(Cancellation))
            await workflow.Get<Replies>().WaitsNoMore(earlier.Id, Cancellation);
        var site = await once.Of(() => TestSite.Open(workflow));
        await Put(
            workflow,
            $"""
            {before}From: mission@che.example
            To: {workflow.ReplyAddress(await workflow.TheDistribution())}
            Subject: Annex
            Message-ID: <annex-{Guid.NewGuid()}@che.example>
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain

            See the file.
            --b
            Content-Disposition: attachment; filename="annex.txt"

            The annex itself.
            --b--
            """);

        var link = (await site.Page("/replies"))
            .QuerySelectorAll(".files a")
            .Single(found => found.TextContent == "annex.txt");
        using var answer = await site.Get(link.GetAttribute("href")!);
        Assert.Equal("The annex itself.", (await answer.Content.ReadAsStringAsync(Cancellation)).Trim());
    }

    private static string? Link(IHtmlDocument page, string words) =>
        page.QuerySelectorAll("main a").FirstOrDefault(link => link.TextContent == words)?.GetAttribute("href");

    private static async Task Put(TestWorkflow workflow, string message)
    {
        await workflow
            .Get<InboundFiles>()
            .Upload("put.eml", new MemoryStream(Encoding.UTF8.GetBytes(message)), Cancellation);
        await workflow.Reconcile();
    }

    /// <summary>Presses a button of a pile with what is ticked on the page.</summary>
    private static async Task<IHtmlDocument> Press(
        TestSite site,
        IHtmlDocument page,
        string form,
        string act,
        bool ticked = false)
    {
        var found = (IHtmlFormElement)page.GetElementById(form)!;
        var fields = page.QuerySelectorAll($"input[form={form}]")
            .OfType<IHtmlInputElement>()
            .Where(box => ticked || box.IsChecked)
            .Select(box => KeyValuePair.Create("reply", box.Value))
            .Concat(
                found
                    .QuerySelectorAll("input[type=hidden]")
                    .OfType<IHtmlInputElement>()
                    .Select(hidden => KeyValuePair.Create(hidden.Name!, hidden.Value)))
            .Append(KeyValuePair.Create("act", act));
        using var answer = await site.Send(found.GetAttribute("action")!, new FormUrlEncodedContent(fields));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return await site.Page(answer.Headers.Location!.ToString());
    }

    private Task<TestWorkflow> Sent() => SharedHouse.Again(once, () => Sent([]));

    private async Task<TestWorkflow> Sent(params string[] missions)
    {
        var workflow = await TestWorkflow.Open(azurite, ("Inbound:ReplyAddress", "replies@letters.example"));
        if (missions is not [])
        {
            await workflow.UseRegister(missions);
            await workflow.Released();
            await workflow.CarryOutBatches();
            return workflow;
        }

        await workflow.UseMailboxes("mission@che.example");
        await workflow.Released();
        await workflow.CarryOutBatches();
        return workflow;
    }

    [Fact]
    public async Task A_mission_that_a_reminder_left_out_is_called_by_its_name_and_offered_all_the_same()
    {
        await using var workflow = await Sent("che", "mex");
        var letter = await workflow.TheDistribution();
        await workflow.Answer(letter, "mex", "Falta el anexo II.");
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        await using var site = await TestSite.Open(workflow);
        await site.Press($"/distributions/{letter.Id}", "Send a reminder to 1 mission");
        await workflow.Run();
        Assert.Contains(await workflow.Distributions(), sent => sent is { IsLetter: false, MissionCount: 1 });
        await site.Get("/language?of=fr&back=/");

        var list = await site.Page("/replies");
        Assert.Contains("Il accuse réception\u00A0: Mexique, au sujet de Draft Rev 1", list.QuerySelectorAll("button").Select(button => button.TextContent.Split(", Global")[0]));
        var reply = Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation));
        Assert.Equal(
            ["Mexique", "Suisse"],
            (await site.Page($"/replies/{reply.Id}")).QuerySelectorAll("#missions option").Select(option => option.GetAttribute("value")!).Order());
    }

    private static async Task Take(TestWorkflow workflow, string from, string subject)
    {
        var body = new BodyBuilder { TextBody = $"We have it. {Script}" };
        body.Attachments.Add("notes.html", Encoding.UTF8.GetBytes(Script), new ContentType("text", "html"));
        using var message = new MimeMessage { Subject = subject, Body = body.ToMessageBody() };
        message.From.Add(new MailboxAddress(subject == Script ? Script : null, from));
        message.To.Add(MailboxAddress.Parse("letters@secretariat.example"));
        using var content = new MemoryStream();
        await message.WriteToAsync(content, Cancellation);
        content.Position = 0;
        await workflow.Get<InboundFiles>().Upload("one.eml", content, Cancellation);
        await workflow.Reconcile();
    }
}
