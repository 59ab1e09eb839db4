using System.Net;
using System.Text;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tracking;
using Xunit;

namespace Distribution.Tests.Web;

public sealed class DeskTests(AzuriteFixture azurite)
{
    private const string Script = "<script>alert(1)</script>";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_desk_says_how_to_distribute_a_draft()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page("/");
        Assert.Contains(
            "No letter has been prepared yet. To distribute a draft:",
            TestSite.Words(page),
            StringComparison.Ordinal);
        Assert.Equal(
            $"Signed in as {Environment.UserName} (this machine), with every role",
            page.QuerySelector(".who")!.TextContent);
    }

    [Fact]
    public async Task The_release_button_says_what_it_does_does_it_once_and_then_says_who_pressed_first()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che", "mex");
        await using var site = await TestSite.Open(workflow);
        var address = $"/distributions/{distribution.Id}";
        var before = await site.Page(address);
        Assert.Contains("1 warning", TestSite.Words(before), StringComparison.Ordinal);
        Assert.Contains(
            "The fixed words of letters in English were not confirmed by a native reader when this letter was checked.",
            TestSite.Words(before),
            StringComparison.Ordinal);
        Assert.Contains(distribution.Enclosures[0].Hash, TestSite.Words(before), StringComparison.Ordinal);

        var after = await site.Press(before, "Send Draft Rev 1 to 2 missions");
        Assert.Contains(
            $"Released on {NewYorkTime.Words(workflow.Clock.GetUtcNow())} New York time, by {Environment.UserName} (this machine).",
            TestSite.Words(after),
            StringComparison.Ordinal);
        Assert.Contains(
            "None of 2 has it; 2 are still to be sent to.",
            TestSite.Words(after),
            StringComparison.Ordinal);

        var again = await site.Press(before, "Send Draft Rev 1 to 2 missions");
        Assert.StartsWith(
            $"This letter had been released already, by {Environment.UserName} (this machine)",
            again.QuerySelector("[role=alert]")!.TextContent.Trim(),
            StringComparison.Ordinal);
        await workflow.Run();
        Assert.Equal(2, workflow.Sent().Count);
        Assert.Contains("All 2 missions have it.", TestSite.Words(await site.Page(address)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_uploaded_anew_after_release_warns_that_missions_will_receive_a_second_one()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var first = await workflow.Released("che");
        await workflow.Run();
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter(body: "Draft Rev 1 is enclosed once more."));
        await workflow.Run();
        var second = (await workflow.Distributions()).Single(distribution => distribution.Version == 2);
        await using var site = await TestSite.Open(workflow);

        var words = TestSite.Words(await site.Page($"/distributions/{second.Id}"));
        Assert.Contains(
            $"Version 1 of this letter was released on {NewYorkTime.Words(first.ReleasedAt ?? workflow.Clock.GetUtcNow())} New York time, by the secretary.",
            words,
            StringComparison.Ordinal);
        Assert.Contains("the missions will receive a second letter", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_and_faulty_uploads_are_listed_with_their_reports()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload("gcm/waiting/letter.md", Samples.Letter());
        await workflow.Upload("gcm/waiting/draft-rev1.pdf", Samples.Pdf());
        await workflow.Upload("gcm/faulty/letter.md", Samples.LetterWith("audiance: [all]"));
        await workflow.Upload("gcm/faulty/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Upload("gcm/standing/draft-rev-5.pdf", Samples.Pdf());
        await workflow.Upload("gcm/standing.md", Samples.LetterWith("audiance: [all]"));
        await workflow.Reconcile();
        await using var site = await TestSite.Open(workflow);

        // What belongs to a standing letter goes into its folder again, and not into one of the file's name.
        var standing = (await site.Page("/uploads?folder=gcm%2Fstanding%2Fdraft-rev-5.pdf")).QuerySelector("#upload-live a[href^='/upload?']")!;
        var form = await site.Page(standing.GetAttribute("href")!);
        Assert.Equal(("gcm", "standing"), (form.QuerySelector("#process")!.GetAttribute("value"), form.QuerySelector("#revision")!.GetAttribute("value")));
        var words = TestSite.Words(await site.Page("/"));
        Assert.Contains(
            $"gcm/waiting waits for draft-rev-1.pdf until {NewYorkTime.Words(workflow.Clock.GetUtcNow() + TimeSpan.FromMinutes(15))} New York time",
            words,
            StringComparison.Ordinal);
        Assert.Contains("gcm/faulty 1 fault", words, StringComparison.Ordinal);

        var faulty = (await workflow.Get<Uploads>().All(Cancellation))
            .Select(upload => upload.Value)
            .Single(upload => upload is { State: UploadState.Rejected, Folder.IsStanding: false });
        var inFrench = await TestSite.Read(await site.Send(HttpMethod.Get, "/uploads?folder=gcm%2Fwaiting", headers: ("Accept-Language", "fr")));
        Assert.Contains("Déposez-le dans gcm/waiting", TestSite.Words(inFrench), StringComparison.Ordinal);
        var rejected = await site.Page("/uploads?folder=gcm%2Ffaulty");
        var report = TestSite.Words(rejected);
        var again = await site.Page(rejected.QuerySelector("#upload-live a[href^='/upload?']")!.GetAttribute("href")!);
        Assert.Equal(("gcm", "faulty"), (again.QuerySelector("#process")!.GetAttribute("value"), again.QuerySelector("#revision")!.GetAttribute("value")));
        Assert.All(faulty.Faults, fault =>
        {
            Assert.Contains(fault.Place, report, StringComparison.Ordinal);
            Assert.Contains(fault.Words, report, StringComparison.Ordinal);
            Assert.Contains(fault.Remedy, report, StringComparison.Ordinal);
            Assert.Contains(fault.Code, report, StringComparison.Ordinal);
        });
        Assert.Contains(
            "draft-rev-1.pdf. draft-rev1.pdf is there, and the letter does not name it: if that one is meant, write its name in the letter.",
            TestSite.Words(await site.Page("/uploads?folder=gcm%2Fwaiting")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_distribution_on_hold_says_why_and_goes_on_when_told()
    {
        var transport = new TransportStub
        {
            Fault = new("The mail server cannot be reached. Check that it is running.", passes: false),
        };
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che");
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        var address = $"/distributions/{distribution.Id}";
        Assert.Contains(
            "The mail server cannot be reached. Check that it is running.",
            TestSite.Words(await site.Page(address)),
            StringComparison.Ordinal);

        await site.Press(address, "Go on");
        transport.Fault = null;
        await workflow.Run();
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_proof_is_asked_for_with_a_button_beside_its_readers()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("proof: [desk@secretariat.example]"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Run();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);

        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        await site.Press($"/distributions/{distribution.Id}", "Send a proof");
        await workflow.CarryOutBatches();
        Assert.Contains(
            "Proof sent to desk@secretariat.example.",
            TestSite.Words(await site.Page($"/distributions/{distribution.Id}")),
            StringComparison.Ordinal);
        Assert.Equal(2, workflow.Sent().Count);
    }

    [Fact]
    public async Task A_notice_stays_until_someone_has_seen_to_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow
            .Get<Notices>()
            .Add(new("n1", workflow.Clock.GetUtcNow(), null, "A batch was put aside."), Cancellation);
        await using var site = await TestSite.Open(workflow);
        var after = await site.Press("/", "Seen to: A batch was put aside.");
        Assert.DoesNotContain("A batch was put aside.", TestSite.Words(after), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_show_the_missions_they_name()
    {
        var transport = new TransportStub((message, address) => message.MissionId == "mex"
            ? new(address, MailboxResult.Refused, $"550 {Script}")
            : new(address, MailboxResult.Accepted, "250 OK"));
        await using var workflow = await TestWorkflow.Open(azurite, transport);
        var distribution = await workflow.Released("che", "mex");
        await workflow.Run();
        await workflow
            .Get<Acknowledgements>()
            .RecordFirst(
                distribution.Id,
                "che",
                new(
                    "1",
                    workflow.Clock.GetUtcNow(),
                    Script,
                    new(Script, Script, AcknowledgementChannel.Page, workflow.Clock.GetUtcNow())),
                Cancellation);
        await using var site = await TestSite.Open(workflow);

        Assert.Equal(["Mexico", "Switzerland"], await Listed(""));
        Assert.Equal(["Mexico"], await Listed("?show=notreached"));
        Assert.Equal(["Mexico"], await Listed("?show=failed"));
        Assert.Empty(await Listed("?show=silent"));
        Assert.Empty(await Listed("?show=neversent"));
        Assert.Empty(await Listed("?show=open"));
        var page = await site.Page($"/distributions/{distribution.Id}");
        Assert.Contains($"550 {Script}", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Contains($"{Script}, {Script}", TestSite.Words(page), StringComparison.Ordinal);

        async Task<IEnumerable<string>> Listed(string query) =>
            (await site.Page($"/distributions/{distribution.Id}{query}"))
                .QuerySelectorAll("table.missions tbody th")
                .Select(cell => cell.TextContent);
    }

    [Fact]
    public async Task What_the_secretariat_recorded_of_an_acknowledgement_is_shown_as_such_and_nobody_is_asked_twice()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        await using var site = await TestSite.Open(workflow);
        var address = $"/distributions/{distribution.Id}/letters/che";
        var page = await site.Page(address);
        var form = page.QuerySelector("form[action$='/acknowledgement']")!;
        var fields = form.QuerySelectorAll("input")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "");
        (fields["how"], fields["by"]) = ("NoteVerbale", "");

        var refused = await site.Send(HttpMethod.Post, $"{address}/acknowledgement", fields);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains(
            "Write who said so: a name, or the mission where a note verbale names nobody.",
            TestSite.Words(await TestSite.Read(refused)),
            StringComparison.Ordinal);

        fields["by"] = Script;
        foreach (
            var words in (string[])
                [
                    "It is recorded in your name that the mission has acknowledged.",
                    "This was recorded already when you pressed, and stands on record once.",
                ])
            Assert.Equal(words, await Said(site, await site.Send(HttpMethod.Post, $"{address}/acknowledgement", fields)));
        fields["form"] = Guid.NewGuid().ToString("n");
        Assert.StartsWith(
            "Nothing was changed: something else has been recorded of this mission's acknowledgement meanwhile.",
            await Said(site, await site.Send(HttpMethod.Post, $"{address}/acknowledgement", fields)),
            StringComparison.Ordinal);

        Assert.Single((await workflow.Get<Acknowledgements>().Find(distribution.Id, "che", Cancellation))!.Steps);
        Assert.Contains(
            $"Acknowledged by {Script}, by note verbale, on",
            TestSite.Words(await site.Page(address)),
            StringComparison.Ordinal);
        Assert.Contains(
            $"by note verbale, recorded by {Environment.UserName} (this machine)",
            TestSite.Words(await site.Page($"/distributions/{distribution.Id}")),
            StringComparison.Ordinal);
    }

    /// <summary>What the page says that an answer leads to.</summary>
    internal static async Task<string> Said(TestSite site, HttpResponseMessage answer) =>
        (await site.Page(answer.Headers.Location!.ToString())).QuerySelector("#told [role=alert]")!.TextContent;

    [Fact]
    public async Task A_mission_named_like_a_script_is_shown_and_never_run()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UploadRegister(
            TestWorkflow.RegisterOf("che")
                .Replace("Permanent Mission of Switzerland", $"Permanent Mission of {Script}", StringComparison.Ordinal)
                .Replace(",Switzerland,", $",{Script},", StringComparison.Ordinal));
        var distribution = await workflow.Released();
        await using var site = await TestSite.Open(workflow);

        var page = await site.Page($"/distributions/{distribution.Id}");
        Assert.Equal([Script], page.QuerySelectorAll("table.missions tbody th").Select(cell => cell.TextContent));
        Assert.Empty(page.QuerySelectorAll("script:not([src])"));
        var letter = await site.Page($"/distributions/{distribution.Id}/letters/che/html");
        Assert.Contains(Script, letter.Body!.TextContent, StringComparison.Ordinal);
        Assert.Empty(letter.QuerySelectorAll("script"));
        Assert.Empty(
            (
                await site.Page(new Uri(workflow.Get<MissionLinks>().For(distribution.Id, "che")).AbsolutePath)
            ).QuerySelectorAll("script"));
    }

    [Fact]
    public async Task The_letter_is_shown_in_a_sandbox_without_the_missions_own_link()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che", "mex");
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page($"/distributions/{distribution.Id}?mission=che");
        var frame = page.QuerySelector("iframe[title^='The letter']")!;
        Assert.Equal("", frame.GetAttribute("sandbox"));

        var answer = await site.Get(frame.GetAttribute("src")!);
        Assert.Equal(
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
            Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        var html = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("Permanent Mission of Switzerland to the United Nations", html, StringComparison.Ordinal);
        Assert.Contains(workflow.Get<MissionLinks>().Proof, html, StringComparison.Ordinal);
        Assert.DoesNotContain($"/acknowledge/{distribution.Id}", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sending_is_stopped_with_a_button_that_says_what_cannot_be_undone()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che", "mex");
        await using var site = await TestSite.Open(workflow);
        var before = await site.Page($"/distributions/{distribution.Id}");
        Assert.Contains(
            "Letters that have left cannot be called back. Those that have not are not sent, unless a releaser sends them after all.",
            TestSite.Words(before),
            StringComparison.Ordinal);

        var after = await site.Press(before, "Stop: send nothing more of Draft Rev 1");
        Assert.Contains(
            $"Stopped by {Environment.UserName} (this machine) on {NewYorkTime.Words(workflow.Clock.GetUtcNow())} New York time. What had left by then has left; nothing more is sent.",
            TestSite.Words(after),
            StringComparison.Ordinal);
        Assert.Contains("None of 2 has it; 2 were never sent to.", TestSite.Words(after), StringComparison.Ordinal);
        await workflow.Run();
        Assert.Empty(workflow.Sent());

        Assert.Equal(
            "There was nothing left to stop when you pressed: every letter had left, or sending had been stopped before.",
            (await site.Press(before, "Stop: send nothing more of Draft Rev 1"))
                .QuerySelector("[role=alert]")!
                .TextContent);
    }

    [Fact]
    public async Task A_missions_page_tells_all_that_is_known_of_its_letter_and_lets_a_person_settle_what_is_not()
    {
        var transport = new TransportStub(
            (_, address) => new(address, MailboxResult.Unknown, $"The answer never came: {Script}"));
        await using var workflow = await TestWorkflow.Open(azurite, transport, ("Dispatch:UnknownOutcome", "ask"));
        var distribution = await workflow.Released("che");
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        var address = $"/distributions/{distribution.Id}/letters/che";
        var before = await site.Page(address);
        Assert.Equal(
            ["Being handed over", $"Not known whether it was sent The answer never came: {Script}"],
            Record(before));

        var after = await site.Press(before, "Send the same message again");
        Assert.Equal(
            $"To be sent again The same message is offered again, with the same Message-ID. The word of {Environment.UserName} (this machine)",
            Record(after).Last());
        Assert.Equal(
            "Nothing was changed: it has become known meanwhile what became of this letter.",
            (await site.Press(before, "Send the same message again")).QuerySelector("[role=alert]")!.TextContent);
        await workflow.CarryOutBatches();
        Assert.Equal(2, transport.Offered.Count);

        await site.Press(address, "The mission has it");
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);

        static IEnumerable<string> Record(AngleSharp.Html.Dom.IHtmlDocument page) =>
            page.QuerySelectorAll("#record ~ table tbody tr")
                .Select(row =>
                    TestSite.Words(
                        string.Join(
                            ' ',
                            row.QuerySelectorAll("td")
                                .Skip(1)
                                .SelectMany(cell => cell.ChildNodes)
                                .Select(node => node.TextContent))));
    }

    [Fact]
    public async Task A_letter_is_sent_once_more_with_a_button_that_names_the_mission()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        var address = $"/distributions/{distribution.Id}/letters/che";
        var before = await site.Page(address);
        await site.Press(
            before,
            "Send the letter once more to the Permanent Mission of Switzerland to the United Nations");
        Assert.Equal(
            "Nothing was sent: the letter is on its way or was sent once more already, or its distribution was stopped or superseded.",
            (
                await site.Press(
                    before,
                    "Send the letter once more to the Permanent Mission of Switzerland to the United Nations"))
                .QuerySelector("[role=alert]")!
                .TextContent);
        await workflow.CarryOutBatches();

        Assert.Equal(
            [("che", 1), ("che", 2)],
            workflow
                .Sent(distribution.Id)
                .Select(message => SentMessageId.Read(message.MessageId!)!)
                .Select(sent => (sent.MissionId, sent.Attempt))
                .Order());
        Assert.Contains(
            $"sent anew, asked for by {Environment.UserName} (this machine)",
            TestSite.Words(await site.Page(address)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_mail_says_is_not_taken_for_known_until_a_person_says_that_the_mission_has_it()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub(
                (_, address) =>
                    new(
                        address,
                        address.StartsWith("mex", StringComparison.Ordinal)
                            ? MailboxResult.Unknown
                            : MailboxResult.Accepted,
                        "")));
        var distribution = await workflow.Released("che", "mex");
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        var letter = (await workflow.Dispatches(distribution.Id))
            .Single(entry => entry.MissionId == "mex")
            .Attempts[0]
            .MessageId;
        await workflow
            .Get<DeliveryEvidence>()
            .Record(
                [
                    new(
                        letter,
                        "mex@missions.example",
                        new(
                            workflow.Clock.GetUtcNow(),
                            DeliveryEventKind.Delivered,
                            "250 OK",
                            Source: "bounce",
                            Id: "1")),
                ],
                Cancellation);

        var page = await site.Page($"/distributions/{distribution.Id}/letters/mex");
        Assert.Contains("Mail alone says what became of this letter", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Contains(
            "A report by mail, which proves nothing by itself",
            TestSite.Words(page),
            StringComparison.Ordinal);
        Assert.Equal(
            DeliveryStateWords.Of(DeliveryState.OutcomeUnknown),
            page.QuerySelector(".state .tag")!.TextContent);
        Assert.Contains(
            "1 of 2 has it; of 1 it is not known: Mexico.",
            TestSite.Words(await site.Page($"/distributions/{distribution.Id}")),
            StringComparison.Ordinal);
        Assert.Equal(DistributionState.Sending, (await workflow.TheDistribution()).State);

        await site.Press(page, "The mission has it");
        Assert.Equal(DistributionState.Complete, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task The_log_is_a_file_for_Excel()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        var answer = await site.Get($"/distributions/{distribution.Id}/log.csv");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/csv; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal($"delivery-log-{distribution.Id}.csv", answer.Content.Headers.ContentDisposition!.FileName);
        var bytes = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var sent = SentMessageId.Read((await workflow.Dispatches(distribution.Id))[0].Attempts[0].MessageId)!;
        Assert.Contains(
            $"Switzerland,che@missions.example,To,1,{sent.Distribution}.che.1.…@",
            Encoding.UTF8.GetString(bytes),
            StringComparison.Ordinal);
    }
}
