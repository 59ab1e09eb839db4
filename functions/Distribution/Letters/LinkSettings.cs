namespace Distribution.Letters;

/// <summary>Settings under <c>Links</c>.</summary>
internal sealed class LinkSettings
{
    /// <summary>
    /// The keys that sign missions' links, each <c>id:base64</c> with at least 32 bytes. The first key signs; all keys
    /// verify. To rotate the key, put a new one first and keep the old ones, so that links already sent stay valid.
    /// </summary>
    public IList<string> Keys { get; set; } = [];
}
