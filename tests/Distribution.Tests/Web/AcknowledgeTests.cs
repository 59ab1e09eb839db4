using System.Net;
using AngleSharp.Html.Dom;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tracking;
using Distribution.Tracking.Erasure;
using Distribution.Web.Missions;
using Xunit;

namespace Distribution.Tests.Web;

public sealed class AcknowledgeTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Looking_at_the_page_shows_the_letter_and_a_button_and_changes_nothing()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");

        Assert.Equal(HttpStatusCode.OK, (await site.Send(HttpMethod.Head, link)).StatusCode);
        var answer = await site.Send(HttpMethod.Get, link, host: "letters.example");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        var page = await TestSite.Read(answer);
        var words = TestSite.Words(page);
        Assert.Contains("Permanent Mission of Switzerland to the United Nations", words, StringComparison.Ordinal);
        Assert.Contains("Draft Rev 1", words, StringComparison.Ordinal);
        Assert.Contains("26 March 2018", words, StringComparison.Ordinal);
        Assert.Contains("Draft Rev 1 of the Global Compact", words, StringComparison.Ordinal);
        Assert.Equal("Acknowledge receipt", page.QuerySelector("form button")!.TextContent);
        Assert.Empty(await OnRecord(workflow, distribution));
    }

    [Fact]
    public async Task Filling_in_and_confirming_records_who_and_when_and_the_first_one_stands()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");
        var another = MissionVisitor.FormOf(await site.Page(link), ("name", "Somebody Else"));

        var form = MissionVisitor.FormOf(
            await site.Page(link),
            ("name", " Amélie <b>Favre</b> "),
            ("function", "Second Secretary"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var confirm = await TestSite.Read(await MissionVisitor.Sent(site, link, form, HttpStatusCode.OK));
        var elses = MissionVisitor.FormOf(
            await TestSite.Read(await MissionVisitor.Sent(site, link, another, HttpStatusCode.OK)));
        Assert.Contains(
            "You are about to state that your mission has received the letter and its enclosures.",
            TestSite.Words(confirm),
            StringComparison.Ordinal);
        Assert.Equal(
            ("Amélie <b>Favre</b>", "Second Secretary"),
            (confirm.GetElementById("typed-name")!.TextContent, confirm.GetElementById("typed-function")!.TextContent));
        Assert.Empty(await OnRecord(workflow, distribution));

        workflow.Clock.Advance(PersonsTime.ToConfirm);
        Assert.Equal(
            link,
            (
                await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(confirm), HttpStatusCode.SeeOther)
            ).Headers.Location!.ToString());
        var first = new Acknowledgement(
            "Amélie <b>Favre</b>",
            "Second Secretary",
            AcknowledgementChannel.Page,
            workflow.Clock.GetUtcNow());
        Assert.Equal([first], await OnRecord(workflow, distribution));

        workflow.Clock.Advance(TimeSpan.FromHours(1));
        // Whoever was overtaken, while filling in or while confirming, is told so, and reads what is on record.
        var late = (await MissionVisitor.Sent(site, link, another, HttpStatusCode.SeeOther)).Headers.Location!.ToString();
        Assert.Equal(
            late,
            (await MissionVisitor.Sent(site, link, elses, HttpStatusCode.SeeOther)).Headers.Location!.ToString());
        Assert.Equal([first], await OnRecord(workflow, distribution));
        Assert.Null((await site.Page(link)).GetElementById("late"));
        var page = await site.Page(late);
        Assert.StartsWith("What you sent was not recorded", page.GetElementById("late")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(
            $"Receipt acknowledged by \u2068Amélie <b>Favre</b>, Second Secretary\u2069 at {EnglishTime(first.At)}.",
            TestSite.Words(page),
            StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("form"));
        Assert.Contains(
            "\u2068Amélie <b>Favre</b>، Second Secretary\u2069",
            TestSite.Words(await site.Page($"{link}?lang=ar")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_function_may_be_left_out()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        await MissionVisitor.Acknowledges(workflow, site, Link(workflow, distribution, "che"), "Amélie Favre", " ");
        Assert.Null(Assert.Single(await OnRecord(workflow, distribution)).Function);
    }

    [Theory]
    [InlineData("", "Write your name.")]
    [InlineData("  ", "Write your name.")]
    [InlineData("Amélie\u0007", "This entry holds a character that cannot be printed. Type it by hand.")]
    [InlineData("Amélie\r\nFavre", "This entry holds a character that cannot be printed. Type it by hand.")]
    [InlineData("Amélie\u202EFavre", "This entry holds a character that cannot be printed. Type it by hand.")]
    public async Task A_name_that_cannot_stand_is_refused_beside_its_field_and_what_was_typed_is_kept(
        string name,
        string problem)
    {
        var (workflow, site, distribution) = await ReleasedOnce();
        var link = Link(workflow, distribution, "che");
        var form = MissionVisitor.FormOf(await site.Page(link));
        (form["name"], form["function"]) = (name, "Second \"Secretary\"");
        workflow.Clock.Advance(PersonsTime.ToFillIn);

        var page = await TestSite.Read(await MissionVisitor.Sent(site, link, form, HttpStatusCode.UnprocessableEntity));
        Assert.Equal(problem, page.GetElementById("name-problem")!.TextContent);
        Assert.Equal("name-problem", page.GetElementById("name")!.GetAttribute("aria-describedby"));
        Assert.Equal("Second \"Secretary\"", page.GetElementById("function")!.GetAttribute("value"));

        // Put right, the same form goes on at once.
        await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(page, ("name", "Amélie Favre")), HttpStatusCode.OK);
        Assert.Empty(await OnRecord(workflow, distribution));
    }

    [Fact]
    public async Task Two_hundred_letters_are_taken_in_and_neither_one_more_nor_a_link_is()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");
        var page = await site.Page(link);
        workflow.Clock.Advance(PersonsTime.ToFillIn);

        await MissionVisitor.Sent(
            site,
            link,
            MissionVisitor.FormOf(page, ("name", new string('a', 201))),
            HttpStatusCode.UnprocessableEntity);
        await MissionVisitor.Sent(
            site,
            link,
            MissionVisitor.FormOf(page, ("name", "Amélie"), ("function", new string('a', 201))),
            HttpStatusCode.UnprocessableEntity);
        // It would leave in the receipt, signed, for the mission's mailboxes.
        var refused = await TestSite.Read(
            await MissionVisitor.Sent(
                site,
                link,
                MissionVisitor.FormOf(page, ("name", "Amélie"), ("function", "https://evil.example/login")),
                HttpStatusCode.UnprocessableEntity));
        Assert.Equal(
            "Write this without an address or a link, and with a space after each dot.",
            refused.GetElementById("function-problem")!.TextContent.Trim());
        await MissionVisitor.Sent(
            site,
            link,
            MissionVisitor.FormOf(page, ("name", new string('a', 40_000))),
            HttpStatusCode.RequestEntityTooLarge);
        // Thirty-six families, each one letter to whoever counts letters, and many bytes to whoever seals them.
        await MissionVisitor.Acknowledges(
            workflow,
            site,
            link,
            string.Concat(Enumerable.Repeat("\U0001F468\u200D\U0001F469", 36)) + new string('文', 160),
            new string('é', 200));
        Assert.Single(await OnRecord(workflow, distribution));
    }

    [Fact]
    public async Task Where_the_letter_says_so_the_reference_printed_in_it_is_asked_for_however_it_is_typed()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("acknowledge: reference"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        await workflow.Reconcile();
        await workflow.Release();
        var distribution = await workflow.TheDistribution();
        var reference = await workflow.Reference();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");

        foreach (var wrong in (string[])["", "7QJ4-MX2K-9TWB-X", reference[..^3], reference[..^1] + (reference[^1] == '0' ? '1' : '0'), new string('A', 5_000)])
        {
            var form = MissionVisitor.FormOf(await site.Page(link), ("name", "Amélie Favre"), ("reference", wrong));
            workflow.Clock.Advance(PersonsTime.ToFillIn);
            var refused = await TestSite.Read(
                await MissionVisitor.Sent(site, link, form, HttpStatusCode.UnprocessableEntity));
            Assert.StartsWith(
                "Write the reference that stands beside the code",
                refused.GetElementById("reference-problem")!.TextContent,
                StringComparison.Ordinal);
            Assert.Equal("Amélie Favre", refused.GetElementById("name")!.GetAttribute("value"));
        }

        Assert.Empty(await OnRecord(workflow, distribution));
        await MissionVisitor.Acknowledges(
            workflow,
            site,
            link,
            "Amélie Favre",
            reference: $" {reference.ToLowerInvariant().Replace("-", "  ", StringComparison.Ordinal)} ");
        Assert.Single(await OnRecord(workflow, distribution));
    }

    [Fact]
    public async Task No_reference_is_asked_for_unless_the_letter_says_so()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        Assert.Null((await site.Page(Link(workflow, distribution, "che"))).GetElementById("reference"));
    }

    [Fact]
    public async Task A_form_sent_too_soon_comes_back_as_typed_and_counts_when_the_button_is_pressed_once_more()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");

        var form = MissionVisitor.FormOf(await site.Page(link), ("name", "Amélie Favre"));
        workflow.Clock.Advance(PersonsTime.ToFillIn - TimeSpan.FromMilliseconds(1));
        var early = await TestSite.Read(
            await MissionVisitor.Sent(site, link, form, HttpStatusCode.UnprocessableEntity));
        Assert.Contains(
            "Please look over the entries and press the button once more.",
            TestSite.Words(early),
            StringComparison.Ordinal);
        Assert.Equal("Amélie Favre", early.GetElementById("name")!.GetAttribute("value"));

        workflow.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var confirm = await TestSite.Read(
            await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(early), HttpStatusCode.OK));
        workflow.Clock.Advance(PersonsTime.ToConfirm - TimeSpan.FromMilliseconds(1));
        var soon = await TestSite.Read(
            await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(confirm), HttpStatusCode.UnprocessableEntity));
        Assert.Empty(await OnRecord(workflow, distribution));

        workflow.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(soon), HttpStatusCode.SeeOther);
        Assert.Equal("Amélie Favre", Assert.Single(await OnRecord(workflow, distribution)).By);
        Assert.Equal(2, (await VisitsTo(workflow, distribution)).Count(VisitKind.SubmittedTooSoon));
    }

    [Fact]
    public async Task A_field_no_person_sees_that_is_filled_in_keeps_a_form_from_counting()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");
        var page = await site.Page(link);
        var hidden = page.GetElementById("website")!;
        Assert.Equal(
            ("text", "-1", "off"),
            (hidden.GetAttribute("type"), hidden.GetAttribute("tabindex"), hidden.GetAttribute("autocomplete")));
        Assert.Equal("true", hidden.ParentElement!.GetAttribute("aria-hidden"));

        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var refused = await TestSite.Read(
            await MissionVisitor.Sent(
                site,
                link,
                MissionVisitor.FormOf(page, ("name", "Amélie Favre"), ("website", "x")),
                HttpStatusCode.UnprocessableEntity));
        Assert.Contains(
            "Please look over the entries and press the button once more.",
            TestSite.Words(refused),
            StringComparison.Ordinal);
        var confirm = await TestSite.Read(
            await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(refused), HttpStatusCode.OK));
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await MissionVisitor.Sent(
            site,
            link,
            MissionVisitor.FormOf(confirm, ("website", "x")),
            HttpStatusCode.UnprocessableEntity);

        Assert.Empty(await OnRecord(workflow, distribution));
        Assert.Equal(2, (await VisitsTo(workflow, distribution)).Count(VisitKind.HiddenFieldFilled));
    }

    [Fact]
    public async Task Each_step_has_an_address_so_that_going_back_shows_what_is_on_record_and_asks_to_send_nothing_again()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");
        var form = MissionVisitor.FormOf(await site.Page(link), ("name", "Amelie"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var step = (await MissionVisitor.Sent(site, $"{link}?lang=fr", form, HttpStatusCode.SeeOther)).Headers.Location!.ToString();
        Assert.StartsWith($"{link}?lang=fr&{FormStep.Parameter}=", step, StringComparison.Ordinal);
        Assert.DoesNotContain("Amelie", step, StringComparison.Ordinal);
        var confirm = await site.Page(step);
        Assert.Contains("Amelie", confirm.GetElementById("typed-name")!.TextContent, StringComparison.Ordinal);

        // To change it has an address, too.
        var back = MissionVisitor.FormOf(confirm);
        back["back"] = "yes";
        var change = (await MissionVisitor.Sent(site, step, back, HttpStatusCode.SeeOther)).Headers.Location!.ToString();
        Assert.Equal("Amelie", (await site.Page(change)).GetElementById("name")!.GetAttribute("value"));
        // It is good for this mission alone.
        var elsewhere = await site.Page(step.Replace(link, Link(workflow, distribution, "mex"), StringComparison.Ordinal));
        Assert.Equal("", elsewhere.GetElementById("name")!.GetAttribute("value"));

        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await MissionVisitor.Sent(site, step, MissionVisitor.FormOf(confirm), HttpStatusCode.SeeOther);
        foreach (var address in (string[])[step, change])
        {
            var after = await site.Page(address);
            Assert.Null(after.GetElementById("name"));
            Assert.Contains("Réception confirmée", TestSite.Words(after), StringComparison.Ordinal);
        }

        Assert.Single(await OnRecord(workflow, distribution));
        // A program that opens the address of a step later and submits what it finds is not taken for the person.
        var ask = MissionVisitor.FormOf(await site.Page(Link(workflow, distribution, "mex")), ("name", "Ana"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        step = (await MissionVisitor.Sent(site, Link(workflow, distribution, "mex"), ask, HttpStatusCode.SeeOther)).Headers.Location!.ToString();
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        var fetched = await site.Page(step);
        await MissionVisitor.Sent(site, step, MissionVisitor.FormOf(fetched), HttpStatusCode.UnprocessableEntity);
        Assert.Single(await OnRecord(workflow, distribution));
        // More than an address holds is shown at once.
        var correct = MissionVisitor.FormOf(await site.Page($"{link}?act=correct"), ("name", new string('文', 200)), ("function", new string('文', 200)));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        Assert.NotNull((await TestSite.Read(await site.Send(HttpMethod.Post, link, correct))).GetElementById("typed-name"));
    }

    [Fact]
    public async Task What_was_typed_can_be_changed_before_it_is_confirmed()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");
        var form = MissionVisitor.FormOf(await site.Page(link), ("name", "Amelie"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var back = MissionVisitor.FormOf(
            await TestSite.Read(await MissionVisitor.Sent(site, link, form, HttpStatusCode.OK)));
        back["back"] = "yes";

        var again = await TestSite.Read(await MissionVisitor.Sent(site, link, back, HttpStatusCode.OK));
        Assert.Equal("Amelie", again.GetElementById("name")!.GetAttribute("value"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var confirm = await TestSite.Read(
            await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(again, ("name", "Amélie")), HttpStatusCode.OK));
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(confirm), HttpStatusCode.SeeOther);
        Assert.Equal("Amélie", Assert.Single(await OnRecord(workflow, distribution)).By);
    }

    [Fact]
    public async Task A_form_kept_for_more_than_a_day_or_made_by_another_is_asked_for_once_more()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");
        var old = MissionVisitor.FormOf(await site.Page(link), ("name", "Amélie Favre"));
        workflow.Clock.Advance(PersonsTime.Longest + TimeSpan.FromSeconds(1));
        var mexican = MissionVisitor.FormOf(
            await site.Page(Link(workflow, distribution, "mex")),
            ("name", "Amélie Favre"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);

        foreach (
            var form in (Dictionary<string, string>[])
                [
                    old,
                    mexican,
                    new() { ["name"] = "Amélie Favre" },
                    new() { ["name"] = "Amélie Favre", ["seal"] = "forged" },
                ])
        {
            var page = await TestSite.Read(
                await MissionVisitor.Sent(site, link, form, HttpStatusCode.UnprocessableEntity));
            Assert.Contains(
                "This page had been open for long. Please press the button once more.",
                TestSite.Words(page),
                StringComparison.Ordinal);
            Assert.Equal("Amélie Favre", page.GetElementById("name")!.GetAttribute("value"));
            workflow.Clock.Advance(PersonsTime.ToFillIn);
            await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(page), HttpStatusCode.OK);
        }

        Assert.Empty(await OnRecord(workflow, distribution));
        Assert.Equal(4, (await VisitsTo(workflow, distribution)).Count(VisitKind.Replayed));
    }

    [Fact]
    public async Task A_confirmation_sent_again_changes_nothing_also_not_after_a_withdrawal()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");
        var typed = MissionVisitor.FormOf(await site.Page(link), ("name", "Amélie Favre"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var confirmed = MissionVisitor.FormOf(
            await TestSite.Read(await MissionVisitor.Sent(site, link, typed, HttpStatusCode.OK)));
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await MissionVisitor.Sent(site, link, confirmed, HttpStatusCode.SeeOther);
        workflow.Clock.Advance(TimeSpan.FromSeconds(1));
        await MissionVisitor.Sent(site, link, confirmed, HttpStatusCode.SeeOther);
        Assert.Single((await Record(workflow, distribution)).Steps);

        await MissionVisitor.Acknowledges(workflow, site, link, "Amélie Favre", act: "?act=withdraw");
        foreach (var form in (Dictionary<string, string>[])[confirmed, typed, confirmed])
            await MissionVisitor.Sent(site, link, form, HttpStatusCode.SeeOther);
        Assert.Null((await Record(workflow, distribution)).Stands);
        Assert.Equal(2, (await Record(workflow, distribution)).Steps.Count);
        Assert.Equal(4, (await VisitsTo(workflow, distribution)).Count(VisitKind.Replayed));
    }

    [Fact]
    public async Task An_acknowledgement_is_corrected_and_withdrawn_in_the_same_two_steps_and_its_history_stays()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");
        await MissionVisitor.Acknowledges(workflow, site, link, "Amelie");
        var done = await site.Page(link);
        Assert.Equal(
            ["?act=correct", "?act=withdraw"],
            done.QuerySelectorAll(".choose a[href^='?']").Select(anchor => anchor.GetAttribute("href")));

        await MissionVisitor.Acknowledges(workflow, site, link, "Amélie Favre", act: "?act=correct");
        Assert.Contains("\u2068Amélie Favre\u2069", TestSite.Words(await site.Page(link)), StringComparison.Ordinal);
        // A form for what no longer stands leaves what stands alone.
        var late = MissionVisitor.FormOf(await site.Page($"{link}?act=withdraw"), ("name", "Somebody Else"));
        await MissionVisitor.Acknowledges(workflow, site, link, "Amélie Favre", "Counsellor", act: "?act=correct");
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        await MissionVisitor.Sent(site, link, late, HttpStatusCode.SeeOther);

        await MissionVisitor.Acknowledges(workflow, site, link, "Ambassador", act: "?act=withdraw");
        var steps = (await Record(workflow, distribution)).Steps;
        Assert.Equal(["Amelie", "Amélie Favre", "Amélie Favre", null], steps.Select(step => step.Stands?.By));
        Assert.Equal("Ambassador", steps[^1].By);
        var nothing = (await MissionVisitor.Sent(site, link, late, HttpStatusCode.SeeOther)).Headers.Location!.ToString();
        foreach (var language in Languages.Official)
        {
            var again = await site.Page($"{nothing}&lang={language}");
            Assert.Equal(PageWords.Of(language)["late_nothing"], again.GetElementById("late")!.TextContent);
            Assert.NotNull(again.QuerySelector("form button"));
        }

        Assert.Equal("Acknowledge receipt", (await site.Page(link)).QuerySelector("form button")!.TextContent);
    }

    [Fact]
    public async Task A_page_given_out_by_one_worker_is_taken_by_another()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var one = await TestSite.Open(workflow);
        await using var another = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");
        var form = MissionVisitor.FormOf(await one.Page(link), ("name", "Amélie Favre"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var confirm = await TestSite.Read(await MissionVisitor.Sent(another, link, form, HttpStatusCode.OK));
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        await MissionVisitor.Sent(one, link, MissionVisitor.FormOf(confirm), HttpStatusCode.SeeOther);
        Assert.Single(await OnRecord(workflow, distribution));
    }

    [Fact]
    public async Task A_letter_that_is_erased_while_its_form_is_filled_in_says_so_and_nothing_of_the_visit_stays()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);
        await using var another = await TestSite.Open(workflow);
        var (link, confirmed) = (Link(workflow, distribution, "che"), Link(workflow, distribution, "mex"));
        var form = MissionVisitor.FormOf(await site.Page(link), ("name", "Amélie Favre"));
        var filled = MissionVisitor.FormOf(await site.Page(confirmed), ("name", "Ana Luna"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        filled = MissionVisitor.FormOf(
            await TestSite.Read(await MissionVisitor.Sent(site, confirmed, filled, HttpStatusCode.OK)));
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        Assert.True(await workflow.Get<Eraser>().Erase(distribution.Id, "the secretary", Cancellation));

        // Be it the process that served the form, which has the letter in memory, or another.
        foreach (var answer in (HttpResponseMessage[])
            [
                await MissionVisitor.Sent(site, link, form, HttpStatusCode.Gone),
                await MissionVisitor.Sent(another, link, form, HttpStatusCode.Gone),
                await MissionVisitor.Sent(site, confirmed, filled, HttpStatusCode.Gone),
            ])
            Assert.Contains(
                PageWords.Of("en")["erased"],
                TestSite.Words(await TestSite.Read(answer)),
                StringComparison.Ordinal);
        Assert.Empty(await OnRecord(workflow, distribution));
        Assert.Null(await workflow.Get<Visits>().Find(distribution.Id, "che", Cancellation));
        Assert.Empty(await workflow.Get<Notices>().All(Cancellation));
    }

    [Fact]
    public async Task A_visit_that_cannot_be_counted_breaks_no_page()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        await using var site = await TestSite.Open(workflow);
        await workflow.Get<StorageAccount>().Tables.DeleteTableAsync(ResourceNames.VisitsTable, Cancellation);
        await MissionVisitor.Acknowledges(workflow, site, Link(workflow, distribution, "che"), "Amélie Favre");
        Assert.Single(await OnRecord(workflow, distribution));
    }

    [Fact]
    public async Task Visits_are_counted_by_what_they_did_however_many_come_and_shown_to_the_desk_apart()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");
        for (var visit = 0; visit < 30; visit++)
            await site.Send(visit % 2 == 0 ? HttpMethod.Head : HttpMethod.Get, link);
        await site.Post(link, ("name", "Scanner"));

        var visits = await VisitsTo(workflow, distribution);
        Assert.Equal((30, 1), (visits.Count(VisitKind.Opened), visits.Count(VisitKind.Replayed)));
        var words = TestSite.Words(await site.Page($"/distributions/{distribution.Id}/letters/che"));
        Assert.Contains("Not acknowledged", words, StringComparison.Ordinal);
        Assert.Contains(
            $"The link was opened 30 times, last visited on {NewYorkTime.Words(visits.Last)} New York time. Opening a link is no acknowledgement: mail gateways do it.",
            words,
            StringComparison.Ordinal);
        Assert.Contains(
            "A form was sent that had been used, had expired or was never given out, once.",
            words,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", ".")]
    [InlineData("", ")")]
    [InlineData("", "&gt;")]
    [InlineData("", "%3E")]
    [InlineData("", "%22%3E")]
    [InlineData("", "%E2%80%9D")]
    [InlineData("", "_")]
    [InlineData("", "x")]
    [InlineData("", "%0A")]
    [InlineData("", "%20and")]
    [InlineData("", "/")]
    [InlineData("", "/)")]
    [InlineData("%0D%0A", "")]
    [InlineData("%0A%3E%20", "")]
    [InlineData("=%0D%0A", "")]
    [InlineData("%20", ",")]
    [InlineData("%E2%80%8B", "")]
    [InlineData("%C2%AD", "")]
    public async Task A_link_with_signs_stuck_to_its_end_or_a_break_inside_opens_where_its_token_is_whole(
        string inside,
        string stuck)
    {
        var (workflow, site, distribution) = await ReleasedOnce();
        var own = Link(workflow, distribution, "che");
        foreach (var place in inside.Length > 0 ? (int[])[own.IndexOf("/che", StringComparison.Ordinal) - 2, own.Length - 9] : [0])
        {
            var answer = await site.Get(own.Insert(place, inside) + stuck);

            // A slash at the end makes no other address.
            if (stuck == "/")
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            else
                Assert.Equal((HttpStatusCode.SeeOther, own), (answer.StatusCode, answer.Headers.Location?.ToString()));
            // The letter links to its documents, too, where they are too large for mail.
            var documents = await site.Get(own.Insert(place, inside) + MissionDocuments.Page + stuck);
            if (stuck != "/")
                Assert.Equal(
                    (HttpStatusCode.SeeOther, own + MissionDocuments.Page),
                    (documents.StatusCode, documents.Headers.Location?.ToString()));
        }
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("fr-CH, fr;q=0.9, en;q=0.8", "fr")]
    [InlineData("de, ar;q=0.5", "ar")]
    [InlineData("tlh", "en")]
    public async Task A_cut_link_says_what_to_do_in_the_readers_own_language_and_leads_to_the_others(
        string? accepts,
        string language)
    {
        var (workflow, site, distribution) = await ReleasedOnce();
        var cut = Link(workflow, distribution, "che")[..^3];

        var answer = await site.Send(
            HttpMethod.Get,
            cut,
            headers: accepts is null ? [] : [("Accept-Language", accepts)]);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var page = await TestSite.Read(answer);
        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
        Assert.Equal(PageWords.Of(language)["cut"], page.QuerySelector("h1")!.TextContent);
        foreach (var other in page.QuerySelectorAll(".languages a").Cast<IHtmlAnchorElement>())
        {
            var same = await site.Page(cut + other.GetAttribute("href"), HttpStatusCode.NotFound);
            Assert.Equal(other.GetAttribute("hreflang"), same.DocumentElement.GetAttribute("lang"));
        }
    }

    [Fact]
    public async Task No_link_but_the_missions_own_for_a_released_letter_says_anything()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che", "mex");
        await using var site = await TestSite.Open(workflow);
        var own = Link(workflow, distribution, "che");
        var answers = new List<(HttpStatusCode, string)> { await Answer(own) };

        Assert.True(await workflow.Get<Releases>().Release(distribution.Id, "the secretary", Cancellation));
        answers.AddRange([
            await Answer(own[..^1] + (own[^1] == 'A' ? 'B' : 'A')),
            await Answer(own.Replace("/che/", "/mex/", StringComparison.Ordinal)),
            await Answer(own[..^20]),
            await Answer(own[..own.LastIndexOf('/')]),
            await Answer(own + "/more"),
            await Answer(own + "/documents/more"),
            await Answer($"/acknowledge/{distribution.Id}/che/test-forged"),
            await Answer(Path(workflow.Get<MissionLinks>().For("no-such-distribution", "che"))),
            await Answer(Path(workflow.Get<MissionLinks>().For(distribution.Id, "fra"))),
        ]);

        var (status, words) = Assert.Single(answers.Distinct());
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("This link is not valid", words, StringComparison.Ordinal);
        Assert.Empty(await OnRecord(workflow, distribution));
        Assert.Equal(HttpStatusCode.OK, (await site.Get(own)).StatusCode);

        async Task<(HttpStatusCode, string)> Answer(string link)
        {
            var looked = await site.Get(link);
            var pressed = await site.Post(link, ("name", "Amélie Favre"), ("seal", "forged"));
            Assert.Equal(looked.StatusCode, pressed.StatusCode);
            var page = await looked.Content.ReadAsStringAsync(Cancellation);
            Assert.Equal(page, await pressed.Content.ReadAsStringAsync(Cancellation));
            return (looked.StatusCode, page);
        }
    }

    [Fact]
    public async Task The_link_of_a_proof_says_that_it_acknowledges_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Path(workflow.Get<MissionLinks>().Proof));
        Assert.Contains("Here it acknowledges nothing.", TestSite.Words(page), StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("form"));
    }

    [Fact]
    public async Task A_page_that_fails_leaves_the_link_that_lets_a_mission_in_out_of_the_log()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        var link = Link(workflow, distribution, "che");
        await using var site = await TestSite.Open(PipelineTests.WithWrongKey(workflow.Configuration), workflow.Clock);

        var failed = await site.Page(link, HttpStatusCode.InternalServerError);
        var pressed = await TestSite.Read(await site.Post(link, ("name", "Amélie Favre")));

        // In all languages, for its own was not found; and not in the words of the desk.
        foreach (var (page, words) in ((IHtmlDocument, string)[])[(failed, "cannot be shown at present"), (pressed, "may have been done all the same")])
        {
            Assert.Equal(
                Languages.Official.Select(language => (language, PageWords.Of(language)["failed_heading"])),
                page.QuerySelectorAll("main section").Select(said => (said.GetAttribute("lang")!, said.QuerySelector("h1")!.TextContent)));
            Assert.Contains(words, TestSite.Words(page), StringComparison.Ordinal);
            Assert.DoesNotContain("whoever looks after", TestSite.Words(page), StringComparison.Ordinal);
        }

        Assert.Contains(
            site.Log,
            line =>
                line.StartsWith(
                    "GET /acknowledge/{distribution}/{mission}/{token} failed, reference ",
                    StringComparison.Ordinal));
        Assert.DoesNotContain(site.Log, line => line.Contains(link.Split('/')[^1], StringComparison.Ordinal));
    }

    /// <summary>A letter to Mexico and Switzerland that was released.</summary>
    private Task<TestWorkflow> Released() =>
        SharedHouse.Again(
            once,
            async () =>
            {
                var house = await TestWorkflow.Open(azurite);
                await house.Released("che", "mex");
                return house;
            });

    /// <summary>A letter to Switzerland that was released, and the pages, for cases that put nothing on record.</summary>
    private async Task<(TestWorkflow Workflow, TestSite Site, DistributionRecord Letter)> ReleasedOnce()
    {
        var workflow = await once.Of(async () =>
        {
            var made = await TestWorkflow.Open(azurite);
            await made.Released("che");
            return made;
        });
        return (workflow, await once.Of(() => TestSite.Open(workflow)), await workflow.TheDistribution());
    }

    private static string Link(TestWorkflow workflow, DistributionRecord distribution, string mission) =>
        Path(workflow.Get<MissionLinks>().For(distribution.Id, mission));

    private static string Path(string link) => new Uri(link).AbsolutePath;

    [Theory]
    [InlineData("fr", "ltr", "Accuser réception : Draft Rev 1", "Accuser réception", "Indiquez votre nom.")]
    [InlineData("ar", "rtl", "تأكيد استلام Draft Rev 1", "تأكيد الاستلام", "يرجى كتابة الاسم.")]
    public async Task The_page_is_in_the_language_of_the_mission_where_the_letter_is(
        string language,
        string direction,
        string heading,
        string button,
        string refusal)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload($"gcm/draft-rev-1/letter.{language}.md", "---\nsubject: Draft Rev 1 (GCM)\n---\nDraft Rev 1");
        await workflow.PutInUse($"""
            mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc
            che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,,,{language},,che@missions.example,
            """);
        var distribution = await workflow.Accepted();
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);
        var link = new Uri(workflow.Get<MissionLinks>().For(distribution.Id, "che")).AbsolutePath;
        var page = await site.Page(link);

        Assert.Equal(
            (language, direction),
            (page.DocumentElement.GetAttribute("lang"), page.DocumentElement.GetAttribute("dir")));
        Assert.Equal(
            (heading, button),
            (page.QuerySelector("h1")!.TextContent.Plain(), page.QuerySelector("form button")!.TextContent));
        var form = MissionVisitor.FormOf(page);
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var refused = await TestSite.Read(
            await MissionVisitor.Sent(site, link, form, HttpStatusCode.UnprocessableEntity));
        Assert.Contains(refusal, TestSite.Words(refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_who_writes_whom_to_ask_and_what_is_due_when_with_its_weekday_in_New_York()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var distribution = await workflow.AcceptedWith("deadlines:\n  comments: 2018-04-03 18:00\n  comments_2: 2018-04-04 18:00\n  third_round: 2018-04-05 18:00");
        await workflow.Release();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");

        foreach (
            var (query, due) in ((string, string)[])
                [
                    ("", "Comments: 6 p.m. (New York time) on Tuesday, 3 April 2018Comments 2: 6 p.m. (New York time) on Wednesday, 4 April 2018Third round: 6 p.m."),
                    ("?lang=fr", "Observations\u00a0: mardi 3 avril 2018 à 18 heures (heure de New York)Observations 2\u00a0: mercredi 4 avril 2018"),
                    ("?lang=ar", "التعليقات: الساعة 18:00 (بتوقيت نيويورك) يوم الثلاثاء، 3 نيسان/أبريل 2018"),
                    ("?lang=zh", "意见：2018年4月3日星期二下午6时（纽约时间）"),
                ])
        {
            var page = await site.Page(link + query);
            var words = TestSite.Words(page);
            Assert.Contains(TestSite.Words(due), words, StringComparison.Ordinal);
            Assert.Contains("Permanent Mission of Mexico to the United Nations", words, StringComparison.Ordinal);
            Assert.Contains("Support team", words, StringComparison.Ordinal);
            Assert.NotNull(page.QuerySelector("a[href='mailto:compact@secretariat.example']"));
        }
    }

    [Fact]
    public async Task A_visitor_reads_and_acknowledges_in_any_of_six_languages_and_the_choice_goes_along()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");
        var first = await site.Page(link);
        Assert.Equal("en", first.DocumentElement.GetAttribute("lang"));
        Assert.Equal(
            Languages.Official.Select(language => ($"?lang={language}", language, PageWords.Of(language)["language"])),
            first.QuerySelectorAll(".languages a").Cast<IHtmlAnchorElement>().Select(other =>
                (other.GetAttribute("href")!, other.GetAttribute("hreflang")!, other.TextContent)));

        foreach (var language in Languages.Official)
        {
            var page = await site.Page($"{link}?lang={language}");
            Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
            Assert.Equal(language == "ar" ? "rtl" : "ltr", page.DocumentElement.GetAttribute("dir"));
            Assert.Equal(
                SampleLetter.Words(language).AcknowledgePage("Draft", "Name", default, 1)["button"],
                page.QuerySelector("form button")!.TextContent);
            // The letter was not translated, and its own words say so to whoever reads them aloud.
            Assert.Equal("en", page.QuerySelector(".over")!.GetAttribute("lang"));
        }

        var french = $"{link}?lang=fr";
        var form = MissionVisitor.FormOf(await site.Page(french), ("name", "Amélie Favre"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var confirm = await TestSite.Read(await MissionVisitor.Sent(site, french, form, HttpStatusCode.OK));
        Assert.Equal("fr", confirm.DocumentElement.GetAttribute("lang"));
        // A link would lose what was typed.
        Assert.Empty(confirm.QuerySelectorAll(".languages a"));
        workflow.Clock.Advance(PersonsTime.ToConfirm);
        var answer = await MissionVisitor.Sent(site, french, MissionVisitor.FormOf(confirm), HttpStatusCode.SeeOther);
        Assert.Equal(french, answer.Headers.Location!.ToString());
        var done = await site.Page(french);
        Assert.All(
            done.QuerySelectorAll(".choose a"),
            next => Assert.Contains("lang=fr", next.GetAttribute("href"), StringComparison.Ordinal));

        var unknown = await site.Page($"{link}?lang=%22%3E%3Cscript%3E");
        Assert.Equal("en", unknown.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task Where_the_letter_is_translated_its_own_words_are_read_in_the_language_that_was_chosen()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload(
            "gcm/draft-rev-1/letter.fr.md",
            "---\nsubject: Draft Rev 1 (GCM)\n---\nDraft Rev 1");
        var distribution = await workflow.Released("mex");
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "mex");

        Assert.Equal("fr", (await site.Page($"{link}?lang=fr")).QuerySelector(".over")!.GetAttribute("lang"));
        Assert.Equal("en", (await site.Page($"{link}?lang=ru")).QuerySelector(".over")!.GetAttribute("lang"));
    }

    [Fact]
    public async Task What_a_person_goes_back_to_mend_or_finds_open_since_yesterday_is_taken_at_once()
    {
        await using var workflow = await Released();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var link = Link(workflow, distribution, "che");
        var form = MissionVisitor.FormOf(await site.Page(link), ("name", "Amelie"));
        workflow.Clock.Advance(PersonsTime.ToFillIn);
        var confirm = await TestSite.Read(await MissionVisitor.Sent(site, link, form, HttpStatusCode.OK));
        var back = MissionVisitor.FormOf(confirm);
        back["back"] = "yes";
        var again = await TestSite.Read(await MissionVisitor.Sent(site, link, back, HttpStatusCode.OK));
        workflow.Clock.Advance(TimeSpan.FromSeconds(1));
        var mended = await TestSite.Read(
            await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(again, ("name", "Amélie")), HttpStatusCode.OK));
        Assert.Equal("Amélie", mended.GetElementById("typed-name")!.TextContent);

        var old = MissionVisitor.FormOf(await site.Page(link), ("name", "Amélie"));
        workflow.Clock.Advance(PersonsTime.Longest + TimeSpan.FromSeconds(1));
        var expired = await TestSite.Read(
            await MissionVisitor.Sent(site, link, old, HttpStatusCode.UnprocessableEntity));
        await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(expired), HttpStatusCode.OK);

        // What no page of ours gave out is a program's, however often it presses.
        var forged = await TestSite.Read(
            await MissionVisitor.Sent(
                site,
                link,
                new Dictionary<string, string> { ["name"] = "Amélie", ["seal"] = "forged" },
                HttpStatusCode.UnprocessableEntity));
        await MissionVisitor.Sent(site, link, MissionVisitor.FormOf(forged), HttpStatusCode.UnprocessableEntity);
        Assert.Empty(await OnRecord(workflow, distribution));
    }

    private static string EnglishTime(DateTimeOffset at) =>
        SampleLetter.Words("en").DateAndTime(NewYorkTime.At(at).DateTime).Plain();

    private static async Task<IEnumerable<Acknowledgement>> OnRecord(
        TestWorkflow workflow,
        DistributionRecord distribution) =>
        (await workflow.Get<Acknowledgements>().Of(distribution.Id, Cancellation)).Values.Select(record =>
            record.Stands!);

    private static async Task<MissionAcknowledgement> Record(TestWorkflow workflow, DistributionRecord distribution) =>
        (await workflow.Get<Acknowledgements>().Find(distribution.Id, "che", Cancellation))!;

    private static async Task<MissionVisits> VisitsTo(TestWorkflow workflow, DistributionRecord distribution) =>
        (await workflow.Get<Visits>().Find(distribution.Id, "che", Cancellation))!;
}
