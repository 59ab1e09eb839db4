using System.Net;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>One mission's letter, whole, before and after its release.</summary>
public sealed class LetterPreviewTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shows_subject_mailboxes_language_and_files_in_their_order()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload(
            "gcm/draft-rev-1/letter.fr.md",
            "---\nsubject: Projet (Draft Rev 1)\n---\nLe projet Draft Rev 1 est joint.");
        var distribution = await workflow.Accepted("fra", "gbr", "mex");
        await using var site = await TestSite.Open(workflow);

        var french = await site.Page($"/distributions/{distribution.Id}/letters/fra");
        var words = TestSite.Words(french);
        Assert.Contains("This is what will leave, once it is released.", words, StringComparison.Ordinal);
        Assert.Contains(
            "Subject Projet (Draft Rev 1) Language of the email French, the mission's language of correspondence",
            words,
            StringComparison.Ordinal);
        Assert.Equal(
            [Samples.LetterPdf, Samples.FrenchPdf, "draft-rev-1.pdf"],
            french.QuerySelectorAll("ol a").Select(link => link.TextContent));
        Assert.Contains(
            "Le projet Draft Rev 1 est joint.",
            french.QuerySelector("pre")!.TextContent.Plain(),
            StringComparison.Ordinal);

        var mexican = TestSite.Words(await site.Page($"/distributions/{distribution.Id}/letters/mex"));
        Assert.Contains(
            "Language of the email English: there is no translation into Spanish, the mission's language of correspondence",
            mexican,
            StringComparison.Ordinal);
        Assert.DoesNotContain("unofficial translation", mexican, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_it_names_is_the_one_that_is_attached()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page($"/distributions/{distribution.Id}/letters/che");
        Dictionary<string, byte[]> shown = [];
        foreach (var link in page.QuerySelectorAll("ol a"))
        {
            var answer = await site.Get(link.GetAttribute("href")!);
            Assert.Equal("application/pdf", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal("inline", answer.Content.Headers.ContentDisposition?.DispositionType);
            Assert.Contains(
                "frame-ancestors 'self'",
                answer.Headers.GetValues("Content-Security-Policy").Single(),
                StringComparison.Ordinal);
            Assert.Equal("SAMEORIGIN", answer.Headers.GetValues("X-Frame-Options").Single());
            shown[link.TextContent] = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        }

        await workflow.Release();
        var sent = Assert.Single(workflow.Sent());
        Assert.Equal(shown.Keys, sent.Attachments.Select(part => part.ContentDisposition!.FileName));
        foreach (var part in sent.Attachments.Cast<MimeKit.MimePart>())
        {
            using var bytes = new MemoryStream();
            part.Content!.DecodeTo(bytes, Cancellation);
            Assert.Equal(shown[part.FileName!], bytes.ToArray());
        }

        Assert.Contains(
            "This is what was released on",
            TestSite.Words(await site.Page($"/distributions/{distribution.Id}/letters/che")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leads_from_mission_to_mission_in_protocol_order()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("alb", "che", "mex");
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page($"/distributions/{distribution.Id}/letters/mex");

        Assert.EndsWith(
            "/letters/alb",
            page.QuerySelector("a[rel=prev]")!.GetAttribute("href"),
            StringComparison.Ordinal);
        Assert.EndsWith(
            "/letters/che",
            page.QuerySelector("a[rel=next]")!.GetAttribute("href"),
            StringComparison.Ordinal);
        Assert.Null((await site.Page($"/distributions/{distribution.Id}/letters/che")).QuerySelector("a[rel=next]"));
    }

    [Fact]
    public async Task A_signed_scan_is_shown_in_the_place_of_the_typeset_letter()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await workflow.Upload(
            "gcm/draft-rev-1/letter.md",
            Samples.Letter(Samples.FrontMatter + "\n  - file: letter.pdf\n    title: The letter\n    role: letter"));
        await workflow.Upload("gcm/draft-rev-1/draft-rev-1.pdf", Samples.Pdf());
        var scan = Samples.Pdf("Draft Rev 1, signed");
        await workflow.Upload("gcm/draft-rev-1/letter.pdf", scan);
        await workflow.Reconcile();
        var distribution = await workflow.TheDistribution();
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page($"/distributions/{distribution.Id}/letters/che");

        var links = page.QuerySelectorAll("ol a")
            .ToDictionary(link => link.TextContent, link => link.GetAttribute("href")!);
        Assert.Equal(["letter.pdf", "draft-rev-1.pdf"], links.Keys);
        Assert.Equal(scan, await (await site.Get(links["letter.pdf"])).Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory]
    [InlineData("letters/xxx")]
    [InlineData("letters/che/letter.fr.pdf")]
    [InlineData("letters/che/..%2Fcontent.json")]
    [InlineData("enclosures/content.json")]
    public async Task What_is_not_there_is_not_found(string rest)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che");
        await using var site = await TestSite.Open(workflow);

        Assert.Equal(HttpStatusCode.NotFound, (await site.Get($"/distributions/{distribution.Id}/{rest}")).StatusCode);
    }

    [Fact]
    public async Task The_status_page_says_what_leaves_in_which_languages()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Upload(
            "gcm/draft-rev-1/letter.fr.md",
            "---\nsubject: Projet (Draft Rev 1)\n---\nLe projet Draft Rev 1 est joint.");
        var distribution = await workflow.Accepted("fra", "gbr", "mex");
        await using var site = await TestSite.Open(workflow);
        var words = TestSite.Words(await site.Page($"/distributions/{distribution.Id}"));

        Assert.Contains("Form Letter, to all missions together", words, StringComparison.Ordinal);
        Assert.Contains(
            "English: 2 missions Mexico; United Kingdom of Great Britain and Northern Ireland",
            words,
            StringComparison.Ordinal);
        Assert.Contains(
            "English, with the courtesy translation in French; the email in French: 1 mission France",
            words,
            StringComparison.Ordinal);
    }
}
