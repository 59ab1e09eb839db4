using Distribution.Common;
using Distribution.Hosting;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Distribution.Tests.Storage;

/// <summary>
/// The setting that names the storage account. The service and the triggers of the Functions host must mean the same
/// account by it, or the service refuses to start.
/// </summary>
public sealed class StorageSettingTests(AzuriteFixture azurite)
{
    private const string Key = "c2VjcmV0IG9mIG5vYm9keSBhdCBhbGwgZm9yIHRlc3Rz";

    private static readonly string Elsewhere =
        $"DefaultEndpointsProtocol=https;AccountName=elsewhere;AccountKey={Key};EndpointSuffix=core.windows.net";

    /// <summary>
    /// Looked up by the Functions host as <c>AzureWebJobsX</c> first: a connection of another name than the host's own.
    /// </summary>
    [Fact]
    public void A_trigger_that_names_it_does_not_end_in_the_hosts_own_account() =>
        Assert.NotEqual("AzureWebJobsStorage", $"AzureWebJobs{ResourceNames.Storage}");

    [Theory]
    [InlineData("Storage")]
    [InlineData("AzureWebJobsDistributionStorage")]
    [InlineData("ConnectionStrings:DistributionStorage")]
    [InlineData("ConnectionStrings:AzureWebJobsDistributionStorage")]
    public async Task Another_name_for_another_account_keeps_the_service_from_starting(string name)
    {
        var account = azurite.NewAccount();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Start((ResourceNames.Storage, account), (name, Elsewhere)));
        Assert.Equal(
            $"The settings DistributionStorage and {name} name two storage accounts. Remove {name}, or let both name the account that holds the letters, and start again.",
            refused.Message);

        // What cannot be read is not taken for the same.
        Assert.Contains(
            $"and {name} name two storage accounts",
            (await Assert.ThrowsAsync<InvalidOperationException>(() =>
                Start((ResourceNames.Storage, account), ($"{name}:blobServiceUri", "elsewhere")))).Message,
            StringComparison.Ordinal);
        await Start((ResourceNames.Storage, account), (name, account));
    }

    [Fact]
    public async Task One_account_said_by_its_addresses_and_by_a_connection_string_is_one_account_and_the_key_is_not_told()
    {
        (string, string)[] addresses =
        [
            ("DistributionStorage:blobServiceUri", "https://letters.blob.core.windows.net"),
            ("DistributionStorage:queueServiceUri", "https://letters.queue.core.windows.net"),
            ("DistributionStorage:tableServiceUri", "https://letters.table.core.windows.net"),
        ];
        Assert.DoesNotContain(
            Key,
            (await Assert.ThrowsAsync<InvalidOperationException>(() => Start([.. addresses, ("Storage", Elsewhere)]))).ToString(),
            StringComparison.Ordinal);
        // Nobody is asked who the service is before it is known which account is meant.
        Assert.NotNull(
            Services([.. addresses, ("Storage", Elsewhere.Replace("elsewhere", "letters", StringComparison.Ordinal))])
                .GetRequiredService<StorageAccount>());
    }

    [Fact]
    public async Task The_name_of_earlier_versions_alone_is_not_taken_since_no_trigger_would_find_it() =>
        Assert.StartsWith(
            "The setting DistributionStorage is missing. It was called Storage before:",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => Start(("Storage", azurite.NewAccount())))).Message,
            StringComparison.Ordinal);

    private static Task Start(params (string Name, string Value)[] settings) =>
        Services(settings).GetRequiredService<IWorkflow>().CreateStorage(TestContext.Current.CancellationToken);

    private static ServiceProvider Services(IEnumerable<(string Name, string Value)> settings) =>
        new ServiceCollection()
            .AddLogging()
            .AddDistribution(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(settings.Select(setting =>
                        new KeyValuePair<string, string?>(setting.Name, setting.Value)))
                    .Build())
            .BuildServiceProvider();
}
