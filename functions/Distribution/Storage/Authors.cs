using Azure.Data.Tables;

namespace Distribution;

/// <summary>A file somebody uploaded at the desk.</summary>
/// <param name="Name">In the <c>drafts</c> container.</param>
/// <param name="Hash">SHA-256, lower-case hexadecimal.</param>
internal sealed record AuthoredFile(string Name, string Hash, Person Author, DateTimeOffset At);

/// <summary>
/// Who uploaded which bytes at the desk. It stands here and not with the files: whoever may write files could say of them what they like.
/// </summary>
internal sealed class Authors(StorageAccount account)
{
    private readonly Records<AuthoredFile> records = new(account.Tables.GetTableClient(Names.AuthorsTable));

    public Task Add(AuthoredFile file, CancellationToken cancellation) =>
        records.Add(Records<AuthoredFile>.Entity(file.Hash, $"{file.At.UtcTicks:d19}-{Guid.NewGuid():n}", file, []), cancellation);

    /// <summary>The people who uploaded these very bytes under these very names.</summary>
    /// <param name="files">Every file: its name in the container, and its hash as above.</param>
    /// <returns>Null where nobody is known to have uploaded one of them.</returns>
    public async Task<IReadOnlyList<Person>?> Of(IEnumerable<(string Name, string Hash)> files, CancellationToken cancellation)
    {
        List<Person> authors = [];
        foreach (var (name, hash) in files.Distinct())
        {
            var found = (await records.Where(TableClient.CreateQueryFilter($"PartitionKey eq {hash}"), cancellation))
                .Select(stored => stored.Value)
                .Where(file => BlobNames.AreSame(file.Name, name))
                .ToList();
            if (found.Count == 0)
                return null;
            authors.AddRange(found.Select(file => file.Author));
        }

        return [.. authors.DistinctBy(author => author.Key.ToUpperInvariant())];
    }
}
