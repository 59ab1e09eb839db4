using System.Net;
using Distribution.Hosting;
using Distribution.Intake;
using Distribution.Tests.Fixtures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Distribution.Tests.Web;

/// <summary>Azure leaves a reference to a secret as it is where it cannot read the secret, as before the first key is made.</summary>
public sealed class UnresolvedSecretsTests(AzuriteFixture azurite)
{
    private const string Reference = "@Microsoft.KeyVault(SecretUri=https://kv-x.vault.azure.net/secrets/hidden-name)";

    [Theory]
    [InlineData("The setting Links:Keys:0 refers to a secret", "Links:Keys:0")]
    [InlineData("The settings Inbound:Password and Mail:SendGridApiKey refer to secrets", "Mail:SendGridApiKey", "Inbound:Password")]
    public async Task Health_names_the_settings_and_every_page_is_closed_until_the_app_starts_anew(
        string said,
        params string[] settings)
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var configuration = With(workflow.Configuration, settings);
        await using var site = await TestSite.Open(configuration, workflow.Clock, LogLevel.Critical);

        var health = await site.Send(HttpMethod.Get, "/health", host: "elsewhere.example");
        var words = await health.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.StartsWith(said, words, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-name", words, StringComparison.Ordinal);
        Assert.Contains("no-store", health.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        foreach (var path in (string[])["/", "/acknowledge/x/che/token", "/verify", "/events/sendgrid"])
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await site.Send(HttpMethod.Post, path)).StatusCode);

        await site.Get<IWorkflow>().CreateStorage(TestContext.Current.CancellationToken);
        Assert.Contains(said, Assert.Single(site.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meanwhile_no_letter_is_sent_given_up_or_put_on_hold_and_all_leave_once_the_secrets_are_there()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        var letter = await workflow.Released();
        await using (var site = await TestSite.Open(With(workflow.Configuration, "Links:Keys:0"), workflow.Clock))
        {
            var suspended = site.Get<IWorkflow>();
            var batch = await workflow.BatchOf(letter.Id, 1, 3);
            // The host takes what is done out of the queue, and hands over for good what it took too often.
            foreach (var taken in (Task[])
                [
                    suspended.SendBatch(batch, TestContext.Current.CancellationToken),
                    suspended.SetBatchAside(batch, TestContext.Current.CancellationToken),
                    suspended.PrepareLetters("{}", TestContext.Current.CancellationToken),
                    suspended.SetPreparationAside("{}", TestContext.Current.CancellationToken),
                    suspended.Reconcile(TestContext.Current.CancellationToken),
                ])
                Assert.True(taken.IsCompletedSuccessfully);
            await workflow.Queue.ClearMessagesAsync(TestContext.Current.CancellationToken);
        }

        Assert.Empty(workflow.Sent());
        Assert.NotEqual(DistributionState.Paused, (await workflow.TheDistribution()).State);
        workflow.Clock.Advance(TimeSpan.FromHours(1));
        await workflow.Run();
        Assert.Equal(3, workflow.Sent().Count);
    }

    private static IConfiguration With(IConfiguration configuration, params string[] unresolved) =>
        new ConfigurationBuilder()
            .AddConfiguration(configuration)
            .AddInMemoryCollection(unresolved.Select(name => new KeyValuePair<string, string?>(name, Reference)))
            .Build();
}
