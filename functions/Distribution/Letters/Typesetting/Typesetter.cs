using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Letters.Typesetting;

/// <summary>
/// Typesets letters one at a time in a separate process that is reused for many letters. The process is replaced before
/// it uses too much memory. If it dies during a letter, that letter is retried once in a new process.
/// </summary>
internal class Typesetter(IOptions<TypesettingSettings> options, ILogger<Typesetter> logger) : IAsyncDisposable
{
    private const int Tries = 2;

    // How many letters before a planned restart the next process is started. Starting one takes about as long as making
    // this many letters, so that it is ready in time.
    private const int Ahead = 60;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TypesettingSettings settings = options.Value;
    private readonly SemaphoreSlim turn = new(1);
    private TypesetterProcess? process;
    private Task<TypesetterProcess>? successor;

    /// <summary>
    /// The id of the current process, for monitoring; null before the first letter and while it is being replaced.
    /// </summary>
    public int? ProcessId => process?.Id;

    /// <summary>
    /// Starts the process in the background, for callers that have other work to do before the first letter. Waits
    /// while a letter is being made.
    /// </summary>
    /// <remarks>Does not report a failure to start: <see cref="Typeset"/> throws it for the first letter.</remarks>
    public void Begin()
    {
        turn.Wait();
        if (process is null)
            successor ??= TypesetterProcess.Start(settings, CancellationToken.None);
        turn.Release();
    }

    /// <returns>The PDF, or what prevents it.</returns>
    /// <exception cref="TypesetterException">
    /// The typesetter is not installed, does not start, or died twice during this letter.
    /// </exception>
    public virtual async Task<TypesetResult> Typeset(TypesetJob job, CancellationToken cancellation)
    {
        var request = JsonSerializer.SerializeToUtf8Bytes(Request.Of(job), Json);
        await turn.WaitAsync(cancellation);
        try
        {
            for (var tries = 1; ; tries++)
            {
                process ??= await Next();
                // No cancellation here: always wait for the answer. A letter takes milliseconds, and the answer to an
                // abandoned request would be read as the answer to the next one.
                switch (await process.Request(request, settings))
                {
                    case Answered answered:
                        if (process.Letters >= settings.RestartAfter || process.Megabytes > settings.RestartAbove)
                            await End();
                        else if (process.Letters >= settings.RestartAfter - Ahead)
                            successor ??= TypesetterProcess.Start(settings, CancellationToken.None);
                        return Read(answered.Line) with { Cost = answered.Cost };
                    case Stopped stopped:
                        // Not tried again: the letter would cost as much in a new process.
                        await End();
                        return Unmade(stopped.Reason);
                    case Died died:
                        logger.LogWarning("The typesetter died: {Words}", died.LastWords);
                        await End();
                        if (tries == Tries)
                            throw new TypesetterException(
                                "The typesetter died twice while it was making one letter.",
                                "Try again; if it happens again, look for something unusual in the letter's template, and for what else uses up this machine's memory."
                            );
                        break;
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        // A letter that is being made is finished first.
        await turn.WaitAsync();
        await End();
        try
        {
            if (successor is not null)
                await (await successor).DisposeAsync();
        }
        catch (TypesetterException unneeded)
        {
            logger.LogWarning("A typesetter that was not needed any more did not start: {Words}", unneeded.Message);
        }
        turn.Dispose();
    }

    private async Task<TypesetterProcess> Next()
    {
        // Forgotten before it is awaited: one that did not start is not offered to the next letter, too.
        var next = successor ?? TypesetterProcess.Start(settings, CancellationToken.None);
        successor = null;
        return await next;
    }

    private async Task End()
    {
        var ended = process;
        process = null;
        if (ended is not null)
            await ended.DisposeAsync();
    }

    private static TypesetResult Read(byte[] line)
    {
        var answer =
            JsonSerializer.Deserialize<Answer>(line, Json)
            ?? throw new JsonException("The typesetter answered nothing.");
        return new(
            answer.Pdf ?? ReadOnlyMemory<byte>.Empty,
            answer.Pages,
            answer.Missing,
            answer.Problem,
            answer.Bytes)
        { Tightness = answer.Tightness };
    }

    private static TypesetResult Unmade(string reason) =>
        new(ReadOnlyMemory<byte>.Empty, 0, [], new TypesetProblem(reason, null, null));

    private sealed record Request(
        string Template,
        object Document,
        Dictionary<string, ReadOnlyMemory<byte>> Images,
        int? Tightness,
        long Timestamp,
        int MostPages,
        long MostBytes)
    {
        // The document is typed as object so that the serializer writes the members of its actual type. The time stamp
        // is the document's own date, so that the same letter gives the same file whenever it is made.
        public static Request Of(TypesetJob job) =>
            new(
                job.Template,
                job.Document,
                job.Images.ToDictionary(),
                job.Tightness,
                new DateTimeOffset(
                    DateOnly.ParseExact(job.Document.Date, "yyyy-MM-dd").ToDateTime(TimeOnly.MinValue),
                    TimeSpan.Zero).ToUnixTimeSeconds(),
                TypesetResult.MostPages,
                TypesetResult.MostBytes);
    }

    private sealed record Answer(
        IReadOnlyList<string> Missing,
        byte[]? Pdf,
        int Pages,
        long Bytes,
        int Tightness,
        TypesetProblem? Problem);
}
