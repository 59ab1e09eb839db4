using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Azure.Storage.Blobs.Specialized;
using Distribution.Common;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Intake;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Xunit;

namespace Distribution.Tests;

/// <summary>
/// Small things that unfold, and large things: each ends in words, in bounded time and memory. Others stand beside what
/// they try.
/// </summary>
public sealed class BombTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A thousand million laughs: each line names the one before ten times.</summary>
    private static string Laughs =>
        string.Join(
            '\n',
            Enumerable
                .Range(1, 9)
                .Select(line =>
                    $"l{line}: &l{line} [{string.Join(", ", Enumerable.Repeat(line == 1 ? "ha" : $"*l{line - 1}", 10))}]"
                ));

    private static IReadOnlyList<(string What, string Letter, string Place)> Letters =>
        [
            ("aliases that multiply", Samples.LetterWith(Laughs), "letter.md, line 19"),
            ("a map merged into itself", Samples.LetterWith("a: &a\n  <<: *a\n  b: *a"), "letter.md, line 19"),
            (
                "flow collections a hundred deep",
                Samples.LetterWith($"a: {new string('[', 100)}{new string(']', 100)}"),
                "letter.md, line 19"),
            (
                "quotations a thousand deep",
                Samples.Letter(body: new string('>', 1_000) + " Draft Rev 1"),
                "letter.md, line 20"),
            (
                "ten thousand emphases",
                Samples.Letter(body: string.Concat(Enumerable.Repeat("*a **b ", 10_000))),
                "letter.md, line 20"),
            (
                "a loop in a field",
                Samples.Letter(body: "Draft Rev 1 {{ for i in 1..1000000000 }}x{{ end }}"),
                "letter.md"),
            (
                "loops within loops",
                Samples.Letter(
                    body: "Draft Rev 1 {{ for i in 1..900 }}{{ for j in 1..900 }}{{ for k in 1..900 }}x{{ end }}{{ end }}{{ end }}"
                ),
                "letter.md"),
            (
                "a text that doubles",
                Samples.Letter(body: "Draft Rev 1 {{ a = 'xxxxxxxxxx'; for i in 1..60; a = a + a; end; a }}"),
                "letter.md"),
            (
                "a list that doubles",
                Samples.Letter(body: "Draft Rev 1 {{ a = [1]; for i in 1..60; a = array.add_range a a; end; a }}"),
                "letter.md"),
            ("a function that calls itself", Samples.Letter(body: "Draft Rev 1 {{ func f; f; end; f }}"), "letter.md"),
            (
                "an expression that never matches",
                Samples.Letter(
                    body: "Draft Rev 1 {{ regex.match 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' '^(a+)+$' }}"),
                "letter.md"),
        ];

    [Fact]
    public async Task Letters_that_unfold_are_refused_with_their_line_and_a_sound_one_among_them_is_accepted()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.UseMailboxes("mission@che.example");
        foreach (var (number, bomb) in Letters.Index())
        {
            await workflow.Upload($"gcm/bomb-{number}/letter.md", bomb.Letter);
            await workflow.Upload($"gcm/bomb-{number}/draft-rev-1.pdf", Samples.Pdf());
        }

        await InBounds(async () => await workflow.Accepted());

        var uploads = (await workflow.Get<Uploads>().All(Cancellation)).ToDictionary(
            upload => upload.Value.Folder.Revision,
            upload => upload.Value);
        Assert.All(
            Letters.Index(),
            entry =>
            {
                var upload = uploads[$"bomb-{entry.Index}"];
                Assert.True(
                    upload.State == UploadState.Rejected
                        && upload.Faults.Any(fault =>
                            !fault.IsWarning && fault.ToString().StartsWith(entry.Item.Place, StringComparison.Ordinal)
                        ),
                    $"{entry.Item.What}: {string.Join('\n', upload.Faults)}");
            });
    }

    [Theory]
    [InlineData("draft.docx", "word/document.xml")]
    [InlineData("draft.xlsx", "xl/workbook.xml")]
    [InlineData("draft.pptx", "ppt/presentation.xml", "ppt/notesSlides/notesSlide1.xml")]
    [InlineData("draft.odt", "mimetype", "content.xml")]
    [InlineData("drafts.zip", "draft.txt")]
    public async Task A_document_that_unpacks_to_more_than_any_letter_carries_is_refused(string name, params string[] parts)
    {
        var bomb = await Bomb(parts);
        await InBounds(() =>
        {
            Assert.Equal(
                $"{name}: What is in the archive cannot be checked, for it unpacks to more than any letter carries. Enclose the documents themselves, or pack them into one plain zip file. (D282)",
                Assert.Single(EnclosureCheck.OfFile(SampleUpload.File(name, bomb)), found => !found.IsWarning).ToString());
            return Task.CompletedTask;
        });
    }

    /// <summary>Ministries enclose such ones: their rows take no more than a few megabytes packed.</summary>
    [Fact]
    public async Task Of_a_workbook_of_very_many_rows_the_rest_is_looked_through_and_that_is_asked_about()
    {
        var bomb = await Bomb("xl/workbook.xml", "docProps/core.xml", "xl/worksheets/sheet1.xml");
        await InBounds(() =>
        {
            Assert.StartsWith(
                "annex.xlsx: annex.xlsx still holds more rows than are looked through for hidden ones.",
                Assert.Single(EnclosureCheck.OfFile(SampleUpload.File("annex.xlsx", bomb))).ToString(),
                StringComparison.Ordinal);
            return Task.CompletedTask;
        });
    }

    /// <summary>An archive of these parts, of which the last is of a hundred megabytes.</summary>
    private static async Task<byte[]> Bomb(params string[] parts)
    {
        using var bomb = new MemoryStream();
        using (var archive = new ZipArchive(bomb, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var entry in (string[])["[Content_Types].xml", .. parts])
            {
                await using var part = await archive
                    .CreateEntry(entry, CompressionLevel.SmallestSize)
                    .OpenAsync(Cancellation);
                await part.WriteAsync("<a>"u8.ToArray(), Cancellation);
                var spaces = Enumerable.Repeat((byte)' ', 1 << 20).ToArray();
                for (var megabyte = 0; megabyte < 100 && entry == parts[^1]; megabyte++)
                    await part.WriteAsync(spaces, Cancellation);
                await part.WriteAsync("</a>"u8.ToArray(), Cancellation);
            }

        return bomb.ToArray();
    }

    [Fact]
    public Task A_PDF_of_parts_without_end_or_in_circles_is_searched_in_bounds() =>
        InBounds(() =>
        {
            var nested = new string('[', 5_000) + new string(']', 5_000);
            Assert.NotEmpty(EnclosureCheck.OfFile(SampleUpload.File("a.pdf", SampleUpload.PdfWith($"/A {nested}"))));
            var circle = SampleUpload.PdfWith("/OpenAction 5 0 R", "", "<</S/JavaScript/JS(1)/Next[5 0 R 6 0 R]>>", "<</Next 5 0 R/F 6 0 R/S/Launch>>");
            Assert.Equal(1, PdfParts.Of(circle)!.Scripts);
            var many = SampleUpload.PdfWith($"/A[{string.Concat(Enumerable.Repeat("<<>>", 1_000_001))}]");
            Assert.False(PdfParts.Of(many)!.IsWhole);
            return Task.CompletedTask;
        });

    [Fact]
    public Task A_document_of_more_parts_than_any_has_is_not_what_its_name_says() =>
        InBounds(() =>
        {
            var fault = Assert.Single(
                EnclosureCheck.OfFile(
                    SampleUpload.File(
                        "draft.docx",
                        SampleUpload.Zip([.. Enumerable.Range(0, 20_001).Select(part => $"{part}")]))));
            Assert.StartsWith("draft.docx", fault.ToString(), StringComparison.Ordinal);
            return Task.CompletedTask;
        });

    [Theory]
    [InlineData("/Filter[/FlateDecode/FlateDecode/FlateDecode]")]
    [InlineData("/Filter/LZWDecode")]
    [InlineData("/Filter/JBIG2Decode")]
    [InlineData("/Filter/RunLengthDecode")]
    public Task A_page_packed_over_and_over_is_read_or_left_alone(string filter) => InBounds(() =>
    {
        var packed = new byte[10_000_000];
        for (var times = 0; times < 3; times++)
        {
            using var smaller = new MemoryStream();
            using (var zlib = new ZLibStream(smaller, CompressionLevel.Fastest, leaveOpen: true))
                zlib.Write(packed);
            packed = smaller.ToArray();
        }

        PdfText.Read(SampleUpload.Pdf(packed, filter));
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData("/Filter/RunLengthDecode", "\u0081 ", 1_000_000)]
    [InlineData("/Filter/ASCII85Decode", "z", 26_000_000)]
    [InlineData("/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 20000/Rows 100000>>", "  ", 1)]
    public void A_page_that_unpacks_to_more_than_any_document_holds_is_not_unpacked(string filter, string packed, int times)
    {
        var pdf = SampleUpload.Pdf(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(packed, times))), filter);
        var before = GC.GetAllocatedBytesForCurrentThread();
        PdfText.Read(pdf);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Fact]
    public void Words_beside_a_fax_are_read()
    {
        const string Fax = "/Width 8/Height 1/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 8>>";
        const string Words = "/I Do BI/W 8/H 1/BPC 1/CS/G/F/CCF/DP<</K -1/Columns 8>> ID xx EI BT/F 12 Tf(Draft)Tj ET";
        var pdf = SampleUpload.PdfWith(
            "",
            "",
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            $"<</Type/XObject/Subtype/Image{Fax}/Length 2>>\nstream\nxx\nendstream");
        pdf = Encoding.Latin1.GetBytes(
            Encoding.Latin1.GetString(pdf)
                .Replace("/Resources<<>>", "/Resources<</Font<</F 5 0 R>>/XObject<</I 6 0 R>>>>", StringComparison.Ordinal)
                .Replace("/Length 5>>\nstream\nBT ET", $"/Length {Words.Length}>>\nstream\n{Words}", StringComparison.Ordinal));
        Assert.Equal(["Draft"], PdfText.Read(pdf).Pages);
    }

    [Fact]
    public Task A_PDF_whose_pages_lead_in_a_circle_is_left_alone() =>
        InBounds(() =>
        {
            var circle =
                "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[2 0 R 2 0 R]/Parent 2 0 R/Count 999999999>>\nendobj\ntrailer\n<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF\n";
            Assert.Null(PdfText.Read(Encoding.ASCII.GetBytes(circle)).Pages);
            return Task.CompletedTask;
        });

    [Fact]
    public async Task Messages_of_too_much_are_all_taken_and_keep_the_next_one_from_nothing()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("Inbound:ReplyAddress", "replies@letters.example"));
        foreach (var (number, message) in Messages.Index())
            await workflow
                .Get<InboundFiles>()
                .Upload($"bomb-{number}.eml", new MemoryStream(Encoding.ASCII.GetBytes(message)), Cancellation);
        await workflow
            .Get<InboundFiles>()
            .Upload(
                "next.eml",
                new MemoryStream(
                    Encoding.ASCII.GetBytes(
                        "From: Ana <ana@private.example>\r\nSubject: Next\r\nMessage-ID: <next@private.example>\r\n\r\nWe have it."
                    )),
                Cancellation);

        await InBounds(workflow.Reconcile);

        Assert.Empty(await workflow.Get<InboundFiles>().Waiting(Cancellation));
        Assert.Contains(await workflow.Get<Replies>().Waiting(Cancellation), waiting => waiting.Subject == "Next");
        // Nor was any given up, and went on for nothing.
        Assert.DoesNotContain(
            await workflow.Get<Notices>().All(Cancellation),
            notice => notice.Text.Contains("took too long", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_whose_head_never_ends_is_kept_apart_unread_and_a_person_is_told()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        (string Start, string Line, int Times)[] heads =
        [
            ("To: ", "<a@b.example>, ", 40_000),
            ("References: ", "<a@b.example>\r\n ", 40_000),
            ("Subject: ", "=?utf-8?Q?=E2=80=AE?=\r\n ", 25_000),
            ("", "X-A: b\r\n", 70_000),
        ];
        foreach (var (number, (start, line, times)) in heads.Index())
        {
            using var content = new MemoryStream(
                Encoding.ASCII.GetBytes(
                    $"From: Ana <ana@elsewhere.example>\r\n{start}{string.Concat(Enumerable.Repeat(line, times))}\r\n\r\nx"
                ));
            Assert.Equal(
                InboundResult.Unmatched,
                await workflow.Get<InboundMailHandler>().Handle(content, $"inbound/{number}.eml", Cancellation));
        }

        Assert.Equal(
            heads
                .Index()
                .Select(head =>
                    $"The message inbound/{head.Index}.eml was not read, for its head is longer than that of any message people send. It is kept unread; have a person look at it."
                ),
            (await workflow.Get<Notices>().All(Cancellation))
                .Select(notice => notice.Text)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_register_of_a_hundred_megabytes_is_refused_in_a_sentence_and_the_one_in_use_stays()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        // One block, named five times.
        var client = workflow
            .Get<StorageAccount>()
            .Blobs.GetBlobContainerClient(ResourceNames.Register)
            .GetBlockBlobClient(RegisterContainer.Uploaded);
        await client.StageBlockAsync("AAAA", new MemoryStream(new byte[20_000_000]), cancellationToken: Cancellation);
        await client.CommitBlockListAsync(Enumerable.Repeat("AAAA", 5), cancellationToken: Cancellation);
        Assert.Equal(
            100_000_000,
            (await client.GetPropertiesAsync(cancellationToken: Cancellation)).Value.ContentLength);

        await InBounds(workflow.Reconcile);

        Assert.StartsWith(
            "The uploaded register was not taken over; the one in use stays.",
            Assert.Single(await workflow.Get<Notices>().All(Cancellation)).Text,
            StringComparison.Ordinal);
        Assert.Equal(3, (await workflow.Get<RegisterInUse>().Current(Cancellation)).Missions.Count);
    }

    [Fact]
    public Task Events_nested_without_end_are_no_list_of_events() =>
        InBounds(() =>
        {
            Assert.Null(SendGridEvents.Read(Encoding.ASCII.GetBytes(new string('[', 1_000_000))));
            return Task.CompletedTask;
        });

    private const string Head = "From: Ana <ana@elsewhere.example>\r\nMIME-Version: 1.0\r\n";

    private static IReadOnlyList<string> Messages =>
        [
            // Multiparts within each other.
            Head
                + string.Concat(
                    Enumerable
                        .Range(0, 20_000)
                        .Select(depth => $"Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n"))
                + "\r\nx",
            // Parts beside each other.
            Head
                + "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                + string.Concat(
                    Enumerable.Repeat("--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nx\r\n", 20_000))
                + "--b--\r\n",
            // Forms of one text.
            Head
                + "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
                + string.Concat(Enumerable.Repeat("--b\r\n\r\nx\r\n", 150_000))
                + "--b--\r\n",
            Head + $"Content-Type: text/html\r\n\r\n{string.Concat(Enumerable.Repeat("<div><![CDATA[<!--", 200_000))}",
            // As many recipients as a head may hold.
            Head
                + $"To: {string.Join(", ", Enumerable.Range(0, 7_000).Select(number => $"\"{number}\" <replies+{number:x30}@letters.example>"))}\r\n\r\nx",
            // A report with a long text and no reason for any of its many mailboxes, and the same in words for people.
            Head
                + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\n"
                + string.Concat(Enumerable.Repeat("x\r\n", 50_000))
                + "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
                + string.Concat(Enumerable.Repeat("Final-Recipient: rfc822;a\r\nAction: failed\r\n\r\n", 20_000))
                + "--b--\r\n",
            Head
                + $"X-Failed-Recipients: {string.Join(',', Enumerable.Range(0, 40_000).Select(number => $"{number}@b"))}\r\n\r\n"
                + string.Concat(Enumerable.Repeat("x\r\n", 50_000)),
            // A report on ever the same mailbox.
            Head
                + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nOriginal-Envelope-Id: gcm-draft-rev-1-3f9a1c.che.1@secretariat.example\r\n\r\n"
                + string.Concat(
                    Enumerable.Repeat(
                        "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n",
                        10_000))
                + "--b--\r\n",
        ];

    /// <summary>Far more than a slow machine needs, far less than what unfolds would take.</summary>
    private static async Task InBounds(Func<Task> act)
    {
        var (begun, before) = (Stopwatch.GetTimestamp(), GC.GetTotalMemory(forceFullCollection: false));
        await act();
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(40));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: false) - before, long.MinValue, 1_000_000_000);
    }
}
