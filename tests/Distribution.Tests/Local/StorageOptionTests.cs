using Distribution.Local;
using Distribution.Storage;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Distribution.Tests.Local;

public sealed class StorageOptionTests
{
    [Theory]
    [InlineData("DistributionStorage", "UseDevelopmentStorage=true")]
    [InlineData("DistributionStorage:blobServiceUri", "https://stother.blob.core.windows.net/")]
    public void The_account_that_is_named_is_reached_whatever_the_environment_says(string setting, string value)
    {
        var account = StorageAccount.From(
            new ConfigurationBuilder()
                .AddInMemoryCollection([new(setting, value), new("DistributionStorage:clientId", "another")])
                .AddInMemoryCollection(StorageOption.Settings("stletters"))
                .Build());

        Assert.Equal(new("https://stletters.blob.core.windows.net/"), account.Blobs.Uri);
    }
}
