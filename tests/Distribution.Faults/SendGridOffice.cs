using System.Text.Json.Nodes;
using WireMock;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;
using WireMock.Types;
using WireMock.Util;

namespace Distribution.FaultSuite;

/// <summary>
/// SendGrid as its customers see it, on a bad day: it keeps letters it answers 500 to, says nothing, asks for patience;
/// and the line to it breaks.
/// </summary>
internal sealed class SendGridOffice : IAsyncDisposable
{
    private readonly Lock choosing = new();
    private readonly Random random;
    private readonly double rate;
    private readonly Arrivals arrivals;
    private readonly MailFaults faults;
    private readonly WireMockServer server;
    private readonly Relay relay;

    public SendGridOffice(int seed, double rate, Arrivals arrivals, MailFaults faults)
    {
        (random, this.rate, this.arrivals, this.faults) = (new(seed), rate, arrivals, faults);
        server = WireMockServer.Start(new WireMockServerSettings { MaxRequestLogCount = 1 });
        server.Given(Request.Create().UsingGet()).RespondWith(Response.Create().WithBody("""{"scopes":["mail.send"]}"""));
        server
            .Given(Request.Create().UsingPost())
            .RespondWith(Response.Create().WithCallback(async request => await Take(request)));
        // A letter is some ten pieces on its way up.
        relay = new(
            server.Port,
            cutsUp: () => Chance(rate / 60) && faults.Count("sendgrid: connection reset within the request"),
            cutsDown: () =>
            {
                if (!Chance(rate / 4))
                    return false;
                arrivals.LoseAnswer();
                return faults.Count("sendgrid: connection reset instead of the answer");
            });
    }

    public string Url => $"http://127.0.0.1:{relay.Port}";

    /// <summary>How long it says nothing: longer than any sender waits.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(7);

    public async ValueTask DisposeAsync()
    {
        await relay.DisposeAsync();
        server.Stop();
        server.Dispose();
    }

    private async Task<IResponseMessage> Take(IRequestMessage request)
    {
        var letter = JsonNode.Parse(request.Body!)!;
        var personalization = letter["personalizations"]![0]!;
        List<string> mailboxes =
        [
            .. ((JsonNode?[])[personalization["to"], personalization["cc"]])
                .SelectMany(line => line?.AsArray() ?? [])
                .Select(entry => (string)entry!["email"]!),
        ];
        var messageId = ((string)letter["headers"]!["Message-ID"]!).Trim('<', '>');
        var whole =
            letter["attachments"]!.AsArray() is { Count: >= 2 } files
            && files.All(file => ((string)file!["content"]!).Length > 1_000);
        if (mailboxes.Find(faults.IsAbsent) is { } absent)
        {
            faults.Count("sendgrid: 400");
            arrivals.Refuse(absent);
            return Says(400, $$"""{"errors":[{"message":"Does not contain a valid address.","field":"personalizations.0.to.0.email"}]}""");
        }

        switch (Chance(rate) ? Draw(6) : -1)
        {
            case 0:
                faults.Count("sendgrid: 500, letter kept");
                arrivals.Keep(messageId, mailboxes, answerLost: true, whole);
                return Says(500, """{"errors":[{"message":"internal error"}]}""");
            case 1:
                faults.Count("sendgrid: 500, letter lost");
                return Says(500, """{"errors":[{"message":"internal error"}]}""");
            case 2:
                faults.Count("sendgrid: 503");
                return Says(503, "upstream connect error");
            case 3:
                faults.Count("sendgrid: 429");
                return Says(429, """{"errors":[{"message":"too many requests"}]}""", ("Retry-After", "1"));
            case 4:
                faults.Count("sendgrid: no answer, letter kept");
                arrivals.Keep(messageId, mailboxes, answerLost: true, whole);
                await Task.Delay(Silence);
                return Says(202, "");
            case 5:
                faults.Count("sendgrid: no answer, letter lost");
                await Task.Delay(Silence);
                return Says(202, "");
            default:
                arrivals.Keep(messageId, mailboxes, answerLost: false, whole);
                return Says(202, "", ("X-Message-Id", Guid.NewGuid().ToString("n")[..12]));
        }
    }

    private static ResponseMessage Says(int status, string body, params (string Name, string Value)[] headers) => new()
    {
        StatusCode = status,
        Headers = headers.ToDictionary(header => header.Name, header => new WireMockList<string>(header.Value)),
        BodyData = new BodyData { DetectedBodyType = BodyType.String, BodyAsString = body },
    };

    private bool Chance(double share)
    {
        lock (choosing)
            return random.NextDouble() < share;
    }

    private int Draw(int kinds)
    {
        lock (choosing)
            return random.Next(kinds);
    }
}
