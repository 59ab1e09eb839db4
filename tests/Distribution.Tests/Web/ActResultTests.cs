using System.Net;
using System.Security.Claims;
using AngleSharp.Html.Dom;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Storage;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Distribution.Web;
using Distribution.Web.Desk;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>What came of a press: the page that comes next says what the record of acts holds, and nothing else.</summary>
public sealed class ActResultTests(AzuriteFixture azurite)
{
    private const string Other = "jürg@secretariat.example";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_pressed_the_page_says_what_is_on_record_done_or_not()
    {
        List<DeskAct> pressed = [];
        await TwoPeople(pressed);
        await OnItsWay(pressed);
        await FoldersAndReplies(pressed);

        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var forms = site.Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<ActName>()?.Words)
            .OfType<string>()
            .Order()
            .ToList();
        Assert.Equal(forms.Distinct(), forms);
        foreach (var outcome in (DeskOutcome[])[DeskOutcome.Done, DeskOutcome.NothingChanged])
            Assert.Equal(
                forms,
                pressed.Where(act => act.Outcome == outcome).Select(act => act.What).Distinct().Order());
    }

    [Fact]
    public async Task No_link_makes_a_page_say_what_did_not_happen_to_its_reader_there()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var letter = await workflow.Accepted();
        await using var site = await TestSite.Open(workflow, [Roles.Releaser]);
        await using var other = await TestSite.Open(workflow, [Roles.Releaser], Other);
        var page = Addresses.Distribution(letter.Id);
        var act = await Press(site, workflow, $"{page}/withdraw");
        Assert.Equal(DeskOutcome.NothingChanged, act.Outcome);

        // Read again, it says the same; after an hour it is no news any more.
        var told = Addresses.After(act.Id, page);
        foreach (var _ in (int[])[1, 2])
            Assert.Equal(act.Words, Said(await site.Page(told)));
        foreach (
            var link in (string[])
                [
                    $"{page}?late=withdraw",
                    $"{page}?act=Everything+was+sent",
                    $"{page}?act={act.Id}%00",
                    $"{page}?act={act.Id}&act={act.Id}",
                    Addresses.After(DeskActs.NewId(workflow.Clock.GetUtcNow()), page),
                    Addresses.After(act.Id, "/"),
                    Addresses.After(act.Id, Addresses.Letter(letter.Id, "che")),
                ])
            Assert.Null((await site.Page(link)).GetElementById("told"));
        Assert.Null((await other.Page(told)).GetElementById("told"));
        Assert.DoesNotContain(
            act.Words!,
            await (await site.Get($"{told}&parts")).Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal);
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Null((await site.Page(told)).GetElementById("told"));
    }

    [Fact]
    public async Task A_second_press_of_the_same_page_sends_no_second_reminder_and_no_third_message()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);
        var page = Addresses.Distribution(letter.Id);
        var shown = await site.Page(page);
        Assert.Equal(DeskOutcome.Done, (await Submit(site, workflow, shown, $"{page}/remind")).Outcome);
        await workflow.Run();
        var again = await Submit(site, workflow, shown, $"{page}/remind");
        Assert.StartsWith("No reminder was sent by your press", again.Words, StringComparison.Ordinal);
        Assert.Single((await workflow.Get<DistributionRecords>().Find(letter.Id, Cancellation))!.Reminders);
        // Nor does one of the page as it is now, unless the person says that missions are to get two on one day.
        shown = await site.Page(page);
        Assert.Contains("There is a reminder of today already, of ", shown.GetElementById("reminded-today")!.TextContent, StringComparison.Ordinal);
        again = await Submit(site, workflow, shown, $"{page}/remind");
        Assert.StartsWith("No reminder was sent: there is a reminder of today already, of ", again.Words, StringComparison.Ordinal);
        Assert.Equal(DeskOutcome.Done, (await Submit(site, workflow, shown, $"{page}/remind", ("again", "yes"))).Outcome);
        Assert.Equal(2, (await workflow.Get<DistributionRecords>().Find(letter.Id, Cancellation))!.Reminders.Count);
        await workflow.Run();
        // One that was stopped before any of it left has reminded nobody.
        workflow.Clock.Advance(TimeSpan.FromDays(1));
        shown = await site.Page(page);
        Assert.Null(shown.GetElementById("reminded-today"));
        // One that is on record, and whose making broke off, is made by the timer.
        await workflow.Get<DistributionRecords>().Change(
            letter.Id,
            found => found with { Reminders = found.Reminders.Add(new(3, workflow.Clock.GetUtcNow())) },
            Cancellation);
        Assert.StartsWith(
            "No reminder was sent: there is a reminder of today already, of ",
            (await Submit(site, workflow, await site.Page(page), $"{page}/remind")).Words,
            StringComparison.Ordinal);
        await workflow.Get<DistributionRecords>().Change(
            letter.Id,
            found => found with { Reminders = found.Reminders.RemoveAt(2) },
            Cancellation);
        Assert.Equal(DeskOutcome.Done, (await Submit(site, workflow, shown, $"{page}/remind")).Outcome);
        Assert.NotNull((await site.Page(page)).GetElementById("reminded-today"));
        Assert.Equal(DeskOutcome.Done, (await Submit(site, workflow, await site.Page(page), $"{page}/stop-reminders")).Outcome);
        await workflow.Run();
        Assert.Null((await site.Page(page)).GetElementById("reminded-today"));

        var mission = Addresses.Letter(letter.Id, "che");
        shown = await site.Page(mission);
        Assert.Equal(DeskOutcome.Done, (await Submit(site, workflow, shown, $"{mission}/resend")).Outcome);
        await workflow.Run();
        Assert.Equal(DeskOutcome.NothingChanged, (await Submit(site, workflow, shown, $"{mission}/resend")).Outcome);
        Assert.Equal(2, (await workflow.Dispatches(letter.Id))[1].Attempts.Count);
        // Who looks at the page as it is now, and means it, is heard.
        Assert.Equal(
            DeskOutcome.Done,
            (await Submit(site, workflow, await site.Page(mission), $"{mission}/resend")).Outcome);
    }

    [Fact]
    public async Task What_is_on_record_as_asked_for_is_carried_out_whether_its_browser_still_waits_or_not()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        using var browser = new CancellationTokenSource();
        var http = new DefaultHttpContext
        {
            RequestAborted = browser.Token,
            User = new(new ClaimsIdentity([new(ClaimTypes.Name, Other)], "Test")),
        };
        http.SetEndpoint(new Endpoint(null, new(new ActName("Stop a letter")), null));
        await using var site = await TestSite.Open(workflow);
        await site.Get<ActRecorder>().Record(
            http,
            async asked =>
            {
                await browser.CancelAsync();
                asked.RequestAborted.ThrowIfCancellationRequested();
                asked.Features.Set(ActResult.Done(Phrase.Say($"Stopped."), "/"));
            });
        Assert.Equal(
            DeskOutcome.Done,
            Assert.Single(await workflow.Get<DeskActs>().Latest(null, 10, Cancellation)).Outcome);
    }

    [Fact]
    public async Task A_press_that_broke_off_says_that_it_may_have_been_done_and_one_without_record_says_so()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released("che");
        var page = Addresses.Distribution(letter.Id);
        var (table, when) = ("/Distributions", 0);
        await using var site = await TestSite.Open(
            workflow.Configuration,
            workflow.Clock,
            person: new(TestSite.PersonWithRoles, [Roles.Releaser]),
            storage: new StorageFaultTests.Interference(
                (request, carriedOut) =>
                    request.Uri.Path.Contains(table, StringComparison.OrdinalIgnoreCase)
                    && request.Method != Azure.Core.RequestMethod.Get
                    && carriedOut
                    && ++when > 0
                        ? throw new InvalidOperationException("A fault of our own.")
                        : null));
        var broken = await site.Post($"{page}/withdraw", await site.Token());
        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        var words = TestSite.Words(await TestSite.Read(broken));
        Assert.Contains("It may have been done all the same.", words, StringComparison.Ordinal);
        var act = Assert.Single(await workflow.Get<DeskActs>().Latest(letter.Id, 9, Cancellation));
        Assert.Equal((DeskOutcome.Failed, "It is not known what came of this."), (act.Outcome, act.Words));
        Assert.StartsWith(act.Words!.TrimEnd('.'), words, StringComparison.Ordinal);
        Assert.Equal(DistributionState.Withdrawn, (await workflow.TheDistribution()).State);
    }

    /// <summary>A letter that two people release.</summary>
    private async Task TwoPeople(List<DeskAct> pressed)
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow, [Roles.Releaser]);
        var page = Addresses.Distribution(letter.Id);

        await Press("take-approval-back", DeskOutcome.NothingChanged);
        pressed.Add(await Submit(site, workflow, await site.Page(page), $"{page}/release"));
        Assert.Equal(DeskOutcome.Done, pressed[^1].Outcome);
        await Press("release", DeskOutcome.NothingChanged);
        await Press("take-approval-back", DeskOutcome.Done);
        await Press("renew", DeskOutcome.Done);
        await Press("proof", DeskOutcome.NothingChanged);
        await Press("discard", DeskOutcome.Done);
        await Press("discard", DeskOutcome.NothingChanged);
        await Press("renew", DeskOutcome.NothingChanged);
        await AreListed(site, pressed);

        async Task Press(string form, DeskOutcome outcome)
        {
            pressed.Add(await ActResultTests.Press(site, workflow, $"{page}/{form}"));
            Assert.Equal((form, outcome), (form, pressed[^1].Outcome));
        }
    }

    /// <summary>A letter from its release to its erasure.</summary>
    private async Task OnItsWay(List<DeskAct> pressed)
    {
        var before = pressed.Count;
        // What becomes of each message, in the order of sending, two proofs first; after these, all are accepted.
        Queue<MailboxResult> results = new([MailboxResult.Accepted, MailboxResult.Accepted, MailboxResult.Refused]);
        var transport = new TransportStub(
            (_, address) => new(address, results.TryDequeue(out var result) ? result : MailboxResult.Accepted, ""));
        await using var workflow = await TestWorkflow.OpenAt(
            "2018-03-26 17:00",
            azurite,
            transport,
            ("Dispatch:Concurrency", "1"));
        await workflow.UseRegister("che", "mex");
        var letter = await workflow.AcceptedWith(
            "send: 2018-03-26 18:00\nproof: [desk@secretariat.example]\nremind: on 2018-04-03");
        await using var site = await TestSite.Open(workflow, [Roles.Releaser]);
        var page = Addresses.Distribution(letter.Id);
        var mission = Addresses.Letter(letter.Id, "che");

        // One at a time: the one that the letter asks for has to leave first.
        await workflow.Run();
        await Press("proof", DeskOutcome.Done, ("to", "desk@secretariat.example"));
        await Press("hold-back", DeskOutcome.NothingChanged);
        await Submit("release", page, DeskOutcome.Done);
        await Press("hold-back", DeskOutcome.Done);
        await Submit("release", page, DeskOutcome.Done);
        await Press("remind", DeskOutcome.NothingChanged);
        await Press("addenda", DeskOutcome.NothingChanged, ("mission", "mex"));
        await Mission("acknowledgement", DeskOutcome.NothingChanged, ("how", "Telephone"), ("by", "Ana"), ("date", "2018-03-26"));
        workflow.WaitUntil("2018-03-26 18:00");
        await workflow.Reconcile();
        await workflow
            .Get<Holds>()
            .Pause(letter.Id, "The mail server is away.", passes: false, Cancellation);
        await Press("resume", DeskOutcome.Done);
        await Press("resume", DeskOutcome.NothingChanged);
        await workflow.CarryOutBatches();

        // Mexico's server refused it.
        await Press("resend-unreached", DeskOutcome.Done);
        await Press("resend-unreached", DeskOutcome.NothingChanged);
        await workflow.Run();
        results.Enqueue(MailboxResult.Unknown);
        results.Enqueue(MailboxResult.Unknown);
        await Mission("resend", DeskOutcome.Done, ("attempts", "1"));
        await Mission("resend", DeskOutcome.NothingChanged, ("attempts", "1"));
        await workflow.Run();
        await Mission("send-again", DeskOutcome.Done);
        await workflow.Run();
        await Mission("vouch", DeskOutcome.Done);
        await Mission("vouch", DeskOutcome.NothingChanged);
        await Mission("send-again", DeskOutcome.NothingChanged);
        await workflow.Run();

        await Submit("remind", page, DeskOutcome.Done);
        await Press("stop-reminders", DeskOutcome.Done);
        await Press("stop-reminders", DeskOutcome.NothingChanged);
        await workflow.UseRegister("che", "mex", "fra");
        await Press("addenda", DeskOutcome.Done, ("mission", "fra"));
        await Press("addenda", DeskOutcome.NothingChanged, ("mission", "fra"));

        await Submit("acknowledgement", mission, DeskOutcome.NothingChanged);
        var form = await site.Page(mission);
        foreach (var outcome in (DeskOutcome[])[DeskOutcome.Done, DeskOutcome.NothingChanged])
            await SubmitFrom(form, $"{mission}/acknowledgement", outcome, ("how", "NoteVerbale"), ("by", "The mission"));
        await Submit("acknowledgement/withdraw", mission, DeskOutcome.NothingChanged);
        await Submit("acknowledgement/withdraw", mission, DeskOutcome.Done, ("words", "It was another mission."));
        form = await site.Page(mission);
        foreach (var outcome in (DeskOutcome[])[DeskOutcome.Done, DeskOutcome.NothingChanged])
            await SubmitFrom(form, $"{mission}/call", outcome);
        await Mission("erase-names", DeskOutcome.Done);
        pressed.Add(
            await ActResultTests.Press(site, workflow, $"{Addresses.Letter(letter.Id, "nowhere")}/erase-names"));

        pressed.Add(
            await ActResultTests.Press(site, workflow, $"{Addresses.Distribution($"{letter.Id}-a1")}/discard"));
        await workflow.Run();
        await Press("erase", DeskOutcome.NothingChanged);
        await Press("erase", DeskOutcome.Done, ("confirmed", "yes"));
        await Press("erase", DeskOutcome.NothingChanged, ("confirmed", "yes"));

        // A letter that is stopped before it left, and sent after all.
        page = Addresses.Distribution((await workflow.AcceptedWith("remind: on 2018-04-03", "again")).Id);
        await Submit("release", page, DeskOutcome.Done);
        await Press("withdraw", DeskOutcome.Done);
        await Press("withdraw", DeskOutcome.NothingChanged);
        await workflow.Run();
        await Press("send-never-sent", DeskOutcome.NothingChanged);
        await Press("send-never-sent", DeskOutcome.Done, ("confirmed", "yes"));
        await AreListed(site, pressed.Skip(before));

        async Task Press(string form, DeskOutcome outcome, params (string Name, string Value)[] fields)
        {
            pressed.Add(await ActResultTests.Press(site, workflow, $"{page}/{form}", fields));
            Assert.Equal((form, outcome), (form, pressed[^1].Outcome));
        }

        async Task Mission(string form, DeskOutcome outcome, params (string Name, string Value)[] fields)
        {
            pressed.Add(await ActResultTests.Press(site, workflow, $"{mission}/{form}", fields));
            Assert.Equal((form, outcome), (form, pressed[^1].Outcome));
        }

        async Task Submit(string form, string shown, DeskOutcome outcome, params (string Name, string Value)[] fields) =>
            await SubmitFrom(await site.Page(shown), $"{shown}/{form}", outcome, fields);

        async Task SubmitFrom(
            IHtmlDocument shown,
            string action,
            DeskOutcome outcome,
            params (string Name, string Value)[] fields)
        {
            pressed.Add(await ActResultTests.Submit(site, workflow, shown, action, fields));
            Assert.Equal((action, outcome), (action, pressed[^1].Outcome));
        }
    }

    /// <summary>Uploads, notices and the messages that came.</summary>
    private async Task FoldersAndReplies(List<DeskAct> pressed)
    {
        var before = pressed.Count;
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await using var site = await TestSite.Open(workflow, [Roles.Releaser]);
        await Press("/upload", DeskOutcome.NothingChanged);
        using var files = new MultipartFormDataContent
        {
            { new StringContent((await site.Token()).Value), "__RequestVerificationToken" },
            { new StringContent("gcm"), "process" },
            { new StringContent("draft-rev-1"), "revision" },
            { new ByteArrayContent(Samples.Bytes(Samples.Letter())), "files", "letter.md" },
            { new ByteArrayContent(Samples.Pdf()), "files", "draft-rev-1.pdf" },
        };
        workflow.Clock.Advance(TimeSpan.FromSeconds(1));
        pressed.Add(await Recorded(site, workflow, await site.Send("/upload", files)));
        Assert.Equal(DeskOutcome.Done, pressed[^1].Outcome);
        var letter = await workflow.TheDistribution();
        await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation);
        await workflow.Run();

        await workflow.Upload("gcm/faulty/letter.md", Samples.LetterWith("signatoris: none"));
        await workflow.Reconcile();
        var shown = await site.Page("/uploads?folder=gcm/faulty");
        foreach (var outcome in (DeskOutcome[])[DeskOutcome.Done, DeskOutcome.NothingChanged])
        {
            pressed.Add(await Submit(site, workflow, shown, Addresses.DiscardUpload));
            Assert.Equal(outcome, pressed[^1].Outcome);
        }

        await Press(Addresses.NewLetter, DeskOutcome.Done);
        await Press(Addresses.NewLetter, DeskOutcome.NothingChanged, ("process", "nowhere"));
        var begun = Addresses.Unfinished(Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).Id);
        await Press(begun, DeskOutcome.Done, ("do", "save"));
        await Press(begun, DeskOutcome.NothingChanged, ("do", "check"));
        await Press($"{begun}/discard", DeskOutcome.NothingChanged);
        pressed.Add(await Submit(site, workflow, await site.Page(begun), $"{begun}/discard"));
        Assert.Equal(DeskOutcome.Done, pressed[^1].Outcome);
        await Press(begun, DeskOutcome.NothingChanged);

        await Press(Addresses.Register, DeskOutcome.NothingChanged);
        await Press(Addresses.ConfirmRegister, DeskOutcome.NothingChanged, ("confirmed", "yes"));
        await Press(Addresses.DeclineRegister, DeskOutcome.NothingChanged);
        using var register = new MultipartFormDataContent
        {
            { new StringContent((await site.Token()).Value), "__RequestVerificationToken" },
            { new ByteArrayContent(Samples.Bytes(TestWorkflow.RegisterOf("che", "fra"))), "file", "missions.csv" },
        };
        workflow.Clock.Advance(TimeSpan.FromSeconds(1));
        pressed.Add(await Recorded(site, workflow, await site.Send(Addresses.Register, register)));
        Assert.Equal(DeskOutcome.Done, pressed[^1].Outcome);
        pressed.Add(
            await Submit(site, workflow, await site.Page(Addresses.Register), Addresses.ConfirmRegister, ("confirmed", "yes")));
        Assert.Equal(DeskOutcome.Done, pressed[^1].Outcome);
        await Press(Addresses.MissionEdit("che"), DeskOutcome.NothingChanged);
        pressed.Add(
            await Submit(
                site,
                workflow,
                await site.Page(Addresses.MissionEdit("che")),
                Addresses.MissionEdit("che"),
                ("to", "new@che.example"),
                ("language", "fr"),
                ("reason", "It was told by telephone.")));
        Assert.Equal(DeskOutcome.Done, pressed[^1].Outcome);

        foreach (var outcome in (DeskOutcome[])[DeskOutcome.Done, DeskOutcome.NothingChanged])
            await Press(Addresses.TestMessage("che"), outcome, ("mailbox", "new@che.example"));
        await Press(Addresses.MissionNotes("che"), DeskOutcome.NothingChanged);
        await Press(Addresses.MissionNotes("che"), DeskOutcome.Done, ("words", "A note"));
        var note = Assert.Single(await workflow.Get<MissionNotes>().Of("che", Cancellation)).Id;
        foreach (var outcome in (DeskOutcome[])[DeskOutcome.Done, DeskOutcome.NothingChanged])
            await Press(Addresses.EraseMissionNote("che", note), outcome);
        await workflow.BringRegister(Samples.Bytes(TestWorkflow.RegisterOf("che")));
        pressed.Add(await Submit(site, workflow, await site.Page(Addresses.Register), Addresses.DeclineRegister));
        Assert.Equal(DeskOutcome.Done, pressed[^1].Outcome);

        var proposing = MissionProposer.Page(workflow, letter.Id);
        await MissionProposer.Proposes(workflow, site, proposing, ("language", "es"));
        var proposal = await Proposal();
        await Press($"{proposal}/decline", DeskOutcome.NothingChanged);
        await Press($"{proposal}/decline", DeskOutcome.Done, ("word", "Please write to us."));
        await Press($"{proposal}/accept", DeskOutcome.NothingChanged);
        await MissionProposer.Proposes(workflow, site, proposing, ("language", "ru"));
        await Press($"{await Proposal()}/accept", DeskOutcome.Done);

        var read = Addresses.WordsOf("co-facilitators", "en");
        await Press(read, DeskOutcome.NothingChanged);
        await Typed(read, read, ("name", "Ada Reader"));
        await Press(Addresses.TakeBackWords("co-facilitators", "en"), DeskOutcome.NothingChanged);
        await Typed(read, Addresses.TakeBackWords("co-facilitators", "en"), ("why", "It was the draft."));

        var holiday = Addresses.Setting("holidays", "2018-12-24");
        await Press(holiday, DeskOutcome.NothingChanged);
        await Press(holiday, DeskOutcome.Done, ("day", "2018-12-24"), ("name", "A day off"), ("version", ""));
        await Press($"{holiday}/take-out", DeskOutcome.NothingChanged);
        await Typed(holiday, $"{holiday}/take-out", ("why", "It was moved."));

        await workflow
            .Get<Notices>()
            .Add(new("one", workflow.Clock.GetUtcNow(), null, "Look at this."), Cancellation);
        await Press("/notices/one/seen", DeskOutcome.Done);
        await Press("/notices/one/seen", DeskOutcome.NothingChanged);

        await Press("/replies/nothing/match", DeskOutcome.NothingChanged);
        await Press("/replies/nothing/set-aside", DeskOutcome.NothingChanged);
        var id = await Came("one");
        await Press($"/replies/{id}/match", DeskOutcome.Done, ("distribution", letter.Id), ("mission", "che"));
        id = await Came("two");
        await Press($"/replies/{id}/set-aside", DeskOutcome.Done);
        await Press(Addresses.TakeReplyBack(id), DeskOutcome.Done);
        await Press(Addresses.TakeReplyBack("nothing"), DeskOutcome.NothingChanged);
        await Press($"/replies/{id}/set-aside", DeskOutcome.Done);
        await Press(Addresses.ReplyPile, DeskOutcome.NothingChanged, ("act", "aside"));
        id = await Came("three");
        await Press(Addresses.ReplyPile, DeskOutcome.Done, ("act", "keep"), ("reply", $"{id} {letter.Id} che"));
        await Press(Addresses.ReplyPile, DeskOutcome.NothingChanged, ("act", "aside"), ("reply", id));
        await AreListed(site, pressed.Skip(before));

        async Task Typed(string page, string form, params (string Name, string Value)[] fields)
        {
            pressed.Add(await Submit(site, workflow, await site.Page(page), form, fields));
            Assert.Equal((form, DeskOutcome.Done), (form, pressed[^1].Outcome));
        }

        async Task<string> Proposal() =>
            $"{Addresses.Proposals}/che/{(await MissionProposer.OnRecord(workflow))[^1].Id}";

        async Task<string> Came(string text)
        {
            using var message = new MemoryStream(
                Samples.Bytes($"From: a@else.example\r\nSubject: Re\r\n\r\n{text}\r\n"));
            await workflow.Get<InboundFiles>().Upload($"{text}.eml", message, Cancellation);
            await workflow.Reconcile();
            return Assert.Single(await workflow.Get<Replies>().Waiting(Cancellation)).Id;
        }

        async Task Press(string form, DeskOutcome outcome, params (string Name, string Value)[] fields)
        {
            pressed.Add(await ActResultTests.Press(site, workflow, form, fields));
            Assert.Equal((form, outcome), (form, pressed[^1].Outcome));
        }
    }

    /// <summary>Presses a button of a page as it was shown, with what is typed into its form.</summary>
    private static async Task<DeskAct> Submit(
        TestSite site,
        TestWorkflow workflow,
        IHtmlDocument shown,
        string action,
        params (string Name, string Value)[] typed)
    {
        var form = shown.QuerySelector($"form[action='{action}']")!;
        var fields = form
            .QuerySelectorAll("input")
            .OfType<IHtmlInputElement>()
            .Where(input => input.Type != "checkbox" && input.Type != "radio" && typed.All(field => field.Name != input.Name))
            .Select(input => KeyValuePair.Create(input.Name!, input.Value))
            .Concat(typed.Select(field => KeyValuePair.Create(field.Name, field.Value)))
            .ToList();
        workflow.Clock.Advance(TimeSpan.FromSeconds(1));
        return await Recorded(site, workflow, await site.Send(HttpMethod.Post, action, fields));
    }

    private static async Task<DeskAct> Press(
        TestSite site,
        TestWorkflow workflow,
        string form,
        params (string Name, string Value)[] fields)
    {
        workflow.Clock.Advance(TimeSpan.FromSeconds(1));
        return await Recorded(site, workflow, await site.Post(form, [await site.Token(), .. fields]));
    }

    /// <returns>The act as it is on record, which is what the page says.</returns>
    private static async Task<DeskAct> Recorded(TestSite site, TestWorkflow workflow, HttpResponseMessage answer)
    {
        var act = (await workflow.Get<DeskActs>().Latest(null, 1, Cancellation))[0];
        var page = answer.StatusCode == HttpStatusCode.SeeOther
            ? await site.Page(answer.Headers.Location!.ToString())
            : await TestSite.Read(answer);
        Assert.NotNull(act.Words);
        Assert.Equal(
            (act.What, act.Words),
            (act.What, answer.StatusCode == HttpStatusCode.NotFound
                ? $"{page.QuerySelector("h1")!.TextContent}."
                : Said(page)));
        return act;
    }

    /// <summary>The record of acts says of each, the latest first, what its page said.</summary>
    private static async Task AreListed(TestSite site, IEnumerable<DeskAct> acts)
    {
        var rows = (await site.Page(Addresses.Acts()))
            .QuerySelectorAll("tbody tr")
            .Select(row => TestSite.Words(row.TextContent))
            .Reverse()
            .ToList();
        Assert.Equal(acts.Count(), rows.Count);
        Assert.All(
            acts.Zip(rows),
            listed => Assert.Contains(TestSite.Words(listed.First.Words!), listed.Second, StringComparison.Ordinal));
    }

    private static string? Said(IHtmlDocument page) =>
        page.QuerySelectorAll("#told [role=alert]").SingleOrDefault()?.TextContent;
}
