using System.Diagnostics;
using System.Security.Cryptography;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Distribution.Local;
using Distribution.Local.Servers;
using Distribution.Tests.Fixtures;
using MailKit.Net.Smtp;
using MimeKit;
using Xunit;

namespace Distribution.Tests.Local;

public sealed class StandInTests(AzuriteFixture azurite, PostOfficeFixture post)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Unique() => $"t{Guid.NewGuid():N}";

    [Fact]
    public async Task A_blob_comes_back_as_it_went_in()
    {
        var container = new BlobContainerClient(azurite.ConnectionString, Unique());
        await container.CreateAsync(cancellationToken: Cancellation);
        var content = RandomNumberGenerator.GetBytes(100_000);
        await container.GetBlobClient("draft.pdf").UploadAsync(new BinaryData(content), Cancellation);

        var back = await container.GetBlobClient("draft.pdf").DownloadContentAsync(Cancellation);

        Assert.Equal(content, back.Value.Content.ToArray());
    }

    [Fact]
    public async Task A_table_transaction_with_one_stale_entity_changes_none()
    {
        var table = new TableClient(azurite.ConnectionString, Unique());
        await table.CreateAsync(Cancellation);
        await table.AddEntityAsync(new TableEntity("d", "1"), Cancellation);
        await table.AddEntityAsync(new TableEntity("d", "2"), Cancellation);
        var first = (await table.GetEntityAsync<TableEntity>("d", "1", cancellationToken: Cancellation)).Value;
        var second = (await table.GetEntityAsync<TableEntity>("d", "2", cancellationToken: Cancellation)).Value;
        await table.UpdateEntityAsync(
            new TableEntity("d", "2") { ["By"] = "other" },
            second.ETag,
            TableUpdateMode.Replace,
            Cancellation);
        first["By"] = second["By"] = "me";

        await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [
                new TableTransactionAction(TableTransactionActionType.UpdateReplace, first, first.ETag),
                new TableTransactionAction(TableTransactionActionType.UpdateReplace, second, second.ETag),
            ],
            Cancellation));

        Assert.False(
            (await table.GetEntityAsync<TableEntity>("d", "1", cancellationToken: Cancellation)).Value.ContainsKey("By")
        );
    }

    [Fact]
    public async Task A_queue_message_is_received_once_while_it_is_hidden()
    {
        var queue = new QueueClient(azurite.ConnectionString, Unique());
        await queue.CreateAsync(cancellationToken: Cancellation);
        await queue.SendMessageAsync("batch 1", Cancellation);

        Assert.Equal(
            "batch 1",
            (await queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value.Body.ToString());
        Assert.Null((await queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value);
    }

    [Fact]
    public async Task A_mail_arrives_byte_for_byte_with_its_envelope()
    {
        var enclosure = RandomNumberGenerator.GetBytes(50_000);
        var to = $"{Unique()}@mission.example";
        using var message = new MimeMessage
        {
            Subject = "Côte d'Ivoire: Draft Rev 1",
            MessageId = $"{Unique()}@letters.example",
            Body = new Multipart("mixed")
            {
                new TextPart("plain") { Text = ".a line that starts with a dot\r\n..and another\r\n" },
                new MimePart("application", "pdf")
                {
                    FileName = "draft.pdf",
                    Content = new MimeContent(new MemoryStream(enclosure)),
                    ContentTransferEncoding = ContentEncoding.Base64,
                },
            },
        };
        message.From.Add(new MailboxAddress("The co-facilitators", "letters@letters.example"));
        message.To.Add(new MailboxAddress("Mission", to));
        var sent = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        await message.WriteToAsync(format, sent, Cancellation);

        using var client = new SmtpClient();
        await client.ConnectAsync(
            post.Smtp.Host,
            post.Smtp.Port,
            MailKit.Security.SecureSocketOptions.None,
            Cancellation);
        await client.SendAsync(
            message,
            new MailboxAddress("", "bounces@letters.example"),
            [new MailboxAddress("", to)],
            Cancellation);
        await client.DisconnectAsync(quit: true, Cancellation);

        var arrived = Assert.Single(await post.WaitFor(1, mail => mail.IsTo(to), Cancellation));
        Assert.Equal(message.MessageId, arrived.MessageId);
        Assert.Equal("bounces@letters.example", arrived.Envelope.From.Address);
        Assert.Equal(sent.ToArray(), await post.Source(arrived, Cancellation));
        var attachment = Assert.Single(arrived.Attachments!);
        Assert.Equal("draft.pdf", attachment.Name);
        Assert.Equal(enclosure, await post.Content(arrived, attachment, Cancellation));
    }

    [Fact]
    public async Task Nothing_it_started_outlives_a_killed_run()
    {
        var data = Directory.CreateTempSubdirectory("distribution-");
        using var run = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [
                    typeof(LocalRun).Assembly.Location,
                    "--no-sample",
                    "--data",
                    data.FullName,
                    "--urls",
                    "http://127.0.0.1:0",
                ])
            {
                RedirectStandardOutput = true,
            })!;
        var addresses = new List<Uri>();
        while (await run.StandardOutput.ReadLineAsync(Cancellation) is { } line
            && !line.StartsWith("Ctrl-C", StringComparison.Ordinal))
            if (!line.Contains("Status page", StringComparison.Ordinal))
                addresses.AddRange(
                    System
                        .Text.RegularExpressions.Regex.Matches(line, @"http://127\.0\.0\.1:\d+/\w*")
                        .Select(match => new Uri(match.Value)));
        Assert.Equal(4, addresses.Count);
        foreach (var address in addresses)
            Assert.NotNull(await Loopback.Get(address, Cancellation));

        run.Kill();

        foreach (var address in addresses)
            while (await Loopback.Get(address, Cancellation) is not null)
                await Task.Delay(50, Cancellation);
        data.Delete(recursive: true);
    }
}
