using AngleSharp.Dom;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Web;
using Distribution.Web.Desk;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>Whoever releases a letter sees its first pages, and what has changed since the letters before it.</summary>
public sealed class ReleaseChangesTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_has_changed_since_the_last_version_is_told_file_by_file_word_by_word_and_by_mission()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        await workflow.AcceptedWith("deadlines:\n  comments: 2018-04-04 18:00");
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf("Draft Rev 1, with other words"));
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.LetterWith("deadlines:\n  comments: 2018-04-05 18:00", "Draft Rev 1 is enclosed herewith."));
        await workflow.UseRegister("che", "fra");
        await workflow.Reconcile();
        await using var site = await TestSite.Open(workflow);

        var changes = Assert.Single(await Changes(site, workflow));
        Assert.StartsWith(
            "Changed since version 1, which was never sent: 1 enclosure, the text in English, deadlines and 2 missions",
            TestSite.Words(changes.QuerySelector("summary")!.TextContent),
            StringComparison.Ordinal);
        var words = TestSite.Words(changes.TextContent);
        Assert.Contains("draft-rev-1.pdf has changed: 1 page, ", words, StringComparison.Ordinal);
        Assert.Contains("; before, 1 page, ", words, StringComparison.Ordinal);
        Assert.Contains("Goes to as well: France.", words, StringComparison.Ordinal);
        Assert.Contains("Does not go to any more: Mexico.", words, StringComparison.Ordinal);
        Assert.Equal(
            ["before: comments on 4 April 2018, 6.00 p.m. New York time", "now: comments on 5 April 2018, 6.00 p.m. New York time"],
            changes.QuerySelectorAll("li del, li ins").Select(change => TestSite.Words(change.TextContent)));
        Assert.Equal(
            ["added: herewith"],
            changes.QuerySelectorAll(".compared ins").Select(change => TestSite.Words(change.TextContent)).Take(1));
    }

    [Fact]
    public async Task That_nothing_has_changed_is_said_only_where_all_that_is_printed_or_mailed_is_the_same()
    {
        var templates = Directory.CreateTempSubdirectory("distribution-templates-");
        try
        {
            await Template("");
            await using var workflow = await TestWorkflow.Open(azurite, ("Templates", templates.FullName));
            await workflow.UseRegister("che");
            await workflow.Upload("gcm/draft-rev-1/camacho.png", Image(1));
            await workflow.Upload("gcm/draft-rev-1/letter.fr.md", "---\nsubject: Projet Rev 1\n---\nLe projet Rev 1 (Draft Rev 1) est joint.\n");
            await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
            await Letter();

            // By another process, which reads the first version from storage, and has the second at hand.
            await using (var another = workflow.Another(("Templates", templates.FullName)))
            {
                await Letter("# A comment.", another);
                Assert.Equal("Nothing a mission receives has changed since version 1, which was never sent.", await Said(another));
            }


            await workflow.Upload("gcm/draft-rev-1/camacho.png", Image(2));
            await workflow.Reconcile();
            Assert.StartsWith("Changed since version 2, which was never sent: the images Open", await Said(workflow), StringComparison.Ordinal);
            Assert.EndsWith("The image camacho.png has changed.", await Said(workflow), StringComparison.Ordinal);

            await Template("<!-- -->");
            await Letter("# Another.");
            Assert.StartsWith("Changed since version 3, which was never sent: the template Open", await Said(workflow), StringComparison.Ordinal);
            Assert.EndsWith("A file of the template has changed: email.html.", await Said(workflow), StringComparison.Ordinal);

            await Letter("markings: [confidential]");
            Assert.Contains("Markings: before: none → now: confidential", await Said(workflow), StringComparison.Ordinal);

            await workflow.Upload("gcm/draft-rev-1/letter.fr.md", "---\nsubject: Autre\n---\nLe projet Rev 1 (Draft Rev 1)\nest joint.\n");
            await workflow.Reconcile();
            Assert.StartsWith("Changed since version 5, which was never sent: the text in French and subject in French Open", await Said(workflow), StringComparison.Ordinal);
            Assert.Contains("Subject in French: before: Projet Rev 1 → now: Autre", await Said(workflow), StringComparison.Ordinal);
            Assert.EndsWith("Its words are the same; its line breaks or spaces have changed.", await Said(workflow), StringComparison.Ordinal);

            // The address of links is in no file that was frozen.
            await using var moved = workflow.Another(("Templates", templates.FullName), ("PublicUrl", "http://127.0.0.1:5090"));
            await workflow.Upload("gcm/draft-rev-1/letter.fr.md", "---\nsubject: Autre\n---\nLe projet Rev 1 (Draft Rev 1)\nest joint.\n");
            await moved.Reconcile();
            Assert.StartsWith(
                "Something that cannot be named here may have changed since version 6, which was never sent",
                await Said(moved),
                StringComparison.Ordinal);

            async Task Letter(string line = "", TestWorkflow? by = null)
            {
                await workflow.Upload(
                    "gcm/draft-rev-1/letter.md",
                    Samples.LetterWith(line).Replace(
                        "letterhead: Permanent Mission of Mexico to the United Nations",
                        "letterhead: Permanent Mission of Mexico to the United Nations\n    signature: camacho.png",
                        StringComparison.Ordinal));
                await (by ?? workflow).Reconcile();
            }
        }
        finally
        {
            templates.Delete(recursive: true);
        }

        // One pixel; a sign behind its end makes it another file.
        static byte[] Image(byte sign) =>
        [
            .. Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="),
            sign,
        ];

        static async Task<string> Said(TestWorkflow workflow)
        {
            await using var site = await TestSite.Open(workflow);
            var waits = (await workflow.Distributions()).Single(letter => letter.State == DistributionState.AwaitingRelease);
            return TestSite.Words((await site.Page(Addresses.Distribution(waits.Id))).QuerySelector("ul.behind")!.NextElementSibling!.TextContent);
        }

        async Task Template(string end)
        {
            foreach (var (name, text) in SampleLetter.Template.Files)
            {
                var file = new FileInfo(Path.Combine(templates.FullName, "co-facilitators", name));
                file.Directory!.Create();
                await File.WriteAllTextAsync(file.FullName, name == TemplateFiles.Html ? text + end : text, Cancellation);
            }
        }
    }

    [Fact]
    public async Task The_next_draft_is_compared_with_the_last_one_that_was_sent_whose_place_its_files_take()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che");
        await workflow.CarryOutBatches();
        await workflow.Upload(
            "gcm/draft-rev-2/letter.md",
            Samples.Letter().Replace("Draft Rev 1", "Draft Rev 2", StringComparison.Ordinal)
                .Replace("draft-rev-1.pdf", "draft-rev-2.pdf", StringComparison.Ordinal));
        await workflow.Upload("gcm/draft-rev-2/draft-rev-2.pdf", Samples.Pdf("Draft Rev 2"));
        await workflow.Reconcile();
        await using var site = await TestSite.Open(workflow);

        var changes = Assert.Single(await Changes(site, workflow));
        Assert.StartsWith(
            "Changed since Draft Rev 1, sent on 26 March 2018, 12.00 p.m. New York time:",
            TestSite.Words(changes.QuerySelector("summary")!.TextContent),
            StringComparison.Ordinal);
        Assert.Contains(
            "takes the place of draft-rev-1.pdf (1 page, ",
            TestSite.Words(changes.TextContent),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_text_stays_a_text_and_a_first_letter_is_compared_with_nothing()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.AcceptedWith("reference: A");
        await using var site = await TestSite.Open(workflow);
        Assert.Empty(await Changes(site, workflow));

        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.Letter(body: "Draft Rev 1 is enclosed. \\<script\\>alert(1)\\</script\\>"));
        await workflow.Reconcile();
        var changes = Assert.Single(await Changes(site, workflow));
        Assert.Empty(changes.QuerySelectorAll("script"));
        Assert.Contains("script", changes.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_file_is_pictured_with_its_pages_and_in_its_language_and_opens_in_full_in_its_own_tab()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che", "mex");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.fr.md",
            "---\nsubject: Projet Rev 1\n---\nLe projet Rev 1 (Draft Rev 1) est joint.\n");
        var letter = await workflow.AcceptedWith("reference: A");
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Addresses.Distribution(letter.Id));
        var documents = page.QuerySelectorAll(".documents li");
        Assert.Equal(
            ["The letter in English", "The letter in French, unofficial translation"],
            documents.Take(2).Select(document => document.QuerySelector("a")!.TextContent));
        foreach (var document in documents)
        {
            var (picture, link) = (document.QuerySelector("iframe")!, document.QuerySelector("a")!);
            Assert.Equal(link.GetAttribute("href"), picture.GetAttribute("src")!.Split('#')[0]);
            Assert.Equal(("_blank", "noopener"), (link.GetAttribute("target"), link.GetAttribute("rel")));
            Assert.Contains(" page", document.QuerySelector(".quiet")!.TextContent, StringComparison.Ordinal);
            var answer = await site.Get(link.GetAttribute("href")!);
            Assert.Equal("application/pdf", answer.Content.Headers.ContentType?.MediaType);
            Assert.StartsWith("inline", answer.Content.Headers.GetValues("Content-Disposition").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Contains(
                "frame-ancestors 'self'",
                answer.Headers.GetValues("Content-Security-Policy").Single(),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_text_shows_its_first_words_and_what_cannot_be_shown_says_so()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload("gcm/draft-rev-1/notes.txt", $"Notes <b>for</b> delegations. {new string('x', 300)}");
        await workflow.Upload("gcm/draft-rev-1/table.csv", "a,b\r\n1,2\r\n");
        var letter = await workflow.AcceptedWith(
            "  - file: notes.txt\n    title: Notes\n    role: other\n  - file: table.csv\n    title: Table\n    role: other");
        await using var site = await TestSite.Open(workflow);
        Assert.Equal(
            ["Notes <b>for</b> delegations. …", "Cannot be shown here. Open it to look at it."],
            (await site.Page(Addresses.Distribution(letter.Id))).QuerySelectorAll("span.picture")
                .Select(picture => picture.TextContent));
    }

    [Fact]
    public async Task A_damaged_file_and_an_earlier_letter_that_is_gone_are_said_and_the_page_opens()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        var first = await workflow.AcceptedWith("reference: A");
        var second = await workflow.AcceptedWith("reference: B");
        second = (await workflow.Distributions()).Single(found => found.State == DistributionState.AwaitingRelease);
        var frozen = workflow.Get<StorageAccount>().Blobs.GetBlobContainerClient(ResourceNames.Distributions);
        await frozen.GetBlobClient($"{first.Id}/content.json").DeleteAsync(cancellationToken: Cancellation);
        await frozen.GetBlobClient($"{second.Id}/enclosures/draft-rev-1.pdf")
            .UploadAsync(BinaryData.FromString("other"), overwrite: true, Cancellation);
        await using var fresh = workflow.Another();
        await using var site = await TestSite.Open(fresh);

        var words = TestSite.Words(await site.Page(Addresses.Distribution(second.Id)));
        Assert.Contains("The stored file is damaged, and nothing can be sent with it.", words, StringComparison.Ordinal);
        Assert.Contains("What has changed since version 1, which was never sent is not known", words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_a_book_is_not_compared_word_by_word() =>
        Assert.True(TextComparison.Between(new('a', 60_000), new('b', 60_000)).IsTooLong);

    [Theory]
    [InlineData("One two three.", "One two four.", "-three +four")]
    [InlineData("One two\nthree.", "One two three.", "")]
    [InlineData("One.\n\nTwo.", "One.\n\nNew words.\n\nTwo.", "+New words.")]
    [InlineData("One.\n\nTwo.", "Two.", "-One.")]
    [InlineData("Comments are due in April.", "Nothing like it.", "-Comments are due in April. +Nothing like it.")]
    [InlineData("", "Words.", "+Words.")]
    [InlineData("رسالة قديمة هنا", "رسالة جديدة هنا", "-قديمة +جديدة")]
    public void Texts_are_compared_by_paragraph_and_word(string before, string now, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                TextComparison.Between(before, now).Paragraphs.SelectMany(paragraph => paragraph)
                    .Where(words => words.Change != WordChange.Unchanged)
                    .Select(words => $"{(words.Change == WordChange.Added ? '+' : '-')}{words.Text.Trim()}")));

    private static async Task<IReadOnlyList<IElement>> Changes(TestSite site, TestWorkflow workflow) =>
        [
            .. (await site.Page(Addresses.Distribution((await workflow.Distributions())
                    .Single(letter => letter.State == DistributionState.AwaitingRelease).Id)))
                .QuerySelectorAll("details.changes"),
        ];
}
