using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Distribution.Browser;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

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
    /// What axe cannot tell, by its rule and how the element begins. It takes a sign of one character for no text, and
    /// knows no colour behind what is drawn. <see cref="Contrast"/> works out what these have.
    /// </summary>
    private static readonly (string Rule, string Start)[] Undecided =
    [
        // The number in a part of the bar.
        ("color-contrast", "<text class="),
        // The mark of a part, in the list below the bar.
        ("color-contrast", "<span class=\"swatch "),
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

    /// <summary>Where copies of pages are looked at, by the width of the screen.</summary>
    private readonly ConcurrentDictionary<int, Lazy<Task<IBrowserContext>>> copies = new();

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
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Program, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    /// <summary>A page of a person who runs no script and holds a phone.</summary>
    public Task<IPage> OnThePhone() => Open(Phone, scripts: false);

    public Task<IPage> AtTheDesk() => Open(Desktop, scripts: true);

    /// <summary>Checks that nothing of a page lies beside the screen. A picture of it is kept.</summary>
    public static async Task Fits(IPage page, string name)
    {
        var pictures = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pictures"));
        await page.ScreenshotAsync(new() { Path = Path.Combine(pictures.FullName, $"{name}.png"), FullPage = true });
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

        // axe is a script, and the page may run none: it looks at a copy that runs axe and nothing else. What a frame
        // shows is a page of its own.
        var copy = await (
            await copies
                .GetOrAdd(
                    page.ViewportSize!.Width,
                    width =>
                        new(() =>
                            browser!.NewContextAsync(
                                new()
                                {
                                    ViewportSize = new() { Width = width, Height = page.ViewportSize.Height },
                                    BypassCSP = true,
                                })
                        ))
                .Value).NewPageAsync();
        var address = page.Url.Split('#')[0];
        var html = Frame().Replace(await page.ContentAsync(), "data-$1=");
        await copy.RouteAsync(
            "**/*",
            route =>
                route.Request.ResourceType switch
                {
                    "document" when route.Request.Url == address => route.FulfillAsync(
                        new() { ContentType = "text/html; charset=utf-8", Body = html }),
                    "script" => route.AbortAsync(),
                    "stylesheet" => route.ContinueAsync(),
                    _ => route.AbortAsync(),
                });
        // In the colours of the page itself.
        await copy.EmulateMediaAsync(new()
        {
            ColorScheme = await page.EvaluateAsync<bool>("matchMedia('(prefers-color-scheme: dark)').matches")
                ? ColorScheme.Dark
                : ColorScheme.Light,
        });
        await copy.GotoAsync(address);

        // The way that opens no further page for the frames, of which there are none: it takes a second where the other
        // takes ten.
#pragma warning disable CS0618 // Marked as to be removed one day; RunAxe gives the same.
        var found = await copy.Locator("html")
            .RunAxeLegacy(new AxeRunOptions { ResultTypes = [ResultType.Violations, ResultType.Incomplete] });
#pragma warning restore CS0618
        Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.SelectMany(
            violation => violation.Nodes.Select(node => $"{name}: {violation.Id}, {violation.Help}: {node.Html}"))));
        var open = found.Incomplete.SelectMany(rule => rule.Nodes.Select(node => (Rule: rule.Id, node.Html, Why: node.Any.Concat(node.All).Concat(node.None))))
            .Where(node => !Undecided.Any(known => known.Rule == node.Rule && node.Html.StartsWith(known.Start, StringComparison.Ordinal)))
            .Select(node => $"{name}: {node.Rule}, {string.Join(' ', node.Why.Select(check => check.Message))}: {node.Html}");
        Assert.True(!open.Any(), string.Join('\n', open));
        var faint = await copy.EvaluateAsync<string[]>(Contrast);
        Assert.True(faint.Length == 0, $"{name}: {string.Join('\n', faint)}");
        await copy.CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }

    [GeneratedRegex("(?<=<iframe [^>]*)(src|sandbox)=")]
    private static partial Regex Frame();

    private async Task<IPage> Open(ViewportSize size, bool scripts)
    {
        Assert.SkipUnless(browser is not null, Missing);
        return await (
            await browser.NewContextAsync(new() { ViewportSize = size, JavaScriptEnabled = scripts })).NewPageAsync();
    }
}
