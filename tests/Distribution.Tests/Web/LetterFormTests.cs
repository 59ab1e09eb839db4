using System.Net;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Azure.Storage.Blobs.Specialized;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Intake;
using Distribution.Tests.Letters;
using Distribution.Tests.Storage;
using Distribution.Tracking;
using Distribution.Web;
using Distribution.Web.Desk;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>A letter is written at the desk: begun, kept, checked, and put into its folder.</summary>
public sealed class LetterFormTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static byte[] CoverLetter(string text = "We have the honour to transmit Draft Rev 2.") => SampleUpload.Word(string.Concat(
        ((string[])
        [
            "New York, 26 March 2018", "Excellency,", text, "Please accept, Excellency, the assurances of our highest consideration.", "",
            "Juan José Gómez Camacho", "Permanent Representative of Mexico", "", "Jürg Lauber", "Permanent Representative of Switzerland",
        ]).Select(SampleUpload.WordParagraph)));

    [Fact]
    public async Task A_cover_letter_in_Word_and_a_draft_become_a_letter_that_waits_for_release()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var begin = await site.Page(Addresses.NewLetter);
        Assert.Contains("come from Draft Rev 1 of 26 March 2018", TestSite.Words(begin), StringComparison.Ordinal);
        var form = await Begin(site, "gcm");
        Assert.Equal("Jürg Lauber", Value(form, "signatories[2].name"));
        Assert.Equal("Permanent Mission of Switzerland to the United Nations", Value(form, "signatories[2].letterhead"));
        Assert.Equal(("4", "", "2018-03-26"), (Value(form, "sequence"), Value(form, "draft"), Value(form, "date")));

        var saved = await Press(
            site,
            form,
            "save",
            [("draft", "Draft Rev 2"), ("deadlines[1].at.date", "2018-04-10")],
            ("Cover letter.docx", CoverLetter()),
            ("draft-rev-2.pdf", Samples.Pdf("Draft Rev 2")));
        form = await TypedForm.Followed(site, saved);
        Assert.Equal("We have the honour to transmit Draft Rev 2.", form.QuerySelector("#text")!.TextContent.Trim());
        var words = TestSite.Words(form);
        Assert.Contains("“Cover letter.docx” was taken apart", words, StringComparison.Ordinal);
        Assert.Contains("Its text was put into the letter; it is not sent itself.", words, StringComparison.Ordinal);
        Assert.Contains("The salutation was left out (“Excellency,”): the letter begins with it by itself.", words, StringComparison.Ordinal);
        Assert.Contains("begins “Draft Rev 2”", words, StringComparison.Ordinal);
        Assert.Contains("Tuesday, 10 April 2018", words, StringComparison.Ordinal);
        Assert.Empty((await workflow.Get<Drafts>().List("gcm/draft-rev-2", Cancellation)));
        Assert.Contains("Draft Rev 2 is being written", TestSite.Words(await site.Page(Addresses.Front)), StringComparison.Ordinal);

        var waiting = await TypedForm.Followed(site, await Press(site, form, "check", []));
        Assert.Contains("Draft Rev 2", TestSite.Words(waiting), StringComparison.Ordinal);
        var letter = (await workflow.Distributions()).Single(found => found.Folder.Revision == "draft-rev-2");
        Assert.Equal((DistributionState.AwaitingRelease, 4, new DateOnly(2018, 3, 26)), (letter.State, letter.Sequence, letter.Date));
        Assert.Equal(["draft-rev-2.pdf"], letter.Enclosures.Select(enclosure => enclosure.File));
        Assert.Contains($"Uploaded by {TestSite.PersonWithRoles}", TestSite.Words(await site.Page(Addresses.Distribution(letter.Id))), StringComparison.Ordinal);
        Assert.Empty(await workflow.Get<UnfinishedLetters>().All(Cancellation));

        // Whoever goes back in the browser's history is told what became of the form.
        var gone = await site.Page(saved.Headers.Location!.ToString(), HttpStatusCode.NotFound);
        Assert.Equal("This letter is not being written any more", gone.QuerySelector("h1")!.TextContent);
        Assert.Contains("It was put into its folder, and then stands among the letters, or it was discarded.", TestSite.Words(gone), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_that_asks_to_leave_by_itself_says_so_before_it_does_and_the_next_one_does_not_ask()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:AllowAutomatic", "true"), ("Release:People", "1"));
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        Assert.Contains("Only a letter that asks to leave by itself leaves as soon as it is in order.", TestSite.Words(await site.Page(Addresses.NewLetter)), StringComparison.Ordinal);
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("release: automatic"));
        await workflow.Reconcile();
        var form = await site.Press(Addresses.Upload(new("gcm", "draft-rev-1")), "Open it in the form");
        Assert.Contains("This letter asks to leave by itself", form.GetElementById("leaves-by-itself")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("waits there for release", TestSite.Words(form), StringComparison.Ordinal);

        form = await TypedForm.Followed(site, await Press(site, form, "save", [], ("draft-rev-1.pdf", Samples.Pdf())));
        // Whoever presses again goes on in the same form.
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        var same = await site.Press(Addresses.Upload(new("gcm", "draft-rev-1")), "Open it in the form");
        Assert.Contains("This folder is open in the form already, saved last by", TestSite.Words(same), StringComparison.Ordinal);
        Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation));
        var left = await TypedForm.Followed(site, await Press(site, form, "check", []));
        Assert.Contains("It asks to leave by itself, and does so unless something has to be confirmed.", TestSite.Words(left), StringComparison.Ordinal);
        await workflow.Run();
        Assert.True((await workflow.TheDistribution()).IsLetGo);
        form = await Begin(site, "gcm");
        Assert.Null(form.GetElementById("leaves-by-itself"));
        // What is chosen before the press was not known when the page was made.
        Assert.Contains("and waits there for release. Only a letter that asks to leave by itself leaves as soon as it is in order. Download it as a folder", TestSite.Words(form), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_letter_may_leave_by_itself_none_is_said_to()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("release: automatic"));
        await workflow.Reconcile();

        var form = await site.Press(Addresses.Upload(new("gcm", "draft-rev-1")), "Open it in the form");

        Assert.Null(form.GetElementById("leaves-by-itself"));
        Assert.Contains("and waits there for release.", TestSite.Words(form), StringComparison.Ordinal);
        Assert.DoesNotContain("leave by itself", TestSite.Words(form), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fr", "Excellence,", "Nous avons l’honneur de vous transmettre le projet Rev 2.", "Nous vous prions d’agréer, Excellence, l’assurance de notre très haute considération.")]
    [InlineData("ar", "أصحاب السعادة،", "يشرفنا أن نحيل إليكم المشروع Draft Rev 2.", "وتفضلوا، سعادتكم، بقبول فائق تقديرنا واحترامنا.")]
    public async Task In_other_languages_too(string language, string salutation, string text, string close)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var cover = SampleUpload.Word(string.Concat(((string[])[salutation, text, close]).Select(SampleUpload.WordParagraph)));
        var form = await TypedForm.Followed(site, await Press(
            site, await Begin(site, "gcm"), "save", [("draft", "Draft Rev 2")], ("lettre.docx", cover), ("draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"))));
        await TypedForm.Followed(site, await Press(site, form, "check", []));

        var letter = (await workflow.Distributions()).Single(found => found.Folder.Revision == "draft-rev-2");
        Assert.Equal(language, (await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation)).Letter.Language);
    }

    [Fact]
    public async Task A_correction_is_begun_from_the_letter_that_it_corrects()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var corrected = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var begin = await site.Page(Addresses.Correct(corrected.Id));
        Assert.Contains("A correction of Draft Rev 1", TestSite.Words(begin), StringComparison.Ordinal);
        var begun = await site.Post(Addresses.NewLetter, await site.Token(), ("corrects", corrected.Id), ("correction", "corrigendum"));
        var form = await TypedForm.Followed(site, begun);
        await TypedForm.Followed(site, await Press(site, form, "check", [("draft", "Draft Rev 1, corrigendum"), ("text", "Paragraph 7 of Draft Rev 1 should read as follows: “shall”.")]));

        var correction = (await workflow.Distributions()).Single(found => found.Id != corrected.Id);
        Assert.Equal((DistributionState.AwaitingRelease, corrected.Id), (correction.State, correction.Follows?.Of));
        Assert.Equal(HttpStatusCode.NotFound, (await site.Post(Addresses.NewLetter, await site.Token(), ("corrects", "nowhere"), ("correction", "corrigendum"))).StatusCode);

        // Or a letter of its own, with the text of that one.
        Assert.Contains("A letter like Draft Rev 1", TestSite.Words(await site.Page(Addresses.Like(corrected.Id))), StringComparison.Ordinal);
        var copy = await site.Press(Addresses.Like(corrected.Id), "Copy it");
        Assert.Equal((Samples.Body, "", "5"), (copy.QuerySelector("#text")!.TextContent, Value(copy, "draft"), Value(copy, "sequence")));
        Assert.Equal(HttpStatusCode.NotFound, (await site.Post(Addresses.NewLetter, await site.Token(), ("like", "nowhere"))).StatusCode);
    }

    [Fact]
    public async Task Meetings_are_typed_in_their_fields_and_a_correction_begins_with_them()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await Begin(site, "gcm");
        Assert.Equal("", Value(form, "meetings[1].title"));
        form = await TypedForm.Followed(site, await Press(
            site,
            form,
            "save",
            [
                ("draft", "Draft Rev 2"), ("text", "Draft Rev 2 is enclosed."),
                ("meetings[1].title", "Reading <b>& more</b>"), ("meetings[1].date", "2018-04-10"), ("meetings[1].from", "15:00"), ("meetings[1].to", "13:00"),
            ],
            ("draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"))));
        // What is typed stays, and there is room for another one.
        Assert.Contains("Reading <b>& more</b>, Tuesday, 10 April 2018", form.QuerySelectorAll("#meetings summary").Select(summary => summary.TextContent));
        Assert.Equal("", Value(form, "meetings[2].title"));

        var refused = await Press(site, form, "check", []);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        form = await TestSite.Read(refused);
        Assert.Equal(
            ["The meeting ends at 13:00 and begins at 15:00. Write under “To” a later hour of the same day; for a meeting that goes on after midnight, write 23:59."],
            TypedForm.Wrong(form, "meetings[1].to"));
        Assert.True(form.GetElementById("meetings[1].to")!.Closest("details")!.HasAttribute("open"));
        await TypedForm.Followed(site, await Press(site, form, "check", [("meetings[1].to", "18:00"), ("meetings[1].place", "Conference Room 2")]));

        var letter = (await workflow.Distributions()).Single(found => found.Folder.Revision == "draft-rev-2");
        var page = TestSite.Words(await site.Page(Addresses.Distribution(letter.Id)));
        Assert.Contains("Reading <b>& more</b> Tuesday, 10 April 2018, 3.00 p.m. to 6.00 p.m. New York time, Conference Room 2", page, StringComparison.Ordinal);
        Assert.Contains("made from the letter’s meetings", page, StringComparison.Ordinal);
        // Nobody brings the calendar: it is no changed file, and whoever brought all the rest is the author.
        Assert.Matches(@"Changed since Draft Rev 1, .+: 1 enclosure, .+ meetings", page);
        Assert.DoesNotContain("meetings.ics is new", page, StringComparison.Ordinal);
        Assert.Contains($"Uploaded by {TestSite.PersonWithRoles}", page, StringComparison.Ordinal);
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation, confirmed: true));
        await workflow.CarryOutBatches();

        // The next letter of the process is about other meetings; one that withdraws it cancels them.
        Assert.Equal("", Value(await Begin(site, "gcm"), "meetings[1].title"));
        var withdrawal = await TypedForm.Followed(
            site,
            await site.Post(Addresses.NewLetter, await site.Token(), ("corrects", letter.Id), ("correction", "withdrawal")));
        Assert.Equal(
            ("Reading <b>& more</b>", "2018-04-10", "15:00", "18:00", "yes"),
            (Value(withdrawal, "meetings[1].title"), Value(withdrawal, "meetings[1].date"), Value(withdrawal, "meetings[1].from"), Value(withdrawal, "meetings[1].to"), Value(withdrawal, "meetings[1].cancelled")));
    }

    [Fact]
    public async Task What_was_typed_stays_whatever_is_found_in_it_and_is_words()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await Begin(site, "");
        (string, string)[] typed =
        [
            ("draft", "Draft <script>alert(1)</script>"), ("process", "A process: with a colon"), ("contact", "nobody"),
            ("signatories[1].name", "A. Lee"), ("audience.typed", "Switzerland, nowhere"), ("send.date", "2018-13-01"), ("leaves", "hour"),
            ("text", "A text.\n\n{{ letter.unknown }} & <b>"), ("remind", "3 working days before"),
        ];

        var answer = await Press(site, form, "check", typed);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var again = await TestSite.Read(answer);
        Assert.Equal(
            ("Draft <script>alert(1)</script>", "A process: with a colon", "nobody", "A. Lee", "che", "nowhere"),
            (Value(again, "draft"), Value(again, "process"), Value(again, "contact"), Value(again, "signatories[1].name"), Value(again, "audience"), Value(again, "audience.typed")));
        Assert.Equal("A text.\n\n{{ letter.unknown }} & <b>", again.QuerySelector("#text")!.TextContent);
        Assert.Empty(again.QuerySelectorAll("script:not([src])"));
        Assert.NotEmpty(TypedForm.Wrong(again, "contact"));
        Assert.NotEmpty(TypedForm.Wrong(again, "send"));
        Assert.NotEmpty(TypedForm.Wrong(again, "text"));
        Assert.Equal(["This is needed."], TypedForm.Wrong(again, "signatories[1].title"));
        Assert.Contains("At least one document is needed.", TestSite.Words(again), StringComparison.Ordinal);
        // Named as the form names them.
        var named = again.QuerySelectorAll("#wrong a").ToDictionary(link => link.GetAttribute("href")!, link => link.TextContent);
        Assert.Equal(
            ("To", "Leaves", "Remind the silent", "Signed by, title", "Documents"),
            (named["#audience"], named["#send"], named["#remind"], named["#signatories[1].title"], named["#files"]));
        Assert.Empty(await workflow.Get<Drafts>().List(null, Cancellation));

        // It is saved as well: another visit shows the same.
        var found = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation));
        Assert.Equal(("nobody", "3 working days before"), (found.Field("contact"), found.Field("remind")));
    }

    [Fact]
    public async Task Recipients_are_found_by_name_or_code_added_left_out_and_counted()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UploadRegister(string.Join("\r\n", TestWorkflow.RegisterOf("che", "fra", "mex", "prk", "kor").Split("\r\n")
            .Select(line => line + (line.StartsWith("mission", StringComparison.Ordinal) || line.StartsWith('\uFEFF') ? ",groups" : line[..3] is "kor" or "prk" ? ",asia" : ","))));
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await Begin(site, "");
        Assert.Equal("All 5 missions get it.", Count(form));
        // One box for each kind that there is and for each group, and none for a single mission.
        Assert.Equal(["Member States (5)", "the group asia (2)"], form.QuerySelectorAll("#recipients label").Select(label => label.TextContent));
        form = await TypedForm.Followed(site, await Press(site, form, "save", [("audience", "asia")]));
        Assert.Equal(("asia", "2 of 5 missions get it."), (string.Join(", ", Values(form, "audience")), Count(form)));
        form = await TypedForm.Followed(site, await Press(site, form, "save", [("audience", "")]));

        form = await TypedForm.Followed(site, await Press(site, form, "add-recipient", [("audience.typed", "mexico")]));
        Assert.Equal(("mex", "", "1 of 5 missions gets it."), (string.Join(", ", Values(form, "audience")), Value(form, "audience.typed"), Count(form)));
        form = await TypedForm.Followed(site, await Press(site, form, "save", [("audience.typed", "CHE; France")]));
        Assert.Equal(("mex, che, fra", "3 of 5 missions get it."), (string.Join(", ", Values(form, "audience")), Count(form)));
        Assert.Equal(["Mexico", "Switzerland", "France"], form.QuerySelectorAll("#recipients label").Skip(2).Select(label => label.TextContent));
        // Who is left out is not among those who get it as well; unticking takes out.
        form = await TypedForm.Followed(site, await Press(site, form, "leave-out", [("audience.typed", "Mexico")]));
        Assert.Equal(("che, fra, not mex", "2 of 5 missions get it."), (string.Join(", ", Values(form, "audience")), Count(form)));
        form = await TypedForm.Followed(site, await Press(site, form, "save", [("audience", "not mex")]));
        Assert.Equal(("not mex", "4 of 5 missions get it."), (string.Join(", ", Values(form, "audience")), Count(form)));

        // A part of a name is nobody: those who have it are offered.
        form = await TypedForm.Followed(site, await Press(site, form, "add-recipient", [("audience.typed", "korea")]));
        Assert.Equal("korea", Value(form, "audience.typed"));
        Assert.Contains("“korea” is neither", Assert.Single(TypedForm.Wrong(form, "audience")), StringComparison.Ordinal);
        Assert.Equal(["Democratic People's Republic of Korea", "Republic of Korea"], form.QuerySelectorAll(".offers button").Select(button => TestSite.Words(button.TextContent)).Order());
        form = await TypedForm.Followed(site, await Press(site, form, form.QuerySelectorAll(".offers button").Single(button => button.TextContent == "Republic of Korea").GetAttribute("value")!, []));
        Assert.Equal(("not mex, kor", ""), (string.Join(", ", Values(form, "audience")), Value(form, "audience.typed")));
        Assert.Empty(TypedForm.Wrong(form, "audience"));

        // As one types, too; and nothing leaves for somebody who is not in the register.
        var id = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).Id;
        var kept = JsonDocument.Parse(await (await Keep(site, form, id, ("audience.typed", "Atlantis"))).Content.ReadAsStringAsync(Cancellation)).RootElement;
        Assert.Equal("1 of 5 missions gets it.", kept.GetProperty("recipients").GetString());
        Assert.Contains("“Atlantis” is neither", Assert.Single(await Found(site, id, "audience")), StringComparison.Ordinal);
        var refused = await TestSite.Read(await Press(site, await site.Page(Addresses.Unfinished(id)), "check", []));
        Assert.Contains("“Atlantis” is neither", Assert.Single(TypedForm.Wrong(refused, "audience")), StringComparison.Ordinal);

        static string Count(IHtmlDocument page) => TestSite.Words(page.QuerySelector("#recipients-count")!.TextContent);
    }

    [Fact]
    public async Task What_the_fields_say_is_what_the_letter_says()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        await Press(site, await Begin(site, ""), "save",
        [
            ("process", "Process"), ("draft", "Draft Rev 1"), ("deadlines[1].name", "comments"), ("deadlines[1].at.date", "2018-04-10"),
            ("deadlines[1].at.time", "18:00"), ("leaves", "hour"), ("send.date", "2018-03-27"), ("send.time", "23:30"),
            ("remind", "3 working days before"), ("audience", "member-states"), ("audience", "not fra"), ("markings", "confidential"),
            ("contact", "Team <team@example.org>"), ("text", "Text."),
        ]);

        Assert.Equal(
            """
            ---
            process: Process
            draft: Draft Rev 1
            sequence: 1
            date: 2018-03-26
            subject: "Draft Rev 1: Process"
            contact: Team <team@example.org>
            markings: [confidential]
            audience: [member-states, not fra]
            deadlines:
              comments: 2018-04-10 18:00
            send: 2018-03-27 23:30
            remind:
              - 3 working days before comments
            ---

            Text.

            """.ReplaceLineEndings("\n"),
            Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).File);
    }

    [Fact]
    public async Task Two_people_are_told_of_each_other_and_nothing_is_overwritten()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var amelie = await TestSite.Open(workflow, [Roles.Drafter]);
        await using var bruno = await TestSite.Open(workflow, [Roles.Drafter], "bruno@secretariat.example");
        var hers = await Begin(amelie, "");
        var id = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).Id;
        var his = await bruno.Page(Addresses.Unfinished(id));
        await Press(amelie, hers, "save", [("draft", "Draft Rev 2"), ("text", "Her text.")]);

        var answer = await Press(bruno, his, "save", [("draft", "Draft Rev 3"), ("text", "His text.")]);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        var both = await TestSite.Read(answer);
        Assert.Equal(("Draft Rev 3", "His text."), (Value(both, "draft"), both.QuerySelector("#text")!.TextContent));
        var told = TestSite.Words(both.QuerySelector("#conflict")!.TextContent);
        Assert.Contains($"{TestSite.PersonWithRoles} saved this letter on", told, StringComparison.Ordinal);
        Assert.Contains("What is sent: Draft Rev 2", told, StringComparison.Ordinal);
        Assert.Contains("Her text.", told, StringComparison.Ordinal);
        Assert.EndsWith($"by {TestSite.PersonWithRoles}", TestSite.Words(both.QuerySelector("#kept")!.TextContent), StringComparison.Ordinal);
        Assert.Equal("Her text.", (await workflow.Get<UnfinishedLetters>().Find(id, Cancellation))!.Value.Text);

        // Who has seen both and presses again means it; what stood there is kept, with who wrote it.
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.SeeOther, (await Press(bruno, both, "save", [])).StatusCode);
        Assert.Equal("His text.", (await workflow.Get<UnfinishedLetters>().Find(id, Cancellation))!.Value.Text);
        var page = await amelie.Page(Addresses.Unfinished(id));
        Assert.Equal(
            $"Saved on 26 March 2018, 12.00 p.m. New York time by {TestSite.PersonWithRoles}, who had changed: what is sent and the letter.",
            TestSite.Words(Assert.Single(page.QuerySelectorAll("#versions li")).TextContent).Split(" Take it up again")[0]);
        workflow.Clock.Advance(TimeSpan.FromMinutes(1));
        page = await TypedForm.Followed(amelie, await Press(amelie, page, page.QuerySelector("#versions button")!.GetAttribute("value")!, [("text", "Her last word.")]));
        Assert.Equal(("Draft Rev 2", "Her text."), (Value(page, "draft"), page.QuerySelector("#text")!.TextContent));
        Assert.Contains("The letter is as it was saved on 26 March 2018, 12.00 p.m. New York time.", TestSite.Words(page), StringComparison.Ordinal);
        // Nothing of what stood there is lost by that either.
        Assert.Equal(3, page.QuerySelectorAll("#versions li").Length);
        page = await TypedForm.Followed(amelie, await Press(amelie, page, page.QuerySelectorAll("#versions button")[0].GetAttribute("value")!, []));
        Assert.Equal("Her last word.", page.QuerySelector("#text")!.TextContent);
        page = await TypedForm.Followed(amelie, await Press(amelie, page, page.QuerySelectorAll("#versions button").First(button => button.TextContent.Contains("12.01", StringComparison.Ordinal)).GetAttribute("value")!, []));
        Assert.Equal("His text.", page.QuerySelector("#text")!.TextContent);
        Assert.Contains("not kept any more", TestSite.Words(await TypedForm.Followed(amelie, await Press(amelie, page, "restore:1", []))), StringComparison.Ordinal);

        // The oldest one goes only with a save that takes another in: who saves too late takes nothing away.
        var letters = workflow.Get<UnfinishedLetters>();
        var stored = (await letters.Find(id, Cancellation))!;
        var oldest = new LetterVersion(DateTimeOffset.UnixEpoch, stored.Value.BegunBy, []);
        await letters.PutFile(id, oldest.Name, new MemoryStream([1]), Cancellation);
        stored = (await letters.Replace(
            stored.Value with
            {
                Versions = [.. Enumerable.Range(0, LetterVersion.Most).Select(minute => oldest with { At = oldest.At.AddMinutes(minute) })],
                ChangedSince = ["text"],
            },
            stored.ETag,
            Cancellation))!;
        var now = stored.Value with { Text = "More.", SavedAt = stored.Value.SavedAt.AddMinutes(1) };
        Assert.Null(await letters.Save(stored with { ETag = "W/\"too-late\"" }, now, isPress: true, Cancellation));
        Assert.NotNull(await letters.ReadFile(id, oldest.Name, Cancellation));
        Assert.Equal(LetterVersion.Most, (await letters.Save(stored, now, isPress: true, Cancellation))!.Value.Versions.Count);
        Assert.Null(await letters.ReadFile(id, oldest.Name, Cancellation));
    }

    [Fact]
    public async Task A_letter_is_kept_as_one_types_and_who_is_too_late_is_told()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await Begin(site, "");
        var id = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).Id;
        var other = await site.Page(Addresses.Unfinished(id));

        var kept = await Keep(site, form, id, ("text", "Half a"));
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        var version = JsonDocument.Parse(await kept.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("version").GetString();
        Assert.Equal("Half a", (await workflow.Get<UnfinishedLetters>().Find(id, Cancellation))!.Value.Text);
        Assert.Equal(version, Value(await site.Page(Addresses.Unfinished(id)), "version"));
        // The same once more, from a page that had not heard of it, is no conflict; something else is.
        Assert.Equal(HttpStatusCode.OK, (await Keep(site, form, id, ("text", "Half a"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Keep(site, other, id, ("text", "Half b"))).StatusCode);
        Assert.Equal("Half a", (await workflow.Get<UnfinishedLetters>().Find(id, Cancellation))!.Value.Text);
        // But where only the answer was lost, the page goes on; what it had given up and comes late changes nothing.
        Assert.Equal(HttpStatusCode.OK, (await Keep(site, form, id, ("shown.turn", "2"), ("text", "Half a loaf"))).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await Keep(site, form, id, ("shown.turn", "1"), ("text", "Half"))).StatusCode);
        Assert.Equal("Half a loaf", (await workflow.Get<UnfinishedLetters>().Find(id, Cancellation))!.Value.Text);

        // What the one check finds is told by fields, in the words in which the page says it, and takes nothing into a folder.
        var page = await site.Page(Addresses.Unfinished(id));
        await Keep(site, page, id, ("date", "2018-04-10"), ("deadlines[1].at.date", "2018-04-03"), ("contact", "nobody"), ("text", "Half {{ a }}"));
        var checkedPage = await TestSite.Read(await Press(site, await site.Page(Addresses.Unfinished(id)), "check", []));
        Assert.Contains("“comments” is before the letter's own date, 10 April 2018", Assert.Single(await Found(site, id, "deadlines")), StringComparison.Ordinal);
        foreach (var place in (string[])["deadlines", "contact", "text", "draft", "files", "subject"])
            Assert.Equal(checkedPage.GetElementById($"{place}-said")!.Children.Select(said => said.TextContent), await Found(site, id, place));
        Assert.Empty(await workflow.Get<Drafts>().List(null, Cancellation));
        // Who asks again before the first check is begun gets the second one.
        var asked = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => workflow.Get<UnfinishedLetterCheck>().WhileTyping(id, "amélie", Cancellation)));
        Assert.InRange(asked.Count(found => found is not null), 1, 2);
        Assert.NotNull(asked[^1]);

        // What is longer than any letter is not stored, and stands on the page.
        var tooLong = new string('x', 200_001);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Keep(site, await site.Page(Addresses.Unfinished(id)), id, ("text", tooLong))).StatusCode);
        var refused = await Press(site, await site.Page(Addresses.Unfinished(id)), "save", [("text", tooLong)]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(tooLong, (await TestSite.Read(refused)).QuerySelector("#text")!.TextContent);

        var discarded = await Discard(site, id);
        Assert.Contains("is discarded", TestSite.Words(discarded), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Keep(site, form, id, ("text", "Half c"))).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await site.Get(Addresses.UnfinishedFindings(id))).StatusCode);
        // Who goes on typing into a letter that is gone loses nothing.
        Assert.Equal("Half d", (await TypedForm.Followed(site, await Press(site, form, "save", [("text", "Half d")]))).QuerySelector("#text")!.TextContent);
    }

    [Fact]
    public async Task A_folder_that_holds_another_letter_is_not_written_into()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che");
        await using var site = await Drafter(
            workflow,
            new Meanwhile("/drafts/gcm/draft-rev-1-bis/", () => workflow.Upload("gcm/draft-rev-1-bis/letter.md", "Another's")));
        var form = await Begin(site, "gcm");
        var answer = await Press(site, form, "check", [("draft", "Draft Rev 1"), ("text", "Text.")], ("draft-rev-1-bis.pdf", Samples.Pdf("Draft Rev 1 bis")));

        var again = await TestSite.Read(answer);
        Assert.Contains("There is a letter in the folder gcm/draft-rev-1 already", Assert.Single(TypedForm.Wrong(again, "draft")), StringComparison.Ordinal);
        Assert.Equal("#draft", again.QuerySelector("#wrong a")!.GetAttribute("href"));
        Assert.Equal(Samples.Letter(), System.Text.Encoding.UTF8.GetString(
            (await workflow.Get<Drafts>().Read((await workflow.Get<Drafts>().List("gcm/draft-rev-1/letter.md", Cancellation))[0], Cancellation))!.Value.Span));

        // As the remedy says; but another service puts a letter into that folder at this very moment.
        again = await TestSite.Read(await Press(site, again, "check", [("draft", "Draft Rev 1 bis"), ("text", "Draft Rev 1 bis is enclosed.")]));
        Assert.Contains("There is a letter in the folder gcm/draft-rev-1-bis already", Assert.Single(TypedForm.Wrong(again, "draft")), StringComparison.Ordinal);
        var there = Assert.Single(await workflow.Get<Drafts>().List("gcm/draft-rev-1-bis/", Cancellation));
        Assert.Equal("Another's"u8.ToArray(), (await workflow.Get<Drafts>().Read(there, Cancellation))!.Value.ToArray());

        // What is typed after that is saved, and the folder is free once that other letter is gone.
        await workflow.Get<Drafts>().Remove(there, Cancellation);
        await TypedForm.Followed(site, await Press(site, again, "check", [("text", "Draft Rev 1 bis is enclosed for you.")]));
        Assert.Equal(2, (await workflow.Distributions()).Count);
    }

    [Fact]
    public async Task Where_storage_fails_the_page_comes_back_with_what_was_typed()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var failing = new FailingFiles();
        await using var site = await Drafter(workflow, failing);
        var form = await site.Press(Addresses.NewLetter, "A new process");
        failing.Fails = true;
        var answer = await Press(site, form, "save", [("text", "My text.")], ("annex.pdf", Samples.Pdf()));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        form = await TestSite.Read(answer);
        Assert.Equal("My text.", form.QuerySelector("#text")!.TextContent);
        Assert.Contains("choose the files again", TestSite.Words(form.QuerySelector("#told")!.TextContent), StringComparison.Ordinal);
        failing.Fails = false;
        form = await TypedForm.Followed(site, await Press(site, form, "save", []));
        Assert.Equal("My text.", (await workflow.Get<UnfinishedLetters>().All(Cancellation)).Single().Text);

        // Files that were sent before the form wait for the next press, and are named until then.
        Assert.Equal(HttpStatusCode.NoContent, await PartUploadTests.Send(site, Samples.Pdf("Annex, put right"), 0));
        failing.Fails = true;
        answer = await Press(site, form, "save", [(ChosenFiles.Field, PartUploadTests.Entry("annex.pdf", Samples.Pdf("Annex, put right")))]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        form = await TestSite.Read(answer);
        Assert.Equal("Sent already, and taken in by your next press: annex.pdf.", form.GetElementById("sent-already")!.TextContent);
        failing.Fails = false;
        form = await TypedForm.Followed(site, await Press(site, form, "save", []));
        Assert.Null(form.GetElementById("sent-already"));
        var file = Assert.Single((await workflow.Get<UnfinishedLetters>().All(Cancellation)).Single().Files);
        Assert.Equal(("annex.pdf", Sha256Hex.Of(Samples.Pdf("Annex, put right"))), (file.Name, file.Sha256));
    }

    [Fact]
    public async Task Who_presses_twice_is_led_to_the_one_letter_both_times()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che");
        var second = new SecondPress();
        await using var site = await Drafter(workflow, second);
        // Before the first press has the folder for itself, and while it puts its files there.
        foreach (var (label, place, method) in ((string, string, Azure.Core.RequestMethod)[])
            [
                ("Draft Rev 2", "/unfinished/", Azure.Core.RequestMethod.Get),
                ("Draft Rev 3", "/drafts/gcm/draft-rev-3/", Azure.Core.RequestMethod.Put),
            ])
        {
            var form = await TypedForm.Followed(site, await Press(
                site,
                await Begin(site, "gcm"),
                "save",
                [("draft", label), ("text", $"{label} is enclosed.")],
                ($"{label}.pdf", Samples.Pdf(label))));
            second.Comes(place, method, () => Press(site, form, "check", []));
            Assert.Equal(HttpStatusCode.SeeOther, (await Press(site, form, "check", [])).StatusCode);
            Assert.Equal(HttpStatusCode.SeeOther, (await second.Answer).StatusCode);
            Assert.Equal(
                2,
                (await workflow.Get<DeskActs>().Latest(null, 100, Cancellation))
                    .Count(act => act.Words?.StartsWith($"{label} is in its folder", StringComparison.Ordinal) is true));
            Assert.Single(await workflow.Distributions(), found => found.DraftLabel == label && found.Version == 1);
            Assert.Empty(await workflow.Get<UnfinishedLetters>().All(Cancellation));
        }

        Assert.Equal(3, (await workflow.Distributions()).Count);
    }

    /// <summary>Presses once more at a moment of the first press, which goes on as soon as the second one has saved the letter.</summary>
    private sealed class SecondPress : Azure.Core.Pipeline.HttpPipelinePolicy
    {
        private (string Place, Azure.Core.RequestMethod Method, Func<Task<HttpResponseMessage>> Press)? next;
        private TaskCompletionSource isSaved = new();

        public Task<HttpResponseMessage> Answer { get; private set; } = Task.FromException<HttpResponseMessage>(new InvalidOperationException());

        public void Comes(string place, Azure.Core.RequestMethod method, Func<Task<HttpResponseMessage>> press)
        {
            isSaved = new(TaskCreationOptions.RunContinuationsAsynchronously);
            next = (place, method, press);
        }

        public override void Process(Azure.Core.HttpMessage message, ReadOnlyMemory<Azure.Core.Pipeline.HttpPipelinePolicy> pipeline) =>
            ProcessNext(message, pipeline);

        public override async ValueTask ProcessAsync(Azure.Core.HttpMessage message, ReadOnlyMemory<Azure.Core.Pipeline.HttpPipelinePolicy> pipeline)
        {
            var path = message.Request.Uri.ToString();
            if (next is { } due && message.Request.Method == due.Method && path.Contains(due.Place, StringComparison.Ordinal))
            {
                next = null;
                Answer = due.Press();
                await isSaved.Task;
            }

            await ProcessNextAsync(message, pipeline);
            if (next is null && message.Request.Method != Azure.Core.RequestMethod.Get && path.Contains($"{ResourceNames.UnfinishedTable}(", StringComparison.OrdinalIgnoreCase))
                isSaved.TrySetResult();
        }
    }

    [Fact]
    public async Task A_letter_of_which_storage_took_only_some_files_into_its_folder_is_put_there_by_the_next_press()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che");
        var failing = new FailingFiles("/drafts/gcm/draft-rev-2/letter.md");
        await using var site = await Drafter(workflow, failing);
        var form = await Begin(site, "gcm");
        failing.Fails = true;
        var answer = await Press(site, form, "check", [("draft", "Draft Rev 2"), ("text", "Draft Rev 2 is enclosed.")], ("draft-rev-2.pdf", Samples.Pdf("Draft Rev 2")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Single(await workflow.Get<Drafts>().List("gcm/draft-rev-2/", Cancellation));

        failing.Fails = false;
        await TypedForm.Followed(site, await Press(site, await TestSite.Read(answer), "check", []));
        Assert.Contains(await workflow.Distributions(), letter => letter.DraftLabel == "Draft Rev 2");
        Assert.Empty(await workflow.Get<UnfinishedLetters>().All(Cancellation));
    }

    /// <summary>A storage whose blobs cannot be written, while its tables can.</summary>
    private sealed class FailingFiles(string place = "/unfinished/") : Azure.Core.Pipeline.HttpPipelineSynchronousPolicy
    {
        public bool Fails { get; set; }

        public override void OnSendingRequest(Azure.Core.HttpMessage message)
        {
            if (Fails && message.Request.Method == Azure.Core.RequestMethod.Put && message.Request.Uri.ToString().Contains(place, StringComparison.Ordinal))
                throw new Azure.RequestFailedException(503, "The server is busy.");
        }
    }

    [Fact]
    public async Task What_a_storage_tool_brought_and_was_refused_is_mended_in_the_form()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter(Samples.FrontMatter.Replace("date: 2018-03-26", "# as the Ambassador said\ndate: 26 March", StringComparison.Ordinal)));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Upload("gcm/draft-rev-1/old.pdf", Samples.Pdf());
        // One block, named many times.
        var huge = workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Drafts).GetBlockBlobClient("gcm/draft-rev-1/huge.zip");
        await huge.StageBlockAsync("AAAA", new MemoryStream(new byte[1024 * 1024]), cancellationToken: Cancellation);
        await huge.CommitBlockListAsync(Enumerable.Repeat("AAAA", 65), cancellationToken: Cancellation);
        await workflow.Reconcile();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await site.Press(Addresses.Upload(new("gcm", "draft-rev-1")), "Open it in the form");
        Assert.Contains(
            "huge.zip is larger than 67.1 MB, which no letter carries. It is not here, and is deleted from the folder when the letter is put back.",
            TestSite.Words(form),
            StringComparison.Ordinal);
        await huge.DeleteAsync(cancellationToken: Cancellation);
        Assert.Equal(("Draft Rev 1", "26 March", Samples.Body), (Value(form, "draft"), Value(form, "date"), form.QuerySelector("#text")!.TextContent));

        Assert.Contains(
            "Comments (lines with “#”) have no field here, and are left out of letter.md when the letter is put back.",
            TestSite.Words(form),
            StringComparison.Ordinal);

        // Both have the same bytes: a button means the file it stands at.
        form = await TypedForm.Followed(site, await Press(site, form, Button(form, "old.pdf", "Take it out: old.pdf"), []));
        // Somebody puts other files there meanwhile: they are not overwritten unseen.
        await workflow.Upload("gcm/draft-rev-1/new.pdf", Samples.Pdf());
        var overtaken = await Press(site, form, "check", [("date", "2018-03-26")]);
        Assert.Equal(HttpStatusCode.Conflict, overtaken.StatusCode);
        form = await TestSite.Read(overtaken);
        Assert.Contains("the files in its folder, gcm/draft-rev-1, have changed", form.GetElementById("overtaken")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull((await site.Page(form.QuerySelector("form[data-parts]")!.GetAttribute("action")!)).GetElementById("overtaken"));
        var waiting = await TypedForm.Followed(site, await Press(site, form, "check", [("date", "2018-03-26")]));
        Assert.Contains("Draft Rev 1", TestSite.Words(waiting), StringComparison.Ordinal);
        var letter = await workflow.TheDistribution();
        Assert.Equal((DistributionState.AwaitingRelease, "gcm/draft-rev-1"), (letter.State, $"{letter.Folder}"));
        Assert.Equal(
            ["gcm/draft-rev-1/draft-rev-1.pdf", "gcm/draft-rev-1/letter.md"],
            (await workflow.Get<Drafts>().List("gcm/draft-rev-1/", Cancellation)).Select(file => file.Name));
    }

    [Fact]
    public async Task What_was_replaced_is_there_again_where_another_service_is_faster_in_the_middle()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("ref: none"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, as it was"));
        await workflow.Reconcile();
        await using var site = await Drafter(
            workflow,
            new Meanwhile("/drafts/gcm/draft-rev-1/letter.md", () => workflow.Upload("gcm/draft-rev-1/letter.md", "Another's"), Azure.Core.RequestMethod.Put));
        var form = await site.Press(Addresses.Upload(new("gcm", "draft-rev-1")), "Open it in the form");
        var answer = await Press(site, form, "check", [], ("draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, put right")));

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("Another's"u8.ToArray(), await Held("letter.md"));
        Assert.Equal(Samples.Pdf("Draft Rev 1, as it was"), await Held("draft-rev-1.pdf"));

        async Task<byte[]> Held(string name) => (await workflow.Get<Drafts>().Read(
            Assert.Single(await workflow.Get<Drafts>().List($"gcm/draft-rev-1/{name}", Cancellation)),
            Cancellation))!.Value.ToArray();
    }

    [Fact]
    public async Task Another_Word_file_is_sent_unless_a_person_says_that_it_is_the_letter()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await TypedForm.Followed(site, await Press(site, await Begin(site, ""), "save", [("text", "My text.")], ("Letter.docx", CoverLetter("Its text."))));
        Assert.Equal("My text.", form.QuerySelector("#text")!.TextContent);

        form = await TypedForm.Followed(site, await Press(site, form, $"take:{Assert.Single((await workflow.Get<UnfinishedLetters>().All(Cancellation))[0].Files).Key}", []));
        Assert.Equal("Its text.", form.QuerySelector("#text")!.TextContent);
        Assert.Equal("My text.", form.QuerySelector("#former pre")!.TextContent);

        form = await TypedForm.Followed(site, await Press(site, form, $"enclose:{(await workflow.Get<UnfinishedLetters>().All(Cancellation))[0].Files[0].Key}", []));
        Assert.Single((await workflow.Get<UnfinishedLetters>().All(Cancellation))[0].Enclosed);

        // One of pictures alone has no text to take, which is said; it stays a document.
        form = await TypedForm.Followed(site, await Press(site, form, "save", [], ("Scan.docx", SampleUpload.Word("<w:p><w:r><w:drawing/></w:r></w:p>"))));
        var scan = (await workflow.Get<UnfinishedLetters>().All(Cancellation))[0].Files.Single(file => file.Name == "Scan.docx");
        form = await TestSite.Read(await Press(site, form, $"take:{scan.Key}", []));
        Assert.Contains("a picture and no text", TestSite.Words(form.QuerySelector("#problems")!.TextContent), StringComparison.Ordinal);
        Assert.Equal("Its text.", form.QuerySelector("#text")!.TextContent);
    }

    [Fact]
    public async Task A_letter_that_was_released_and_is_edited_in_the_form_is_a_letter_of_its_own_and_never_sent_twice()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var begun = await site.Post(Addresses.NewLetter, await site.Token(), ("folder", "gcm/draft-rev-1"));
        var form = await TypedForm.Followed(site, begun);
        Assert.Contains("Draft Rev 1 was released from this folder already: what is changed here becomes a second letter", TestSite.Words(form), StringComparison.Ordinal);
        var waiting = await TypedForm.Followed(site, await Press(site, form, "check", [("text", "Draft Rev 1 is enclosed once more.")]));
        await workflow.Run();

        Assert.Contains("Version 1 was released on 26 March 2018: the missions will receive a second letter.", TestSite.Words(waiting), StringComparison.Ordinal);
        Assert.Single(workflow.Sent());
        Assert.Equal(
            [DistributionState.Complete, DistributionState.AwaitingRelease],
            (await workflow.Distributions()).OrderBy(letter => letter.Version).Select(letter => letter.State));
    }

    [Fact]
    public async Task An_emblem_comes_along_from_the_last_letter_with_the_office_it_belongs_to_and_is_no_enclosure()
    {
        const string Office = "letterhead: Permanent Mission of Switzerland to the United Nations";
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter(Samples.FrontMatter.Replace(
            Office, $"{Office}\n    address: 633 Third Avenue; New York\n    emblem: arms.svg", StringComparison.Ordinal) + "\npaper: us-letter\naudience: [member-states, not fra]"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Upload("gcm/draft-rev-1/arms.svg", Samples.Bytes("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"><rect width=\"8\" height=\"8\"/></svg>"));
        await workflow.Reconcile();
        await workflow.Release();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var cover = SampleUpload.Word(string.Concat(((string[])
        [
            "Excellency,", "Draft Rev 2 is enclosed.", "Please accept, Excellency, the assurances of our highest consideration.",
            "Jürg Lauber", "Permanent Representative of Switzerland", "", "Juan José Gómez Camacho", "Permanent Representative of Mexico",
        ]).Select(SampleUpload.WordParagraph)));

        var form = await Begin(site, "gcm");
        Assert.Equal(
            ("us-letter", "member-states, not fra", "Support team <compact@secretariat.example>"),
            (Value(form, "paper"), string.Join(", ", Values(form, "audience")), Value(form, "contact")));
        form = await TypedForm.Followed(site, await Press(site, form, "save", [("draft", "Draft Rev 2")], ("cover.docx", cover), ("draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"))));

        Assert.Equal(
            ("Jürg Lauber", "arms.svg", "633 Third Avenue; New York", "Juan José Gómez Camacho", ""),
            (Value(form, "signatories[1].name"), Value(form, "signatories[1].emblem"), Value(form, "signatories[1].address"),
                Value(form, "signatories[2].name"), Value(form, "signatories[2].emblem")));
        Assert.Equal(
            ["draft-rev-2.pdf"],
            Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).Enclosed.Select(file => file.Name));
        await TypedForm.Followed(site, await Press(site, form, "check", []));
        var letter = (await workflow.Distributions()).Single(distribution => distribution.DraftLabel == "Draft Rev 2");
        Assert.Equal(DistributionState.AwaitingRelease, letter.State);
    }

    [Fact]
    public async Task Pasted_salutation_and_close_are_taken_off_and_looked_at_before_the_letter_goes_on()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await Begin(site, "gcm");
        form = await TypedForm.Followed(site, await Press(
            site,
            form,
            "check",
            [("draft", "Draft Rev 2"), ("text", "Excellency,\n\nDraft Rev 2 is enclosed.\n\nPlease accept, Excellency, the assurances of our highest consideration.")],
            ("draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"))));
        Assert.Contains("press “Check and show” again", TestSite.Words(form), StringComparison.Ordinal);
        Assert.Equal("Draft Rev 2 is enclosed.", form.QuerySelector("#text")!.TextContent);

        await Press(site, form, "check", []);
        Assert.Equal(2, (await workflow.Distributions()).Count);
    }

    [Fact]
    public async Task The_words_that_a_letter_begins_with_by_itself_are_those_for_whom_it_is_addressed_to()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await Begin(site, "gcm");

        form = await TypedForm.Followed(site, await Press(site, form, "save", [("language", "ar"), ("address", "addressed")]));

        var words = BuiltInWords.Of("ar");
        Assert.NotEqual(words.Salutation, words.SalutationTo(AddressForm.Addressed));
        Assert.Equal(words.SalutationTo(AddressForm.Addressed), form.QuerySelector(".by-itself span")!.TextContent);
        Assert.Equal(words.SalutationTo(AddressForm.Addressed), form.GetElementById("salutation")!.GetAttribute("placeholder"));
    }

    [Fact]
    public async Task Page_1_is_shown_as_it_would_leave_or_what_keeps_it_from_that()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await Begin(site, "gcm");
        var id = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).Id;
        var lacking = await site.Page(Addresses.UnfinishedPage(id), HttpStatusCode.UnprocessableEntity);
        Assert.Contains("The letter cannot be shown yet", TestSite.Words(lacking), StringComparison.Ordinal);

        await Press(site, form, "save", [("draft", "Draft Rev 2"), ("text", "Draft Rev 2 is enclosed.")], ("draft-rev-2.pdf", Samples.Pdf("Draft Rev 2")));
        var page = await site.Get(Addresses.UnfinishedPage(id));
        Assert.Equal("application/pdf", page.Content.Headers.ContentType!.MediaType);

        using var zip = new System.IO.Compression.ZipArchive(await (await site.Get(Addresses.UnfinishedFolder(id))).Content.ReadAsStreamAsync(Cancellation));
        Assert.Equal(["gcm/draft-rev-2/draft-rev-2.pdf", "gcm/draft-rev-2/letter.md"], zip.Entries.Select(entry => entry.FullName));
    }

    [Fact]
    public async Task Page_1_is_shown_for_any_mission_in_any_language_of_the_letter_and_the_last_who_asks_gets_it()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await Begin(site, "gcm");
        var id = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).Id;
        await Press(
            site,
            form,
            "save",
            [("draft", "Draft Rev 2"), ("address", "addressed"), ("text", "Draft Rev 2 is enclosed for {{ mission.name }}.")],
            ("draft-rev-2.pdf", Samples.Pdf("Draft Rev 2")),
            ("letter.fr.md", "---\nsubject: Projet\n---\n\nLe projet est joint pour {{ mission.name }}.\n"u8.ToArray()));
        var page = await site.Page(Addresses.Unfinished(id));
        Assert.Contains("Mexico", page.QuerySelectorAll("#missions-known option").Select(option => option.GetAttribute("value")));
        Assert.Equal(["", "fr"], page.QuerySelectorAll("#preview-language option").Select(option => option.GetAttribute("value")));

        Assert.Contains("enclosed for Mexico", await Shown("?mission=mex"), StringComparison.Ordinal);
        Assert.Contains("enclosed for Switzerland", await Shown("?mission=switzerland"), StringComparison.Ordinal);
        // As the French desk offers it.
        Assert.Contains("enclosed for Switzerland", await Shown("?mission=Suisse"), StringComparison.Ordinal);
        Assert.Contains("joint pour Suisse", await Shown("?mission=che&in=fr"), StringComparison.Ordinal);
        var unknown = await site.Get($"{Addresses.UnfinishedPage(id)}?mission=Atlantis");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.StatusCode);
        Assert.Equal("SAMEORIGIN", unknown.Headers.GetValues("X-Frame-Options").Single());
        Assert.Contains("No mission of the register is called “Atlantis”.", TestSite.Words(await TestSite.Read(unknown)), StringComparison.Ordinal);
        var french = await TestSite.Read(await site.Send(HttpMethod.Get, $"{Addresses.UnfinishedPage(id)}?mission=Atlantis", headers: ("Accept-Language", "fr")));
        Assert.Contains("Aucune mission du registre ne s’appelle « Atlantis ».", TestSite.Words(french), StringComparison.Ordinal);
        Assert.Empty(french.QuerySelectorAll("main [lang=en]"));

        // Who asks again before the first is made gets the second, and the first is not made.
        var previews = workflow.Get<LetterPreviews>();
        var asked = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => previews.Make(id, "amélie", "che", "", Cancellation)));
        Assert.InRange(asked.Count(made => made is LetterPreview.Shown), 1, 2);
        Assert.IsType<LetterPreview.Shown>(asked[^1]);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await previews.Make(id, "amélie", "mex", "", Cancellation);
        TestContext.Current.TestOutputHelper?.WriteLine($"Page 1, warm: {clock.ElapsedMilliseconds} ms");

        async Task<string> Shown(string query)
        {
            var answer = await site.Get(Addresses.UnfinishedPage(id) + query);
            Assert.Equal("application/pdf", answer.Content.Headers.ContentType?.MediaType);
            return string.Join(' ', Pdf.Text(await answer.Content.ReadAsByteArrayAsync(Cancellation)).Split());
        }
    }

    [Fact]
    public async Task The_text_of_a_translation_is_written_beside_the_letters_and_its_particulars_stay()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await Begin(site, "");
        var id = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).Id;
        const string Head = "---\r\n# from the translators\r\nsubject: Projet\r\n---\r\n\r\n";
        await Press(site, form, "save", [("draft", "Draft Rev 2"), ("text", "It is enclosed.")], ("letter.fr.md", Encoding.UTF8.GetBytes($"{Head}Il est joint.\r\n")));
        var page = await site.Page(Addresses.Unfinished(id));
        var area = page.QuerySelector("textarea[lang=fr]")!;
        Assert.Equal("Il est joint.", area.TextContent);
        Assert.Contains("The letter in French", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Equal($"{Head}Il est joint.\r\n", await Translation());

        Assert.Equal(HttpStatusCode.OK, (await Keep(site, page, id, (area.GetAttribute("name")!, "Il est *joint*.\n\nBien à vous"))).StatusCode);
        Assert.Equal($"{Head}Il est *joint*.\r\n\r\nBien à vous\r\n", await Translation());
        // Whoever has opened the page before is told what differs.
        var late = await TestSite.Read(await Press(site, page, "save", [(area.GetAttribute("name")!, "Le texte est joint.")]));
        Assert.Contains("The letter in French: Il est *joint*.", TestSite.Words(late), StringComparison.Ordinal);
        Assert.Equal("Le texte est joint.", late.QuerySelector("textarea[lang=fr]")!.TextContent);

        async Task<string> Translation()
        {
            using var zip = new System.IO.Compression.ZipArchive(await (await site.Get(Addresses.UnfinishedFolder(id))).Content.ReadAsStreamAsync(Cancellation));
            using var reader = new StreamReader(zip.Entries.Single(entry => entry.Name == "letter.fr.md").Open());
            return await reader.ReadToEndAsync(Cancellation);
        }
    }

    [Fact]
    public async Task A_translation_is_begun_from_nothing_and_says_what_it_says_in_its_own_words()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await Begin(site, "gcm");
        form = await TypedForm.Followed(site, await Press(
            site,
            form,
            "translate",
            [("draft", "Draft Rev 2"), ("text", "Draft Rev 2 is enclosed."), ("meetings[1].title", "Reading"), ("meetings[1].date", "2018-04-10"), ("meetings[1].from", "10:00"), ("meetings[1].to", "13:00")],
            ("draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"))));
        Assert.Contains("No translation was begun: choose its language first.", TestSite.Words(form), StringComparison.Ordinal);
        form = await TypedForm.Followed(site, await Press(site, form, "translate", [("translate.into", "ar")]));
        Assert.Contains("The letter in Arabic stands beside the letter.", TestSite.Words(form), StringComparison.Ordinal);
        Assert.DoesNotContain("ar", form.QuerySelectorAll("#translate-part option").Select(option => option.GetAttribute("value")));
        var text = form.QuerySelector("textarea[lang=ar]")!.GetAttribute("name")!;
        var file = text[..^".text".Length];
        Assert.Equal("Draft Rev 2: Global Compact for Safe, Orderly and Regular Migration", form.GetElementById($"{file}.subject")!.GetAttribute("placeholder"));

        // Without a text it is no translation; the finding stands beside it, and not at the letter's own text.
        form = await TestSite.Read(await Press(site, form, "check", []));
        Assert.NotEmpty(TypedForm.Wrong(form, text));
        Assert.Empty(TypedForm.Wrong(form, "text"));
        Assert.Contains("The letter in Arabic", TestSite.Words(form.QuerySelector("#wrong")!.TextContent), StringComparison.Ordinal);

        var title = form.QuerySelectorAll("label").Single(label => label.TextContent.StartsWith("Title of draft-rev-2.pdf", StringComparison.Ordinal)).GetAttribute("for")!;
        form = await TypedForm.Followed(site, await Press(
            site,
            form,
            "save",
            [(text, "المشروع مرفق."), ($"{file}.process", "الاتفاق العالمي"), ($"{file}.signatories[2].title", "السفير"), (title, "المشروع"), ($"{file}.meetings[1].title", "قراءة")]));
        Assert.Equal("Draft Rev 2: الاتفاق العالمي", form.GetElementById($"{file}.subject")!.GetAttribute("placeholder"));
        var id = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).Id;
        using (var zip = new System.IO.Compression.ZipArchive(await (await site.Get(Addresses.UnfinishedFolder(id))).Content.ReadAsStreamAsync(Cancellation)))
        using (var reader = new StreamReader(zip.Entries.Single(entry => entry.Name == "letter.ar.md").Open()))
            Assert.Equal(
                """
                ---
                process: الاتفاق العالمي
                subject: "Draft Rev 2: الاتفاق العالمي"
                signatories:
                  - title: Ambassador and Permanent Representative of Mexico to the United Nations
                    letterhead: Permanent Mission of Mexico to the United Nations
                  - title: السفير
                    letterhead: Permanent Mission of Switzerland to the United Nations
                enclosures:
                  - file: draft-rev-2.pdf
                    title: المشروع
                meetings:
                  - title: قراءة
                ---

                المشروع مرفق.

                """.ReplaceLineEndings("\n"),
                await reader.ReadToEndAsync(Cancellation));
        Assert.Equal("application/pdf", (await site.Get(Addresses.UnfinishedPage(id) + "?in=ar")).Content.Headers.ContentType!.MediaType);

        // Two at once, in a field of the translation.
        var late = await site.Page(Addresses.Unfinished(id));
        Assert.Equal(HttpStatusCode.OK, (await Keep(site, late, id, ($"{file}.subject", "مشروع"))).StatusCode);
        var told = await TestSite.Read(await Press(site, late, "save", [($"{file}.subject", "آخر")]));
        Assert.Contains("The letter in Arabic, subject: مشروع", TestSite.Words(told), StringComparison.Ordinal);

        await TypedForm.Followed(site, await Press(site, await site.Page(Addresses.Unfinished(id)), "check", []));
        var letter = (await workflow.Distributions()).Single(found => found.Folder.Revision == "draft-rev-2");
        Assert.Equal(DistributionState.AwaitingRelease, letter.State);
        var translated = Assert.Single((await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation)).Translations);
        Assert.Equal(("ar", "مشروع", "المشروع مرفق."), (translated.Language, translated.Subject, translated.Body));
    }

    [Fact]
    public async Task What_the_editor_writes_is_the_text_of_the_letter_and_what_is_none_of_it_is_refused()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var form = await Begin(site, "");
        var id = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation)).Id;
        const string Document =
            """{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"On "},{"type":"field","attrs":{"source":"{{ letter.date }}"}},{"type":"text","text":" *so*","marks":[{"type":"strong"}]}]}]}""";

        Assert.Equal(HttpStatusCode.OK, (await Keep(site, form, id, ("text.document", Document))).StatusCode);
        var page = await site.Page(Addresses.Unfinished(id));
        Assert.Equal(@"On {{ letter.date }} **\*so\***", page.QuerySelector("#text")!.TextContent);
        Assert.Equal(Document.Replace("\" *so*\"", "\" \"},{\"type\":\"text\",\"text\":\"*so*\"", StringComparison.Ordinal), page.QuerySelector("#text")!.GetAttribute("data-document"));
        foreach (var wrong in (string[])["{", "{}", "[]", "null", """{"type":"paragraph"}""", """{"type":"doc","content":[null]}""", """{"type":"doc","content":[{"type":"text"}]}""", """{"type":"doc","content":[{"type":"field"}]}"""])
            Assert.Equal(HttpStatusCode.BadRequest, (await Keep(site, page, id, ("text.document", wrong))).StatusCode);
        Assert.Equal(@"On {{ letter.date }} **\*so\***", (await workflow.Get<UnfinishedLetters>().Find(id, Cancellation))!.Value.Text);

        // What it cannot show is written as plain text.
        await Press(site, page, "save", [("text", "{{ if letter.reference }}One{{ end }}")]);
        Assert.Null((await site.Page(Addresses.Unfinished(id))).QuerySelector("#text")!.GetAttribute("data-document"));
    }

    [Fact]
    public async Task A_reader_neither_sees_nor_keeps_a_letter_in_the_making()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Get<LetterBeginnings>().Anew(new("amélie", "amélie"), Cancellation);
        await using var site = await TestSite.Open(workflow, [Roles.Reader]);
        foreach (var address in (string[])[Addresses.NewLetter, Addresses.Unfinished(letter.Id), Addresses.UnfinishedPage(letter.Id), Addresses.UnfinishedFindings(letter.Id), Addresses.UnfinishedFolder(letter.Id)])
            Assert.Equal(HttpStatusCode.Forbidden, (await site.Get(address)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Send(HttpMethod.Put, Addresses.KeepUnfinished(letter.Id), [KeyValuePair.Create((await site.Token()).Name, (await site.Token()).Value)])).StatusCode);
        foreach (var address in (string[])[Addresses.NewLetter, Addresses.Unfinished(letter.Id), Addresses.DiscardUnfinished(letter.Id)])
            Assert.Equal(HttpStatusCode.Forbidden, (await site.Post(address, await site.Token())).StatusCode);
        Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation));
    }

    /// <summary>Begins a letter after the last one of a process; of a new one where that is empty.</summary>
    /// <summary>The pages for a person who may write letters, over a storage that is reached through this.</summary>
    private static Task<TestSite> Drafter(TestWorkflow workflow, Azure.Core.Pipeline.HttpPipelinePolicy storage) =>
        TestSite.Open(
            workflow.Configuration,
            workflow.Clock,
            person: new(TestSite.PersonWithRoles, [Roles.Drafter]),
            storage: storage);

    private static async Task<IHtmlDocument> Begin(TestSite site, string process)
    {
        var answer = await site.Post(Addresses.NewLetter, await site.Token(), ("process", process));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return await site.Page(answer.Headers.Location!.ToString());
    }

    private static async Task<IHtmlDocument> Discard(TestSite site, string id) => await site.Press(Addresses.Unfinished(id), "Discard this letter");

    private static Task<HttpResponseMessage> Keep(TestSite site, IHtmlDocument page, string id, params (string Name, string Value)[] typed) =>
        site.Send(
            HttpMethod.Put,
            Addresses.KeepUnfinished(id),
            TypedForm.Fields(page, "#keep")
                .Where(field => !typed.Any(other => other.Name == field.Name))
                .Concat(typed)
                .Select(field => KeyValuePair.Create(field.Name, field.Value)));

    /// <summary>What is told at a field as one types.</summary>
    private static async Task<IReadOnlyList<string>> Found(TestSite site, string id, string field) =>
    [
        .. JsonDocument.Parse(await (await site.Get(Addresses.UnfinishedFindings(id))).Content.ReadAsStringAsync(Cancellation))
            .RootElement.GetProperty(field).EnumerateArray().Select(said => said.GetProperty("words").GetString()!),
    ];

    private static Task<HttpResponseMessage> Press(
        TestSite site,
        IHtmlDocument page,
        string button,
        (string Name, string Value)[] typed,
        params (string Name, byte[] Content)[] files) =>
        TypedForm.Send(
            site,
            page,
            "#keep",
            [.. typed, ("do", button)],
            [.. files.Select(file => ("files", file.Name, file.Content))]);

    private static string Value(IHtmlDocument page, string name) => Values(page, name).First();

    private static IEnumerable<string> Values(IHtmlDocument page, string name) => TypedForm.Fields(page, "#keep").Where(field => field.Name == name).Select(field => field.Value);

    /// <summary>What a button of a file's line sends.</summary>
    private static string Button(IHtmlDocument page, string file, string words) =>
        page.QuerySelectorAll(".documents-brought li")
            .Single(line => line.QuerySelector(".name")!.TextContent == file)
            .QuerySelectorAll("button")
            .Single(button => TestSite.Words(button.TextContent) == words)
            .GetAttribute("value")!;
}
