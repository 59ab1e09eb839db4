namespace Distribution.Common;

/// <summary>
/// The beginning of a text that is too long for its place. It never ends within a character that takes two UTF-16
/// units, such as a rare Chinese character of a name, or an emoji: half of one is neither stored nor printed.
/// </summary>
internal static class TextStart
{
    /// <param name="longest">In UTF-16 units, as <see cref="string.Length"/> counts; at least 2.</param>
    public static string Of(string text, int longest) =>
        text.Length <= longest ? text : Of(text.AsSpan(), longest).ToString();

    /// <inheritdoc cref="Of(string,int)"/>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> text, int longest) =>
        text.Length <= longest ? text
        : text[..(char.IsSurrogatePair(text[longest - 1], text[longest]) ? longest - 1 : longest)];
}
