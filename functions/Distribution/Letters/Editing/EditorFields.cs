using System.Text.RegularExpressions;

namespace Distribution.Letters.Editing;

/// <summary>
/// Fields in the text of a letter, which the editor shows as one sign. While a text is read or written, one letter of
/// the alphabet replaces each field, so that the signs beside it are read as they will be beside the words filled in.
/// </summary>
internal static partial class EditorFields
{
    /// <summary>
    /// Replaces a field: a Latin letter of a language in which no letter is written. A text that has this sign itself
    /// keeps it.
    /// </summary>
    public const char Sign = '\u2C7F';

    /// <summary>The text with <see cref="Sign"/> for each field, and the fields.</summary>
    /// <returns>Null for instructions, which the editor cannot show: what they make is not known before.</returns>
    public static (string Text, IReadOnlyList<string> Sources)? TakeOut(string text)
    {
        List<string> sources = [];
        var isPlain = true;
        var taken = Braces().Replace(
            text,
            found =>
            {
                isPlain &= found.Value[0] == Sign || IsField(found.Value);
                sources.Add(found.Value);
                return $"{Sign}";
            });
        // What is left of two braces is an instruction that is not closed; {%{ begins a text that Scriban leaves alone.
        return isPlain
            && !taken.Contains("{{", StringComparison.Ordinal)
            && !taken.Contains("{%{", StringComparison.Ordinal)
            ? (taken, sources)
            : null;
    }

    /// <summary>True for a field in its braces; false for an instruction, and for other text.</summary>
    public static bool IsField(string source) => Field().IsMatch(source);

    /// <summary>The text with the fields in place of their signs, in order.</summary>
    public static string PutBack(string text, IEnumerable<string> sources)
    {
        using var next = sources.GetEnumerator();
        // A brace before those of a field would be read as one of them.
        return SignOnly().Replace(
            text,
            found => (found.Index > 0 && text[found.Index - 1] == '{' ? " " : "")
                + (next.MoveNext() ? next.Current : found.Value));
    }

    [GeneratedRegex(@"\{\{.*?\}\}|\u2C7F", RegexOptions.Singleline)]
    private static partial Regex Braces();

    [GeneratedRegex(@"\u2C7F")]
    private static partial Regex SignOnly();

    /// <summary>A name that is no keyword of Scriban, or a date.</summary>
    [GeneratedRegex(@"^\{\{[ ]*(?:(?!(?:end|else|break|continue|ret|capture|if|for|while|case|when|with|wrap|include|import|readonly|func|tablerow|this|empty|null|true|false)[ ]*\}\})[\p{L}_][\p{L}\p{Nd}_]*(?:\.[\p{L}_][\p{L}\p{Nd}_]*)*|date[ ]+""[^""\\{}\n]*"")[ ]*\}\}$")]
    private static partial Regex Field();
}
