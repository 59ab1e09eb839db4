namespace Distribution.Tracking.Log;

/// <summary>The short form of the hash of a log's last link, as people write it down.</summary>
internal static class LogHead
{
    private const int ShortLength = 16;

    private const int GroupLength = 4;

    /// <summary>
    /// The first 64 bits in hexadecimal, such as <c>3f2a 91c0 77de 04b1</c>. That is long enough that nobody can find
    /// another log with the same head by trying.
    /// </summary>
    public static string Short(string hash) =>
        string.Join(' ', hash[..ShortLength].Chunk(GroupLength).Select(group => new string(group)));

    /// <summary>Reads a head that a person typed: without spaces, in lower case.</summary>
    /// <returns>Null where it is not a hash, or too short to prove anything.</returns>
    public static string? Read(string written)
    {
        var hash = string.Concat(written.Where(character => !char.IsWhiteSpace(character))).ToLowerInvariant();
        // A shorter one could be found by trying.
        return hash.Length is >= ShortLength and <= 64 && hash.All(char.IsAsciiHexDigit) ? hash : null;
    }
}
