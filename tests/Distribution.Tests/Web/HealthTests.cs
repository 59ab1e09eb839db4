using System.Net;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Mail;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Sending;
using Distribution.Tests.Storage;
using Xunit;

namespace Distribution.Tests.Web;

public sealed class HealthTests(AzuriteFixture azurite)
{
    private const string OneFails = "The timer, or one of its jobs, has not done its work for some minutes.";

    [Fact]
    public async Task Is_ok_to_whoever_asks_while_storage_mail_and_typesetting_do_what_they_are_for()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        Assert.Equal((HttpStatusCode.OK, "ok"), await Health(site));
    }

    [Fact]
    public async Task Names_the_parts_that_fail_and_nothing_else()
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
        // Nothing waits until a clock that was set back has come so far again.
        workflow.Clock.AdjustTime(workflow.Clock.GetUtcNow() - TimeSpan.FromHours(1));
        Assert.DoesNotContain("No mail can be sent", (await Health(site)).Item2, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_of_each_job_of_the_timer_how_it_ended_to_the_desk_and_to_a_stranger_only_that_one_fails()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        var isBroken = true;
        await using var timer = workflow.OverStorage(
            new StorageFaultTests.Interference(
                (request, _) =>
                    isBroken && request.Uri.Path.EndsWith($"/{ResourceNames.Inbound}", StringComparison.Ordinal)
                        ? throw new InvalidOperationException("The secret is k3y.")
                        : null));

        // A job that fails is named at once, and is no reason to call anybody before it has had its time.
        await timer.Reconcile();
        Assert.Equal((HttpStatusCode.OK, "ok"), await Health(site));
        var (status, words) = await Health(site, isOfTheDesk: true);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("ok\n\nThe timer's jobs", words, StringComparison.Ordinal);
        Assert.Contains(
            "\ninbound mail: failed on 26 March 2018, 12.00 p.m. New York time: something went wrong in the service itself. It has never ended well.\n",
            words,
            StringComparison.Ordinal);
        Assert.Contains("\nrecovery: last ended well on 26 March 2018, 12.00 p.m. New York time.\n", words, StringComparison.Ordinal);
        Assert.DoesNotContain("k3y", words, StringComparison.Ordinal);

        await Pass(workflow, timer, TimeSpan.FromMinutes(14));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, OneFails), await Health(site));
        Assert.Contains(
            "It has never ended well. While that is so, bounces and replies that have come are not taken in.",
            (await Health(site, isOfTheDesk: true)).Words,
            StringComparison.Ordinal);

        isBroken = false;
        await Pass(workflow, timer, TimeSpan.FromSeconds(30));
        Assert.Equal((HttpStatusCode.OK, "ok"), await Health(site));
    }

    [Fact]
    public async Task A_timer_that_never_runs_is_waited_for_from_the_first_start_and_not_from_the_latest()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        workflow.Clock.Advance(TimeSpan.FromMinutes(10));
        await using var site = await TestSite.Open(workflow);
        Assert.Equal((HttpStatusCode.OK, "ok"), await Health(site));

        workflow.Clock.Advance(TimeSpan.FromMinutes(10));
        await workflow.Get<StorageSetup>().Create(TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, OneFails), await Health(site));
        Assert.Contains(
            "\nexamination: has not run yet. While that is so, uploads that no event has told of are not examined.\n",
            (await Health(site, isOfTheDesk: true)).Words,
            StringComparison.Ordinal);

        await workflow.Reconcile();
        workflow.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((HttpStatusCode.OK, "ok"), await Health(site));

        // It has run, and does not any more.
        workflow.Clock.Advance(TimeSpan.FromMinutes(13));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, OneFails), await Health(site));
    }

    [Fact]
    public async Task A_success_that_is_still_to_come_is_none_until_the_clock_is_right()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow);
        await using var ahead = workflow.Another(
            new TransportStub((_, address) => new(address, MailboxResult.Accepted, "")),
            new(workflow.Clock.GetUtcNow() + TimeSpan.FromHours(20)));

        await ahead.Reconcile();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, OneFails), await Health(site));
        Assert.Contains(
            "sealing: last ended well on 27 March 2018, 8.00 a.m. New York time, which is still to come: one of the clocks is wrong.",
            (await Health(site, isOfTheDesk: true)).Words,
            StringComparison.Ordinal);

        await workflow.Reconcile();
        workflow.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((HttpStatusCode.OK, "ok"), await Health(site));
    }

    [Fact]
    public async Task Whoever_is_signed_in_without_a_role_is_a_stranger()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await using var site = await TestSite.Open(workflow, []);
        Assert.Equal((HttpStatusCode.OK, "ok"), await Health(site, isOfTheDesk: true));
    }

    /// <summary>The timer runs every half-minute for this long.</summary>
    private static async Task Pass(TestWorkflow workflow, TestWorkflow timer, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(30))
        {
            workflow.Clock.Advance(TimeSpan.FromSeconds(30));
            await timer.Reconcile();
        }
    }

    private static async Task<(HttpStatusCode Status, string Words)> Health(TestSite site, bool isOfTheDesk = false)
    {
        var answer = await site.Send(HttpMethod.Get, "/health", host: isOfTheDesk ? null : "elsewhere.example");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
