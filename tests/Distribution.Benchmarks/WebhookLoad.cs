using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Distribution.Common;
using Distribution.Hosting;
using Distribution.Local.Servers;
using Distribution.Sending;
using Distribution.Storage;
using Distribution.Tests.Web;
using Distribution.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Distribution.Benchmarks;

/// <summary>
/// What SendGrid tells of one distribution to 223 missions: 1,000 events in one delivery, then 100 deliveries at once
/// that overlap and repeat each other.
/// Then the record is asked whether any event is missing or there twice. Prints how many events a second that is, and
/// what takes the time.
/// </summary>
internal static class WebhookLoad
{
    private const string Route = "/events/sendgrid";

    private const int Deliveries = 100;

    public static async Task<int> Run()
    {
        var cancellation = CancellationToken.None;
        var installed = await Tools.InstallTypesetter(Console.WriteLine, cancellation);
        await using var azurite = await Azurite.StartInMemory(
            await Tools.Install(Console.WriteLine, cancellation),
            [],
            cancellation);
        var outbox = Directory.CreateTempSubdirectory("distribution-webhooks-");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var requests = new StorageRequests();
        await using var app = Build(azurite.ConnectionString, outbox.FullName, installed, key, requests);
        app.UseDistributionWeb();
        await app.StartAsync(cancellation);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new(app.Urls.Single()),
            Timeout = TimeSpan.FromMinutes(5),
        };
        try
        {
            var id = await Send(app.Services, cancellation);
            var sent = (await app.Services.GetRequiredService<MissionEntries>().All(id, cancellation))
                .Select(entry => entry.Value.Attempts[0])
                .SelectMany(attempt => attempt.Mailboxes.Select(box => (attempt.MessageId, box.Mailbox.Address)))
                .ToList();
            var told = new HashSet<string>();
            object[] Events(int from, int count) =>
                [
                    .. Enumerable
                        .Range(from, count)
                        .Select(number => Event($"{number}", sent[number % sent.Count], told)),
                ];

            var measured = new Measured(requests, azurite.ProcessId);
            var first = await Post(http, key, Events(0, 1_000));
            measured.Print("1,000 events in one delivery", 1_000);

            // Each delivery brings 20 events that are new and 20 of the one before it; every fourth is made twice.
            var bodies = Enumerable
                .Range(0, Deliveries)
                .Select(number => Events(1_000 + (number * 20), 40))
                .SelectMany((body, number) => number % 4 == 0 ? [body, body] : new[] { body })
                .Take(Deliveries)
                .ToList();
            measured = new Measured(requests, azurite.ProcessId);
            var answers = await Task.WhenAll(bodies.Select(body => Post(http, key, body)));
            measured.Print($"{Deliveries} deliveries of 40 events at once", bodies.Sum(body => body.Length));

            measured = new Measured(requests, azurite.ProcessId);
            var again = await Task.WhenAll(bodies.Select(body => Post(http, key, body)));
            measured.Print("the same deliveries again", bodies.Sum(body => body.Length));

            var late = answers.Concat(again).Append(first).Count(status => status != HttpStatusCode.OK);
            told =
            [
                .. told.Where(name =>
                    int.Parse(name, CultureInfo.InvariantCulture) < 1_000
                    || bodies.Exists(body => body.Any(happened => NameOf(happened) == name))),
            ];
            return await Judge(app.Services, id, told, late, cancellation) ? 0 : 1;
        }
        finally
        {
            await app.StopAsync(cancellation);
            outbox.Delete(recursive: true);
        }
    }

    private static WebApplication Build(
        string storage,
        string outbox,
        ToolsFolder typesetter,
        ECDsa key,
        StorageRequests requests)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var mail = new Dictionary<string, string?>
        {
            ["Mail:Transport"] = $"pickup:{outbox}",
            ["Mail:SendGridEventKey"] = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
        };
        builder.Configuration.AddInMemoryCollection(Service.Settings(storage, typesetter, mail));
        builder.Services.AddDistribution(builder.Configuration).AddDistributionWeb().AddAuthentication();
        builder.Services.AddSingleton(StorageAccount.FromConnectionString(storage, requests));
        return builder.Build();
    }

    /// <summary>The sample letter, as sent to every mission of the register.</summary>
    private static async Task<string> Send(IServiceProvider services, CancellationToken cancellation)
    {
        await services.GetRequiredService<StorageSetup>().Create(cancellation);
        await Service.UploadHeld(services, cancellation);
        var id = await Service.Examine(services, cancellation);
        await Service.Release(services, id, cancellation);
        var queue = services.GetRequiredService<StorageAccount>().Queues.GetQueueClient(ResourceNames.DispatchQueue);
        while ((await queue.ReceiveMessageAsync(cancellationToken: cancellation)).Value is { } message)
        {
            await services.GetRequiredService<BatchHandler>().Dispatch(message.MessageText, cancellation);
            await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt, cancellation);
        }

        return id;
    }

    private static object Event(string name, (string MessageId, string Address) sent, HashSet<string> told)
    {
        told.Add(name);
        return new Dictionary<string, object>
        {
            ["event"] = int.Parse(name, CultureInfo.InvariantCulture) % 2 == 0 ? "deferred" : "delivered",
            ["email"] = sent.Address,
            ["timestamp"] = 1522087500,
            ["sg_event_id"] = name,
            ["message_id"] = sent.MessageId,
            ["response"] = $"250 2.0.0 OK {name}",
        };
    }

    private static string NameOf(object happened) => (string)((Dictionary<string, object>)happened)["sg_event_id"];

    private static async Task<HttpStatusCode> Post(HttpClient http, ECDsa key, object[] events)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(events);
        using var request = new HttpRequestMessage(HttpMethod.Post, Route) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in SendGridSigned.Of(body, DateTimeOffset.UtcNow, key))
            request.Headers.Add(name, value);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<bool> Judge(
        IServiceProvider services,
        string id,
        HashSet<string> told,
        int late,
        CancellationToken cancellation)
    {
        var recorded = (await services.GetRequiredService<MissionEntries>().All(id, cancellation))
            .SelectMany(entry => entry.Value.Attempts)
            .SelectMany(attempt => attempt.Mailboxes)
            .SelectMany(box => box.Events)
            .Where(happened => happened.Source == "sendgrid")
            .Select(happened => happened.Id!.Split(':')[1])
            .ToList();
        var (lost, twice) = (
            told.Count(name => !recorded.Contains(name)),
            recorded.Count - recorded.Distinct().Count());
        Console.WriteLine(
            $"told {told.Count} different events, recorded {recorded.Count}: lost {lost}, counted twice {twice}, deliveries not taken {late}"
        );
        return lost == 0 && twice == 0 && late == 0 && recorded.Count == told.Count;
    }
}
