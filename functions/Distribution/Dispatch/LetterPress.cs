using System.Collections.Concurrent;

namespace Distribution;

/// <summary>A distribution ready to be written: its letter parsed once, its enclosures read and encoded once, shared by every mission's message.</summary>
internal sealed record PreparedLetters(
    FrozenContent Content,
    LetterRenderer Renderer,
    IReadOnlyList<EncodedEnclosure> Enclosures)
{
    public Mission Mission(Dispatch dispatch) => Content.Roster[dispatch.Order - 1];
}

/// <summary>Prepares a distribution's letters once and keeps the last few distributions at hand.</summary>
internal sealed class LetterPress(FrozenContents contents)
{
    private const int AtHand = 3;

    private readonly ConcurrentDictionary<string, Lazy<Task<PreparedLetters>>> prepared = new();
    private readonly ConcurrentQueue<string> order = new();

    /// <exception cref="InvalidDataException">What is stored is not what was checked and frozen.</exception>
    public async Task<PreparedLetters> Prepare(string distributionId, CancellationToken cancellation)
    {
        var letters = prepared.GetOrAdd(distributionId, id =>
        {
            order.Enqueue(id);
            return new(() => Read(id));
        });
        while (prepared.Count > AtHand && order.TryDequeue(out var oldest))
            prepared.TryRemove(oldest, out _);
        try
        {
            return await letters.Value.WaitAsync(cancellation);
        }
        catch (Exception) when (letters.Value.IsFaulted)
        {
            // The next batch reads again: storage may have recovered.
            prepared.TryRemove(new(distributionId, letters));
            throw;
        }
    }

    private async Task<PreparedLetters> Read(string distributionId)
    {
        var content = await contents.Find(distributionId, CancellationToken.None);
        List<EncodedEnclosure> enclosures = [];
        foreach (var enclosure in content.Enclosures)
            enclosures.Add(new(enclosure.File, enclosure.ContentType, await contents.ReadEnclosure(distributionId, enclosure, CancellationToken.None)));
        return new(content, new(content.Letter, content.Enclosures, content.Templates), enclosures);
    }
}
