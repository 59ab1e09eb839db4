using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Distribution.Browser;
using Microsoft.Playwright;
using Xunit;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(Chromium))]
[assembly: Chromium.ClosesPages]

namespace Distribution.Browser;

/// <summary>One browser for the whole run: the Chromium that this machine has.</summary>
public sealed partial class Chromium : IAsyncLifetime
{
    public const string Missing =
        "Chromium is not installed. Install it (apt-get install chromium) and run the tests again.";

    /// <summary>The width of a small phone. Pages must not have to be moved sideways on it.</summary>
    private static readonly ViewportSize Phone = new() { Width = 360, Height = 740 };

    private static readonly ViewportSize Desktop = new() { Width = 1280, Height = 900 };

    /// <summary>
    /// What the browser leaves out. Its last list of these is the one that counts, so what Playwright leaves out is in it.
    /// </summary>
    private static readonly string[] Without =
    [
        // With each window, two pages below an address bar that nobody sees: more than half of what a window takes.
        "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
        // A process in reserve for each person.
        "SpareRendererForSitePerProcess",
        // As Playwright 1.64 has them.
        "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "DialMediaRouteProvider",
        "GlobalMediaControls", "HttpsUpgrades", "LensOverlay", "MediaRouter", "PaintHolding",
        "ThirdPartyStoragePartitioning", "BlockOriginHeaderModificationOnRedirect",
        "AvoidCorsURLLoaderRestartOnRedirect", "Translate", "AutoDeElevate", "OptimizationHints",
        "NetworkTimeServiceQuerying", "AimEnabled",
    ];

    /// <summary>
    /// What axe cannot tell, by its rule and how the element begins. It does not look into frames, takes a sign of one character for no text, and
    /// knows no colour behind what is drawn. <see cref="Contrast"/> works out what these have.
    /// </summary>
    private static readonly (string Rule, string Start)[] Undecided =
    [
        // The number in a part of the bar.
        ("color-contrast", "<text class="),
        // The mark of a part, in the list below the bar.
        ("color-contrast", "<span class=\"swatch "),
        // What a frame shows is a page of its own, and looked at there.
        ("frame-tested", "<iframe "),
    ];

    /// <summary>The numbers in bars and the marks of their parts that have less contrast than text must (WCAG 1.4.3).</summary>
    private const string Contrast =
        """
        () => {
          const light = colour => {
            const [r, g, b] = colour.match(/[\d.]+/g).map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ratio = (one, other) => {
            const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
            return (bright + 0.05) / (dark + 0.05);
          };
          const said = (element, front, back) => ratio(front, back) < 4.5 ? [`${element.outerHTML} has ${front} on ${back}`] : [];
          return [
            ...[...document.querySelectorAll('.bar text')].flatMap(text =>
              said(text, getComputedStyle(text).fill, getComputedStyle(text.parentElement.querySelector(`rect.${text.classList[0]}`)).fill)),
            ...[...document.querySelectorAll('.swatch')].flatMap(mark =>
              said(mark, getComputedStyle(mark).color, getComputedStyle(mark).backgroundColor)),
          ];
        }
        """;

    /// <summary>What axe finds wrong, and what it cannot tell.</summary>
    private const string Findings =
        """
        async () => {
          const found = await axe.run(document, { resultTypes: ["violations", "incomplete"], iframes: false });
          const told = (rules, isWrong) => rules.flatMap(({ id, help, nodes }) => nodes.map(({ html, any, all, none }) => ({
            rule: id, html, isWrong, why: isWrong ? help : [...any, ...all, ...none].map(check => check.message).join(" "),
          })));
          return [...told(found.violations, true), ...told(found.incomplete, false)];
        }
        """;

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    /// <summary>What tests have open, by the test.</summary>
    private static readonly ConcurrentDictionary<string, ConcurrentBag<IBrowserContext>> Opened = new();

    private static readonly ConcurrentBag<Task> Closing = [];

    /// <summary>
    /// Where copies of pages are looked at, and nobody looks now. Each is used again and again: a browser that has run
    /// axe before runs it in a fraction of the time.
    /// </summary>
    private readonly ConcurrentBag<IPage> copies = [];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public static string? Program { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder =>
                ((string[])["chromium", "chromium-browser", "google-chrome"]).Select(name => Path.Combine(folder, name))
            )
            .FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Program is null)
            return;
        // On a busy machine a page that renews itself takes longer than the five seconds of before.
        Assertions.SetDefaultExpectTimeout(60_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Program,
                Args = ["--no-sandbox", "--disable-gpu", $"--disable-features={string.Join(',', Without)}"],
            });
    }

    /// <summary>A page of a person who runs no script and holds a phone.</summary>
    public Task<IPage> OnThePhone() => Open(Phone, scripts: false);

    public Task<IPage> AtTheDesk() => Open(Desktop, scripts: true);

    /// <summary>Checks that nothing of a page lies beside the screen. A picture of it is kept.</summary>
    public static async Task Fits(IPage page, string name)
    {
        // A press ends when the next page begins.
        await page.WaitForLoadStateAsync();
        var pictures = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures"));
        // To write a PNG of a long page costs more than to draw it.
        await page.ScreenshotAsync(new() { Path = Path.Combine(pictures.FullName, $"{name}.jpg"), Quality = 90, FullPage = true });
        Assert.Equal(page.ViewportSize!.Width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    /// <summary>
    /// Checks a page as it stands now: nothing that axe knows is wrong, nothing is left that it cannot tell, and nothing
    /// lies beside the screen.
    /// </summary>
    /// <param name="scheme">The colours the reader chooses now; null for those of before.</param>
    public async Task Check(IPage page, string name, ColorScheme? scheme = null)
    {
        if (scheme is not null)
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await Fits(page, name);

        // axe is a script, and the page may run none: it looks at a copy that runs axe and nothing else.
        var copy = copies.TryTake(out var free) ? free : await NewCopy();
        await Show(copy, page);
        var found = (await copy.EvaluateAsync(Findings))!.Value.Deserialize<Finding[]>(JsonSerializerOptions.Web)!
            .Where(finding => finding.IsWrong || !Undecided.Any(known => known.Rule == finding.Rule && finding.Html.StartsWith(known.Start, StringComparison.Ordinal)))
            .Select(finding => $"{finding.Rule}, {finding.Why}: {finding.Html}")
            .Concat(await copy.EvaluateAsync<string[]>(Contrast))
            .ToList();
        copies.Add(copy);
        Assert.True(found is [], string.Join('\n', found.Select(finding => $"{name}: {finding}")));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Closing);
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }

    [GeneratedRegex("(?<=<iframe [^>]*)(src|sandbox)=")]
    private static partial Regex Frame();

    private async Task<IPage> Open(ViewportSize size, bool scripts)
    {
        Assert.SkipUnless(browser is not null, Missing);
        var context = await browser.NewContextAsync(new() { ViewportSize = size, JavaScriptEnabled = scripts });
        Opened.GetOrAdd(TestContext.Current.Test!.UniqueID, _ => []).Add(context);
        return await context.NewPageAsync();
    }

    private async Task<IPage> NewCopy()
    {
        var copy = await browser!.NewPageAsync(new() { BypassCSP = true });
        await copy.RouteAsync(
            "**/*",
            route =>
                route.Request.ResourceType switch
                {
                    "document" => route.FulfillAsync(new() { ContentType = "text/html; charset=utf-8", Body = "" }),
                    "stylesheet" => route.ContinueAsync(),
                    _ => route.AbortAsync(),
                });
        return copy;
    }

    /// <summary>Shows in the copy what the page shows, at the same address, in the same size and colours.</summary>
    private static async Task Show(IPage copy, IPage page)
    {
        var html = Frame().Replace(await page.ContentAsync(), "data-$1=");
        var isDark = await page.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches");
        await copy.SetViewportSizeAsync(page.ViewportSize!.Width, page.ViewportSize.Height);
        await copy.EmulateMediaAsync(new() { ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light });
        var (at, address) = (new Uri(copy.Url), new Uri(page.Url.Split('#')[0]));
        if (at.Authority != address.Authority)
        {
            await copy.GotoAsync(address.ToString());
            await copy.EvaluateAsync(Axe);
        }

        // What is written into a page leaves its scripts as they were.
        await copy.EvaluateAsync("address => history.replaceState(null, '', address)", address.ToString());
        await copy.SetContentAsync(html);
    }

    /// <summary>Closes what a test has opened, or its pages would renew themselves until the run ends.</summary>
    [AttributeUsage(AttributeTargets.Assembly)]
    public sealed class ClosesPagesAttribute : BeforeAfterTestAttribute
    {
        public override void After(System.Reflection.MethodInfo methodUnderTest, IXunitTest test)
        {
            if (Opened.TryRemove(test.UniqueID, out var contexts))
                Closing.Add(Task.WhenAll(contexts.Select(context => context.CloseAsync())));
        }
    }

    private sealed record Finding(string Rule, string Html, bool IsWrong, string Why);
}
