using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Storage;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>The page on which a letter is looked at and released.</summary>
public sealed class ReleasePageTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_that_leaves_can_be_opened_beside_the_button_which_says_to_how_many_and_when()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.fr.md",
            "---\nsubject: Projet Rev 1\n---\nLe projet Rev 1 (Draft Rev 1) est joint.\n");
        var letter = await workflow.AcceptedWith("send: 2018-03-29 09:00");
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Addresses.Distribution(letter.Id));

        var panel = page.GetElementById("release-part")!;
        Assert.Contains(
            "Send Draft Rev 1 to 2 missions on 29 March 2018, 9.00 a.m. New York time",
            panel.QuerySelectorAll("button").Select(button => TestSite.Words(button.TextContent)));
        var links = panel.QuerySelectorAll(".documents a").Select(link => link.GetAttribute("href")!).ToList();
        Assert.Equal(3, links.Count);
        foreach (var link in links)
        {
            var answer = await site.Get(link);
            Assert.Equal(
                (HttpStatusCode.OK, "application/pdf"),
                (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        }

        // Before the checks and the letter, so that the button stands beside what it sends.
        Assert.Equal(
            ["release-part", "checks"],
            page.QuerySelectorAll("#release-part, #checks").Select(part => part.Id));
    }

    [Fact]
    public async Task What_the_checks_ask_is_ticked_one_by_one_and_the_record_says_what_was_confirmed()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/internal notes.pdf", Samples.Pdf());
        var letter = await workflow.AcceptedWith("deadlines:\n  comments: 2018-03-26 11:00");
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Addresses.Distribution(letter.Id));
        var ticks = Ticks(page).ToList();
        Assert.Equal(2, ticks.Count);
        Assert.All(ticks, tick => Assert.True(tick.IsRequired && !tick.IsChecked));

        ticks[0].IsChecked = true;
        page = await site.Press(page, "Send Draft Rev 1 to 1 mission");
        Assert.Contains(
            "Nothing was sent: this letter leaves only when you have confirmed",
            TestSite.Words(page),
            StringComparison.Ordinal);
        // What was ticked stands there still, on a page that does not ask for changes at the address of the form.
        ticks = [.. Ticks(page)];
        Assert.Equal([true, false], ticks.Select(tick => tick.IsChecked));
        Assert.False(page.GetElementById("page")!.HasAttribute("data-refresh"));
        ticks[1].IsChecked = true;
        page.QuerySelector<IHtmlInputElement>("#release-part input[name=step]")!.Value = $"{ReleaseStep.Approves}";
        page = await site.Press(page, "Send Draft Rev 1 to 1 mission");
        Assert.Contains(
            "who stands behind this letter has changed since you opened the page",
            TestSite.Words(page),
            StringComparison.Ordinal);
        Assert.All(Ticks(page), tick => Assert.True(tick.IsChecked));
        Assert.Contains(
            "Released on",
            TestSite.Words(await site.Press(page, "Send Draft Rev 1 to 1 mission")),
            StringComparison.Ordinal);
        var words = (await workflow.TheDistribution()).Acts.Single(act => act.Act == Act.Released).Words;
        Assert.Contains(
            "confirmed: The file internal notes.pdf is in the folder but the letter does not name it",
            words,
            StringComparison.Ordinal);
        Assert.Contains("confirmed: The deadline “comments”", words, StringComparison.Ordinal);

        static IEnumerable<IHtmlInputElement> Ticks(IHtmlDocument page) =>
            page.QuerySelectorAll("#release-part input[name=tick]").OfType<IHtmlInputElement>();
    }

    [Fact]
    public async Task With_more_to_confirm_than_anyone_reads_it_is_to_be_mended_and_there_is_no_button()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        foreach (var place in Enumerable.Range(1, ReleaseReview.MostTicks + 1))
            await workflow.Upload($"gcm/draft-rev-1/notes {place}.pdf", Samples.Pdf());
        var letter = await workflow.Accepted();
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Addresses.Distribution(letter.Id));
        Assert.Contains(
            "6 things about this letter would have to be confirmed",
            page.GetElementById("too-much")!.TextContent,
            StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("form[action$='/release']"));
        Assert.False(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation, confirmed: true));

        // Following the words leads to a button.
        foreach (var place in Enumerable.Range(1, 2))
            await workflow
                .Get<StorageAccount>()
                .Blobs.GetBlobContainerClient(ResourceNames.Drafts)
                .DeleteBlobAsync($"gcm/draft-rev-1/notes {place}.pdf", cancellationToken: Cancellation);
        await workflow.Reconcile();
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation, confirmed: true));
    }

    [Fact]
    public async Task A_tick_holds_a_letter_that_would_leave_by_itself()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:AllowAutomatic", "true"));
        await workflow.UseRegister("che");
        Assert.Equal(
            DistributionState.AwaitingRelease,
            (await workflow.AcceptedWith("release: automatic\ndeadlines:\n  comments: 2018-03-26 11:00")).State);
        await workflow.Run();
        Assert.Empty(workflow.Sent());
    }

    [Fact]
    public async Task A_changed_register_is_shown_and_sent_as_frozen_or_renewed()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        var letter = await workflow.Accepted();
        await workflow.UseRegister("che", "fra");
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Addresses.Distribution(letter.Id));
        Assert.Equal(
            ["France would receive it as well.", "Mexico would not receive it."],
            page.QuerySelectorAll("#register-changed li").Select(line => TestSite.Words(line.TextContent)));
        Assert.Contains(
            "Nothing was sent: who gets this letter has changed since you opened the page.",
            TestSite.Words(await site.Press(page, "Send Draft Rev 1 to 2 missions")),
            StringComparison.Ordinal);

        var renewed = await site.Press(Addresses.Distribution(letter.Id), "Check again with today's register");
        Assert.Null(renewed.GetElementById("register-changed"));
        Assert.Equal(
            [(1, DistributionState.Replaced), (2, DistributionState.AwaitingRelease)],
            (await workflow.Distributions())
                .OrderBy(distribution => distribution.Version)
                .Select(distribution => (distribution.Version, distribution.State)));
        await site.Press(renewed, "Send Draft Rev 1 to 2 missions");
        await workflow.Run();
        Assert.Equal(
            ["che@missions.example", "fra@missions.example"],
            workflow.Sent().SelectMany(message => message.To.Mailboxes).Select(mailbox => mailbox.Address).Order());
    }

    [Fact]
    public async Task While_other_files_are_checked_the_page_says_so_and_has_no_button()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow);
        var before = await site.Page(Addresses.Distribution(letter.Id));
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.Letter(body: "Draft Rev 1 is enclosed, with a correction."));

        Assert.Contains(
            "Nothing was sent: the folder is being checked again, because a file in it, a template or a setting has changed.",
            TestSite.Words(await site.Press(before, "Send Draft Rev 1 to 1 mission")),
            StringComparison.Ordinal);
        var page = await site.Page(Addresses.Distribution(letter.Id));
        Assert.Contains(
            "is being checked again, because a file in it, a template or a setting has changed. Nothing of it can be sent until that is done.",
            TestSite.Words(page.GetElementById("obstacle")!.TextContent),
            StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("form[action$='/release']"));
        Assert.Contains(
            "This upload is being checked",
            TestSite.Words(await site.Page(page.QuerySelector("#obstacle a")!.GetAttribute("href")!)),
            StringComparison.Ordinal);
        await workflow.Run();
        Assert.Empty(workflow.Sent());
    }

    [Fact]
    public async Task After_a_new_template_or_setting_the_pages_say_that_the_same_files_are_checked_again()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await Record(workflow, letter, upload => upload with { Surroundings = "an earlier template" });
        await using var site = await TestSite.Open(workflow);

        var page = await site.Page(Addresses.Distribution(letter.Id));
        Assert.Contains(
            "because a file in it, a template or a setting has changed.",
            TestSite.Words(page.GetElementById("obstacle")!.TextContent),
            StringComparison.Ordinal);
        Assert.Contains(
            "This upload is being checked",
            TestSite.Words(await site.Page(page.QuerySelector("#obstacle a")!.GetAttribute("href")!)),
            StringComparison.Ordinal);
        await workflow.Reconcile();
        Assert.Contains(
            "This upload was accepted",
            TestSite.Words(await site.Page("/uploads?folder=gcm/draft-rev-1")),
            StringComparison.Ordinal);

        // What has been discarded, or has left, is not judged again.
        await workflow.Get<Discards>().DiscardLetter(letter.Id, "the secretary", Cancellation);
        await Record(workflow, letter, upload => upload with { Surroundings = "an earlier template" });
        Assert.Contains(
            "This upload was discarded",
            TestSite.Words(await site.Page("/uploads?folder=gcm/draft-rev-1")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_of_content_that_was_put_there_again_is_named_as_one_that_does_not_count()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        var letter = await workflow.Accepted("che");
        await using var amelie = await TestSite.Open(workflow, [Roles.Releaser]);
        await amelie.Press(Addresses.Distribution(letter.Id), "Approve Draft Rev 1 for 1 mission");
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter());
        await workflow.Reconcile();
        Assert.Contains(
            "approved this very content on 26 March 2018, 12.00 p.m. New York time. It has been prepared anew since then, so that approval does not count any more.",
            TestSite.Words(await amelie.Page(Addresses.Distribution(letter.Id))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_front_page_says_what_each_letter_waits_for_and_names_only_approvals_that_count()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        var letter = await workflow.Accepted("che");
        await using var amelie = await TestSite.Open(workflow, [Roles.Releaser]);
        const string ForTwo =
            "Draft Rev 1, Global Compact for Safe, Orderly and Regular Migration, waits for two people to release it: you may be the first.";
        Assert.Equal(ForTwo, await Waits());
        await amelie.Press(Addresses.Distribution(letter.Id), "Approve Draft Rev 1 for 1 mission");
        Assert.Equal(
            $"Draft Rev 1 waits for a second person: you approved it, so another releaser must send it {letter.Process}",
            await Waits());

        await workflow
            .Get<DistributionRecords>()
            .Change(
                letter.Id,
                waiting =>
                    waiting with
                    {
                        Approvals =
                        [
                            .. waiting.Approvals.Select(approval => approval with { Content = "other content" }),
                        ],
                    },
                Cancellation);
        Assert.Equal(ForTwo, await Waits());

        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter());
        Assert.Equal($"Draft Rev 1 is being checked again, and cannot be released until that is done {letter.Process}", await Waits());
        await workflow.Reconcile();
        await Record(workflow, letter, upload => upload with { State = UploadState.Rejected });
        Assert.Equal($"Draft Rev 1 cannot be released any more: its folder has become something else {letter.Process}", await Waits());

        async Task<string> Waits() =>
            TestSite.Words(
                (await amelie.Page("/")).QuerySelector(".for-me p, section[aria-labelledby=waiting] li")!.TextContent);
    }

    [Fact]
    public async Task A_letter_that_another_person_releases_while_its_page_is_made_is_shown_as_it_was_and_not_sent_twice()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(
            workflow,
            new Meanwhile(
                $"/{ResourceNames.DispatchesTable}",
                () => workflow.Get<Releases>().Release(letter.Id, "Boris", Cancellation)));
        var page = await site.Page(Addresses.Distribution(letter.Id));
        Assert.NotNull((await workflow.TheDistribution()).ReleasedAt);
        Assert.Contains(
            "This letter had been released already, by Boris",
            TestSite.Words(await site.Press(page, "Send Draft Rev 1 to 1 mission")),
            StringComparison.Ordinal);
        await workflow.Run();
        Assert.Single(workflow.Sent());
    }

    [Fact]
    public async Task The_page_names_who_uploaded_who_approved_and_what_has_changed_since_they_did()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        var first = await workflow.Accepted("che");
        await using var amelie = await TestSite.Open(workflow, [Roles.Releaser], "amélie@secretariat.example");
        await amelie.Press(Addresses.Distribution(first.Id), "Approve Draft Rev 1 for 1 mission");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.Letter(body: "Draft Rev 1 is enclosed, with a correction."));
        await workflow.Reconcile();
        var second = (await workflow.Distributions()).Single(distribution => distribution.Version == 2);

        var words = TestSite.Words(await amelie.Page(Addresses.Distribution(second.Id)));
        Assert.Contains(
            "Its files were put into the folder with a storage tool; by whom is not known here.",
            words,
            StringComparison.Ordinal);
        Assert.Contains(
            "amélie@secretariat.example approved version 1 on 26 March 2018, 12.00 p.m. New York time; since then letter.md changed. That does not count for this one.",
            words,
            StringComparison.Ordinal);
        Assert.Contains("Waits for two people", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_letter_never_released_can_be_discarded_and_comes_back_when_its_files_do()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        Assert.Contains(
            "Discarded by amélie@secretariat.example",
            TestSite
                .Words(await site.Press(Addresses.Distribution(letter.Id), "Discard Draft Rev 1"))
                .Replace("\u2068", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.False(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await workflow.CarryOutBatches();
        Assert.Equal(
            (DistributionState.Discarded, UploadState.Discarded),
            ((await workflow.TheDistribution()).State, (await workflow.TheUpload()).State));
        Assert.Contains(
            "Discard a letter",
            TestSite.Words(await site.Page(Addresses.Acts(letter.Id))),
            StringComparison.Ordinal);

        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.Letter());
        await workflow.Run();
        Assert.Equal(DistributionState.AwaitingRelease, (await workflow.TheDistribution()).State);
    }

    [Fact]
    public async Task A_faulty_upload_and_stray_files_can_be_discarded_as_they_were_looked_at()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("signatorys: none"));
        await workflow.Upload("stray.pdf", Samples.Pdf());
        await workflow.Reconcile();
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var page = await site.Page("/uploads?folder=gcm/draft-rev-1");

        await workflow.Upload("gcm/draft-rev-1/letter.md", Samples.LetterWith("signatoris: none"));
        await workflow.Reconcile();
        Assert.Contains(
            "Nothing was discarded: the folder had become something else when you pressed.",
            TestSite.Words(await site.Press(page, "Discard this upload")),
            StringComparison.Ordinal);

        foreach (
            var upload in (await workflow.Get<Uploads>().All(Cancellation)).Select(stored => stored.Value).ToList())
            await site.Press($"/uploads?folder={upload.Folder}", "Discard this upload");
        await workflow.Reconcile();
        Assert.All(
            await workflow.Get<Uploads>().All(Cancellation),
            upload => Assert.Equal(UploadState.Discarded, upload.Value.State));
        Assert.DoesNotContain("see what to correct", TestSite.Words(await site.Page("/")), StringComparison.Ordinal);
        var acts = await workflow.Get<DeskActs>().Latest(null, 10, Cancellation);
        Assert.Contains(
            acts,
            act =>
                act is { What: "Discard an upload", Outcome: DeskOutcome.Done }
                && act.Detail == "gcm/draft-rev-1: 1 fault");
        // The press that came too late discarded nothing, and the record says so.
        Assert.Single(acts, act => act is { What: "Discard an upload", Outcome: DeskOutcome.NothingChanged });
    }

    private static async Task Record(TestWorkflow workflow, DistributionRecord letter, Func<Upload, Upload> change)
    {
        var stored = (await workflow.Get<Uploads>().Find(letter.Folder, Cancellation))!;
        Assert.NotNull(await workflow.Get<Uploads>().Save(change(stored.Value), stored.ETag, Cancellation));
    }
}
