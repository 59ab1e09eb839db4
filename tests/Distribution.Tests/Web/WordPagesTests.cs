using System.Net;
using Distribution.Common;
using Distribution.Letters;
using Distribution.Letters.Settings;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Web;
using Xunit;
using static Distribution.Tests.Web.TypedForm;

namespace Distribution.Tests.Web;

/// <summary>The fixed words of letters are read by a native reader, and confirmed by a name and a button.</summary>
public sealed class WordPagesTests(AzuriteFixture azurite)
{
    private static readonly string English = Addresses.WordsOf("co-facilitators", "en");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_native_reader_confirms_the_words_as_they_stand_and_words_that_change_are_asked_for_anew()
    {
        var templates = Directory.CreateTempSubdirectory("distribution-templates-");
        try
        {
            foreach (var (name, text) in SampleLetter.Template.Files)
            {
                var file = new FileInfo(Path.Combine(templates.FullName, "co-facilitators", name));
                file.Directory!.Create();
                await File.WriteAllTextAsync(file.FullName, text, Cancellation);
            }

            await using var workflow = await TestWorkflow.Open(azurite, ("Templates", templates.FullName));
            Assert.Contains(427, (await workflow.Accepted("che")).Warnings.Select(finding => finding.Number));
            await using var site = await TestSite.Open(workflow, [Roles.Drafter]);
            var page = await site.Page(English);
            Assert.Contains("Please accept, Excellency, the assurances of our highest consideration.", TestSite.Words(page), StringComparison.Ordinal);
            Assert.Equal(["Write the name of the person who has read them."], Wrong(await TestSite.Read(await Send(site, page, "#name", [("name", " ")])), "name"));
            await Followed(site, await Send(site, page, "#name", [("name", "Ada <b> Reader")]));
            var list = TestSite.Words(await site.Page(Addresses.Words));
            Assert.Contains($"English confirmed by Ada <b> Reader, put on record by {TestSite.PersonWithRoles} on", list, StringComparison.Ordinal);
            Assert.Contains("French not confirmed yet", list, StringComparison.Ordinal);
            // A second press of the old page changes nothing.
            Assert.Contains("had confirmed these words already", TestSite.Words(await Followed(site, await Send(site, page, "#name", [("name", "Ada <b> Reader")]))), StringComparison.Ordinal);

            await workflow.Upload("gcm/second/letter.md", Samples.Letter());
            await workflow.Upload("gcm/second/draft-rev-1.pdf", Samples.Pdf());
            await workflow.Reconcile();
            Assert.DoesNotContain(427, (await workflow.Distributions()).Single(letter => letter.Folder.Revision == "second").Warnings.Select(finding => finding.Number));

            var words = Path.Combine(templates.FullName, "co-facilitators", TemplateFiles.Words("en"));
            await File.WriteAllTextAsync(words, SampleLetter.Template.Files[TemplateFiles.Words("en")].Replace("highest consideration", "high consideration", StringComparison.Ordinal), Cancellation);
            Assert.Contains("English changed since they were confirmed", TestSite.Words(await site.Page(Addresses.Words)), StringComparison.Ordinal);
            // What was opened before the change confirms nothing.
            var late = await Followed(site, await Send(site, page, "#name", [("name", "B. Late")]));
            Assert.Contains("the words have changed since this page was opened", TestSite.Words(late), StringComparison.Ordinal);
            Assert.Contains("Ada <b> Reader confirmed these words, and they have changed since.", TestSite.Words(late), StringComparison.Ordinal);
            await Followed(site, await Send(site, late, "#name", [("name", "Ada Reader")]));
            Assert.Contains("English confirmed by Ada Reader", TestSite.Words(await site.Page(Addresses.Words)), StringComparison.Ordinal);

            // Taken back with a reason, on record.
            await Followed(site, await Send(site, await site.Page(English), "#take-back-why", [("why", "the wrong file")]));
            Assert.Contains("taken back Why: the wrong file", TestSite.Words((await site.Page(English)).QuerySelector("#changes")!.TextContent), StringComparison.Ordinal);
            Assert.Empty(await workflow.Get<WordConfirmations>().All(Cancellation));
        }
        finally
        {
            templates.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Each_kind_of_letter_is_shown_as_its_template_prints_it_and_nothing_else()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseRegister("che");
        await using var site = await TestSite.Open(workflow, [Roles.Reader]);
        var links = (await site.Page(Addresses.Kinds)).QuerySelectorAll(".documents a").Select(link => link.GetAttribute("href")!).ToList();
        Assert.Equal(4, links.Count);
        foreach (var (link, words) in links.Zip((string[])["Letterhead of the signatory", "Permanent Mission of Switzerland", "presents its compliments", "Name of who signs"]))
        {
            var page = await site.Get(link);
            Assert.Equal("application/pdf", page.Content.Headers.ContentType?.MediaType);
            Assert.Contains(words, string.Join(' ', Pdf.Text(await page.Content.ReadAsByteArrayAsync(Cancellation)).Split()), StringComparison.Ordinal);
        }

        foreach (var (template, form) in ((string, string)[])[("nothing", "letter"), ("co-facilitators", "poem"), ("..", "letter")])
            Assert.Equal(HttpStatusCode.NotFound, (await site.Get(Addresses.KindPage(template, form, "collective"))).StatusCode);
    }

    [Fact]
    public async Task Every_word_of_every_language_is_shown_and_a_reader_confirms_none()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, [Roles.Reader]);
        foreach (var language in Languages.Official)
        {
            var page = await site.Page(Addresses.WordsOf("co-facilitators", language));
            var cells = page.QuerySelectorAll($"#words td[lang={language}]");
            var keys = SampleLetter.Template.Files[TemplateFiles.Words(language)].Split('\n').Count(line => line.Length > 0 && char.IsAsciiLetterLower(line[0]));
            // All keys of the file but that which says who has confirmed it.
            Assert.Equal(keys - 1, cells.Length);
            Assert.DoesNotContain("{{", TestSite.Words(page), StringComparison.Ordinal);
            Assert.Null(page.QuerySelector("#name"));
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await site.Post(English, await site.Token(), ("name", "A. Reader"))).StatusCode);
        foreach (var nowhere in (string[])["co-facilitators/xx", "nowhere/en", "../en", "co-facilitators/..%2f..%2fsecret"])
            Assert.Equal(HttpStatusCode.NotFound, (await site.Get($"{Addresses.Words}/{nowhere}")).StatusCode);
    }
}
