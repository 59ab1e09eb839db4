using System.Globalization;
using System.Text;
using AngleSharp.Html.Dom;
using Distribution.Intake;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>A letter's missions on its page: tiles, a list that is searched and paged, and what happened when.</summary>
public sealed class LetterListTests(AzuriteFixture azurite)
{
    private const string Script = "<script>alert(1)</script>";

    /// <summary>The most that a page may be, in bytes.</summary>
    private const int MostBytes = 300_000;

    /// <summary>A name that would be a formula in a table, and one that would be a script in a page.</summary>
    private static readonly string Register = $"""
        mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc,official_languages,code,groups
        che,member-state,Switzerland,Permanent Mission of Switzerland to the United Nations,Permanent Representative,,,fr,,geneva@missions.example,,fr,,europe
        civ,member-state,Côte d'Ivoire,Permanent Mission of Côte d'Ivoire to the United Nations,Permanent Representative,,,fr,,civ@missions.example,,fr,,g77
        mex,member-state,{Script},Permanent Mission of Mexico to the United Nations,Permanent Representative,,,en,,mex@missions.example,,,,g77
        some-long-organization,intergovernmental-organization,=1+1,Office of the Organization to the United Nations,Head,,,en,,organization@missions.example,,,ORG,
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_list_is_searched_narrowed_and_sorted_by_its_address_alone()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub(
                (message, address) =>
                    new(
                        address,
                        message.MissionId == "civ" ? MailboxResult.Refused : MailboxResult.Accepted,
                        message.MissionId == "civ" ? "550 No such mailbox" : "250 OK")));
        await workflow.PutInUse(Register);
        var letter = await workflow.Released();
        await workflow.CarryOutBatches();
        await workflow.Acknowledge(letter.Id, "mex");
        await using var site = await TestSite.Open(workflow);

        Assert.Equal(["Côte d'Ivoire", Script, "Switzerland", "=1+1"], await Listed(""));
        foreach (
            var (query, expected) in ((string, string[])[])
                [
                    ("q=cote+DIVOIRE", ["Côte d'Ivoire"]),
                    ("q=geneva@", ["Switzerland"]),
                    ("q=org", ["=1+1"]),
                    ("q=mission+nothing", []),
                    ("kind=observer-organizations", ["=1+1"]),
                    ("kind=member-states&language=en", [Script]),
                    ("group=G77", ["Côte d'Ivoire", Script]),
                    ("group=g77&show=notreached", ["Côte d'Ivoire"]),
                    ("language=fr", ["Côte d'Ivoire", "Switzerland"]),
                    ("acknowledged=yes", [Script]),
                    ("acknowledged=no&kind=member-states", ["Côte d'Ivoire", "Switzerland"]),
                    ("acknowledged=toberead", []),
                    ("show=silent", ["Switzerland", "=1+1"]),
                ])
            Assert.Equal(expected, await Listed(query));
        Assert.Equal("Côte d'Ivoire", (await Listed("sort=standing"))[0]);
        Assert.Equal(Script, (await Listed("sort=acknowledged"))[0]);
        Assert.Equal("=1+1", (await Listed("sort=name"))[0]);

        // What cannot be is taken for the nearest that can.
        Assert.Equal(4, (await Listed("show=7&kind=%3Cb%3E&sort=drop&acknowledged=maybe&page=99&tiles=-3")).Count);
        Assert.Equal(4, (await Listed("page=x&language=&group=&q=")).Count);

        // The form and the links keep what was asked for.
        var kept = await site.Page($"{Address(letter)}?show=silent&kind=member-states&q=che");
        Assert.Equal("silent", kept.QuerySelector("form.narrow input[name=show]")!.GetAttribute("value"));
        Assert.Equal("member-states", ((IHtmlSelectElement)kept.QuerySelector("#kind")!).Value);
        Assert.Equal(
            $"{Address(letter)}?show=notreached&q=che&kind=member-states#missions",
            kept.QuerySelector("#show-NotReached")!.GetAttribute("href"));

        var page = await site.Page($"{Address(letter)}?q={Uri.EscapeDataString($"\"{Script}")}&show=notreached");
        Assert.Equal($"\"{Script}", ((IHtmlInputElement)page.QuerySelector("#q")!).Value);
        Assert.Equal(
            "No mission is like that among not reached. Show all missions",
            TestSite.Words(page.QuerySelector("#none")!.TextContent));
        Assert.Empty(page.QuerySelectorAll("script:not([src])"));

        async Task<List<string>> Listed(string query) =>
            [
                .. (await site.Page($"{Address(letter)}?{query}"))
                    .QuerySelectorAll("table.missions tbody th")
                    .Select(cell => cell.TextContent),
            ];
    }

    [Fact]
    public async Task Tiles_tell_by_name_mark_and_colour_who_has_it_and_open_the_mission()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub(
                (message, address) =>
                    new(
                        address,
                        message.MissionId == "civ" ? MailboxResult.Refused : MailboxResult.Accepted,
                        "")));
        await workflow.PutInUse(Register);
        var letter = await workflow.Accepted();
        await using var site = await TestSite.Open(workflow);
        Assert.Empty((await site.Page(Address(letter))).QuerySelectorAll(".tiles, #timeline"));
        await workflow.Release();
        await workflow.Acknowledge(letter.Id, "mex");

        var page = await site.Page(Address(letter));
        Assert.Equal(
            [
                ("CIV ×", "Côte d'Ivoire: not reached", "not-reached"),
                ("MEX ✓", $"{Script}: acknowledged", "acknowledged"),
                ("CHE", "Switzerland: reached, not acknowledged", "reached"),
                ("ORG", "=1+1: reached, not acknowledged", "reached"),
            ],
            page.QuerySelectorAll(".tiles a")
                .Select(tile =>
                    (
                        tile.QuerySelector("[aria-hidden]")!.TextContent.Trim(),
                        tile.QuerySelector(".unseen")!.TextContent,
                        tile.ClassName
                    )));
        var opened = await site.Page(
            page.QuerySelectorAll(".tiles a").Single(tile => tile.ClassName == "not-reached").GetAttribute("href")!);
        Assert.Contains("Côte d'Ivoire", TestSite.Words(opened), StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("script:not([src]), [style]"));

        // All that the picture shows stands in its words too.
        var now = Distribution.Common.NewYorkTime.Words(workflow.Clock.GetUtcNow());
        string[] told =
        [
            $"3 accepted by a mail server, on {now}",
            $"1 returned or refused, on {now}",
            $"1 acknowledged, on {now}",
        ];
        Assert.Equal(told, page.QuerySelectorAll(".curves li").Select(item => TestSite.Words(item.TextContent)));
        Assert.Equal(
            string.Join("; ", told),
            page.QuerySelector(".timeline > svg[role=img]")!.GetAttribute("aria-label"));
    }

    [Fact]
    public async Task What_only_a_mail_says_is_no_acceptance_in_the_picture()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub((_, address) => new(address, MailboxResult.Unknown, "No answer")));
        var letter = await workflow.Released("che");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Address(letter));
        Assert.Empty(page.QuerySelectorAll("#timeline"));
        Assert.Equal("Draft Rev 1: of 1 mission it is not known", TestSite.Words(page.QuerySelector("h1")!.TextContent));
        Assert.Equal("CHE ?", page.QuerySelector(".tiles [aria-hidden]")!.TextContent);
    }

    [Fact]
    public async Task A_mailbox_is_corrected_and_sent_to_again_from_the_top_of_the_page()
    {
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub(
                (_, address) =>
                    new(
                        address,
                        address == "che@missions.example" ? MailboxResult.Refused : MailboxResult.Accepted,
                        "")));
        var letter = await workflow.Released("che", "mex");
        await workflow.CarryOutBatches();
        await using var site = await TestSite.Open(workflow);
        var page = await site.Page(Address(letter));
        Assert.Equal("Draft Rev 1: 1 mission does not have it", TestSite.Words(page.QuerySelector("h1")!.TextContent));
        Assert.Equal(
            ["che"],
            page.QuerySelectorAll("#correct-mission option").Select(option => option.GetAttribute("value")));
        Assert.Equal(
            ["/missions/che/edit", "/register"],
            page.QuerySelectorAll("#lacking-part details a").Take(2).Select(link => link.GetAttribute("href")));

        await workflow.PutInUse(
            TestWorkflow.RegisterOf("che", "mex")
                .Replace("che@missions.example", "new@missions.example", StringComparison.Ordinal));
        var form = page.QuerySelector("#correct")!.Closest("form")!;
        var token = (IHtmlInputElement)form.QuerySelector("input[type=hidden]")!;
        var prepared = await site.Post(
            form.GetAttribute("action")!,
            (token.Name!, token.Value),
            ("mission", "switzerland"));
        var addendum = await site.Page(prepared.Headers.Location!.ToString());
        Assert.Equal(
            "The addendum is prepared. Look at it here: nothing of it is sent before it is released.",
            addendum.QuerySelector("#told [role=alert]")!.TextContent);
        await site.Press(addendum, "Send Draft Rev 1 to 1 mission");
        await workflow.Run();
        Assert.Equal(
            "Draft Rev 1: all 2 missions have it",
            TestSite.Words((await site.Page(Address(letter))).QuerySelector("h1")!.TextContent));
    }

    [Fact]
    public async Task With_5_000_missions_every_page_stays_small_and_shows_all_of_them_page_by_page()
    {
        const int Count = 5_000;
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        await workflow.PutInUse(RegisterOf(Count));
        var letter = await workflow.Accepted();
        await using var site = await TestSite.Open(workflow);
        await Small(Address(letter));
        Assert.True(await workflow.Get<Releases>().Release(letter.Id, "the secretary", Cancellation));
        await Small("/");
        var page = await Small(Address(letter));
        Assert.Equal("Page 1 of 100", page.QuerySelector("[aria-label='Pages of the list'] span")!.TextContent);
        Assert.Equal(50, page.QuerySelectorAll("table.missions tbody tr").Length);
        Assert.Equal(300, page.QuerySelectorAll(".tiles li").Length);
        Assert.Contains(": 1 to 50 of 5000.", page.QuerySelector("caption")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(
            "Mission 04999",
            (await Small($"{Address(letter)}?page=100&tiles=17"))
                .QuerySelectorAll("table.missions tbody th")[^1]
                .TextContent);
        Assert.Single((await Small($"{Address(letter)}?q=04321")).QuerySelectorAll("table.missions tbody tr"));
        var chosen = await Small($"{Address(letter)}?mission=mission+04321");
        Assert.Equal("Mission 04321", ((IHtmlInputElement)chosen.QuerySelector("#mission")!).Value);

        async Task<IHtmlDocument> Small(string address)
        {
            var bytes = await (await site.Get(address)).Content.ReadAsByteArrayAsync(Cancellation);
            Assert.InRange(bytes.Length, 1, MostBytes);
            return new AngleSharp.Html.Parser.HtmlParser().ParseDocument(Encoding.UTF8.GetString(bytes));
        }
    }

    /// <summary>A register of this many missions: Mission 00000, Mission 00001 and so on.</summary>
    private static string RegisterOf(int count)
    {
        var csv = new StringBuilder(
            "mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc\r\n");
        for (var number = 0; number < count; number++)
            csv.Append(
                CultureInfo.InvariantCulture,
                $"m{number:00000},member-state,Mission {number:00000},Permanent Mission {number:00000} to the United Nations,Permanent Representative,,,en,,m{number:00000}@missions.example,\r\n");
        return csv.ToString();
    }

    private static string Address(DistributionRecord letter) => $"/distributions/{letter.Id}";
}
