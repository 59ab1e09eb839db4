using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Distribution.Benchmarks;

/// <summary>
/// A stand-in for SendGrid on this machine, in a process of its own: it reads each request whole, and answers 202 with
/// an <c>X-Message-Id</c>. A letter that it has already, or whose Message-ID it does not find, it refuses.
/// </summary>
internal sealed class SendGridStandIn : IDestination
{
    public const string Command = "sendgrid-stand-in";

    private const string TakenRoute = "/taken";

    /// <summary>More than SendGrid itself takes.</summary>
    private const int LargestRequest = 40_000_000;

    private readonly Child process;
    private readonly HttpClient http;

    private SendGridStandIn(Child process, string url)
    {
        this.process = process;
        http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new(url) };
        Settings = new Dictionary<string, string?>
        {
            ["Mail:Transport"] = "sendgrid",
            ["Mail:SendGridUrl"] = url,
            ["Mail:SendGridApiKey"] = "SG.stand-in",
        };
    }

    public string Name => "a stand-in for SendGrid";

    public IReadOnlyDictionary<string, string?> Settings { get; }

    public TimeSpan Cpu => process.Cpu;

    public static async Task<SendGridStandIn> Start()
    {
        var process = Child.Start(Command);
        return new(process, await process.Line());
    }

    /// <summary>What the process does. Prints its address.</summary>
    public static async Task<int> Serve()
    {
        Child.LeaveWithParent();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = LargestRequest);
        await using var app = builder.Build();
        ConcurrentDictionary<string, bool> letters = new();
        app.MapGet("/v3/scopes", () => Results.Text("""{"scopes":["mail.send"]}""", "application/json"));
        app.MapPost("/v3/mail/send", (HttpContext exchange) => Take(exchange, letters));
        app.MapGet(TakenRoute, () => letters.Count.ToString(CultureInfo.InvariantCulture));
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await Task.Delay(Timeout.Infinite);
        return 0;
    }

    public async Task<int> Taken() => int.Parse(await http.GetStringAsync(TakenRoute), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
    }

    private static async Task Take(HttpContext exchange, ConcurrentDictionary<string, bool> letters)
    {
        var (length, stopped) = ((int)(exchange.Request.ContentLength ?? 0), exchange.RequestAborted);
        var body = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await exchange.Request.Body.ReadExactlyAsync(body.AsMemory(0, length), stopped);
            if (MessageId(body.AsSpan(0, length)) is { } id && letters.TryAdd(id, true))
            {
                exchange.Response.StatusCode = StatusCodes.Status202Accepted;
                exchange.Response.Headers["X-Message-Id"] = Guid.NewGuid().ToString("n");
                return;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }

        exchange.Response.StatusCode = StatusCodes.Status400BadRequest;
        await exchange.Response.WriteAsync("""{"errors":[{"message":"no Message-ID, or the same again"}]}""", stopped);
    }

    /// <summary>Looked for, not parsed: the processors of this machine are the sender's too.</summary>
    private static string? MessageId(ReadOnlySpan<byte> letter)
    {
        var mark = "\"message_id\":\""u8;
        var at = letter.IndexOf(mark);
        if (at < 0 || letter[^1] != '}')
            return null;
        var rest = letter[(at + mark.Length)..];
        return Encoding.UTF8.GetString(rest[..Math.Max(0, rest.IndexOf((byte)'"'))]) is { Length: > 0 } id ? id : null;
    }
}
