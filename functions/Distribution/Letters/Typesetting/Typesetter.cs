using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Distribution.Letters.Typesetting;

/// <summary>
/// Typesets letters, one after the other, in a process that is kept from letter to letter. Another takes its place
/// before it grows large, and once for a letter during which it died.
/// </summary>
internal sealed class Typesetter(IOptions<TypesettingSettings> options, ILogger<Typesetter> logger) : IAsyncDisposable
{
    private const int Tries = 2;

    // A process takes as long to start as about so many letters take to make.
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

    /// <summary>The process at work, for those who watch it; null before the first letter and between two.</summary>
    public int? ProcessId => process?.Id;

    /// <summary>Begins to start the process, for those who have something else to do until the first letter.</summary>
    /// <remarks>What keeps it from starting is said by the first letter.</remarks>
    public void Begin()
    {
        turn.Wait();
        if (process is null)
            successor ??= TypesetterProcess.Start(settings, CancellationToken.None);
        turn.Release();
    }

    /// <returns>The PDF, or what keeps this letter from becoming one.</returns>
    /// <exception cref="TypesetterException">
    /// The typesetter is not installed, does not start, or died twice over this letter.
    /// </exception>
    public async Task<TypesetResult> Typeset(TypesetJob job, CancellationToken cancellation)
    {
        var request = JsonSerializer.SerializeToUtf8Bytes(Request.Of(job), Json);
        await turn.WaitAsync(cancellation);
        try
        {
            for (var tries = 1; ; tries++)
            {
                process ??= await Next();
                // A letter takes milliseconds, and one half asked for would leave its answer to the next: it is always
                // waited for.
                switch (await process.Request(request, settings))
                {
                    case Answered answered:
                        if (process.Letters >= settings.RestartAfter || process.Megabytes > settings.RestartAbove)
                            await End();
                        else if (process.Letters >= settings.RestartAfter - Ahead)
                            successor ??= TypesetterProcess.Start(settings, CancellationToken.None);
                        return Read(answered.Line);
                    case Stopped stopped:
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

    public async ValueTask DisposeAsync()
    {
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
            answer.Bytes);
    }

    private static TypesetResult Unmade(string reason) =>
        new(ReadOnlyMemory<byte>.Empty, 0, [], new TypesetProblem(reason, null, null));

    private sealed record Request(
        string Template,
        object Document,
        Dictionary<string, ReadOnlyMemory<byte>> Images,
        string Standard,
        long Timestamp,
        int MostPages,
        long MostBytes)
    {
        // As an object, so that it is written as what it is. The document's own date, so that the same letter is the
        // same file whenever it is made.
        public static Request Of(TypesetJob job) =>
            new(
                job.Template,
                job.Document,
                job.Images.ToDictionary(),
                job.Standard == PdfStandard.A2a ? "a-2a" : "ua-1",
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
        TypesetProblem? Problem);
}
