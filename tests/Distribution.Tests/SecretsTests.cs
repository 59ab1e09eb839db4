using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Net;
using Azure.Core.Diagnostics;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Letters;
using Distribution.Local.Servers;
using Distribution.Mail;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Fixtures;
using Distribution.Tests.Mail;
using Distribution.Tests.Web;
using Distribution.Tracking.Inbound;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Distribution.Tests;

/// <summary>
/// A whole distribution with a secret in every setting that takes one, every log written out, and all that can go wrong
/// with a secret: then logs, pages, files and records are searched for each of them, and for the missions' links.
/// </summary>
public sealed class SecretsTests(AzuriteFixture azurite)
{
    private const string Password = "smtp-5ecret-correct-horse";
    private const string ImapPassword = "imap-5ecret-battery-staple";
    private const string ApiKey = "SG.5ecretsecretsecretsecr.sendgrid-5ecret-0123456789abcdefghijklmnopqr";
    private const string LinkSecret = "bGluay01ZWNyZXQtMDEyMzQ1Njc4OWFiY2RlZmdoaWo=";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_secret_and_no_missions_link_stands_in_any_log_page_file_or_record_whatever_goes_wrong()
    {
        var heard = new ConcurrentQueue<string>();
        await using var server = new ScriptedSmtpServer { Extensions = ["8BITMIME", "AUTH PLAIN LOGIN"] };
        // A server that repeats what it was told, as some do.
        server.On("AUTH", "535 5.7.8 refused", "535 5.7.8 refused").On("RCPT TO:<che@", "550 5.1.1 no such user");
        await using var workflow = await TestWorkflow.Open(
            azurite,
            null,
            ("Mail:Transport", $"smtp://127.0.0.1:{server.Port}"),
            ("Mail:User", "letters"),
            ("Mail:Password", Password),
            ("Mail:SendGridApiKey", ApiKey),
            ("Mail:Timeout", "00:00:05"),
            ("Inbound:ImapServer", "imap://127.0.0.1:1"),
            ("Inbound:User", "bounces"),
            ("Inbound:Password", ImapPassword),
            ("Inbound:ReplyAddress", "replies@letters.example"),
            ("Links:Keys:0", $"one:{LinkSecret}"),
            ("Dispatch:ProbeEvery", "00:00:01"));
        var storage = workflow.Configuration[ResourceNames.Storage]!;
        var (account, storageKey) = (Part(storage, "AccountName"), Part(storage, "AccountKey"));
        // Storage's own log, of this account alone: other tests run at the same time.
        using var listener = new AzureEventSourceListener((_, text) =>
        {
            if (text.Contains(account, StringComparison.Ordinal))
                heard.Enqueue(text);
        }, EventLevel.Verbose);
        await workflow.UseRegister("che", "mex");
        var distribution = await workflow.AcceptedWith("replies: tracked\nproof: [desk@secretariat.example]");
        await using var site = await TestSite.Open(workflow, LogLevel.Trace);
        Assert.True(await site.Get<Releases>().Release(distribution.Id, "the secretary", Cancellation));

        // The password is refused, then taken; one mailbox is refused; the return mailbox cannot be reached.
        await Work(workflow, site);
        workflow.Clock.Advance(TimeSpan.FromMinutes(20));
        await Work(workflow, site);
        await Work(workflow, site);
        Assert.Contains(server.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.NotEmpty(server.Mails);

        string[] links =
        [
            .. new[] { "che", "mex" }.Select(mission =>
                new Uri(workflow.Get<MissionLinks>().For(distribution.Id, mission)).AbsolutePath),
        ];
        await MissionVisitor.Acknowledges(workflow, site, links[0], "Ana Núñez");
        await site.Send(HttpMethod.Post, links[1], new Dictionary<string, string> { ["seal"] = "forged" });
        await site.Deliver(links[1], [1, 2, 3], "multipart/form-data; boundary=none", []);

        // A key of storage that does not fit, on pages that take a mission's link.
        await using (
            var broken = await TestSite.Open(
                PipelineTests.WithWrongKey(workflow.Configuration),
                workflow.Clock,
                LogLevel.Trace))
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await broken.Get(links[0])).StatusCode);
            Assert.Equal(HttpStatusCode.InternalServerError, (await broken.Get("/")).StatusCode);
            foreach (var line in broken.Log)
                heard.Enqueue(line);
        }

        // A key of SendGrid's that is refused, and settings that cannot be.
        using (var office = new HttpListenerStub())
        {
            var fault = await Assert.ThrowsAsync<SenderFaultException>(() =>
                MailTransports
                    .Create(
                        new MailSettings
                        {
                            Transport = "sendgrid",
                            SendGridApiKey = ApiKey,
                            SendGridUrl = office.Address,
                            From = "a@b.example",
                            ReturnPath = "a@b.example",
                        },
                        workflow.Clock)
                    .Probe(Cancellation));
            heard.Enqueue(fault.ToString());
        }

        heard.Enqueue(
            string.Join(
                ' ',
                new MailSettingsValidation()
                    .Validate(
                        null,
                        new()
                        {
                            Transport = $"smtp://letters:{Password}@host:25",
                            Password = Password,
                            SendGridApiKey = ApiKey,
                        })
                    .Failures!));
        heard.Enqueue(
            string.Join(
                ' ',
                new InboundSettingsValidation()
                    .Validate(
                        null,
                        new() { ImapServer = $"imaps://bounces:{ImapPassword}@host", Password = ImapPassword })
                    .Failures!));
        heard.Enqueue(new LinkKeys().Validate(null, new() { Keys = [LinkSecret] }).FailureMessage!);

        var pages = new List<string>();
        foreach (
            var path in (string[])
                [
                    "/",
                    "/health",
                    "/replies",
                    "/verify",
                    links[0],
                    $"/distributions/{distribution.Id}",
                    .. new[]
                    {
                        "letters/che",
                        "letters/mex",
                        "letters/che/html",
                        "audit",
                        "served",
                        "unreachable",
                        "log.csv",
                        "audit.csv",
                        "served.csv",
                        "tick-sheet.csv",
                        "acknowledgements.csv",
                    }.Select(page => $"/distributions/{distribution.Id}/{page}"),
                ])
            pages.Add(await (await site.Get(path)).Content.ReadAsStringAsync(Cancellation));
        var records = new[]
        {
            Json.Write(await workflow.Dispatches(distribution.Id)),
            Json.Write(await workflow.TheDistribution()),
            Json.Write(await workflow.Get<Notices>().All(Cancellation)),
        };

        string[] secrets =
        [
            Password,
            ImapPassword,
            ApiKey,
            LinkSecret,
            storageKey,
            Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"\0letters\0{Password}")),
        ];
        string[] tokens = [.. links.Select(link => link[(link.LastIndexOf('/') + 1)..])];
        Assert.Contains(
            site.Log,
            line => line.StartsWith("The timer's job inbound mail failed", StringComparison.Ordinal));
        Assert.NotEmpty(heard);
        Holds("the log", site.Log.Concat(heard), [.. secrets, .. tokens]);
        // A mission's page may name the link it stands at: its form is sent there.
        Holds("a page or file", pages, secrets);
        Holds("a page or file", pages.Where((_, place) => place != 4), tokens);
        Holds("a record", records, [.. secrets, .. tokens]);
    }

    private static void Holds(string where, IEnumerable<string> texts, string[] secrets)
    {
        foreach (var text in texts)
            foreach (var secret in secrets)
                Assert.False(
                text.Contains(secret, StringComparison.OrdinalIgnoreCase),
                $"“{secret}” stands in {where}: {text}");
    }

    private static async Task Work(TestWorkflow workflow, TestSite site)
    {
        await site.Get<Reconciler>().Reconcile(Cancellation);
        while ((await workflow.Queue.ReceiveMessageAsync(cancellationToken: Cancellation)).Value is { } message)
        {
            await site.Get<BatchHandler>().Dispatch(message.MessageText, Cancellation);
            await workflow.Queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, Cancellation);
        }
    }

    private static string Part(string connection, string name) =>
        connection.Split(';').Single(part => part.StartsWith($"{name}=", StringComparison.Ordinal))[
            (name.Length + 1)..
        ];

    /// <summary>Answers every request with 401.</summary>
    private sealed class HttpListenerStub : IDisposable
    {
        private readonly HttpListener listener = new();

        public HttpListenerStub()
        {
            Address = $"http://127.0.0.1:{Ports.Free(1)[0]}";
            listener.Prefixes.Add($"{Address}/");
            listener.Start();
            _ = Answer();
        }

        public string Address { get; }

        public void Dispose() => listener.Close();

        private async Task Answer()
        {
            var context = await listener.GetContextAsync();
            context.Response.StatusCode = 401;
            context.Response.Close();
        }
    }
}
