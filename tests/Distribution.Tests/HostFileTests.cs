using System.Text.Json;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Tests.Fixtures;
using Xunit;

namespace Distribution.Tests;

public sealed class HostFileTests(AzuriteFixture azurite)
{
    private static readonly JsonElement Host = Read();
    private static readonly JsonElement Queues = Host.GetProperty("extensions").GetProperty("queues");

    // The host expects Base64 unless told otherwise.
    [Fact]
    public async Task Reads_queue_messages_as_they_are_written()
    {
        await using var workflow = await TestWorkflow.Open(azurite);
        await workflow.Released();
        var written = (await workflow.Queue.PeekMessageAsync(TestContext.Current.CancellationToken)).Value.MessageText;
        Assert.Equal(written[0] == '{' ? "none" : "base64", Queues.GetProperty("messageEncoding").GetString());
    }

    // Missions' links start at the root of the site.
    [Fact]
    public void Puts_no_prefix_before_routes() =>
        Assert.Equal("", Host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());

    // A worker that died leaves its claim behind: a batch given up before that lapses would be given up for nothing.
    [Fact]
    public void Tries_a_batch_for_longer_than_a_dead_worker_holds_it() =>
        Assert.True(
            (Queues.GetProperty("maxDequeueCount").GetInt32() - 1) * Time(Queues.GetProperty("visibilityTimeout"))
                > new DispatchSettings().ClaimFor);

    // A batch that is cut off while it hands letters over leaves unknown outcomes. Flex Consumption allows any time.
    [Fact]
    public void Lets_a_batch_begin_its_last_letter_and_the_server_take_its_time_with_it() =>
        Assert.InRange(
            Time(Host.GetProperty("functionTimeout")),
            BatchSender.LongestBatch + SmtpPatience.HandOver,
            TimeSpan.FromHours(1));

    private static TimeSpan Time(JsonElement value) =>
        TimeSpan.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static JsonElement Read()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Distribution.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run inside the repository.");
        using var host = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.FullName, "host.json")));
        return host.RootElement.Clone();
    }
}
