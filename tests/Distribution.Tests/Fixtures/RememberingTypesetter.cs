using System.Collections.Concurrent;
using System.Text.Json;
using Distribution.Common;
using Distribution.Letters.Typesetting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Distribution.Tests.Fixtures;

/// <summary>
/// Typesets what it is asked for the first time, and remembers it: the same job always becomes the same file, to the byte.
/// </summary>
internal sealed class RememberingTypesetter(TypesettingSettings settings)
    : Typesetter(Options.Create(settings), NullLogger<Typesetter>.Instance)
{
    // Most are never asked for again, and a run makes thousands.
    private const int Most = 400;

    private readonly ConcurrentDictionary<string, TypesetResult> made = new();

    public override async Task<TypesetResult> Typeset(TypesetJob job, CancellationToken cancellation)
    {
        var key = Sha256Hex.Of(
            JsonSerializer.SerializeToUtf8Bytes(
                new { job.Template, Document = (object)job.Document, Images = job.Images.ToDictionary(), job.Tightness }));
        if (made.TryGetValue(key, out var known))
            return known;
        var result = await base.Typeset(job, cancellation);
        if (result.Problem is not null)
            return result;
        if (made.Count >= Most)
            made.Clear();
        return made[key] = result;
    }
}
