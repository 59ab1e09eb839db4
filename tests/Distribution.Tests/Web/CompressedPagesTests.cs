using System.IO.Compression;
using System.Text;
using Distribution.Tests.Fixtures;
using Distribution.Web;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>Pages are sent compressed to whoever asks for them on purpose.</summary>
public sealed class CompressedPagesTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_that_a_person_asked_for_is_compressed_and_one_that_another_site_asked_for_is_not()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        foreach (var asker in (string[])["same-origin", "none"])
        {
            using var answer = await Get(asker);
            Assert.Equal("br", Assert.Single(answer.Content.Headers.ContentEncoding));
            Assert.Contains("Accept-Encoding", answer.Headers.Vary);
            await using var page = new BrotliStream(await answer.Content.ReadAsStreamAsync(Cancellation), CompressionMode.Decompress);
            using var reader = new StreamReader(page, Encoding.UTF8);
            Assert.Contains("<h1>Missions</h1>", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        }

        foreach (var asker in (string?[])["cross-site", "same-site", "something", null])
        {
            using var answer = await Get(asker);
            Assert.Empty(answer.Content.Headers.ContentEncoding);
            Assert.Contains("<h1>Missions</h1>", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Task<HttpResponseMessage> Get(string? asker) =>
            site.Send(
                HttpMethod.Get,
                $"{Addresses.MissionList}?q=s",
                headers: [("Accept-Encoding", "br, gzip"), .. asker is null ? [] : ((string, string)[])[("Sec-Fetch-Site", asker)]]);
    }
}
