using System.Diagnostics;
using System.Globalization;
using System.Text;
using Distribution.Intake;
using Distribution.Intake.Unfinished;
using Distribution.Mail;
using Distribution.Register;
using Distribution.Sending;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Distribution.Tracking;
using Distribution.Tracking.Inbound;
using Distribution.Tracking.Proposals;
using Distribution.Web;
using Xunit;

namespace Distribution.Browser;

/// <summary>How amiss each page is, and how soon it is seen.</summary>
public sealed class PageFiguresTests(Chromium chromium, AzuriteFixture azurite, ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>In bytes of HTML, before any compression.</summary>
    private const int Heaviest = 300_000;

    private const int MostRowsBefore = 60;

    private const int Letters = 100;

    /// <summary>In each pile.</summary>
    private const int Messages = 50;

    /// <summary>
    /// Prints a table of page, bytes, and first paint, with everything in storage that years leave there: a letter that
    /// did not reach half of so many missions, one to all of them that waits for release, a hundred letters before,
    /// messages in every pile, proposals, and a register that waits and changes every mission. It runs by its name alone:
    /// how long a page takes is this machine's.
    /// </summary>
    [Theory(Explicit = true)]
    [InlineData(223)]
    [InlineData(5_000)]
    public async Task Print_the_bytes_and_the_first_paint_of_every_page(int missions)
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(
            azurite,
            new TransportStub(
                (message, address) =>
                    message.MissionId.Sum(sign => sign) % 2 == 0
                        ? new(address, MailboxResult.Refused, $"550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table")
                        : new(address, MailboxResult.Accepted, "250 OK")));
        var register = missions == RegisterCsv.Seed().Missions.Count
            ? Encoding.UTF8.GetString(RegisterCsv.SeedContent.Span)
            : Register(missions);
        await workflow.PutInUse(register);
        await workflow.Released();
        await workflow.Run();
        var letter = await workflow.TheDistribution();
        await Before(workflow, letter);
        await Came(workflow, letter);
        await Proposed(workflow, letter);
        var waiting = await workflow.AcceptedWith("", "draft-rev-2");
        await workflow.BringRegister(Encoding.UTF8.GetBytes(
            register.Replace("Permanent Mission", "The Permanent Mission", StringComparison.Ordinal)
                .Replace(".example", ".new.example", StringComparison.Ordinal)));
        await using var site = await TestSite.Open(workflow);
        await site.Press(Addresses.NewLetter, "A new process");
        var begun = Assert.Single(await workflow.Get<UnfinishedLetters>().All(Cancellation));
        var page = await chromium.AtTheDesk();
        var table = new StringBuilder("| Page | HTML, bytes | First paint, ms |\n|---|---|---|\n");
        List<string> amiss = [];
        foreach (
            var (name, address) in ((string, string)[])
                [
                    .. Pages(letter),
                    ("a letter that waits for release", Addresses.Distribution(waiting.Id)),
                    ("a mission that changes", Addresses.MissionEdit(FirstMission(letter))),
                    ("what missions propose", Addresses.Proposals),
                    ("one message", Addresses.Reply("unknown-0")),
                    ("a letter in the making", Addresses.Unfinished(begun.Id)),
                    ("erased letters", Addresses.Erased),
                    ("a letter to be erased", Addresses.Erase(letter.Id)),
                    ("settings", Addresses.Settings),
                    ("holidays", Addresses.SettingsOf("holidays")),
                    ("words of letters", Addresses.Words),
                    ("kinds of letter", Addresses.Kinds),
                ])
        {
            using var once = await site.Get(address);
            Assert.True(once.IsSuccessStatusCode, name);
            var bytes = (await once.Content.ReadAsByteArrayAsync(Cancellation)).Length;
            // Once to warm it up, as for everyone but the first of a day.
            List<double> paints = [];
            for (var time = 0; time < 4; time++)
            {
                await page.Open(site, address);
                paints.Add(
                    await page.EvaluateAsync<double>(
                        "() => new Promise(done => { const found = performance.getEntriesByName('first-contentful-paint')[0]; if (found) done(found.startTime); else new PerformanceObserver((list, observer) => { observer.disconnect(); done(list.getEntries()[0].startTime); }).observe({ type: 'paint', buffered: true }); })"));
            }

            table.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {bytes:N0} | {paints.Skip(1).Order().ElementAt(1):N0} |");
            if (bytes >= Heaviest)
                amiss.Add($"{name}: {bytes}");
        }

        foreach (var (name, address) in ((string, string)[])
            [
                ("the tick sheet, PDF", Addresses.TickSheet(letter.Id, "pdf")),
                ("the tick sheet, CSV", Addresses.TickSheet(letter.Id, "csv")),
                ("the archive", Addresses.Archive(letter.Id)),
            ])
        {
            var watch = Stopwatch.StartNew();
            using var answer = await site.Get(address);
            var bytes = (await answer.Content.ReadAsByteArrayAsync(Cancellation)).Length;
            table.AppendLine(CultureInfo.InvariantCulture, $"| {name}: {(int)answer.StatusCode} | {bytes:N0} | {watch.ElapsedMilliseconds:N0} (whole) |");
            if (!answer.IsSuccessStatusCode)
                amiss.Add($"{name}: {await answer.Content.ReadAsStringAsync(Cancellation)}");
        }

        output.WriteLine(table.ToString());
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"pages-{missions}.md"), table.ToString(), Cancellation);
        Assert.Empty(amiss);
    }

    /// <summary>Letters of before, each to the first three missions, as they are in storage.</summary>
    private static async Task Before(TestWorkflow workflow, DistributionRecord letter)
    {
        var content = await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation);
        // Those that have it, as of most letters of before.
        IReadOnlyList<MissionEntry> entries = [.. (await workflow.Dispatches(letter.Id)).Where(entry => entry.State.IsReached).Take(3)];
        var missions = content.Roster.Where(mission => entries.Any(entry => entry.MissionId == mission.Id)).ToList();
        for (var number = 1; number < Letters; number++)
        {
            var id = $"{letter.Id}-{number:d3}";
            await workflow.Get<FrozenContents>().Freeze(id, content with { Roster = missions }, LetterFiles.None, Cancellation);
            await workflow.Get<DistributionRecords>().Add(
                letter with
                {
                    Id = id,
                    Process = $"Process {number % 7} of the negotiations on the draft programme of work",
                    Folder = new("gcm", $"before-{number}"),
                    DraftLabel = $"Draft Rev {number}",
                    MissionCount = 3,
                    ReleasedAt = letter.ReleasedAt - TimeSpan.FromDays(number),
                },
                Cancellation);
            await workflow.Get<MissionEntries>().Add([.. entries.Select(entry => entry with { DistributionId = id })], Cancellation);
        }
    }

    /// <summary>As many messages in each pile as stand there, longer ones than most; a hundred acts.</summary>
    private static async Task Came(TestWorkflow workflow, DistributionRecord letter)
    {
        var now = workflow.Clock.GetUtcNow();
        ReplyCandidate[] candidates =
        [
            new(letter.Id, FirstMission(letter), $"{letter.DraftLabel}, {letter.Process}", "Switzerland"),
            new(letter.Id, FirstMission(letter), $"{letter.DraftLabel}, {letter.Process}", "Mexico"),
        ];
        foreach (var pile in Enum.GetValues<ReplyPile>())
            for (var number = 0; number < Messages; number++)
                await workflow.Get<Replies>().Wait(
                    new(
                        $"{pile.ToString().ToLowerInvariant()}-{number}",
                        $"Counsellor {number} <counsellor.{number}@missions.example>",
                        $"وردت الرسالة: {letter.DraftLabel}, {letter.Process}, message {number} of many",
                        now,
                        string.Concat(Enumerable.Repeat("تلقت البعثة الدائمة الرسالة. ", 17)),
                        [new("Note verbale.pdf", 200_000), new("Annex II with comments.docx", 90_000)],
                        0,
                        pile == ReplyPile.Unknown ? [] : pile == ReplyPile.Says ? candidates : [candidates[0]])
                    {
                        Pile = pile,
                        IsAnswer = pile == ReplyPile.Receipt,
                        IsFromMission = pile == ReplyPile.Receipt,
                        Why = "It does not give the reference that is printed in the letter.",
                    },
                    Cancellation);
        for (var number = 0; number < 120; number++)
            await workflow.Get<DeskActs>().Add(
                new(DeskActs.NewId(now), now, "Second Secretary of the Secretariat", "0", "drafting, sending and reading", "Say which letter a reply answers", letter.Id, "che", DeskOutcome.NothingChanged, letter.DraftLabel)
                {
                    Detail = new string('x', 300),
                    Words = "Nothing was changed: there is no mission of that name on the letter's roster, or the message waits no more. Choose the mission's name from the list.",
                },
                Cancellation);
    }

    private static async Task Proposed(TestWorkflow workflow, DistributionRecord letter)
    {
        foreach (var (place, mission) in (await workflow.Get<FrozenContents>().Find(letter.Id, Cancellation)).Roster.Take(200).Index())
            await workflow.Get<MissionProposals>().Record(
                mission.Id,
                new(
                    $"p{place}",
                    letter.Id,
                    "en",
                    workflow.Clock.GetUtcNow(),
                    "Amélie Favre",
                    "Second Secretary",
                    [
                        new("to", mission.Mailboxes[0].Address, $"new.{mission.Mailboxes[0].Address}"),
                        new("head_of_mission", "", "H.E. Ms. Amélie Favre-Keller"),
                        new("head_title", "Permanent Representative", "Chargée d'affaires"),
                    ],
                    [new($"new.{mission.Mailboxes[0].Address}", ProposalMail.For($"new.{mission.Mailboxes[0].Address}"))],
                    ProposalMail.For(mission.Mailboxes[0].Address)),
                null,
                Cancellation);
    }

    /// <summary>
    /// Checks that no page is heavier than a slow line carries in a moment, and that on none a person has to pass a long
    /// table before the first thing they can do.
    /// </summary>
    internal static async Task AreLight(TestSite site, DistributionRecord letter)
    {
        foreach (var (name, address) in Pages(letter))
        {
            using var answer = await site.Get(address);
            Assert.True(answer.IsSuccessStatusCode, name);
            Assert.InRange((await answer.Content.ReadAsByteArrayAsync(Cancellation)).Length, 1, Heaviest);
            var parts = (await TestSite.Read(answer)).QuerySelectorAll("main tr, main form[method=post]")
                .Where(part => part.Closest("details:not([open])") is null)
                .ToList();
            if (parts.Find(part => part.LocalName == "form") is { } form)
                Assert.True(parts.IndexOf(form) <= MostRowsBefore, $"{name}: {parts.IndexOf(form)} rows stand above its first form.");
        }
    }

    /// <summary>The pages that may grow with the missions.</summary>
    private static (string Name, string Address)[] Pages(DistributionRecord letter) =>
    [
        ("front", Addresses.Front),
        ("a letter", Addresses.Distribution(letter.Id)),
        ("one mission's letter", Addresses.Letter(letter.Id, FirstMission(letter))),
        ("missions", Addresses.MissionList),
        ("a mission", Addresses.Mission(FirstMission(letter))),
        ("the register", Addresses.Register),
        ("search", $"{Addresses.Search}?q=a"),
        ("nine o'clock", Addresses.Briefing()),
        ("nine o'clock of a letter", Addresses.LetterBriefing(letter.Id)),
        ("when all were served", Addresses.Served(letter.Id)),
        ("not reached", Addresses.Unreachable(letter.Id)),
        ("audit", Addresses.Audit(letter.Id)),
        ("replies", Addresses.Replies),
        ("who did what", Addresses.Acts()),
        ("new letter", Addresses.NewLetter),
        ("upload", Addresses.UploadForm),
    ];

    private static string FirstMission(DistributionRecord letter) => letter.MissionCount == 5_000 ? "m0001" : "che";

    private static string Register(int missions) =>
        string.Concat(
            Enumerable.Range(1, missions)
                .Select(number => string.Create(CultureInfo.InvariantCulture, $"m{number:d4},member-state,Land {Word(number)},Permanent Mission of Land {Word(number)} to the United Nations,Permanent Representative,,,en,,m{number:d4}@missions.example,\n"))
                .Prepend("mission,kind,name,title,head_title,head_of_mission,form_of_address,language,alternate_language,to,cc\n"));

    /// <summary>A number in letters, as a name has none.</summary>
    private static string Word(int number) =>
        string.Concat(number.ToString("d4", CultureInfo.InvariantCulture).Select(digit => (char)('A' + digit - '0')));
}
