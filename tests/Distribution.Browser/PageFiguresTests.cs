using System.Diagnostics;
using System.Globalization;
using System.Text;
using Distribution.Intake;
using Distribution.Register;
using Distribution.Tests;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Web;
using Distribution.Web;
using Xunit;

namespace Distribution.Browser;

/// <summary>How heavy each page is, and how soon it is seen.</summary>
public sealed class PageFiguresTests(Chromium chromium, AzuriteFixture azurite, ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>In bytes of HTML, before any compression.</summary>
    private const int Heaviest = 300_000;

    private const int MostRowsBefore = 60;

    /// <summary>
    /// Prints a table of page, bytes, and first paint, with everything in storage that a letter to so many missions
    /// leaves there. It runs by its name alone: how long a page takes is this machine's.
    /// </summary>
    [Theory(Explicit = true)]
    [InlineData(223)]
    [InlineData(5_000)]
    public async Task Print_the_bytes_and_the_first_paint_of_every_page(int missions)
    {
        Assert.SkipUnless(Chromium.Program is not null, Chromium.Missing);
        await using var workflow = await TestWorkflow.Open(azurite, new TransportStub());
        if (missions == RegisterCsv.Seed().Missions.Count)
            await workflow.UseAllMissions();
        else
            await workflow.PutInUse(Register(missions));
        var letter = await workflow.Released();
        await workflow.Run();
        await using var site = await TestSite.Open(workflow);
        var page = await chromium.AtTheDesk();
        var table = new StringBuilder("| Page | HTML, bytes | First paint, ms |\n|---|---|---|\n");
        foreach (var (name, address) in Pages(letter))
        {
            var bytes = (await (await site.Get(address)).Content.ReadAsByteArrayAsync(Cancellation)).Length;
            // Once to warm it up, as for everyone but the first of a day.
            List<double> paints = [];
            for (var time = 0; time < 4; time++)
            {
                await page.GotoAsync(new Uri(site.Address, address).ToString());
                paints.Add(
                    await page.EvaluateAsync<double>(
                        "() => new Promise(done => { const found = performance.getEntriesByName('first-contentful-paint')[0]; if (found) done(found.startTime); else new PerformanceObserver((list, observer) => { observer.disconnect(); done(list.getEntries()[0].startTime); }).observe({ type: 'paint', buffered: true }); })"));
            }

            table.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {bytes:N0} | {paints.Skip(1).Order().ElementAt(1):N0} |");
            Assert.True(bytes < Heaviest, $"{name}: {bytes}");
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
            Assert.True(answer.IsSuccessStatusCode, name);
        }

        output.WriteLine(table.ToString());
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"pages-{missions}.md"), table.ToString(), Cancellation);
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
