using System.Text;
using System.Text.RegularExpressions;

namespace Distribution.Letters;

/// <summary>
/// Makes Markdown of the text of a paragraph in which only what a letter can have is markup: <c>*italics*</c>,
/// <c>**bold**</c>, <c>[words](address)</c> and addresses. Every other sign is printed as it was typed.
/// </summary>
internal static partial class TypedInlines
{
    private const string ClosingSigns = ".,;:!?%)]}»”’…،؛؟。，；：！？、）》」』】";

    /// <param name="isTable">True for the rows of a table, whose vertical bars are markup too.</param>
    public static string Markdown(string text, bool isTable = false) => Markdown(text, isTable, withLinks: true);

    private static string Markdown(string text, bool isTable, bool withLinks) =>
        Piece().Replace(
            text,
            found =>
                found.Groups["escape"].Success ? found.Value
                : found.Groups["path"].Success ? Escaped(found.Value)
                : found.Groups["label"].Success && withLinks ? Link(found)
                : found.Groups["guarded"].Success && withLinks ? found.Value
                : found.Groups["mail"].Success && withLinks ? $"<{found.Value}>"
                : found.Groups["address"].Success && withLinks ? Address(found, text)
                : found.Groups["stars"].Success && IsEmphasis(text, found) ? found.Value
                : isTable && found.Value == "|" ? found.Value
                : found.Length > 1 && !found.Groups["stars"].Success ? Inside(found.Value, isTable, withLinks)
                : Escaped(found.Value));

    /// <summary>What would be a link but for its target: the signs in it are looked at one by one.</summary>
    private static string Inside(string text, bool isTable, bool withLinks) =>
        text[0] is '[' or '!' or '<'
            ? Escaped(text[..1]) + Markdown(text[1..], isTable, withLinks)
            : Escaped(text);

    private static string Link(Match found)
    {
        var target = found.Groups["target"].Value;
        // "[paragraph 5](new)" is text in brackets.
        return target.AsSpan().ContainsAny(":/.@#")
            ? $"{found.Groups["image"].Value}[{Markdown(found.Groups["label"].Value, isTable: false, withLinks: false)}]({target}{found.Groups["title"].Value})"
            : Inside(found.Value, isTable: false, withLinks: true);
    }

    /// <summary>An address as a link, without the signs behind it that belong to the sentence.</summary>
    private static string Address(Match found, string text)
    {
        var address = found.Value;
        // In **https://x.example** the asterisks behind the address are no part of it.
        var isStressed = found.Index > 0 && text[found.Index - 1] == '*';
        // A closing bracket belongs to the address if it closes one that opens within it.
        while (address.Length > 0
            && (ClosingSigns.Contains(address[^1]) || address[^1] is '"' or '\'' || (address[^1] == '*' && isStressed))
            && !(address[^1] == ')' && address.Count(sign => sign == '(') >= address.Count(sign => sign == ')')))
            address = address[..^1];
        var rest = Escaped(found.Value[address.Length..]);
        if (isStressed)
            rest = rest.Replace(@"\*", "*", StringComparison.Ordinal);
        return address switch
        {
            ['w' or 'W', ..] => $"[{Escaped(address)}](https://{address}){rest}",
            ['h' or 'H', 't' or 'T', ..] when Uri.TryCreate(address, UriKind.Absolute, out _) => $"<{address}>{rest}",
            _ => Escaped(found.Value),
        };
    }

    /// <summary>Whether asterisks or underscores stand at the edge of a word that they may stress.</summary>
    private static bool IsEmphasis(string text, Match found)
    {
        if (found.Length > 3)
            return false;
        var before = found.Index == 0 ? ' ' : text[found.Index - 1];
        var after = After(text, found.Index + found.Length);
        if (IsSpace(before) && IsSpace(after))
            return false;
        // Chinese has no spaces between words.
        if (found.Value[0] == '*' && (IsIdeographic(before) || IsIdeographic(after)))
            return true;
        var opens = !IsWord(before) && !IsSpace(after) && !ClosingSigns.Contains(after) && before is not ('/' or '\\');
        var closes = !IsWord(after) && !IsSpace(before) && !"([{«“‘„".Contains(before) && after is not ('/' or '\\');
        // A dot or bracket that more follows is part of a name, such as _final_.docx.
        if (closes && !IsSpace(after) && found.Value[0] == '_' && found.Index + found.Length + 1 is var next
            && next < text.Length && IsWord(text[next]))
            closes = false;
        return opens != closes;
    }

    /// <summary>The sign that is printed there: of an escaped one itself, and no backslash as in a path.</summary>
    private static char After(string text, int place) =>
        place == text.Length ? ' '
        : text[place] == '\\' && place + 1 < text.Length && IsSign(text[place + 1]) ? text[place + 1]
        : text[place];

    private static bool IsSign(char sign) =>
        char.IsAscii(sign) && (char.IsPunctuation(sign) || char.IsSymbol(sign));

    private static bool IsWord(char sign) => char.IsLetterOrDigit(sign) || sign is '_' or '@' or '&' or '=' or '#';

    private static bool IsSpace(char sign) => char.IsWhiteSpace(sign) || sign == LineEnds.Kept;

    private static bool IsIdeographic(char sign) => sign is >= '\u2E80' and <= '\uFFEF';

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var sign in text)
            escaped.Append(IsSign(sign) ? @"\" : "").Append(sign);
        return escaped.ToString();
    }

    /// <summary>
    /// In the order in which they are tried: a path of Windows; a sign behind a backslash, as an author or a field's
    /// value has it; a link or picture; an address in angle brackets; one of a web page or a mailbox; asterisks and
    /// underscores; a sign that is markup elsewhere.
    /// </summary>
    [GeneratedRegex(
        """
        (?<path> (?<![\w\\]) (?: [A-Za-z]:\\ | \\\\(?=[A-Za-z0-9]) ) [^\s\uE000]* )
        | (?<escape> \\ [!-/:-@\[-`{-~] )
        | (?<image>!?) \[ (?<label> (?: \\. | [^\[\]\\] )+ ) \]
            \( (?<target> [^\s()<>]* (?: \([^\s()<>]*\) [^\s()<>]* )* ) (?<title> \s+ "[^"\n]*" )? \)
        | (?<guarded> < (?: (?:https?|mailto|ftp|file|data|javascript|tel|sms) : [^\s<>]* | [\w.!\#$%&'*+/=?^`{|}~-]+@[\w.-]+ ) > )
        | (?<address> (?<![\p{L}\p{Nd}@.])
            (?: https?:// [^\s<>"\\“”«»\uE000\u2E80-\uFFEF]{1,2000} | www\.[^\s<>"\\“”«»\uE000\u2E80-\uFFEF.]{1,100}\.[^\s<>"\\“”«»\uE000\u2E80-\uFFEF]{1,2000} ) )
        | (?<mail> (?<![\w.+'-]) [A-Za-z0-9_.+'-]+ @ [A-Za-z0-9-]+ (?: \.[A-Za-z0-9-]+ )+ )
        | (?<stars> \*+ | _+ )
        | [\[\]<>`~|&!\\]
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase)]
    private static partial Regex Piece();
}
