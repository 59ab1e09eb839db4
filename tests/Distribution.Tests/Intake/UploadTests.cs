using System.Net;
using System.Net.Http.Headers;
using Distribution.Intake;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Intake;

public sealed class UploadTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_chosen_together_become_a_letter_whose_author_is_known()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        await workflow.UseRegister("che");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter, Roles.Releaser]);
        var answer = await Upload(
            site,
            "gcm",
            "draft-rev-1",
            ("letter.md", Samples.Bytes(Samples.Letter())),
            ("draft-rev-1.pdf", Samples.Pdf()));

        var distribution = await workflow.TheDistribution();
        Assert.Equal(
            (HttpStatusCode.SeeOther, Addresses.Distribution(distribution.Id)),
            (answer.StatusCode, answer.Headers.Location?.ToString().Split('?')[0]));
        Assert.Equal(
            [TestSite.PersonWithRoles],
            (await workflow.Get<Releases>().Review(distribution.Id, Cancellation))!.Authors!.Select(author =>
                author.Name));
        Assert.Equal(
            "gcm/draft-rev-1: draft-rev-1.pdf and letter.md",
            Assert.Single(await workflow.Get<DeskActs>().Latest(null, 10, Cancellation)).Detail);
        Assert.Contains(
            "You uploaded this, so another person must send it.",
            TestSite.Words(await site.Page(Addresses.Distribution(distribution.Id))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_by_who_says_so()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var answer = await Upload(site, "gcm", "draft-rev-1", ("draft-rev-1.pdf", Samples.Pdf("Another text")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await TestSite.Read(answer);
        Assert.Contains(
            "Nothing was uploaded: the folder holds a file of this name already.",
            TestSite.Words(page),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "draft-rev-1.pdf, ",
            page.QuerySelector("#there li")!.TextContent,
            StringComparison.Ordinal);
        Assert.Equal("gcm", page.QuerySelector("#process")!.GetAttribute("value"));
        Assert.Single(await workflow.Distributions());

        Assert.Equal(
            HttpStatusCode.SeeOther,
            (
                await Upload(
                    site,
                    "gcm",
                    "draft-rev-1",
                    [("replace", "yes")],
                    ("draft-rev-1.pdf", Samples.Pdf("Another text")))).StatusCode);
        Assert.Equal(2, (await workflow.Distributions()).Count);
    }

    [Theory]
    [InlineData("draft-rev-1 révisé.pdf", "draft-rev-1 re\u0301vise\u0301.pdf")]
    [InlineData("draft-rev-1 K.pdf", "draft-rev-1 \u212A.pdf")]
    [InlineData("draft-rev-1.pdf", "Draft-Rev-1.PDF")]
    public async Task A_file_whose_name_looks_the_same_is_there_and_its_place_is_taken_by_who_says_so(
        string name,
        string alike)
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        await workflow.UseRegister("che");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        await workflow.Upload($"gcm/draft-rev-1/{alike}", Samples.Pdf("Draft Rev 1 by somebody else"));
        var letter = Samples.Bytes(
            Samples.Letter(Samples.FrontMatter.Replace("draft-rev-1.pdf", name, StringComparison.Ordinal)));
        var answer = await Upload(site, "gcm", "draft-rev-1", ("letter.md", letter), (name, Samples.Pdf()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.StartsWith(
            $"{alike.Normalize()}, ",
            (await TestSite.Read(answer)).QuerySelector("#there li")!.TextContent,
            StringComparison.Ordinal);

        Assert.Equal(
            HttpStatusCode.SeeOther,
            (
                await Upload(
                    site,
                    "gcm",
                    "draft-rev-1",
                    [("replace", "yes")],
                    ("letter.md", letter),
                    (name, Samples.Pdf()))).StatusCode);
        Assert.Equal(
            [name, "letter.md"],
            (await workflow.Get<Drafts>().List(null, Cancellation))
                .Select(file => file.Name.Split('/')[^1])
                .Order(StringComparer.Ordinal));
        var distribution = await workflow.TheDistribution();
        Assert.Equal(Samples.Pdf().Length, Assert.Single(distribution.Enclosures).Length);
        Assert.Equal(
            [TestSite.PersonWithRoles],
            (await workflow.Get<Releases>().Review(distribution.Id, Cancellation))!.Authors!.Select(author =>
                author.Name));
    }

    [Fact]
    public async Task Two_files_of_one_form_whose_names_look_the_same_are_told_apart_before_anything_is_stored()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var answer = await Upload(
            site,
            "gcm",
            "draft-rev-1",
            ("révision.pdf", Samples.Pdf()),
            ("révision.pdf".Normalize(System.Text.NormalizationForm.FormD), Samples.Pdf()));
        Assert.Contains(
            "Two files are called révision.pdf: choose one of them.",
            TestSite.Words(await TestSite.Read(answer)),
            StringComparison.Ordinal);
        Assert.Empty(await workflow.Get<Drafts>().List(null, Cancellation));
    }

    [Fact]
    public async Task A_folder_chosen_whole_leaves_out_what_its_system_keeps_in_it_and_takes_a_Macs_names_as_all_do()
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        await workflow.UseRegister("che");
        await using var site = await TestSite.Open(workflow, [Roles.Drafter, Roles.Releaser]);
        const string name = "projet révisé rev 1.pdf";
        var letter = Samples.FrontMatter.Replace("draft-rev-1.pdf", name, StringComparison.Ordinal);
        var answer = await Upload(
            site,
            "gcm",
            "draft-rev-1",
            ("letter.md", Samples.Bytes(Samples.Letter(letter.Normalize(System.Text.NormalizationForm.FormD)))),
            (name.Normalize(System.Text.NormalizationForm.FormD), Samples.Pdf()),
            (".DS_Store", Samples.Bytes("x")),
            ("~$letter.docx", Samples.Bytes("x")));

        Assert.Equal(
            "2 files are uploaded into gcm/draft-rev-1; left out as made by a system or a program for itself: .DS_Store and ~$letter.docx.",
            await DeskTests.Said(site, answer));
        var distribution = await workflow.TheDistribution();
        Assert.Equal([name], distribution.Enclosures.Select(enclosure => enclosure.File));
        Assert.DoesNotContain(distribution.Warnings, finding => finding.NeedsAPerson);
        Assert.Equal(
            [TestSite.PersonWithRoles],
            (await workflow.Get<Releases>().Review(distribution.Id, Cancellation))!.Authors!.Select(author => author.Name));
    }

    [Fact]
    public async Task A_letter_of_a_word_processor_is_told_on_the_page_that_follows()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var answer = await Upload(
            site,
            "gcm",
            "draft-rev-1",
            ("Cover letter.docx", SampleUpload.Word("")),
            ("draft-rev-1.pdf", Samples.Pdf()));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Contains(
            "“Cover letter.docx” may be meant as the letter, but it is a document of a word processor and not a plain text. The folder holds Cover letter.docx and draft-rev-1.pdf.",
            TestSite.Words(await site.Page(answer.Headers.Location!.ToString())),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "draft-rev-1", "letter.md", "Name the process, such as gcm.")]
    [InlineData("gcm", " ", "letter.md", "Name the revision, such as draft-rev-1.")]
    [InlineData("..", "draft-rev-1", "letter.md", "..")]
    [InlineData("gcm", "../other", "letter.md", "..")]
    [InlineData("gcm", "draft-rev-1", "a<b.pdf", "a<b.pdf")]
    public async Task What_cannot_be_is_told_before_anything_is_stored_and_what_was_typed_stays(
        string process,
        string revision,
        string file,
        string words)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        var answer = await Upload(site, process, revision, (file, Samples.Bytes("x")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var page = await TestSite.Read(answer);
        Assert.Contains(words, page.QuerySelector("#problems")!.TextContent, StringComparison.Ordinal);
        // A finding about a name is in English for every reader; the form's own sentences are in the reader's language.
        Assert.Equal(!words.StartsWith("Name the", StringComparison.Ordinal), page.QuerySelector("#problems [lang=en]") is not null);
        Assert.Equal(revision.Trim(), page.QuerySelector("#revision")!.GetAttribute("value"));
        Assert.Empty(await workflow.Get<Drafts>().List(null, Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_file_of_a_standing_folder_has_its_author_whether_its_letter_comes_with_it_or_not(
        bool withLetter)
    {
        await using var workflow = await TestWorkflow.Open(azurite, ("Release:People", "2"));
        await workflow.UseRegister("che");
        if (!withLetter)
            await workflow.Upload("gcm/standing.md", StandingFolderTests.Letter);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter, Roles.Releaser]);
        var answer = await Upload(
            site,
            "gcm",
            "standing",
            [
                .. withLetter ? [("standing.md", Samples.Bytes(StandingFolderTests.Letter))] : ((string, byte[])[])[],
                ("gcm-draft-rev-2.pdf", Samples.Pdf("Draft Rev 2")),
                ("gcm-draft-rev-3.pdf", Samples.Pdf("Draft Rev 3")),
            ]);
        Assert.Equal(
            $"{(withLetter ? 3 : 2)} files are uploaded into gcm.",
            await DeskTests.Said(site, answer));

        // Both are examined at once, without an event or the timer.
        var distributions = await workflow.Distributions();
        Assert.Equal(2, distributions.Count);
        foreach (var distribution in distributions)
        {
            var review = (await workflow.Get<Releases>().Review(distribution.Id, Cancellation))!;
            Assert.Equal(
                withLetter ? [TestSite.PersonWithRoles] : null,
                review.Authors?.Select(author => author.Name));
            Assert.Contains(
                withLetter ? "You uploaded this, so another person must send it." : TestSite.PersonWithRoles,
                TestSite.Words(await site.Page(Addresses.Distribution(distribution.Id))),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_path_a_browser_sends_along_leads_nowhere()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
        await Upload(site, "gcm", "draft-rev-1", ("..\\..\\other\\letter.md", Samples.Bytes(Samples.Letter())));
        Assert.Equal(
            ["gcm/draft-rev-1/letter.md"],
            (await workflow.Get<Drafts>().List(null, Cancellation)).Select(file => file.Name));
    }

    private static Task<HttpResponseMessage> Upload(
        TestSite site,
        string process,
        string revision,
        params (string Name, byte[] Content)[] files) => Upload(site, process, revision, [], files);

    private static async Task<HttpResponseMessage> Upload(
        TestSite site,
        string process,
        string revision,
        IReadOnlyList<(string Name, string Value)> more,
        params (string Name, byte[] Content)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (
            var (name, value) in more.Append(await site.Token())
                .Append(("process", process))
                .Append(("revision", revision)))
            form.Add(new StringContent(value), name);
        foreach (var (name, content) in files)
        {
            var part = new ByteArrayContent(content);
            part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data")
            {
                Name = "files",
                FileName = $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal)}\"",
            };
            form.Add(part);
        }

        return await site.Send(Addresses.UploadForm, form);
    }
}
