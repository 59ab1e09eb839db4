using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Distribution.FaultSuite;

/// <summary>
/// Stands between a worker and its storage. Of the tries of requests it lets a share go wrong as the service and the
/// network do, before the request was carried out or after it; a few requests it lets go wrong at every try.
/// </summary>
/// <param name="rate">The share of tries that go wrong, 0 to 1.</param>
/// <param name="injected">Hears the kind of each fault.</param>
internal sealed class StorageFaults(int seed, double rate, Action<string> injected) : HttpPipelinePolicy
{
    /// <summary>Of the requests: those that fail however often they are tried.</summary>
    private const double Doomed = 0.03;

    public const string GivenUp = "storage: at every try";

    private readonly Random random = new(seed);

    private enum Kind { None, Busy, TooMany, Broken, Conflict, Precondition, ResetBefore, ResetAfter, SilentBefore, SilentAfter }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        throw new NotSupportedException("The workflow makes no request in this way.");

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var kind = Draw(message);
        if (kind != Kind.None)
            injected(Name(kind));
        if (kind is Kind.ResetBefore)
            throw Reset();
        if (kind is Kind.SilentBefore)
            throw await Silence(message);
        if (Answer(kind, message.Request) is { } answer)
        {
            message.Response = answer;
            return;
        }

        await ProcessNextAsync(message, pipeline);
        if (kind is Kind.ResetAfter or Kind.SilentAfter)
        {
            message.Response.Dispose();
            throw kind is Kind.ResetAfter ? Reset() : await Silence(message);
        }
    }

    private Kind Draw(HttpMessage message)
    {
        lock (random)
        {
            if (message.TryGetProperty(nameof(Doomed), out var set) && set is Kind always)
                return always;
            if (random.NextDouble() >= rate)
                return Kind.None;
            var kind = Possible(message.Request)[random.Next(Possible(message.Request).Length)];
            if (random.NextDouble() < Doomed)
            {
                message.SetProperty(nameof(Doomed), kind);
                injected(GivenUp);
            }

            return kind;
        }
    }

    private static Kind[] Possible(Request request) =>
        [
            Kind.Busy,
            Kind.TooMany,
            Kind.Broken,
            Kind.ResetBefore,
            Kind.ResetAfter,
            Kind.SilentBefore,
            Kind.SilentAfter,
            .. request.Method == RequestMethod.Get ? [] : (Kind[])[Kind.Conflict],
            .. request.Headers.Contains("If-Match") || request.Uri.Path.EndsWith("$batch", StringComparison.Ordinal)
                ? (Kind[])[Kind.Precondition]
                : [],
        ];

    private static string Name(Kind kind) => kind switch
    {
        Kind.Busy => "storage: 503",
        Kind.TooMany => "storage: 429",
        Kind.Broken => "storage: 500",
        Kind.Conflict => "storage: 409",
        Kind.Precondition => "storage: 412",
        Kind.ResetBefore => "storage: connection reset before it was carried out",
        Kind.ResetAfter => "storage: connection reset after it was carried out",
        Kind.SilentBefore => "storage: time-out before it was carried out",
        _ => "storage: time-out after it was carried out",
    };

    /// <returns>What the service says without doing anything; null where it does something.</returns>
    private static FaultyAnswer? Answer(Kind kind, Request request) => kind switch
    {
        Kind.Busy => new(request, 503, "ServerBusy"),
        Kind.TooMany => new(request, 429, "TooManyRequests"),
        Kind.Broken => new(request, 500, "InternalError"),
        Kind.Conflict => new(request, 409, "AccountBeingCreated"),
        Kind.Precondition => new(request, 412, "UpdateConditionNotSatisfied"),
        _ => null,
    };

    // As the SDK's own transport reports them.
    private static RequestFailedException Reset() =>
        new(0, "Connection reset by peer", new IOException("Connection reset by peer"));

    private static async Task<Exception> Silence(HttpMessage message)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(300), message.CancellationToken);
        return new TaskCanceledException("The operation was cancelled because it exceeded the configured timeout.");
    }
}
