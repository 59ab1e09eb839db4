using System.Net;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests.Web;

public sealed class HealthTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Is_ok_to_whoever_asks_while_storage_mail_and_typesetting_do_what_they_are_for()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        Assert.Equal((HttpStatusCode.OK, "ok"), await Health(site));
    }

    [Fact]
    public async Task Names_the_parts_that_fail_and_nothing_else_and_is_well_again_when_they_are()
    {
        var server = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        server.Stop();
        await using var workflow = await TestWorkflow.Open(
            azurite,
            ("Mail:Transport", $"smtp://127.0.0.1:{port}"),
            ("Typesetting:Folder", "nowhere"));
        await using var site = await TestSite.Open(PipelineTests.WithWrongKey(workflow.Configuration), workflow.Clock);
        Assert.Equal(
            (
                HttpStatusCode.ServiceUnavailable,
                "The storage account cannot be reached.\nNo mail can be sent: its server does not answer, or refuses.\nNo letter can be typeset."
            ),
            await Health(site));
    }

    [Fact]
    public async Task Asks_the_mail_server_once_in_half_a_minute_however_often_it_is_asked()
    {
        var mail = Path.Combine(Directory.CreateTempSubdirectory("distribution-").FullName, "pickup");
        await using var workflow = await TestWorkflow.Open(azurite, ("Mail:Transport", $"pickup:{mail}"));
        await using var site = await TestSite.Open(workflow);
        Assert.Equal(HttpStatusCode.OK, (await Health(site)).Status);

        // A file where the folder should be: nothing can be put there.
        Directory.Delete(mail, recursive: true);
        await File.WriteAllTextAsync(mail, "", TestContext.Current.CancellationToken);
        workflow.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(HttpStatusCode.OK, (await Health(site)).Status);
        workflow.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "No mail can be sent: its server does not answer, or refuses."),
            await Health(site));

        File.Delete(mail);
        workflow.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.OK, (await Health(site)).Status);
    }

    private static async Task<(HttpStatusCode Status, string Words)> Health(TestSite site)
    {
        var answer = await site.Send(HttpMethod.Get, "/health", host: "elsewhere.example");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
