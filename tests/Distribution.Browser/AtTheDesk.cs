using Distribution.Tests;
using Distribution.Tests.Web;
using Microsoft.Playwright;

namespace Distribution.Browser;

/// <summary>What a person does on many pages.</summary>
internal static class AtTheDesk
{
    /// <param name="address">Within the site, as pages give it.</param>
    public static Task<IResponse?> Open(this IPage page, TestSite site, string address) =>
        page.GotoAsync(new Uri(site.Address, address).ToString());

    /// <summary>
    /// From now on no request to this address is ever answered, and the page's patience of twenty seconds ends at once.
    /// </summary>
    public static async Task Hangs(this IPage page, string address)
    {
        await page.RouteAsync(address, _ => Task.CompletedTask);
        await page.EvaluateAsync(
            "() => { const timeout = AbortSignal.timeout.bind(AbortSignal); AbortSignal.timeout = time => timeout(time === 20000 ? 0 : time); }");
    }

    /// <summary>Chooses a letter and its draft on the page that uploads a folder.</summary>
    /// <param name="letter">As in <c>letter.md</c>.</param>
    public static Task ChooseFiles(this IPage page, string letter) =>
        page.Locator("#files").SetInputFilesAsync(
            (FilePayload[])
                [
                    new() { Name = "letter.md", MimeType = "text/markdown", Buffer = Samples.Bytes(letter) },
                    new() { Name = "draft-rev-1.pdf", MimeType = "application/pdf", Buffer = Samples.Pdf() },
                ]);
}
