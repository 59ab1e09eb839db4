using System.Net;
using System.Security.Cryptography;
using AngleSharp.Html.Dom;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Letters;
using Distribution.Tracking.Erasure;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>Anyone who holds a letter or a file that came with it asks whether it is genuine.</summary>
public sealed class VerifyTests(AzuriteFixture azurite, MadeOnce once) : IClassFixture<MadeOnce>
{
    private const string Elsewhere = "elsewhere.example";

    [Fact]
    public async Task Every_file_as_it_was_sent_matches_for_whoever_asks()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);

        foreach (
            var (file, words) in ((string, string)[])
                [(Samples.LetterPdf, "This is the letter."), ("draft-rev-1.pdf", "This is an enclosure of the letter.")])
        {
            var page = await Ask(site, $"hash={Sent(workflow, file).ToUpperInvariant()}");
            Assert.Contains(
                $"Match {words}Process {distribution.Process} Draft Draft Rev 1 Letter of 26 March 2018 Sent {SampleLetter.Words("en").DateAndTime(NewYorkTime.At(distribution.ReleasedAt ?? workflow.Clock.GetUtcNow()).DateTime).Plain()}",
                TestSite.Words(page),
                StringComparison.Ordinal);
            Assert.DoesNotContain("Switzerland", TestSite.Words(page), StringComparison.Ordinal);
            Assert.DoesNotContain(distribution.Id, page.Source.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_reference_printed_on_the_letter_matches_however_it_is_typed()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);
        var content = await workflow.Get<FrozenContents>().Find(distribution.Id, TestContext.Current.CancellationToken);
        var reference = content.Reference;
        var shown = VerificationReference.Shown(reference);
        var letter = await workflow
            .Get<FrozenContents>()
            .ReadPdf(distribution.Id, content.Pdfs[0], TestContext.Current.CancellationToken);

        Assert.Contains(shown, Pdf.Text(letter), StringComparison.Ordinal);
        foreach (
            var typed in (string[])
                [
                    reference,
                    shown,
                    shown.ToLowerInvariant(),
                    $" {shown.Replace("-", " ", StringComparison.Ordinal)} ",
                    shown.Replace('0', 'O').Replace('1', 'l'),
                    shown[..^2],
                    $"\u2066{shown.Replace("-", "\u200b\u2011", StringComparison.Ordinal)}\u2069\u200e",
                    shown.Replace("-", "\u00ad\u2013\u00a0", StringComparison.Ordinal),
                    TurnedRound(shown),
                    TurnedRound(shown[..^2]),
                ])
            Assert.Contains(
                "A letter with this reference was sent.",
                TestSite.Words(await Ask(site, $"reference={Uri.EscapeDataString(typed)}")),
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7QJ4-MX2K-9TWB-X", "No letter with the reference \u20667QJ4-MX2K-9TWB-X\u2069 was sent from here.")]
    [InlineData("7QJ4-MX2K-9TWB", "No letter with the reference \u20667QJ4-MX2K-9TWB\u2069 was sent from here.")]
    [InlineData("7QJ4-MX2K-9TWB-Y", "This reference is mistyped, or its signs are out of order")]
    [InlineData("7QJ4-NX2K-9TWB-X", "This reference is mistyped, or its signs are out of order")]
    [InlineData("7JQ4-MX2K-9TWB-X", "This reference is mistyped, or its signs are out of order")]
    [InlineData("MX2K-7QJ4-9TWB-X", "This reference is mistyped, or its signs are out of order")]
    public async Task A_mistyped_or_scrambled_reference_is_told_from_one_that_is_not_known(string typed, string words)
    {
        var site = await Site();

        Assert.Contains(
            words,
            TestSite.Words(await Ask(site, $"reference={Uri.EscapeDataString(typed)}")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waits_for_release_is_as_unknown_as_what_never_was()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var distribution = await workflow.Accepted("che");
        var reference = await workflow.Reference();
        await using var site = await TestSite.Open(workflow);

        Assert.Equal(
            TestSite.Words(await Ask(site, $"hash={new string('0', 64)}")),
            TestSite.Words(await Ask(site, $"hash={distribution.Enclosures[0].Hash}")));
        await IsUnknown();

        // Released, and stopped before any of it left.
        await workflow.Get<Releases>().Release(distribution.Id, "the secretary", TestContext.Current.CancellationToken);
        await workflow.Get<Stops>().Withdraw(distribution.Id, "the secretary", TestContext.Current.CancellationToken);
        await workflow.Run();
        await IsUnknown();
        Assert.True(await workflow.Get<Eraser>().Erase(distribution.Id, "the secretary", TestContext.Current.CancellationToken));
        await IsUnknown();

        async Task IsUnknown() => Assert.Contains(
            "No letter with the reference",
            TestSite.Words(await Ask(site, $"reference={reference}")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_file_does_not_match()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released("che");
        await using var site = await TestSite.Open(workflow);
        var changed = Convert.ToHexStringLower(SHA256.HashData([.. Samples.Pdf(), (byte)' ']));

        Assert.Contains(
            "No match This file was not sent with any letter from here.",
            TestSite.Words(await Ask(site, $"hash={changed}")),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hash=abc", "A fingerprint has 64 signs")]
    [InlineData("hash=<script>alert(1)</script>", "A fingerprint has 64 signs")]
    [InlineData("reference=7QJ4", "A reference has thirteen letters and digits")]
    [InlineData("reference=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "A reference has thirteen letters and digits")]
    public async Task What_cannot_be_looked_for_is_told_in_a_sentence_and_shown_as_text(string query, string words)
    {
        var site = await Site();
        var page = await Ask(site, query);

        Assert.Contains(words, TestSite.Words(page), StringComparison.Ordinal);
        Assert.DoesNotContain(page.QuerySelectorAll("script"), script => script.TextContent.Length > 0);
    }

    [Theory]
    [InlineData("", "fr-CH, de;q=0.5", "fr", "Vérifier une lettre")]
    [InlineData("", "de", "en", "Check a letter")]
    [InlineData("lang=ar", "fr", "ar", "التحقق من رسالة")]
    [InlineData("lang=tlh", "ru", "ru", "Проверить письмо")]
    public async Task The_page_is_in_the_language_that_was_chosen_or_else_in_the_browsers(
        string query,
        string accepts,
        string language,
        string heading)
    {
        var site = await Site();

        var page = await TestSite.Read(
            await site.Send(HttpMethod.Get, $"/verify?{query}", headers: [("Accept-Language", accepts)]));

        Assert.Equal(language, page.DocumentElement.GetAttribute("lang"));
        Assert.Equal(heading, page.QuerySelector("h1")!.TextContent);
    }

    [Theory]
    [InlineData("ar")]
    [InlineData("zh")]
    [InlineData("en")]
    [InlineData("fr")]
    [InlineData("ru")]
    [InlineData("es")]
    public async Task Every_answer_is_in_the_language_that_was_chosen_and_what_was_asked_goes_along(string language)
    {
        var workflow = await House();
        var distribution = await workflow.TheDistribution();
        var site = await Site();
        var words = PageWords.Of(language);
        var reference = await workflow.Reference();
        foreach (
            var (query, said) in ((string, string)[])
                [
                    ($"reference={reference}", words["verify_reference_known"]),
                    ($"hash={distribution.Enclosures[0].Hash}", words["verify_enclosure"]),
                    ($"hash={new string('0', 64)}", words["verify_file_unknown"]),
                    ("hash=abc", words["verify_hash_wrong"]),
                    ("reference=7QJ4", words["verify_reference_wrong"]),
                    ("reference=7QJ4-MX2K-9TWB-Y", words["verify_mistyped"]),
                ])
        {
            var page = await Ask(site, $"{query}&lang={language}");
            Assert.Contains(TestSite.Words(said), TestSite.Words(page), StringComparison.Ordinal);
            // In another language it is the same answer; and a further question stays in this one.
            var others = page.QuerySelectorAll(".languages a").Select(link => link.GetAttribute("href")!).ToList();
            Assert.Equal(6, others.Count);
            Assert.All(others, other => Assert.Contains(query.Split('=')[1], other, StringComparison.OrdinalIgnoreCase));
            Assert.All(
                page.QuerySelectorAll("form"),
                form => Assert.Equal(language, form.QuerySelector("input[name=lang]")!.GetAttribute("value")));
        }
    }

    [Fact]
    public async Task The_page_sends_no_file_and_works_without_a_script()
    {
        var site = await Site();
        var page = await Ask(site, "");

        Assert.All(page.QuerySelectorAll("form").Cast<IHtmlFormElement>(), form => Assert.Equal("get", form.Method));
        Assert.Null(page.QuerySelector("input[type=file]")!.GetAttribute("name"));
        Assert.NotNull(page.QuerySelector("#choose[hidden]"));
        Assert.NotNull(page.QuerySelector("input[name=hash]"));
        Assert.NotNull(page.QuerySelector("input[name=reference]"));
    }

    /// <summary>A letter that was sent, which every answer is about and none changes.</summary>
    private Task<TestWorkflow> House() =>
        once.Of(async () =>
        {
            var workflow = await TestWorkflow.Open(azurite);
            await workflow.Released("che");
            await workflow.CarryOutBatches();
            return workflow;
        });

    private async Task<TestSite> Site()
    {
        var house = await House();
        return await once.Of(() => TestSite.Open(house));
    }

    private static async Task<IHtmlDocument> Ask(TestSite site, string query)
    {
        var answer = await site.Send(HttpMethod.Get, $"/verify?{query}", host: Elsewhere);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await TestSite.Read(answer);
    }

    /// <summary>As some programs copy it out of an Arabic document.</summary>
    private static string TurnedRound(string reference) => string.Join('-', reference.Split('-').Reverse());

    private static string Sent(TestWorkflow workflow, string file)
    {
        using var bytes = new MemoryStream();
        var part = (MimeKit.MimePart)
            Assert
                .Single(workflow.Sent())
                .Attachments.Single(attachment => attachment.ContentDisposition?.FileName == file);
        part.Content!.DecodeTo(bytes, TestContext.Current.CancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()));
    }
}
