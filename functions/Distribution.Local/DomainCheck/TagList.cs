namespace Distribution.Local.DomainCheck;

/// <summary>Parses <c>v=DKIM1; k=rsa; p=…</c>, the format of DKIM and DMARC records.</summary>
internal static class TagList
{
    /// <returns>
    /// Names in lower case, values without spaces at their ends; null where a name occurs twice or a part is not a tag.
    /// </returns>
    public static IReadOnlyDictionary<string, string>? Read(string record)
    {
        Dictionary<string, string> tags = [];
        foreach (var part in record.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (part.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var at)
                || !tags.TryAdd(part[..at].Trim().ToLowerInvariant(), part[(at + 1)..].Trim()))
                return null;
        return tags;
    }
}
