namespace Distribution.Letters;

/// <summary>Settings under <c>Links</c>.</summary>
internal sealed class LinkSettings
{
    /// <summary>
    /// The keys that sign missions' links, each <c>id:base64</c> of at least 32 bytes. The first signs; every one
    /// verifies, so a key is rotated by putting a new one in front.
    /// </summary>
    public IList<string> Keys { get; set; } = [];
}
