namespace Distribution.Tracking.Log;

/// <summary>The hash of a log's last link as people write it down.</summary>
internal static class LogHead
{
    private const int ShortLength = 16;

    private const int GroupLength = 4;

    /// <summary><c>3f2a 91c0 77de 04b1</c>: long enough that no other log can be made to fit it by trying.</summary>
    public static string Short(string hash) =>
        string.Join(' ', hash[..ShortLength].Chunk(GroupLength).Select(group => new string(group)));

    /// <summary>As it was written down, without the spaces.</summary>
    /// <returns>Null where it is too short to say anything, or no hash.</returns>
    public static string? Read(string written)
    {
        var hash = string.Concat(written.Where(character => !char.IsWhiteSpace(character))).ToLowerInvariant();
        return hash.Length is >= ShortLength and <= 64 && hash.All(char.IsAsciiHexDigit) ? hash : null;
    }
}
