using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using CsvHelper;
using Distribution.Intake;
using Distribution.Letters;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Intake;
using Distribution.Tests.Letters;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using MimeKit;
using Xunit;

namespace Distribution.Tests;

/// <summary>
/// One letter carried through with the same hostile words wherever somebody outside may write: the letter's particulars
/// and text, the register, a mail server's answer, the acknowledgement, replies, names of files. They hold what acts in
/// HTML, Markdown, templates, Typst and Excel, and the address of a listener that nobody may call.
/// </summary>
public sealed class HostileRun(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    internal TestWorkflow House { get; private set; } = null!;

    internal TestSite Site { get; private set; } = null!;

    internal DistributionRecord Distribution { get; private set; } = null!;

    /// <summary>The words, as the letter has them.</summary>
    internal string Hostile { get; private set; } = "";

    /// <summary>As many of them as fit.</summary>
    internal string Cut(int length) => Hostile[..Math.Min(length, Hostile.Length)].TrimEnd();

    internal MimeMessage Letter { get; private set; } = null!;

    internal string Link => new Uri(House.Get<MissionLinks>().For(Distribution.Id, "che")).AbsolutePath;

    internal bool WasCalled => listener.Pending();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        listener.Start();
        var url = $"http://{listener.LocalEndpoint}";
        Hostile = $"""=1+1<img src={url}/a onerror=alert(1)><script>alert(1)</script>![c]({url}/c) [d](javascript:alert(1)) #panic("e") $g$ *h* 'i' @j""";
        House = await TestWorkflow.Open(azurite, ("Inbound:ReplyAddress", "replies@letters.example"));
        await Register();
        await House.Upload("gcm/draft-rev-1/letter.md", Written());
        await House.Upload("gcm/draft-rev-1/draft-rev-1.pdf", SampleUpload.Pdf("Draft Rev 1", $"GET {url}/g"));
        await House.Reconcile();
        Assert.All((await House.TheUpload()).Faults, fault => Assert.True(fault.IsWarning, fault.ToString()));
        Distribution = await House.TheDistribution();
        // That its particulars hold markup is asked about.
        await House.Release(confirmed: true);
        Letter = Assert.Single(House.Sent());
        await House.Upload("gcm/<img src=x onerror=alert(1)>/letter.md", Written());
        await House.Upload(
            "gcm/draft-rev-2/letter.md",
            Samples.LetterWith($"reference: {Quoted("x: " + Hostile + "\u0007")}\n{Quoted(Hostile)}: 1"));
        await House.Reconcile();
        Site = await TestSite.Open(House);
        await Heard();
        // Names with a link in them are refused.
        var name = Cut(190).Replace("://", ":", StringComparison.Ordinal).Replace("@", "", StringComparison.Ordinal);
        await MissionVisitor.Acknowledges(House, Site, Link, name, name);
        await Replied("one.eml", "mission@che.example");
        await Replied("two.eml", "stranger@elsewhere.example");
        await House.Reconcile();
    }

    public async ValueTask DisposeAsync()
    {
        if (Site is not null)
            await Site.DisposeAsync();
        await House.DisposeAsync();
        listener.Dispose();
    }

    private string Written() => $$$"""
        ---
        process: {{{Quoted(Hostile)}}}
        draft: Draft Rev 1
        sequence: 3
        date: 2018-03-26
        reference: {{{Quoted(Cut(150))}}}
        subject: {{{Quoted(Cut(240))}}}
        signatories:
          - name: {{{Quoted(Hostile)}}}
            title: {{{Quoted(Hostile)}}}
            letterhead: {{{Quoted(Hostile)}}}
        contact:
          name: {{{Quoted(Hostile)}}}
          email: compact@secretariat.example
        enclosures:
          - file: draft-rev-1.pdf
            title: {{{Quoted(Cut(240))}}}
            role: draft
        replies: tracked
        address: addressed
        ---
        Draft Rev 1 for {{ mission.name }}, {{ letter.process }}.

        \<script>alert(1)\</script> \<img src=x onerror=alert(1)> \&lt;b\&gt; #panic("x") #image("http://{{{listener.LocalEndpoint}}}/f") $x$ `y` @ref

        - [a link](http://{{{listener.LocalEndpoint}}}/link "\<script>alert(1)\</script>")
        """;

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private Task Register()
    {
        var cell = $"\"{Cut(290).Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        // As versions left it that took such words for names; today's refuses them when they are uploaded.
        return House.PutInUse(
            $"""
                mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc
                che,member-state,{cell},{cell},{cell},{cell},,en,,mission@che.example,
                """);
    }

    private async Task Heard()
    {
        var sent = (await House.Dispatches(Distribution.Id))[0].Attempts[0];
        var events = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject
        {
            ["event"] = "dropped",
            ["email"] = sent.Mailboxes[0].Mailbox.Address,
            ["timestamp"] = 1522087500,
            ["sg_event_id"] = Hostile,
            ["message_id"] = sent.MessageId,
            ["reason"] = $"{Hostile}\r\nX-Forged: 1\u202E",
        });
        Assert.Equal(
            1,
            (
                await House
                    .Get<SendGridEventHandler>()
                    .Handle(Encoding.UTF8.GetBytes(events.ToJsonString()), Cancellation))!.Recorded);
    }

    private async Task Replied(string name, string from)
    {
        var message = new MimeMessage { Subject = Hostile };
        message.From.Add(new MailboxAddress(Hostile, from));
        message.To.Add(MailboxAddress.Parse("letters@secretariat.example"));
        message.Body = new Multipart("mixed")
        {
            new TextPart("html") { Text = $"<body>{Hostile}<iframe src={Hostile}></iframe>" },
            new MimePart("text", "html")
            {
                FileName = $"../../{Hostile}\r\nBcc: x@y.example.html",
                Content = new MimeContent(new MemoryStream(Encoding.UTF8.GetBytes(Hostile))),
                ContentDisposition = new("attachment"),
            },
        };
        using var content = new MemoryStream();
        await message.WriteToAsync(content, Cancellation);
        content.Position = 0;
        await House.Get<InboundFiles>().Upload(name, content, Cancellation);
        await House.Reconcile();
    }
}

public sealed class HostileTextTests(HostileRun run) : IClassFixture<HostileRun>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void In_the_emails_HTML_they_are_words()
    {
        var html = new HtmlParser().ParseDocument(run.Letter.HtmlBody!);
        IsInert(html);
        Assert.DoesNotContain(
            html.QuerySelectorAll("[href]"),
            link => !System.Text.RegularExpressions.Regex.IsMatch(link.GetAttribute("href")!, "^(https?://|mailto:)"));
        Assert.Contains(run.Cut(60), html.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_emails_text_says_them_and_is_no_HTML()
    {
        Assert.Contains("<script>alert(1)</script>", run.Letter.TextBody, StringComparison.Ordinal);
        Assert.All(
            run.Letter.BodyParts.OfType<TextPart>()
                .Where(part => part.Text.Contains("<script>", StringComparison.Ordinal)),
            part => Assert.True(part.IsPlain));
    }

    [Fact]
    public void The_email_has_the_headers_it_always_has_and_goes_to_nobody_else()
    {
        Assert.DoesNotContain(
            run.Letter.Headers,
            header =>
                header.Field.Contains("Bcc", StringComparison.OrdinalIgnoreCase)
                || header.Field.StartsWith("X-Forged", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(
            ["mission@che.example"],
            run.Letter.To.Mailboxes.Concat(run.Letter.Cc.Mailboxes).Select(mailbox => mailbox.Address));
        Assert.Equal(run.Cut(240), run.Letter.Subject);
    }

    [Fact]
    public void The_PDF_prints_them_and_runs_none_and_links_only_where_a_letter_may()
    {
        var pdf = run
            .Letter.Attachments.OfType<MimePart>()
            .First(part =>
                part.FileName!.EndsWith(".pdf", StringComparison.Ordinal) && part.FileName != "draft-rev-1.pdf");
        using var content = new MemoryStream();
        pdf.Content!.DecodeTo(content, Cancellation);
        var text = string.Concat(Pdf.Text(content.ToArray()).Where(letter => !char.IsWhiteSpace(letter)));
        foreach (
            var words in (string[])
                ["<imgsrc=", "<script", "#panic(\"e\")", "#panic(\"x\")", "$x$", "`y`", "@ref", "*h*"])
            Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.All(Pdf.Links(content.ToArray()), link => Assert.Matches("^(https?://|mailto:)", link));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/replies")]
    [InlineData("/replies/WAITING")]
    [InlineData("ID")]
    [InlineData("ID/letters/che")]
    [InlineData("ID/audit")]
    [InlineData("ID/served")]
    [InlineData("ID/unreachable")]
    [InlineData("/uploads?folder=gcm%2Fdraft-rev-2")]
    [InlineData("LINK")]
    [InlineData("LINK?act=correct")]
    [InlineData("/verify?hash=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")]
    [InlineData("/verify?reference=%22%3E%3Cimg%20src%3Dx%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    public async Task On_a_page_they_are_words(string path)
    {
        var waiting = (await run.House.Get<Replies>().Waiting(Cancellation))[0].Id;
        var page = await run.Site.Page(
            path.Replace("WAITING", waiting, StringComparison.Ordinal)
                .Replace("ID", $"/distributions/{run.Distribution.Id}", StringComparison.Ordinal)
                .Replace("LINK", run.Link, StringComparison.Ordinal));
        IsInert(page);
        Assert.Contains(
            "<img",
            page.Body!.TextContent
                + string.Concat(page.QuerySelectorAll("input").Select(input => input.GetAttribute("value"))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_letter_as_its_readers_mail_program_shows_it_stands_in_a_sandbox()
    {
        var answer = await run.Site.Get($"/distributions/{run.Distribution.Id}/letters/che/html");
        Assert.StartsWith(
            "sandbox;",
            Assert.Single(answer.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal);
        IsInert(await TestSite.Read(answer));
    }

    [Theory]
    [InlineData("log.csv")]
    [InlineData("audit.csv")]
    [InlineData("served.csv")]
    [InlineData("tick-sheet.csv")]
    [InlineData("acknowledgements.csv")]
    public async Task In_a_file_for_Excel_no_cell_acts(string file)
    {
        var answer = await run.Site.Get($"/distributions/{run.Distribution.Id}/{file}");
        Assert.Equal(
            (HttpStatusCode.OK, "attachment"),
            (answer.StatusCode, answer.Content.Headers.ContentDisposition!.DispositionType));
        using var reader = CsvReader.Create(
            await answer.Content.ReadAsByteArrayAsync(Cancellation),
            CsvReaderOptions.Default with
            {
                HasHeader = false,
            });
        var cells = new List<string>();
        while (reader.Read())
            cells.AddRange(Enumerable.Range(0, reader.FieldCount).Select(reader.GetString));
        Assert.Contains(cells, cell => cell.Contains("<img", StringComparison.Ordinal));
        // Nor does a part of one, where the file is taken apart at other signs.
        Assert.DoesNotContain(
            cells.SelectMany(cell => cell.Split(';', '|', '\t', '\n').Select(part => part.TrimStart(' ')).Append(cell)),
            cell => cell is ['=' or '+' or '-' or '@' or '\t' or '\r', ..]);
    }

    [Theory]
    [InlineData("unreachable.pdf")]
    [InlineData("tick-sheet.pdf")]
    public async Task A_printed_list_prints_them(string file)
    {
        var answer = await run.Site.Get($"/distributions/{run.Distribution.Id}/{file}");
        Assert.Equal(
            (HttpStatusCode.OK, "application/pdf"),
            (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains(
            "#panic(\"e\")",
            string.Concat(
                Pdf.Text(await answer.Content.ReadAsByteArrayAsync(Cancellation))
                    .Where(letter => !char.IsWhiteSpace(letter))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_entry_of_the_archive_leads_out_of_the_folder_it_is_unpacked_in()
    {
        var answer = await run.Site.Get($"/distributions/{run.Distribution.Id}/archive.zip");
        using var archive = new ZipArchive(new MemoryStream(await answer.Content.ReadAsByteArrayAsync(Cancellation)));
        Assert.NotEmpty(archive.Entries);
        Assert.All(
            archive.Entries,
            entry => Assert.DoesNotMatch(@"(^|/)\.\.?(/|$)|^/|[\\:<>""|?*\x00-\x1f]", entry.FullName));
    }

    [Fact]
    public async Task A_file_that_came_with_a_reply_is_handed_out_to_be_saved_under_a_plain_name_and_never_shown()
    {
        var reply = Assert.Single(
            await run.House.Get<Replies>().Waiting(Cancellation),
            waiting => waiting.Sender.Contains("mission@che.example", StringComparison.Ordinal));
        var answer = await run.Site.Get($"/replies/{reply.Id}/files/0");
        Assert.Equal(
            (HttpStatusCode.OK, "attachment"),
            (answer.StatusCode, answer.Content.Headers.ContentDisposition!.DispositionType));
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotMatch(
            @"[/\\\r\n]",
            WebUtility.UrlDecode(
                answer.Content.Headers.ContentDisposition.FileNameStar
                    ?? answer.Content.Headers.ContentDisposition.FileName!));
        Assert.False(answer.Headers.Contains("Bcc"));
    }

    [Fact]
    public async Task Nothing_fetches_an_address_that_somebody_wrote()
    {
        foreach (var path in (string[])["", "/letters/che", "/letters/che/html", "/archive.zip", "/unreachable.pdf"])
            (await run.Site.Get($"/distributions/{run.Distribution.Id}{path}")).EnsureSuccessStatusCode();
        Assert.False(run.WasCalled);
    }

    /// <summary>No script but the site's own, no element or attribute that acts or fetches.</summary>
    private static void IsInert(IHtmlDocument page)
    {
        Assert.Empty(
            page.QuerySelectorAll(
                "img, script:not([src^='/assets/']), object, embed, base, svg:not(.bar, .timeline svg), .bar :not(rect, text), .timeline svg :not(path), math, video, audio, link[href^='http'], [src^='http'], iframe[src*='<']"
            ));
        // The bar and the curves are drawn by us, of shapes and counts alone.
        Assert.All(page.QuerySelectorAll(".bar text"), count => Assert.Matches("^[0-9]+$", count.TextContent));
        Assert.All(page.QuerySelectorAll(".timeline path"), curve => Assert.Matches("^[MHV0-9 ]+$", curve.GetAttribute("d")));
        Assert.DoesNotContain(
            page.All.SelectMany(element => element.Attributes),
            attribute =>
                attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
                || attribute.Value.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase));
    }
}
